"""Credits, stricter rules of money, and cover rebuilt in one statement.

What migration 0002 left open and this one closes: the checks ran with the caller's rights, so row-level security hid
rows from them and the application's role could not lock; a row could name another month than its bill, or another
person's membership; a reversal could sit on any bill and undo a month already paid; partitions could be written and
read directly, past the rules of the whole table."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

PARTITIONS = """
-- Months that are charged backwards are looked for among the few reversals.
CREATE INDEX personmonth_reversal ON contributions_personmonth (month, person_id, job, entry_no)
  WHERE entry_no % 2 = 0;

CREATE FUNCTION contributions_forbid_direct() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'write to contributions_personmonth, not to its part %', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

-- Attaching a finished table locks the whole far less than creating a partition in place.
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
  EXECUTE format('ALTER TABLE contributions_personmonth ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 name, first_day, (first_day + interval '1 month')::date);
  -- No policy of its own: nobody but the owner reads or writes a part past the whole.
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE TRIGGER no_direct_write BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I'
                 ' FOR EACH STATEMENT EXECUTE FUNCTION contributions_forbid_direct()', name);
END $$;
"""

ROWS = """
DROP TRIGGER check_entry ON contributions_personmonth;
DROP FUNCTION contributions_check_entry;

-- Once per statement, with the owner's eyes. Issuing and settling take FOR UPDATE on a bill, so they wait for us.
CREATE OR REPLACE FUNCTION contributions_check_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM contributions_bill WHERE id IN (SELECT bill_id FROM added) ORDER BY id FOR SHARE;
  PERFORM 1 FROM (SELECT DISTINCT bill_id FROM added) a JOIN contributions_billissue i USING (bill_id);
  IF FOUND THEN
    RAISE EXCEPTION 'the bill is issued; put the rows on a supplement' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM (SELECT DISTINCT bill_id, payer_id, month FROM added) a JOIN contributions_bill b ON b.id = a.bill_id
   WHERE b.payer_id <> a.payer_id OR b.month <> a.month;
  IF FOUND THEN
    RAISE EXCEPTION 'a person-month is on the bill of another payer or month' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM added a JOIN membership_membership m ON m.id = a.membership_id
   WHERE m.person_id <> a.person_id OR m.job <> a.job OR m.segment <> a.segment;
  IF FOUND THEN
    RAISE EXCEPTION 'a person-month is on the membership of another person, job or segment'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM added WHERE entry_no > 1) THEN
    PERFORM contributions_check_later(a) FROM added a WHERE a.entry_no > 1;
  END IF;
  RETURN NULL;
END $$;

-- A later entry needs the one before it; a reversal undoes it to the rupiah, on the same bill while that is open and on
-- a credit when it is issued, and never after it is paid.
CREATE FUNCTION contributions_check_later(later contributions_personmonth) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  earlier contributions_personmonth;
BEGIN
  SELECT * INTO earlier FROM contributions_personmonth WHERE month = later.month AND person_id = later.person_id
     AND job = later.job AND entry_no = later.entry_no - 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'entry % has no entry before it', later.entry_no USING ERRCODE = 'check_violation';
  END IF;
  IF later.entry_no % 2 = 1 THEN
    RETURN;
  END IF;
  IF later.jkk <> -earlier.jkk OR later.jkm <> -earlier.jkm OR later.payer_id <> earlier.payer_id
     OR later.membership_id <> earlier.membership_id OR later.wage_base <> earlier.wage_base THEN
    RAISE EXCEPTION 'a reversal must undo its charge exactly' USING ERRCODE = 'check_violation';
  END IF;
  IF later.bill_id <> earlier.bill_id THEN
    PERFORM 1 FROM contributions_bill WHERE id = earlier.bill_id FOR SHARE;
    IF NOT EXISTS (SELECT 1 FROM contributions_billissue WHERE bill_id = earlier.bill_id) THEN
      RAISE EXCEPTION 'the bill is still open: reverse the row on it' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM contributions_settledbill WHERE bill_id = earlier.bill_id) THEN
      RAISE EXCEPTION 'the month is paid; it cannot be reversed' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
