"""Penalties, the channel and the reversal of payments, and what waits for cover to follow it."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contributions", "0004_for_lists"),
        ("payers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CoverPending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queued_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PaymentReversal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="PenaltyLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month_late", models.SmallIntegerField()),
                ("base", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="bill",
            name="kind",
            field=models.CharField(
                choices=[("contribution", "Contribution"), ("penalty", "Penalty")],
                db_default="contribution",
                default="contribution",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="channel",
            field=models.CharField(db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="settlement",
            name="dated",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="payment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sp2d", "Sp2D"),
                    ("transfer", "Transfer"),
                    ("va", "Va"),
                    ("statement", "Statement"),
                    ("manual", "Manual"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contribution", "penalty"])), name="bill_kind"
            ),
        ),
        migrations.AddField(
            model_name="coverpending",
            name="bill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contributions.bill"
            ),
        ),
        migrations.AddField(
            model_name="paymentreversal",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reversals", to="contributions.payment"
            ),
        ),
        migrations.AddField(
            model_name="paymentreversal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="penaltyline",
            name="bill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="penalty_lines", to="contributions.bill"
            ),
        ),
        migrations.AddField(
            model_name="penaltyline",
            name="late_bill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="penalties", to="contributions.bill"
            ),
        ),
        migrations.CreateModel(
            name="PaymentReversalDecision",
            fields=[
                (
                    "reversal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="contributions.paymentreversal",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(choices=[("approved", "Approved"), ("returned", "Returned")], max_length=8),
                ),
                ("dated", models.DateField()),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contributions.payment"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="paymentreversal",
            constraint=models.UniqueConstraint(fields=("id", "payment", "proposed_by"), name="reversal_and_proposer"),
        ),
        migrations.AddConstraint(
            model_name="penaltyline",
            constraint=models.UniqueConstraint(fields=("late_bill", "month_late"), name="penalty_once"),
        ),
        migrations.AddConstraint(
            model_name="penaltyline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("base__gt", 0), ("month_late__gte", 1)), name="penalty_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentreversaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                name="payment_reversal_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentreversaldecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "approved")), fields=("payment",), name="payment_reversed_once"
            ),
        ),
    ]
