"""The monthly wage of those paid by the day or the piece, by the law's own rules."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung import law
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.months import add_months
from lindung.law.contributions.wages import wage_of_pieces

# What was earned by the piece in the months before, the newest word on each.
_EARLIER = """
SELECT DISTINCT ON (w.membership_id, w.month) w.membership_id, w.month, (w.rate * 100)::bigint
  FROM wages_wagerecord w JOIN piece_workers p ON p.membership_id = w.membership_id
 WHERE w.kind = 'piece' AND w.month >= %s AND w.month < %s ORDER BY w.membership_id, w.month, w.id DESC
"""


def monthly_wages(jobs: pl.DataFrame, month: date) -> pl.DataFrame:
    """The frame (membership_id, wage_sen, wage_kind_code) with `monthly_sen`, the wage of the month in sen.

    A daily wage counts times the law's days (PP 44/2015 Art 19 (3)); piece work is the average of the law's last months
    (Art 19 (4)), this one included. Who has earned by the piece for less than that is averaged over the months there
    are: the law does not say, and no month may count as nothing."""
    figures = {row["name"]: int(row["value"]) for row in law.parameters_on(month) if row["name"] in _FIGURES}
    kind, wage = pl.col("wage_kind_code"), pl.col("wage_sen")
    jobs = jobs.with_columns(
        (wage * pl.when(kind == "daily").then(figures["wage_days"]).otherwise(1)).alias("monthly_sen")
    )
    pieces = jobs.filter(kind == "piece")
    if pieces.is_empty():
        return jobs
    averages = _averages(pieces, month, figures["piece_months"], figures["piece_months_weather"])
    return (
        jobs.join(averages, on="membership_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("average_sen", "monthly_sen").alias("monthly_sen"))
        .drop("average_sen")
    )


_FIGURES = ("wage_days", "piece_months", "piece_months_weather")


def _averages(pieces: pl.DataFrame, month: date, months: int, weather: int) -> pl.DataFrame:
    now = pieces.select("membership_id", pl.lit(month).alias("month"), pl.col("wage_sen").alias("earned"))
    with loaded(now, "piece_workers", {"membership_id": "bigint"}) as cursor:
        cursor.execute(_EARLIER, [add_months(month, 1 - months), month])
        earlier = fetch_frame(cursor, {"membership_id": pl.Int64, "month": pl.Date, "earned": pl.Int64})
    every = pl.concat([earlier, now]).sort("membership_id", "month").group_by("membership_id", maintain_order=True)
    earned = every.agg("earned").rows()
    averages = [
        (membership, wage_of_pieces(tuple(wages), False, min(months, len(wages)), weather))
        for membership, wages in earned
    ]
    return pl.DataFrame(averages, schema={"membership_id": pl.Int64, "average_sen": pl.Int64}, orient="row")
