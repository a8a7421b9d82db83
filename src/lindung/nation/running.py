"""A whole run: build the nation, load the register, run the month, measure the limit, and say what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection

from lindung.contributions.legal import holidays_around
from lindung.core.errors import Conflict
from lindung.core.months import format_month
from lindung.nation import limit, partition
from lindung.nation.assessing import assessed
from lindung.nation.building import Nation, build_nation
from lindung.nation.digests import digests
from lindung.nation.limit import Limit
from lindung.nation.memory import watched
from lindung.nation.month import run_month
from lindung.nation.register import load_register
from lindung.nation.stages import SETUP, Row, Stages, Watch, unwatched

Say = Callable[[str], None]
FOR_COMPILING = 1_000
"""Workers of a small nation that the law's loops are compiled for, before anything is timed."""


@dataclass(frozen=True)
class Totals:
    """Rupiah billed and paid, and person-months, as the database has them."""

    billed: int
    paid: int
    person_months: int


@dataclass(frozen=True)
class Report:
    """What a run came to. `seconds`: of the month on the clock, where it ran in one go (stages run side by side)."""

    workers: int
    month: date
    stages: dict[str, tuple[float, int]]
    setup: dict[str, tuple[float, int]]
    seconds: float | None
    limit: Limit
    peak_mib: int
    peak_ours_mib: int
    bytes_on_disk: dict[str, int]
    totals: Totals

    @property
    def ratio(self) -> float | None:
        """The month and its day of payments, of what the bare COPY took."""
        return None if self.seconds is None else self.seconds / self.limit.seconds

    @property
    def ratio_before_payments(self) -> float | None:
        """The month up to where everybody sees it, of what the bare COPY took; `cover` is as long as all payments."""
        return None if self.seconds is None else (self.seconds - self.stages["cover"][0]) / self.limit.seconds

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "workers": self.workers,
            "month": format_month(self.month),
            "stages": _told(self.stages),
            "month_seconds": _rounded(self.seconds),
            "copy_seconds": round(self.limit.seconds, 3),
            "copy": {
                "copy": round(self.limit.copy_seconds, 3), "indexes": round(self.limit.index_seconds, 3),
            },
            "ratio_to_copy": _rounded(self.ratio),
            "ratio_to_copy_before_payments": _rounded(self.ratio_before_payments),
            "peak_rss_mb": self.peak_mib,
            "peak_rss_without_server_mb": self.peak_ours_mib,
            "bytes_per_worker": {name: round(size / self.workers, 1) for name, size in self.bytes_on_disk.items()},
            "setup": _told(self.setup),
            "totals": {
                "billed": self.totals.billed, "paid": self.totals.paid, "person_months": self.totals.person_months,
            },
        }  # fmt: skip


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 3)


def _told(stages: dict[str, tuple[float, int]]) -> dict[str, dict[str, float | int]]:
    return {name: {"seconds": round(seconds, 3), "rows": rows} for name, (seconds, rows) in stages.items()}


def run(
    url: str,
    folder: Path,
    workers: int,
    month: date,
    *,
    limit_first: bool = False,
    say: Say = unwatched,
    watch: Watch = unwatched,
) -> Report:
    """Run everything, or go on where a killed run stopped. The database is migrated, places and holidays are there.

    Raises Conflict when the database holds another nation, or the books do not come to what the law says."""
    say("Building the nation's wage lines")
    nation = build_nation(folder / "nation", workers)
    with psycopg.connect(url, autocommit=True) as connection:
        setup = Stages(connection, SETUP, watch)
        _check_same(setup, nation)
        say("Loading the register")
        load_register(setup, nation)
        _compile(folder, month)
        with watched(_postmaster(connection)) as peak:
            if limit_first:
                say("COPY alone, to compare with")
                measured = limit.measure(url, nation, month)
            connection.execute("CHECKPOINT")
            say(f"The month {format_month(month)}")
            outcome = run_month(url, nation, month, holidays_around(month), watch)
            connection.execute("CHECKPOINT")
            if not limit_first:
                say("COPY alone, to compare with")
                measured = limit.measure(url, nation, month)
        by_law = outcome.judged.totals["total"] if outcome.judged else None
        return Report(
            workers=workers,
            month=month,
            stages=Stages(connection, month).done,
            setup=setup.done,
            seconds=outcome.seconds,
            limit=measured,
            peak_mib=peak.whole,
            peak_ours_mib=peak.ours,
            bytes_on_disk=_bytes(connection, nation, month, measured),
            totals=check_totals(connection, month, by_law),
        )


