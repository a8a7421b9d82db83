"""What can be asked about job loss insurance (JKP)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..form.errors import LawError
from ..form.facts import Fact, Maybe, Word, impossible, read_count, read_day, read_flag, read_money
from ..form.instruments import INSTRUMENTS, KNOWN_UNTIL
from ..form.question import Known, Question
from ..form.words import JkpReason
from . import cash  # noqa: F401  (it registers its rules)

REASONS = Word({reason.name.lower(): reason for reason in JkpReason})
NOT_GIVEN = -1


@dataclass(frozen=True, slots=True)
class MonthsIfGiven:
    """Reads a number of months, -1 when it is not given; the most is open to see."""

    most: int

    def __call__(self, value: Any, field: str) -> int:
        return NOT_GIVEN if value is None else read_count(0, self.most)(value, field)


def dismissal_within_law(known: Known) -> None:
    """JKP began with PP 37/2021; a claim is approved, and made, on or after the dismissal."""
    first = INSTRUMENTS["PP 37/2021"].in_force
    day = known["dismissed_on"]
    if day < first.toordinal():
        raise LawError("before_law", f"JKP belum ada sebelum {first.isoformat()}.", "dismissed_on")
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
