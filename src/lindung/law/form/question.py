"""A question: the facts it needs, the rules that answer it, and their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .facts import Fact
from .figures import PARAMETERS
from .rules import RULES, Rule, worst

Known = dict[str, Any]
HISTORY = "_history"
"""An argument named `<parameter>_history` receives all its values, as (first day, last day or 0, value)."""

Outcome = Callable[[dict[str, Any], Known, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """One question. `answers`: result name -> rule; `bound`: rule argument -> the rule that fills it here.

    `looks_ahead`: the text itself names days beyond the last one the law was read for. `at_month_end`: asked
    for a month, it is answered for the month's last day instead of its first.
    """

    name: str
    by_month: bool
    facts: tuple[Fact, ...]
    answers: Mapping[str, str]
    bound: Mapping[str, str] = field(default_factory=dict)
    zeros: tuple[str, ...] = ()
    check: Callable[[Known], None] | None = None
    outcome: Outcome | None = None
    variant: str = ""
    when: Callable[[Mapping[str, Any]], bool] = bool
    """A variant answers in place of the question of its name when `when` holds of the facts as given."""
    looks_ahead: bool = False
    at_month_end: bool = False


@dataclass(frozen=True)
class Step:
    """One rule to run, with the names its arguments are read from, in order."""

    rule: Rule
    sources: tuple[str, ...]
    units: tuple[str, ...]
    figures: tuple[str, ...]
    histories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A question made ready: its rules in an order that feeds each from those before, and its parameters."""

    question: Question
    steps: tuple[Step, ...]
    parameters: tuple[str, ...]
    histories: tuple[str, ...] = ()


def confidence_of_history(name: str) -> str:
    """The weakest confidence among all values of a parameter."""
    return worst([figure.confidence for figure in PARAMETERS[name].figures])


def plan_of(question: Question) -> Plan:
    """Follow the argument names from the answers down to facts and parameters."""
    units = {fact.name: fact.unit for fact in question.facts} | {"on": "day", "month": "month"}
    steps: dict[str, Step] = {}
    parameters: list[str] = []
    histories: list[str] = []

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
            elif source.removesuffix(HISTORY) in PARAMETERS:
                units[source] = "history"
                histories.append(source.removesuffix(HISTORY))
            else:
                visit(source, (*path, name))
        units[name] = rule.unit
        figures = tuple(source for source in sources if source in PARAMETERS)
        past = tuple(source.removesuffix(HISTORY) for source in sources if units[source] == "history")
        steps[name] = Step(rule, sources, tuple(units[source] for source in sources), figures, past)

    for name in question.answers.values():
        visit(name, ())
    return Plan(question, tuple(steps.values()), tuple(parameters), tuple(dict.fromkeys(histories)))
