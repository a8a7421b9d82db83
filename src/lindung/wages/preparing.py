"""A report's rows from text to values, whole columns at a time. Knows no database."""

from __future__ import annotations

import polars as pl

from lindung.formats.sipp import SippTable
from lindung.formats.sipp.columns import LABELS
from lindung.formats.values import date_columns, sex_column
from lindung.people.names import name_keys

# The canonical columns of all three files, every value as written.
CANONICAL = (
    "employee_no", "nik", "kpj", "id_type", "name", "birth_place", "birth_date", "mother_name", "sex", "phone",
    "email", "address", "postal_code", "wage", "wage_kind", "days", "location", "employment_status", "started_on",
    "contract_end", "npwp", "country", "reason", "left_on", "month", "npp", "back_pay",
)  # fmt: skip
DATES = ("birth_date", "started_on", "contract_end", "left_on")
KTP, PASSPORT = "KTP", "PASSPORT"
INDONESIA = "ID"
NEVER_ENDS = 3000  # the year that stands for «for life» in the official workbooks
_WAGE_KINDS = {
    "": "monthly", "monthly": "monthly", "bulanan": "monthly", "bulan": "monthly", "daily": "daily", "harian": "daily",
    "hari": "daily", "piece": "piece", "borongan": "piece", "satuan": "piece",
}  # fmt: skip


def as_written(frame: pl.DataFrame) -> pl.DataFrame:
    """`row_no` and every canonical column as trimmed text, null where it is blank or missing; which numbers lost digits
    to a spreadsheet (`nik_lost_digits`), and which columns are formulas (`formulas`)."""
    lost = pl.col("nik_lost_digits").fill_null(False) if "nik_lost_digits" in frame.columns else pl.lit(False)
    formulas = pl.col("formulas") if "formulas" in frame.columns else pl.lit(None, dtype=pl.String)
    return frame.select(
        pl.col("row_no").cast(pl.Int64),
        *(_as_text(frame, name).alias(name) for name in CANONICAL),
        lost.alias("nik_lost_digits"),
        formulas.alias("formulas"),
    )


def from_sipp(table: SippTable) -> pl.DataFrame:
    """A workbook's rows as written: what its reader could not make out stands in its cell again."""
    rows = table.rows.with_columns(pl.col(pl.Decimal).cast(pl.String), pl.col("row_no").cast(pl.Int64))
    if "id_number" in rows.columns:
        rows = rows.with_columns(pl.coalesce("id_number", "nik").alias("nik"))
    problems = table.problems.with_columns(pl.col("row_no").cast(pl.Int64))
    unread = problems.filter(pl.col("code").is_in(["tidak_terbaca", "kode_tidak_dikenal", "meragukan"]))
    for (field,), cells in unread.partition_by("field", as_dict=True).items():
        if field in rows.columns:
            raw = cells.select("row_no", pl.col("value").alias("raw")).unique("row_no", keep="first")
            rows = rows.join(raw, on="row_no", how="left", maintain_order="left").with_columns(
                _texts(rows.schema[field], field).alias(field)
            )
            rows = rows.with_columns(pl.coalesce("raw", field).alias(field)).drop("raw")
    lost = problems.filter((pl.col("code") == "angka_hilang") & (pl.col("field") == "id_number"))["row_no"]
    formulas = problems.filter(pl.col("code") == "rumus").group_by("row_no").agg(
        pl.col("field").replace(dict(LABELS)).sort().str.join(", ").alias("formulas")
    )  # fmt: skip
    rows = rows.join(formulas, on="row_no", how="left", maintain_order="left")
    return as_written(rows.with_columns(pl.col("row_no").is_in(lost.implode()).alias("nik_lost_digits")))


def _texts(kind: pl.DataType, name: str) -> pl.Expr:
    return pl.col(name).dt.strftime("%d-%m-%Y") if kind == pl.Date else pl.col(name).cast(pl.String)


def _as_text(frame: pl.DataFrame, name: str) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, dtype=pl.String)
    trimmed = _texts(frame.schema[name], name).str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)


