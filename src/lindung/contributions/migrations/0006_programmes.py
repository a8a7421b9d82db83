"""All programmes on a person-month, differences added later, penalties, payments of any kind and their reversal.

The row-by-row foreign keys of the person-months go: a trigger checks each statement's rows as a set."""

from typing import ClassVar

from django.db import migrations

COLUMNS = """
ALTER TABLE contributions_personmonth
  ADD COLUMN jht bigint NOT NULL DEFAULT 0, ADD COLUMN jp bigint NOT NULL DEFAULT 0,
  ADD COLUMN jkp bigint NOT NULL DEFAULT 0, ADD COLUMN worker_share bigint NOT NULL DEFAULT 0,
  DROP CONSTRAINT contributions_personmonth_person_id_fkey,
  DROP CONSTRAINT contributions_personmonth_membership_id_fkey,
  DROP CONSTRAINT contributions_personmonth_payer_id_fkey,
  DROP CONSTRAINT contributions_personmonth_bill_id_fkey,
  DROP CONSTRAINT contributions_personmonth_place_id_fkey,
  DROP CONSTRAINT contributions_personmonth_entry_no_check,
  DROP CONSTRAINT contributions_personmonth_check,
  ADD CONSTRAINT personmonth_entry CHECK (entry_no > 0 OR entry_no % 2 = -1),
  -- positive odd entries charge, even entries reverse, negative odd entries differ
  ADD CONSTRAINT personmonth_amounts CHECK (CASE entry_no % 2
    WHEN 1 THEN jkk >= 0 AND jkm >= 0 AND jht >= 0 AND jp >= 0 AND jkk + jkm + jht + jp > 0
                AND jkp BETWEEN 0 AND jkk + jkm AND worker_share BETWEEN 0 AND jkk + jkm + jht + jp
    WHEN 0 THEN jkk <= 0 AND jkm <= 0 AND jht <= 0 AND jp <= 0 AND jkk + jkm + jht + jp < 0
    ELSE jkk + jkm + jht + jp <> 0 END);
CREATE INDEX personmonth_difference ON contributions_personmonth (bill_id) WHERE entry_no < 0;
"""

# What the foreign keys said the other way round. People are kept by their memberships, payers and bills by the bills.
KEPT = """
CREATE FUNCTION contributions_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'person-months name rows of %; they are neither deleted nor given another key', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept BEFORE DELETE ON membership_membership FOR EACH ROW EXECUTE FUNCTION contributions_keep();
CREATE TRIGGER kept_key BEFORE UPDATE OF id, person_id, job, segment ON membership_membership FOR EACH ROW
  WHEN ((OLD.id, OLD.person_id, OLD.job, OLD.segment) IS DISTINCT FROM (NEW.id, NEW.person_id, NEW.job, NEW.segment))
  EXECUTE FUNCTION contributions_keep();
CREATE TRIGGER kept BEFORE DELETE ON places_place FOR EACH ROW EXECUTE FUNCTION contributions_keep();
CREATE TRIGGER kept_key BEFORE UPDATE OF key ON places_place FOR EACH ROW
  WHEN (OLD.key IS DISTINCT FROM NEW.key) EXECUTE FUNCTION contributions_keep();
"""

