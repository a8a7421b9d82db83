"""The chart of accounts, and what PostgreSQL keeps of the books: entries balance, stand as they were written, and lie
in open periods; functions that post one entry or many; the yearly crediting of JHT accounts in one run."""

from typing import ClassVar

from django.db import migrations

CHART = """
INSERT INTO ledger_account (code, name, kind, programme, by_payer) VALUES
  ('1101', 'Bank', 'asset', '', false),
  ('1201', 'Piutang iuran', 'asset', '', true),
  ('1202', 'Piutang denda', 'asset', '', true),
  ('2101', 'Saldo JHT peserta', 'liability', 'JHT', false),
  ('2102', 'Iuran JHT ditagih, belum diterima', 'liability', 'JHT', false),
  ('2103', 'Saldo JHT yang sudah diambil', 'liability', 'JHT', false),
  ('2201', 'Uang muka pembayar', 'liability', '', true),
  ('2301', 'Uang masuk belum dikenali', 'liability', '', false),
  ('2401', 'Manfaat yang harus dibayar', 'liability', '', false),
  ('3101', 'Dana JKK', 'fund', 'JKK', false),
  ('3102', 'Dana JKM', 'fund', 'JKM', false),
  ('3103', 'Dana JP', 'fund', 'JP', false),
  ('3104', 'Dana JKP', 'fund', 'JKP', false),
  ('3105', 'Cadangan JHT', 'fund', 'JHT', false),
  ('4101', 'Iuran JKK', 'income', 'JKK', false),
  ('4102', 'Iuran JKM', 'income', 'JKM', false),
  ('4103', 'Iuran JP', 'income', 'JP', false),
  ('4104', 'Iuran JKP', 'income', 'JKP', false),
  ('4201', 'Denda keterlambatan', 'income', '', false),
  ('4301', 'Hasil pengembangan belum dibagi', 'income', '', false),
  ('4311', 'Hasil pengembangan dana JKK', 'income', 'JKK', false),
  ('4312', 'Hasil pengembangan dana JKM', 'income', 'JKM', false),
  ('4313', 'Hasil pengembangan dana JP', 'income', 'JP', false),
  ('4314', 'Hasil pengembangan dana JKP', 'income', 'JKP', false),
  ('4315', 'Hasil pengembangan dana JHT', 'income', 'JHT', false),
  ('5101', 'Manfaat JKK', 'expense', 'JKK', false),
  ('5102', 'Manfaat JKM', 'expense', 'JKM', false),
  ('5103', 'Manfaat JP', 'expense', 'JP', false),
  ('5104', 'Manfaat JKP', 'expense', 'JKP', false),
  ('5105', 'Hasil pengembangan dikreditkan ke saldo JHT', 'expense', 'JHT', false),
  ('5901', 'Piutang dihapuskan', 'expense', '', false);
"""

