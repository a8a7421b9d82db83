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
_FITS = rf"^\d{{1,{AMOUNT_DIGITS}}}(?:\.|$)"


def read_amounts(text: pl.Series, is_number: pl.Series | None = None) -> tuple[pl.Series, pl.Series]:
    """Rupiah with two decimals, and for each a flag: null, `kosong`, `tidak_terbaca` or `dibulatkan`.

    Reads 5000000, 5.000.000, 5.000.000,50, 5,000,000.50, Rp 5.000.000,-, (500) and -500 (negative).
    `is_number` is true where the cell held a number: there a point is always the decimal sign. Fractions
    of a sen are rounded half up and flagged; "1234,567" could mean two things and is not read.
    """
    frame = pl.DataFrame({"text": text}).with_columns(number=pl.lit(False) if is_number is None else is_number)
    values = frame.unique()
    for stage in _STAGES:
        values = values.with_columns(stage)
    read = frame.join(values, on=["text", "number"], how="left", nulls_equal=True, maintain_order="left")
    return read["value"], read["flag"]


_text = pl.col("text").str.to_lowercase().str.replace_all(_UNIT, "").str.replace_all(_UNIT, "")
_STAGES: tuple[list[pl.Expr], ...] = (  # one after the other: each rests on the one before
    [_text.alias("lowered")],
    [
        pl.col("lowered").str.contains(r"^(?:-|\(.*\)$)").alias("negative"),
        pl.col("lowered").str.replace_all(r"^[-+(]+|\)$", "").alias("digits"),
    ],
    [
        pl.when(pl.col("number") & pl.col("digits").str.contains(r"^\d+(?:\.\d+)?$")).then("digits")
        .when("number").then(None)
        .when(pl.col("digits").str.contains(_INDONESIAN)).then(pl.col("digits").str.replace_all(".", "", literal=True))
        .when(pl.col("digits").str.contains(_ENGLISH)).then(pl.col("digits").str.replace_all(",", "", literal=True))
        .when(pl.col("digits").str.contains(_PLAIN)).then("digits")
        .str.replace(",", ".", literal=True)
        .alias("written")
    ],
    [pl.when(pl.col("written").str.contains(_FITS)).then("written").str.to_decimal(scale=6).alias("exact")],
    [pl.col("exact").round(SEN, mode="half_away_from_zero").alias("rounded")],
    [
        pl.when("negative").then(-pl.col("rounded")).otherwise("rounded").cast(AMOUNT).alias("value"),
        pl.when(pl.col("text").is_null()).then(pl.lit("kosong"))
        .when(pl.col("exact").is_null()).then(pl.lit("tidak_terbaca"))
        .when(pl.col("exact") != pl.col("rounded")).then(pl.lit("dibulatkan"))
        .alias("flag"),
    ],
)  # fmt: skip
