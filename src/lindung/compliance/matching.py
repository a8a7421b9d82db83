"""Which payer a line of a list is: by NIB, NPWP, NPP, and last by name and place. Worked out anew each run."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper
from rapidfuzz import fuzz

from lindung.compliance.naming import company_keys, legal_forms
from lindung.compliance.rules import rule
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.months import add_months, month_of

NAME_LIKENESS = 0.93  # of all words, whatever their order
COMMON = 60  # a word that so many payers have says nothing: «jaya»
_DISTRICT = 10_000

# The newest list of each kind that is not too old; a line of an older one is never compared.
NEWEST = """
  SELECT DISTINCT ON (kind) id FROM compliance_companylist
   WHERE as_of <= %(on)s AND as_of >= %(oldest)s ORDER BY kind, as_of DESC, version DESC
"""
_LINES = f"""
  SELECT c.* FROM compliance_listedcompany c WHERE c.usable AND c.company_list_id IN ({NEWEST})
"""
_EMPLOYERS = """
  SELECT y.id, y.name, y.npp, y.place_id, e.nib, e.npwp FROM payers_payer y
    LEFT JOIN payers_employer e ON e.payer_id = y.id WHERE y.kind = 'company' OR e.payer_id IS NOT NULL
"""
# By number: the first of NIB, NPWP, NPP that names exactly one payer. In analysed tables of their own, because nobody
# has counted the lines that have just come in, and a plan for a handful of them would be quadratic.
_NUMBERS = f"""
  CREATE TEMP TABLE match_written ON COMMIT DROP AS
    SELECT l.id, v.rank, v.by, v.value
      FROM ({_LINES}) l CROSS JOIN LATERAL (VALUES (1, 'nib', l.nib), (2, 'npwp', l.npwp), (3, 'npp', l.npp))
           v(rank, by, value) WHERE v.value <> '';
  ANALYZE match_written;
  CREATE TEMP TABLE match_known ON COMMIT DROP AS
    SELECT v.by, v.value, min(e.id) AS payer_id
      FROM ({_EMPLOYERS}) e CROSS JOIN LATERAL (VALUES ('nib', e.nib), ('npwp', e.npwp),
           ('npp', upper(regexp_replace(e.npp, '[^A-Za-z0-9]', '', 'g')))) v(by, value)
     WHERE v.value <> '' GROUP BY v.by, v.value HAVING count(*) = 1;
  ANALYZE match_known;
  INSERT INTO compliance_listmatch (listed_id, payer_id, by, likeness)
  SELECT DISTINCT ON (w.id) w.id, k.payer_id, w.by, 1
    FROM match_written w JOIN match_known k ON k.by = w.by AND k.value = w.value ORDER BY w.id, w.rank;
"""
_LEFT = f"""
  SELECT l.id, l.name, l.place_id, l.nib FROM ({_LINES}) l
   WHERE NOT EXISTS (SELECT 1 FROM compliance_listmatch m WHERE m.listed_id = l.id)
"""
_SIDE = {"id": pl.Int64, "name": pl.String, "place_id": pl.Int64, "nib": pl.String}
_FOUND = {"listed_id": "bigint", "payer_id": "bigint", "likeness": "double precision"}


def oldest_list(on: date) -> date:
    """Lists from before this day are too old to compare."""
    return add_months(month_of(on), -rule("list_age_months", on).value)


def match_lists(on: date) -> int:
    """Work out anew which payers the lines of the newest lists are; returns how many lines have one."""
    values = {"on": on, "oldest": oldest_list(on)}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM compliance_listmatch")
        matched = 0
        for statement in _NUMBERS.split(";\n")[:-1]:
            cursor.execute(statement, values)
            matched = cursor.rowcount
        cursor.execute("DROP TABLE match_written, match_known")
        return matched + _by_name(cursor, values)


def _by_name(cursor: CursorWrapper, values: dict[str, date]) -> int:
    cursor.execute(_LEFT, values)
    lines = _prepared(fetch_frame(cursor, _SIDE))
    cursor.execute(f"SELECT id, name, place_id, coalesce(nib, '') FROM ({_EMPLOYERS}) e")
    found = alike(lines, _prepared(fetch_frame(cursor, _SIDE)))
    with loaded(found, "alike_names", _FOUND) as inside:
        inside.execute(
            "INSERT INTO compliance_listmatch (listed_id, payer_id, by, likeness)"
            " SELECT listed_id, payer_id, 'name', likeness FROM alike_names"
        )
    return found.height


def _prepared(side: pl.DataFrame) -> pl.DataFrame:
    return side.with_columns(company_keys(side["name"]).alias("key"), legal_forms(side["name"]).alias("form"))


def alike(lines: pl.DataFrame, payers: pl.DataFrame) -> pl.DataFrame:
    """(listed_id, payer_id, likeness) of the lines whose name and place fit exactly one payer best.

    Only names that share a word few payers have are compared. Two NIBs or two legal forms (PT, CV) that differ make
    two companies; where two payers fit equally well, none is taken."""
    pairs = _sharing_a_word(lines, payers).filter(
        ((pl.col("nib") == "") | (pl.col("nib_right") == "") | (pl.col("nib") == pl.col("nib_right")))
        & ((pl.col("form") == "") | (pl.col("form_right") == "") | (pl.col("form") == pl.col("form_right")))
        & _same_area(pl.col("place_id"), pl.col("place_id_right"))
    )
    scores = [fuzz.token_sort_ratio(left, right) / 100 for left, right in pairs.select("key", "key_right").iter_rows()]
    return (
        pairs.with_columns(pl.Series("likeness", scores, dtype=pl.Float64))
        .filter(pl.col("likeness") >= NAME_LIKENESS)
        .filter(pl.col("likeness") == pl.col("likeness").max().over("id"))
        .filter(pl.len().over("id") == 1)
        .select(pl.col("id").alias("listed_id"), pl.col("id_right").alias("payer_id"), "likeness")
    )


def _sharing_a_word(lines: pl.DataFrame, payers: pl.DataFrame) -> pl.DataFrame:
    def words(side: pl.DataFrame) -> pl.DataFrame:
        return (
            side.select("id", pl.col("key").str.split(" ").alias("word")).explode("word").filter(pl.col("word") != "")
        )

    ours = words(payers)
    rare = ours.filter(pl.len().over("word") <= COMMON)
    # A name of common words only is compared with its equals.
    shared = words(lines).join(rare, on="word").select("id", "id_right").unique()
    equal = lines.join(payers, on="key").select("id", "id_right")
    return (
        pl.concat([shared, equal]).unique()
        .join(lines, on="id").join(payers, left_on="id_right", right_on="id", suffix="_right")
    )  # fmt: skip


def _same_area(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """In one district, or one of the two is known no nearer than a regency that holds the other."""

    def wide(key: pl.Expr) -> pl.Expr:
        return key % 1_000_000 == 0

    return (
        (left // _DISTRICT == right // _DISTRICT)
        | (wide(left) & (left // 1_000_000 == right // 1_000_000))
        | (wide(right) & (left // 1_000_000 == right // 1_000_000))
    )