ENTRIES = """
ALTER TABLE ledger_entry ALTER COLUMN made_in SET DEFAULT (pg_current_xact_id()::text::bigint);

-- A closing month waits for everybody who is posting to it, and they for it; other months go on.
CREATE FUNCTION ledger_hold_month(month date) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock_shared(7320, extract(year FROM month)::integer * 12 + extract(month FROM month)::integer)
$$;

CREATE FUNCTION ledger_closed_through() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT coalesce((SELECT max(month) FROM ledger_periodclose), '-infinity')
$$;

-- The period in which something of this day counts: its own month, or the first open one after it; held open until the
-- transaction ends.
CREATE FUNCTION ledger_open_month(dated date) RETURNS date
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  month date := date_trunc('month', dated);
  closed date;
BEGIN
  LOOP
    PERFORM ledger_hold_month(month);
    SELECT max(c.month) INTO closed FROM ledger_periodclose c;
    EXIT WHEN closed IS NULL OR month > closed;
    month := closed + interval '1 month';
  END LOOP;
  RETURN month;
END $$;

CREATE FUNCTION ledger_check_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  found record;
BEGIN
  SELECT min(month) AS first_month, bool_or(month < date_trunc('month', dated)) AS early,
         bool_or(made_in <> pg_current_xact_id()::text::bigint
                 OR posted_at NOT BETWEEN transaction_timestamp() AND clock_timestamp()) AS forged
    INTO found FROM added;
  IF found.early THEN
    RAISE EXCEPTION 'an entry cannot count before its own month' USING ERRCODE = 'check_violation';
  END IF;
  IF found.forged THEN
    RAISE EXCEPTION 'an entry bears the transaction and the time that made it' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM ledger_hold_month(m) FROM (SELECT DISTINCT month AS m FROM added ORDER BY 1) months;
  IF found.first_month <= ledger_closed_through() THEN
    RAISE EXCEPTION 'the period is closed; post to the next open one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_entries AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entries();

-- Postings come in the transaction that made their entry, and each statement's balance by themselves: so an entry that
-- was found balanced stays so, whatever follows. Entries are looked up one by one, by their key: a plan made while the
-- tables were small would otherwise read them whole.
CREATE FUNCTION ledger_check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added GROUP BY entry_id HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'an entry does not balance' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT entry_id, month FROM added) a LEFT JOIN LATERAL (
               SELECT month, made_in, posted_at FROM ledger_entry WHERE id = a.entry_id LIMIT 1) e ON true
              WHERE e.month IS DISTINCT FROM a.month OR e.made_in <> pg_current_xact_id()::text::bigint
                 OR e.posted_at < transaction_timestamp()) THEN
    RAISE EXCEPTION 'postings are written together with their entry; later a new entry corrects'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM added a LEFT JOIN ledger_account c ON c.code = a.account_id
              WHERE c.code IS NULL OR (c.by_payer AND a.payer_id IS NULL)) THEN
    RAISE EXCEPTION 'a posting names an account of the chart, and a payer where the account is kept by payer'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM added a WHERE a.payer_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM payers_payer y WHERE y.id = a.payer_id)) THEN
    RAISE EXCEPTION 'a posting names a payer that does not exist' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_postings AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_postings();

CREATE FUNCTION ledger_check_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  lines bigint;
  rest numeric;
BEGIN
  SELECT count(*), coalesce(sum(amount), 0) INTO lines, rest FROM ledger_posting WHERE entry_id = NEW.id;
  IF lines < 2 OR rest <> 0 THEN
    RAISE EXCEPTION 'entry % % does not balance: its % postings add up to %', NEW.kind, NEW.source, lines, rest
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();

CREATE FUNCTION ledger_keep_payer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_posting WHERE payer_id = OLD.id) THEN
    RAISE EXCEPTION 'the payer is in the books' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER keep_in_books BEFORE DELETE ON payers_payer FOR EACH ROW EXECUTE FUNCTION ledger_keep_payer();
"""

POSTING = """
-- Post one entry; its number. Amounts of zero are left out. The same kind and source again changes nothing and gives
-- the entry that stands; with other lines it is refused.
CREATE FUNCTION ledger_post(p_dated date, p_kind text, p_source text, p_accounts text[], p_amounts bigint[],
  p_payers bigint[] DEFAULT NULL, p_note text DEFAULT '', p_by text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  entry bigint;
  counted date := ledger_open_month(p_dated);
BEGIN
  INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by)
  VALUES (p_dated, counted, p_kind, p_source, p_note, coalesce(p_by, ledger_poster()))
  ON CONFLICT (kind, source) DO NOTHING RETURNING id INTO entry;
  IF entry IS NOT NULL THEN
    INSERT INTO ledger_posting (entry_id, line, account_id, month, payer_id, amount)
    SELECT entry, line, account, counted, payer, amount
      FROM unnest(p_accounts, p_amounts, p_payers) WITH ORDINALITY AS l(account, amount, payer, line)
     WHERE amount IS DISTINCT FROM 0;
    RETURN entry;
  END IF;
  SELECT id INTO STRICT entry FROM ledger_entry WHERE kind = p_kind AND source = p_source;
  IF EXISTS (SELECT account_id, payer_id, sum(amount)
               FROM (SELECT p.account_id, p.payer_id, p.amount FROM ledger_posting p WHERE p.entry_id = entry
                      UNION ALL
                     SELECT account, payer, -amount FROM unnest(p_accounts, p_amounts, p_payers)
                            AS l(account, amount, payer)) both_times
              GROUP BY account_id, payer_id HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION '% % was posted before with other lines', p_kind, p_source USING ERRCODE = 'unique_violation';
  END IF;
  RETURN entry;
END $$;

CREATE FUNCTION ledger_poster() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT coalesce((SELECT username FROM core_user
                    WHERE id = nullif(current_setting('lindung.actor', true), '')::bigint), 'sistem')
$$;

-- Post many entries of one kind from the caller's temporary table
--   ledger_lines (source text, dated date, line smallint, account text, payer_id bigint, amount bigint);
-- how many are new. Sources that stand are left as they are. Amounts of zero must not be in the table.
CREATE FUNCTION ledger_post_many(p_kind text, p_note text DEFAULT '', p_by text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  made bigint;
BEGIN
  WITH days AS MATERIALIZED (
    SELECT d.dated, ledger_open_month(d.dated) AS month FROM (SELECT DISTINCT dated FROM pg_temp.ledger_lines) d),
  entries AS (
    INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by)
    SELECT d.dated, d.month, p_kind, s.source, p_note, coalesce(p_by, ledger_poster())
      FROM (SELECT source, min(dated) AS dated FROM pg_temp.ledger_lines GROUP BY source) s JOIN days d USING (dated)
    ON CONFLICT (kind, source) DO NOTHING RETURNING id, source, month),
  lines AS (
    INSERT INTO ledger_posting (entry_id, line, account_id, month, payer_id, amount)
    SELECT e.id, l.line, l.account, e.month, l.payer_id, l.amount
      FROM entries e JOIN pg_temp.ledger_lines l USING (source))
  SELECT count(*) INTO made FROM entries;
  RETURN made;
END $$;

REVOKE EXECUTE ON FUNCTION ledger_post, ledger_post_many FROM PUBLIC;

-- What every month moved on every account: closed months as they were fixed, open ones added up.
CREATE VIEW ledger_turnover AS
  SELECT month, account_id, debit, credit FROM ledger_periodbalance
   UNION ALL
  SELECT o.month, c.code, o.debit, o.credit FROM ledger_account c CROSS JOIN LATERAL (
    SELECT p.month, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)::bigint AS debit,
           coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0)::bigint AS credit
      FROM ledger_posting p WHERE p.account_id = c.code AND p.month > ledger_closed_through() GROUP BY p.month) o;
"""

