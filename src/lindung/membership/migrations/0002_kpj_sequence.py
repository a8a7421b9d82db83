"""The running number inside the KPJ. It may start anew when used up: by then the year has changed."""

from django.db import migrations

SQL = "CREATE SEQUENCE membership_kpj AS bigint MINVALUE 1 MAXVALUE 99999999 CYCLE"


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "DROP SEQUENCE membership_kpj")]
