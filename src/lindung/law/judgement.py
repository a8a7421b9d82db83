"""Running a question: facts in, result and reasons out. One set of functions serves both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .form.calendar import last_day
from .form.errors import LawError
from .form.facts import impossible, read_date, read_facts, read_month
from .form.figures import Figure, figures_on, history_rows
from .form.question import HISTORY, Plan, confidence_of_history
from .form.reform import Reform
from .form.rules import worst
from .form.units import SHOW
from .questions import plan_for


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied: what it says, what it took in, what it gave, and on which article."""

    rule: str
    says_id: str
    says_en: str
    inputs: dict[str, Any]
    value: Any
    article: str
    choice: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer with its reasons. `unverified` names the figures used of confidence S or M."""

    rule: str
    on: date
    facts: dict[str, Any]
    result: dict[str, Any]
    steps: tuple[Step, ...]
    law_version: str
    unverified: tuple[str, ...]


@cache
def law_version() -> str:
    """A hash of the rules and parameters: the same answer can be given again only by the same version."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml"), *folder.glob("tables/*.csv")]):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


def _run(
    plan: Plan, on: date, facts: Mapping[str, Any], reform: Reform | None
) -> tuple[dict[str, Any], dict[str, Figure]]:
    """Every fact, figure and rule by name, and the figures used. Raises LawError."""
    question = plan.question
    day = on.replace(day=1) if question.by_month else on
    known = read_facts(question.facts, facts)
    figures = figures_on(plan.parameters, day, question.looks_ahead, reform)
    for name, figure in figures.items():
        known[name] = figure.value
    for name in plan.histories:
        known[name + HISTORY] = history_rows(name, reform)
    known["on"] = day.toordinal()
    known["month"] = day.year * 12 + day.month - 1
    if question.check is not None:
        question.check(known)
    for step in plan.steps:
        known[step.rule.name] = step.rule.function(*[known[source] for source in step.sources])
    return known, figures


def _result(plan: Plan, known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    question = plan.question
    units = {step.rule.name: step.rule.unit for step in plan.steps}
    result = {name: SHOW[units[rule]](known[rule]) for name, rule in question.answers.items()}
    for name in question.zeros:
        result[name] = 0
    if question.outcome is not None:
        result = question.outcome(result, known, facts)
    return result


def result_of(rule: str, on: date, facts: Mapping[str, Any], reform: Reform | None = None) -> dict[str, Any]:
    """The result alone, without reasons: for callers that price many. Raises LawError."""
    plan = plan_for(rule, facts)
    known, _ = _run(plan, on, facts, reform)
    return _result(plan, known, facts)


def _steps(plan: Plan, known: dict[str, Any], figures: dict[str, Figure]) -> Iterable[Step]:
    for step in plan.steps:
        rule = step.rule
        inputs = {name: SHOW[unit](known[name]) for name, unit in zip(step.sources, step.units, strict=True)}
        levels = [rule.confidence, *[figures[name].confidence for name in step.figures]]
        levels += [confidence_of_history(name) for name in step.histories]
        yield Step(
            rule.name,
            rule.says_id,
            rule.says_en,
            inputs,
            SHOW[rule.unit](known[rule.name]),
            rule.cites,
            rule.choice,
            worst(levels),
        )


def judge(rule: str, on: date, facts: Mapping[str, Any], reform: Reform | None = None) -> Judgement:
    """Answer a question with its reasons.

    `on` is a day of the contribution month, or the day of the event. Raises LawError(code, message, field).
    """
    plan = plan_for(rule, facts)
    known, figures = _run(plan, on, facts, reform)
    levels = {name: figure.confidence for name, figure in figures.items()}
    levels |= {name: confidence_of_history(name) for name in plan.histories}
    return Judgement(
        rule=rule,
        on=on,
        facts=dict(facts),
        result=_result(plan, known, facts),
        steps=tuple(_steps(plan, known, figures)),
        law_version=law_version() if reform is None else f"{law_version()} + {reform.title}",
        unverified=tuple(name for name, level in levels.items() if level in "SM"),
    )


def _day_asked(plan: Plan, on: Any) -> date:
    """The day a question is asked for; a month will do where no figure changes within it."""
    if not isinstance(on, str) or len(on) != 7:
        return read_date(on, "on")
    month = read_month(on, "on")
    first = date(month // 12, month % 12 + 1, 1)
    last = date.fromordinal(last_day(month))
    if plan.question.at_month_end:
        return last
    if not plan.question.by_month:
        ahead = plan.question.looks_ahead
        changes = figures_on(plan.parameters, first, ahead) != figures_on(plan.parameters, last, ahead)
        if changes or any("on" in step.sources for step in plan.steps):
            raise impossible("on", "Tulis tanggal lengkap untuk pertanyaan ini, contoh 2026-02-27.")
    return first


def judge_question(question: Any, reform: Reform | None = None) -> Judgement:
    """Judge {"rule", "on", "facts"}, all plain data; `on` is YYYY-MM-DD or YYYY-MM. Raises LawError for its faults."""
    if not isinstance(question, Mapping):
        raise impossible("question", "Setiap pertanyaan harus berisi id, rule, on, dan facts.")
    rule, facts = question.get("rule"), question.get("facts", {})
    if not isinstance(rule, str):
        raise LawError("unknown_rule", "Sebutkan nama aturan pada “rule”.", "rule")
    if not isinstance(facts, Mapping):
        raise impossible("facts", "facts harus berisi nama fakta dan nilainya.")
    if "on" not in question:
        raise LawError("missing_fact", "Sebutkan bulan atau tanggal pada “on”.", "on")
    return judge(rule, _day_asked(plan_for(rule, facts), question["on"]), facts, reform)


def evaluate(question: Any, reform: Reform | None = None) -> dict[str, Any]:
    """Answer {"id", "rule", "on", "facts"} by {"id", "result", "steps"}, or by {"id", "error": {"code", ...}}.

    Raises nothing of its own, whatever it is given.
    """
    identity = question.get("id") if isinstance(question, Mapping) else None
    try:
        answer = judge_question(question, reform)
    except LawError as error:
        return {"id": identity, "error": {"code": error.code, "message": error.message, "field": error.field}}
    return {"id": identity, "result": answer.result, "steps": [plain_step(step) for step in answer.steps]}


def plain_step(step: Step) -> dict[str, Any]:
    """A step as plain data; `choice` is there only when the step rests on one."""
    plain = {
        "rule": step.rule,
        "says": {"id": step.says_id, "en": step.says_en},
        "inputs": step.inputs,
        "value": step.value,
        "article": step.article,
        "confidence": step.confidence,
    }
    if step.choice is not None:
        plain["choice"] = step.choice
    return plain
