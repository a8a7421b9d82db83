"""What lists read at once instead of adding it up: totals of open bills, memberships never paid for, what came in for
many bills; and the rows of a bill in the order they are shown in."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

LINES = """
DROP INDEX personmonth_bill;
CREATE INDEX personmonth_bill ON contributions_personmonth (bill_id, place_id, person_id);
"""

MET_OF = """
CREATE FUNCTION contributions_met_of(wanted bigint[]) RETURNS TABLE (bill_id bigint, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT bill_id, sum(amount)::bigint FROM (
    SELECT s.bill_id, s.amount FROM contributions_settlement s WHERE s.bill_id = ANY(wanted)
     UNION ALL
    SELECT o.bill_id, o.amount FROM contributions_setoff o WHERE o.bill_id = ANY(wanted)) met GROUP BY bill_id
$$;
"""

DERIVED = """
CREATE FUNCTION contributions_forbid_derived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'lindung_app' THEN
    RAISE EXCEPTION '% is derived from other tables', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""

TALLY = """
CREATE FUNCTION contributions_add_to_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO contributions_billtally AS t (bill_id, people, amount)
  SELECT bill_id, sum(CASE WHEN entry_no % 2 = 1 THEN 1 ELSE -1 END), sum(jkk + jkm) FROM added
   GROUP BY bill_id ORDER BY bill_id
  ON CONFLICT (bill_id) DO UPDATE SET people = t.people + EXCLUDED.people, amount = t.amount + EXCLUDED.amount;
  RETURN NULL;
END $$;
-- Its name comes after check_bill, which locks the bills first.
CREATE TRIGGER tally AFTER INSERT ON contributions_personmonth
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contributions_add_to_tally();
CREATE TRIGGER derived_only BEFORE INSERT OR UPDATE OR DELETE ON contributions_billtally
  FOR EACH STATEMENT EXECUTE FUNCTION contributions_forbid_derived();
INSERT INTO contributions_billtally (bill_id, people, amount)
SELECT bill_id, sum(CASE WHEN entry_no % 2 = 1 THEN 1 ELSE -1 END), sum(jkk + jkm) FROM contributions_personmonth
 GROUP BY bill_id;
"""

NEVER_PAID = """
CREATE FUNCTION contributions_note_never_paid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF TG_TABLE_NAME = 'membership_membership' THEN
    INSERT INTO contributions_neverpaid (membership_id)
    SELECT id FROM changed m WHERE NOT EXISTS (
      SELECT 1 FROM contributions_cover c WHERE c.person_id = m.person_id AND c.job = m.job)
    ON CONFLICT DO NOTHING;
  ELSIF TG_OP = 'INSERT' THEN
    DELETE FROM contributions_neverpaid n USING membership_membership m, changed c
     WHERE m.person_id = c.person_id AND m.job = c.job AND n.membership_id = m.id;
  ELSE
    INSERT INTO contributions_neverpaid (membership_id)
    SELECT m.id FROM membership_membership m JOIN changed c ON c.person_id = m.person_id AND c.job = m.job
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER never_paid AFTER INSERT ON membership_membership
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION contributions_note_never_paid();
CREATE TRIGGER paid AFTER INSERT ON contributions_cover
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION contributions_note_never_paid();
CREATE TRIGGER never_paid_again AFTER DELETE ON contributions_cover
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION contributions_note_never_paid();
CREATE TRIGGER derived_only BEFORE INSERT OR UPDATE OR DELETE ON contributions_neverpaid
  FOR EACH STATEMENT EXECUTE FUNCTION contributions_forbid_derived();
INSERT INTO contributions_neverpaid (membership_id)
SELECT m.id FROM membership_membership m WHERE NOT EXISTS (
  SELECT 1 FROM contributions_cover c WHERE c.person_id = m.person_id AND c.job = m.job);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contributions", "0003_credits_and_cover"),
        ("membership", "0002_kpj_sequence"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="BillTally",
            fields=[
                (
                    "bill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="contributions.bill",
                    ),
                ),
                ("people", models.IntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="NeverPaid",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="never_paid",
                        serialize=False,
                        to="membership.membership",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(LINES + MET_OF + DERIVED + TALLY + NEVER_PAID, migrations.RunSQL.noop),
    ]
