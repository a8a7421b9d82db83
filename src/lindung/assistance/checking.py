"""Checking a whole list: rows in, every row with its outcome and reasons out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from lindung.assistance.columns import FINDING, Rules, findings_of_rows, prepare
from lindung.assistance.duplicates import accepted_before, findings_of_pairs
from lindung.assistance.matching import Matches, match
from lindung.assistance.models import Proposal, Scheme
from lindung.assistance.reasons import REASONS, Told, tell
from lindung.assistance.row_codes import row_codes
from lindung.people.queries import name_keys
from lindung.places.dataset import last_key
from lindung.places.queries import village_index

ACCEPTED, TO_FIX, REJECTED, KNOWN = "accepted", "to_fix", "rejected", "known"
_SEVERITY = {"fix": 1, "reject": 2, "known": 3}


@dataclass(frozen=True)
class Checked:
    """`rows`: the prepared list with `status`, `new_code`, `corrects_id`, `person_id`, `place_id`, `reason_codes`;
    `reasons`: per faulty row what to tell."""

    rows: pl.DataFrame
    reasons: dict[int, list[Told]]

    def count(self, status: str) -> int:
        """How many rows ended so."""
        return int((self.rows["status"] == status).sum())


def rules_of(proposal: Proposal, scheme: Scheme) -> Rules:
    """The scheme's criteria and the places, read once for the whole list."""
    criteria: dict[str, Any] = scheme.criteria
    return Rules(
        min_age=criteria["min_age"], max_age_exclusive=criteria["max_age_exclusive"],
        age_on=date.fromisoformat(criteria["age_on"]), regency_name=scheme.place.name,
        sender_key=proposal.place_id, sender_name=proposal.place.name, villages=village_index(scheme.place_id),
    )  # fmt: skip


def check_rows(frame: pl.DataFrame, proposal: Proposal, scheme: Scheme, on: date) -> Checked:
    """Both passes over a list as read; nothing is written. Needs a scope over the whole country."""
    rules = rules_of(proposal, scheme)
    rows = prepare(frame, rules)
    rows = rows.with_columns(
        name_keys(rows["name"]).alias("name_key"), name_keys(rows["mother_name"]).alias("mother_key")
    )
    matches = match(rows, scheme, proposal.place_id, on)
    known = _known(matches)
    is_known = pl.col("row").is_in(known["row"].implode())
    open_rows = rows.filter(~is_known)
    own = pl.concat([findings_of_rows(open_rows, rules), _unknown_codes(open_rows, matches)])
    accepted = accepted_before(open_rows, rows.filter(is_known), scheme)
    pairs = findings_of_pairs(open_rows, own["row"], accepted)
    rest = matches.findings.filter(~is_known)
    findings = pl.concat([own, pairs, rest, known]).unique(["row", "code"], keep="first", maintain_order=True)
    return _concluded(rows, findings, matches, proposal)


def _known(matches: Matches) -> pl.DataFrame:
    """Rows that were decided before: their code leads to an accepted row, or their NIK is accepted already."""
    decided = matches.codes.filter(pl.col("status").is_in([ACCEPTED, KNOWN])).select("row", "row_code")
    both = pl.concat([decided, matches.accepted]).unique("row", keep="first", maintain_order=True)
    return both.select(
        "row", pl.lit("known").alias("code"), pl.col("row_code").alias("value"), pl.lit("").alias("other"),
        pl.lit("").alias("limit"),
    ).cast(FINDING)  # fmt: skip


def _unknown_codes(rows: pl.DataFrame, matches: Matches) -> pl.DataFrame:
    written = rows.filter(pl.col("row_code").is_not_null() & ~pl.col("row").is_in(matches.codes["row"].implode()))
    return written.select(
        "row", pl.lit("row_code_unknown").alias("code"), pl.col("row_code").alias("value"),
        pl.lit("").alias("other"), pl.lit("").alias("limit"),
    ).cast(FINDING)  # fmt: skip


def _concluded(rows: pl.DataFrame, findings: pl.DataFrame, matches: Matches, proposal: Proposal) -> Checked:
    severity = {code: _SEVERITY[reason.outcome] for code, reason in REASONS.items()}
    weighed = findings.with_columns(
        pl.col("code").replace_strict(severity, return_dtype=pl.Int8).alias("severity")
    ).sort("row", "severity", descending=[False, True], maintain_order=True)
    outcomes = weighed.group_by("row", maintain_order=True).agg(
        pl.col("severity").max(), pl.col("code").alias("reason_codes")
    )
    # A code repeated in the file stands for its first row only.
    repeated = findings.filter(pl.col("code") == "row_code_repeated")["row"]
    corrected = (
        matches.codes.filter(pl.col("status").is_in([TO_FIX, REJECTED]) & ~pl.col("row").is_in(repeated.implode()))
        .sort("row")
        .unique("id", keep="first", maintain_order=True)
        .select("row", pl.col("id").alias("corrects_id"))
    )
    status = (
        pl.when(pl.col("severity") == 3).then(pl.lit(KNOWN)).when(pl.col("severity") == 2).then(pl.lit(REJECTED))
        .when(pl.col("severity") == 1).then(pl.lit(TO_FIX)).otherwise(pl.lit(ACCEPTED))
    )  # fmt: skip
    here = pl.col("village_key").is_between(proposal.place_id, last_key(proposal.place_id))
    joined = (
        rows.join(outcomes, on="row", how="left", maintain_order="left")
        .join(corrected, on="row", how="left", maintain_order="left")
        .join(matches.persons.unique("row"), on="row", how="left", maintain_order="left")
        .with_columns(
            status.alias("status"),
            pl.Series("new_code", row_codes(proposal.pk, rows["row"]), dtype=pl.String),
            pl.when(here).then("village_key").otherwise(proposal.place_id).alias("place_id"),
            pl.when(status != KNOWN).then("corrects_id").alias("corrects_id"),
        )
    )
    told: dict[int, list[Told]] = {}
    for row, code, value, other, limit, _severity in weighed.iter_rows():
        told.setdefault(row, []).append(tell(code, value, other, limit))
    return Checked(joined, told)
