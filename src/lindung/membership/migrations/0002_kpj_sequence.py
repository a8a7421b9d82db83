"""The running number inside the KPJ. It may start anew when used up: by then the year has changed."""

from typing import ClassVar

from django.db import migrations

SQL = "CREATE SEQUENCE membership_kpj AS bigint MINVALUE 1 MAXVALUE 99999999 CYCLE"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("membership", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(SQL, "DROP SEQUENCE membership_kpj")]
