"""A company's own answer to a finding: that it agrees, or a paper beside its objection."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# As in 0002, but for {answers}: what a company says leaves the state as it is, and is marked for the officer.
FOLLOW = """
CREATE OR REPLACE FUNCTION compliance_next_state(before text, what text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN before IS NULL THEN CASE what WHEN 'found' THEN 'open' END
    WHEN what = 'evidence' AND before IN ('open', 'confirmed') THEN before
    WHEN what IN ({answers}) AND before IN ('open', 'confirmed') THEN before
    WHEN what = 'confirmed' AND before = 'open' THEN 'confirmed'
    WHEN what = 'refuted' AND before IN ('open', 'confirmed') THEN 'refuted'
    WHEN what = 'resolved' AND before IN ('open', 'confirmed') THEN 'resolved'
    WHEN what = 'reopened' AND before IN ('refuted', 'resolved') THEN 'open'
  END
$$;

-- Once per statement: every new event follows the finding's state, is numbered next, and moves the standing on.
CREATE OR REPLACE FUNCTION compliance_follow_events() RETURNS trigger
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
         a.what IN ({answers}) OR (a.what <> 'reopened' AND coalesce(was.objected, false)), a.dated
    FROM added a JOIN compliance_finding f ON f.id = a.finding_id
    LEFT JOIN compliance_findingstanding was ON was.finding_id = f.id
  ON CONFLICT (finding_id) DO UPDATE SET state = EXCLUDED.state, number = EXCLUDED.number, people = EXCLUDED.people,
    ours = EXCLUDED.ours, theirs = EXCLUDED.theirs, source = EXCLUDED.source, source_date = EXCLUDED.source_date,
    objected = EXCLUDED.objected, changed_on = EXCLUDED.changed_on;
  RETURN NULL;
END $$;
"""
OLD = FOLLOW.replace("{answers}", "'objection'")
NEW = FOLLOW.replace("{answers}", "'objection', 'accepted'")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("compliance", "0002_rules"), ("core", "0004_companies")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="findingevent",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
            ),
        ),
        migrations.AlterField(
            model_name="findingevent",
            name="what",
            field=models.CharField(
                choices=[
                    ("found", "Found"),
                    ("evidence", "Evidence"),
                    ("reopened", "Reopened"),
                    ("objection", "Objection"),
                    ("accepted", "Accepted"),
                    ("confirmed", "Confirmed"),
                    ("refuted", "Refuted"),
                    ("resolved", "Resolved"),
                ],
                max_length=9,
            ),
        ),
        migrations.RunSQL(NEW, OLD),
    ]
