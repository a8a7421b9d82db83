"""Search by name inside the actor's scope.

Row-level security would forbid the trigram index (ILIKE is not leak-proof), so this function looks as the owner and
applies the scope itself."""

from typing import ClassVar

from django.db import migrations

SQL = """
CREATE FUNCTION people_search(wanted text, most integer) RETURNS TABLE (person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT id FROM people_person
   WHERE name_key LIKE '%' || replace(replace(replace(lower(wanted), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
     AND place_id <@ (SELECT core_scope())
   ORDER BY name_key, id LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0001_initial"), ("core", "0002_guards_and_chain")]
    operations: ClassVar = [migrations.RunSQL(SQL, "DROP FUNCTION people_search")]
