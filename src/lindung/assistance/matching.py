"""The second pass: what the database knows about the rows, a handful of statements for a whole list.

Only the NIK decides that somebody is turned away; a name alone never does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.backends.utils import CursorWrapper

from lindung.assistance.columns import FINDING
from lindung.assistance.models import Scheme
from lindung.contributions.queries import covered_persons
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.months import month_of
from lindung.formats.words import long_date
from lindung.payers.models import Payer
from lindung.places.dataset import last_key

_TABLE = "assistance_checked"
_COLUMNS = {"row": "bigint", "nik": "text", "row_code": "text"}

# A code leads to the newest row of its chain of corrections.
_CODES = f"""
WITH RECURSIVE chain AS (
  SELECT c.row, r.id, r.status, r.row_code, r.place_id FROM {_TABLE} c
    JOIN assistance_proposalrow r ON r.row_code = c.row_code AND r.scheme_id = %(scheme)s
  UNION ALL
  SELECT chain.row, r.id, r.status, r.row_code, r.place_id FROM chain
    JOIN assistance_proposalrow r ON r.corrects_id = chain.id)
SELECT DISTINCT ON (row) row, id, status, row_code FROM chain
 WHERE place_id BETWEEN %(first)s AND %(last)s ORDER BY row, id DESC
"""
_ACCEPTED = f"""
SELECT c.row, r.row_code FROM {_TABLE} c
  JOIN assistance_proposalrow r ON r.scheme_id = %(scheme)s AND r.nik = c.nik AND r.status = 'accepted'
"""
_PERSONS = f"SELECT c.row, p.id FROM {_TABLE} c JOIN people_person p ON p.nik = c.nik"
_DEATHS = f"""
SELECT row, min(died_on) FROM (
  SELECT c.row, e.occurred_on AS died_on FROM {_TABLE} c
    JOIN people_person p ON p.nik = c.nik
    JOIN people_lifeevent e ON e.person_id = p.id AND e.kind = 'death' AND NOT e.void
   WHERE NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = e.id)
  UNION ALL
  SELECT c.row, n.died_on FROM {_TABLE} c JOIN people_deathnotice n ON n.nik = c.nik
   WHERE NOT EXISTS (SELECT 1 FROM people_lifeevent e JOIN people_lifeevent l ON l.corrects_id = e.id AND l.void
                      WHERE e.person_id = n.person_id AND e.kind = 'death')) known
 GROUP BY row
"""
# Others who pay in the same period by decree, even where no month is paid yet.
_DECREED = f"""
SELECT c.row, min(y.name) FROM {_TABLE} c
  JOIN assistance_scheme s ON s.payer_id <> %(payer)s AND s.period && %(period)s
  JOIN assistance_proposalrow r ON r.scheme_id = s.id AND r.nik = c.nik AND r.status = 'accepted'
  JOIN assistance_decreeline l ON l.row_id = r.id
  JOIN assistance_decreedecision d ON d.decree_id = l.decree_id AND d.outcome = 'approved'
  JOIN payers_payer y ON y.id = s.payer_id
 GROUP BY c.row
"""

# Others who are charged for a month of the period that is not over, whether paid yet or not.
_CHARGED = f"""
SELECT c.row, min(y.name), CASE WHEN m.segment = 'PU' THEN 'covered_by_employer' WHEN y.kind = 'self'
       THEN 'self_paying' ELSE 'other_sponsor' END AS code
  FROM {_TABLE} c
  JOIN people_person p ON p.nik = c.nik
  JOIN contributions_personmonth m ON m.person_id = p.id AND m.payer_id <> %(payer)s
   AND m.month >= %(from)s AND m.month < upper(%(period)s)
  JOIN payers_payer y ON y.id = m.payer_id
 GROUP BY c.row, code, m.month, m.job, m.payer_id HAVING sum(m.jkk + m.jkm) > 0
