"""Amounts of money as offices and banks write them, to exact decimals; whole columns at a time (polars)."""

import polars as pl

SEN = 2
AMOUNT = pl.Decimal(18, SEN)
AMOUNT_DIGITS = 15  # before the decimal sign: a thousand times the country's yearly product
_UNIT = r"^(?:rp|idr)\.?|[\s\u00a0'’]|[.,]-+$"
_INDONESIAN = r"^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$"
_ENGLISH = r"^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$"
# One separator and not three digits after it can only be a decimal sign; with three it is taken as grouping.
_PLAIN = r"^\d+(?:[.,](?:\d{1,2}|\d{4,}))?$"


def amount_columns(text: str, is_number: str | None, name: str) -> list[pl.Expr]:
    """`<name>`: rupiah with two decimals; `<name>_flag`: null, `kosong`, `tidak_terbaca` or `dibulatkan`.

    Reads 5000000, 5.000.000, 5.000.000,50, 5,000,000.50, Rp 5.000.000,-, (500) and -500 (negative).
    `is_number` names the column that is true where the cell held a number: there a point is always the
    decimal sign. Fractions of a sen are rounded half up and flagged; "1234,567" could mean two things and
    is not read.
    """
    lowered = pl.col(text).str.to_lowercase().str.replace_all(_UNIT, "").str.replace_all(_UNIT, "")
    bracketed = lowered.str.contains(r"^\(.*\)$")
    negative = bracketed | lowered.str.contains(r"^-")
    digits = lowered.str.replace_all(r"^[-+(]+|\)$", "")
    written = (
        pl.when(digits.str.contains(_INDONESIAN)).then(digits.str.replace_all(".", "", literal=True))
        .when(digits.str.contains(_ENGLISH)).then(digits.str.replace_all(",", "", literal=True))
        .when(digits.str.contains(_PLAIN)).then(digits)
        .str.replace(",", ".", literal=True)
    )  # fmt: skip
    if is_number is not None:
        of_cell = pl.when(digits.str.contains(r"^\d+(?:\.\d+)?$")).then(digits)
        written = pl.when(pl.col(is_number)).then(of_cell).otherwise(written)
    written = pl.when(written.str.contains(rf"^\d{{1,{AMOUNT_DIGITS}}}(?:\.|$)")).then(written)
    exact = written.str.to_decimal(scale=6)
    value = exact.round(SEN, mode="half_away_from_zero")
    flag = (
        pl.when(pl.col(text).is_null()).then(pl.lit("kosong"))
        .when(written.is_null()).then(pl.lit("tidak_terbaca"))
        .when(exact != value).then(pl.lit("dibulatkan"))
    )  # fmt: skip
    return [pl.when(negative).then(-value).otherwise(value).cast(AMOUNT).alias(name), flag.alias(f"{name}_flag")]
