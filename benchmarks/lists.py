"""How fast the pages answer when the database holds a whole regency.

    python benchmarks/lists.py --people 300000 --json
    python benchmarks/lists.py --keep DIR      the database stays in DIR: the second run only measures

Each page goes through the whole stack in this process (sign-in, row-level security, templates, gzip). The floor is
measured in the same run: as many round trips of SELECT 1 as the page needed statements, and the same template rendered
again from the same rows."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from database import own_database

REQUESTS = 50
ACCEPTED = {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT": "text/html", "HTTP_HOST": "127.0.0.1"}


@dataclass(frozen=True)
class Case:
    """A page as somebody asks for it; the addresses take turns."""

    name: str
    user: str
    addresses: Sequence[str]


@dataclass(frozen=True)
class Measured:
    """Milliseconds inside the server; CPU of this process only, without PostgreSQL's."""

    name: str
    requests: int
    statements: int
    min_ms: float
    p50_ms: float
    p95_ms: float
    max_ms: float
    cpu_ms: float
    floor_ms: float
    ratio: float
    kib: float


def cases() -> list[Case]:
    """Every list page, plain, sorted, searched, filtered, deep, and as a village sees it; and the detail pages."""
    from lindung.assistance.models import Decree, Proposal
    from lindung.claims.models import Claim
    from lindung.contributions.models import Bill
    from lindung.membership.models import Membership
    from lindung.people.models import Person

    people, bills = "/iuran/peserta", "/iuran/tagihan"
    count = Person.objects.count()
    sample = list(range(1, count, max(count // REQUESTS, 1)))[:REQUESTS]
    numbers = Membership.objects.filter(person_id__in=sample).values_list("kpj", flat=True)
    villages = Person.objects.filter(id__in=sample).values_list("place_id", flat=True)
    names = ("abdul rahman", "siti", "muhammad", "yohanes", "nur aini", "tjhin", "bong", "hasanah", "zzz")
    issued = Bill.objects.filter(issue__isnull=False).values_list("id", flat=True)[:25]
    large = Bill.objects.filter(payer_id=1, issue__isnull=False).values_list("id", flat=True)
    proposals = [f"/bantuan/usulan/{key}/" for key in Proposal.objects.values_list("id", flat=True)]
    claims = Claim.objects.order_by("-id").values_list("id", "event_id")[:REQUESTS]
    officer, village, branch = "petugas", "desa", "verifikator"
    return [
        Case("home, regency", officer, ["/"]),
        Case("home, village", village, ["/"]),
        Case("home, branch", branch, ["/"]),
        Case("participants", officer, [people]),
        Case("participants, village", village, [people]),
        Case("participants, page 2-40", officer, [f"{people}?page={n}" for n in range(2, 41)]),
        Case("participants, page 1,000-3,000", officer, [f"{people}?page={n}" for n in (1000, 2000, 3000)]),
        Case("participants, page 100,000", officer, [f"{people}?page=100000"]),
        Case("participants, sorted", officer, [f"{people}?sort=name", f"{people}?sort=-name"]),
        Case("participants, by name", officer, [f"{people}?q={name}" for name in names]),
        Case("participants, by name, village", village, [f"{people}?q={name}" for name in names]),
        Case("participants, by KPJ", officer, [f"{people}?q={number}" for number in numbers]),
        Case("participants, one village", officer, [f"{people}?village={key}" for key in villages]),
        Case("participants, by payer", officer, [f"{people}?payer={key}" for key in (1, 2, 7, 40)]),
        Case("participants, active", officer, [f"{people}?status=active"]),
        Case("participants, in grace", officer, [f"{people}?status=grace"]),
        Case("participants, inactive", officer, [f"{people}?status=inactive"]),
        Case("participants, never paid", officer, [f"{people}?status=registered"]),
        Case("participants, grace of a payer", officer, [f"{people}?status=grace&payer={key}" for key in (1, 3, 10)]),
        Case("person", officer, [f"/peserta/{key}" for key in sample]),
        Case("bills", officer, [bills, f"{bills}?page=5"]),
        Case("bills, filtered", officer, [f"{bills}?state={s}" for s in ("planned", "overdue", "settled", "issued")]),
        Case("bills, searched, sorted", officer, [f"{bills}?q=sawit&sort=-due_on", f"{bills}?q=T-2025&sort=payer"]),
        Case("bill", officer, [f"{bills}/{key}" for key in issued]),
        Case("bill of 180,000 people", officer, [f"{bills}/{key}" for key in large]),
        Case("bill, deep page", officer, [f"{bills}/{key}?page=2000" for key in large]),
        Case("alarms", officer, ["/iuran/peringatan"]),
        Case("payer and weave", officer, [f"/iuran/pembayar/{key}" for key in (1, 2, 40)]),
        Case("proposals", officer, ["/bantuan/usulan/", "/bantuan/usulan/?page=2", "/bantuan/usulan/?q=usulan-7"]),
        Case("assistance overview", officer, ["/bantuan/"]),
        Case("proposal", officer, proposals),
        Case("proposal, filtered", officer, [f"{address}?status=to_fix&reason=missing_mother" for address in proposals]),
        Case("proposal, sorted, searched", officer, [f"{address}?sort=name&q=siti" for address in proposals]),
        Case("proposal, deep page", officer, [f"{address}?page=50" for address in proposals]),
        Case("decrees", officer, ["/bantuan/sk/", "/bantuan/sk/?state=enacted", "/bantuan/sk/?sort=-people"]),
        Case("decree", officer, [f"/bantuan/sk/{key}/" for key in Decree.objects.values_list("id", flat=True)]),
        Case("claims", branch, ["/klaim/", "/klaim/?page=20"]),
        Case("claims, village", village, ["/klaim/"]),
        Case("claims, filtered", branch, [f"/klaim/?state={s}" for s in ("documents", "to_approve", "paid", "refused")]),
        Case("claims, searched, sorted", branch, ["/klaim/?q=siti&sort=-received_on", "/klaim/?q=K-0001"]),
        Case("claim", branch, [f"/klaim/{key}/" for key, _event in claims]),
        Case("deaths", branch, ["/klaim/kematian/", "/klaim/kematian/?page=20", "/klaim/kematian/?standing=untold"]),
        Case("death", branch, [f"/klaim/kematian/{event}/" for _key, event in claims]),
        Case("payouts", branch, ["/klaim/pembayaran/"]),
        Case("audit", "auditor", ["/audit", "/audit?page=100"]),
        Case("audit, searched", "auditor", ["/audit?q=thing:77", "/audit?q=issue_bill", "/audit?q=nobody"]),
        Case("coverage", "pimpinan", ["/cakupan/"]),
        Case("villages", "pimpinan", ["/cakupan/desa/", "/cakupan/desa/?sort=-people", "/cakupan/desa/?q=sungai"]),
    ]  # fmt: skip


class Pages:
    """Asks for pages and looks inside: statements, time, the template that was rendered."""

    def __init__(self) -> None:
        from django.template.backends.django import Template

        self.statements = 0
        self.rendered: list[tuple[Any, Any, Any]] = []
        self._clients: dict[str, Any] = {}
        self._render = Template.render
        self._template = Template

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count statements and note rendered templates, within the block."""
        from django.db import connection

        def counting(execute: Callable[..., Any], *args: Any) -> Any:
            self.statements += 1
            return execute(*args)

        def noting(template: Any, context: Any = None, request: Any = None) -> Any:
            self.rendered.append((template, context, request))
            return self._render(template, context, request)

        self.statements, self.rendered = 0, []
        self._template.render = noting
        try:
            with connection.execute_wrapper(counting):
                yield
        finally:
            self._template.render = self._render

    def ask(self, user: str, address: str) -> Any:
        """One answered request. Raises RuntimeError for anything but a page."""
        response = self._client(user).get(address, **ACCEPTED)
        if response.status_code != 200:
            raise RuntimeError(f"{address} as {user}: {response.status_code}")
        return response

    def _client(self, user: str) -> Any:
        from django.test import Client

        from lindung.core.models import User

        if user not in self._clients:
            client = self._clients[user] = Client()
            client.force_login(User.objects.get(username=user), "django.contrib.auth.backends.ModelBackend")
        return self._clients[user]

    def measure(self, case: Case, requests: int) -> Measured:
        """At least `requests` requests, the addresses in turn, after one of each that does not count."""
        self._client(case.user)
        most = 0
        for address in case.addresses[:requests]:
            with self.watching():
                size = len(self.ask(case.user, address).content)
            if self.statements >= most:
                most, page = self.statements, max(self.rendered, key=lambda noted: noted[2] is not None)
        wall, cpu = [], []
        for number in range(requests):
            address = case.addresses[number % len(case.addresses)]
            started, used = time.perf_counter(), time.process_time()
            self.ask(case.user, address)
            cpu.append((time.process_time() - used) * 1000)
            wall.append((time.perf_counter() - started) * 1000)
        floor = self._floor(page, most)
        p50 = statistics.median(wall)
        ordered = sorted(wall)
        return Measured(
            case.name, requests, most, round(ordered[0], 1), round(p50, 1),
            round(ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)], 1), round(ordered[-1], 1),
            round(statistics.median(cpu), 1), round(floor, 2), round(p50 / floor, 2), round(size / 1024, 1),
        )  # fmt: skip

    def _floor(self, page: tuple[Any, Any, Any], statements: int) -> float:
        """Milliseconds of the round trips and of rendering the last template from rows that are there already."""
        from django.db import connection

        trips, renders = [], []
        for _ in range(15):
            started = time.perf_counter()
            for _ in range(statements):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                    cursor.fetchone()
            between = time.perf_counter()
            self._render(*page)
            renders.append(time.perf_counter() - between)
            trips.append(between - started)
        return (statistics.median(trips) + statistics.median(renders)) * 1000


def run(
    people: int, requests: int, kept: Path | None, only: str = "", report: Callable[[str], None] = print
) -> dict[str, Any]:
    """Build (unless it is there) and measure; the pages, and how large the database is."""
    with own_database(kept) as new:
        started = time.perf_counter()
        if new:
            from regency import Size, build

            share = people / 300_000
            build(
                Size(people, max(round(3_000 * share), 30), max(round(100 * share), 4), max(round(50 * share), 2)),
                report,
            )
        built = time.perf_counter() - started
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_database_size(current_database()), (SELECT count(*) FROM people_person),"
                " (SELECT count(*) FROM contributions_personmonth), current_setting('server_version')"
            )
            size, found, months, version = cursor.fetchone()
        pages = Pages()
        measured = []
        for case in cases():
            if only in case.name:
                measured.append(pages.measure(case, requests))
                report(line(measured[-1]))
        return {
            "people": found, "person_months": months, "database_mib": round(size / 2**20), "postgresql": version,
            "build_seconds": round(built, 1), "pages": [asdict(page) for page in measured],
        }  # fmt: skip


HEAD = f"{'page':32} {'SQL':>4} {'min':>7} {'p50':>7} {'p95':>7} {'max':>8} {'CPU':>6} {'floor':>6} {'ratio':>6} ms"


def line(page: Measured) -> str:
    """One row of the printed table."""
    return (
        f"{page.name:32} {page.statements:4} {page.min_ms:7.1f} {page.p50_ms:7.1f} {page.p95_ms:7.1f}"
        f" {page.max_ms:8.1f} {page.cpu_ms:6.1f} {page.floor_ms:6.1f} {page.ratio:6.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=300_000)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each page")
    parser.add_argument("--keep", type=Path, help="directory of a database that stays")
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()

    def say(text: str) -> None:
        print(text, file=sys.stderr if options.json else sys.stdout, flush=True)

    say(HEAD)
    result = run(options.people, options.requests, options.keep, options.only, say)
    print(json.dumps(result if options.json else {name: value for name, value in result.items() if name != "pages"}))


if __name__ == "__main__":
    main()
