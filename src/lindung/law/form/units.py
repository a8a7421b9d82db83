"""Units of facts, parameters and results, and how each is shown outside (plain data, ready for JSON)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from .rounding import PERCENT, SEN
from .words import (
    Cause,
    CoverStatus,
    FirmSize,
    JhtReason,
    JkpReason,
    Payer,
    Placement,
    Programme,
    Relation,
    SchoolLevel,
    Sector,
    Segment,
    Survivor,
)


def show_month(month: int) -> str | None:
    """A month number as YYYY-MM; none as None."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}" if month else None


def show_day(day: int) -> str | None:
    """A day number as YYYY-MM-DD; none as None."""
    return date.fromordinal(day).isoformat() if day else None


def show_sen(amount: int) -> int | str:
    """Sen as whole rupiah, or as decimal text when there are sen left."""
    rupiah, sen = divmod(amount, SEN)
    return f"{rupiah}.{sen:02d}" if sen else rupiah


def _as_is(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _relatives(value: tuple[tuple[int, bool], ...]) -> list[dict[str, Any]]:
    return [{"relation": Relation(relation).name.lower(), "alive": alive} for relation, alive in value]


def _payments(value: tuple[tuple[int, int, int], ...]) -> list[dict[str, Any]]:
    return [{"from": show_month(f), "to": show_month(t), "on": show_day(on)} for f, t, on in value]


def show_percent(parts: int, scale: int) -> int | float:
    """A percentage kept as whole parts of a percent: a whole number, or the shortest decimal that says it."""
    return parts / scale if parts % scale else parts // scale


def _injuries(value: tuple[tuple[int, int, int, int], ...]) -> list[dict[str, Any]]:
    return [
        {
            "percent": show_percent(right, PERCENT),
            "percent_left_handed": show_percent(left, PERCENT),
            "times": times,
            "function_loss_percent": show_percent(loss, PERCENT),
        }
        for right, left, times, loss in value
    ]


def _children(value: tuple[tuple[int, int, int, int, int, int, int], ...]) -> list[dict[str, Any]]:
    return [
        {
            "remaining": {level.name.lower(): child[level] for level in SchoolLevel},
            "age": None if child[5] < 0 else child[5],
            "married_or_working": bool(child[6]),
        }
        for child in value
    ]


_PROGRAMMES = [(int(programme), programme.name) for programme in Programme]

SHOW: dict[str, Callable[[Any], Any]] = {
    "rupiah": _as_is,
    "sen": show_sen,
    "per_100000": _as_is,
    "per_100000_by_risk_group": _as_is,
    "percent": _as_is,
    "months": lambda value: value if value >= 0 else None,
    "wages": _as_is,
    "years": _as_is,
    "working_days": _as_is,
    "hours": _as_is,
    "day_of_month": _as_is,
    "flag": bool,
    "count": _as_is,
    "heir_tier": _as_is,
    "indexes": _as_is,
    "bracket_table": lambda rows: f"{len(rows)} baris",
    "day": show_day,
    "days": lambda days: [show_day(day) for day in days],
    "month": show_month,
    "programmes": lambda bits: [name for bit, name in _PROGRAMMES if bit & bits],
    "segment": lambda value: Segment(value).name,
    "payer": lambda value: Payer(value).name.lower(),
    "sector": lambda value: Sector(value).name.lower(),
    "cover": lambda value: CoverStatus(value).name.lower(),
    "relatives": _relatives,
    "payments": _payments,
    "deposits": lambda rows: [{"on": show_day(on), "amount": show_sen(amount)} for on, amount in rows],
    "rates_by_year": lambda rows: {str(year): show_percent(rate, 1000) for year, rate in rows},
    "sen_by_year": lambda rows: {str(year): show_sen(amount) for year, amount in rows},
    "rupiah_by_year": lambda rows: {str(year): amount for year, amount in rows},
    "rate": lambda rate: show_percent(rate, 1000) if rate >= 0 else None,
    "year": _as_is,
    "jht_reason": lambda value: JhtReason(value).name.lower(),
    "survivor": lambda value: Survivor(value).name.lower(),
    "jkp_reason": lambda value: JkpReason(value).name.lower(),
    "history": lambda rows: [[show_day(first), show_day(last), value] for first, last, value in rows],
    "firm_size": lambda value: FirmSize(value).name.lower() if value else None,
    "citizenship": lambda value: "ID" if value else "asing",
    "placement": lambda value: Placement(value).name.lower(),
    "sen_list": lambda amounts: [show_sen(amount) for amount in amounts],
    "step_table": lambda rows: [list(row) for row in rows],
    "millionths_of_percent": lambda parts: show_percent(parts, PERCENT**3),
    "injuries": _injuries,
    "children": _children,
    "cause": lambda value: Cause(value).name.lower(),
    "school_level": lambda value: SchoolLevel(value).name.lower(),
    "rupiah_by_school_level": _as_is,
    "years_by_school_level": _as_is,
}

PARAMETER_UNITS = {
    "rupiah",
    "per_100000",
    "per_100000_by_risk_group",
    "percent",
    "months",
    "wages",
    "years",
    "working_days",
    "hours",
    "count",
    "day_of_month",
    "flag",
    "bracket_table",
    "step_table",
    "day",
    "rupiah_by_school_level",
    "years_by_school_level",
}
