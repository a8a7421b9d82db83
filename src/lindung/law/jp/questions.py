"""What can be asked about pensions (JP)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..form.errors import LawError
from ..form.facts import Fact, Maybe, Money, Word, impossible, read_count, read_day, read_flag, read_month
from ..form.instruments import INSTRUMENTS
from ..form.question import Known, Question
from ..form.rounding import PERCENT, SCALE
from ..form.series import LAST_YEAR, UNKNOWN, ByYear, History, PerYear, Rate, YearRows, rate_in
from ..form.words import Survivor
from . import pension, survivors  # noqa: F401  (they register their rules)
from .career import jp_wages_by_year

MOST_WAGE = 1_000_000_000
MOST_GROWTH = 1000
MOST_MONTHS = 780
RELATIONS = Word({name.lower(): relation for name, relation in Survivor.__members__.items()})
SHARE = re.compile(r"\d{1,3}(\.\d{1,20})?", re.ASCII)
NOT_GIVEN = -1
_LAW = INSTRUMENTS["PP 45/2015"].in_force
FIRST_MONTH = _LAW.year * pension.MONTHS + _LAW.month - 1


@dataclass(frozen=True, slots=True)
class Monthly:
    """Reads monthly wages, the oldest first, in sen; the reader of one wage is open to see."""

    read: Money

    def __call__(self, value: Any, field: str) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST_MONTHS:
            raise impossible(field, f"{field} harus daftar upah bulanan, paling banyak {MOST_MONTHS}; 0 tanpa iuran.")
        return tuple(self.read(wage, field) for wage in value)


@dataclass(frozen=True, slots=True)
class Density:
    """Reads a density as parts per 100,000, rounded down: a percentage (80), or up to 1 a part of the whole (0.8)."""

    def __call__(self, value: Any, field: str) -> int:
        if value is None:
            return NOT_GIVEN
        text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if isinstance(text, str) and SHARE.fullmatch(text):
            parts = Fraction(text) * SCALE
            density = parts if parts <= SCALE else parts / PERCENT
            if density <= SCALE:
                return int(density)
        raise impossible(field, f"{field} harus persen dari 0 sampai 100 (contoh 80), atau bagian (contoh 0.8).")


def _inflation_of(year: int, inflation: ByYear, history: History) -> int:
    rate = rate_in(year, inflation, history)
    if rate == UNKNOWN:
        message = f"Inflasi tahun {year} belum diketahui; isi inflation, contoh {{“{year}”: 2.5}}."
        raise LawError("missing_fact", message, "inflation")
    return rate


def wages_indexable(known: Known) -> None:
    """Wages are there, and every year's inflation up to the payment is known and within bounds."""
    check_indexable(known["annual_wages"], known)


def monthly_wages_indexable(known: Known) -> None:
    """The same for a career told month by month."""
    first, last = known["first_month"], known["first_month"] + len(known["monthly_wages"]) - 1
    if first < FIRST_MONTH or last >= (LAST_YEAR + 1) * pension.MONTHS:
        raise impossible("first_month", f"monthly_wages harus bulan-bulan dari 2015-07 sampai {LAST_YEAR}-12.")
    if not any(known["monthly_wages"]):
        raise LawError("missing_fact", "monthly_wages belum berisi upah, contoh [3000000, 3000000].", "monthly_wages")
    check_indexable(jp_wages_by_year(known["monthly_wages"], first), known)


def check_indexable(wages: YearRows, known: Known) -> None:
    """Wages are there, and every year's inflation up to the payment is known and within bounds."""
    inflation, history = known["inflation"], known["jp_inflation_history"]
    if not wages:
        raise LawError("missing_fact", "annual_wages belum diisi, contoh {“2015”: 3000000}.", "annual_wages")
    growth = SCALE
    for year in range(wages[0][0], pension.jp_indexed_until(wages, inflation, known["month"]) + 1):
        growth = growth * (SCALE + _inflation_of(year, inflation, history)) // SCALE
        if growth > MOST_GROWTH * SCALE:
            raise impossible("inflation", f"Inflasi bersama-sama melebihi {MOST_GROWTH} kali.")


def survivor_checked(known: Known) -> None:
    """A pension already received needs nothing else; otherwise months and membership where it decides. Wages given
    are always checked."""
    if known["pension_received"] and not known["annual_wages"]:
        return
    if not known["pension_received"]:
        if known["months"] == NOT_GIVEN:
            raise LawError("missing_fact", "Fakta months belum diisi.", "months")
        membership_stated(known)
    wages_indexable(known)


def disability_checked(known: Known) -> None:
    """Wages are there, and membership where it decides."""
    membership_stated(known)
    wages_indexable(known)


