"""The questions that can be asked: the facts each needs, the rules that answer it, and their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import benefits, contributions, cover, heirs, time_limits  # noqa: F401  (they register their rules)
from .errors import LawError
from .facts import (
    Fact,
    read_count,
    read_day,
    read_days,
    read_flag,
    read_money,
    read_payments,
    read_programme,
    read_programmes,
    read_relatives,
    read_segment,
    read_word,
)
from .figures import PARAMETERS
from .outcomes import heirs_named, jkk_outcome, jkm_outcome
from .rules import RULES, Rule
from .words import CoverStatus, Payer, Sector, Segment

Known = dict[str, Any]
Outcome = Callable[[dict[str, Any], Known, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """One question. `answers`: result name -> rule; `bound`: rule argument -> the rule that fills it here."""

    name: str
    by_month: bool
    facts: tuple[Fact, ...]
    answers: Mapping[str, str]
    bound: Mapping[str, str] = field(default_factory=dict)
    zeros: tuple[str, ...] = ()
    check: Callable[[Known], None] | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Step:
    """One rule to run, with the names its arguments are read from, in order."""

    rule: Rule
    sources: tuple[str, ...]
    units: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A question made ready: its rules in an order that feeds each from those before, and its parameters."""

    question: Question
    steps: tuple[Step, ...]
    parameters: tuple[str, ...]


def plan_of(question: Question) -> Plan:
    """Follow the argument names from the answers down to facts and parameters."""
    units = {fact.name: fact.unit for fact in question.facts} | {"on": "day", "month": "month"}
    steps: dict[str, Step] = {}
    parameters: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in units:
            return
        if name in path or name not in RULES:
            raise ValueError(f"{question.name}: {name} melingkar atau tidak ada ({' > '.join(path)})")
        rule = RULES[name]
        sources = tuple(question.bound.get(argument, argument) for argument in rule.arguments)
        for source in sources:
            if source in PARAMETERS:
                units[source] = PARAMETERS[source].unit
                parameters.append(source)
            else:
                visit(source, (*path, name))
        units[name] = rule.unit
        figures = tuple(source for source in sources if source in PARAMETERS)
        steps[name] = Step(rule, sources, tuple(units[source] for source in sources), figures)

    for name in question.answers.values():
        visit(name, ())
    return Plan(question, tuple(steps.values()), tuple(parameters))


SEGMENT = Fact("segment", "segment", read_segment)
PROGRAMMES = Fact("programmes", "programmes", read_programmes, ("JKK", "JKM"))
HOLIDAYS = Fact("holidays", "days", read_days, ())
COVER = (
    Fact("cover", "cover", read_word(CoverStatus), "active"),
    Fact("arrears_settled", "flag", read_flag, False),
)
LATER_PROGRAMMES = ("jht_employer", "jht_worker", "jp_employer", "jp_worker", "jkp")


def _months_stated(known: Known) -> None:
    """The months paid must be stated when the first-months rule is in force for the segment."""
    if known["segment"] == Segment.BPU and known["jkm_minimum_months"] and known["months_paid_consecutive"] < 0:
        message = "Sebutkan months_paid_consecutive: banyaknya iuran bulanan berturut-turut yang sudah dibayar."
        raise LawError("missing_fact", message, "months_paid_consecutive")


def _months_or_unstated(value: Any, name: str) -> int:
    return -1 if value is None else read_count(0, 1200)(value, name)


def _month_or_unstated(value: Any, name: str) -> int:
    return 0 if value is None else read_count(1, 1200)(value, name)


JKK_ANSWERS = {
    "death": "jkk_death",
    "periodic": "jkk_periodic_due",
    "funeral": "jkk_funeral_due",
    "total": "jkk_total",
    "payable_now": "jkk_payable_now",
    "after_arrears": "jkk_after_arrears",
}

_ALL = (
    Question(
        "contributions",
        by_month=True,
        facts=(
            SEGMENT,
            Fact("wage", "sen", read_money),
            Fact("risk_group", "count", read_count(1, 5)),
            Fact("labour_intensive_relief", "flag", read_flag, False),
            PROGRAMMES,
        ),
        answers={"jkk": "jkk_pu", "jkm": "jkm_pu", "employer_total": "total_pu", "total": "total_pu"},
        zeros=(*LATER_PROGRAMMES, "worker_total"),
    ),
    Question(
        "contributions",
        by_month=True,
        facts=(
            SEGMENT,
            Fact("income", "sen", read_money),
            Fact("payer", "payer", read_word(Payer), "self"),
            Fact("sector", "sector", read_word(Sector), "other"),
            PROGRAMMES,
        ),
        answers={
            "base": "bpu_base",
            "jkk": "jkk_bpu",
            "jkm": "jkm_bpu",
            "worker_total": "total_bpu",
            "total": "total_bpu",
        },
        zeros=(*LATER_PROGRAMMES, "employer_total"),
    ),
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
    Question(
        "jkm",
        by_month=False,
        facts=(
            SEGMENT,
            Fact("months_paid_consecutive", "months", _months_or_unstated, None),
            Fact("death_month_since_registration", "count", _month_or_unstated, None),
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
        check=_months_stated,
        outcome=jkm_outcome,
    ),
    Question(
        "heirs",
        by_month=False,
        facts=(Fact("relatives", "relatives", read_relatives),),
        answers={"tier": "heir_tier", "heirs": "heirs"},
        outcome=heirs_named,
    ),
    Question(
        "cover",
        by_month=False,
        facts=(
            SEGMENT,
            Fact("registered_on", "day", read_day),
            Fact("paid", "payments", read_payments),
            HOLIDAYS,
        ),
        answers={
            "status": "status",
            "paid_through": "paid_through",
            "grace_until": "grace_until",
            "inactive_from": "inactive_from",
            "consecutive_months": "consecutive_months",
            "protected_since": "protected_since",
            "jkm_full_from": "jkm_full_from",
            "arrears_months": "arrears_months",
        },
    ),
    Question("due_date", by_month=True, facts=(SEGMENT, HOLIDAYS), answers={"due_on": "due_on"}),
    Question(
        "service_clock",
        by_month=False,
        facts=(Fact("programme", "programmes", read_programme), HOLIDAYS),
        answers={"working_days": "service_days", "pay_by": "pay_by"},
    ),
    Question(
        "claim_expiry",
        by_month=False,
        facts=(Fact("programme", "programmes", read_programme),),
        answers={"claim_until": "claim_until"},
    ),
)


def _by_segment() -> dict[str, dict[Segment | None, Plan]]:
    """Plans by question name; where the segments need other facts, one plan each."""
    plans: dict[str, dict[Segment | None, Plan]] = {}
    for question in _ALL:
        names = {fact.name for fact in question.facts}
        segment = Segment.PU if "wage" in names else Segment.BPU if "income" in names else None
        plans.setdefault(question.name, {})[segment] = plan_of(question)
    return plans


PLANS = _by_segment()


def plan_for(name: str, facts: Mapping[str, Any]) -> Plan:
    """The plan that answers a question. Raises LawError unknown_rule, or missing_fact for the segment."""
    if name not in PLANS:
        raise LawError("unknown_rule", f"Aturan {name} tidak ada; yang ada: {', '.join(PLANS)}.", "rule")
    plans = PLANS[name]
    if None in plans:
        return plans[None]
    if "segment" not in facts:
        raise LawError("missing_fact", "Fakta segment belum diisi: PU atau BPU.", "segment")
    return plans[read_segment(facts["segment"], "segment")]
