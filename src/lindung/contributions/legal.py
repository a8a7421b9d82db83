"""What this room asks of the law, in the form its statements need. No legal figure lives here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from lindung import law
from lindung.core.months import add_months, last_day, month_of, months_between
from lindung.places.queries import holidays_between

PU, BPU = "PU", "BPU"
_LONG_AGO = 24  # months: far enough that every later month is unpaid


@dataclass(frozen=True, eq=False)
class StatusLimits:
    """Cover's status on a day, as two months per segment to compare `paid_through` with: active from the first on,
    in grace from the second on, inactive before. Each is the only one of its day, and so its own key."""

    on: date
    active_from: dict[str, date]
    grace_from: dict[str, date]

    def status(self, segment: str, paid_through: date, ended_on: date | None = None) -> str:
        """active, grace or inactive, as the law's rule `cover` says for a run that has begun."""
        if ended_on is not None and ended_on < self.on:
            return "inactive"
        if paid_through >= self.active_from[segment]:
            return "active"
        return "grace" if paid_through >= self.grace_from[segment] else "inactive"

    def values(self) -> dict[str, date]:
        """The limits as parameters of a statement."""
        return {
            "on": self.on,
            "pu_active": self.active_from[PU],
            "pu_grace": self.grace_from[PU],
            "bpu_active": self.active_from[BPU],
            "bpu_grace": self.grace_from[BPU],
        }

    def out_on(self, segment: str, paid_through: date) -> date:
        """First day without cover when nothing more is paid than through this month."""
        return add_months(paid_through, months_between(self.grace_from[segment], self.on) + 1)


def holidays_around(day: date) -> frozenset[date]:
    """The holidays that can move a due date of this month or the next."""
    return holidays_between(month_of(day), last_day(add_months(month_of(day), 2)))


def status_limits(on: date) -> StatusLimits:
    """The limits of a day, with the calendar's holidays."""
    return _limits(on, holidays_around(on))


@lru_cache(maxsize=64)
def _limits(on: date, holidays: frozenset[date]) -> StatusLimits:
    """Asks the law about someone who paid one month long ago: its arrears and its end of grace show the limits."""
    month = month_of(on)
    paid = add_months(month, -_LONG_AGO)
    active, grace = {}, {}
    for segment in (PU, BPU):
        cover = law.decide_cover(segment, paid, [law.PaidMonths(paid, paid, paid)], on, sorted(holidays))
        if cover.inactive_from is None:
            raise ValueError("the law gives no end of grace")
        active[segment] = add_months(paid, cover.arrears_months)
        grace[segment] = add_months(month, 1 - months_between(paid, cover.inactive_from))
    return StatusLimits(on, active, grace)


def due_date(segment: str, month: date, holidays: Collection[date]) -> date:
    """Last day to pay a month's contribution (PP 44/2015 Art 21 (2)-(3), 24 (3)-(4))."""
    facts = {"segment": segment, "holidays": [day.isoformat() for day in sorted(holidays)]}
    return date.fromisoformat(law.result_of("due_date", month, facts)["due_on"])


@dataclass(frozen=True)
class FullCover:
    """Full JKM after so many months in a row (0: at once); whoever had them by `since` is full from the start."""

    months: int
    since: date


def full_cover(on: date) -> FullCover:
    """The figures of Permenaker 1/2025 as the law knows them on a day."""
    values = {row["name"]: row["value"] for row in law.parameters_on(on)}
    since = values["jkm_minimum_months_from"]
    return FullCover(int(values["jkm_minimum_months"]), since if isinstance(since, date) else date.fromisoformat(since))


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)
