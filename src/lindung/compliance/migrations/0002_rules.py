"""What PostgreSQL itself keeps: the story of a finding, one step of the ladder at a time, two officers, plans that add
up. A company's staff write here only through actions that act on their behalf."""

from typing import ClassVar

from django.db import migrations

FINDINGS = """
-- The next event of a finding, and the state it leads to; null when it may not come now.
CREATE FUNCTION compliance_next_state(before text, what text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN before IS NULL THEN CASE what WHEN 'found' THEN 'open' END
    WHEN what = 'evidence' AND before IN ('open', 'confirmed') THEN before
    WHEN what = 'objection' AND before IN ('open', 'confirmed') THEN before
    WHEN what = 'confirmed' AND before = 'open' THEN 'confirmed'
    WHEN what = 'refuted' AND before IN ('open', 'confirmed') THEN 'refuted'
    WHEN what = 'resolved' AND before IN ('open', 'confirmed') THEN 'resolved'
    WHEN what = 'reopened' AND before IN ('refuted', 'resolved') THEN 'open'
  END
$$;

-- Once per statement: every new event follows the finding's state, is numbered next, and moves the standing on.
CREATE FUNCTION compliance_follow_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  wrong bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM added GROUP BY finding_id HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'one event of a finding at a time' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM 1 FROM compliance_finding WHERE id IN (SELECT finding_id FROM added) ORDER BY id FOR NO KEY UPDATE;
  SELECT a.finding_id INTO wrong
    FROM added a LEFT JOIN compliance_findingstanding s ON s.finding_id = a.finding_id
   WHERE compliance_next_state(s.state, a.what) IS NULL OR a.number <> coalesce(s.number, 0) + 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the event does not follow from the state of finding %', wrong USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO compliance_findingstanding AS s (finding_id, place_id, kind, payer_id, person_id, state, number, people,
         ours, theirs, source, source_date, objected, changed_on)
  SELECT f.id, f.place_id, f.kind, f.payer_id, f.person_id, compliance_next_state(was.state, a.what), a.number, a.people,
         a.ours, a.theirs, a.source, a.source_date,
         a.what = 'objection' OR (a.what <> 'reopened' AND coalesce(was.objected, false)), a.dated
    FROM added a JOIN compliance_finding f ON f.id = a.finding_id
    LEFT JOIN compliance_findingstanding was ON was.finding_id = f.id
  ON CONFLICT (finding_id) DO UPDATE SET state = EXCLUDED.state, number = EXCLUDED.number, people = EXCLUDED.people,
    ours = EXCLUDED.ours, theirs = EXCLUDED.theirs, source = EXCLUDED.source, source_date = EXCLUDED.source_date,
    objected = EXCLUDED.objected, changed_on = EXCLUDED.changed_on;
  RETURN NULL;
END $$;
CREATE TRIGGER follow_events AFTER INSERT ON compliance_findingevent
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION compliance_follow_events();

-- A finding without its evidence would be a silent accusation.
CREATE FUNCTION compliance_finding_has_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM compliance_findingevent WHERE finding_id = NEW.id) THEN
    RAISE EXCEPTION 'finding % names no evidence', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_evidence AFTER INSERT ON compliance_finding DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION compliance_finding_has_evidence();
"""

LADDER = """
ALTER TABLE compliance_stepdecision ADD CONSTRAINT decision_names_step_proposer
  FOREIGN KEY (step_id, proposed_by_id) REFERENCES compliance_ladderstep (id, proposed_by_id);
ALTER TABLE compliance_ladderstep ADD CONSTRAINT step_kind_of_rank CHECK (
  rank BETWEEN 1 AND 7 AND
  kind = (ARRAY['reminder', 'sp1', 'sp2', 'summons', 'inspector', 'sanction', 'skk'])[rank]);

CREATE FUNCTION compliance_check_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7319, NEW.payer_id::integer);
  IF EXISTS (SELECT 1 FROM compliance_arrearscase c WHERE c.payer_id = NEW.payer_id AND c.id <> NEW.id
                AND NOT EXISTS (SELECT 1 FROM compliance_caseclosure x WHERE x.case_id = c.id)) THEN
    RAISE EXCEPTION 'the payer has an open case' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_case BEFORE INSERT ON compliance_arrearscase
  FOR EACH ROW EXECUTE FUNCTION compliance_check_case();

-- One step at a time, never back: the step before was sent and its time is over; nothing waits for a decision.
CREATE FUNCTION compliance_check_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  last record;
BEGIN
  PERFORM 1 FROM compliance_arrearscase WHERE id = NEW.case_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM compliance_caseclosure WHERE case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'the case is closed' USING ERRCODE = 'check_violation';
  END IF;
  SELECT s.rank, s.attempt, d.outcome, g.deadline_on INTO last
    FROM compliance_ladderstep s
    LEFT JOIN compliance_stepdecision d ON d.step_id = s.id
    LEFT JOIN compliance_stepsending g ON g.step_id = s.id
   WHERE s.case_id = NEW.case_id ORDER BY s.rank DESC, s.attempt DESC LIMIT 1;
  IF NOT FOUND THEN
    IF NEW.rank <> 1 OR NEW.attempt <> 1 THEN
      RAISE EXCEPTION 'the ladder begins with the first step' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF last.outcome = 'returned' THEN
    IF NEW.rank <> last.rank OR NEW.attempt <> last.attempt + 1 THEN
      RAISE EXCEPTION 'a returned step is proposed again, none is skipped' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF last.deadline_on IS NULL OR last.deadline_on >= NEW.dated THEN
    RAISE EXCEPTION 'the step before is not over' USING ERRCODE = 'check_violation';
  ELSIF NEW.rank <> last.rank + 1 OR NEW.attempt <> 1 THEN
    RAISE EXCEPTION 'one step at a time, and never back' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_step BEFORE INSERT ON compliance_ladderstep
  FOR EACH ROW EXECUTE FUNCTION compliance_check_step();

CREATE FUNCTION compliance_check_sending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  sent record;
BEGIN
  SELECT s.case_id, s.rank, s.dated, d.outcome INTO sent
    FROM compliance_ladderstep s LEFT JOIN compliance_stepdecision d ON d.step_id = s.id WHERE s.id = NEW.step_id;
  IF sent.rank >= 3 AND sent.outcome IS DISTINCT FROM 'approved' THEN
    RAISE EXCEPTION 'the step needs a second officer before it is sent' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.sent_on < sent.dated THEN
    RAISE EXCEPTION 'the letter is sent before it is written' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM compliance_caseclosure WHERE case_id = sent.case_id) THEN
    RAISE EXCEPTION 'the case is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_sending BEFORE INSERT ON compliance_stepsending
  FOR EACH ROW EXECUTE FUNCTION compliance_check_sending();

-- Closed as paid only when nothing that was due is left.
CREATE FUNCTION compliance_check_closure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM compliance_arrearscase WHERE id = NEW.case_id FOR NO KEY UPDATE;
  IF NEW.why = 'paid' AND EXISTS (
      SELECT 1 FROM compliance_arrearscase c JOIN contributions_bill b ON b.payer_id = c.payer_id
        JOIN contributions_billissue i ON i.bill_id = b.id
       WHERE c.id = NEW.case_id AND i.amount > 0 AND i.due_on < NEW.closed_on AND contributions_met(b.id) < i.amount)
  THEN
    RAISE EXCEPTION 'bills are still overdue' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_closure BEFORE INSERT ON compliance_caseclosure
  FOR EACH ROW EXECUTE FUNCTION compliance_check_closure();
"""

