"""Money comes in by one function of PostgreSQL, whoever calls: a bank's callback, an officer, a statement.

It takes few statements, each of them small: one payment is one call, exactly once for its reference, under the payer's
lock. Cover and JHT accounts follow through a queue."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

SETTLING = """
-- Rupiah of a payment that pay no bill yet; 0 when it was reversed.
CREATE FUNCTION contributions_unapplied(wanted bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT (p.amount - coalesce((SELECT sum(amount) FROM contributions_settlement s WHERE s.payment_id = p.id), 0))::bigint
    FROM contributions_payment p
   WHERE p.id = wanted AND NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                                        WHERE d.payment_id = p.id AND d.outcome = 'approved')
$$;

-- The issued bills of a payer that still ask something, the oldest first.
CREATE FUNCTION contributions_asking(wanted bigint) RETURNS TABLE (bill_id bigint, asked bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT b.id, i.amount - coalesce(met.amount, 0)
    FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id AND i.amount > 0
    LEFT JOIN contributions_met_of(ARRAY(SELECT id FROM contributions_bill WHERE payer_id = wanted)) met
      ON met.bill_id = b.id
   WHERE b.payer_id = wanted AND i.amount > coalesce(met.amount, 0) ORDER BY b.month, b.sequence
$$;

-- Use up to `rest` rupiah of a payment for these bills, one after the other; what each got, and whether that was all.
CREATE FUNCTION contributions_settle(p_payment bigint, p_bills bigint[], p_rest bigint, p_dated date)
RETURNS TABLE (settlement_id bigint, bill_id bigint, amount bigint, whole boolean, kind text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
DECLARE
  asking record;
BEGIN
  FOR asking IN
    SELECT b.id, b.kind, i.amount - contributions_met(b.id) AS asked
      FROM unnest(p_bills) WITH ORDINALITY AS w(id, place) JOIN contributions_bill b ON b.id = w.id
      JOIN contributions_billissue i ON i.bill_id = b.id ORDER BY w.place
  LOOP
    EXIT WHEN p_rest = 0;
    CONTINUE WHEN asking.asked <= 0;
    bill_id := asking.id;
    kind := asking.kind;
    amount := least(p_rest, asking.asked);
    whole := amount = asking.asked;
    INSERT INTO contributions_settlement (payment_id, bill_id, amount, dated)
    VALUES (p_payment, asking.id, least(p_rest, asking.asked), p_dated) RETURNING id INTO settlement_id;
    IF whole THEN
      INSERT INTO contributions_coverpending (bill_id) VALUES (asking.id);
    END IF;
    p_rest := p_rest - least(p_rest, asking.asked);
    RETURN NEXT;
  END LOOP;
END $$;
"""

RECEIVING = """
-- Receive a payment. `p_bills` (issued to this payer, else nothing is done and the answer names no payment) are paid first; unless `p_only`, the payer's oldest bills follow, and the rest stays as
-- the payer's credit. A reference that came before changes nothing; `differs` says that its content was another.
CREATE FUNCTION contributions_receive(
  p_payer bigint, p_kind text, p_reference text, p_paid_on date, p_amount bigint, p_bills bigint[], p_only boolean,
  p_channel text, p_received_at timestamptz, p_actor_id bigint, p_actor text, p_role text,
  OUT payment_id bigint, OUT received_at timestamptz, OUT repeated boolean, OUT differs boolean, OUT settled bigint[],
  OUT people bigint, OUT unapplied bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
DECLARE
  meant bigint := CASE WHEN cardinality(p_bills) = 1 THEN p_bills[1] END;
  earlier contributions_payment;
  paid bigint[];
  contributions bigint;
  penalties bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7317, p_payer::integer);
  repeated := false;
  differs := false;
  IF cardinality(p_bills) > 0 AND cardinality(p_bills) <> (
    SELECT count(*) FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
     WHERE b.id = ANY(p_bills) AND b.payer_id = p_payer AND i.amount > 0) THEN
    RETURN;
  END IF;
  INSERT INTO contributions_payment (payer_id, kind, reference, paid_on, amount, channel, meant_for_id, received_at,
                                     received_by)
  VALUES (p_payer, p_kind, p_reference, p_paid_on, p_amount, p_channel, meant, p_received_at, p_actor)
  ON CONFLICT (reference) DO NOTHING RETURNING id, contributions_payment.received_at INTO payment_id, received_at;
  IF payment_id IS NULL THEN
    SELECT * INTO STRICT earlier FROM contributions_payment WHERE reference = p_reference;
    payment_id := earlier.id;
    received_at := earlier.received_at;
    repeated := true;
    differs := (earlier.payer_id, earlier.kind, earlier.paid_on, earlier.amount) <> (p_payer, p_kind, p_paid_on, p_amount)
      OR (earlier.meant_for_id IS NOT NULL AND earlier.meant_for_id IS DISTINCT FROM meant);
    SELECT coalesce(array_agg(s.bill_id ORDER BY s.bill_id), '{}') INTO paid FROM contributions_settlement s
     WHERE s.payment_id = earlier.id;
    differs := differs OR (p_only AND NOT paid <@ p_bills);
    SELECT coalesce(array_agg(b.bill_id ORDER BY b.bill_id), '{}') INTO settled
      FROM contributions_billissue b JOIN contributions_met_of(paid) met USING (bill_id) WHERE met.amount = b.amount;
    people := 0;
    unapplied := coalesce(contributions_unapplied(earlier.id), 0);
    RETURN;
  END IF;

  SELECT coalesce(array_agg(s.bill_id) FILTER (WHERE s.whole), '{}'), p_amount - coalesce(sum(s.amount), 0),
         coalesce(sum(s.amount) FILTER (WHERE s.kind = 'contribution'), 0),
         coalesce(sum(s.amount) FILTER (WHERE s.kind = 'penalty'), 0)
    INTO settled, unapplied, contributions, penalties FROM contributions_settle(payment_id, p_bills, p_amount, NULL) s;
  IF unapplied > 0 AND NOT p_only THEN
    SELECT settled || coalesce(array_agg(s.bill_id) FILTER (WHERE s.whole), '{}'),
           unapplied - coalesce(sum(s.amount), 0),
           contributions + coalesce(sum(s.amount) FILTER (WHERE s.kind = 'contribution'), 0),
           penalties + coalesce(sum(s.amount) FILTER (WHERE s.kind = 'penalty'), 0)
      INTO settled, unapplied, contributions, penalties
      FROM contributions_settle(payment_id, ARRAY(SELECT a.bill_id FROM contributions_asking(p_payer) a), unapplied, NULL) s;
  END IF;
  people := 0;
  IF cardinality(settled) > 0 THEN
    SELECT coalesce(sum(i.people), 0) INTO people FROM contributions_billissue i WHERE i.bill_id = ANY(settled);
  END IF;
  PERFORM ledger_post(
    p_paid_on, 'payment', 'payment:' || payment_id, ARRAY['1101', '2201', '1201', '1202'],
    ARRAY[p_amount, -unapplied, -contributions, -penalties], ARRAY[NULL, p_payer, p_payer, p_payer]::bigint[]);
  INSERT INTO core_actionentry (actor_id, actor_name, role, action, subject, reason, after)
  VALUES (p_actor_id, p_actor, p_role,
          CASE WHEN p_only THEN 'contributions.record_payment' ELSE 'contributions.receive_payment' END,
          'payment:' || payment_id, '',
          jsonb_build_object('payer', p_payer, 'amount', p_amount, 'settled', to_jsonb(settled), 'people', people,
                             'unapplied', unapplied));
END $$;

-- Put a payer's credit from payments to use, the oldest money first; the bills that are settled by it.
CREATE FUNCTION contributions_apply_credit(p_payer bigint, p_dated date) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  asking bigint[] := ARRAY(SELECT a.bill_id FROM contributions_asking(p_payer) a);
  credit record;
  part record;
  settled bigint[] := '{}';
BEGIN
  IF asking = '{}' THEN
    RETURN settled;
  END IF;
  FOR credit IN
    SELECT p.id, p.paid_on, contributions_unapplied(p.id) AS rest FROM contributions_payment p
     WHERE p.payer_id = p_payer
       AND p.amount > coalesce((SELECT sum(s.amount) FROM contributions_settlement s WHERE s.payment_id = p.id), 0)
     ORDER BY p.paid_on, p.id
  LOOP
    CONTINUE WHEN coalesce(credit.rest, 0) <= 0;
    FOR part IN SELECT * FROM contributions_settle(credit.id, asking, credit.rest, greatest(credit.paid_on, p_dated)) LOOP
      IF part.whole THEN
        settled := settled || part.bill_id;
      END IF;
      PERFORM ledger_post(
        greatest(credit.paid_on, p_dated), 'settlement', 'settlement:' || part.settlement_id,
        ARRAY['2201', CASE part.kind WHEN 'penalty' THEN '1202' ELSE '1201' END], ARRAY[part.amount, -part.amount],
        ARRAY[p_payer, p_payer]);
    END LOOP;
  END LOOP;
  RETURN settled;
END $$;

-- What a reversed payment had done is undone in the books; the bills it had paid, whole or in part.
CREATE FUNCTION contributions_take_out(p_payment bigint, p_dated date) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  payment contributions_payment;
  paid record;
BEGIN
  SELECT * INTO STRICT payment FROM contributions_payment WHERE id = p_payment;
  PERFORM 1 FROM contributions_paymentreversaldecision WHERE payment_id = p_payment AND outcome = 'approved';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the reversal is not approved' USING ERRCODE = 'check_violation';
  END IF;
  SELECT coalesce(array_agg(DISTINCT s.bill_id), '{}') AS bills,
         coalesce(sum(s.amount) FILTER (WHERE b.kind = 'contribution'), 0)::bigint AS contributions,
         coalesce(sum(s.amount) FILTER (WHERE b.kind = 'penalty'), 0)::bigint AS penalties
    INTO paid FROM contributions_settlement s JOIN contributions_bill b ON b.id = s.bill_id WHERE s.payment_id = p_payment;
  PERFORM ledger_post(
    p_dated, 'payment_reversal', 'payment:' || p_payment, ARRAY['1101', '2201', '1201', '1202'],
    ARRAY[-payment.amount, payment.amount - paid.contributions - paid.penalties, paid.contributions, paid.penalties],
    ARRAY[NULL, payment.payer_id, payment.payer_id, payment.payer_id]::bigint[]);
  INSERT INTO contributions_coverpending (bill_id) SELECT unnest(paid.bills);
  RETURN paid.bills;
END $$;
REVOKE EXECUTE ON FUNCTION contributions_take_out, contributions_settle, contributions_receive, contributions_apply_credit,
  contributions_asking, contributions_unapplied FROM PUBLIC;
"""

BOOKS = """
-- An issued bill in the books: what is owed, and to which funds; JHT waits until it is paid. A credit does the opposite.
CREATE FUNCTION contributions_post_bill(p_bill bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  issued record;
  parts record;
BEGIN
  SELECT b.payer_id, b.kind, i.amount, i.issued_on INTO STRICT issued
    FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id WHERE b.id = p_bill;
  IF issued.kind = 'penalty' THEN
    PERFORM ledger_post(issued.issued_on, 'bill', 'bill:' || p_bill, ARRAY['1202', '4201'],
                        ARRAY[issued.amount, -issued.amount], ARRAY[issued.payer_id, NULL]::bigint[]);
    RETURN;
  END IF;
  SELECT sum(jkk)::bigint AS jkk, sum(jkm)::bigint AS jkm, sum(jht)::bigint AS jht, sum(jp)::bigint AS jp,
         sum(jkp)::bigint AS jkp INTO parts FROM contributions_personmonth WHERE bill_id = p_bill;
  PERFORM ledger_post(issued.issued_on, 'bill', 'bill:' || p_bill, ARRAY['1201', '4101', '4102', '4103', '4104', '2102'],
    ARRAY[issued.amount, parts.jkp - parts.jkk, -parts.jkm, -parts.jp, -parts.jkp, -parts.jht],
    ARRAY[issued.payer_id, NULL, NULL, NULL, NULL, NULL]::bigint[]);
END $$;

-- Members' JHT accounts follow what is owed and paid: of each month that these bills touch, as much is credited as is
-- owed by all issued entries together, and no more than stands on bills that are settled. Again, it changes nothing.
-- Without sequential scans: a table that grows under the statement would be read again for each member.
CREATE FUNCTION contributions_credit_jht(p_bills bigint[], p_dated date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET enable_seqscan = off SET work_mem = '64MB' AS $$
DECLARE
  run bigint;
  moved bigint;
BEGIN
  PERFORM 1 FROM contributions_personmonth WHERE bill_id = ANY(p_bills) AND jht <> 0 LIMIT 1;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  PERFORM pg_advisory_xact_lock(7316, 5);
  run := nextval(pg_get_serial_sequence('contributions_coverpending', 'id'));
  WITH touched AS MATERIALIZED (
    SELECT DISTINCT month, person_id, job FROM contributions_personmonth WHERE bill_id = ANY(p_bills) AND jht <> 0),
  entries AS MATERIALIZED (
    SELECT pm.month, pm.membership_id, pm.jht, i.bill_id, i.amount
      FROM touched JOIN contributions_personmonth pm USING (month, person_id, job)
      JOIN contributions_billissue i ON i.bill_id = pm.bill_id),
  settled AS MATERIALIZED (
    SELECT bill_id, settled_on FROM contributions_settledbill
     WHERE bill_id = ANY(ARRAY(SELECT DISTINCT bill_id FROM entries WHERE amount > 0))),
  wanted AS (
    SELECT month, membership_id, max(s.settled_on) AS settled_on,
           least(sum(jht), coalesce(sum(jht) FILTER (WHERE s.bill_id IS NOT NULL), 0)) AS jht
      FROM entries e LEFT JOIN settled s USING (bill_id) GROUP BY month, membership_id),
  compared AS (
    SELECT w.membership_id, w.month, w.settled_on, w.jht - coalesce(m.amount, 0) AS amount, coalesce(m.amount, 0) AS before
      FROM wanted w CROSS JOIN LATERAL (
        SELECT sum(m.amount)::bigint AS amount FROM ledger_jhtmovement m
         WHERE m.membership_id = w.membership_id AND m.source LIKE 'iuran:' || to_char(w.month, 'YYYY-MM') || ':%') m),
  written AS (
    INSERT INTO ledger_jhtmovement (membership_id, dated, amount, kind, source)
    SELECT membership_id, greatest(CASE WHEN before = 0 THEN settled_on ELSE p_dated END, '2015-07-01'), amount,
           CASE WHEN before = 0 THEN 'contribution' ELSE 'correction' END,
           'iuran:' || to_char(month, 'YYYY-MM') || ':' || run
      FROM compared WHERE amount <> 0 RETURNING amount)
  SELECT coalesce(sum(amount), 0) INTO moved FROM written;
  IF moved <> 0 THEN
    PERFORM ledger_post(p_dated, 'jht', 'jht:' || run, ARRAY['2102', '2101'], ARRAY[moved, -moved],
                        ARRAY[NULL, NULL]::bigint[]);
  END IF;
  RETURN moved;
END $$;
REVOKE EXECUTE ON FUNCTION contributions_post_bill, contributions_credit_jht FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("contributions", "0006_programmes"),
        ("core", "0004_companies"),
        ("ledger", "0002_guards"),
    ]
    operations: ClassVar = [
        migrations.AddField(
            "payment",
            "meant_for",
            models.ForeignKey(
                "contributions.bill", on_delete=django.db.models.deletion.PROTECT, related_name="+", null=True
            ),
        ),
        # A bill that is open again after a reversal may meet the rest of the same payment or credit a second time.
        migrations.RemoveConstraint("settlement", "settlement_once"),
        migrations.RemoveConstraint("setoff", "set_off_once"),
        migrations.RunSQL(SETTLING + RECEIVING + BOOKS, migrations.RunSQL.noop),
    ]
