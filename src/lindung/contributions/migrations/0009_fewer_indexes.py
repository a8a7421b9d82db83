"""A longer index begins with the same column: payments and cover have less to write."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contributions", "0008_proposals"),
        ("payers", "0003_kept"),
        ("people", "0004_village_index"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="bill",
            name="payer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="bills", to="payers.payer"
            ),
        ),
        migrations.AlterField(
            model_name="cover",
            name="payer",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="payers.payer"),
        ),
        migrations.AlterField(
            model_name="cover",
            name="person",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="covers", to="people.person"
            ),
        ),
    ]
