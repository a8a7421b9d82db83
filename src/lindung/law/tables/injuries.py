"""The JKK disability table: PP 44/2015 Lampiran III as replaced by PP 82/2019 (46 rows)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..form.rounding import PERCENT
from ..form.units import show_percent
from .search import find, read_table

FILE = "jkk-disability-table.csv"
ARTICLE = "PP 82/2019 Lampiran III"


@dataclass(frozen=True, slots=True)
class Injury:
    """One row. Percentages are in hundredths of a percent; they differ only where a doctor sets the value in a range.

    `per` says for which step the percentage stands ("10 dB"), if any; `other_side` is the code that a left-handed
    person's injury is judged by, if any.
    """

    code: str
    name: str
    name_en: str
    least: int
    most: int
    per: str
    other_side: str
    confidence: str
    note: str


def hundredths(text: str) -> int:
    """A percentage with at most two decimals as hundredths of a percent."""
    whole, _, decimals = text.partition(".")
    return int(whole) * PERCENT + int((decimals or "0").ljust(2, "0"))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_table(FILE))


def _injury(row: Mapping[str, str]) -> Injury:
    return Injury(
        row["code"],
        row["defect_id"],
        row["defect_en"],
        hundredths(row["percent"]),
        hundredths(row["percent_most"]),
        row["per"],
        row["other_side"],
        row["confidence"],
        row["note"],
    )


@cache
def by_code() -> Mapping[str, Injury]:
    """Every row by its code, in the order of the table."""
    return {row["code"]: _injury(row) for row in _rows()}


def injuries(words: str | Iterable[str] = "") -> list[dict[str, Any]]:
    """Injuries that fit every word in Indonesian, English or by code, best first, as plain data; all for no words.

    `percent` to `percent_most` is the share of 80 monthly wages; `confidence` is that of the row.
    """
    found = (by_code()[row["code"]] for row in find(words, _rows(), "defect_id", ("defect_en", "code")))
    return [
        {
            "code": injury.code,
            "name": injury.name,
            "name_en": injury.name_en,
            "percent": show_percent(injury.least, PERCENT),
            "percent_most": show_percent(injury.most, PERCENT),
            "per": injury.per or None,
            "left_handed_as": injury.other_side or None,
            "article": ARTICLE,
            "confidence": injury.confidence,
            "note": injury.note,
        }
        for injury in found
    ]
