"""What rows of reports, wages and employments name is looked up once for a statement, not once for each row at the end
of the transaction: of a workbook of 100,000 workers that was a million look-ups. Indexes that another begins with, or
that nothing asks for, go."""

from typing import ClassVar

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

# What the foreign keys said. Memberships are neither deleted nor given another key (contributions 0006).
NAMED = """
CREATE FUNCTION wages_check_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT report_id FROM added WHERE report_id IS NOT NULL) a
              WHERE NOT EXISTS (SELECT 1 FROM wages_wagereport r WHERE r.id = a.report_id)) THEN
    RAISE EXCEPTION 'rows of % name a report that does not exist', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF TG_TABLE_NAME = 'wages_wagereportrow' THEN
    IF EXISTS (SELECT 1 FROM added a WHERE a.corrects_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM wages_wagereportrow o WHERE o.id = a.corrects_id)) THEN
      RAISE EXCEPTION 'a row mends one that does not exist' USING ERRCODE = 'foreign_key_violation';
    END IF;
  ELSIF EXISTS (SELECT 1 FROM added a
                 WHERE NOT EXISTS (SELECT 1 FROM membership_membership m WHERE m.id = a.membership_id)) THEN
    RAISE EXCEPTION 'rows of % name a membership that does not exist', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_named AFTER INSERT ON wages_wagereportrow REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_named();
CREATE TRIGGER check_named AFTER INSERT ON wages_wagerecord REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_named();
CREATE TRIGGER check_named AFTER INSERT ON wages_employment REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_named();

-- Reports are never deleted (guard_report), nor is any of these given another key.
CREATE FUNCTION wages_keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what row % of % is, or is of, does not change', OLD.id, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_key BEFORE UPDATE OF id ON wages_wagereport FOR EACH ROW
  WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION wages_keep_key();
CREATE TRIGGER keep_key BEFORE UPDATE OF report_id ON wages_employment FOR EACH ROW
  WHEN (OLD.report_id IS DISTINCT FROM NEW.report_id) EXECUTE FUNCTION wages_keep_key();
"""

UNNAMED = """
DROP FUNCTION wages_check_named CASCADE;
DROP FUNCTION wages_keep_key CASCADE;
"""


def _overlap(*first: tuple[str, str]) -> django.contrib.postgres.constraints.ExclusionConstraint:
    worked = models.Func("started_on", "left_on", models.Value("[]"), function="daterange")
    return django.contrib.postgres.constraints.ExclusionConstraint(
        name="one_employment_at_a_time", expressions=[*first, (worked, "&&")]
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("wages", "0004_identity"), ("contributions", "0006_programmes")]
    operations: ClassVar = [
        migrations.RemoveConstraint("employment", "one_employment_at_a_time"),
        migrations.AddConstraint("employment", _overlap(("person", "="), ("payer", "="))),
        migrations.AlterField(
            "employment",
            "membership",
            models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="employment",
                to="membership.membership",
            ),
        ),
        migrations.AlterField(
            "employment",
            "payer",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="employments",
                to="payers.payer",
            ),
        ),
        migrations.AlterField(
            "employment",
            "leave_report",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wages.wagereport",
            ),
        ),
        migrations.AlterField(
            "employment",
            "report",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wages.wagereport",
            ),
        ),
        migrations.AlterField(
            "wagerecord",
            "membership",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wages",
                to="membership.membership",
            ),
        ),
        migrations.AlterField(
            "wagerecord",
            "report",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wages.wagereport",
            ),
        ),
        migrations.AlterField(
            "wagereportrow",
            "corrects",
            models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="wages.wagereportrow",
            ),
        ),
        migrations.AlterField(
            "wagereportrow",
            "report",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="wages.wagereport",
            ),
        ),
        migrations.RunSQL(NAMED, UNNAMED),
    ]
