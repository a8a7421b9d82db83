"""What PostgreSQL itself keeps: a decision names the decree's true proposer, and only approved decrees take effect."""

from typing import ClassVar

from django.db import migrations

SQL = """
ALTER TABLE assistance_decreedecision ADD CONSTRAINT decision_names_proposer
  FOREIGN KEY (decree_id, proposed_by_id) REFERENCES assistance_decree (id, proposed_by_id);

CREATE FUNCTION assistance_check_enactment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM assistance_decreedecision WHERE decree_id = NEW.decree_id AND outcome = 'approved';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only an approved decree takes effect' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_enactment BEFORE INSERT ON assistance_enactment
  FOR EACH ROW EXECUTE FUNCTION assistance_check_enactment();

-- A scheme is public: villages must see the regency's.
ALTER TABLE assistance_scheme DISABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS by_place ON assistance_scheme;
"""

UNDO = """
DROP TRIGGER check_enactment ON assistance_enactment;
DROP FUNCTION assistance_check_enactment;
ALTER TABLE assistance_decreedecision DROP CONSTRAINT decision_names_proposer;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assistance", "0002_initial")]
    operations: ClassVar = [migrations.RunSQL(SQL, UNDO)]
