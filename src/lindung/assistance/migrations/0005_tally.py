"""Rows accepted and rows to mend, tallied by list and village as lists come in; indexes for the pages of a long list.

The overview and the home page count a tally instead of every row ever sent."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

TALLY = """
-- Rows are append-only, so counting what is added keeps the tally true. A correction closes the row it corrects.
CREATE FUNCTION assistance_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO assistance_rowtally AS t (proposal_id, place_id, accepted, open)
  SELECT proposal_id, place_id, sum(accepted), sum(open) FROM (
    SELECT proposal_id, place_id, (status = 'accepted')::int AS accepted, (status = 'to_fix')::int AS open FROM added
    UNION ALL
    SELECT w.proposal_id, w.place_id, 0, -1 FROM added JOIN assistance_proposalrow w ON w.id = added.corrects_id
     WHERE w.status = 'to_fix') change
   GROUP BY proposal_id, place_id ORDER BY proposal_id, place_id
  ON CONFLICT (proposal_id, place_id) DO UPDATE SET accepted = t.accepted + EXCLUDED.accepted,
    open = t.open + EXCLUDED.open;
  RETURN NULL;
END $$;
CREATE TRIGGER tally AFTER INSERT ON assistance_proposalrow REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION assistance_tally();

INSERT INTO assistance_rowtally (proposal_id, place_id, accepted, open)
SELECT w.proposal_id, w.place_id, count(*) FILTER (WHERE w.status = 'accepted'),
       count(*) FILTER (WHERE w.status = 'to_fix' AND c.id IS NULL)
  FROM assistance_proposalrow w LEFT JOIN assistance_proposalrow c ON c.corrects_id = w.id
 GROUP BY w.proposal_id, w.place_id;
"""

SEARCH = """
-- Reasons are looked for among the rows that have any.
CREATE INDEX row_faulty ON assistance_proposalrow (proposal_id, row_no) INCLUDE (reason_codes, place_id)
  WHERE reason_codes <> '{}';

-- Where the proposal's rows lie that match: at most so many row numbers, in no order. Row-level security would forbid
-- the planner to look into the index (LIKE is not leak-proof), so this looks as the owner and applies the scope itself.
CREATE FUNCTION assistance_search(wanted bigint, pattern text, code text, villages bigint[], most integer)
RETURNS TABLE (row_no integer) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT row_no FROM (
    SELECT row_no, place_id FROM assistance_proposalrow WHERE proposal_id = wanted AND name_key LIKE pattern
    UNION ALL
    SELECT row_no, place_id FROM assistance_proposalrow WHERE proposal_id = wanted AND place_id = ANY(villages)
    UNION ALL
    SELECT row_no, place_id FROM assistance_proposalrow WHERE proposal_id = wanted AND row_code = code) found
   WHERE place_id <@ (SELECT core_scope()) LIMIT most
$$;
"""
UNDO = "DROP FUNCTION assistance_search; DROP INDEX row_faulty; DROP TRIGGER tally ON assistance_proposalrow; DROP FUNCTION assistance_tally;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assistance", "0004_approved_attachments"), ("places", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RowTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposal",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="assistance.proposal"),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.place")),
                ("accepted", models.IntegerField()),
                ("open", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("proposal", "place"), name="tally_once")],
            },
        ),
        migrations.AddIndex(
            "proposalrow",
            models.Index(fields=["proposal", "name_key", "row_no"], include=["place"], name="row_by_name"),
        ),
        migrations.AddIndex("proposalrow", models.Index(fields=["proposal", "place", "row_no"], name="row_by_village")),
        migrations.RunSQL(TALLY + SEARCH, UNDO),
    ]
