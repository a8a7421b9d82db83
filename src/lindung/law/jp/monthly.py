"""The old-age pension of a career told month by month: the same question, from other facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..form.errors import LawError
from ..form.facts import Fact, Money, impossible, read_month
from ..form.instruments import INSTRUMENTS
from ..form.question import Known, Question
from ..form.series import LAST_YEAR
from .career import jp_wages_by_year
from .pension import MONTHS
from .questions import INFLATION, MOST_MONTHS, MOST_WAGE, QUESTIONS, wages_indexable

_LAW = INSTRUMENTS["PP 45/2015"].in_force
FIRST_MONTH = _LAW.year * MONTHS + _LAW.month - 1
LAST_MONTH = LAST_YEAR * MONTHS + MONTHS - 1
OLD_AGE = next(question for question in QUESTIONS if question.name == "jp_old_age")


@dataclass(frozen=True, slots=True)
class Monthly:
    """Reads monthly wages, the oldest first, in sen; the reader of one wage is open to see."""

    read: Money

    def __call__(self, value: Any, field: str) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST_MONTHS:
            raise impossible(field, f"{field} harus daftar upah bulanan, paling banyak {MOST_MONTHS}; 0 tanpa iuran.")
        return tuple(self.read(wage, field) for wage in value)


def monthly_wages_indexable(known: Known) -> None:
    """The months are within the law, some have a wage, and the years they make can be indexed."""
    wages, first = known["monthly_wages"], known["first_month"]
    if first < FIRST_MONTH or first + len(wages) - 1 > LAST_MONTH:
        raise impossible("first_month", f"monthly_wages harus bulan-bulan dari 2015-07 sampai {LAST_YEAR}-12.")
    if not any(wages):
        raise LawError("missing_fact", "monthly_wages belum berisi upah, contoh [3000000, 3000000].", "monthly_wages")
    wages_indexable(known | {"annual_wages": jp_wages_by_year(wages, first)})


def told_by_month(facts: Mapping[str, Any]) -> bool:
    """Whether the career is given month by month."""
    return "monthly_wages" in facts


BY_MONTH = Question(
    OLD_AGE.name,
    by_month=False,
    facts=(
        Fact("monthly_wages", "sen_list", Monthly(Money(MOST_WAGE))),
        Fact("first_month", "month", read_month),
        INFLATION,
    ),
    answers=OLD_AGE.answers,
    bound={**OLD_AGE.bound, "annual_wages": "jp_wages_by_year", "months": "jp_months_paid"},
    check=monthly_wages_indexable,
    variant="monthly wages",
    when=told_by_month,
)
