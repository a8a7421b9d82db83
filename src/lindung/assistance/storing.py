"""Keeping the checked rows (COPY, one INSERT) and writing the answer workbook."""

from __future__ import annotations

import json

import polars as pl

from lindung.assistance.checking import ACCEPTED, KNOWN, REJECTED, TO_FIX, Checked
from lindung.assistance.models import Proposal
from lindung.core.bulk import loaded
from lindung.formats.annotate import AnnotationColumn, Mark, annotate
from lindung.formats.proposals import ProposalSheet

CODE_TITLE, RESULT_TITLE, REASON_TITLE = "Kode Baris", "Hasil", "Alasan dan cara memperbaiki"
_RESULTS = {ACCEPTED: "Diterima", TO_FIX: "Perlu diperbaiki", REJECTED: "Ditolak", KNOWN: "Sudah diterima sebelumnya"}
_MARKS: dict[str, Mark] = {ACCEPTED: "ok", TO_FIX: "fix", REJECTED: "reject", KNOWN: "ok"}

# Text columns of the table: from which column of the list, and at most how long.
_TEXTS = {
    "nik": ("nik", 32), "name": ("name", 200), "name_key": ("name_key", 200), "birth_place": ("birth_place", 100),
    "sex": ("sex", 1), "mother_name": ("mother_name", 200), "phone": ("phone", 30), "occupation": ("occupation", 100),
}  # fmt: skip
_TABLE = "assistance_storing"
COLUMNS = {
    "row_no": "integer", "row_code": "text", "status": "text", "reason_codes": "text[]", "reasons": "jsonb",
    "raw": "jsonb", **dict.fromkeys(_TEXTS, "text"), "address": "text", "birth_date": "date", "place_id": "bigint",
    "person_id": "bigint", "corrects_id": "bigint",
}  # fmt: skip


def store(proposal: Proposal, sheet: ProposalSheet, checked: Checked) -> None:
    """Write all rows of a proposal. Needs an open transaction and a scope over the rows' places."""
    names = ", ".join(COLUMNS)
    with loaded(as_stored(sheet, checked), _TABLE, COLUMNS) as cursor:
        cursor.execute(
            f"INSERT INTO assistance_proposalrow (proposal_id, scheme_id, {names})"
            f" SELECT %s, %s, {names} FROM {_TABLE} ORDER BY row_no",
            [proposal.pk, proposal.scheme_id],
        )


def as_stored(sheet: ProposalSheet, checked: Checked) -> pl.DataFrame:
    """The rows in the columns of the table (COLUMNS)."""
    rows = checked.rows
    reasons = pl.DataFrame(
        [(row, json.dumps(told, ensure_ascii=False)) for row, told in checked.reasons.items()],
        schema={"row": pl.UInt32, "reasons": pl.String}, orient="row",
    )  # fmt: skip
    present = [name for name in sheet.columns if f"{name}_text" in rows.columns or name in rows.columns]
    as_written = [
        pl.col(f"{name}_text" if f"{name}_text" in sheet.frame.columns else name).alias(name) for name in present
    ]
    raw = sheet.frame.select(pl.struct(as_written).struct.json_encode().alias("raw")).to_series()
    return rows.with_columns(raw).join(reasons, on="row", how="left", maintain_order="left").select(
        pl.col("row").alias("row_no"), pl.col("new_code").alias("row_code"), "status",
        pl.format("{{{}}}", pl.col("reason_codes").list.join(",").fill_null("")).alias("reason_codes"),
        pl.col("reasons").fill_null("[]"), "raw",
        *(pl.col(source).fill_null("").str.slice(0, size).alias(name) for name, (source, size) in _TEXTS.items()),
        full_address().alias("address"), "birth_date", "place_id", "person_id", "corrects_id",
    )  # fmt: skip


def full_address() -> pl.Expr:
    """Street, RT and RW as one text."""
    rt, rw, both = (
        pl.lit(f"{label} ") + pl.col(name) for name, label in (("rt", "RT"), ("rw", "RW"), ("rt_rw", "RT/RW"))
    )
    return pl.concat_str("address", rt, rw, both, separator=", ", ignore_nulls=True).str.slice(0, 250)


def answer_workbook(content: bytes, sheet: ProposalSheet, checked: Checked) -> bytes:
    """The sender's own workbook with code, result and reasons beside every row."""
    numbers = checked.rows["row"].to_list()
    statuses = checked.rows["status"].to_list()
    codes = dict(zip(numbers, checked.rows["new_code"].to_list(), strict=True))
    results = {row: _RESULTS[status] for row, status in zip(numbers, statuses, strict=True)}
    marks = {row: _MARKS[status] for row, status in zip(numbers, statuses, strict=True)}
    reasons = dict.fromkeys(numbers, "") | {
        row: "\n".join(f"{told['message']} {told['way_out']}" for told in all_told)
        for row, all_told in checked.reasons.items()
    }
    return annotate(
        content, sheet.sheet, sheet.header_row,
        [
            AnnotationColumn(CODE_TITLE, codes, {}),
            AnnotationColumn(RESULT_TITLE, results, marks),
            AnnotationColumn(REASON_TITLE, reasons, marks),
        ],
    )  # fmt: skip