def membership_stated(known: Known) -> None:
    """Below 180 months of contributions the months of membership decide: PP 45/2015 Pasal 20-23 ayat (3)."""
    if known["member_months"] == NOT_GIVEN and known["months"] < known["jp_full_months"]:
        raise LawError("missing_fact", "Fakta member_months belum diisi.", "member_months")


def adjustment_checked(known: Known) -> None:
    """The pension began by the month asked for, and every year's inflation since then is known."""
    first, month = known["first_paid"], known["month"]
    if first > month:
        raise impossible("first_paid", "first_paid sesudah bulan yang ditanyakan.")
    for year in range(first // pension.MONTHS, month // pension.MONTHS):
        if (year + 1) * pension.MONTHS + first % pension.MONTHS <= month:
            _inflation_of(year, known["inflation"], known["jp_inflation_history"])


def told_by_month(facts: Mapping[str, Any]) -> bool:
    """Whether the career is given month by month."""
    return "monthly_wages" in facts


INFLATION = Fact("inflation", "rates_by_year", PerYear(Rate(-50, 100)), {})
MONTHS = Fact("months", "months", read_count(0, MOST_MONTHS))
MEMBER_MONTHS = Fact("member_months", "months", Maybe(read_count(0, MOST_MONTHS), NOT_GIVEN), None)
DENSITY = Fact("density", "rate", Density(), None)
WAGES = Fact("annual_wages", "sen_by_year", PerYear(Money(MOST_WAGE)))


def _answers(monthly: str, lump_sum: str, counted: str) -> dict[str, str]:
    return {
        "average_indexed_wage": "jp_average_wage",
        "monthly": monthly,
        "lump_sum_instead": lump_sum,
        "formula": "jp_formula",
        "months_counted": counted,
        "from": "jp_from",
    }


QUESTIONS = (
    Question("jp_limits", by_month=False, facts=(), answers={"minimum": "jp_least", "maximum": "jp_most"}),
    Question(
        "pension_age",
        by_month=False,
        facts=(Fact("birth_date", "day", Maybe(read_day), None),),
        answers={"age": "pension_age_on", "reached_on": "pension_age_reached", "from": "pension_age_payable"},
        looks_ahead=True,
    ),
    Question(
        "jp_old_age",
        by_month=False,
        facts=(WAGES, INFLATION, MONTHS),
        answers=_answers("jp_monthly", "jp_lump_sum_instead", "jp_months_old_age"),
        bound={"jp_months_counted": "jp_months_old_age"},
        check=wages_indexable,
    ),
    Question(
        "jp_old_age",
        by_month=False,
        facts=(
            Fact("monthly_wages", "sen_list", Monthly(Money(MOST_WAGE))),
            Fact("first_month", "month", read_month),
            INFLATION,
        ),
        answers=_answers("jp_monthly", "jp_lump_sum_instead", "jp_months_old_age"),
        bound={
            "annual_wages": "jp_wages_by_year",
            "months": "jp_months_paid",
            "jp_months_counted": "jp_months_old_age",
        },
        check=monthly_wages_indexable,
        variant="monthly wages",
        when=told_by_month,
    ),
    Question(
        "jp_disability",
        by_month=False,
        facts=(WAGES, INFLATION, MONTHS, DENSITY, MEMBER_MONTHS),
        answers=_answers("jp_monthly", "jp_lump_sum_instead", "jp_months_disability"),
        bound={"jp_months_counted": "jp_months_disability"},
        check=disability_checked,
    ),
    Question(
        "jp_survivor",
        by_month=False,
        facts=(
            Fact("annual_wages", "sen_by_year", WAGES.read, {}),
            INFLATION,
            Fact("months", "months", Maybe(read_count(0, MOST_MONTHS), NOT_GIVEN), None),
            DENSITY,
            MEMBER_MONTHS,
            Fact("relation", "survivor", RELATIONS),
            Fact("after_spouse", "flag", read_flag, False),
            Fact("pension_received", "rupiah", read_count(0, MOST_WAGE), 0),
        ),
        answers=_answers("jp_survivor_monthly", "jp_survivor_lump_sum", "jp_months_death"),
        bound={"jp_months_counted": "jp_months_death"},
        check=survivor_checked,
    ),
    Question(
        "jp_adjustment",
        by_month=False,
        facts=(
            Fact("monthly", "sen", Money(MOST_WAGE)),
            Fact("first_paid", "month", read_month),
            INFLATION,
        ),
        answers={"monthly": "jp_adjusted", "by_year": "jp_adjusted_by_year"},
        check=adjustment_checked,
    ),
)
