"""Person-months, partitioned by month, and the rules of money that PostgreSQL itself keeps."""

from django.db import migrations

PERSON_MONTH = """
CREATE TABLE contributions_personmonth (
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  person_id bigint NOT NULL REFERENCES people_person,
  job smallint NOT NULL,
  entry_no smallint NOT NULL CHECK (entry_no >= 1),
  membership_id bigint NOT NULL REFERENCES membership_membership,
  payer_id bigint NOT NULL REFERENCES payers_payer,
  bill_id bigint NOT NULL REFERENCES contributions_bill,
  place_id bigint NOT NULL REFERENCES places_place,
  segment varchar(5) NOT NULL,
  wage_base bigint NOT NULL,
  jkk bigint NOT NULL,
  jkm bigint NOT NULL,
  origin varchar(40) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (month, person_id, job, entry_no),
  -- odd entries charge, even entries reverse
  CHECK (CASE WHEN entry_no % 2 = 1 THEN jkk >= 0 AND jkm >= 0 AND jkk + jkm > 0
              ELSE jkk <= 0 AND jkm <= 0 AND jkk + jkm < 0 END)
) PARTITION BY RANGE (month);
CREATE INDEX personmonth_person ON contributions_personmonth (person_id, job, month);
CREATE INDEX personmonth_bill ON contributions_personmonth (bill_id);

CREATE FUNCTION contributions_ensure_month(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  first_day date := date_trunc('month', wanted);
  name text := 'contributions_personmonth_' || to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NULL THEN
    PERFORM pg_advisory_xact_lock(7316, 2);
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF contributions_personmonth FOR VALUES FROM (%L) TO (%L)',
                   name, first_day, (first_day + interval '1 month')::date);
  END IF;
END $$;

-- A later entry needs the one before it, and a reversal undoes it to the rupiah.
CREATE FUNCTION contributions_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  earlier contributions_personmonth;
BEGIN
  SELECT * INTO earlier FROM contributions_personmonth
   WHERE month = NEW.month AND person_id = NEW.person_id AND job = NEW.job AND entry_no = NEW.entry_no - 1;
  IF earlier IS NULL THEN
    RAISE EXCEPTION 'entry % has no entry before it', NEW.entry_no USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.entry_no % 2 = 0 AND (NEW.jkk <> -earlier.jkk OR NEW.jkm <> -earlier.jkm OR NEW.payer_id <> earlier.payer_id) THEN
    RAISE EXCEPTION 'a reversal must undo its charge exactly' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_entry BEFORE INSERT ON contributions_personmonth
  FOR EACH ROW WHEN (NEW.entry_no > 1) EXECUTE FUNCTION contributions_check_entry();

-- Once per statement: rows agree with their bill, and an issued bill takes no more.
CREATE FUNCTION contributions_check_bill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM (SELECT DISTINCT bill_id FROM added) a JOIN contributions_billissue i USING (bill_id);
  IF FOUND THEN
    RAISE EXCEPTION 'the bill is issued; put the rows on a supplement' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM (SELECT DISTINCT bill_id, payer_id FROM added) a JOIN contributions_bill b ON b.id = a.bill_id
   WHERE b.payer_id <> a.payer_id;
  IF FOUND THEN
    RAISE EXCEPTION 'a person-month is on the bill of another payer' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_bill AFTER INSERT ON contributions_personmonth
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contributions_check_bill();
"""

MONEY = """
-- Issuing locks the bill, so that no row can slip in, and must state exactly what the rows add up to.
CREATE FUNCTION contributions_check_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total bigint;
  heads bigint;
BEGIN
  PERFORM 1 FROM contributions_bill WHERE id = NEW.bill_id FOR UPDATE;
  SELECT coalesce(sum(net), 0), count(*) FILTER (WHERE net > 0) INTO total, heads
    FROM (SELECT sum(jkk + jkm) AS net FROM contributions_personmonth WHERE bill_id = NEW.bill_id
           GROUP BY month, person_id, job) lines;
  IF NEW.amount <> total OR NEW.people <> heads THEN
    RAISE EXCEPTION 'the bill says % for % people, its rows say % for %', NEW.amount, NEW.people, total, heads
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_issue BEFORE INSERT ON contributions_billissue
  FOR EACH ROW EXECUTE FUNCTION contributions_check_issue();

CREATE FUNCTION contributions_check_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  issued bigint;
  received bigint;
  payer_of_bill bigint;
  payer_of_payment bigint;
BEGIN
  SELECT b.payer_id, i.amount INTO payer_of_bill, issued FROM contributions_bill b
    LEFT JOIN contributions_billissue i ON i.bill_id = b.id WHERE b.id = NEW.bill_id FOR UPDATE OF b;
  SELECT payer_id, amount INTO payer_of_payment, received FROM contributions_payment
   WHERE id = NEW.payment_id FOR UPDATE;
  IF issued IS NULL THEN
    RAISE EXCEPTION 'a bill is paid only after it is issued' USING ERRCODE = 'check_violation';
  END IF;
  IF payer_of_bill <> payer_of_payment THEN
    RAISE EXCEPTION 'the payment is of another payer' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT coalesce(sum(amount), 0) FROM contributions_settlement WHERE bill_id = NEW.bill_id) + NEW.amount > issued THEN
    RAISE EXCEPTION 'more than the bill asks' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT coalesce(sum(amount), 0) FROM contributions_settlement WHERE payment_id = NEW.payment_id) + NEW.amount > received THEN
    RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_settlement BEFORE INSERT ON contributions_settlement
  FOR EACH ROW EXECUTE FUNCTION contributions_check_settlement();

-- A bill is settled on the day the last rupiah came.
CREATE VIEW contributions_settledbill AS
  SELECT i.bill_id, max(p.paid_on) AS settled_on
    FROM contributions_billissue i
    JOIN contributions_settlement s ON s.bill_id = i.bill_id
    JOIN contributions_payment p ON p.id = s.payment_id
   GROUP BY i.bill_id, i.amount HAVING sum(s.amount) = i.amount;
"""

UNDO = """
DROP VIEW contributions_settledbill;
DROP TRIGGER check_settlement ON contributions_settlement;
DROP TRIGGER check_issue ON contributions_billissue;
DROP FUNCTION contributions_check_settlement;
DROP FUNCTION contributions_check_issue;
DROP TABLE contributions_personmonth;
DROP FUNCTION contributions_check_bill;
DROP FUNCTION contributions_check_entry;
DROP FUNCTION contributions_ensure_month;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0001_initial")]
    operations = [migrations.RunSQL(PERSON_MONTH + MONEY, UNDO)]
