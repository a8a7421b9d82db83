"""Statements, lines, matches, proposals with their verdicts, suspense, SP2D."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contributions', '0006_programmes'),
        ('core', '0004_companies'),
        ('ledger', '0002_guards'),
        ('payers', '0003_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=34, unique=True)),
                ('bank', models.CharField(max_length=80)),
                ('holder', models.CharField(max_length=120)),
                ('added_by', models.CharField(max_length=150)),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number__regex', '^[0-9A-Z]+$')), name='account_number_plain')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_no', models.IntegerField()),
                ('booked_on', models.DateField()),
                ('valued_on', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('sen', models.SmallIntegerField(default=0)),
                ('reference', models.CharField(default='', max_length=80)),
                ('text', models.CharField(default='', max_length=1000)),
                ('balance', models.BigIntegerField(null=True)),
                ('ordinal', models.SmallIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reconciliation.account')),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('identify', 'Identify'), ('release', 'Release'), ('receipt', 'Receipt')], max_length=8)),
                ('amount', models.BigIntegerField(null=True)),
                ('paid_on', models.DateField(null=True)),
                ('reference', models.CharField(default='', max_length=80)),
                ('reason', models.CharField(max_length=250)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('bill', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contributions.bill')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='reconciliation.line')),
                ('payer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payers.payer')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contributions.payment')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.SmallIntegerField()),
                ('how', models.CharField(choices=[('code', 'Code'), ('known', 'Known'), ('payer', 'Payer'), ('manual', 'Manual'), ('release', 'Release')], max_length=7)),
                ('made_by', models.CharField(max_length=150)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='reconciliation.line')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='contributions.payment')),
                ('proposal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='match', to='reconciliation.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='Sp2d',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80, unique=True)),
                ('dated', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('payee', models.CharField(default='', max_length=200)),
                ('account_code', models.CharField(default='', max_length=40)),
                ('description', models.CharField(default='', max_length=500)),
                ('imported_by', models.CharField(max_length=150)),
                ('imported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['-dated', '-id'], name='sp2d_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='sp2d_positive')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(default='', max_length=40)),
                ('digest', models.CharField(max_length=64)),
                ('part', models.SmallIntegerField(default=1)),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField()),
                ('opening_sen', models.BigIntegerField()),
                ('total_sen', models.BigIntegerField()),
                ('closing_sen', models.BigIntegerField()),
                ('lines_read', models.IntegerField()),
                ('lines_new', models.IntegerField()),
                ('imported_by', models.CharField(max_length=150)),
                ('imported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='reconciliation.account')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
            ],
        ),
        migrations.AddField(
            model_name='line',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reconciliation.statement'),
        ),
        migrations.CreateModel(
            name='SuspenseMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.SmallIntegerField()),
                ('moved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspense_moves', to='reconciliation.line')),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='verdict', serialize=False, to='reconciliation.proposal')),
                ('outcome', models.CharField(choices=[('approved', 'Approved'), ('returned', 'Returned')], max_length=8)),
                ('decided_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contributions.payment')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('id', 'proposed_by'), name='recon_proposal_and_proposer'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), ('kind', 'identify'), ('line__isnull', False), models.Q(models.Q(('entry__isnull', True), ('payer__isnull', False), ('payment__isnull', True)), models.Q(('bill__isnull', True), ('entry__isnull', True), ('payer__isnull', True), ('payment__isnull', False)), models.Q(('bill__isnull', True), ('entry__isnull', False), ('payer__isnull', True), ('payment__isnull', True)), _connector='OR')), models.Q(('amount__isnull', True), ('bill__isnull', True), ('entry__isnull', True), ('kind', 'release'), ('line__isnull', False), ('payer__isnull', True), ('payment__isnull', True)), models.Q(('amount__gt', 0), ('entry__isnull', True), ('kind', 'receipt'), ('line__isnull', True), ('paid_on__isnull', False), ('payer__isnull', False), ('payment__isnull', True), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='proposal_says_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='recon_proposal_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(fields=('line', 'ordinal'), name='match_once'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', True), ('how', 'release'), ('payment__isnull', True), ('proposal__isnull', False)), models.Q(('entry__isnull', True), ('how', 'manual'), ('payment__isnull', False), ('proposal__isnull', False)), models.Q(('entry__isnull', False), ('how', 'manual'), ('payment__isnull', True), ('proposal__isnull', False)), models.Q(('entry__isnull', True), ('how__in', ['code', 'known', 'payer']), ('payment__isnull', False), ('proposal__isnull', True)), _connector='OR'), name='match_is_one_thing'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['account', '-closed_on', '-id'], name='statement_latest'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('digest', 'part'), name='statement_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('id', 'account'), name='statement_and_account'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('closing_sen', django.db.models.expressions.CombinedExpression(models.F('opening_sen'), '+', models.F('total_sen')))), name='statement_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__gte', models.F('opened_on')), ('lines_new__gte', 0), ('lines_new__lte', models.F('lines_read'))), name='statement_is_plausible'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(fields=['booked_on', 'id'], name='line_by_day'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.UniqueConstraint(models.F('account'), models.F('booked_on'), models.F('amount'), models.F('sen'), models.F('reference'), django.db.models.functions.text.MD5('text'), models.F('ordinal'), name='statement_line_once'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('ordinal__gte', 1), ('sen__gt', -100), ('sen__lt', 100), models.Q(('amount', 0), ('sen', 0), _negated=True), models.Q(('amount__gt', 0), ('sen__lt', 0), _negated=True), models.Q(('amount__lt', 0), ('sen__gt', 0), _negated=True)), name='line_amount_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='suspensemove',
            constraint=models.UniqueConstraint(fields=('line', 'ordinal'), name='suspense_move_once'),
        ),
        migrations.AddConstraint(
            model_name='suspensemove',
            constraint=models.CheckConstraint(condition=models.Q(('ordinal__gte', 1)), name='suspense_ordinal_positive'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', models.F('decided_by')), _negated=True), name='recon_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(('payment__isnull', True), ('outcome', 'approved'), _connector='OR'), name='recon_returned_pays_nothing'),
        ),
    ]
