"""What the tables of employers, projects and collectives refuse."""

from typing import ClassVar

from django.db import migrations

HISTORY = """
-- Facts are never rewritten: a row may only be marked as superseded, once.
CREATE FUNCTION payers_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
       AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'rows of % are kept; record a new one', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON payers_employeractivity
  FOR EACH ROW EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history_truncate BEFORE TRUNCATE ON payers_employeractivity
  FOR EACH STATEMENT EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON payers_employerscale
  FOR EACH ROW EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history_truncate BEFORE TRUNCATE ON payers_employerscale
  FOR EACH STATEMENT EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON payers_employerprogrammes
  FOR EACH ROW EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history_truncate BEFORE TRUNCATE ON payers_employerprogrammes
  FOR EACH STATEMENT EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON payers_minimumwage
  FOR EACH ROW EXECUTE FUNCTION payers_keep_history();
CREATE TRIGGER keep_history_truncate BEFORE TRUNCATE ON payers_minimumwage
  FOR EACH STATEMENT EXECUTE FUNCTION payers_keep_history();
"""

PROJECTS = """
CREATE FUNCTION payers_shares_are_whole(shares smallint[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(sum(share) = 100 AND min(share) > 0, false) FROM unnest(shares) AS share
$$;
ALTER TABLE payers_projectcontract ADD CONSTRAINT contract_shares_are_whole
  CHECK (payers_shares_are_whole(shares) AND cardinality(shares) = cardinality(due_on));

-- Addenda follow one another without a gap, and a certificate is for a contract of its own project.
CREATE FUNCTION payers_check_contract() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NEW.sequence > 1 AND NOT EXISTS (SELECT 1 FROM payers_projectcontract
       WHERE project_id = NEW.project_id AND sequence = NEW.sequence - 1) THEN
    RAISE EXCEPTION 'addendum % has no contract before it', NEW.sequence USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_contract BEFORE INSERT ON payers_projectcontract
  FOR EACH ROW EXECUTE FUNCTION payers_check_contract();

CREATE FUNCTION payers_check_certificate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM payers_projectcontract WHERE id = NEW.contract_id AND project_id = NEW.project_id) THEN
    RAISE EXCEPTION 'the certificate names the contract of another project' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_certificate BEFORE INSERT ON payers_projectcertificate
  FOR EACH ROW EXECUTE FUNCTION payers_check_certificate();
"""

COLLECTIVES = """
-- A payment is worth exactly what its lines say, when its transaction ends.
CREATE FUNCTION payers_check_collective_sum() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NEW.amount <> coalesce((SELECT sum(amount) FROM payers_collectivepaymentline WHERE payment_id = NEW.id), 0) THEN
    RAISE EXCEPTION 'payment % is not what its lines add up to', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_sum AFTER INSERT ON payers_collectivepayment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payers_check_collective_sum();

-- Lines never exceed their payment (so none is added later), are for members of its collective in that month, and once per person and month.
CREATE FUNCTION payers_check_collective_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM payers_collective WHERE payer_id IN (SELECT collective_id FROM added) ORDER BY payer_id FOR UPDATE;
  PERFORM 1 FROM (SELECT DISTINCT payment_id, collective_id FROM added) a
    JOIN payers_collectivepayment p ON p.id = a.payment_id
   WHERE p.collective_id <> a.collective_id OR p.amount < (
     SELECT sum(l.amount) FROM payers_collectivepaymentline l WHERE l.payment_id = p.id);
  IF FOUND THEN
    RAISE EXCEPTION 'a line is of another collective, or more than its payment' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM added a WHERE NOT EXISTS (SELECT 1 FROM payers_collectivemember m
     WHERE m.collective_id = a.collective_id AND m.person_id = a.person_id
       AND m.valid && daterange(a.month, (a.month + interval '1 month')::date));
  IF FOUND THEN
    RAISE EXCEPTION 'a line pays for somebody who is no member in that month' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM added a JOIN payers_collectivepaymentline l USING (collective_id, person_id, month)
   WHERE l.payment_id <> a.payment_id
     AND NOT EXISTS (SELECT 1 FROM payers_collectivewithdrawal w WHERE w.payment_id = l.payment_id);
  IF FOUND THEN
    RAISE EXCEPTION 'a person''s month is paid already' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_lines AFTER INSERT ON payers_collectivepaymentline
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payers_check_collective_lines();

CREATE FUNCTION payers_check_collective_withdrawal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM payers_collectivepayment
                  WHERE id = NEW.payment_id AND collective_id = NEW.collective_id) THEN
    RAISE EXCEPTION 'the payment is of another collective' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_withdrawal BEFORE INSERT ON payers_collectivewithdrawal
  FOR EACH ROW EXECUTE FUNCTION payers_check_collective_withdrawal();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payers", "0002_employers")]

    operations: ClassVar = [
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(PROJECTS, migrations.RunSQL.noop),
        migrations.RunSQL(COLLECTIVES, migrations.RunSQL.noop),
    ]