PLANS = """
ALTER TABLE compliance_plandecision ADD CONSTRAINT decision_names_plan_proposer
  FOREIGN KEY (plan_id, proposed_by_id) REFERENCES compliance_paymentplan (id, proposed_by_id);

-- At the end of the transaction a plan's bills and instalments add up to it, its bills are the payer's own, and no
-- instalment lies before the agreement.
CREATE FUNCTION compliance_check_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  checked bigint := CASE TG_TABLE_NAME WHEN 'compliance_paymentplan' THEN (to_jsonb(NEW) ->> 'id')::bigint
                    ELSE (to_jsonb(NEW) ->> 'plan_id')::bigint END;
  plan compliance_paymentplan;
BEGIN
  SELECT * INTO plan FROM compliance_paymentplan WHERE id = checked FOR NO KEY UPDATE;
  IF plan.amount <> (SELECT coalesce(sum(amount), 0) FROM compliance_planbill WHERE plan_id = checked)
     OR plan.amount <> (SELECT coalesce(sum(amount), 0) FROM compliance_planinstalment WHERE plan_id = checked) THEN
    RAISE EXCEPTION 'the plan does not add up' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM compliance_planbill p JOIN contributions_bill b ON b.id = p.bill_id
              WHERE p.plan_id = checked AND b.payer_id <> plan.payer_id) THEN
    RAISE EXCEPTION 'a bill of the plan is another payer''s' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM compliance_planinstalment WHERE plan_id = checked AND due_on < plan.agreed_on) THEN
    RAISE EXCEPTION 'an instalment lies before the agreement' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_plan AFTER INSERT ON compliance_paymentplan DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION compliance_check_plan();
CREATE CONSTRAINT TRIGGER check_plan AFTER INSERT ON compliance_planbill DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION compliance_check_plan();
CREATE CONSTRAINT TRIGGER check_plan AFTER INSERT ON compliance_planinstalment DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION compliance_check_plan();
"""

UNDO = """
DROP TRIGGER check_plan ON compliance_planinstalment;
DROP TRIGGER check_plan ON compliance_planbill;
DROP TRIGGER check_plan ON compliance_paymentplan;
DROP FUNCTION compliance_check_plan;
ALTER TABLE compliance_plandecision DROP CONSTRAINT decision_names_plan_proposer;
DROP TRIGGER check_closure ON compliance_caseclosure;
DROP FUNCTION compliance_check_closure;
DROP TRIGGER check_sending ON compliance_stepsending;
DROP FUNCTION compliance_check_sending;
DROP TRIGGER check_step ON compliance_ladderstep;
DROP FUNCTION compliance_check_step;
DROP TRIGGER check_case ON compliance_arrearscase;
DROP FUNCTION compliance_check_case;
ALTER TABLE compliance_ladderstep DROP CONSTRAINT step_kind_of_rank;
ALTER TABLE compliance_stepdecision DROP CONSTRAINT decision_names_step_proposer;
DROP TRIGGER has_evidence ON compliance_finding;
DROP FUNCTION compliance_finding_has_evidence;
DROP TRIGGER follow_events ON compliance_findingevent;
DROP FUNCTION compliance_follow_events;
DROP FUNCTION compliance_next_state;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("compliance", "0001_initial"), ("contributions", "0006_programmes")]
    operations: ClassVar = [migrations.RunSQL(FINDINGS + LADDER + PLANS, UNDO)]
