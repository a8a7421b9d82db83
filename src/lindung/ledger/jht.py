"""A member's JHT account, read to the day: what was paid in and out, each year's return and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.law.form.calendar import month_of
from lindung.law.form.rounding import SEN
from lindung.law.jht.account import MONTHS, credit_of, last_whole_month, months_earned
from lindung.ledger.models import JhtCrediting
from lindung.ledger.rates import YearlyReturn, known_returns
from lindung.membership.models import Membership

DEPOSITS = "PP 46/2015 Pasal 22 ayat (2)"
RETURNS = "PP 46/2015 Pasal 27 ayat (1)-(2)"
INTEREST = "interest"
"""The kind of a year's return among the movements of a statement; its source is the number of the run."""


@dataclass(frozen=True)
class Movement:
    """One movement and the balance after it, in whole rupiah."""

    dated: date
    kind: str
    amount: int
    source: str
    balance: int

    @property
    def article(self) -> str:
        return RETURNS if self.kind == INTEREST else DEPOSITS


@dataclass(frozen=True)
class YearOfReturn:
    """A year's return in rupiah: what stood on average over the twelve months, at which rate. `rate` None: not known
    yet, and `amount` 0. `credited`: it is among the movements; otherwise it only accrued up to the day."""

    year: int
    average: int
    rate: YearlyReturn | None
    amount: int
    credited: bool

    @property
    def percent(self) -> float | None:
        """The rate as a ratio."""
        return self.rate.per_100000 / 100_000 if self.rate else None


@dataclass(frozen=True)
class JhtStatement:
    """An account on a day: `balance` is what was credited; `accrued` what the years not credited yet add to it."""

    membership_id: int
    kpj: str
    person_id: int
    name: str
    nik: str
    on: date
    movements: Sequence[Movement]
    years: Sequence[YearOfReturn]
    balance: int
    accrued: int

    @property
    def total(self) -> int:
        """Balance with the return to the day."""
        return self.balance + self.accrued

    @property
    def unknown_years(self) -> list[int]:
        """Years whose return is not known yet: nothing is counted for them."""
        return [row.year for row in self.years if row.rate is None and row.average]


Row = tuple[date, str, int, int, str]
"""(day, kind, rupiah, exact sen, source)"""


def jht_statement(membership_id: int, on: date | None = None) -> JhtStatement:
    """A membership's account on a day (today). Raises NotFound, also outside the actor's scope."""
    day = on or today()
    membership = Membership.objects.select_related("person").filter(pk=membership_id).first()
    if membership is None:
        raise NotFound("membership_not_found", _("Kepesertaan tidak ditemukan."))
    rows = _rows_of(membership_id, day)
    years = _years(rows, day)
    balance = sum(amount for _day, _kind, amount, _sen, _source in rows)
    return JhtStatement(
        membership_id=membership_id,
        kpj=membership.kpj,
        person_id=membership.person_id,
        name=membership.person.name,
        nik=membership.person.nik,
        on=day,
        movements=_with_balances(rows),
        years=years,
        balance=balance,
        accrued=sum(year.amount for year in years if not year.credited),
    )


def _rows_of(membership_id: int, on: date) -> list[Row]:
    """By day; a year's return stands after all that moved in the year."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT dated, kind, amount, amount * 100, source FROM ledger_jhtmovement
             WHERE membership_id = %(membership)s AND dated <= %(on)s
             UNION ALL
            SELECT make_date(r.year, 12, 31), %(interest)s, r.amount, r.amount * 100 + r.extra_sen, r.run::text
              FROM (SELECT DISTINCT year FROM ledger_jhtcrediting) c
              JOIN ledger_jhtreturn r ON r.year = c.year AND r.membership_id = %(membership)s
             WHERE make_date(r.year, 12, 31) <= %(on)s AND (r.amount, r.extra_sen) <> (0, 0)
             ORDER BY 1, 5
            """,
            {"membership": membership_id, "on": on, "interest": INTEREST},
        )
        return sorted(cursor.fetchall(), key=lambda row: (row[0], row[1] == INTEREST))


def _with_balances(rows: Sequence[Row]) -> list[Movement]:
    movements, balance = [], 0
    for day, kind, amount, _sen, source in rows:
        balance += amount
        movements.append(Movement(day, kind, amount, source, balance))
    return movements


def _years(rows: Sequence[Row], on: date) -> list[YearOfReturn]:
    """Every year in which money stood, by the law's rule `jht_credits`; withdrawals count as deposits below zero."""
    if not rows:
        return []
    first = rows[0][0].year
    last = last_whole_month(on.toordinal())
    rates = known_returns(first, last // MONTHS)
    credited_years = set(JhtCrediting.objects.filter(year__gte=first, year__lt=on.year).values_list("year", flat=True))
    years, opening = [], 0
    for year in range(first, last // MONTHS + 1):
        of_year = [row for row in rows if row[0].year == year]
        returned = [row for row in of_year if row[1] == INTEREST]
        paid = [row for row in of_year if row[1] != INTEREST]
        standing = opening * months_earned(0, year, last) + sum(
            row[3] * months_earned(month_of(row[0].toordinal()), year, last) for row in paid
        )
        rate = rates.get(year)
        credited = year in credited_years
        earned = credit_of(max(standing, 0), rate.per_100000) if rate and not credited else 0
        closing = opening + sum(row[3] for row in of_year) + earned
        amount = sum(row[2] for row in returned) if credited else _rupiah(closing) - _rupiah(closing - earned)
        years.append(YearOfReturn(year, _rupiah(max(standing, 0) // MONTHS), rate, amount, credited))
        opening = closing
    return years


def _rupiah(sen: int) -> int:
    """To the nearest rupiah, halves up."""
    return (2 * sen + SEN) // (2 * SEN)