def _check_same(setup: Stages, nation: Nation) -> None:
    loaded = setup.done.get("memberships", (0.0, nation.workers))[1]
    if loaded != nation.workers:
        raise Conflict(
            "other_nation",
            f"This database holds a nation of {loaded:,} workers.",
            way_out="Give another folder with --dir, or delete this one.",
        )


def _postmaster(connection: Connection[Row]) -> int:
    """The server's main process."""
    found = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    return int(found[0].split()[0]) if found else 0


def _compile(folder: Path, month: date) -> None:
    """The law's loops and ours, compiled before the clock runs (a version of Lindung does it once on a machine)."""
    small = build_nation(folder / "compiling", FOR_COMPILING)
    for charges in assessed(small, month):
        digests(charges)


def check_totals(connection: Connection[Row], month: date, by_law: int | None) -> Totals:
    """Billed, paid and person-months. Raises Conflict unless bills come to what the law says, and the books to both."""
    billed, paid, receivable, members, rows = connection.execute(
        f"""
        SELECT (SELECT coalesce(sum(i.amount), 0) FROM contributions_billissue i
                  JOIN contributions_bill b ON b.id = i.bill_id WHERE b.month = %(month)s)::bigint,
               (SELECT coalesce(sum(s.amount), 0) FROM contributions_settlement s
                  JOIN contributions_bill b ON b.id = s.bill_id WHERE b.month = %(month)s)::bigint,
               (SELECT coalesce(sum(amount), 0) FROM ledger_posting WHERE account_id = '1201')::bigint,
               (SELECT coalesce(sum(amount), 0) FROM ledger_posting WHERE account_id = '2101')::bigint
             + (SELECT coalesce(sum(amount), 0) FROM ledger_jhtmovement)::bigint,
               (SELECT count(*) FROM {partition.name_of(month)})
        """,
        {"month": month},
    ).fetchone() or (0, 0, 0, 0, 0)
    if by_law is not None and billed != by_law:
        raise Conflict("billed_differs", f"Bills come to {billed:,} rupiah, the law to {by_law:,}.")
    all_billed, all_paid = connection.execute(
        "SELECT (SELECT coalesce(sum(amount), 0) FROM contributions_billissue)::bigint,"
        " (SELECT coalesce(sum(amount), 0) FROM contributions_settlement)::bigint"
    ).fetchone() or (0, 0)
    if receivable != all_billed - all_paid or members != 0:
        raise Conflict("books_differ", f"The books show {receivable:,} rupiah owed, bills {all_billed - all_paid:,}.")
    return Totals(billed, paid, rows)


def _bytes(connection: Connection[Row], nation: Nation, month: date, measured: Limit) -> dict[str, int]:
    """Bytes on disk: of the files, the register, the month, everything in the database, and the bare copy."""
    sizes = connection.execute(
        "SELECT pg_total_relation_size('membership_membership') + pg_total_relation_size('payers_payer'),"
        " pg_total_relation_size(%s::regclass), pg_database_size(current_database())",
        [partition.name_of(month)],
    ).fetchone()
    assert sizes is not None
    files = sum(file.stat().st_size for file in nation.folder.iterdir())
    bare = measured.table_bytes + measured.index_bytes
    return {"files": files, "register": sizes[0], "month": sizes[1], "database": sizes[2], "copy": bare}