"""


@dataclass(frozen=True)
class Matches:
    """`codes`: row, id, status, row_code of the row a code stands for; `accepted`: row, row_code of the accepted row
    with the same NIK; `persons`: row, person_id; `findings` as in `columns`."""

    codes: pl.DataFrame
    accepted: pl.DataFrame
    persons: pl.DataFrame
    findings: pl.DataFrame


def match(frame: pl.DataFrame, scheme: Scheme, sender_key: int, on: date) -> Matches:
    """Ask the database about the rows. Needs a scope over the whole country and an open transaction."""
    asked = frame.select(pl.col("row").cast(pl.Int64), pl.when("nik_ok").then("nik").alias("nik"), "row_code")
    values: dict[str, Any] = {
        "scheme": scheme.pk, "payer": scheme.payer_id, "period": scheme.period,
        "from": max(month_of(on), scheme.period.lower), "first": sender_key, "last": last_key(sender_key),
    }  # fmt: skip
    row: dict[str, Any] = {"row": pl.UInt32}
    with loaded(asked, _TABLE, _COLUMNS) as cursor:
        codes = _ask(cursor, _CODES, values, row | {"id": pl.Int64, "status": pl.String, "row_code": pl.String})
        accepted = _ask(cursor, _ACCEPTED, values, row | {"row_code": pl.String})
        persons = _ask(cursor, _PERSONS, values, row | {"person_id": pl.Int64})
        deaths = _ask(cursor, _DEATHS, values, row | {"died_on": pl.Date})
        decreed = _ask(cursor, _DECREED, values, row | {"payer": pl.String})
        charged = _ask(cursor, _CHARGED, values, row | {"payer": pl.String, "code": pl.String})
    findings = [
        _finding(
            deaths, "deceased", pl.col("died_on").map_elements(long_date, return_dtype=pl.String)
        ),
        _finding(decreed, "other_sponsor", pl.col("payer")),
        *(
            _finding(charged.filter(pl.col("code") == code), code, pl.col("payer"))
            for code in ("covered_by_employer", "other_sponsor", "self_paying")
        ),
        *_covered(persons, scheme, on),
    ]  # fmt: skip
    return Matches(codes, accepted, persons, pl.concat(findings).unique(["row", "code"], keep="first"))


def _ask(cursor: CursorWrapper, statement: str, values: dict[str, Any], types: dict[str, Any]) -> pl.DataFrame:
    cursor.execute(statement, values)
    return fetch_frame(cursor, types)


def _covered(persons: pl.DataFrame, scheme: Scheme, on: date) -> list[pl.DataFrame]:
    """Those for whom somebody else pays. Whom the scheme's own payer covers is renewed, not refused."""
    if persons.is_empty():
        return []
    covers = covered_persons(persons["person_id"].unique().to_list(), on).filter(
        pl.col("status").is_in(["active", "grace"]) & (pl.col("payer_id") != scheme.payer_id)
    )
    payers = covers["payer_id"].unique().to_list()
    selves = list(Payer.objects.filter(pk__in=payers, kind=Payer.Kind.SELF).values_list("pk", flat=True))
    rows = persons.join(covers, on="person_id").unique(["row", "segment", "payer_id"], maintain_order=True)
    employed, own = pl.col("segment") == "PU", pl.col("payer_id").is_in(selves)
    return [
        _finding(rows.filter(employed), "covered_by_employer", pl.col("payer_name")),
        _finding(rows.filter(~employed & ~own), "other_sponsor", pl.col("payer_name")),
        _finding(rows.filter(~employed & own), "self_paying", pl.lit("")),
    ]


def _finding(rows: pl.DataFrame, code: str, value: pl.Expr) -> pl.DataFrame:
    return rows.select(
        pl.col("row").cast(pl.UInt32), pl.lit(code).alias("code"), value.alias("value"), pl.lit("").alias("other"),
        pl.lit("").alias("limit"),
    ).cast(FINDING)  # fmt: skip
