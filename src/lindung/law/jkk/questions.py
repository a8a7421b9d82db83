"""What can be asked about work accident insurance (JKK)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..contributions import self_employed  # noqa: F401  (the base of BPU)
from ..form.facts import COVER, SEGMENT, Fact, read_money
from ..form.question import Question
from ..form.words import Segment
from ..membership.refusals import with_refusal
from . import death  # noqa: F401  (it registers its rules)

ARTICLES = {
    Segment.PU: "PP 44/2015 Pasal 38 ayat (2)-(3)",
    Segment.BPU: "PP 44/2015 Pasal 39 ayat (2)",
}


def jkk_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JKK result with its refusal, and whether the minimum raised the benefit."""
    raised = known["jkk_death_by_wage"] < known["jkk_death_minimum"]
    result["minimum_applied"] = bool(known["jkk_due"]) and raised
    return with_refusal(result, known, "JKK", ARTICLES)


JKK_ANSWERS = {
    "death": "jkk_death",
    "periodic": "jkk_periodic_due",
    "funeral": "jkk_funeral_due",
    "total": "jkk_total",
    "payable_now": "jkk_payable_now",
    "after_arrears": "jkk_after_arrears",
}

QUESTIONS = (
    Question(
        "jkk_death",
        by_month=False,
        facts=(SEGMENT, Fact("wage", "sen", read_money), *COVER),
        answers=JKK_ANSWERS,
        bound={"benefit_wage": "benefit_wage_pu"},
        outcome=jkk_outcome,
    ),
    Question(
        "jkk_death",
        by_month=False,
        facts=(SEGMENT, Fact("income", "sen", read_money), *COVER),
        answers=JKK_ANSWERS,
        bound={"benefit_wage": "benefit_wage_bpu"},
        outcome=jkk_outcome,
    ),
)
