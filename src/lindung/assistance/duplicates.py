"""Rows of one list that stand for the same person: the same NIK, or the same person under two."""

from __future__ import annotations

import polars as pl

from lindung.assistance.columns import found
from lindung.people.matching import similar
from lindung.people.names import sound_keys

CROWDED = 100  # rows in a block; in larger ones (1 January is many people's birth date) only equal names are compared
_DIFFERENT_PERSON = r"(?i)orang\s*(yang\s*)?berbeda"


def findings_of_pairs(frame: pl.DataFrame, faulty: pl.Series) -> pl.DataFrame:
    """Rows that repeat another row of the list; of each group the first sound row stays. `faulty` are row numbers."""
    ordered = frame.with_columns(pl.col("row").is_in(faulty.implode()).alias("faulty")).sort("faulty", "row")
    coded = ordered.filter(pl.col("row_code").is_not_null()).sort("row")
    return pl.concat(
        [
            _repeated(ordered.filter("nik_ok"), "duplicate_in_file", "nik"),
            _repeated(coded, "row_code_repeated", "row_code"),
            _same_person(ordered),
        ]
    )


def said_different(frame: pl.DataFrame) -> pl.Series:
    """The rows whose remark says that they are another person."""
    return frame.filter(pl.col("note").str.contains(_DIFFERENT_PERSON))["row"]


def _repeated(ordered: pl.DataFrame, code: str, key: str) -> pl.DataFrame:
    marked = ordered.with_columns(pl.col("row").first().over(key).alias("kept"))
    value = pl.col(key) if code == "row_code_repeated" else None
    return found(marked, code, pl.col("kept") != pl.col("row"), value, pl.col("kept").cast(pl.String))


def _same_person(ordered: pl.DataFrame) -> pl.DataFrame:
    """Name, birth date and mother alike under different NIKs; the later of the two is asked about."""
    people = (
        ordered.with_row_index("rank")
        .filter(pl.col("birth_date").is_not_null() & (pl.col("name_key") != ""))
        .select(
            "rank", "row", "nik", "birth_date", pl.col("name_key").alias("name"), pl.col("mother_key").alias("mother"),
            sound_keys(pl.col("name_key")).str.slice(0, 1).alias("name_letter"),
            sound_keys(pl.col("mother_key")).str.slice(0, 1).alias("mother_letter"),
        )
        .filter(pl.col("mother") != "")
        .with_columns((pl.len().over("birth_date", "name_letter", "mother_letter") > CROWDED).alias("crowded"))
    )  # fmt: skip
    block = ["birth_date", "name_letter", "mother_letter"]
    few, many = people.filter(~pl.col("crowded")), people.filter("crowded")
    wanted = [
        "rank", "row", pl.col("rank_2"), pl.col("row_2"), "nik", "nik_2", pl.col("name").alias("left_name"),
        pl.col("name_2").alias("right_name"), pl.col("mother").alias("left_mother"),
        pl.col("mother_2").alias("right_mother"), pl.lit(True).alias("same_date"),
    ]  # fmt: skip
    alike = many.with_columns(pl.col("name").alias("same_name"), pl.col("mother").alias("same_mother"))
    pairs = pl.concat(
        [
            few.join(few, on=block, suffix="_2").select(wanted),
            alike.join(alike, on=["birth_date", "same_name", "same_mother"], suffix="_2").select(wanted),
        ]
    ).filter(
        (pl.col("rank") < pl.col("rank_2"))
        & pl.col("nik").ne_missing(pl.col("nik_2"))
        & ~pl.col("row_2").is_in(said_different(ordered).implode())
    )
    twins = similar(pairs).sort("row_2", "rank").unique("row_2", keep="first", maintain_order=True)
    later = twins.select(pl.col("row_2").alias("row"), pl.col("row").alias("kept"))
    return found(later, "duplicate_person", pl.lit(True), None, pl.col("kept").cast(pl.String))
