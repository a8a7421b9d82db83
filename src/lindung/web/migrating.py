"""Bringing the database to this version while the earlier one still serves."""

from __future__ import annotations

import time

from lindung.core.errors import Conflict

MIGRATORS = 6112_002  # advisory lock: one migrates, the others wait and find it done
LOCK_TIMEOUT = "3s"  # a table that is in use is waited for no longer: everybody else would queue up behind us
ATTEMPTS = 10


def prepare_database() -> None:
    """Before serving: migrate only when something is missing, so that a start neither waits for locks nor takes any."""
    if not is_current():
        migrate_database()


def is_current() -> bool:
    """Whether every migration of this version and its guards are applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from lindung.core import guards

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes()) and guards.are_applied()


def migrate_database() -> None:
    """Apply what is missing. Gives way to whoever uses a table, and tries again.

    Raises Conflict when a table stays in use; what was applied until then stays, and the rest can be repeated."""
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from psycopg.errors import LockNotAvailable

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATORS])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                call_command("migrate", verbosity=0, interactive=False)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if attempt == ATTEMPTS:
                    raise Conflict(
                        "database_busy", "Tabel sedang dipakai; pembaruan basis data belum selesai.",
                        way_out="Jalankan lagi lindung migrate saat sistem lebih sepi.",
                    ) from error  # fmt: skip
                time.sleep(attempt)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false), pg_advisory_unlock(%s)", [MIGRATORS])
