"""Every act writes to every index of the log: nobody asks for an act or a subject alone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("core", "0004_companies"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="actionentry",
            name="action",
            field=models.CharField(max_length=80),
        ),
        migrations.AlterField(
            model_name="actionentry",
            name="subject",
            field=models.CharField(max_length=120),
        ),
    ]
