"""What a question checks and adds beside its rules, said again so that it compiles; the tests hold both to the same
answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..contributions import reading
from ..contributions.programmes import LARGE, MEDIUM, STATE
from ..contributions.reading import check_due, check_employed, check_migrant
from ..form.instruments import INSTRUMENTS
from ..form.question import Known, Outcome, Plan, plan_of
from ..form.rules import RULES
from ..form.words import CoverStatus, Programme, Segment
from ..jkk.questions import death_outcome, jkk_outcome, limits_outcome
from ..jkm.questions import check_months_stated, jkm_outcome
from ..questions import PLANS
from .inputs import NotColumnar, Plans

_SINCE = INSTRUMENTS["Permenaker 1/2025"].in_force
STATE_KNOWN_FROM = _SINCE.year * 12 + _SINCE.month - 1
JP, WITHOUT_WAGE = int(Programme.JP), int(reading.WITHOUT_WAGE.allowed)
PU, BPU, INACTIVE = int(Segment.PU), int(Segment.BPU), int(CoverStatus.INACTIVE)


@dataclass(frozen=True)
class Check:
    """A check as a compilable function of known values; what it gives counts into `faults` (code, field), 0 is none."""

    function: Callable[..., int]
    arguments: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


def employed_fault(programmes: int, firm_size: int, month: int) -> int:
    """`check_employed` as a number."""
    if programmes:
        return 0
    if not firm_size:
        return 1
    if firm_size == STATE and month < STATE_KNOWN_FROM:
        return 2
    return 0


def in_jp(programmes: int, firm_size: int, citizenship: int) -> int:
    """`joins_jp`, after the facts are read; 0 is no."""
    if programmes:
        return programmes & JP
    if firm_size in (MEDIUM, LARGE):
        return citizenship
    return 0


def months_fault(segment: int, jkm_minimum_months: int, months_paid_consecutive: int) -> int:
    """`check_months_stated` as a number."""
    return segment == BPU and jkm_minimum_months != 0 and months_paid_consecutive < 0


def migrant_fault(months: int, migrant_periods: tuple[tuple[int, int], ...]) -> int:
    """`check_migrant` as a number."""
    return months < migrant_periods[0][0]


def due_fault(segment: int, programme: int) -> int:
    """`check_due` as a number."""
    return segment == BPU and programme & WITHOUT_WAGE == 0


CHECKS: Mapping[Callable[[Known], None], Check] = {
    check_employed: Check(
        employed_fault,
        ("programmes", "firm_size", "month"),
        (("missing_fact", "firm_size"), ("before_law", "programmes")),
    ),
    check_months_stated: Check(
        months_fault,
        ("segment", "jkm_minimum_months", "months_paid_consecutive"),
        (("missing_fact", "months_paid_consecutive"),),
    ),
    check_migrant: Check(migrant_fault, ("months", "migrant_periods"), (("impossible_value", "months"),)),
    check_due: Check(due_fault, ("segment", "programme"), (("impossible_value", "programme"),)),
}


@dataclass(frozen=True)
class Extra:
    """A result that is the outcome's and no rule's: a compilable function of known values and results, and its unit."""

    function: Callable[..., int]
    arguments: tuple[str, ...]
    unit: str


def employer_first(segment: int, cover: int, total: int) -> int:
    """What a wage earner's employer in arrears pays first."""
    if segment == PU and cover == INACTIVE:
        return total
    return 0


def raised(jkk_due: int, jkk_death_by_wage: int, jkk_death_minimum: int) -> int:
    """Whether the minimum raised the death benefit."""
    return jkk_due and jkk_death_by_wage < jkk_death_minimum


EMPLOYER_FIRST = {"employer_pays_first": Extra(employer_first, ("segment", "cover", "total"), "rupiah")}
RAISED = {"minimum_applied": Extra(raised, ("jkk_due", "jkk_death_by_wage", "jkk_death_minimum"), "flag")}
EXTRAS: Mapping[Outcome, Mapping[str, Extra]] = {
    jkk_outcome: EMPLOYER_FIRST,
    jkm_outcome: EMPLOYER_FIRST,
    death_outcome: RAISED | EMPLOYER_FIRST,
    limits_outcome: {},
}
"""What outcomes add, but for their words: a refusal, or the limits that held, are told for a single case only."""


@dataclass(frozen=True)
class Lighter:
    """A variant that gives the same answer while `needed` (of the facts named) is 0, and rests on fewer figures."""

    variant: str
    needed: Callable[..., int]
    arguments: tuple[str, ...]


LIGHTER: Mapping[tuple[str, Segment | None], Lighter] = {
    ("contributions", Segment.PU): Lighter("wage without JP", in_jp, ("programmes", "firm_size", "citizenship"))
}


def check_of(plan: Plan) -> Check | None:
    """The compilable check of a plan. Raises NotColumnar when it has one that was not said again here."""
    check: Any = plan.question.check
    if check is not None and check not in CHECKS:
        raise NotColumnar(f"Pertanyaan {plan.question.name}: pemeriksaannya belum ada bentuk kolomnya.")
    return CHECKS[check] if check is not None else None


def extras_of(plan: Plan) -> Mapping[str, Extra]:
    """What a plan's outcome adds. Raises NotColumnar when that was not said again here."""
    outcome: Any = plan.question.outcome
    if outcome is not None and outcome not in EXTRAS:
        raise NotColumnar(f"Pertanyaan {plan.question.name}: hasilnya belum ada bentuk kolomnya.")
    return EXTRAS[outcome] if outcome is not None else {}


NUMBERS = {"rupiah", "percent", "per_100000", "months", "years", "count", "working_days", "hours", "flag", "day"}
"""Units of results that make a column; a result that is a list, or has sen, is told for a single case only."""


def has_column(rule: str) -> bool:
    """Whether a rule gives one whole number of such a unit."""
    return RULES[rule].unit in NUMBERS and RULES[rule].function.__annotations__["return"] in ("int", "bool")


def plans_of(rule: str) -> Plans:
    """The plans of a question that have columns, by segment; other ways to state a fact are left out."""
    found = {key: plan for key, plan in PLANS[rule].items() if key is None or isinstance(key, Segment)}
    return {key: _numbers_only(plan) for key, plan in found.items()}


def _numbers_only(plan: Plan) -> Plan:
    """A plan without the results that make no column; it is still refused where one of their figures is unknown."""
    answers = {name: rule for name, rule in plan.question.answers.items() if has_column(rule)}
    kept = plan_of(replace(plan.question, answers=answers))
    return replace(kept, parameters=plan.parameters)


def lighter_plan(rule: str, segment: Segment | None) -> Plan | None:
    """The plan of the lighter variant, if there is one."""
    lighter = LIGHTER.get((rule, segment))
    return PLANS[rule][lighter.variant] if lighter else None
