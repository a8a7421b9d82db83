"""Is this the same person, spelled differently? Only pairs that share a block are compared: the same birth date, or the
same mother's name and birth year. Judged token by token, so that «Hasan» and «Husin», twins, stay two."""

from __future__ import annotations

import polars as pl
from rapidfuzz.distance import Indel

from lindung.people.names import sound_keys

TOKEN_LIKENESS = 0.75  # of the least alike word, after both are brought to their sound
NAME_LIKENESS = 0.85  # of the whole name
MOTHER_LIKENESS = 0.80
NAME_LIKENESS_ALONE = 0.90  # where a mother's name is missing
NAME_LIKENESS_OTHER_DATE = 0.93  # same mother, same birth year, another birth date

# Columns of a pair: the names as name keys, and whether the birth dates agree.
PAIR = ("left_name", "right_name", "left_mother", "right_mother", "same_date")


def likeness_of_names(left: str, right: str) -> tuple[float, float]:
    """(of the least alike word, of all words), 0 to 1, whatever the order of the words. Takes sound keys.

    Words that the longer name has on top do not count against the least alike word."""
    few, many = sorted((left.split(), right.split()), key=len)
    worst, total = 1.0, 0.0
    for word in few:
        if not many:
            break
        best = max(many, key=lambda other: Indel.normalized_similarity(word, other))
        likeness = Indel.normalized_similarity(word, best)
        many.remove(best)
        worst, total = min(worst, likeness), total + likeness
    words = len(few) + len(many)
    return (worst, total / words) if few else (0.0, 0.0)


def similar(pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of the pairs (PAIR and any other columns) that are the same person by all we know, with `likeness`."""
    sounds = pairs.with_columns(sound_keys(pl.col(name)).alias(f"{name}_sound") for name in PAIR if name != "same_date")
    judged = [
        _judge(*row)
        for row in sounds.select(
            "left_name_sound", "right_name_sound", "left_mother_sound", "right_mother_sound", "same_date"
        ).iter_rows()
    ]
    return pairs.with_columns(pl.Series("likeness", judged, dtype=pl.Float64)).filter(pl.col("likeness") > 0)


def _judge(left: str, right: str, left_mother: str, right_mother: str, same_date: bool) -> float:
    """The likeness when it is enough, else 0."""
    worst, whole = likeness_of_names(left, right)
    if worst < TOKEN_LIKENESS:
        return 0.0
    if not (left_mother and right_mother):
        return whole if same_date and whole >= NAME_LIKENESS_ALONE else 0.0
    mother_worst, mother = likeness_of_names(left_mother, right_mother)
    if mother_worst < TOKEN_LIKENESS or mother < MOTHER_LIKENESS:
        return 0.0
    return whole if whole >= (NAME_LIKENESS if same_date else NAME_LIKENESS_OTHER_DATE) else 0.0
