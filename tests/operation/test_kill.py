"""Whatever is killed, and whenever: after a repetition the books are as if nothing had happened.

Four acts (a list checked, a decree enacted, bills issued, payments recorded) run on a durable cluster and are killed at
seeded random moments of their measured duration; PostgreSQL too. Afterwards each is repeated, twice, and everything is
compared with an office that was never killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import psycopg
import pytest
from installation import copied, environment

from lindung.core import postgres

SEED = 20260227
KILLS_OF_THE_OFFICE, KILLS_OF_POSTGRESQL = 5, 1  # for each act
ACTS = ("proposals", "decree", "bills", "payments")

# What the office has in its books, without numbers that a database hands out and moments of the clock.
BOOKS = {
    "proposals": """SELECT file_name, state, rows_received, rows_accepted, rows_to_fix, rows_rejected,
        rows_known, answer_file_id IS NOT NULL FROM assistance_proposal""",
    "rows": "SELECT row_no, status, reason_codes, nik, name, place_id FROM assistance_proposalrow",
    "people": "SELECT nik, name, birth_date, place_id FROM people_person",
    "decrees": "SELECT number, people, total_amount, period::text FROM assistance_decree",
    "decisions": "SELECT outcome, reason FROM assistance_decreedecision",
    "decree lines": """SELECT l.line_no, r.nik FROM assistance_decreeline l
        JOIN assistance_proposalrow r ON r.id = l.row_id""",
    "enactments": "SELECT people, new_memberships, person_months FROM assistance_enactment",
    "memberships": """SELECT p.nik, m.job, m.segment, m.registered_on, m.valid::text FROM membership_membership m
        JOIN people_person p ON p.id = m.person_id""",
    "person-months": """SELECT c.month, p.nik, c.job, c.entry_no, c.wage_base, c.jkk, c.jkm, c.segment
        FROM contributions_personmonth c JOIN people_person p ON p.id = c.person_id""",
    "bills": """SELECT b.month, b.sequence, i.number, i.people, i.amount, i.due_on FROM contributions_bill b
        LEFT JOIN contributions_billissue i ON i.bill_id = b.id""",
    "payments": "SELECT reference, paid_on, amount FROM contributions_payment",
    "settlements": """SELECT p.reference, b.month, s.amount FROM contributions_settlement s
        JOIN contributions_payment p ON p.id = s.payment_id JOIN contributions_bill b ON b.id = s.bill_id""",
    "cover": """SELECT p.nik, c.protected_since, c.paid_through, c.consecutive_months FROM contributions_cover c
        JOIN people_person p ON p.id = c.person_id""",
    "acts on record": "SELECT action, count(*) FROM core_actionentry GROUP BY 1",
    "files kept": "SELECT media_type, count(*) FROM core_storedfile GROUP BY 1",
}


class Office:
    """A warm process whose children do the acts."""

    def __init__(self, cluster: postgres.Cluster) -> None:
        self.cluster = cluster
        tests = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [tests, os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "operation.office"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment(
                cluster.directory, DATABASE_URL=cluster.url(), PYTHONPATH=path,
                DJANGO_SETTINGS_MODULE="lindung.web.settings",
            ),
        )  # fmt: skip

    def begin(self, act: str) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{act}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def ended(self) -> int:
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def do(self, act: str) -> float:
        """The act, undisturbed; its seconds."""
        started = time.monotonic()
        self.begin(act)
        assert self.ended() == 0, act
        return time.monotonic() - started

    def killed(self, act: str, after: float) -> bool:
        """Kill the act's process after so many seconds; whether it was still at it."""
        child = self.begin(act)
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        return os.WTERMSIG(self.ended()) == signal.SIGKILL

    def robbed(self, act: str, after: float) -> bool:
        """Kill PostgreSQL under the act; whether the act was still at it."""
        self.begin(act)
        time.sleep(after)
        os.kill(int((self.cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        status = self.ended()
        postgres.start(self.cluster)
        return status != 0

    def books(self) -> dict[str, list[tuple[object, ...]]]:
        with psycopg.connect(self.cluster.url()) as connection:
            return {
                name: sorted(connection.execute(query).fetchall(), key=str)  # type: ignore[arg-type]
                for name, query in BOOKS.items()
            }


@contextmanager
def office(directory: Path) -> Iterator[Office]:
    with postgres.running(directory) as cluster:
        opened = Office(cluster)
        try:
            opened.do("setup")
            yield opened
        finally:
            opened.process.kill()
            opened.process.wait()


@pytest.mark.slow
def test_an_office_killed_at_random_moments_ends_with_the_same_books(migrated: Path, directory: Path) -> None:
    for name in ("calm", "killed"):
        copied(migrated, directory / name)
    with office(directory / "calm") as calm:
        seconds = {act: calm.do(act) for act in ACTS}
        expected = calm.books()
    assert len(expected["rows"]) == 40 and len(expected["person-months"]) == 35 * 3
    assert sum(amount for _, _, amount in expected["payments"]) == 35 * 3 * 16_800  # type: ignore[misc]

    rng = Random(SEED)
    killed: dict[str, int] = {}
    with office(directory / "killed") as struck:
        with psycopg.connect(struck.cluster.url()) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        for act in ACTS:
            killed[act], length = 0, seconds[act]
            while killed[act] < KILLS_OF_THE_OFFICE:
                if struck.killed(act, rng.uniform(0.05, 0.95) * length):
                    killed[act] += 1
                else:  # it had ended before: a repetition has less to do
                    length *= 0.7
            killed[act] += sum(
                struck.robbed(act, rng.uniform(0.2, 0.9) * seconds[act]) for _ in range(KILLS_OF_POSTGRESQL)
            )
            struck.do(act)
            struck.do(act)
        assert struck.books() == expected
        with psycopg.connect(struck.cluster.url()) as connection:
            linked = connection.execute(
                "SELECT count(*), (SELECT count(*) FROM core_actionentry),"
                " count(*) FILTER (WHERE l.digest <> core_entry_digest(e, l.previous))"
                " FROM core_actionlink l JOIN core_actionentry e ON e.id = l.entry_id"
            ).fetchone()
        assert linked and linked[0] == linked[1] and linked[2] == 0
    assert sum(killed.values()) >= 20, killed
