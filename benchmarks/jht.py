"""How long the yearly return on JHT accounts takes, against the raw COPY of the very rows it writes, and one plain pass
over the movements it reads.

    python benchmarks/jht.py --accounts 500000 1000000 2000000 5000000 --json

One PostgreSQL of its own, durable, in a temporary directory (--keep DIR to say where). Accounts grow from size to size:
each has an opening balance of the year before, credited, and a contribution in each of the year's months. The year is
credited for all of them in one run; the run is then rolled back, so that the next size starts from the same books. All
three are timed in one session, each in one process, by the clock and by that process's processor time, which other work
on the machine disturbs less. A sample of accounts is compared with the law's answer for each of them."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from database import own_database

YEAR = 2019
RATE = 6060

# Foreign keys and triggers are left aside for what is only the stage: memberships, and a year of contributions.
MEMBERSHIPS = """
INSERT INTO membership_membership (id, person_id, place_id, segment, job, kpj, occupation, registered_on, valid)
SELECT n, n, 6112012001, 'PU', 1, lpad(n::text, 11, '0'), '', '2018-01-01', daterange('2018-01-01', NULL)
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
OPENINGS = """
INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source)
SELECT n, make_date(2018, (1 + n %% 12)::integer, 1), 'opening', 1000000 + (n * 7919) %% 9000017, 'opening'
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
CONTRIBUTIONS = """
INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source)
SELECT n, make_date(2019, %(month)s, (1 + (n + %(month)s) %% 28)::integer), 'contribution',
       100000 + (n * 104729 + %(month)s * 7919) %% 400009, 'bill:' || %(month)s
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
SAME_ROWS = "CREATE TABLE raw_return (LIKE ledger_jhtreturn INCLUDING DEFAULTS)"
SAME_INDEX = "ALTER TABLE raw_return ADD PRIMARY KEY (year, membership_id, run)"
CREDIT = "SELECT accounts, amount FROM ledger_credit_jht(%(year)s, %(rate)s)"
READ = f"SELECT count(*) FROM ledger_jhtmovement WHERE dated BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31'"
ONE_PROCESS = "SET max_parallel_workers_per_gather = 0; SET max_parallel_maintenance_workers = 0"
WRITTEN = f"COPY (SELECT * FROM ledger_jhtreturn WHERE year = {YEAR}) TO STDOUT"


@dataclass
class Timed:
    """Seconds by the clock, and of PostgreSQL's processor time."""

    seconds: float = 0.0
    processor: float = 0.0

    def __add__(self, other: Timed) -> Timed:
        return Timed(self.seconds + other.seconds, self.processor + other.processor)

    def ratio_to(self, other: Timed) -> dict[str, float]:
        return {
            "seconds": round(self.seconds / other.seconds, 2),
            "processor_seconds": round(self.processor / other.processor, 2),
        }


