"""What can be asked about job loss insurance (JKP)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..form.calendar import first_day, month_of
from ..form.errors import LawError
from ..form.facts import Fact, Maybe, Word, impossible, read_count, read_day, read_flag, read_money
from ..form.instruments import INSTRUMENTS, KNOWN_UNTIL
from ..form.question import Known, Question
from ..form.series import History, value_on
from ..form.words import JkpReason
from . import cash  # noqa: F401  (it registers its rules)

REASONS = Word({name.lower(): reason for name, reason in JkpReason.__members__.items()})
NOT_GIVEN = -1


@dataclass(frozen=True, slots=True)
class MonthsIfGiven:
    """Reads a number of months, -1 when it is not given; the most is open to see."""

    most: int

    def __call__(self, value: Any, field: str) -> int:
        return NOT_GIVEN if value is None else read_count(0, self.most)(value, field)


def first_dismissal(least_months: History) -> int:
    """The first day of the month after the twelve that can have been paid since PP 37/2021: Pasal 19 ayat (3)."""
    began = INSTRUMENTS["PP 37/2021"].in_force.toordinal()
    return first_day(month_of(began) + value_on(least_months, began, 0))


def dismissal_within_law(known: Known) -> None:
    """Nobody had a right before twelve contributions could be paid; a claim is approved, and made, after dismissal."""
    first, day = first_dismissal(known["jkp_least_months_history"]), known["dismissed_on"]
    if day < first:
        begins = date.fromordinal(first).isoformat()
        message = f"Sebelum {begins} belum ada yang memiliki masa iur JKP 12 bulan (PP 37/2021 Pasal 19 ayat (3))."
        raise LawError("before_law", message, "dismissed_on")
    if day > KNOWN_UNTIL.toordinal():
        last = KNOWN_UNTIL.isoformat()
        raise LawError("beyond_known", f"Aturan sesudah {last} belum diketahui, jadi tidak dihitung.", "dismissed_on")
    for name in ("approved_on", "claimed_on"):
        if 0 < known[name] < day:
            raise impossible(name, f"{name} lebih awal daripada {date.fromordinal(day).isoformat()}.")


QUESTIONS = (
    Question(
        "jkp",
        by_month=False,
        facts=(
            Fact("wage", "sen", read_money),
            Fact("dismissed_on", "day", read_day),
            Fact("approved_on", "day", Maybe(read_day), None),
            Fact("claimed_on", "day", Maybe(read_day), None),
            Fact("reason", "jkp_reason", REASONS, "dismissal"),
            Fact("months_in_24", "months", MonthsIfGiven(24), None),
            Fact("consecutive_months", "months", MonthsIfGiven(780), None),
            Fact("claims_before", "count", read_count(0, 100), 0),
            Fact("months_since_last_benefit", "months", MonthsIfGiven(780), None),
            Fact("arrears_months", "months", read_count(0, 780), 0),
            Fact("employer_closed", "flag", read_flag, False),
        ),
        answers={
            "by_month": "jkp_by_month",
            "total": "jkp_total",
            "allowed": "jkp_allowed",
            "claim_until": "jkp_claim_until",
            "employer_pays_first": "jkp_employer_pays_first",
        },
        check=dismissal_within_law,
    ),
)