def prepare(written: pl.DataFrame) -> pl.DataFrame:
    """`as_written` with values beside the texts: dates (`<name>_on` and flag), `wage_sen`, `sex_code`, name key …"""
    rows = written.with_columns(pl.col(name).alias(f"{name}_text") for name in DATES)
    for name in DATES:  # each different text is read once: there are a few thousand days
        text = f"{name}_text"
        days = rows.select(pl.col(text).unique()).with_columns(date_columns(text, name))
        rows = rows.drop(name).join(days, on=text, how="left", nulls_equal=True, maintain_order="left")
    key = pl.col("wage_kind").fill_null("").str.to_lowercase()
    id_type = pl.col("id_type").fill_null(KTP).str.to_uppercase().str.replace_all(r"[^A-Z]", "")
    rows = rows.with_columns(
        pl.when(pl.col("contract_end").dt.year() < NEVER_ENDS).then("contract_end").alias("contract_end"),
        name_keys(rows["name"]).alias("name_key"),
        sex_column("sex").alias("sex_code"),
        pl.col("kpj").str.replace_all(r"\D", ""),
        wage_in_sen("wage").alias("wage_sen"),
        _month().alias("month_on"),
        key.replace_strict(_WAGE_KINDS, default=None, return_dtype=pl.String).alias("wage_kind_code"),
        pl.when(id_type.is_in(["KTP", "NIK", "EKTP"])).then(pl.lit(KTP))
        .when(id_type.is_in(["PASSPORT", "PASPOR", "PASSPOR"])).then(pl.lit(PASSPORT)).alias("id_kind"),
        pl.col("country").fill_null("").str.to_uppercase().str.replace_all(r"[^A-Z]", "").str.slice(0, 2)
        .alias("country_code"),
        pl.col("employment_status").str.to_uppercase().str.replace_all(r"[^A-Z]", "").alias("status_code"),
    )  # fmt: skip
    foreign = pl.col("id_kind") == PASSPORT
    cleaned = pl.col("nik").str.replace_all(r"[\s'’`.\-\u00a0]", "")
    return rows.with_columns(
        pl.when(foreign).then(cleaned.str.to_uppercase()).otherwise(cleaned).alias("nik"),
        pl.when(foreign | (pl.col("country_code") != "")).then("country_code").otherwise(pl.lit(INDONESIA))
        .alias("country_code"),
        foreign.fill_null(False).alias("foreign"),
    )  # fmt: skip


def _month() -> pl.Expr:
    """01-02-2026 (a date), 02-2026 or 2026-02, as the first of the month."""
    digits = pl.col("month").str.replace_all(r"\D", "").str.zfill(6)
    year_first = pl.col("month").str.contains(r"^(19|20)\d\d\D?\d\d(\D?\d\d)?$")
    last = digits.str.slice(-4, 4) + digits.str.slice(-6, 2)
    parts = pl.when(year_first).then(digits.str.slice(0, 6)).otherwise(last)
    return (parts + "01").str.to_date("%Y%m%d", strict=False)


def wage_in_sen(name: str) -> pl.Expr:
    """A wage as offices write it, in sen; null where it cannot be read.

    3100000 · 3.100.000 · 3,100,000 · Rp 3.100.000,00 · 2646878.64 · 2.646.878,64. Three digits after a single point or
    comma are thousands, as written here."""
    text = pl.col(name).str.to_lowercase().str.replace_all(r"rp\.?|idr|[\s\u00a0]|,-$|,--$", "")
    dotted = r"^-?\d{1,3}(\.\d{3})+(,\d{1,2})?$"
    comma = r"^-?\d{1,3}(,\d{3})+(\.\d{1,2})?$"
    plain = r"^-?\d+([.,]\d+)?$"
    normal = (
        pl.when(text.str.contains(dotted)).then(text.str.replace_all(r"\.", "").str.replace(",", "."))
        .when(text.str.contains(comma)).then(text.str.replace_all(",", ""))
        .when(text.str.contains(plain)).then(text.str.replace(",", "."))
    )  # fmt: skip
    parts = normal.str.extract_groups(r"^(-?)(\d{1,13})(?:\.(\d+))?$")
    whole = parts.struct.field("2").cast(pl.Int64, strict=False) * 100
    # To the nearest sen: a spreadsheet writes 2646878.64 as 2646878.6400000001.
    thousandths = (parts.struct.field("3").fill_null("") + "000").str.slice(0, 3).cast(pl.Int64, strict=False)
    sen = whole + (thousandths + 5) // 10
    return pl.when(parts.struct.field("1") == "-").then(-sen).otherwise(sen)


def rupiah_text(sen: pl.Expr) -> pl.Expr:
    """Sen as a number with two places, for COPY and JSON: 264687864 → 2646878.64."""
    return pl.concat_str((sen // 100).cast(pl.String), pl.lit("."), (sen % 100).cast(pl.String).str.zfill(2))
