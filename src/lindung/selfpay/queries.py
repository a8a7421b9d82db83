"""Reads: what a worker has to pay next, how he stands, who is to be reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import F

from lindung.contributions import legal
from lindung.contributions import queries as contributions
from lindung.contributions.codes import payer_code
from lindung.core.clock import today
from lindung.core.months import add_months, month_of, month_range
from lindung.core.ui.ribbon import RibbonMonth
from lindung.selfpay.models import Reminder, SelfPayer

SOON = timedelta(days=7)
ENDING = timedelta(days=14)


@dataclass(frozen=True)
class OpenBill:
    """A month billed and not yet paid. Rupiah."""

    number: str
    month: date
    due_on: date
    left: int


@dataclass(frozen=True)
class Standing:
    """How a self-paying worker stands: protected or not, what he owes, under which code a bank takes it."""

    name: str
    kpj: str
    cover: contributions.PersonCover
    ribbon: list[RibbonMonth]
    bills: list[OpenBill]
    code: str

    @property
    def asked(self) -> int:
        return sum(bill.left for bill in self.bills)


def standing(self_payer: SelfPayer) -> Standing:
    """Today's, of one worker."""
    day = today()
    return Standing(
        name=self_payer.person.name,
        kpj=self_payer.membership.kpj,
        cover=contributions.cover_of(self_payer.person_id, day),
        ribbon=contributions.ribbon_of(
            self_payer.person_id, add_months(month_of(day), -8), add_months(month_of(day), 3)
        ),
        bills=open_bills(self_payer.payer_id),
        code=payer_code(self_payer.payer_id),
    )


def open_bills(payer_id: int) -> list[OpenBill]:
    """The payer's issued bills that are not settled, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT number, month, due_on, left_open FROM (
              SELECT i.number, b.month, i.due_on, i.amount - contributions_met(b.id) AS left_open
                FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
               WHERE b.payer_id = %s AND i.amount > 0) bills
             WHERE left_open > 0 ORDER BY month, number
            """,
            [payer_id],
        )
        return [OpenBill(*row) for row in cursor.fetchall()]


def months_to_pay(self_payer: SelfPayer, count: int, *, fresh_start: bool) -> list[date]:
    """The next months nobody has billed yet: arrears that keep continuity first, unless he begins afresh."""
    this_month, billed = month_of(today()), _billed_months(self_payer)
    first = this_month if fresh_start or not billed else min(this_month, add_months(max(billed), 1))
    months: list[date] = []
    month = first
    while len(months) < count:
        if month not in billed:
            months.append(month)
        month = add_months(month, 1)
    return months


def unbilled_arrears(self_payer: SelfPayer) -> list[date]:
    """Months before this one that were never billed; to pay them keeps the unbroken run."""
    billed = _billed_months(self_payer)
    return list(month_range(add_months(max(billed), 1), add_months(month_of(today()), -1))) if billed else []


def _billed_months(self_payer: SelfPayer) -> set[date]:
    job = self_payer.membership.job
    return {row.month for row in contributions.months_of(self_payer.person_id) if row.job == job}


@dataclass(frozen=True)
class Due:
    """A worker to be told of a month, and why."""

    self_payer_id: int
    place_id: int
    name: str
    phone: str
    kpj: str
    month: date
    occasion: str
    until: date  # due date, or the last day of protection


def due_reminders(on: date) -> list[Due]:
    """Who is to be told today and was not yet, the most urgent first. From the table of covers, one statement."""
    told = set(Reminder.objects.values_list("self_payer_id", "month", "occasion"))
    holidays = legal.holidays_around(on)
    rows = SelfPayer.objects.filter(person__covers__job=F("membership__job")).values_list(
        "id",
        "place_id",
        "person__name",
        "person__phone",
        "membership__kpj",
        "person__covers__paid_through",
        "person__covers__ended_on",
    )
    limits = legal.status_limits(on)
    due = []
    for number, place, name, phone, kpj, paid_through, ended_on in rows:
        if ended_on is not None:
            continue
        month = add_months(paid_through, 1)
        out_on = limits.out_on(legal.BPU, paid_through)
        falls_due = legal.due_date(legal.BPU, month, holidays)
        occasion = _occasion(on, falls_due, out_on)
        if occasion and (number, month, occasion) not in told:
            until = falls_due if occasion == Reminder.Occasion.DUE else out_on - timedelta(days=1)
            due.append(Due(number, place, name, phone, kpj, month, occasion, until))
    return sorted(due, key=lambda row: (row.until, row.name))


def _occasion(on: date, falls_due: date, out_on: date) -> str:
    if on >= out_on:
        return Reminder.Occasion.ENDED
    if out_on - on <= ENDING:
        return Reminder.Occasion.ENDING
    if on > falls_due:
        return Reminder.Occasion.GRACE
    return Reminder.Occasion.DUE if falls_due - on <= SOON else ""
