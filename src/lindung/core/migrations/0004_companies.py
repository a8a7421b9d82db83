"""The payers that an employer's staff act for, beside the places that officers act in."""

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = """
CREATE FUNCTION core_payers() RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('lindung.payers', true), '')::bigint[] $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_search")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="payer_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, null=True, size=None
            ),
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION core_payers"),
    ]
