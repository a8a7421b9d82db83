"""The places file shipped with the code, and the arithmetic of its keys. No database here."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

DECREE = "Kepmendagri 300.2.2-2138 Tahun 2025"
DECREE_DATE = date(2025, 4, 25)
PLACES_FILE = Path(str(files("lindung.places").joinpath("data", "places.parquet")))
KEY_DIGITS = 10


def key_of(code: str) -> int:
    """`61.12.01` → 6112010000: the code's digits padded right with zeros to ten."""
    return int(code.replace(".", "").ljust(KEY_DIGITS, "0"))


def last_key(key: int) -> int:
    """The last key of the place's subtree: its zeros at the end, level by level, become nines.

    6112000000 → 6112999999, 6112010000 → 6112019999; a village is its own subtree."""
    for span in (100_000_000, 1_000_000, 10_000):
        if key % span == 0:
            return key + span - 1
    return key


def read_places(subtree: str | None = None) -> pl.DataFrame:
    """All places of the file, or only a place and what lies in it (`61.12`), ordered by key."""
    places = _whole_file()
    if subtree is None:
        return places
    first = key_of(subtree)
    return places.filter(pl.col("key").is_between(first, last_key(first)))


@cache
def _whole_file() -> pl.DataFrame:
    return pl.read_parquet(PLACES_FILE)
