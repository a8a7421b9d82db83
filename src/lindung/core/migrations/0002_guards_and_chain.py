"""The actor's scope, the guard of append-only tables, and the hash chain over the action log."""

from django.db import migrations

SQL = """
CREATE FUNCTION core_scope() RETURNS int8multirange LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(current_setting('lindung.scope', true), ''), '{}')::int8multirange $$;

CREATE FUNCTION core_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted; write a correcting row', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION core_entry_digest(entry core_actionentry, previous text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\\x1f', previous, entry.id, extract(epoch FROM entry.at),
    coalesce(entry.actor_id::text, '-'), entry.actor_name, entry.role, entry.action, entry.subject, entry.reason,
    coalesce(entry.before::text, '-'), coalesce(entry.after::text, '-')), 'UTF8')), 'hex')
$$;

-- Runs as the owner: nobody else may write links. Deferred, so the lock is held only while committing.
CREATE FUNCTION core_link_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  last core_actionlink;
BEGIN
  PERFORM pg_advisory_xact_lock(7316, 1);
  SELECT * INTO last FROM core_actionlink ORDER BY sequence DESC LIMIT 1;
  INSERT INTO core_actionlink (sequence, entry_id, previous, digest)
  VALUES (coalesce(last.sequence, 0) + 1, NEW.id, coalesce(last.digest, repeat('0', 64)),
          core_entry_digest(NEW, coalesce(last.digest, repeat('0', 64))));
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER link_entry AFTER INSERT ON core_actionentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_link_entry();
"""

UNDO = """
DROP TRIGGER link_entry ON core_actionentry;
DROP FUNCTION core_link_entry;
DROP FUNCTION core_entry_digest;
DROP FUNCTION core_forbid_change;
DROP FUNCTION core_scope;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
