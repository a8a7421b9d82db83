"""What PostgreSQL keeps of reconciliation: a line is of its statement's account; a match stands for the very amount, once
for a payment and once for an entry; what two people decide was decided by two; money in suspense goes in and out in
turn."""

from typing import ClassVar

from django.db import migrations

KEYS = """
ALTER TABLE reconciliation_line ADD CONSTRAINT line_of_account
  FOREIGN KEY (statement_id, account_id) REFERENCES reconciliation_statement (id, account_id);
ALTER TABLE reconciliation_verdict ADD CONSTRAINT verdict_on_proposer
  FOREIGN KEY (proposal_id, proposed_by_id) REFERENCES reconciliation_proposal (id, proposed_by_id);
"""

STANDING = """
-- What each line stands for now. A payment that was reversed stands for nothing.
CREATE VIEW reconciliation_standing AS
  SELECT m.line_id, m.id AS match_id, m.how, m.payment_id, m.entry_id, m.made_by, m.made_at
    FROM reconciliation_match m
   WHERE NOT EXISTS (SELECT 1 FROM reconciliation_match later
                      WHERE later.line_id = m.line_id AND later.ordinal > m.ordinal)
     AND (m.entry_id IS NOT NULL
          OR (m.payment_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                               WHERE d.payment_id = m.payment_id AND d.outcome = 'approved')));
"""

MATCHES = """
CREATE FUNCTION reconciliation_check_match() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  of_line reconciliation_line;
  proposed reconciliation_proposal;
  earlier reconciliation_standing;
BEGIN
  SELECT * INTO of_line FROM reconciliation_line WHERE id = NEW.line_id FOR UPDATE;
  IF NEW.ordinal <> 1 + (SELECT count(*) FROM reconciliation_match WHERE line_id = NEW.line_id) THEN
    RAISE EXCEPTION 'matches of a line are numbered without gaps' USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO earlier FROM reconciliation_standing WHERE line_id = NEW.line_id;
  IF (NEW.how = 'release') <> (earlier.line_id IS NOT NULL) THEN
    RAISE EXCEPTION 'a line stands for one thing; release it first' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.payment_id IS NOT NULL THEN
    PERFORM 1 FROM contributions_payment
      WHERE id = NEW.payment_id AND amount = of_line.amount FOR UPDATE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the payment is of another amount than the line' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM reconciliation_standing WHERE payment_id = NEW.payment_id) THEN
      RAISE EXCEPTION 'the payment stands for another line' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM contributions_paymentreversaldecision
                WHERE payment_id = NEW.payment_id AND outcome = 'approved') THEN
      RAISE EXCEPTION 'the payment was reversed' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.entry_id IS NOT NULL THEN
    PERFORM 1 FROM ledger_entry WHERE id = NEW.entry_id FOR UPDATE;
    IF of_line.amount IS DISTINCT FROM (SELECT sum(amount) FROM ledger_posting
                                         WHERE entry_id = NEW.entry_id AND account_id = '1101') THEN
      RAISE EXCEPTION 'the entry moves another amount at the bank than the line' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM reconciliation_standing WHERE entry_id = NEW.entry_id) THEN
      RAISE EXCEPTION 'the entry stands for another line' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.proposal_id IS NOT NULL THEN
    SELECT p.* INTO proposed FROM reconciliation_proposal p
      JOIN reconciliation_verdict v ON v.proposal_id = p.id AND v.outcome = 'approved'
     WHERE p.id = NEW.proposal_id;
    IF proposed.line_id IS DISTINCT FROM NEW.line_id
       OR proposed.kind <> (CASE NEW.how WHEN 'release' THEN 'release' ELSE 'identify' END)
       OR (proposed.payment_id IS NOT NULL AND proposed.payment_id IS DISTINCT FROM NEW.payment_id)
       OR (proposed.entry_id IS NOT NULL AND proposed.entry_id IS DISTINCT FROM NEW.entry_id)
       OR (proposed.payer_id IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM contributions_payment WHERE id = NEW.payment_id AND payer_id = proposed.payer_id)) THEN
      RAISE EXCEPTION 'this is not what two people agreed on' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_match BEFORE INSERT ON reconciliation_match
  FOR EACH ROW EXECUTE FUNCTION reconciliation_check_match();

CREATE FUNCTION reconciliation_check_receipt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NEW.outcome = 'approved' AND NOT EXISTS (
    SELECT 1 FROM reconciliation_proposal p LEFT JOIN contributions_payment y ON y.id = NEW.payment_id
     WHERE p.id = NEW.proposal_id
       AND CASE p.kind WHEN 'receipt' THEN y.payer_id = p.payer_id AND y.amount = p.amount AND y.kind = 'manual'
                       ELSE NEW.payment_id IS NULL END) THEN
    RAISE EXCEPTION 'an approved receipt names the payment it became, and nothing else does'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_receipt BEFORE INSERT ON reconciliation_verdict
  FOR EACH ROW EXECUTE FUNCTION reconciliation_check_receipt();
"""

SUSPENSE = """
CREATE FUNCTION reconciliation_check_suspense() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM reconciliation_line WHERE id IN (SELECT line_id FROM added) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM added a WHERE a.ordinal <>
               (SELECT count(*) FROM reconciliation_suspensemove m WHERE m.line_id = a.line_id)) THEN
    RAISE EXCEPTION 'money goes into suspense and out of it in turn' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM added a
              WHERE (a.ordinal % 2 = 0) <> EXISTS (SELECT 1 FROM reconciliation_standing s WHERE s.line_id = a.line_id)
            ) THEN
    RAISE EXCEPTION 'money is in suspense while nobody knows whose it is, and only then'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_suspense AFTER INSERT ON reconciliation_suspensemove REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_check_suspense();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reconciliation", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(KEYS + STANDING + MATCHES + SUSPENSE, migrations.RunSQL.noop)]
