"""The reads about people: cover on a day, the facts a claim is judged on, months, the ribbon.

Lists of participants and bills are in `lists`, alarms and the weave in `watch`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from lindung import law
from lindung.contributions import legal, sql
from lindung.contributions.lists import BillRow, bills
from lindung.contributions.watch import Alarm, alarms
from lindung.core.bulk import fetch_frame
from lindung.core.clock import today
from lindung.core.months import add_months, month_of, month_range, months_between
from lindung.core.ui.ribbon import RibbonMonth, State
from lindung.membership.queries import ended_afterwards

__all__ = [
    "Alarm", "BillRow", "ClaimFacts", "Difference", "MonthRow", "PersonCover", "alarms", "bills", "claim_facts",
    "cover_of", "covered_persons", "months_of", "ribbon_of",
]  # fmt: skip

_ORDER = {"active": 0, "grace": 1, "inactive": 2}


@dataclass(frozen=True)
class PersonCover:
    """A person's cover on a day, by the best of his jobs. Without any paid month everything but `status` is empty.

    `paid_through` is the first day of the last month paid; `wage_base` in rupiah."""

    status: str  # active, grace, inactive
    payer_name: str
    segment: str
    protected_since: date | None
    paid_through: date | None
    grace_until: date | None
    inactive_from: date | None
    consecutive_months: int
    jkm_full_from: date | None
    wage_base: int
    kpj: str
    programmes: tuple[str, ...]


@dataclass(frozen=True)
class ClaimFacts:
    """What a claim is judged on: cover on the day of the event, and what is owed. Rupiah.

    `month_since_registration`: 1 in the month in which the unbroken cover began; 0 before any. `ended_afterwards`: the
    day after the event on which somebody recorded that a membership had ended before it."""

    segment: str
    status: str
    wage_base: int
    months_paid_consecutive: int
    month_since_registration: int
    arrears_months: int
    arrears_amount: int
    paid_through: date | None
    payer_name: str
    ended_afterwards: date | None = None


@dataclass(frozen=True)
class Difference:
    """What was added to a month later: from when it counts (the day its bill was settled, or its credit issued)."""

    counts_from: date | None
    wage_base: int
    amount: int


@dataclass(frozen=True)
class MonthRow:
    """One month of one job: who was charged how much, on which bill, and whether that is paid. Rupiah of each programme
    as first charged; `differences` were added later."""

    month: date
    job: int
    payer: str
    wage_base: int
    jkk: int
    jkm: int
    origin: str
    bill_id: int
    number: str | None
    settled_on: date | None
    jht: int = 0
    jp: int = 0
    worker_share: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def amount(self) -> int:
        """All programmes, with what was added later."""
        return self.jkk + self.jkm + self.jht + self.jp + sum(added.amount for added in self.differences)

    def wage_on(self, day: date) -> int:
        """The wage base as it was paid for by that day."""
        return self.wage_base + sum(
            added.wage_base for added in self.differences if added.counts_from and added.counts_from <= day
        )


@dataclass(frozen=True)
class _Job:
    """A membership and its charges that stand."""

    job: int
    segment: str
    kpj: str
    registered_on: date
    ended_on: date | None  # last day
    months: list[MonthRow]

    def paid(self, on: date) -> list[MonthRow]:
        return [row for row in self.months if row.settled_on is not None and row.settled_on <= on]

    def cover(self, on: date, holidays: list[date]) -> law.Cover:
        """By the law, from what was paid by then."""
        paid = [law.PaidMonths(row.month, row.month, row.settled_on) for row in self.paid(on) if row.settled_on]
        return law.decide_cover(self.segment, self.registered_on, paid, on, holidays)

    def last_paid(self, on: date, cover: law.Cover) -> MonthRow | None:
        """The paid month that tells payer and wage base on a day: that day's own, or the last before it."""
        if cover.paid_through is None:
            return None
        wanted = min(cover.paid_through, month_of(on))
        return next((row for row in reversed(self.paid(on)) if row.month == wanted), None)


