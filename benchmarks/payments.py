"""How many payments a second a bank can tell `lindung serve` of, how long it waits, and what kill -9 does to the books.

    python benchmarks/payments.py --rate 300 --seconds 40 --json

A durable PostgreSQL (fsync and synchronous_commit on) and the server run as they do in an office, on this machine, which
the bank shares. Four parts, one after the other, in one run:

  pgbench   PostgreSQL's own simple update (pgbench -N) with as many connections as the server has
  steady    the rate, undisturbed
  most      as fast as the server answers
  killed    the rate, while kill -9 ends a worker or the whole web server every few seconds; the bank tells again

A fifth of the payments is told twice. Afterwards the bank's book is compared with ours, to the rupiah."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

MONTH = date(2026, 1, 1)
CONNECTIONS = 4  # two processes with two threads each, as `lindung serve` starts them
TELLERS = 8  # threads of the bank
AMOUNT = 16_800
RETRY_SECONDS = 0.05


@dataclass
class Told:
    """What the bank knows of one of its payments."""

    code: str
    request_id: str
    due: float  # when the bank has to tell, on its own clock
    twice: bool
    confirmed: float = 0


def processor_seconds() -> Counter[str]:
    """What the processes of this machine have used so far, summed by what they are."""
    tick = os.sysconf("SC_CLK_TCK")
    used: Counter[str] = Counter()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "stat").read_text().rpartition(")")[2].split()
                used[_kind(entry)] += (int(words[11]) + int(words[12])) / tick
    return used


def _kind(process: Path) -> str:
    if process.name == str(os.getpid()):
        return "bank"
    line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    kinds = {"granian": "web", "postgres": "postgres", "lindung": "jobs", "cli import main": "jobs", "": "kernel"}
    return next((kind for sign, kind in kinds.items() if sign and sign in line), "other" if line else "kernel")


@dataclass
class Part:
    """One part of the run: each message that was answered, and each that was not."""

    seconds: float = 0
    answered: list[float] = field(default_factory=list)  # seconds from sending to the answer
    confirmed: list[float] = field(default_factory=list)  # seconds from when it was due, silence included
    codes: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)  # seconds of processor time, by program
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, code: str, seconds: float) -> None:
        with self.lock:
            self.codes[code] += 1
            if code != "HTTP 0":
                self.answered.append(seconds)

    def figures(self, payments: int) -> dict[str, Any]:
        return {
            "payments": payments,
            "seconds": round(self.seconds, 1),
            "payments_per_second": round(payments / self.seconds, 1),
            "messages_per_second": round(len(self.answered) / self.seconds, 1),
            "p50_ms": _percentile(self.answered, 0.50),
            "p99_ms": _percentile(self.answered, 0.99),
            "max_ms": _percentile(self.answered, 1.0),
            "due_to_confirmed_p99_ms": _percentile(self.confirmed, 0.99),
            "codes": dict(self.codes),
            "cpu_ms_per_message": {
                name: round(1000 * seconds / len(self.answered), 2) for name, seconds in self.used.most_common(8)
            },
        }


def _percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0


def build(bills: int) -> list[str]:
    """So many payers, each with one worker and one issued bill; their payment codes."""
    from django.db import connection, transaction
    from django.db.backends.postgresql.psycopg_any import DateRange

    from lindung.contributions.actions import ensure_months
    from lindung.contributions.billing import payment_code
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.membership.models import Membership
    from lindung.payers.models import Payer
    from lindung.people.models import Person
    from lindung.web.installing import set_up

    with acting_as(SYSTEM):
        place = set_up(SYSTEM, "61.12").place_key
        ensure_months([MONTH])
    with transaction.atomic():
        payers = Payer.objects.bulk_create(
            [Payer(kind="self", name=f"Pembayar {n}", npp=f"B{n:07d}", place_id=place) for n in range(bills)], 5000
        )
        people = Person.objects.bulk_create(
            [
                Person(nik=f"61120101019{n:05d}", name=f"Orang {n}", name_key=f"orang {n}", sex="L", place_id=place,
                       birth_date=date(1990, 1, 1))
                for n in range(bills)
            ], 5000,
        )  # fmt: skip
        members = Membership.objects.bulk_create(
            [
                Membership(person=person, place_id=place, segment="BPU", job=1, kpj=f"{person.pk:011d}",
                           registered_on=date(2025, 12, 1), valid=DateRange(date(2025, 12, 1), None))
                for person in people
            ], 5000,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {FILLED}")
            cursor.execute(BILLS, {"payers": [p.pk for p in payers], "members": [m.pk for m in members],
                                   "month": MONTH, "amount": AMOUNT})  # fmt: skip
            cursor.execute("ANALYZE contributions_bill, contributions_personmonth")  # else each bill reads them whole
            cursor.execute(ISSUES, [MONTH])
            ids = [row[0] for row in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {FILLED}, contributions_billissue")  # as an office's tables are; not the empty ones
    return [payment_code(bill_id) for bill_id in ids]


FILLED = "payers_payer, people_person, membership_membership, contributions_bill, contributions_personmonth"
BILLS = """
INSERT INTO contributions_bill (payer_id, month, sequence) SELECT payer, %(month)s, 1 FROM unnest(%(payers)s) payer;
INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id, place_id,
       segment, wage_base, jkk, jkm, origin)
