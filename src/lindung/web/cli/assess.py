"""`lindung law assess`: a Parquet file judged by the law, with a progress bar and totals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from lindung.law import Reform
    from lindung.law.columns.cluster import Engine
    from lindung.law.columns.files import Summary

NEEDS = "lindung: this needs the extra “columns”: pip install 'lindung[columns]' (./run setup installs it)."


def run_assess(
    source: Path,
    target: Path | None,
    *,
    rule: str,
    on: str,
    results: list[str],
    keep: list[str],
    threads: int | None,
    as_json: bool,
    reform: Reform | None,
    engine: Literal["local"] | Engine,
    address: str | None,
) -> int:
    """Judge a file; print totals and faults. Gives the exit code: 1 when there were faulty rows."""
    try:
        import pyarrow
        import pyarrow.parquet as pq

        from lindung.law.columns import NotColumnar, Request
        from lindung.law.columns.assessment import day_asked
        from lindung.law.columns.cluster import ClusterError, assess_on, files_of
        from lindung.law.columns.files import assess_file, totals_of
    except ModuleNotFoundError:
        sys.exit(NEEDS)
    from lindung.law import LawError

    kept = list(dict.fromkeys(["id", *keep]))
    try:
        day = day_asked(on, rule, reform) if on else None
        request = Request(rule, day, tuple(results) or None, reform=reform, threads=threads)
        with _bar() as bar:
            files = [source] if engine == "local" else files_of(source)
            task = bar.add_task(source.name, total=sum(pq.read_metadata(file).num_rows for file in files))

            def progress(rows: int) -> None:
                bar.advance(task, rows)

            if engine != "local":
                summary = assess_on(engine, source, target, request, kept, progress, address)
            elif target is None:
                summary = totals_of(source, request, kept, progress)
            else:
                summary = assess_file(source, target, request, kept, progress)
    except (LawError, ClusterError) as error:
        sys.exit(f"lindung: {error}")
    except (NotColumnar, OSError, pyarrow.ArrowInvalid) as error:
        sys.exit(f"lindung: {source}: {error}")
    _print(summary, as_json)
    return 1 if summary.faults else 0


def _bar() -> Progress:
    columns = (*Progress.get_default_columns()[:1], BarColumn(), TaskProgressColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), disable=not sys.stderr.isatty())


def _print(summary: Summary, as_json: bool) -> None:
    faulty = sum(summary.faults.values())
    if as_json:
        faults = [{"code": code, "field": field, "rows": rows} for (code, field), rows in summary.faults.most_common()]
        plain = {
            "rows": summary.rows,
            "faulty": faulty,
            "totals": dict(summary.totals),
            "faults": faults,
            "first_faults": summary.first_faults,
        }
        print(json.dumps(plain))
        return
    console = Console()
    totals = Table("result", "total (rupiah)", title=f"{summary.rows:,} rows, {faulty:,} faulty")
    totals.columns[1].justify = "right"
    for name, total in summary.totals.items():
        totals.add_row(name, f"{total:,}")
    console.print(totals)
    if faulty:
        table = Table("code", "field", "rows")
        for (code, field), rows in summary.faults.most_common():
            table.add_row(code, field, f"{rows:,}")
        console.print(table)
        rows_of_note = ", ".join(f"{one['row']} ({one['field']})" for one in summary.first_faults)
        console.print(f"First faulty rows, counted from 0: {rows_of_note}")


def run_warm() -> None:
    """Compile the loops that are asked for most."""
    try:
        from lindung.law.columns.warming import warm
    except ModuleNotFoundError:
        sys.exit(NEEDS)
    warm()