def months_of(person_id: int, first: date = date.min, last: date = date.max) -> list[MonthRow]:
    """Every month for which a charge stands, by job and month."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT n.month, n.job, y.name, n.wage_base, n.jkk, n.jkm, n.origin, n.bill_id, i.number, s.settled_on,
                   n.jht, n.jp, n.worker_share
              FROM (SELECT DISTINCT ON (job, month) * FROM contributions_personmonth
                     WHERE person_id = ANY(%(people)s) AND month BETWEEN %(first)s AND %(last)s
                     ORDER BY job, month, entry_no DESC) n
              JOIN payers_payer y ON y.id = n.payer_id
              LEFT JOIN contributions_billissue i ON i.bill_id = n.bill_id
              LEFT JOIN contributions_settledbill s ON s.bill_id = n.bill_id AND {sql.OF_PEOPLE}
             WHERE n.entry_no %% 2 = 1 ORDER BY n.job, n.month
            """,
            {"people": [person_id], "first": first, "last": last},
        )
        rows = [MonthRow(*row) for row in cursor.fetchall()]
        added = _differences(cursor, person_id, first, last)
    return [replace(row, differences=added.get((row.month, row.job), ())) for row in rows] if added else rows


def _differences(
    cursor: CursorWrapper, person_id: int, first: date, last: date
) -> dict[tuple[date, int], tuple[Difference, ...]]:
    cursor.execute(
        f"""
        SELECT d.month, d.job, coalesce(s.settled_on, CASE WHEN i.amount < 0 THEN i.issued_on END), d.wage_base,
               d.jkk + d.jkm + d.jht + d.jp
          FROM contributions_personmonth d LEFT JOIN contributions_billissue i ON i.bill_id = d.bill_id
          LEFT JOIN contributions_settledbill s ON s.bill_id = d.bill_id AND {sql.OF_PEOPLE}
         WHERE d.person_id = ANY(%(people)s) AND d.month BETWEEN %(first)s AND %(last)s AND d.entry_no < 0
         ORDER BY d.month, d.job, d.entry_no DESC
        """,
        {"people": [person_id], "first": first, "last": last},
    )
    return {
        key: tuple(Difference(*row[2:]) for row in rows)
        for key, rows in groupby(cursor.fetchall(), lambda row: (row[0], row[1]))
    }


def _jobs_of(person_id: int) -> list[_Job]:
    months = {job: list(rows) for job, rows in groupby(months_of(person_id), attrgetter("job"))}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT job, segment, kpj, registered_on,
                   CASE WHEN isempty(valid) THEN registered_on ELSE upper(valid) END - 1
              FROM membership_membership WHERE person_id = %s ORDER BY job
            """,
            [person_id],
        )
        return [
            _Job(job, segment, kpj, registered_on, ended_on, months.get(job, []))
            for job, segment, kpj, registered_on, ended_on in cursor.fetchall()
        ]


def _status(cover: law.Cover, job: _Job, on: date) -> str:
    """The law's status, which ends with the membership."""
    return "inactive" if job.ended_on is not None and job.ended_on < on else cover.status


def _best(person_id: int, on: date) -> tuple[_Job, law.Cover, str] | None:
    """The job that protects best on a day; None for somebody never registered."""
    holidays = sorted(legal.holidays_around(on))
    judged = [(job, job.cover(on, holidays)) for job in _jobs_of(person_id)]
    ranked = sorted(
        ((job, cover, _status(cover, job, on)) for job, cover in judged),
        key=lambda item: (_ORDER[item[2]], -(item[1].paid_through or date.min).toordinal(), item[0].job),
    )
    return ranked[0] if ranked else None


def cover_of(person_id: int, on: date) -> PersonCover:
    """Cover on a day, from what was paid by that day, by the law's rule `cover` (PP 44/2015 Art 38-42)."""
    best = _best(person_id, on)
    if best is None:
        return PersonCover("inactive", "", "", None, None, None, None, 0, None, 0, "", ())
    job, cover, status = best
    row = job.last_paid(on, cover)
    leaves = cover.inactive_from
    if job.ended_on is not None and leaves is not None:
        leaves = min(leaves, legal.day_after(job.ended_on))
    return PersonCover(
        status=status,
        payer_name=row.payer if row else "",
        segment=job.segment,
        protected_since=cover.protected_since,
        paid_through=cover.paid_through,
        grace_until=cover.grace_until,
        inactive_from=leaves,
        consecutive_months=cover.consecutive_months,
        jkm_full_from=cover.jkm_full_from,
        wage_base=row.wage_on(on) if row else 0,
        kpj=job.kpj,
        programmes=_programmes(row),
    )


def _programmes(row: MonthRow | None) -> tuple[str, ...]:
    if row is None:
        return ()
    return tuple(name for name, amount in _by_programme(row) if amount)


