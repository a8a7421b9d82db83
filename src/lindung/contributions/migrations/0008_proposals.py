"""Penalties are proposed once a month; whoever refuses a reversal says why."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contributions", "0007_receiving"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PenaltyProposal",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                ("dated", models.DateField()),
                ("payers", models.IntegerField()),
                ("bills", models.IntegerField()),
                ("amount", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="paymentreversaldecision",
            name="reason",
            field=models.CharField(db_default="", default="", max_length=500),
        ),
        migrations.AddConstraint(
            model_name="paymentreversaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "approved"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="returned_reversal_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="penaltyproposal",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="penalty_month_is_first"),
        ),
        migrations.AddConstraint(
            model_name="penaltyproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("bills__gt", 0), ("payers__gt", 0)), name="penalty_proposal_asks"
            ),
        ),
    ]
