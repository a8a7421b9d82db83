"""Everything that rests on a secondary source (S) or on memory (M), and what would settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .form.figures import unverified_figures
from .form.instruments import INSTRUMENTS
from .form.rules import RULES
from .questions import PLANS
from .tables import injuries, risk_groups

SOURCES = {"S": "Dari sumber sekunder", "M": "Dari ingatan"}

TABLES: tuple[tuple[str, str, str, Callable[[], list[dict[str, Any]]]], ...] = (
    (risk_groups.FILE, risk_groups.ARTICLE, "lindung law risk-group", risk_groups.risk_groups),
    (injuries.FILE, injuries.ARTICLE, "lindung law injury", injuries.injuries),
)


def unverified() -> list[dict[str, Any]]:
    """Every figure, rule, date of coming into force and table of confidence S or M, as plain data.

    `note` says what would settle it; `value` is a figure's value, an instrument's date, a table's number of rows.
    """
    return [*_figures(), *_rules(), *_instruments(), *_tables()]


def _row(kind: str, name: str, citation: str, confidence: str, note: str, **more: Any) -> dict[str, Any]:
    row = {"kind": kind, "name": name, "unit": "", "from": None, "until": None, "value": None}
    return row | more | {"citation": citation, "confidence": confidence, "note": note}


def _figures() -> Iterable[dict[str, Any]]:
    return ({"kind": "figure", **figure} for figure in unverified_figures())


def _rules() -> Iterable[dict[str, Any]]:
    asked: Mapping[str, None] = {
        step.rule.name: None for plans in PLANS.values() for plan in plans.values() for step in plan.steps
    }
    for rule in (RULES[name] for name in asked):
        if rule.confidence in SOURCES:
            note = f"{SOURCES[rule.confidence]}. Dipastikan dengan membaca {rule.cites}."
            yield _row("rule", rule.name, rule.cites, rule.confidence, note)


def _instruments() -> Iterable[dict[str, Any]]:
    for one in INSTRUMENTS.values():
        if one.confidence in SOURCES:
            note = f"{one.note} Hari mulai berlakunya dipastikan dengan membaca naskah {one.name}.".strip()
            yield _row("instrument", one.name, one.name, one.confidence, note, value=one.in_force.isoformat())


def _tables() -> Iterable[dict[str, Any]]:
    for file, article, command, rows in TABLES:
        for confidence in SOURCES:
            count = sum(row["confidence"] == confidence for row in rows())
            if count:
                note = f"Catatan tiap barisnya: `{command}`. Dipastikan dengan membaca {article}."
                yield _row("table", file, article, confidence, note, value=count)
