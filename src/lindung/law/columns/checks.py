"""What a question checks beside its rules, said again so that it compiles; the tests hold both to the same answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..contributions.programmes import LARGE, MEDIUM, STATE
from ..contributions.reading import check_employed
from ..form.instruments import INSTRUMENTS
from ..form.question import Known, Plan
from ..form.words import Programme, Segment
from ..questions import PLANS
from .inputs import NotColumnar, Plans

_SINCE = INSTRUMENTS["Permenaker 1/2025"].in_force
STATE_KNOWN_FROM = _SINCE.year * 12 + _SINCE.month - 1
JP = int(Programme.JP)


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


CHECKS: Mapping[Callable[[Known], None], Check] = {
    check_employed: Check(
        employed_fault,
        ("programmes", "firm_size", "month"),
        (("missing_fact", "firm_size"), ("before_law", "programmes")),
    )
}


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
    if plan.question.outcome is not None or (check is not None and check not in CHECKS):
        raise NotColumnar(f"{plan.question.name}: pemeriksaan atau hasilnya belum ada bentuk kolomnya")
    return CHECKS[check] if check is not None else None


def plans_of(rule: str) -> Plans:
    """The plans of a question that have columns, by segment; other ways to state a fact are left out."""
    return {key: plan for key, plan in PLANS[rule].items() if key is None or isinstance(key, Segment)}


def lighter_plan(rule: str, segment: Segment | None) -> Plan | None:
    """The plan of the lighter variant, if there is one."""
    lighter = LIGHTER.get((rule, segment))
    return PLANS[rule][lighter.variant] if lighter else None
