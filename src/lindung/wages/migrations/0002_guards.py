"""What must never happen to reports, rows, employments and wages, whatever program writes them."""

from typing import ClassVar

from django.db import migrations

# A report goes forward only: received, checked, applied; withdrawn or failed before anything came of it.
STATES = """
CREATE FUNCTION wages_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'wage reports are never deleted; withdraw them' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.payer_id, OLD.place_id, OLD.month, OLD.sequence, OLD.kind, OLD.digest)
     IS DISTINCT FROM (NEW.payer_id, NEW.place_id, NEW.month, NEW.sequence, NEW.kind, NEW.digest) THEN
    RAISE EXCEPTION 'what wage report % is about does not change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
       ('received', 'checked'), ('received', 'failed'), ('received', 'withdrawn'),
       ('checked', 'applied'), ('checked', 'withdrawn')) THEN
    RAISE EXCEPTION 'wage report % cannot go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.applied_through < OLD.applied_through THEN
    RAISE EXCEPTION 'wage report % was put into effect further', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_report BEFORE UPDATE OR DELETE ON wages_wagereport
  FOR EACH ROW EXECUTE FUNCTION wages_guard_report();
"""

# Rows and wages carry the report's employer and place, so that nobody sees them by a wrong label; a mended row mends
# one of its own report that was not accepted; a wage belongs to a membership with that employer.
ROWS = """
CREATE FUNCTION wages_check_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a JOIN wages_wagereport r ON r.id = a.report_id
              WHERE (a.payer_id, a.place_id) IS DISTINCT FROM (r.payer_id, r.place_id)) THEN
    RAISE EXCEPTION 'a row is not of its report''s employer' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM added a JOIN wages_wagereportrow o ON o.id = a.corrects_id
              WHERE o.report_id <> a.report_id OR o.outcome = 'accepted') THEN
    RAISE EXCEPTION 'only rows that were not accepted are mended, within their report'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_rows AFTER INSERT ON wages_wagereportrow REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_rows();

CREATE FUNCTION wages_check_wages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a JOIN wages_wagereport r ON r.id = a.report_id
               JOIN membership_membership m ON m.id = a.membership_id
              WHERE (a.payer_id, a.place_id) IS DISTINCT FROM (r.payer_id, r.place_id)
                 OR m.payer_id IS DISTINCT FROM a.payer_id) THEN
    RAISE EXCEPTION 'a wage is not of its report''s employer' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_wages AFTER INSERT ON wages_wagerecord REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_wages();
"""

# An employment is the membership's: same person, same employer, an employee's. Who worked, and from when, stays.
EMPLOYMENTS = """
CREATE FUNCTION wages_check_employments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a LEFT JOIN membership_membership m ON m.id = a.membership_id
              WHERE (a.person_id, a.payer_id, 'PU') IS DISTINCT FROM (m.person_id, m.payer_id, m.segment)) THEN
    RAISE EXCEPTION 'an employment is not of its membership' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_employments AFTER INSERT ON wages_employment REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_employments();

CREATE FUNCTION wages_guard_employment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'employments are never deleted; say when they ended' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.membership_id, OLD.person_id, OLD.payer_id, OLD.place_id, OLD.started_on)
     IS DISTINCT FROM (NEW.membership_id, NEW.person_id, NEW.payer_id, NEW.place_id, NEW.started_on)
     OR NEW.reported_from > OLD.reported_from THEN
    RAISE EXCEPTION 'who worked where from when does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_employment BEFORE UPDATE OR DELETE ON wages_employment
  FOR EACH ROW EXECUTE FUNCTION wages_guard_employment();
"""

FOREIGNERS = "CREATE SEQUENCE wages_foreigner AS bigint MAXVALUE 99999999999999;"

UNDO = """
DROP SEQUENCE wages_foreigner;
DROP FUNCTION wages_guard_report CASCADE;
DROP FUNCTION wages_check_rows CASCADE;
DROP FUNCTION wages_check_wages CASCADE;
DROP FUNCTION wages_check_employments CASCADE;
DROP FUNCTION wages_guard_employment CASCADE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("wages", "0001_initial"), ("membership", "0003_told_changes")]
    operations: ClassVar = [migrations.RunSQL(STATES + ROWS + EMPLOYMENTS + FOREIGNERS, UNDO)]
