"""What can be asked about work accident insurance (JKK)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..contributions import self_employed  # noqa: F401  (the base of BPU)
from ..form.facts import COVER, Fact, Maybe, read_count, read_day, read_flag, read_money, read_segment
from ..form.question import Outcome, Question
from ..form.units import show_percent
from ..form.words import Segment
from ..membership.refusals import with_refusal
from ..tables.injuries import by_code
from . import deadlines, death, incapacity, reimbursements, rights  # noqa: F401  (they register their rules)
from .disability import FULL, MILLIONTHS
from .facts import read_injuries

ARTICLES = {
    Segment.PU: "PP 44/2015 Pasal 38 ayat (2)-(3)",
    Segment.BPU: "PP 44/2015 Pasal 39 ayat (2)",
}

LIMITS = (
    "transport_land_limit",
    "transport_sea_limit",
    "transport_air_limit",
    "home_care_limit",
    "home_care_years",
    "dentures_limit",
    "hearing_aid_limit",
    "glasses_limit",
    "prosthesis_percent",
)


def jkk_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JKK result with its refusal."""
    return with_refusal(result, known, "JKK", ARTICLES)


def death_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The result with its refusal, and whether the minimum raised the benefit."""
    raised = known["jkk_death_by_wage"] < known["jkk_death_minimum"]
    result["minimum_applied"] = bool(known["jkk_due"]) and raised
    return jkk_outcome(result, known, facts)


def injuries_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The result with each injury by name: its percentage, and what is not yet sure about its row of the table."""
    counted = []
    for asked, (right, left, times, loss) in zip(facts["injuries"], known["injuries"], strict=True):
        row = by_code().get(asked.get("code", ""))
        percent = (left if known["left_handed"] else right) * times * loss
        counted.append(
            {
                "code": row.code if row else None,
                "name": row.name if row else None,
                "percent": show_percent(percent, MILLIONTHS),
                "kind": "anatomical" if loss == FULL else "functional",
                "note": row.note if row else None,
            }
        )
    result["injuries"] = counted
    result["limit_applied"] = known["injuries_percent"] > known["partial_disability_percent"]
    return jkk_outcome(result, known, facts)


def limits_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is paid back, with the limits of the day."""
    result["limits"] = {name: known[name] for name in LIMITS}
    return result


def _benefit(
    name: str, segment: Fact, facts: tuple[Fact, ...], answers: Mapping[str, str], outcome: Outcome
) -> tuple[Question, Question]:
    """A cash benefit, once by the wage of a wage earner and once by the income of a participant without one."""
    due = {"jkk_total": answers["total"]}
    later = {"payable_now": "jkk_payable_now", "after_arrears": "jkk_after_arrears"}
    wage, income = Fact("wage", "sen", read_money), Fact("income", "sen", read_money)
    return (
        Question(
            name,
            by_month=False,
            facts=(segment, wage, *facts, *COVER),
            answers={**answers, **later},
            bound={"benefit_wage": "benefit_wage_pu", **due},
            outcome=outcome,
        ),
        Question(
            name,
            by_month=False,
            facts=(segment, income, *facts, *COVER),
            answers={**answers, **later},
            bound={"benefit_wage": "benefit_wage_bpu", **due},
            outcome=outcome,
        ),
    )


SEGMENT = Fact("segment", "segment", read_segment)
PU_UNLESS_SAID = Fact("segment", "segment", read_segment, "PU")


def _cost(name: str) -> Fact:
    return Fact(name, "sen", read_money, 0)


QUESTIONS = (
    *_benefit(
        "jkk_death",
        SEGMENT,
        (),
        {"death": "jkk_death", "periodic": "jkk_periodic_due", "funeral": "jkk_funeral_due", "total": "jkk_total"},
        death_outcome,
    ),
    *_benefit(
        "jkk_permanent_total_disability",
        PU_UNLESS_SAID,
        (),
        {
            "lump_sum": "total_disability_lump_sum",
            "periodic": "total_disability_periodic",
            "total": "total_disability_total",
        },
        jkk_outcome,
    ),
    *_benefit(
        "jkk_partial_disability",
        PU_UNLESS_SAID,
        (Fact("injuries", "injuries", read_injuries), Fact("left_handed", "flag", read_flag, False)),
        {"percent": "partial_disability_percent", "total": "partial_disability"},
        injuries_outcome,
    ),
    *_benefit(
        "jkk_temporary_disability",
        PU_UNLESS_SAID,
        (Fact("months", "months", read_count(0, 600)),),
        {"total": "temporary_total", "by_month": "temporary_by_month"},
        jkk_outcome,
    ),
    Question(
        "jkk_limits",
        by_month=False,
        facts=(
            _cost("transport_land"),
            _cost("transport_sea"),
            _cost("transport_air"),
            _cost("home_care"),
            Fact("home_care_from", "day", Maybe(read_day), None),
            _cost("dentures"),
            _cost("hearing_aid"),
            _cost("glasses"),
            _cost("prosthesis"),
            _cost("prosthesis_reference_price"),
        ),
        answers={
            "transport_land": "transport_land_paid",
            "transport_sea": "transport_sea_paid",
            "transport_air": "transport_air_paid",
            "home_care": "home_care_paid",
            "home_care_until": "home_care_until",
            "dentures": "dentures_paid",
            "hearing_aid": "hearing_aid_paid",
            "glasses": "glasses_paid",
            "prosthesis": "prosthesis_paid",
            "total": "reimbursed_total",
        },
        outcome=limits_outcome,
    ),
    Question("accident_report", by_month=False, facts=(), answers={"report_by": "report_by"}),
    Question(
        "occupational_disease",
        by_month=False,
        facts=(Fact("employment_ended_on", "day", read_day),),
        answers={"covered": "disease_covered", "covered_until": "disease_covered_until"},
    ),
    Question(
        "late_benefit",
        by_month=False,
        facts=(Fact("amount", "sen", read_money), Fact("days_late", "count", read_count(0, 36_500))),
        answers={"compensation": "late_benefit_compensation"},
    ),
)