ROWS = """
-- Once per statement, with the owner's eyes. Issuing and settling take FOR UPDATE on a bill, so they wait for us.
CREATE OR REPLACE FUNCTION contributions_check_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  wrong record;
BEGIN
  PERFORM 1 FROM contributions_bill WHERE id IN (SELECT bill_id FROM added) ORDER BY id FOR SHARE;
  SELECT bool_or(b.id IS NULL) AS missing, bool_or(i.bill_id IS NOT NULL) AS issued,
         bool_or(b.kind <> 'contribution') AS penalty, bool_or(b.payer_id <> a.payer_id OR b.month <> a.month) AS other
    INTO wrong
    FROM (SELECT DISTINCT bill_id, payer_id, month FROM added) a
    LEFT JOIN contributions_bill b ON b.id = a.bill_id LEFT JOIN contributions_billissue i ON i.bill_id = a.bill_id;
  IF wrong.missing THEN
    RAISE EXCEPTION 'a person-month is on a bill that does not exist' USING ERRCODE = 'foreign_key_violation';
  ELSIF wrong.issued THEN
    RAISE EXCEPTION 'the bill is issued; put the rows on a supplement' USING ERRCODE = 'check_violation';
  ELSIF wrong.penalty THEN
    RAISE EXCEPTION 'a bill of penalties takes no person-months' USING ERRCODE = 'check_violation';
  ELSIF wrong.other THEN
    RAISE EXCEPTION 'a person-month is on the bill of another payer or month' USING ERRCODE = 'check_violation';
  END IF;
  SELECT bool_or(m.id IS NULL) AS missing,
         bool_or(m.person_id <> a.person_id OR m.job <> a.job OR m.segment <> a.segment) AS other
    INTO wrong FROM added a LEFT JOIN membership_membership m ON m.id = a.membership_id;
  IF wrong.missing THEN
    RAISE EXCEPTION 'a person-month names a membership that does not exist' USING ERRCODE = 'foreign_key_violation';
  ELSIF wrong.other THEN
    RAISE EXCEPTION 'a person-month is on the membership of another person, job or segment'
      USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM (SELECT DISTINCT place_id FROM added) a
   WHERE NOT EXISTS (SELECT 1 FROM places_place p WHERE p.key = a.place_id);
  IF FOUND THEN
    RAISE EXCEPTION 'a person-month names a place that does not exist' USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM added WHERE entry_no <> 1) THEN
    RETURN NULL;
  END IF;

  -- A later entry needs the one before it, and a reversal undoes it to the rupiah.
  SELECT bool_or(e.month IS NULL) AS alone,
         bool_or(a.entry_no > 0 AND a.entry_no % 2 = 0
                 AND (a.jkk, a.jkm, a.jht, a.jp, a.jkp, a.worker_share, a.payer_id, a.membership_id, a.wage_base)
                 <> (-e.jkk, -e.jkm, -e.jht, -e.jp, -e.jkp, -e.worker_share, e.payer_id, e.membership_id, e.wage_base)
                ) AS inexact
    INTO wrong
    FROM added a LEFT JOIN contributions_personmonth e ON e.month = a.month AND e.person_id = a.person_id
     AND e.job = a.job AND e.entry_no = CASE WHEN a.entry_no > 0 THEN a.entry_no - 1 ELSE a.entry_no + 2 END
   WHERE a.entry_no <> 1;
  IF wrong.alone THEN
    RAISE EXCEPTION 'a later entry has no entry before it' USING ERRCODE = 'check_violation';
  ELSIF wrong.inexact THEN
    RAISE EXCEPTION 'a reversal must undo its charge exactly' USING ERRCODE = 'check_violation';
  END IF;

  -- It does so on the same bill while that is open, on a credit when it is issued, and never after it is paid.
  PERFORM 1 FROM contributions_bill WHERE id IN (
    SELECT e.bill_id FROM added a JOIN contributions_personmonth e ON e.month = a.month AND e.person_id = a.person_id
       AND e.job = a.job AND e.entry_no = a.entry_no - 1
     WHERE a.entry_no > 0 AND a.entry_no % 2 = 0 AND e.bill_id <> a.bill_id) ORDER BY id FOR SHARE;
  WITH undone AS MATERIALIZED (
    SELECT DISTINCT e.bill_id FROM added a JOIN contributions_personmonth e ON e.month = a.month
       AND e.person_id = a.person_id AND e.job = a.job AND e.entry_no = a.entry_no - 1
     WHERE a.entry_no > 0 AND a.entry_no % 2 = 0 AND e.bill_id <> a.bill_id)
  SELECT bool_or(i.bill_id IS NULL) AS open, bool_or(met.amount = i.amount) AS paid INTO wrong
    FROM undone u LEFT JOIN contributions_billissue i USING (bill_id)
    LEFT JOIN contributions_met_of(ARRAY(SELECT bill_id FROM undone)) met USING (bill_id);
  IF wrong.open THEN
    RAISE EXCEPTION 'the bill is still open: reverse the row on it' USING ERRCODE = 'check_violation';
  ELSIF wrong.paid THEN
    RAISE EXCEPTION 'the month is paid; it cannot be reversed' USING ERRCODE = 'check_violation';
  END IF;

  -- A difference belongs to a charge; all entries of a month never fall below nothing, and come to nothing without one.
  PERFORM 1 FROM added a WHERE a.entry_no < 0 AND NOT EXISTS (
    SELECT 1 FROM contributions_personmonth e WHERE e.month = a.month AND e.person_id = a.person_id AND e.job = a.job
       AND e.entry_no % 2 = 1 AND e.payer_id = a.payer_id AND e.membership_id = a.membership_id);
  IF FOUND THEN
    RAISE EXCEPTION 'a difference needs a charge of its month, person, job and payer' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM (SELECT DISTINCT month, person_id, job FROM added WHERE entry_no % 2 <= 0) a
    JOIN contributions_personmonth e USING (month, person_id, job) GROUP BY month, person_id, job
   HAVING least(sum(e.jkk), sum(e.jkm), sum(e.jht), sum(e.jp)) < 0
       OR (max(e.entry_no) % 2 = 0 AND greatest(sum(e.jkk), sum(e.jkm), sum(e.jht), sum(e.jp)) > 0);
  IF FOUND THEN
    RAISE EXCEPTION 'a month is given back more than was charged, or left with a difference and no charge'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
DROP FUNCTION contributions_check_later;
"""

