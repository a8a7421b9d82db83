"""Rows that stand for the same person: the same NIK, or the same person under two, in a list or already accepted."""

from __future__ import annotations

import polars as pl
from django.db import connection

from lindung.assistance.columns import found
from lindung.assistance.models import Scheme
from lindung.core.bulk import fetch_frame
from lindung.people.matching import similar
from lindung.people.names import sound_keys
from lindung.people.queries import name_keys

CROWDED = 10_000  # pairs in a block; in larger ones (1 January is a common birth date) only equal names are compared
_DIFFERENT_PERSON = r"(?i)orang\s*(yang\s*)?berbeda"
_BLOCK = ["birth_date", "name_letter", "mother_letter"]
_ACCEPTED = """
SELECT row_code, nik, birth_date, name_key, mother_name FROM assistance_proposalrow
 WHERE scheme_id = %s AND status = 'accepted' AND birth_date = ANY(%s::date[]) ORDER BY id
"""
_PERSON = {"row_code": pl.String, "nik": pl.String, "birth_date": pl.Date, "name_key": pl.String,
           "mother_name": pl.String}  # fmt: skip


def accepted_before(open_rows: pl.DataFrame, known_rows: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """The accepted people of the scheme, whoever sent them, who share a birth date with the open rows.

    Columns nik, birth_date, name_key, mother_key and label: the row of this list that repeats them, else their code.
    They stand for the known rows, whose cells may have been changed since. Needs a scope over the whole country."""
    dates = open_rows["birth_date"].drop_nulls().unique().to_list()
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPTED, [scheme.pk, dates])
        people = fetch_frame(cursor, _PERSON)
    here = known_rows.select("nik", pl.col("row").cast(pl.String).alias("here")).unique("nik", keep="first")
    return people.join(here, on="nik", how="left", maintain_order="left").select(
        "nik", "birth_date", "name_key", name_keys(people["mother_name"]).alias("mother_key"),
        pl.coalesce("here", pl.concat_str(pl.lit("dengan kode "), "row_code")).alias("label"),
    )  # fmt: skip


def findings_of_pairs(frame: pl.DataFrame, faulty: pl.Series, accepted: pl.DataFrame) -> pl.DataFrame:
    """Rows that repeat another row of the list, or somebody accepted (`accepted_before`) under another NIK.

    Of each group the first sound row stays. `faulty` are row numbers."""
    ordered = frame.with_columns(pl.col("row").is_in(faulty.implode()).alias("faulty")).sort("faulty", "row")
    coded = ordered.filter(pl.col("row_code").is_not_null()).sort("row")
    return pl.concat(
        [
            _repeated(ordered.filter("nik_ok"), "duplicate_in_file", "nik"),
            _repeated(coded, "row_code_repeated", "row_code"),
            _same_person(ordered, accepted),
        ]
    )


def _said_different(frame: pl.DataFrame) -> pl.Series:
    """The rows whose remark says that they are another person."""
    return frame.filter(pl.col("note").str.contains(_DIFFERENT_PERSON))["row"]


def _repeated(ordered: pl.DataFrame, code: str, key: str) -> pl.DataFrame:
    marked = ordered.with_columns(pl.col("row").first().over(key).alias("kept"))
    value = pl.col(key) if code == "row_code_repeated" else None
    return found(marked, code, pl.col("kept") != pl.col("row"), value, pl.col("kept").cast(pl.String))


def _same_person(ordered: pl.DataFrame, accepted: pl.DataFrame) -> pl.DataFrame:
    """Name, birth date and mother alike under different NIKs; the later of the two is asked about."""
    people = _in_blocks(ordered, accepted)
    asked = people.filter("asked")
    few, many = people.filter(~pl.col("crowded")), people.filter("crowded")
    wanted = [
        "rank", "label", pl.col("rank_2"), pl.col("row_2"), "nik", "nik_2", pl.col("name").alias("left_name"),
        pl.col("name_2").alias("right_name"), pl.col("mother").alias("left_mother"),
        pl.col("mother_2").alias("right_mother"), pl.lit(True).alias("same_date"),
    ]  # fmt: skip
    alike = many.with_columns(pl.col("name").alias("same_name"), pl.col("mother").alias("same_mother"))
    pairs = pl.concat(
        [
            few.join(asked.filter(~pl.col("crowded")), on=_BLOCK, suffix="_2").select(wanted),
            alike.join(
                alike.filter("asked"), on=["birth_date", "same_name", "same_mother"], suffix="_2"
            ).select(wanted),
        ]
    ).filter((pl.col("rank") < pl.col("rank_2")) & pl.col("nik").ne_missing(pl.col("nik_2")))  # fmt: skip
    twins = similar(pairs).sort("row_2", "rank").unique("row_2", keep="first", maintain_order=True)
    later = twins.select(pl.col("row_2").alias("row"), "label")
    return found(later, "duplicate_person", None, None, pl.col("label"))


def _in_blocks(ordered: pl.DataFrame, accepted: pl.DataFrame) -> pl.DataFrame:
    """The comparable people, ranked: the accepted, then the rows as ordered. `asked` are the rows that may be found
    to repeat somebody, `label` is how the finding names the one repeated."""
    columns = ["row", "nik", "birth_date", "name_key", "mother_key", "label", "asked"]
    before = accepted.with_columns(pl.lit(None, dtype=pl.UInt32).alias("row"), pl.lit(False).alias("asked"))
    rows = ordered.with_columns(
        pl.col("row").cast(pl.String).alias("label"),
        (~pl.col("row").is_in(_said_different(ordered).implode())).alias("asked"),
    )
    return (
        pl.concat([before.select(columns), rows.select(columns)])
        .with_row_index("rank")
        .filter(pl.col("birth_date").is_not_null() & (pl.col("name_key") != "") & (pl.col("mother_key") != ""))
        .rename({"name_key": "name", "mother_key": "mother"})
        .with_columns(sound_keys(pl.col(name)).str.slice(0, 1).alias(f"{name}_letter") for name in ("name", "mother"))
        .with_columns((pl.len().over(_BLOCK) * pl.col("asked").sum().over(_BLOCK) > CROWDED).alias("crowded"))
    )
