"""What can be asked about scholarships."""

from __future__ import annotations

from ..form.errors import LawError
from ..form.facts import Fact, Maybe, read_count, read_word
from ..form.question import Known, Question
from ..form.words import Cause, SchoolLevel
from . import entitlement, payment  # noqa: F401  (they register their rules)
from .facts import read_children


def _months_stated(known: Known) -> None:
    """The months contributed decide when the cause is not work, so they must then be stated."""
    if known["cause"] == Cause.NON_WORK and known["months_contributed"] < 0:
        message = "Sebutkan months_contributed: banyaknya bulan iuran yang sudah dibayar."
        raise LawError("missing_fact", message, "months_contributed")


QUESTIONS = (
    Question(
        "scholarship",
        by_month=False,
        facts=(
            Fact("cause", "cause", read_word(Cause)),
            Fact("months_contributed", "months", Maybe(read_count(0, 1200), -1), None),
            Fact("children", "children", read_children),
        ),
        answers={
            "total_max": "scholarship_total",
            "children": "scholarship_by_child",
            "by_year": "scholarship_by_year",
            "eligible": "scholarship_due",
        },
        check=_months_stated,
    ),
    Question(
        "scholarship_payment",
        by_month=False,
        facts=(
            Fact("level", "school_level", read_word(SchoolLevel)),
            Fact("school_years", "years", read_count(1, 20), 1),
        ),
        answers={
            "yearly": "scholarship_of_level",
            "years_paid": "scholarship_years_paid",
            "total": "scholarship_payment",
        },
    ),
)
