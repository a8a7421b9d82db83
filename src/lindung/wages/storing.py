"""Rows into the database and back: COPY, one INSERT; one SELECT."""

from __future__ import annotations

import json
from collections.abc import Collection

import polars as pl
from django.db import connection

from lindung.core.bulk import fetch_frame, loaded
from lindung.wages.checking import Checked
from lindung.wages.models import WageReport
from lindung.wages.preparing import CANONICAL, as_written

_TABLE = "checked_rows"
COLUMNS = {
    "row_no": "integer", "outcome": "text", "reason_codes": "text[]", "reasons": "jsonb", "data": "jsonb",
    "corrects_id": "bigint",
}  # fmt: skip
_STORED = pl.Struct(dict.fromkeys((*CANONICAL, "formulas"), pl.String) | {"nik_lost_digits": pl.Boolean})
_DECODED_AT_ONCE = 10_000
# Rows that stand: not mended since by another.
STANDING = "NOT EXISTS (SELECT 1 FROM wages_wagereportrow later WHERE later.corrects_id = r.id)"


def store(report: WageReport, written: pl.DataFrame, checked: Checked, by: str, corrects: int | None = None) -> None:
    """Write checked rows of a report, then its counts."""
    names = ", ".join(COLUMNS)
    with loaded(_as_stored(written, checked, corrects), _TABLE, COLUMNS, joined_on=()) as cursor:
        cursor.execute(
            f"INSERT INTO wages_wagereportrow (report_id, payer_id, place_id, written_by, {names})"
            f" SELECT %s, %s, %s, %s, {names} FROM {_TABLE} ORDER BY row_no",
            [report.pk, report.payer_id, report.place_id, by],
        )
        cursor.execute(
            f"""
            SELECT count(*), count(*) FILTER (WHERE outcome = 'accepted'),
                   count(*) FILTER (WHERE outcome = 'accepted' AND reason_codes <> '{{}}'),
                   count(*) FILTER (WHERE outcome = 'to_fix'), count(*) FILTER (WHERE outcome = 'rejected')
              FROM wages_wagereportrow r WHERE report_id = %s AND {STANDING}
            """,
            [report.pk],
        )
        counts = cursor.fetchone()
    (
        report.rows_received, report.rows_accepted, report.rows_warned, report.rows_to_fix, report.rows_rejected,
    ) = counts  # fmt: skip


def _as_stored(written: pl.DataFrame, checked: Checked, corrects: int | None) -> pl.DataFrame:
    filled = _filled(written)
    told = pl.DataFrame(
        [(row_no, json.dumps(reasons, ensure_ascii=False)) for row_no, reasons in checked.reasons.items()],
        schema={"row_no": pl.Int64, "reasons": pl.String}, orient="row",
    )  # fmt: skip
    data = written.select("row_no", pl.struct(filled).struct.json_encode().alias("data"))
    return (
        checked.rows.join(data, on="row_no", how="left", maintain_order="left")
        .join(told, on="row_no", how="left", maintain_order="left")
        .select(
            "row_no",
            "outcome",
            pl.format("{{{}}}", pl.col("reason_codes").list.join(",")).alias("reason_codes"),
            pl.col("reasons").fill_null("[]"),
            "data",
            pl.lit(corrects, dtype=pl.Int64).alias("corrects_id"),
        )
    )


def _filled(written: pl.DataFrame) -> list[str]:
    """The columns in which any row says something; the name at least."""
    said = [name for name in (*CANONICAL, "formulas") if written[name].null_count() < written.height]
    lost = ["nik_lost_digits"] if written["nik_lost_digits"].any() else []
    return [*said, *lost] or ["name"]


def stored_rows(report_id: int, outcomes: Collection[str], after: int = 0) -> pl.DataFrame:
    """The standing rows of a report with these outcomes, as written, with their ids; only those with a later id than
    `after`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.id, r.row_no, r.data::text FROM wages_wagereportrow r
             WHERE r.report_id = %s AND r.outcome = ANY(%s) AND r.id > %s AND {STANDING} ORDER BY r.id
            """,
            [report_id, list(outcomes), after],
        )
        frame = fetch_frame(cursor, {"row_id": pl.Int64, "row_no": pl.Int64, "data": pl.String})
    return as_written(_cells(frame)).with_columns(frame["row_id"])


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns out of `data`, beside `row_no`. A part at a time: the parser needs many times its text's room."""
    parts = [
        part.select("row_no", pl.col("data").str.json_decode(_STORED)).unnest("data")
        for part in (frame.iter_slices(_DECODED_AT_ONCE) if frame.height else [frame])
    ]
    return pl.concat(parts)