def _by_programme(row: MonthRow) -> tuple[tuple[str, int], ...]:
    return ("JKK", row.jkk), ("JKM", row.jkm), ("JHT", row.jht), ("JP", row.jp)


def claim_facts(person_id: int, on: date) -> ClaimFacts:
    """The facts of a person for a claim about that day. Somebody never registered has no cover and owes nothing."""
    best, ended = _best(person_id, on), ended_afterwards(person_id, on)
    if best is None:
        return ClaimFacts(legal.BPU, "inactive", 0, 0, 0, 0, 0, None, "", ended)
    job, cover, status = best
    row = job.last_paid(on, cover)
    began = cover.protected_since
    return ClaimFacts(
        segment=job.segment,
        status=status,
        wage_base=row.wage_on(on) if row else 0,
        months_paid_consecutive=cover.consecutive_months,
        month_since_registration=months_between(began, on) + 1 if began else 0,
        arrears_months=cover.arrears_months,
        arrears_amount=_arrears(job, cover, row),
        paid_through=cover.paid_through,
        payer_name=row.payer if row else "",
        ended_afterwards=ended,
    )


def _arrears(job: _Job, cover: law.Cover, last_paid: MonthRow | None) -> int:
    """Rupiah of the months in arrears: as charged, and where nobody charged them, as last paid."""
    if cover.paid_through is None or last_paid is None:
        return 0
    charged = {row.month: row.amount for row in job.months}
    owed = (add_months(cover.paid_through, step + 1) for step in range(cover.arrears_months))
    return sum(charged.get(month, last_paid.amount) for month in owed)


def covered_persons(person_ids: list[int], on: date) -> pl.DataFrame:
    """The covers of these people on a day, one row per job, for checks of whole lists.

    person_id, status, payer_id, payer_name, segment, origin (of the last month paid). From the table of covers, so for
    days near today. Whoever never had a paid month is not in it."""
    limits: dict[str, Any] = legal.status_limits(on).values()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.person_id, {sql.STATUS},
                   c.payer_id, y.name, c.segment, coalesce(pm.origin, '')
              FROM contributions_cover c JOIN payers_payer y ON y.id = c.payer_id
              LEFT JOIN LATERAL (SELECT origin FROM contributions_personmonth pm
                                  WHERE pm.month = c.paid_through AND pm.person_id = c.person_id AND pm.job = c.job
                                  ORDER BY entry_no DESC LIMIT 1) pm ON true
             WHERE c.person_id = ANY(%(people)s) ORDER BY c.person_id, c.job
            """,
            limits | {"people": person_ids},
        )
        return fetch_frame(
            cursor,
            {
                "person_id": pl.Int64,
                "status": pl.String,
                "payer_id": pl.Int64,
                "payer_name": pl.String,
                "segment": pl.String,
                "origin": pl.String,
            },
        )


def ribbon_of(person_id: int, first: date, last: date) -> list[RibbonMonth]:
    """The months from `first` to `last` as the ribbon draws them, over all jobs; a month to come is there only if it
    is charged."""
    charged = [
        (row.month, row.payer, row.number is not None, row.settled_on is not None) for row in months_of(person_id)
    ]
    return ribbon(charged, month_of(first), month_of(last), legal.status_limits(today()))


Charged = tuple[date, str, bool, bool]  # month, payer, issued, paid


def ribbon(charged: Sequence[Charged], first: date, last: date, limits: legal.StatusLimits) -> list[RibbonMonth]:
    """A strip of months from the charges that stand; the best of several jobs counts."""
    best: dict[date, Charged] = {}
    for row in charged:
        if row[0] not in best or (row[3], row[2]) > (best[row[0]][3], best[row[0]][2]):
            best[row[0]] = row
    current = month_of(limits.on)
    grace = months_between(limits.grace_from[legal.BPU], current)
    cells, since_paid = [], 10**6
    for month in month_range(min([first, *best]), last):
        found = best.get(month)
        since_paid = 0 if found and found[3] else since_paid + 1
        if month >= first and (found or month <= current):
            state = _state(found, month, current, in_grace=since_paid <= grace)
            cells.append(RibbonMonth(month, state, found[1] if found else ""))
    return cells


def _state(found: Charged | None, month: date, current: date, *, in_grace: bool) -> State:
    if found and found[3]:
        return "paid"
    if month >= current and found:
        return "billed" if found[2] else "planned"
    return "grace" if in_grace else "none"
