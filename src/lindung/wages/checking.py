"""Checking a report: rows in, every row with its outcome and reasons out. Nothing is lost, nothing is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from lindung.wages.findings import FINDING, Rules, duplicates, findings_of_rows
from lindung.wages.matching import match
from lindung.wages.preparing import prepare
from lindung.wages.reasons import REASONS, Told, tell

ACCEPTED, TO_FIX, REJECTED = "accepted", "to_fix", "rejected"
_SEVERITY = {"warn": 1, "fix": 2, "reject": 3}


@dataclass(frozen=True)
class Checked:
    """`rows`: row_no, outcome, reason_codes; `reasons`: per row what to tell; `doubts` (row_no, person_id, code): how
    new workers differ from the register, for the branch alone."""

    rows: pl.DataFrame
    reasons: dict[int, list[Told]]
    doubts: pl.DataFrame

    def only(self, checked_as: int, row_no: int) -> Checked:
        """What was found of one row, under its own number."""
        rows = self.rows.filter(pl.col("row_no") == checked_as).with_columns(pl.lit(row_no, pl.Int64).alias("row_no"))
        return Checked(
            rows,
            {row_no: self.reasons[checked_as]} if checked_as in self.reasons else {},
            self.doubts.filter(pl.col("row_no") == checked_as).with_columns(pl.lit(row_no, pl.Int64).alias("row_no")),
        )


def check_rows(written: pl.DataFrame, rules: Rules, payer_id: int, confirmed: Collection[int] = ()) -> Checked:
    """All checks over rows as written (`preparing.as_written`). Of the rows `confirmed` the branch has seen the
    identity card. Needs a scope over the whole country."""
    rows = prepare(written)
    matches = match(rows, rules, payer_id)
    findings = pl.concat([findings_of_rows(rows, rules), duplicates(rows, rules), matches.findings]).cast(FINDING)
    seen = (pl.col("code") == "identity_differs") & pl.col("row_no").is_in(list(confirmed))
    findings = findings.with_columns(pl.when(seen).then(pl.lit("identity_confirmed")).otherwise("code").alias("code"))
    findings = findings.unique(["row_no", "code"], keep="first", maintain_order=True)
    return Checked(
        *concluded(rows.select("row_no"), findings), matches.doubts.filter(~pl.col("row_no").is_in(list(confirmed)))
    )


def concluded(rows: pl.DataFrame, findings: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, list[Told]]]:
    """The outcomes that follow from the findings, the gravest decides; and per row what to tell."""
    severity = {code: _SEVERITY[reason.severity] for code, reason in REASONS.items()}
    weighed = findings.with_columns(
        pl.col("code").replace_strict(severity, return_dtype=pl.Int8).alias("severity")
    ).sort("row_no", "severity", descending=[False, True], maintain_order=True)
    outcomes = weighed.group_by("row_no", maintain_order=True).agg(
        pl.col("severity").max(), pl.col("code").alias("reason_codes")
    )
    joined = rows.join(outcomes, on="row_no", how="left", maintain_order="left").select(
        "row_no",
        pl.when(pl.col("severity") == 3).then(pl.lit(REJECTED)).when(pl.col("severity") == 2).then(pl.lit(TO_FIX))
        .otherwise(pl.lit(ACCEPTED)).alias("outcome"),
        pl.col("reason_codes").fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )  # fmt: skip
    told: dict[int, list[Told]] = {}
    for row_no, code, value, other, _severity in weighed.iter_rows():
        told.setdefault(row_no, []).append(tell(code, value, other))
    return joined, told
