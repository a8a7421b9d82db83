"""One month of the nation, stage by stage: rows, indexes, bills, books, checks, then a day of payments.

Two threads, each with its connection. One loads the person-months into the month's own table and builds its indexes;
the other meanwhile writes bills, issues and books in a transaction that it keeps open. When both are done, that
transaction checks every row against register and bills, attaches the table, and commits: the whole month is there, or
nothing of it is.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from psycopg import Connection

from lindung.contributions.legal import due_date
from lindung.core.months import last_day
from lindung.nation import billing, partition, settling
from lindung.nation.assessing import Judged, assessed
from lindung.nation.billing import Covered, Terms
from lindung.nation.building import Nation
from lindung.nation.makeup import read_regencies
from lindung.nation.stages import Row, Stages, Watch, unwatched

MONTHLY = ("load", "indexes", "bills", "ledger", "check", "attach")
PAYING = ("settle", "ledger_of_payments", "cover")


@dataclass(frozen=True)
class Outcome:
    """What the month came to: seconds on the clock in this run, and the law's own totals where it was asked now."""

    seconds: float
    judged: Judged | None


def run_month(url: str, nation: Nation, month: date, holidays: frozenset[date], watch: Watch = unwatched) -> Outcome:
    """Run the month, or go on where a killed run stopped; what is done is not done again.

    Raises Conflict when the month is there without our marks, or a check fails."""
    begun, judged = time.perf_counter(), None
    with psycopg.connect(url, autocommit=True) as rows_side, psycopg.connect(url, autocommit=True) as bills_side:
        stages = Stages(rows_side, month, watch)
        terms = _terms(rows_side, nation, month, holidays)
        if "attach" not in stages.done:
            judged = _charge(stages, rows_side, bills_side, nation, terms)
        if "cover" not in stages.done:
            _receive(stages, rows_side, month, terms.due_pu - timedelta(days=5))
    return Outcome(time.perf_counter() - begun, judged)


def _terms(connection: Connection[Row], nation: Nation, month: date, holidays: frozenset[date]) -> Terms:
    """The month's bills: numbers kept for them once, so that a second run gives the same ones."""
    with connection.transaction():
        connection.execute(
            "CREATE TABLE IF NOT EXISTS nation.month (month date PRIMARY KEY, bills_before bigint NOT NULL)"
        )
        found = connection.execute("SELECT bills_before FROM nation.month WHERE month = %s", [month]).fetchone()
        if found is None:
            found = connection.execute(
                "INSERT INTO nation.month SELECT %s, coalesce(max(id), 0) FROM contributions_bill"
                " RETURNING bills_before",
                [month],
            ).fetchone()
            assert found is not None
            connection.execute(
                "SELECT setval(pg_get_serial_sequence('contributions_bill', 'id'), %s)", [found[0] + nation.payers]
            )
    due_pu, due_bpu = due_date("PU", month, holidays), due_date("BPU", month, holidays)
    return Terms(month, last_day(month), due_pu, due_bpu, int(found[0]))


def _charge(
    stages: Stages, rows_side: Connection[Row], bills_side: Connection[Row], nation: Nation, terms: Terms
) -> Judged:
    with ThreadPoolExecutor(1) as pool, bills_side.transaction():
        writing = pool.submit(_write_bills, stages, bills_side, nation, terms)
        _load(stages, rows_side, nation, terms)
        judged = writing.result()
        with stages.stage("check", bills_side) as mark:
            partition.check(bills_side, terms.month)
            mark.rows = judged.rows
        with stages.stage("attach", bills_side) as mark:
            partition.attach(bills_side, terms.month)
            mark.rows = judged.rows
    return judged


def _load(stages: Stages, connection: Connection[Row], nation: Nation, terms: Terms) -> None:
    table = partition.name_of(terms.month)
    if "load" not in stages.done:
        with connection.transaction(), stages.stage("load") as mark:
            partition.make(connection, terms.month)
            judged = Judged()
            charges = assessed(nation, terms.month, judged)
            partition.fill(connection, table, partition.encoded(charges, terms.month, terms.bills_before))
            mark.rows = judged.rows
    if "indexes" not in stages.done:
        with connection.transaction(), stages.stage("indexes") as mark:
            mark.rows = partition.build_indexes(connection, table)


def _write_bills(stages: Stages, connection: Connection[Row], nation: Nation, terms: Terms) -> Judged:
    covered = Covered(read_regencies(nation.seed).key)
    with stages.stage("bills", connection) as mark:
        judged = billing.write_charges(connection, nation, terms, covered)
        mark.rows = billing.write_bills(connection, terms, covered)
    with stages.stage("ledger", connection) as mark:
        mark.rows = billing.post_bills(connection, terms)
    return judged


def _receive(stages: Stages, connection: Connection[Row], month: date, paid_on: date) -> None:
    with connection.transaction():
        with stages.stage("settle") as mark:
            mark.rows = settling.settle(connection, month, paid_on)
        with stages.stage("ledger_of_payments") as mark:
            mark.rows = settling.post_payments(connection, month, paid_on)
        with stages.stage("cover") as mark:
            mark.rows = settling.cover(connection, month, paid_on)
