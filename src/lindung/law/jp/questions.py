"""What can be asked about pensions (JP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..form.errors import LawError
from ..form.facts import Fact, Maybe, Money, Word, impossible, read_count, read_day, read_flag, read_month
from ..form.question import Known, Question
from ..form.rounding import PERCENT, SCALE
from ..form.series import UNKNOWN, ByYear, History, PerYear, Rate, rate_in
from ..form.words import Survivor
from . import pension, survivors  # noqa: F401  (they register their rules)

MOST_WAGE = 1_000_000_000
MOST_GROWTH = 1000
MOST_MONTHS = 780
RELATIONS = Word({name.lower(): relation for name, relation in Survivor.__members__.items()})
SHARE = re.compile(r"\d{1,3}(\.\d{1,20})?", re.ASCII)
NOT_GIVEN = -1


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
    wages, inflation, history = known["annual_wages"], known["inflation"], known["jp_inflation_history"]
    if not wages:
        raise LawError("missing_fact", "annual_wages belum diisi, contoh {“2015”: 3000000}.", "annual_wages")
    growth = SCALE
    for year in range(wages[0][0], pension.jp_indexed_until(wages, inflation, known["month"]) + 1):
        growth = growth * (SCALE + _inflation_of(year, inflation, history)) // SCALE
        if growth > MOST_GROWTH * SCALE:
            raise impossible("inflation", f"Inflasi bersama-sama melebihi {MOST_GROWTH} kali.")


def survivor_checked(known: Known) -> None:
    """A pension already received needs nothing else; otherwise wages, months paid and of membership must be there."""
    if known["pension_received"]:
        return
    for name in ("months", "member_months"):
        if not known[name]:
            raise LawError("missing_fact", f"Fakta {name} belum diisi.", name)
    wages_indexable(known)


def adjustment_checked(known: Known) -> None:
    """The pension began by the month asked for, and every year's inflation since then is known."""
    first, month = known["first_paid"], known["month"]
    if first > month:
        raise impossible("first_paid", "first_paid sesudah bulan yang ditanyakan.")
    for year in range(first // pension.MONTHS, month // pension.MONTHS):
        if (year + 1) * pension.MONTHS + first % pension.MONTHS <= month:
            _inflation_of(year, known["inflation"], known["jp_inflation_history"])


INFLATION = Fact("inflation", "rates_by_year", PerYear(Rate(-50, 100)), {})
MONTHS = Fact("months", "months", read_count(0, MOST_MONTHS))
MEMBER_MONTHS = Fact("member_months", "months", read_count(0, MOST_MONTHS))
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
        "jp_disability",
        by_month=False,
        facts=(WAGES, INFLATION, MONTHS, DENSITY, MEMBER_MONTHS),
        answers=_answers("jp_monthly", "jp_lump_sum_instead", "jp_months_disability"),
        bound={"jp_months_counted": "jp_months_disability"},
        check=wages_indexable,
    ),
    Question(
        "jp_survivor",
        by_month=False,
        facts=(
            Fact("annual_wages", "sen_by_year", WAGES.read, {}),
            INFLATION,
            Fact("months", "months", MONTHS.read, 0),
            DENSITY,
            Fact("member_months", "months", MEMBER_MONTHS.read, 0),
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