END $$;
"""

BILLS = """
-- What the rows of a bill add up to, whole, whoever asks: lines are person, job and net amounts.
CREATE FUNCTION contributions_bill_totals(
  wanted bigint, OUT people integer, OUT amount bigint, OUT charges integer, OUT credits integer, OUT digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT count(*) FILTER (WHERE jkk + jkm <> 0), coalesce(sum(jkk + jkm), 0),
         count(*) FILTER (WHERE jkk + jkm > 0), count(*) FILTER (WHERE jkk + jkm < 0),
         encode(sha256(convert_to(coalesce(string_agg(concat_ws(',', person_id, job, jkk, jkm), ';'
                                                      ORDER BY person_id, job), ''), 'UTF8')), 'hex')
    FROM (SELECT person_id, job, sum(jkk) AS jkk, sum(jkm) AS jkm FROM contributions_personmonth
           WHERE bill_id = wanted GROUP BY person_id, job) lines
$$;

-- Issuing locks the bill, so that no row can slip in, and must state exactly what the rows add up to.
CREATE OR REPLACE FUNCTION contributions_check_issue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  found_rows record;
BEGIN
  PERFORM 1 FROM contributions_bill WHERE id = NEW.bill_id FOR UPDATE;
  SELECT * INTO found_rows FROM contributions_bill_totals(NEW.bill_id);
  IF NEW.amount <> found_rows.amount OR NEW.people <> found_rows.people OR NEW.content_digest <> found_rows.digest THEN
    RAISE EXCEPTION 'the bill says % for % people, its rows say % for %', NEW.amount, NEW.people,
      found_rows.amount, found_rows.people USING ERRCODE = 'check_violation';
  END IF;
  -- Charges and credits on one bill could cancel out, and months would look paid that nobody paid.
  IF found_rows.people = 0 OR (found_rows.charges > 0 AND found_rows.credits > 0) THEN
    RAISE EXCEPTION 'a bill either charges or credits, and not nobody' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE VIEW contributions_settledbill AS
  SELECT i.bill_id, max(part.arrived) AS settled_on
    FROM contributions_billissue i
    JOIN (SELECT s.bill_id, s.amount, p.paid_on AS arrived
            FROM contributions_settlement s JOIN contributions_payment p ON p.id = s.payment_id
           UNION ALL
          SELECT bill_id, amount, dated FROM contributions_setoff) part ON part.bill_id = i.bill_id
   GROUP BY i.bill_id, i.amount HAVING sum(part.amount) = i.amount;

-- Rupiah that lessened a bill so far.
CREATE FUNCTION contributions_met(wanted bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT (coalesce((SELECT sum(amount) FROM contributions_settlement WHERE bill_id = wanted), 0)
        + coalesce((SELECT sum(amount) FROM contributions_setoff WHERE bill_id = wanted), 0))::bigint
$$;

CREATE OR REPLACE FUNCTION contributions_check_settlement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  issued bigint;
  received bigint;
  payer_of_bill bigint;
  payer_of_payment bigint;
BEGIN
  SELECT payer_id INTO payer_of_bill FROM contributions_bill WHERE id = NEW.bill_id FOR UPDATE;
  SELECT amount INTO issued FROM contributions_billissue WHERE bill_id = NEW.bill_id;
  SELECT payer_id, amount INTO payer_of_payment, received FROM contributions_payment
   WHERE id = NEW.payment_id FOR UPDATE;
  IF issued IS NULL THEN
    RAISE EXCEPTION 'a bill is paid only after it is issued' USING ERRCODE = 'check_violation';
  END IF;
  IF payer_of_bill <> payer_of_payment THEN
    RAISE EXCEPTION 'the payment is of another payer' USING ERRCODE = 'check_violation';
  END IF;
  IF contributions_met(NEW.bill_id) + NEW.amount > issued THEN
    RAISE EXCEPTION 'more than the bill asks' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT coalesce(sum(amount), 0) FROM contributions_settlement WHERE payment_id = NEW.payment_id) + NEW.amount
     > received THEN
    RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION contributions_check_setoff() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  credited bigint;
  asked bigint;
BEGIN
  PERFORM 1 FROM contributions_bill WHERE id IN (NEW.credit_id, NEW.bill_id) ORDER BY id FOR UPDATE;
  SELECT -amount INTO credited FROM contributions_billissue WHERE bill_id = NEW.credit_id AND amount < 0;
  SELECT amount INTO asked FROM contributions_billissue WHERE bill_id = NEW.bill_id AND amount > 0;
  IF credited IS NULL OR asked IS NULL THEN
    RAISE EXCEPTION 'an issued credit is set off against an issued bill' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT count(DISTINCT payer_id) FROM contributions_bill WHERE id IN (NEW.credit_id, NEW.bill_id)) <> 1 THEN
    RAISE EXCEPTION 'the credit is of another payer' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT coalesce(sum(amount), 0) FROM contributions_setoff WHERE credit_id = NEW.credit_id) + NEW.amount
     > credited THEN
    RAISE EXCEPTION 'more than the credit gives' USING ERRCODE = 'check_violation';
  END IF;
  IF contributions_met(NEW.bill_id) + NEW.amount > asked THEN
    RAISE EXCEPTION 'more than the bill asks' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_setoff BEFORE INSERT ON contributions_setoff
  FOR EACH ROW EXECUTE FUNCTION contributions_check_setoff();
