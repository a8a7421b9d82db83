"""`lindung nation`: a synthetic nation's month on this machine, beside a bare COPY of the same rows."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from lindung.nation.running import Report

NEEDS = "lindung: this needs the extra “columns”: pip install 'lindung[columns]' (./run setup installs it)."
REGENCY = "61.12"
"""The regency the installation is set up for; the nation's people live everywhere."""


def run_nation(workers: int, folder: Path | None, month: date, *, as_json: bool, limit_first: bool) -> None:
    """Run the nation's month in a folder of its own, and print what it came to."""
    try:
        from lindung.nation import server
    except ModuleNotFoundError:
        sys.exit(NEEDS)
    from lindung.core.home import default_home

    where = (folder or default_home() / f"nation-{workers}").resolve()
    server.check_disk(where, workers)
    where.chmod(0o755)  # the server's own account reads the rows to compare with
    os.environ.setdefault("LINDUNG_LOG_LEVEL", "ERROR")
    with server.running(where) as cluster:
        os.environ["DATABASE_URL"] = cluster.url()
        report = _run(cluster.url(), where, workers, month, limit_first, quiet=as_json)
    if as_json:
        print(json.dumps(report.as_dict()))
    else:
        _print(report)


def _run(url: str, folder: Path, workers: int, month: date, limit_first: bool, *, quiet: bool) -> Report:
    from lindung.web.runtime import runtime

    console = Console(stderr=True)
    with runtime(folder / "data"):
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.core.models import Installation
        from lindung.nation.running import run
        from lindung.web.installing import set_up
        from lindung.web.migrating import prepare_database

        prepare_database()
        if not Installation.objects.exists():
            with acting_as(SYSTEM):
                set_up(SYSTEM, REGENCY)

        def say(words: str) -> None:
            if not quiet:
                console.print(f"{words} …")

        return run(url, folder, workers, month, limit_first=limit_first, say=say)


def _print(report: Report) -> None:
    console = Console()
    table = Table("stage", "seconds", "rows", title=f"{report.workers:,} workers, {report.month:%Y-%m}")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, (seconds, rows) in report.stages.items():
        table.add_row(name, f"{seconds:.2f}", f"{rows:,}")
    console.print(table)
    if report.seconds is not None:
        console.print(f"The month took {report.seconds:.1f} s (some stages run side by side).")
        console.print(
            f"A bare COPY of the same rows took {report.limit.copy_seconds:.1f} s, its indexes"
            f" {report.limit.index_seconds:.1f} s: the month is {report.seconds / report.limit.seconds:.2f} times that."
        )
    console.print(f"At most {report.peak_mib:,} MiB, the database server included.")
    totals = report.totals
    console.print(
        f"Billed Rp{totals.billed:,}, paid on one day Rp{totals.paid:,}, {totals.person_months:,} person-months."
    )
