"""Facts that only scholarship questions have: the children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..form.errors import LawError
from ..form.facts import impossible, read_count, read_flag, read_rows
from ..form.words import SchoolLevel
from .entitlement import Child, Children

MOST_CHILDREN = 30
MOST_YEARS = 20
OLDEST = 120
LEVELS = {level.name.lower(): level for level in SchoolLevel}
NOT_STATED = -1


def read_children(value: Any, field: str) -> Children:
    """Children {"remaining": {level: years}, "age"?, "married_or_working"?}; a level left out has no years left."""
    rows = read_rows(value, field, required={"remaining"}, allowed={"remaining", "age", "married_or_working"})
    if len(rows) > MOST_CHILDREN:
        raise impossible(field, f"{field} paling banyak {MOST_CHILDREN} anak.")
    return tuple(_read_child(row, field) for row in rows)


def _read_child(row: Mapping[str, Any], field: str) -> Child:
    remaining, where = row["remaining"], f"{field}.remaining"
    if not isinstance(remaining, Mapping):
        raise impossible(where, f"{where} harus berisi tahun yang tersisa: {', '.join(LEVELS)}.")
    for name in remaining:
        if name not in LEVELS:
            raise LawError("unknown_fact", f"{where}: {name} tidak dikenal.", f"{where}.{name}")
    years = {level: read_count(0, MOST_YEARS)(remaining.get(level, 0), f"{where}.{level}") for level in LEVELS}
    age = row.get("age")
    return (
        years["tk"],
        years["sd"],
        years["smp"],
        years["sma"],
        years["university"],
        NOT_STATED if age is None else read_count(0, OLDEST)(age, f"{field}.age"),
        read_flag(row.get("married_or_working", False), f"{field}.married_or_working"),
    )
