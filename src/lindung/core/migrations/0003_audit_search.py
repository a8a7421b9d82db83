"""Search in the action log by index; the expression is the one `log.entries` asks with."""

from typing import ClassVar

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

SQL = """
CREATE INDEX actionentry_sought ON core_actionentry
  USING gin (upper(action || E'\\n' || actor_name || E'\\n' || subject) gin_trgm_ops)
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0002_guards_and_chain")]
    operations: ClassVar = [TrigramExtension(), migrations.RunSQL(SQL, "DROP INDEX actionentry_sought")]
