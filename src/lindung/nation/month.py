"""One month of the nation, stage by stage: rows, indexes, bills, books, checks, then a day of payments.

The wage lines are judged once: their rows go into the month's own table, what each payer is charged to a second
connection. Then two threads, each with its connection: one builds the table's indexes; the other writes bills, issues
and books in a transaction that it keeps open, and checks the table's rows against the bills. When both are done, that
transaction attaches the table and commits: the whole month is there, or nothing of it is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import Connection

from lindung.contributions.legal import due_date
from lindung.core.months import last_day
from lindung.nation import billing, partition, settling
from lindung.nation.assessing import Charges, Judged, assessed
from lindung.nation.billing import Covered, Terms
from lindung.nation.building import Nation
from lindung.nation.makeup import read_regencies
from lindung.nation.partition import Indexes
from lindung.nation.registered import checked, read_register
from lindung.nation.stages import Row, Stages, Watch, unwatched

Load = Callable[[Iterator[Charges]], int]
"""Takes all rows in; how many they were."""


class Sides(NamedTuple):
    """Connections that work side by side."""

    rows: Connection[Row]
    bills: Connection[Row]
    register: Connection[Row]


@dataclass(frozen=True)
class Outcome:
    """What the month came to: seconds on the clock, where it ran in one go; and the law's own totals, where this run
    asked it."""

    seconds: float | None
    judged: Judged | None


def run_month(url: str, nation: Nation, month: date, holidays: frozenset[date], watch: Watch = unwatched) -> Outcome:
    """Run the month, or go on where a killed run stopped; what is done is not done again.

    Raises Conflict when the month is there without our marks, or a check fails."""
    begun, judged = time.perf_counter(), None
    with (
        psycopg.connect(url, autocommit=True) as rows_side,
        psycopg.connect(url, autocommit=True) as bills_side,
        psycopg.connect(url, autocommit=True) as register_side,
    ):
        stages = Stages(rows_side, month, watch)
        in_one_go = not stages.done
        terms = _terms(rows_side, nation, month, holidays)
        if "attach" not in stages.done:
            judged = _charge(stages, Sides(rows_side, bills_side, register_side), nation, terms)
        if "cover" not in stages.done:
            _receive(stages, rows_side, bills_side, month, terms.due_pu - timedelta(days=5))
        if in_one_go:
            taken = time.perf_counter() - begun
            rows_side.execute("UPDATE nation.month SET seconds = %s WHERE month = %s", [taken, month])
        found = rows_side.execute("SELECT seconds FROM nation.month WHERE month = %s", [month]).fetchone()
    return Outcome(found[0] if found else None, judged)


def _terms(connection: Connection[Row], nation: Nation, month: date, holidays: frozenset[date]) -> Terms:
    """The month's bills: numbers kept for them once, so that a second run gives the same ones."""
    with connection.transaction():
        connection.execute(
            "CREATE TABLE IF NOT EXISTS nation.month"
            " (month date PRIMARY KEY, bills_before bigint NOT NULL, seconds double precision)"
        )
        found = connection.execute("SELECT bills_before FROM nation.month WHERE month = %s", [month]).fetchone()
        if found is None:
            found = connection.execute(
                "INSERT INTO nation.month (month, bills_before) SELECT %s, coalesce(max(id), 0) FROM contributions_bill"
                " RETURNING bills_before",
                [month],
            ).fetchone()
            assert found is not None
            connection.execute(
                "SELECT setval(pg_get_serial_sequence('contributions_bill', 'id'), %s)", [found[0] + nation.payers]
            )
    due_pu, due_bpu = due_date("PU", month, holidays), due_date("BPU", month, holidays)
    return Terms(month, last_day(month), due_pu, due_bpu, int(found[0]))


def _charge(stages: Stages, sides: Sides, nation: Nation, terms: Terms) -> Judged:
    rows_side, bills_side, _ = sides
    covered = Covered(read_regencies(nation.seed).key)
    # Whatever fails, the other thread ends before its transaction does.
    with bills_side.transaction(), ThreadPoolExecutor(1) as pool:
        with _loading(stages, rows_side, terms, nation.folder) as load:
            judged = _judge(sides, nation, terms, covered, load)
            writing = pool.submit(_write_bills, stages, bills_side, terms, covered)  # while the rows reach the disk
        indexes = Indexes(rows_side, partition.name_of(terms.month))
        checking = pool.submit(_check, stages, bills_side, terms, indexes)
        _build_indexes(stages, rows_side, indexes)
        writing.result()
        checking.result()
        with stages.stage("attach", bills_side) as mark:
            partition.attach(bills_side, terms.month)
            mark.rows = judged.rows
    return judged