FOUR_EYES = """
-- `proposed_by` is a copy, so that a check can compare it; this key makes the copy true.
ALTER TABLE ledger_verdict ADD CONSTRAINT verdict_names_proposer
  FOREIGN KEY (proposal_id, proposed_by_id) REFERENCES ledger_proposal (id, proposed_by_id);

CREATE FUNCTION ledger_require_approved(verdict bigint, asked_kind text, asked_subject text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM ledger_verdict v JOIN ledger_proposal p ON p.id = v.proposal_id
   WHERE v.proposal_id = verdict AND v.outcome = 'approved' AND p.kind = asked_kind AND p.subject = asked_subject;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a second officer must have approved % %', asked_kind, asked_subject
      USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE FUNCTION ledger_check_close() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  closed date := ledger_closed_through();
  number integer := extract(year FROM NEW.month)::integer * 12 + extract(month FROM NEW.month)::integer;
BEGIN
  PERFORM ledger_require_approved(NEW.verdict_id, 'close', to_char(NEW.month, 'YYYY-MM'));
  -- Nobody is posting to this month or shortly before it any more, and whoever comes now finds it closed.
  PERFORM pg_advisory_xact_lock(7320, n) FROM generate_series(number - 120, number) n;
  IF NEW.month <= closed OR EXISTS (SELECT 1 FROM ledger_entry WHERE month > closed AND month < NEW.month) THEN
    RAISE EXCEPTION 'months are closed once, the earliest first' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_close BEFORE INSERT ON ledger_periodclose
  FOR EACH ROW EXECUTE FUNCTION ledger_check_close();

CREATE FUNCTION ledger_fix_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO ledger_periodbalance (month, account_id, debit, credit)
  SELECT NEW.month, c.code, moved.debit, moved.credit FROM ledger_account c CROSS JOIN LATERAL (
    SELECT coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS debit,
           coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS credit, count(*) AS postings
      FROM ledger_posting p WHERE p.account_id = c.code AND p.month = NEW.month) moved
   WHERE moved.postings > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER fix_balances AFTER INSERT ON ledger_periodclose
  FOR EACH ROW EXECUTE FUNCTION ledger_fix_balances();

CREATE FUNCTION ledger_check_rate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM ledger_require_approved(NEW.verdict_id, 'rate', NEW.year::text);
  IF (SELECT content ->> 'per_100000' FROM ledger_proposal WHERE id = NEW.verdict_id) <> NEW.per_100000::text THEN
    RAISE EXCEPTION 'a second officer must have approved this very rate' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_rate BEFORE INSERT ON ledger_jhtrate FOR EACH ROW EXECUTE FUNCTION ledger_check_rate();
"""

