"""Cover for callers in Python: dates in, dates out, by the rules of `cover`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ..judgement import result_of


class PaidMonths(NamedTuple):
    """A payment: first and last contribution month (any day of them) and the day it was paid."""

    first: date
    last: date
    on: date


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover on a day. `paid_through` is the first of its month; `status` is active, grace or inactive."""

    status: str
    paid_through: date | None
    grace_until: date | None
    inactive_from: date | None
    consecutive_months: int
    protected_since: date | None
    jkm_full_from: date | None
    arrears_months: int


def decide_cover(
    segment: str,
    registered_on: date,
    paid: Iterable[PaidMonths],
    on: date,
    holidays: Iterable[date] = (),
) -> Cover:
    """Cover of a PU or BPU participant on a day (PP 44/2015 Pasal 38-42). Raises LawError."""
    result = result_of(
        "cover",
        on,
        {
            "segment": segment,
            "registered_on": registered_on,
            "paid": [{"from": first, "to": last, "on": day} for first, last, day in paid],
            "holidays": list(holidays),
        },
    )
    paid_through = result["paid_through"]
    return Cover(
        status=result["status"],
        paid_through=date.fromisoformat(f"{paid_through}-01") if paid_through else None,
        grace_until=_date(result["grace_until"]),
        inactive_from=_date(result["inactive_from"]),
        consecutive_months=result["consecutive_months"],
        protected_since=_date(result["protected_since"]),
        jkm_full_from=_date(result["jkm_full_from"]),
        arrears_months=result["arrears_months"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