"""

COVER = """
-- Everybody whose charge stands on these bills, whoever asks.
CREATE FUNCTION contributions_people_of(wanted bigint[]) RETURNS TABLE (person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT pm.person_id FROM contributions_personmonth pm
   WHERE pm.bill_id = ANY(wanted) AND pm.entry_no % 2 = 1
     AND NOT EXISTS (SELECT 1 FROM contributions_personmonth r WHERE r.month = pm.month
                       AND r.person_id = pm.person_id AND r.job = pm.job AND r.entry_no = pm.entry_no + 1)
$$;

-- The rule `cover` of the law for many at once: the last unbroken run of paid months that has begun, and what follows
-- from it. The law's figures come from the caller. `wanted` NULL means everybody; of few, only their bills and deaths are
-- read (planned anew each time, so that `$1 IS NULL` is decided before). One after the other, so that two payments at
-- the same time cannot each overlook the other's months.
CREATE FUNCTION contributions_refresh_cover(wanted bigint[], this_month date, full_after integer, full_rule_from date)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET work_mem = '256MB' AS $$
DECLARE
  done integer;
BEGIN
  PERFORM pg_advisory_xact_lock(7316, 4);
  EXECUTE $sql$
    WITH settled AS MATERIALIZED (
      SELECT bill_id, settled_on FROM contributions_settledbill
       WHERE $1 IS NULL
          OR bill_id = ANY(ARRAY(SELECT DISTINCT bill_id FROM contributions_personmonth WHERE person_id = ANY($1)))),
    paid AS (
      SELECT pm.person_id, pm.job, pm.month, pm.membership_id, pm.payer_id, s.settled_on,
             extract(year FROM pm.month)::integer * 12 + extract(month FROM pm.month)::integer AS n
        FROM contributions_personmonth pm JOIN settled s USING (bill_id)
       WHERE pm.entry_no % 2 = 1 AND ($1 IS NULL OR pm.person_id = ANY($1))
         AND NOT EXISTS (SELECT 1 FROM contributions_personmonth r
                          WHERE r.month = pm.month AND r.person_id = pm.person_id AND r.job = pm.job
                            AND r.entry_no % 2 = 0 AND r.entry_no = pm.entry_no + 1)),
    numbered AS (
      SELECT *, n - row_number() OVER (PARTITION BY person_id, job ORDER BY n) AS run FROM paid),
    runs AS (
      SELECT person_id, job, run, min(month) AS first, max(month) AS last, count(*) AS months,
             array_agg(settled_on ORDER BY n) AS days, (array_agg(payer_id ORDER BY n DESC))[1] AS payer_id,
             (array_agg(membership_id ORDER BY n DESC))[1] AS membership_id
        FROM numbered GROUP BY person_id, job, run HAVING min(month) <= $2),
    latest AS (SELECT DISTINCT ON (person_id, job) * FROM runs ORDER BY person_id, job, first DESC),
    deaths AS (
      SELECT e.person_id, min(e.occurred_on) AS died_on FROM people_lifeevent e
       WHERE e.kind = 'death' AND NOT e.void AND ($1 IS NULL OR e.person_id = ANY($1))
         AND NOT EXISTS (SELECT 1 FROM people_lifeevent c WHERE c.corrects_id = e.id)
       GROUP BY e.person_id),
    based AS (
      SELECT l.*, m.place_id, m.segment,
             least(d.died_on, CASE WHEN isempty(m.valid) THEN m.registered_on ELSE upper(m.valid) END - 1) AS ended_on,
             greatest(m.registered_on, l.first, CASE WHEN m.segment = 'BPU' THEN l.days[1] END) AS protected_since
        FROM latest l JOIN membership_membership m ON m.id = l.membership_id
        LEFT JOIN deaths d ON d.person_id = l.person_id),
    judged AS (
      SELECT b.*, CASE WHEN segment = 'PU' OR $3 = 0 THEN protected_since WHEN months >= $3 THEN
               greatest((first + make_interval(months => $3 - 1))::date, protected_since,
                        (SELECT max(day) FROM unnest(days[1:$3]) AS day)) END AS counted_from
        FROM based b),
    fresh AS (
      SELECT person_id, job, membership_id, place_id, payer_id, segment, protected_since, last AS paid_through,
             least(months, (extract(year FROM age($2, first)) * 12 + extract(month FROM age($2, first)))::integer + 1)
               AS consecutive_months,
             CASE WHEN counted_from <= $4 THEN protected_since ELSE counted_from END AS jkm_full_from, ended_on
        FROM judged),
    gone AS (
      DELETE FROM contributions_cover c
       WHERE ($1 IS NULL OR c.person_id = ANY($1))
         AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.person_id = c.person_id AND f.job = c.job)),
    written AS (
      INSERT INTO contributions_cover AS c (person_id, job, membership_id, place_id, payer_id, segment,
             protected_since, paid_through, consecutive_months, jkm_full_from, ended_on)
      SELECT * FROM fresh
      ON CONFLICT (person_id, job) DO UPDATE SET membership_id = EXCLUDED.membership_id,
        place_id = EXCLUDED.place_id, payer_id = EXCLUDED.payer_id, segment = EXCLUDED.segment,
        protected_since = EXCLUDED.protected_since, paid_through = EXCLUDED.paid_through,
        consecutive_months = EXCLUDED.consecutive_months, jkm_full_from = EXCLUDED.jkm_full_from,
        ended_on = EXCLUDED.ended_on, computed_at = now()
      WHERE (c.membership_id, c.place_id, c.payer_id, c.segment, c.protected_since, c.paid_through,
             c.consecutive_months, c.jkm_full_from, c.ended_on)
        IS DISTINCT FROM (EXCLUDED.membership_id, EXCLUDED.place_id, EXCLUDED.payer_id, EXCLUDED.segment,
             EXCLUDED.protected_since, EXCLUDED.paid_through, EXCLUDED.consecutive_months, EXCLUDED.jkm_full_from,
             EXCLUDED.ended_on))
    SELECT count(*) FROM fresh
  $sql$ INTO done USING wanted, this_month, full_after, full_rule_from;
  RETURN done;
END $$;

CREATE INDEX cover_ended ON contributions_cover (ended_on) WHERE ended_on IS NOT NULL;

-- Cover follows from payments and from nothing else.
CREATE FUNCTION contributions_forbid_cover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'lindung_app' THEN
    RAISE EXCEPTION 'cover is derived; call contributions_refresh_cover' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER derived_only BEFORE INSERT OR UPDATE OR DELETE ON contributions_cover
  FOR EACH STATEMENT EXECUTE FUNCTION contributions_forbid_cover();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contributions", "0002_person_months"),
        ("people", "0002_search"),
        ("membership", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SetOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField()),
                ("dated", models.DateField()),
                (
                    "bill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="set_offs", to="contributions.bill"
                    ),
                ),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credited", to="contributions.bill"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="set_off_positive"),
                    models.UniqueConstraint(fields=("credit", "bill"), name="set_off_once"),
                ],
            },
        ),
        migrations.RunSQL(PARTITIONS + ROWS + BILLS + COVER, migrations.RunSQL.noop),
    ]
