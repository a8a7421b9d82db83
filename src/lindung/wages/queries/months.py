"""Reads: an employer's month: what is reported, what it costs, what is still to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung.contributions import legal
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.clock import today
from lindung.core.months import add_months, month_of
from lindung.core.ui.words import long_date, long_month, number, rupiah
from lindung.wages.charging import MonthAssessment, assess_month
from lindung.wages.employers import employer_for
from lindung.wages.models import MonthClosing
from lindung.wages.queries.workers import Unreported, leavers_unreported


@dataclass(frozen=True)
class MonthBill:
    """A bill of the month: rupiah; negative for a credit. `left`: what it still asks."""

    id: int
    number: str
    amount: int
    left: int
    people: int
    issued_on: date
    due_on: date


@dataclass(frozen=True)
class MonthState:
    """An employer's month. Before it is closed `assessed` is what it would cost now; then the bills tell."""

    payer_id: int
    payer: str
    month: date
    workers: int
    joined: int
    leaving: int
    without_wage: int
    wages_reported: int
    changed: int
    waiting_reports: int
    rows_to_fix: int
    closed_on: date | None
    due_on: date
    bills: list[MonthBill]

    @property
    def closed(self) -> bool:
        """Whether the month is final."""
        return self.closed_on is not None

    @property
    def amount(self) -> int:
        """What was billed for the month, credits taken off; rupiah."""
        return sum(bill.amount for bill in self.bills)

    @property
    def left(self) -> int:
        """What is still to pay; rupiah."""
        return sum(max(bill.left, 0) for bill in self.bills)


_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE e.reported_from = %(month)s),
       count(*) FILTER (WHERE e.left_on < %(next)s), count(*) FILTER (WHERE w.wage IS NULL),
       count(*) FILTER (WHERE w.month = %(month)s),
       count(*) FILTER (WHERE w.month = %(month)s AND b.wage IS NOT NULL AND b.wage <> w.wage)
  FROM wages_employment e
  LEFT JOIN LATERAL (SELECT r.wage, r.month FROM wages_wagerecord r WHERE r.membership_id = e.membership_id
                        AND r.month <= %(month)s ORDER BY r.month DESC, r.id DESC LIMIT 1) w ON true
  LEFT JOIN LATERAL (SELECT r.wage FROM wages_wagerecord r WHERE r.membership_id = e.membership_id
                        AND r.month < %(month)s ORDER BY r.month DESC, r.id DESC LIMIT 1) b ON true
 WHERE e.payer_id = %(payer)s AND e.reported_from <= %(month)s AND e.started_on < %(next)s
   AND (e.left_on IS NULL OR e.left_on >= %(month)s)
"""
_WAITING = """
SELECT count(*) FILTER (WHERE state IN ('received', 'checked')),
       coalesce(sum(rows_to_fix) FILTER (WHERE state IN ('checked', 'applied')), 0)
  FROM wages_wagereport WHERE payer_id = %(payer)s AND month = %(month)s
"""
_BILLS = """
SELECT b.id, i.number, i.amount, CASE WHEN i.amount > 0 THEN i.amount - contributions_met(b.id) ELSE 0 END::bigint,
       i.people, i.issued_on, i.due_on
  FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
 WHERE b.payer_id = %(payer)s AND b.month = %(month)s ORDER BY b.sequence
"""


def month_state(actor: Actor, payer_id: int, month: date) -> MonthState:
    """Where an employer's month stands. Raises NotFound, NotAllowed."""
    payer = employer_for(actor, payer_id)
    month = month_of(month)
    values: dict[str, Any] = {"payer": payer.pk, "month": month, "next": add_months(month, 1)}
    with acting_as(on_behalf(actor)), connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        workers, joined, leaving, without_wage, reported, changed = cursor.fetchone()
        cursor.execute(_WAITING, values)
        waiting, to_fix = cursor.fetchone()
        cursor.execute(_BILLS, values)
        bills = [MonthBill(*row) for row in cursor.fetchall()]
        closing = MonthClosing.objects.filter(payer=payer, month=month).first()
        due = legal.due_date(legal.PU, month, legal.holidays_around(month))
    return MonthState(
        payer_id=payer.pk, payer=payer.name, month=month, workers=workers, joined=joined, leaving=leaving,
        without_wage=without_wage, wages_reported=reported, changed=changed, waiting_reports=waiting,
        rows_to_fix=int(to_fix), closed_on=closing.closed_on if closing else None, due_on=due, bills=bills,
    )  # fmt: skip


