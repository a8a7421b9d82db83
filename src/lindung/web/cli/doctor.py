"""`lindung doctor`: is this installation whole, and if not, what mends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from lindung.core.crypto_keys import KeysError
from lindung.core.postgres import PostgresError
from lindung.web.runtime import Runtime, runtime

MINIMUM_FREE_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `problem` is empty when it is well, `remedy` says what to do."""

    what: str
    problem: str = ""
    remedy: str = ""


def run_doctor(data_dir: Path | None) -> bool:
    """Print every finding; True when nothing is wrong."""
    console, sound = Console(), True
    try:
        with runtime(data_dir) as running:
            for finding in _findings(running):
                sound = sound and not finding.problem
                mark = "[red]✗[/red]" if finding.problem else "[green]✓[/green]"
                tail = f": {finding.problem}\n    → {finding.remedy}" if finding.problem else ""
                console.print(f"{mark} {finding.what}{tail}", highlight=False, soft_wrap=True)
    except PostgresError as error:
        return _cannot_start(console, f"PostgreSQL: {error}")
    except OSError as error:
        remedy = "Run as the account the directory belongs to, or name another with --data-dir."
        return _cannot_start(console, f"{error.filename or 'Data directory'}: {error.strerror or error}. {remedy}")
    except KeysError as error:
        return _cannot_start(console, f"Keys: {error} {error.way_out}")
    return sound


def _cannot_start(console: Console, said: str) -> bool:
    console.print(f"[red]✗[/red] {said}", highlight=False, soft_wrap=True)
    return False


def _findings(running: Runtime) -> Iterator[Finding]:
    checks: tuple[Callable[[Runtime], Finding], ...] = (
        _python,
        _disk,
        _keys,
        _database,
        _logins,
        _migrations,
        _installation,
        _guards,
        _chain,
        _queue,
        _law,
    )
    for check in checks:
        try:
            finding = check(running)
        except Exception as error:
            finding = Finding(check.__name__.strip("_"), f"{type(error).__name__}: {error}", "see docs/operator.md")
        yield finding
        if finding.problem.endswith("not applied"):
            return  # the rest asks tables that are not there


def _python(running: Runtime) -> Finding:
    return Finding(f"Python {sys.version.split()[0]}")


def _disk(running: Runtime) -> Finding:
    free = shutil.disk_usage(running.data_dir).free
    what = f"Disk: {free // 2**30} GiB free at {running.data_dir}"
    return Finding(what) if free > MINIMUM_FREE_BYTES else Finding(what, "less than 2 GiB free", "make room")


def _keys(running: Runtime) -> Finding:
    path = running.data_dir / "keys.json"
    if not path.exists():
        return Finding("Keys from the environment")
    if path.stat().st_mode & 0o077:
        return Finding("Keys", f"{path} is readable by others", f"chmod 600 {path}")
    return Finding("Keys: present, private")


def _database(running: Runtime) -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        version: int = cursor.fetchone()[0]
    where = "embedded" if running.cluster else "by DATABASE_URL"
    what = f"PostgreSQL {version // 10000}.{version % 10000} ({where})"
    return Finding(what) if version >= 150000 else Finding(what, "too old", "use PostgreSQL 15 or newer")


def _logins(running: Runtime) -> Finding:
    if running.app_url != running.owner_url:
        return Finding("The site has a database login of its own")
    return Finding(
        "Database login", "the site and the worker connect as the database's owner",
        "set LINDUNG_APP_DATABASE_URL (docs/operator.md, PostgreSQL)",
    )  # fmt: skip


def _installation(running: Runtime) -> Finding:
    from lindung.core.models import Installation

    served = Installation.objects.first()
    return Finding(f"Serves {served.name}") if served else Finding("Regency", "none chosen", "lindung init 61.12")


def _migrations(running: Runtime) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return Finding("Migrations", f"{missing} not applied", "lindung migrate")
    if unknown := executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys():
        what = f"the database is of a newer version ({len(unknown)} migrations unknown here)"
        return Finding("Migrations", what, "update Lindung")
    return Finding("Migrations: all applied")


def _guards(running: Runtime) -> Finding:
    from lindung.core.guard_check import deviations, wanted

    if found := deviations():
        remedy = "lindung migrate; if that does not mend it, restore a backup elsewhere and compare (docs/operator.md)"
        return Finding("Guards of the database", "; ".join(found), remedy)
    asked = wanted()
    return Finding(
        f"Guards of the database: {len(asked.functions)} functions, {len(asked.triggers)} triggers, "
        f"{len(asked.policies)} policies, {len(asked.constraints)} constraints as written"
    )


def _chain(running: Runtime) -> Finding:
    from lindung.core.log import verify_chain

    report = verify_chain()
    if report.broken_at is not None:
        what = f"broken at entry {report.broken_at}: {report.problem}"
        return Finding("Action log", what, "restore a backup and compare")
    return Finding(f"Action log: {report.entries} entries, chain sound")


def _queue(running: Runtime) -> Finding:
    from lindung.core.models import Job

    failed = Job.objects.filter(state=Job.State.FAILED).count()
    return Finding(f"Jobs: {failed} failed ones on record")


def _law(running: Runtime) -> Finding:
    from lindung import law

    count = len(list(law.unverified()))
    return Finding(f"Law: {count} points not yet read in the regulation (lindung law unverified)")
