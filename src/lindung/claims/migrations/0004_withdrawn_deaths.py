"""A wrongly recorded death can be withdrawn: a new row says so. What follows from it PostgreSQL keeps itself: nothing of
a withdrawn death is claimed or paid, and one that was paid is not withdrawn. All three wait for each other."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

RULES = """
CREATE FUNCTION claims_lock_event(wanted bigint) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(7318, (wanted % 2147483647)::int)
$$;

CREATE FUNCTION claims_check_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM claims_insuredevent e JOIN claims_eventwithdrawal w ON w.event_id = e.id
   WHERE e.id = NEW.replaces_id AND e.person_id = NEW.person_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only a withdrawn death of the same person is replaced' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_event BEFORE INSERT ON claims_insuredevent
  FOR EACH ROW WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION claims_check_event();

CREATE FUNCTION claims_check_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM claims_lock_event(NEW.event_id);
  PERFORM 1 FROM claims_payout o JOIN claims_decision d ON d.id = o.decision_id JOIN claims_claim c ON c.id = d.claim_id
   WHERE c.event_id = NEW.event_id;
  IF FOUND THEN
    RAISE EXCEPTION 'a death of which a claim is paid cannot be withdrawn' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_withdrawal BEFORE INSERT ON claims_eventwithdrawal
  FOR EACH ROW EXECUTE FUNCTION claims_check_withdrawal();

CREATE FUNCTION claims_check_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM claims_lock_event(NEW.event_id);
  PERFORM 1 FROM claims_eventwithdrawal WHERE event_id = NEW.event_id;
  IF FOUND THEN
    RAISE EXCEPTION 'the death was withdrawn' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_claim BEFORE INSERT ON claims_claim
  FOR EACH ROW EXECUTE FUNCTION claims_check_claim();

CREATE FUNCTION claims_check_payout_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  event bigint;
BEGIN
  SELECT c.event_id INTO event FROM claims_decision d JOIN claims_claim c ON c.id = d.claim_id
   WHERE d.id = NEW.decision_id;
  PERFORM claims_lock_event(event);
  PERFORM 1 FROM claims_eventwithdrawal WHERE event_id = event;
  IF FOUND THEN
    RAISE EXCEPTION 'the death was withdrawn' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_payout_stands BEFORE INSERT ON claims_payout
  FOR EACH ROW EXECUTE FUNCTION claims_check_payout_stands();
"""
UNDO = """
DROP TRIGGER check_payout_stands ON claims_payout;
DROP TRIGGER check_claim ON claims_claim;
DROP TRIGGER check_withdrawal ON claims_eventwithdrawal;
DROP TRIGGER check_event ON claims_insuredevent;
DROP FUNCTION claims_check_payout_stands;
DROP FUNCTION claims_check_claim;
DROP FUNCTION claims_check_withdrawal;
DROP FUNCTION claims_check_event;
DROP FUNCTION claims_lock_event;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0003_guards")]
    operations: ClassVar = [
        migrations.AddField(
            "insuredevent",
            "replaces",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="claims.insuredevent",
            ),
        ),
        migrations.RemoveConstraint("insuredevent", "one_death_per_person"),
        migrations.AddConstraint(
            "insuredevent",
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(replaces__isnull=True), name="one_death_per_person"
            ),
        ),
        migrations.CreateModel(
            name="EventWithdrawal",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="claims.insuredevent",
                    ),
                ),
                ("reason", models.TextField()),
                ("source_ref", models.CharField(default="", max_length=120)),
                ("withdrawn_on", models.DateField()),
                ("withdrawn_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField(db_default=Now())),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.place")),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
