"""Each part of the person-months says its own month, and a row's amounts are ruled in fewer steps: the same rules, of
which every row that is written is asked."""

from typing import ClassVar

from django.db import migrations

ENSURE_MONTH = """
CREATE OR REPLACE FUNCTION contributions_ensure_month(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  first_day date := date_trunc('month', wanted);
  name text := 'contributions_personmonth_' || to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(7316, 2);
  IF to_regclass(name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE contributions_personmonth INCLUDING ALL)', name);
  {month_rule}
  EXECUTE format('ALTER TABLE contributions_personmonth ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 name, first_day, (first_day + interval '1 month')::date);
  -- No policy of its own: nobody but the owner reads or writes a part past the whole.
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE TRIGGER no_direct_write BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I'
                 ' FOR EACH STATEMENT EXECUTE FUNCTION contributions_forbid_direct()', name);
END $$;
"""
MONTH_RULE = "EXECUTE format('ALTER TABLE %I ADD CONSTRAINT of_its_month CHECK (month = %L)', name, first_day);"

OF_ITS_MONTH = """
DO $$
DECLARE
  part record;
BEGIN
  FOR part IN SELECT c.oid::regclass AS name, to_date(right(c.relname, 7), 'YYYY_MM') AS month
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'contributions_personmonth'::regclass
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT of_its_month CHECK (month = %L)', part.name, part.month);
  END LOOP;
END $$;
ALTER TABLE contributions_personmonth DROP CONSTRAINT contributions_personmonth_month_check;
"""
ANY_MONTH = """
ALTER TABLE contributions_personmonth
  ADD CONSTRAINT contributions_personmonth_month_check CHECK (extract(day FROM month) = 1);
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'contributions_personmonth'::regclass LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT of_its_month', part);
  END LOOP;
END $$;
"""

AMOUNTS = """
ALTER TABLE contributions_personmonth
  DROP CONSTRAINT personmonth_amounts,
  -- positive odd entries charge, even entries reverse, negative odd entries differ
  ADD CONSTRAINT personmonth_amounts CHECK (CASE entry_no % 2
    WHEN 1 THEN {charge}
    WHEN 0 THEN {reversal}
    ELSE jkk + jkm + jht + jp <> 0 END);
"""
NEW_AMOUNTS = AMOUNTS.format(
    charge="least(jkk, jkm, jht, jp, jkp, worker_share) >= 0 AND greatest(jkk, jkm, jht, jp) > 0"
    " AND jkp <= jkk + jkm AND worker_share <= jkk + jkm + jht + jp",
    reversal="greatest(jkk, jkm, jht, jp) <= 0 AND least(jkk, jkm, jht, jp) < 0",
)
OLD_AMOUNTS = AMOUNTS.format(
    charge="jkk >= 0 AND jkm >= 0 AND jht >= 0 AND jp >= 0 AND jkk + jkm + jht + jp > 0"
    " AND jkp BETWEEN 0 AND jkk + jkm AND worker_share BETWEEN 0 AND jkk + jkm + jht + jp",
    reversal="jkk <= 0 AND jkm <= 0 AND jht <= 0 AND jp <= 0 AND jkk + jkm + jht + jp < 0",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contributions", "0009_fewer_indexes")]
    operations: ClassVar = [
        migrations.RunSQL(
            ENSURE_MONTH.format(month_rule=MONTH_RULE) + OF_ITS_MONTH + NEW_AMOUNTS,
            OLD_AMOUNTS + ANY_MONTH + ENSURE_MONTH.format(month_rule=""),
        )
    ]
