"""What can be asked about death insurance (JKM)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..form.errors import LawError
from ..form.facts import COVER, SEGMENT, Fact, Maybe, read_count, read_flag
from ..form.question import Known, Question
from ..form.words import Segment
from ..membership.refusals import with_refusal
from . import death  # noqa: F401  (it registers its rules)

ARTICLES = {
    Segment.PU: "PP 44/2015 Pasal 41 ayat (2)-(3)",
    Segment.BPU: "PP 44/2015 Pasal 42 ayat (2)",
}


def jkm_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JKM result with its refusal."""
    return with_refusal(result, known, "JKM", ARTICLES)


def check_months_stated(known: Known) -> None:
    """The months paid must be stated when the first-months rule is in force for the segment."""
    if known["segment"] == Segment.BPU and known["jkm_minimum_months"] and known["months_paid_consecutive"] < 0:
        message = "Sebutkan months_paid_consecutive: banyaknya iuran bulanan berturut-turut yang sudah dibayar."
        raise LawError("missing_fact", message, "months_paid_consecutive")


QUESTIONS = (
    Question(
        "jkm",
        by_month=False,
        facts=(
            SEGMENT,
            Fact("months_paid_consecutive", "months", Maybe(read_count(0, 1200), -1), None),
            Fact("death_month_since_registration", "count", Maybe(read_count(1, 1200)), None),
            Fact("funeral_already_paid", "flag", read_flag, False),
            *COVER,
        ),
        answers={
            "death": "jkm_death",
            "periodic": "jkm_periodic",
            "funeral": "jkm_funeral",
            "total": "jkm_total",
            "payable_now": "jkm_payable_now",
            "after_arrears": "jkm_after_arrears",
            "border_case": "jkm_border_case",
        },
        check=check_months_stated,
        outcome=jkm_outcome,
    ),
)
