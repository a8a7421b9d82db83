"""Finding rows by words: case and accents do not matter, every word must be found, the best match comes first."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
WORD = re.compile(r"[a-z0-9]+")

WHOLE, START, WITHIN = 3, 2, 1
"""How well a word asked for fits a word of the row: it is that word, its beginning, or a part of it."""


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of one CSV file of this folder, as written."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(WORD.findall("".join(mark for mark in plain if not unicodedata.combining(mark))))


def _fit(asked: str, words: Iterable[str]) -> int:
    best = 0
    for word in words:
        if word == asked:
            return WHOLE
        if word.startswith(asked):
            best = START
        elif asked in word:
            best = max(best, WITHIN)
    return best


def rank(asked: Sequence[str], name: Sequence[str], others: Sequence[str]) -> int:
    """How well a row fits, 0 when a word is missing; a word in its name counts twice one in its other texts."""
    total = 0
    for word in asked:
        fit = max(2 * _fit(word, name), _fit(word, others))
        if fit == 0:
            return 0
        total += fit
    return total


def find(
    words: str | Iterable[str], rows: Iterable[Mapping[str, str]], name: str, others: Sequence[str]
) -> list[Mapping[str, str]]:
    """The rows in which every word is found, best first, else in the order of the table; all rows for no words.

    `name` is the column that counts most, `others` the columns searched besides.
    """
    asked = words_of(words if isinstance(words, str) else " ".join(words))
    if not asked:
        return list(rows)
    ranked: list[tuple[int, int, Mapping[str, str]]] = []
    for row in rows:
        fits = rank(asked, words_of(row[name]), words_of(" ".join(row[column] for column in others)))
        if fits:
            ranked.append((-fits, len(ranked), row))
    return [row for _, _, row in sorted(ranked, key=lambda entry: entry[:2])]