SELECT %(month)s, m.person_id, 1, 1, m.id, b.payer_id, b.id, m.place_id, 'BPU', 1000000, 10000, %(amount)s - 10000, 'self:1'
  FROM unnest(%(payers)s::bigint[], %(members)s::bigint[]) AS w(payer, member)
  JOIN contributions_bill b ON b.payer_id = w.payer AND b.month = %(month)s
  JOIN membership_membership m ON m.id = w.member
"""
ISSUES = """
INSERT INTO contributions_billissue (bill_id, number, issued_on, due_on, people, amount, content_digest, issued_by)
SELECT b.id, 'TAG-B-' || b.id, b.month, b.month + 14, t.people, t.amount, t.digest, 'uji'
  FROM contributions_bill b, LATERAL contributions_bill_totals(b.id) t WHERE b.month = %s RETURNING bill_id
"""


def agree() -> Any:
    """The bank's credentials."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from lindung.banking.actions import add_partner
    from lindung.banking.testbank import Credentials
    from lindung.core.actors import SYSTEM, acting_as

    key = generate_private_key(65537, 2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with acting_as(SYSTEM):
        partner, secret = add_partner(SYSTEM, "Bank Uji", "88899", pem)
    return Credentials(partner.client_id, partner.partner_code, partner.service_id, secret, key)


class Server:
    """`lindung serve`, and the processes below it."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (data_dir / "serve.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from lindung.web.cli import main; main()", "serve", "--port", str(self.port)],
            env={**os.environ, "LINDUNG_DATA_DIR": str(data_dir)}, stdout=self.log, stderr=self.log,
        )  # fmt: skip

    def answers(self) -> bool:
        """Wait until it does; False when it does not within three minutes."""
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2)
                return True
            time.sleep(0.1)
        return False

    def web(self) -> list[int]:
        """The web server's processes, the one above the others first."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        tops = [pid for pid, parent in parents.items() if parent == self.process.pid and _runs(pid, b"granian")]
        below = [pid for pid, parent in parents.items() if parent in tops]
        return tops + below

    def kill_one(self) -> None:
        """One of the processes that answer."""
        pids = self.web()[1:]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(pids[-1], signal.SIGKILL)

    def kill_all(self) -> None:
        """The whole web server."""
        for pid in self.web():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()


def _runs(pid: int, name: bytes) -> bool:
    with suppress(OSError):
        return name in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def tell(bank: Any, payments: list[Told], *, paced: bool) -> Part:
    """Tell of all of them and do not rest before each is confirmed; a fifth is told a second time."""
    part, turn, lock = Part(), iter(payments), threading.Lock()
    started = time.monotonic()

    def teller(number: int) -> None:
        random = Random(number)
        while True:
            with lock:
                told = next(turn, None)
            if told is None:
                return
            if paced:
                time.sleep(max(0.0, started + told.due - time.monotonic()))
            _tell_one(bank, told, part, random)
            told.confirmed = time.monotonic() - started
            if paced:
                with part.lock:
                    part.confirmed.append(told.confirmed - told.due)

    before = processor_seconds()
    threads = [threading.Thread(target=teller, args=(number,)) for number in range(TELLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    part.seconds = time.monotonic() - started
    part.used = processor_seconds() - before
    return part


def _tell_one(bank: Any, told: Told, part: Part, random: Random) -> None:
    """Until it is confirmed: the same message again, or an advice under a new number. Then once more, if it is one of
    the fifth."""
    from lindung.banking.testbank import PAYMENT

    number, body = bank.number(), bank.payment_body(told.code, told.request_id, AMOUNT)
    left = 2 if told.twice else 1
    while left:
        answer = bank.call(PAYMENT, body, number=number)
        part.note(answer.code, answer.seconds)
        if answer.code == "2002500":
            left -= 1
        elif answer.status and answer.status < 500:
            raise SystemExit(f"refused: {answer.body}")
        else:
            time.sleep(RETRY_SECONDS)
        if random.random() < 0.5:
            number, body = bank.number(), bank.payment_body(told.code, told.request_id, AMOUNT, advice=True)


@contextmanager
def killing(server: Server, every: float) -> Iterator[list[str]]:
    """Kills by turns one worker and the whole web server, a while after it answers again, until the block ends."""
    done: list[str] = []
    over = threading.Event()

    def killer() -> None:
        while server.answers() and not over.wait(every):
            if len(done) % 2:
                server.kill_all()
            else:
                server.kill_one()
            done.append("all" if len(done) % 2 else "one")

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


def pgbench(cluster: Any, seconds: int) -> dict[str, Any]:
    """PostgreSQL's own simple update, in a database beside ours on the same server."""
    import psycopg

    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as administrator:
        durable = {name: administrator.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                   for name in ("fsync", "synchronous_commit", "full_page_writes")}  # fmt: skip
        administrator.execute("CREATE DATABASE pgbench")
    where = ["-h", str(cluster.socket), "-p", "5432", "-U", "lindung", "pgbench"]
    tool = str(cluster.binaries / "pgbench")
    subprocess.run([tool, "-i", "-I", "dtGvp", "-q", "-s", "10", *where], check=True, capture_output=True)
    said = subprocess.run(
        [tool, "-N", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds), *where],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    rate = float(re.search(r"tps = ([0-9.]+)", said)[1])  # type: ignore[index]
    return {"simple_updates_per_second": round(rate, 1), "connections": CONNECTIONS, **durable}


def compare(book: list[Told]) -> dict[str, Any]:
    """Our books against the bank's: nothing lost, nothing doubled, the log whole."""
    from django.db import connection

    from lindung.core.log import verify_chain

    told = {f"VA-88899-{payment.request_id}" for payment in book}
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, amount FROM contributions_payment WHERE kind = 'va'")
        ours = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM (SELECT bill_id FROM contributions_settlement GROUP BY 1 HAVING sum(amount) <> %s) x",
            [AMOUNT],
        )
        wrong = cursor.fetchone()[0]
        cursor.execute("SELECT count(*), count(payment_id) FROM banking_callback")
        messages, paying = cursor.fetchone()
    chain = verify_chain()
    return {
        "bank_payments": len(book),
        "bank_rupiah": len(book) * AMOUNT,
        "our_payments": len(ours),
        "our_rupiah": sum(amount for _, amount in ours),
        "lost": len(told - {reference for reference, _ in ours}),
        "doubled": len(ours) - len({reference for reference, _ in ours}) + wrong,
        "messages_kept": messages,
        "messages_that_paid": paying,
        "log_entries": chain.entries,
        "log_sound": chain.broken_at is None and not chain.problem,
    }


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def run(rate: int, seconds: int, every: float, bills: int) -> dict[str, Any]:
    """The four parts and the comparison."""
    from lindung.banking.testbank import TestBank
    from lindung.core import postgres
    from lindung.web.runtime import runtime

    folder = Path(tempfile.mkdtemp(prefix="lindung-payments-"))
    folder.chmod(0o755)
    try:
        with runtime(folder) as running:
            from lindung.web.migrating import prepare_database

            prepare_database()
            credentials = agree()
            _say(f"making {bills} bills")
            codes = iter(build(bills))
            _say("pgbench")
            cluster = running.cluster or postgres.cluster(folder)
            result: dict[str, Any] = {"pgbench": pgbench(cluster, max(5, seconds // 4))}
            os.environ.pop("DATABASE_URL", None)
            server = Server(folder)
            try:
                if not server.answers():
                    raise SystemExit(f"the server does not answer:\n{Path(server.log.name).read_text()[-2000:]}")
                bank = TestBank(server.url, credentials, timeout=5)
                book: list[Told] = []

                def batch(count: int) -> list[Told]:
                    made = [Told(next(codes), f"{len(book) + n:012d}", n / rate, n % 5 == 0) for n in range(count)]
                    book.extend(made)
                    return made

                tell(bank, batch(200), paced=False)  # warm
                _say("steady")
                result["steady"] = tell(bank, batch(rate * seconds // 2), paced=True).figures(rate * seconds // 2)
                _say("most")
                most = min(bills - len(book) - rate * seconds, rate * seconds // 2)
                result["most"] = tell(bank, batch(most), paced=False).figures(most)
                _say("killed")
                with killing(server, every) as kills:
                    part = tell(bank, batch(rate * seconds), paced=True)
                result["killed"] = {**part.figures(rate * seconds), "kills": dict(Counter(kills))}
            finally:
                server.stop()
            result["books"] = compare(book)
        measured, simple = result["most"]["payments_per_second"], result["pgbench"]["simple_updates_per_second"]
        result["share_of_pgbench"] = round(measured / simple, 3)
        return result
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=300, help="payments a second; repetitions come on top")
    parser.add_argument("--seconds", type=int, default=40, help="of the part with kills")
    parser.add_argument("--kill-every", type=float, default=4.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    bills = given.rate * given.seconds * 2 + given.rate * 5 + 200
    result = run(given.rate, given.seconds, given.kill_every, bills)
    if given.json:
        print(json.dumps(result))
        return
    for name, figures in result.items():
        print(f"{name:18} {figures}")


if __name__ == "__main__":
    main()
