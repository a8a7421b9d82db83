"""Business activities and their JKK risk group: PP 44/2015 Lampiran I as replaced by PP 82/2019 (191 rows)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from .search import find, read_table

FILE = "jkk-risk-groups.csv"
ARTICLE = "PP 82/2019 Lampiran I"
ROMAN = ("", "I", "II", "III", "IV", "V")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_table(FILE))


def risk_groups(words: str | Iterable[str] = "") -> list[dict[str, Any]]:
    """Business activities that fit every word, best first, as plain data; all 191 for no words.

    `group` is the `risk_group` of a contribution (1 very low to 5 very high); `confidence` is that of the row.
    """
    return [
        {
            "group": int(row["group"]),
            "number": f"{ROMAN[int(row['group'])]}.{row['entry']}",
            "name": row["name_id"],
            "keywords": row["keywords"].split("; "),
            "article": ARTICLE,
            "confidence": row["confidence"],
            "note": row["note"],
        }
        for row in find(words, _rows(), "name_id", ("keywords",))
    ]