BILLS = """
-- What the rows of a bill add up to, whole, whoever asks: lines are person, job and net amounts, or penalties. The
-- digest of a bill of JKK and JKM alone stays as it was before there were more.
CREATE OR REPLACE FUNCTION contributions_bill_totals(
  wanted bigint, OUT people integer, OUT amount bigint, OUT charges integer, OUT credits integer, OUT digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT count(*) FILTER (WHERE net <> 0 AND lines.person), coalesce(sum(net), 0), count(*) FILTER (WHERE net > 0),
         count(*) FILTER (WHERE net < 0),
         encode(sha256(convert_to(coalesce(string_agg(line, ';' ORDER BY key, part), ''), 'UTF8')), 'hex')
    FROM (SELECT true AS person, person_id AS key, job::integer AS part, (sum(jkk + jkm + jht + jp))::bigint AS net,
                 concat_ws(',', person_id, job, sum(jkk), sum(jkm))
                 || CASE WHEN sum(jht) <> 0 OR sum(jp) <> 0 THEN concat(',', sum(jht), ',', sum(jp)) ELSE '' END AS line
            FROM contributions_personmonth WHERE bill_id = wanted GROUP BY person_id, job
           UNION ALL
          SELECT false, late_bill_id, month_late, amount, concat_ws(',', late_bill_id, month_late, base, amount)
            FROM contributions_penaltyline WHERE bill_id = wanted) lines
$$;

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
  IF found_rows.charges + found_rows.credits = 0 OR (found_rows.charges > 0 AND found_rows.credits > 0) THEN
    RAISE EXCEPTION 'a bill either charges or credits, and not nobody' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION contributions_add_to_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO contributions_billtally AS t (bill_id, people, amount)
  SELECT bill_id, sum(CASE entry_no % 2 WHEN 1 THEN 1 WHEN 0 THEN -1 ELSE 0 END), sum(jkk + jkm + jht + jp) FROM added
   GROUP BY bill_id ORDER BY bill_id
  ON CONFLICT (bill_id) DO UPDATE SET people = t.people + EXCLUDED.people, amount = t.amount + EXCLUDED.amount;
  -- A difference may stand beside its person's charge or alone: such bills, small, are counted anew.
  UPDATE contributions_billtally t SET people = sign(t.amount) * x.people
    FROM (SELECT DISTINCT bill_id FROM added) a, LATERAL contributions_bill_totals(a.bill_id) x
   WHERE t.bill_id = a.bill_id
     AND EXISTS (SELECT 1 FROM contributions_personmonth d WHERE d.bill_id = a.bill_id AND d.entry_no < 0);
  RETURN NULL;
END $$;
"""

