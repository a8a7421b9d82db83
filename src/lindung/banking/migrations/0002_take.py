"""One message of a bank, from its number to what is booked, in one statement."""

from typing import ClassVar

from django.db import migrations

TAKE = """
-- Whoever repeats, in whatever order and however many at once: a payment is booked once. Messages about one payer's bills
-- wait for each other (the lock of contributions_receive); what slips through otherwise meets a key and is asked again
-- (serialization_failure). The answer's facts are kept with the message; response codes are those of the standard.
-- Its plans are made once: made anew for each payment, they would take as long as the payment itself.
CREATE FUNCTION banking_take(
  p_service smallint, p_partner bigint, p_external text, p_day date, p_digest text, p_request text, p_channel text,
  p_bill bigint, p_payer bigint, p_amount bigint, p_reference text, p_advice boolean, p_paid_on date,
  p_today date,
  OUT response_code text, OUT facts jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  bank banking_bankpartner;
  earlier banking_callback;
  bill record;
  unpaid bigint;
  story date;
  paid_on date;
  received record;
  made bigint;
BEGIN
  facts := '{}';
  SELECT * INTO bank FROM banking_bankpartner WHERE id = p_partner AND active;
  IF NOT FOUND THEN
    response_code := banking_code(401, p_service, '00');
    RETURN;
  END IF;
  SELECT b.id, b.payer_id, b.month, i.number, i.amount, i.due_on, y.name INTO bill
    FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id JOIN payers_payer y ON y.id = b.payer_id
   WHERE b.id = coalesce(p_bill, banking_first_bill(p_payer)) AND i.amount > 0;
  IF bill.id IS NOT NULL AND p_service = 25 THEN
    PERFORM pg_advisory_xact_lock(7317, bill.payer_id::integer);
  END IF;

  SELECT * INTO earlier FROM banking_callback
   WHERE partner_id = p_partner AND external_id = p_external AND day = p_day;
  IF FOUND THEN
    IF earlier.service = p_service AND earlier.body_digest = p_digest THEN
      response_code := earlier.response_code;
      facts := earlier.facts;
    ELSE
      response_code := banking_code(409, p_service, '00');
    END IF;
    RETURN;
  END IF;

  IF p_service = 25 THEN
    SELECT * INTO earlier FROM banking_callback
     WHERE partner_id = p_partner AND request_id = p_request AND payment_id IS NOT NULL;
  END IF;
  IF earlier.id IS NOT NULL THEN
    facts := earlier.facts;
    response_code := CASE WHEN earlier.amount = p_amount AND (earlier.bill_id = bill.id OR p_payer = (
                                 SELECT payer_id FROM contributions_bill WHERE id = earlier.bill_id))
                          THEN banking_code(200, p_service, '00') ELSE banking_code(404, p_service, '18') END;
  ELSIF bill.id IS NULL THEN
    response_code := banking_code(404, p_service, '12');
  ELSE
    IF p_payer IS NULL THEN
      unpaid := bill.amount - contributions_met(bill.id);
    ELSE
      SELECT coalesce(sum(asked), 0) INTO unpaid FROM contributions_asking(p_payer);
    END IF;
    SELECT business_date INTO story FROM core_installation WHERE id = 1;  -- set in a demonstration only
    paid_on := least(p_paid_on, story);
    facts := jsonb_build_object('name', bill.name);
    IF unpaid = 0 THEN
      response_code := banking_code(404, p_service, '14');
    ELSIF p_payer IS NULL AND paid_on > bill.due_on + bank.days_after_due THEN
      response_code := banking_code(404, p_service, '19');
    ELSIF p_service = 25 AND bank.amounts = 'closed' AND p_amount <> unpaid THEN
      response_code := banking_code(404, p_service, '13');
    ELSE
      facts := facts || jsonb_build_object('number', bill.number, 'month', to_char(bill.month, 'YYYY-MM'));
      response_code := banking_code(200, p_service, '00');
      IF p_service = 25 THEN
        SELECT * INTO received FROM contributions_receive(
          bill.payer_id, 'va', banking_reference(bank.service_id, p_request), paid_on, p_amount, ARRAY[bill.id], false,
          bank.name, now() + make_interval(days => coalesce(story - p_today, 0)), NULL, bank.name, 'bank');
        IF received.differs THEN
          response_code := banking_code(404, p_service, '18');
          SELECT c.facts INTO facts FROM banking_callback c WHERE c.payment_id = received.payment_id;
          facts := coalesce(facts, '{}');
        ELSE
          facts := facts || jsonb_build_object('paid', p_amount);
          made := received.payment_id;
        END IF;
      ELSE
        facts := facts || jsonb_build_object('left', unpaid);
      END IF;
    END IF;
  END IF;

  INSERT INTO banking_callback (partner_id, external_id, day, service, body_digest, request_id, channel, bill_id, amount,
         reference, advice, response_code, facts, payment_id)
  VALUES (p_partner, p_external, p_day, p_service, p_digest, p_request, p_channel, bill.id, p_amount, p_reference,
          p_advice, banking_take.response_code, banking_take.facts, made)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'two messages under one number at once' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;

-- The bill that stands for a payer's account: the oldest that still asks, or when none does, the newest.
CREATE FUNCTION banking_first_bill(p_payer bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT coalesce((SELECT bill_id FROM contributions_asking(p_payer) LIMIT 1),
                  (SELECT b.id FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
                    WHERE b.payer_id = p_payer AND i.amount > 0 ORDER BY b.month DESC, b.sequence DESC LIMIT 1))
$$;

CREATE FUNCTION banking_code(p_status integer, p_service smallint, p_case text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT p_status::text || lpad(p_service::text, 2, '0') || p_case $$;

-- The bank's own number names the payment, as far as it fits; longer ones end in their hash.
CREATE FUNCTION banking_reference(p_service_id text, p_request text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(named) <= 80 THEN named ELSE left(named, 47) || '-' || md5(p_request) END
    FROM (SELECT 'VA-' || p_service_id || '-' || p_request AS named) n
$$;

-- The server's own login is enough; nobody else has any business with it.
REVOKE ALL ON FUNCTION banking_take FROM PUBLIC;
"""

UNDO = """
DROP FUNCTION banking_take;
DROP FUNCTION banking_first_bill;
DROP FUNCTION banking_reference;
DROP FUNCTION banking_code;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("banking", "0001_initial"), ("contributions", "0007_receiving")]
    operations: ClassVar = [migrations.RunSQL(TAKE, UNDO)]
