"""How fast a large list of proposed people is read, checked, kept and answered.

    python benchmarks/proposals.py --rows 100000 --json

    python benchmarks/proposals.py --register DIR    against the 300,000 people that lists.py keeps in DIR

Uses LINDUNG_TEST_DATABASE_URL when set, else a PostgreSQL of its own in a temporary directory. Everything is rolled
back at the end."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from database import own_database


class Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def connect(stack: ExitStack, register: Path | None) -> None:
    """Django on a database with Lindung's tables."""
    if register is not None:
        stack.enter_context(own_database(register))
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.web.settings")
    folder = Path(tempfile.mkdtemp(prefix="lindung-benchmark-"))
    folder.chmod(0o755)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("LINDUNG_DATA_DIR", str(folder / "data"))
    from lindung.core import postgres

    url = os.environ.get("LINDUNG_TEST_DATABASE_URL")
    if url is None:
        url = stack.enter_context(postgres.running(folder / "db")).url()
    os.environ["DATABASE_URL"] = url
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def run(rows: int) -> dict[str, Any]:
    """All stages over one workbook; seconds, rows a second, ratios, peak memory in MiB."""
    from django.db import connection, transaction

    from lindung.assistance import checking, storing
    from lindung.assistance.actions import create_kubu_raya_scheme
    from lindung.assistance.models import Proposal
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.core.bulk import loaded
    from lindung.core.clock import today
    from lindung.core.files import XLSX, store_file
    from lindung.core.models import Installation
    from lindung.formats.guard import check_workbook
    from lindung.formats.proposals import read_proposals
    from lindung.payers.models import Payer
    from lindung.people.models import Person
    from lindung.places.actions import load_places
    from lindung.web.demo.workbook import big_workbook

    clock = Clock()
    people = Person.objects.count()
    content = big_workbook(rows)
    before = peak_memory()
    with transaction.atomic():
        load_places(SYSTEM)
        Installation.objects.get_or_create(id=1, defaults={"name": "Kubu Raya", "place_key": 6112000000})
        payer = Payer.objects.create(kind="regency", name="Dinas", npp="BENCHMARK", place_id=6112000000)
        with acting_as(SYSTEM):
            scheme = create_kubu_raya_scheme(SYSTEM, payer.pk, 2026)
            with clock.stage("guard"):
                check_workbook(content)
            with clock.stage("keep file"):
                stored = store_file(SYSTEM, "daftar.xlsx", content, XLSX)
            proposal = Proposal.objects.create(
                scheme=scheme, place_id=scheme.place_id, file=stored, file_digest=stored.digest, file_name="daftar.xlsx"
            )
            with clock.stage("read"):
                sheet = read_proposals(content)
            with clock.stage("check"):
                checked = checking.check_rows(sheet.frame, proposal, scheme, today())
            with clock.stage("store"):
                storing.store(proposal, sheet, checked)
            with clock.stage("answer"):
                answer = storing.answer_workbook(content, sheet, checked)
                store_file(SYSTEM, "hasil.xlsx", answer, XLSX)
            as_stored = storing.as_stored(sheet, checked)
            with clock.stage("raw COPY"), loaded(as_stored, "raw_copy", storing.COLUMNS):
                pass
        outcomes = dict(checked.rows.group_by("status").len().iter_rows())
        reasons = checked.rows["reason_codes"].explode().drop_nulls().value_counts(sort=True)
        transaction.set_rollback(True)
    connection.close()
    return report(rows, clock.seconds, outcomes, reasons, before, people)


def report(
    rows: int, seconds: dict[str, float], outcomes: dict[str, int], reasons: pl.DataFrame, before: float, people: int
) -> dict[str, Any]:
    """The measured times and what follows from them."""
    stages = {name: spent for name, spent in seconds.items() if name != "raw COPY"}
    total = sum(stages.values())
    return {
        "rows": rows,
        "register": people,
        "seconds": {name: round(spent, 2) for name, spent in seconds.items()},
        "rows_per_second": {name: round(rows / spent) for name, spent in seconds.items()},
        "total_seconds": round(total, 2),
        "total_rows_per_second": round(rows / total),
        "ratio_to_reading": round(total / seconds["read"], 2),
        "store_ratio_to_raw_copy": round(seconds["store"] / seconds["raw COPY"], 2),
        "peak_memory_mib": round(peak_memory()),
        "memory_before_mib": round(before),
        "outcomes": outcomes,
        "reasons": dict(reasons.iter_rows()),
    }


def peak_memory() -> float:
    """Most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--register", type=Path, help="directory of a database made by lists.py --keep")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    with ExitStack() as stack:
        connect(stack, options.register)
        result = run(options.rows)
    if options.json:
        print(json.dumps(result))
        return
    for stage, spent in result["seconds"].items():
        print(f"{stage:12} {spent:8.2f} s {result['rows_per_second'][stage]:>10,} rows/s")
    for name in ("register", "total_seconds", "total_rows_per_second", "ratio_to_reading", "store_ratio_to_raw_copy",
                 "peak_memory_mib", "memory_before_mib", "outcomes", "reasons"):  # fmt: skip
        print(f"{name:24} {result[name]}")


if __name__ == "__main__":
    main()
