"""Figures of this room that the law package does not hold yet: dated, cited, with how sure we are of each.

The files in `data/` have the law's form, so that a figure can move there once it is read in the regulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

from lindung import law
from lindung.law.form.calendar import add_working_days
from lindung.places.queries import holidays_between

# Sectors with a minimum wage of their own (UMSK), as decrees name them, and the KBLI 2020 code of a company in it.
SECTORS = (("perkebunan kelapa sawit", "01262"),)
DATA = Path(__file__).parent / "data"
_AHEAD = 120  # calendar days: more than any deadline of working days reaches


@dataclass(frozen=True)
class Rule:
    """A figure as it stands on a day. `confidence` T is read in the regulation, S and M are not yet verified, C is
    our own choice."""

    name: str
    about: str
    value: int
    unit: str
    citation: str
    confidence: str
    note: str

    @property
    def unverified(self) -> bool:
        """Whether screens mark it «belum terverifikasi»."""
        return self.confidence in ("S", "M")


@lru_cache(maxsize=1)
def _files() -> dict[str, dict[str, object]]:
    entries = [entry for file in sorted(DATA.glob("*.yaml")) for entry in yaml.safe_load(file.read_text("utf-8"))]
    return {entry["name"]: entry for entry in entries}


def rule(name: str, on: date) -> Rule:
    """The figure in force on a day. Raises LookupError before its first day: nothing is guessed."""
    entry = _files()[name]
    values: list[dict[str, object]] = entry["values"]  # type: ignore[assignment]
    for known in reversed(values):
        if known["from"] <= on:  # type: ignore[operator]
            about = entry["about_en" if (get_language() or "id").startswith("en") else "about_id"]
            return Rule(
                name, str(about), int(str(known["value"])), str(entry["unit"]), str(known["citation"]),
                str(known["confidence"]), str(known.get("note", "")),
            )  # fmt: skip
    raise LookupError(f"{name} is not known on {on}")


def rules(on: date) -> list[Rule]:
    """Every figure of this room on a day, by name."""
    return [rule(name, on) for name in sorted(_files())]


def deadline_after(day: date, count: int, in_working_days: bool) -> date:
    """The last day to answer: so many days, or working days by the calendar of places, after a day (not counted)."""
    if not in_working_days:
        return day + timedelta(days=count)
    holidays = holidays_between(day, day + timedelta(days=_AHEAD))
    return date.fromordinal(add_working_days(day.toordinal(), count, tuple(sorted(h.toordinal() for h in holidays))))


def pension_age(on: date) -> int:
    """Years at which JP is no longer owed, as the law package knows it on a day."""
    return int(next(row["value"] for row in law.parameters_on(on) if row["name"] == "pension_age"))


ARREARS_CLASSES = ("lancar", "kurang_lancar", "diragukan", "macet")


def class_limits(on: date) -> tuple[int, int, int]:
    """The most months of lancar, kurang lancar and diragukan; beyond is macet."""
    lancar, kurang, diragukan = (rule(f"class_{name}_months", on).value for name in ARREARS_CLASSES[:3])
    return lancar, kurang, diragukan


def arrears_class(months: int, on: date) -> str:
    """lancar, kurang_lancar, diragukan or macet, by the age in months of the oldest unpaid bill."""
    return next(
        (name for name, most in zip(ARREARS_CLASSES, class_limits(on), strict=False) if months <= most), "macet"
    )