PENALTIES = """
CREATE FUNCTION contributions_check_penalty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM contributions_bill WHERE id IN (SELECT bill_id FROM added) ORDER BY id FOR SHARE;
  PERFORM 1 FROM added a JOIN contributions_bill b ON b.id = a.bill_id JOIN contributions_bill late ON late.id = a.late_bill_id
    LEFT JOIN contributions_billissue i ON i.bill_id = b.id LEFT JOIN contributions_billissue owed ON owed.bill_id = late.id
   WHERE b.kind <> 'penalty' OR late.kind <> 'contribution' OR b.payer_id <> late.payer_id OR i.bill_id IS NOT NULL
      OR owed.amount IS NULL OR a.base > owed.amount;
  IF FOUND THEN
    RAISE EXCEPTION 'a penalty is for an issued bill of contributions, on an open bill of penalties of the same payer'
      USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO contributions_billtally AS t (bill_id, people, amount)
  SELECT bill_id, 0, sum(amount) FROM added GROUP BY bill_id ORDER BY bill_id
  ON CONFLICT (bill_id) DO UPDATE SET amount = t.amount + EXCLUDED.amount;
  RETURN NULL;
END $$;
CREATE TRIGGER check_penalty AFTER INSERT ON contributions_penaltyline
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contributions_check_penalty();
"""

PAYMENTS = """
-- `payment` and `proposed_by` are copies, so that checks can compare them; this key makes the copies true.
ALTER TABLE contributions_paymentreversaldecision ADD CONSTRAINT decision_names_proposer
  FOREIGN KEY (reversal_id, payment_id, proposed_by_id)
  REFERENCES contributions_paymentreversal (id, payment_id, proposed_by_id);

-- The parts of payments that stand.
CREATE VIEW contributions_standingsettlement AS
  SELECT s.payment_id, s.bill_id, s.amount, coalesce(s.dated, p.paid_on) AS dated
    FROM contributions_settlement s JOIN contributions_payment p ON p.id = s.payment_id
   WHERE NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                      WHERE d.payment_id = s.payment_id AND d.outcome = 'approved');

-- A bill is settled on the day the last rupiah came, or was set off.
CREATE OR REPLACE VIEW contributions_settledbill AS
  SELECT i.bill_id, max(part.arrived) AS settled_on
    FROM contributions_billissue i
    JOIN (SELECT bill_id, amount, dated AS arrived FROM contributions_standingsettlement
           UNION ALL
          SELECT bill_id, amount, dated FROM contributions_setoff) part ON part.bill_id = i.bill_id
   GROUP BY i.bill_id, i.amount HAVING sum(part.amount) = i.amount;

CREATE OR REPLACE FUNCTION contributions_met(wanted bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT (coalesce((SELECT sum(amount) FROM contributions_standingsettlement WHERE bill_id = wanted), 0)
        + coalesce((SELECT sum(amount) FROM contributions_setoff WHERE bill_id = wanted), 0))::bigint
$$;

CREATE OR REPLACE FUNCTION contributions_met_of(wanted bigint[]) RETURNS TABLE (bill_id bigint, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT bill_id, sum(amount)::bigint FROM (
    SELECT s.bill_id, s.amount FROM contributions_standingsettlement s WHERE s.bill_id = ANY(wanted)
     UNION ALL
    SELECT o.bill_id, o.amount FROM contributions_setoff o WHERE o.bill_id = ANY(wanted)) met GROUP BY bill_id
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
  IF EXISTS (SELECT 1 FROM contributions_paymentreversaldecision
              WHERE payment_id = NEW.payment_id AND outcome = 'approved') THEN
    RAISE EXCEPTION 'the payment was reversed' USING ERRCODE = 'check_violation';
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
-- A reversal waits for settlements under way, and they for it.
CREATE FUNCTION contributions_check_reversal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM contributions_payment WHERE id = NEW.payment_id FOR UPDATE;
  RETURN NEW;
END $$;
CREATE TRIGGER check_reversal BEFORE INSERT ON contributions_paymentreversaldecision
  FOR EACH ROW EXECUTE FUNCTION contributions_check_reversal();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contributions", "0005_penalties_and_reversals")]
    operations: ClassVar = [
        migrations.RunSQL(COLUMNS + KEPT + PAYMENTS + ROWS + BILLS + PENALTIES, migrations.RunSQL.noop)
    ]