JHT = """
-- Seen by whoever sees the membership; written by actions over many memberships at once.
ALTER TABLE ledger_jhtmovement ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_membership ON ledger_jhtmovement FOR SELECT
  USING (EXISTS (SELECT 1 FROM membership_membership m WHERE m.id = membership_id));
CREATE POLICY by_actions ON ledger_jhtmovement FOR INSERT WITH CHECK (true);
ALTER TABLE ledger_jhtreturn ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_membership ON ledger_jhtreturn FOR SELECT
  USING (EXISTS (SELECT 1 FROM membership_membership m WHERE m.id = membership_id));

CREATE FUNCTION ledger_check_movements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a WHERE NOT EXISTS (SELECT 1 FROM membership_membership m
                                                      WHERE m.id = a.membership_id)) THEN
    RAISE EXCEPTION 'a JHT movement names a membership that does not exist' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_movements AFTER INSERT ON ledger_jhtmovement REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_movements();

CREATE FUNCTION ledger_keep_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_jhtmovement WHERE membership_id = OLD.id) THEN
    RAISE EXCEPTION 'the membership has a JHT account' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER keep_in_books BEFORE DELETE ON membership_membership
  FOR EACH ROW EXECUTE FUNCTION ledger_keep_membership();

-- The first year in which anything moved, whoever asks; the index of days answers for each year.
CREATE FUNCTION ledger_first_jht_year() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT y FROM generate_series(2015, 2100) y WHERE EXISTS (
    SELECT 1 FROM ledger_jhtmovement WHERE dated BETWEEN make_date(y, 1, 1) AND make_date(y, 12, 31))
   ORDER BY y LIMIT 1
$$;

-- The account's movements stand together in the key's index, with all that the crediting asks of them; vacuumed often,
-- so that the index is read alone.
ALTER TABLE ledger_jhtmovement DROP CONSTRAINT ledger_jhtmovement_pkey,
  ADD PRIMARY KEY (membership_id, source) INCLUDE (dated, amount);
ALTER TABLE ledger_jhtmovement SET (autovacuum_vacuum_insert_scale_factor = 0.05);

-- A sum that stays a bigint (or overflows, loudly): sum() goes by way of numeric.
CREATE AGGREGATE ledger_total(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0');

-- Sen to the nearest rupiah, halves up, also below zero: shifted far above zero, where division rounds down.
CREATE FUNCTION ledger_rupiah(sen bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (sen + 50 + 4000000000000000000) / 100 - 40000000000000000
$$;

-- Credit a year's return to every JHT account, in one statement: the law's rule jht_credits for all of them. Amounts
-- stand for months: the opening balance for twelve, a movement from its own month on. Run again, it credits only what
-- has come since, and nothing when nothing has. An account below zero earns nothing.
-- Without hashing: all that is read comes in the order of the memberships, out of the indexes, account by account. So
-- the memory is the same for any number of accounts, and the index of the returns only grows at its end.
CREATE FUNCTION ledger_credit_jht_year(credited_year integer, rate integer, p_by text,
  OUT accounts bigint, OUT amount bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
  SET enable_hashagg = off SET work_mem = '64MB' AS $$
DECLARE
  whole constant bigint := 12 * 100000;
  first_day constant date := make_date(credited_year, 1, 1);
  last_day constant date := make_date(credited_year, 12, 31);
  months_left constant integer[] := ARRAY(SELECT 13 - extract(month FROM day)::integer
    FROM generate_series(first_day, last_day, interval '1 day') day ORDER BY day);
  this_run constant integer := 1 + (SELECT count(*) FROM ledger_jhtcrediting WHERE year = credited_year);
  seen bigint;
  written bigint;
  entry bigint;
BEGIN
  WITH parts AS (
    SELECT b.membership_id, ledger_total(b.carry_sen) AS sen, ledger_total(b.carry_sen) * 12 AS standing,
           0::bigint AS credited, 0::bigint AS carried, 0::bigint AS moved
      FROM ledger_jhtreturn b WHERE b.year = credited_year - 1 GROUP BY b.membership_id
     UNION ALL
    SELECT m.membership_id, ledger_total(m.amount) * 100,
           ledger_total(m.amount * months_left[m.dated - first_day + 1]) * 100, 0::bigint, 0::bigint, count(*)
      FROM ledger_jhtmovement m WHERE m.dated BETWEEN first_day AND last_day GROUP BY m.membership_id
     UNION ALL
    SELECT r.membership_id, 0::bigint, 0::bigint, ledger_total(r.amount * 100 + r.extra_sen),
           ledger_total(r.carry_sen), 0::bigint
      FROM ledger_jhtreturn r WHERE r.year = credited_year GROUP BY r.membership_id),
  members AS (
    SELECT membership_id, ledger_total(sen) AS sen, greatest(ledger_total(standing), 0) AS standing,
           ledger_total(credited) AS credited, ledger_total(carried) AS carried, ledger_total(moved) AS moved
      FROM parts GROUP BY membership_id),
  earned AS (
    SELECT membership_id, moved, credited, carried, sen + credited AS before,
           sen + standing / whole * rate + (2 * (standing % whole * rate) + whole) / (2 * whole) AS after
      FROM members),
  found AS MATERIALIZED (
    SELECT membership_id, moved, ledger_rupiah(after) - ledger_rupiah(before) AS rupiah, after - before AS sen,
           after - carried AS carry FROM earned ORDER BY membership_id),
  inserted AS (
    INSERT INTO ledger_jhtreturn (year, membership_id, run, amount, extra_sen, carry_sen)
    SELECT credited_year, membership_id, this_run, rupiah, sen - 100 * rupiah, carry FROM found
     WHERE sen <> 0 OR carry <> 0)
  SELECT count(*) FILTER (WHERE f.sen <> 0), coalesce(sum(f.rupiah), 0), coalesce(sum(f.moved), 0),
         count(*) FILTER (WHERE f.sen <> 0 OR f.carry <> 0) INTO accounts, amount, seen, written FROM found f;
  IF this_run = 1 OR written > 0 THEN
    IF amount <> 0 THEN
      entry := ledger_post(last_day, 'jht_interest', credited_year || ':' || this_run, ARRAY['5105', '2101'],
                           ARRAY[amount, -amount], p_note => 'Hasil pengembangan JHT ' || credited_year, p_by => p_by);
    END IF;
    INSERT INTO ledger_jhtcrediting (year, run, per_100000, movements, accounts, amount, entry_id)
    VALUES (credited_year, this_run, rate, seen, accounts, amount, entry);
  END IF;
END $$;

-- The same, after whatever came late for the years before: they are carried into the year that is credited.
CREATE FUNCTION ledger_credit_jht(credited_year integer, rate integer, p_by text DEFAULT NULL,
  OUT accounts bigint, OUT amount bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  earlier record;
  changed boolean := false;
BEGIN
  PERFORM pg_advisory_xact_lock(7321, 0);
  IF EXISTS (SELECT 1 FROM ledger_jhtcrediting WHERE year = credited_year AND per_100000 <> rate) THEN
    RAISE EXCEPTION 'the year was credited at another rate' USING ERRCODE = 'check_violation';
  END IF;
  IF ledger_first_jht_year() < credited_year
     AND NOT EXISTS (SELECT 1 FROM ledger_jhtcrediting WHERE year = credited_year - 1) THEN
    RAISE EXCEPTION 'the year before has not been credited' USING ERRCODE = 'check_violation';
  END IF;
  FOR earlier IN SELECT DISTINCT ON (year) year, per_100000, movements FROM ledger_jhtcrediting
                  WHERE year < credited_year ORDER BY year, run DESC LOOP
    changed := changed OR earlier.movements <> (
      SELECT count(*) FROM ledger_jhtmovement
       WHERE dated BETWEEN make_date(earlier.year, 1, 1) AND make_date(earlier.year, 12, 31));
    IF changed THEN
      PERFORM ledger_credit_jht_year(earlier.year, earlier.per_100000, p_by);
    END IF;
  END LOOP;
  SELECT y.accounts, y.amount INTO accounts, amount FROM ledger_credit_jht_year(credited_year, rate, p_by) y;
END $$;

REVOKE EXECUTE ON FUNCTION ledger_credit_jht, ledger_credit_jht_year FROM PUBLIC;
"""

UNDO = """
DROP VIEW ledger_turnover;
DROP TRIGGER keep_in_books ON membership_membership;
DROP TRIGGER keep_in_books ON payers_payer;
DROP FUNCTION ledger_credit_jht, ledger_credit_jht_year, ledger_first_jht_year, ledger_rupiah, ledger_keep_membership,
  ledger_keep_payer, ledger_post_many, ledger_post, ledger_poster, ledger_require_approved;
DROP AGGREGATE ledger_total(bigint);
DROP FUNCTION ledger_check_movements, ledger_check_rate, ledger_fix_balances, ledger_check_close,
  ledger_check_balance, ledger_check_postings, ledger_check_entries, ledger_open_month, ledger_closed_through,
  ledger_hold_month CASCADE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_initial"), ("core", "0004_companies")]
    operations: ClassVar = [migrations.RunSQL(CHART + ENTRIES + POSTING + FOUR_EYES + JHT, UNDO)]