class Watch:
    """The most memory of its own that a PostgreSQL process took, in MB, and the seconds of processor it used."""

    def __init__(self, pid: int) -> None:
        self.process, self.peak, self._leave = Path(f"/proc/{pid}"), 0.0, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._leave.wait(0.1):
            lines = (self.process / "status").read_text().splitlines()
            anonymous = next(line for line in lines if line.startswith("RssAnon"))
            self.peak = max(self.peak, int(anonymous.split()[1]) / 1024)

    def processor(self) -> float:
        """Seconds of processor so far."""
        fields = (self.process / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def timing(self) -> Iterator[Timed]:
        """How long the block takes; filled in when it ends."""
        timed, started, used = Timed(), time.perf_counter(), self.processor()
        yield timed
        timed.seconds, timed.processor = time.perf_counter() - started, self.processor() - used

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join()


def run(cursor: Any, statement: str, **values: Any) -> None:
    cursor.execute(statement, values or None)


@contextmanager
def past_the_triggers(cursor: Any) -> Iterator[None]:
    run(cursor, "SET session_replication_role = replica")
    yield
    run(cursor, "SET session_replication_role = origin")


def add_accounts(cursor: Any, first: int, last: int, months: int) -> None:
    """Accounts `first` to `last`: an opening in the year before, credited; contributions in the year's months."""
    with past_the_triggers(cursor):
        run(cursor, MEMBERSHIPS, first=first, last=last)
        run(cursor, "ANALYZE membership_membership")
    run(cursor, OPENINGS, first=first, last=last)
    run(cursor, "SELECT ledger_credit_jht(2018, 6260)")
    with past_the_triggers(cursor):
        for month in range(1, months + 1):
            run(cursor, CONTRIBUTIONS, first=first, last=last, month=month)
    run(cursor, "VACUUM ANALYZE ledger_jhtmovement, ledger_jhtreturn")
    run(cursor, "CHECKPOINT")


def measure(accounts: int, sample: int, folder: Path) -> dict[str, Any]:
    """Credit the year for all accounts, compare a sample with the law, undo it; then COPY the same rows and read the
    same movements."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        run(cursor, ONE_PROCESS)
        run(cursor, "SELECT pg_backend_pid()")
        with Watch(cursor.fetchone()[0]) as watch:
            with transaction.atomic():
                with watch.timing() as credit:
                    run(cursor, CREDIT, year=YEAR, rate=RATE)
                    credited, amount = cursor.fetchone()
                peak = watch.peak
                wrong = differing_from_law(cursor, accounts, sample)
                with (folder / "rows").open("wb") as file, cursor.copy(WRITTEN) as rows:
                    for block in rows:
                        file.write(block)
                transaction.set_rollback(True)
            copied = copy_rows(cursor, folder, watch)
            with watch.timing() as read:
                run(cursor, READ)
        run(cursor, "VACUUM ledger_jhtreturn")
    return {
        "accounts": accounts,
        "credited": credited,
        "amount": amount,
        "seconds": round(credit.seconds, 2),
        "processor_seconds": round(credit.processor, 2),
        "copy_seconds": round(copied.seconds, 2),
        "copy_processor_seconds": round(copied.processor, 2),
        "read_seconds": round(read.seconds, 2),
        "read_processor_seconds": round(read.processor, 2),
        "ratio_to_copy": credit.ratio_to(copied),
        "ratio_to_copy_and_read": credit.ratio_to(copied + read),
        "peak_backend_mb": round(peak),
        "sample": min(sample, accounts),
        "differing_from_law": wrong,
    }


def copy_rows(cursor: Any, folder: Path, watch: Watch) -> Timed:
    """What a raw COPY of the same rows into a table alike takes, with building its index."""
    from django.db import transaction

    with transaction.atomic():
        run(cursor, SAME_ROWS)
        with watch.timing() as copied:
            with (folder / "rows").open("rb") as file, cursor.copy("COPY raw_return FROM STDIN") as rows:
                while block := file.read(1 << 20):
                    rows.write(block)
            run(cursor, SAME_INDEX)
        transaction.set_rollback(True)
    return copied


def differing_from_law(cursor: Any, accounts: int, sample: int) -> int:
    """How many of the sampled accounts have another balance, or another return of the year, than the law gives."""
    from lindung import law

    step = max(accounts // sample, 1)
    run(
        cursor,
        "SELECT m.membership_id, array_agg(m.dated), array_agg(m.amount), r.credited, r.of_the_year"
        " FROM ledger_jhtmovement m JOIN LATERAL ("
        "  SELECT sum(amount)::bigint AS credited, sum(amount) FILTER (WHERE year = 2019)::bigint AS of_the_year"
        "    FROM ledger_jhtreturn r WHERE r.year IN (2018, 2019) AND r.membership_id = m.membership_id) r ON true"
        " WHERE m.membership_id = ANY(%(wanted)s) GROUP BY 1, 4, 5",
        wanted=list(range(1, accounts + 1, step))[:sample],
    )
    wrong = 0
    for _membership, days, amounts, credited, of_the_year in cursor.fetchall():
        deposits = [{"on": day.isoformat(), "amount": amount} for day, amount in zip(days, amounts, strict=True)]
        answer = law.result_of("jht_balance", date(YEAR, 12, 31), {"deposits": deposits})
        wrong += (sum(amounts) + credited, of_the_year) != (answer["balance"], answer["credited_by_year"][str(YEAR)])
    return wrong


def slope(sizes: list[dict[str, Any]], of: str) -> float:
    """The exponent with which a time grows between the smallest and the largest size: 1 is linear."""
    first, last = sizes[0], sizes[-1]
    if first["accounts"] == last["accounts"]:
        return 1.0
    return round(math.log(last[of] / first[of]) / math.log(last["accounts"] / first["accounts"]), 3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, nargs="+", default=[500_000, 1_000_000, 2_000_000, 5_000_000])
    parser.add_argument("--months", type=int, default=12, help="contributions of each account in the year")
    parser.add_argument("--sample", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    sizes: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as rows, own_database(arguments.keep):
        from django.db import connection

        folder = Path(rows)
        present = 0
        for accounts in sorted(arguments.accounts):
            with connection.cursor() as cursor:
                add_accounts(cursor, present + 1, accounts, arguments.months)
            present = accounts
            sizes.append(measure(accounts, arguments.sample, folder))
            if not arguments.json:
                print(sizes[-1], flush=True)
    slopes = {of: slope(sizes, of) for of in ("seconds", "processor_seconds")}
    result = {"movements_per_account": arguments.months + 1, "sizes": sizes, "slope": slopes}
    print(json.dumps(result) if arguments.json else f"slope {slopes}")
    return 0 if all(size["differing_from_law"] == 0 for size in sizes) else 1


if __name__ == "__main__":
    sys.exit(main())