def month_estimate(actor: Actor, payer_id: int, month: date) -> MonthAssessment:
    """What a month would cost as it is reported now. Raises NotFound, NotAllowed, InvalidInput (the employer's
    registration lacks what the law needs)."""
    payer = employer_for(actor, payer_id)
    with acting_as(on_behalf(actor)):
        return assess_month(payer, month_of(month))


@dataclass(frozen=True)
class Task:
    """One line of the month's list: what, whether it is done, by when. `code` is for programs and links."""

    code: str
    text: str
    done: bool
    urgent: bool = False
    count: int = 0
    due_on: date | None = None


@dataclass(frozen=True)
class Checklist:
    """The month as a list of what is done and what is to do; and the workers who have probably left."""

    state: MonthState
    tasks: list[Task]
    unreported: list[Unreported]


def checklist(actor: Actor, payer_id: int, month: date) -> Checklist:
    """What an employer has still to do for a month: joiners, wages, rows to mend, leavers, closing, payment."""
    state = month_state(actor, payer_id, month)
    gone = leavers_unreported(actor, payer_id)
    tasks = [
        Task("joined", _("%(count)s pekerja baru dilaporkan") % {"count": number(state.joined)}, True,
             count=state.joined),
        Task("left", _("%(count)s pekerja berhenti dilaporkan") % {"count": number(state.leaving)}, True,
             count=state.leaving),
        Task("unreported", _("%(count)s pekerja mungkin sudah berhenti, tetapi belum dilaporkan")
             % {"count": number(len(gone))}, not gone, urgent=bool(gone), count=len(gone)),
        Task("wages", _wages_words(state), state.without_wage == 0, urgent=state.without_wage > 0,
             count=state.without_wage),
        Task("rows", _("%(count)s baris perlu diperbaiki") % {"count": number(state.rows_to_fix)},
             state.rows_to_fix == 0, urgent=state.rows_to_fix > 0, count=state.rows_to_fix),
        Task("reports", _("%(count)s laporan menunggu diterapkan") % {"count": number(state.waiting_reports)},
             state.waiting_reports == 0, count=state.waiting_reports),
        Task("close", _closing_words(state), state.closed, due_on=state.due_on),
        Task("pay", _payment_words(state), state.closed and not state.left,
             urgent=state.left > 0 and today() > state.due_on, due_on=state.due_on),
    ]  # fmt: skip
    return Checklist(state, tasks, gone)


def _wages_words(state: MonthState) -> str:
    if state.without_wage:
        return _("%(count)s pekerja belum ada upahnya") % {"count": number(state.without_wage)}
    return _("Upah %(count)s pekerja ada: %(changed)s berubah, %(same)s sama seperti bulan lalu") % {
        "count": number(state.workers),
        "changed": number(state.changed),
        "same": number(max(state.workers - state.changed - state.joined, 0)),
    }


def _closing_words(state: MonthState) -> str:
    if state.closed_on:
        return _("Laporan bulan %(month)s ditutup %(day)s") % {
            "month": long_month(state.month),
            "day": long_date(state.closed_on),
        }
    return _("Tutup laporan bulan %(month)s; tagihannya terbit saat itu juga") % {"month": long_month(state.month)}


def _payment_words(state: MonthState) -> str:
    words = {"amount": rupiah(state.left or state.amount), "day": long_date(state.due_on)}
    if state.closed and not state.left:
        return _("Iuran %(amount)s lunas") % words
    if state.closed:
        return _("Bayar %(amount)s paling lambat %(day)s") % words
    return _("Bayar paling lambat %(day)s") % words


@dataclass(frozen=True)
class ClosedMonth:
    """A month in an employer's history."""

    month: date
    workers: int
    wages: Decimal
    billed: int
    closed_on: date
    closed_by: str


def history(actor: Actor, payer_id: int, most: int = 36) -> list[ClosedMonth]:
    """The months that are final, the newest first; `billed` with all differences since, in rupiah."""
    payer = employer_for(actor, payer_id)
    with acting_as(on_behalf(actor)), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.month, c.workers, c.wages, (SELECT coalesce(sum(i.amount), 0) FROM contributions_bill b
                     JOIN contributions_billissue i ON i.bill_id = b.id
                    WHERE b.payer_id = c.payer_id AND b.month = c.month AND b.kind = 'contribution')::bigint,
                   c.closed_on, c.closed_by
              FROM wages_monthclosing c WHERE c.payer_id = %s ORDER BY c.month DESC LIMIT %s
            """,
            [payer.pk, most],
        )
        return [ClosedMonth(*row) for row in cursor.fetchall()]
