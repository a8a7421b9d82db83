"""Foreign workers, who have a passport and no NIK: each is kept under one number."""

from __future__ import annotations

import polars as pl

from lindung.core.bulk import fetch_frame, loaded

_TABLE = "reported_passports"
_COLUMNS = {"row_no": "bigint", "country": "text", "passport": "text"}
_KNOWN = f"""
SELECT r.row_no, f.nik FROM {_TABLE} r JOIN wages_foreignidentity f USING (country, passport)
"""
_ADD = f"""
INSERT INTO wages_foreignidentity (country, passport, nik)
SELECT country, passport, '99' || lpad(nextval('wages_foreigner')::text, 14, '0')
  FROM (SELECT DISTINCT country, passport FROM {_TABLE} r
         WHERE NOT EXISTS (SELECT 1 FROM wages_foreignidentity f
                            WHERE (f.country, f.passport) = (r.country, r.passport))
         ORDER BY 1, 2) fresh
ON CONFLICT (country, passport) DO NOTHING
"""


def with_numbers(rows: pl.DataFrame, *, register: bool = False) -> pl.DataFrame:
    """The prepared rows with the number for the passport in `nik` where the worker is foreign; null for one who is not
    known yet, unless they are to be registered."""
    if not rows["foreign"].any():
        return rows
    asked = rows.filter("foreign").select(
        "row_no", pl.col("country_code").alias("country"), pl.col("nik").fill_null("").alias("passport")
    )
    with loaded(asked, _TABLE, _COLUMNS) as cursor:
        if register:
            cursor.execute(_ADD)
        cursor.execute(_KNOWN)
        known = fetch_frame(cursor, {"row_no": pl.Int64, "number": pl.String})
    joined = rows.join(known, on="row_no", how="left", maintain_order="left")
    return joined.with_columns(pl.when("foreign").then("number").otherwise("nik").alias("nik")).drop("number")