@contextmanager
def _loading(stages: Stages, connection: Connection[Row], terms: Terms, folder: Path) -> Iterator[Load]:
    """Gives what takes rows into the month's table, which the block's end commits. Rows that are there already only
    pass by, for what the payers are charged went with the run that was killed."""
    if "load" in stages.done:
        yield lambda parts: sum(part.rows for part in parts)
        return
    with connection.transaction(), stages.stage("load") as mark:
        partition.make(connection, terms.month)

        def load(parts: Iterator[Charges]) -> int:
            mark.rows = partition.fill(connection, terms.month, terms.bills_before, parts, folder)
            return mark.rows

        yield load


def _judge(sides: Sides, nation: Nation, terms: Terms, covered: Covered, load: Load) -> Judged:
    """Judge the lines once: their rows are held against the register and loaded, what each payer is charged is written
    down beside them."""
    judged = Judged()
    with ThreadPoolExecutor(1) as pool, billing.charging(sides.bills, terms, covered) as note:
        reading = pool.submit(read_register, sides.register, nation.folder)
        load(map(note, checked(assessed(nation, terms.month, judged), reading)))
    return judged


def _build_indexes(stages: Stages, connection: Connection[Row], indexes: Indexes) -> None:
    """While rows are checked on one half of the processors, the other half builds indexes."""
    if "indexes" in stages.done:
        return
    with connection.transaction(), stages.stage("indexes") as mark:
        connection.execute(f"SET LOCAL max_parallel_maintenance_workers = {beside()}")
        mark.rows = indexes.build(connection)


def _write_bills(stages: Stages, connection: Connection[Row], terms: Terms, covered: Covered) -> None:
    with stages.stage("bills", connection) as mark:
        mark.rows = billing.write_bills(connection, terms, covered)
    with stages.stage("ledger", connection) as mark:
        mark.rows = billing.post_bills(connection, terms)


def _check(stages: Stages, connection: Connection[Row], terms: Terms, indexes: Indexes) -> None:
    """Check every row, then help with the indexes that are left: they stand or fall with this transaction."""
    with stages.stage("check", connection) as mark:
        connection.execute(f"SET LOCAL max_parallel_workers_per_gather = {beside()}")
        mark.rows = partition.check(connection, terms.month)
    with stages.stage("more_indexes", connection) as mark:
        connection.execute(f"SET LOCAL max_parallel_maintenance_workers = {beside()}")
        mark.rows = indexes.build(connection)


def _receive(
    stages: Stages, rows_side: Connection[Row], cover_side: Connection[Row], month: date, paid_on: date
) -> None:
    """One connection settles and posts, and writes what is left of the cover; the other begins with cover at once."""
    first, rest = range(1, settling.SHARES), [0]
    with ThreadPoolExecutor(1) as pool, cover_side.transaction(), stages.stage("cover", cover_side) as mark:
        settling_now = pool.submit(_settle, stages, rows_side, month, paid_on, rest)
        settling.find_paid(cover_side, month)
        settling.count_covered(cover_side, month)
        mark.rows = settling.cover(cover_side, month, paid_on, first, settling_now.result)


def _settle(stages: Stages, connection: Connection[Row], month: date, paid_on: date, shares: Sequence[int]) -> None:
    if "more_cover" in stages.done:
        return
    with connection.transaction():
        with stages.stage("settle") as mark:
            mark.rows = settling.settle(connection, month, paid_on)
        with stages.stage("ledger_of_payments") as mark:
            mark.rows = settling.post_payments(connection, month, paid_on)
        with stages.stage("more_cover") as mark:
            mark.rows = settling.cover(connection, month, paid_on, shares)


def beside() -> int:
    """Helpers that each of two statements may have when they run beside one another."""
    return max(0, len(os.sched_getaffinity(0)) // 2 - 1)
