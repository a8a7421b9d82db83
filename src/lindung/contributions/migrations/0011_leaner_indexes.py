"""One index for each thing that is looked up: numbers and references are told apart byte by byte, so that the index that
keeps them unique also finds what begins like one; cover is found by person and job, never by membership."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contributions", "0010_cheaper_rules")]

    operations: ClassVar = [
        migrations.AlterField("billissue", "number", models.CharField(max_length=40, db_collation="C")),
        migrations.AlterField("payment", "reference", models.CharField(max_length=80, db_collation="C")),
        migrations.AlterField(
            "cover",
            "membership",
            models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="membership.membership"),
        ),
        migrations.AddConstraint("billissue", models.UniqueConstraint(fields=("number",), name="issue_number_once")),
        migrations.AddConstraint(
            "payment", models.UniqueConstraint(fields=("reference",), name="payment_reference_once")
        ),
    ]
