"""A membership begins with its registration, and ends or reopens only with the row that says when and why."""

from typing import ClassVar

from django.db import migrations, models

TOLD = """
-- At the end of the transaction, so that the two rows may come in either order; reads the membership as it then is,
-- as the owner, because by then the actor's area may no longer be set.
CREATE FUNCTION membership_check_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  ended date;
  told membership_membershipchange;
BEGIN
  SELECT CASE WHEN isempty(valid) THEN registered_on ELSE upper(valid) END INTO ended
    FROM membership_membership WHERE id = NEW.id;
  SELECT * INTO told FROM membership_membershipchange WHERE membership_id = NEW.id ORDER BY id DESC LIMIT 1;
  IF (ended IS NULL AND told.kind = 'reopened') OR (told.kind = 'ended' AND told.effective_on = ended) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'membership % changed without a row that says so', NEW.id USING ERRCODE = 'check_violation';
END $$;
CREATE CONSTRAINT TRIGGER check_told AFTER UPDATE OF valid ON membership_membership DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.valid IS DISTINCT FROM NEW.valid) EXECUTE FUNCTION membership_check_told();
"""
UNTOLD = "DROP TRIGGER check_told ON membership_membership; DROP FUNCTION membership_check_told;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("membership", "0002_kpj_sequence")]
    operations: ClassVar = [
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(valid__isempty=True) | models.Q(valid__startswith=models.F("registered_on")),
                name="membership_from_registration",
            ),
        ),
        migrations.RunSQL(TOLD, UNTOLD),
    ]
