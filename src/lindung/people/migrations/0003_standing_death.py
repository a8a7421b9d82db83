"""The deaths that stand: neither void nor corrected. Read with the reader's own row-level security."""

from typing import ClassVar

from django.db import migrations

SQL = """
CREATE VIEW people_standingdeath WITH (security_invoker = true) AS
  SELECT e.id AS event_id, e.person_id, e.place_id, e.occurred_on AS died_on, e.source, e.source_ref
    FROM people_lifeevent e
   WHERE e.kind = 'death' AND NOT e.void
     AND NOT EXISTS (SELECT 1 FROM people_lifeevent later WHERE later.corrects_id = e.id);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0002_search")]
    operations: ClassVar = [migrations.RunSQL(SQL, "DROP VIEW people_standingdeath")]
