"""Values as offices write them, to values as we keep them; whole columns at a time (polars)."""

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

# Excel counts days from here (1900 taken as a leap year, as Lotus did).
EXCEL_EPOCH = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 3_654, 54_789  # 1 January 1910 .. 31 December 2049
# A year of two digits up to this one is taken as 20xx; such dates are flagged either way.
TWO_DIGIT_PIVOT = 25
EXACT_DIGITS = 15  # Excel keeps 15 significant digits; the sixteenth of an NIK becomes 0

_MONTH_WORDS = {
    "januari": 1, "jan": 1, "january": 1, "februari": 2, "pebruari": 2, "feb": 2, "peb": 2, "february": 2,
    "maret": 3, "mar": 3, "mrt": 3, "march": 3, "april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6, "jun": 6,
    "june": 6, "juli": 7, "jul": 7, "july": 7, "agustus": 8, "agt": 8, "ags": 8, "agu": 8, "aug": 8,
    "august": 8, "september": 9, "sep": 9, "sept": 9, "oktober": 10, "okt": 10, "oct": 10, "october": 10,
    "november": 11, "nopember": 11, "nov": 11, "nop": 11, "desember": 12, "des": 12, "dec": 12,
    "december": 12,
}  # fmt: skip

_EDGE = r"^[\s\u00a0\u200b\ufeff]+|[\s\u00a0\u200b\ufeff]+$"


def as_text(value: object) -> str | None:
    """A cell as text: whole numbers without ".0", dates as ISO, blank as None."""
    if type(value) is str:
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "BENAR" if value else "SALAH"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def text_series(name: str, values: Sequence[object]) -> pl.Series:
    """A column as text, outer blanks removed, empty cells null."""
    try:  # most columns of most lists hold texts and nothing else
        series = pl.Series(name, values, dtype=pl.String)
    except TypeError:
        series = pl.Series(name, [as_text(value) for value in values], dtype=pl.String)
    trimmed = series.str.replace_all(_EDGE, "")
    return trimmed.set(trimmed == "", None)


def number_mask(name: str, values: Sequence[object]) -> pl.Series:
    """True where the cell holds a number rather than a text."""
    return pl.Series(name, [type(value) in (float, int) for value in values], dtype=pl.Boolean)


def nik_columns(text: str, is_number: str) -> list[pl.Expr]:
    """`nik` (separators removed, nothing else changed) and its two flags.

    `nik_as_number`: the cell is a number. `nik_lost_digits`: the last digits are no longer what was
    typed (a number of 16 digits, or scientific notation such as 6,11203E+15).
    """
    cleaned = pl.col(text).str.replace_all(r"[\s'’`.\-\u00a0]", "")
    scientific = pl.col(text).str.contains(r"^\d([.,]\d+)?[eE]\+?\d+$")
    return [
        pl.when(scientific).then(pl.col(text)).otherwise(cleaned).alias("nik"),
        pl.col(is_number).alias("nik_as_number"),
        (scientific | (pl.col(is_number) & (cleaned.str.len_chars() > EXACT_DIGITS)))
        .fill_null(False)
        .alias("nik_lost_digits"),
    ]


def sex_column(text: str) -> pl.Expr:
    """ "L" or "P"; null when blank or not understood."""
    key = pl.col(text).str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
    return (
        pl.when(key.is_in(["l", "lk", "lakilaki", "laki", "pria", "male", "m", "laki2", "1"]))
        .then(pl.lit("L"))
        .when(key.is_in(["p", "pr", "perempuan", "wanita", "female", "f", "2"]))
        .then(pl.lit("P"))
        .alias("sex")
    )


def date_columns(text: str, name: str) -> list[pl.Expr]:
    """`<name>` as a date and `<name>_flag`: null, `kosong`, `tidak_terbaca` or `meragukan`.

    Reads 12-03-1985, 12/3/85, 12.03.1985, 12031985, 12 Maret 1985, 12-Mar-1985, 1985-03-12 and Excel
    serial numbers. Day before month, as written here; a month above 12 is read as American and
    flagged `meragukan`, as is a year of two digits.
    """
    lowered = pl.col(text).str.to_lowercase().str.replace(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "")
    day_first = lowered.str.extract_groups(r"^(\d{1,2})\s*[-/., ]\s*(\d{1,2})\s*[-/., ]\s*(\d{4}|\d{2})$")
    iso = lowered.str.extract_groups(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
    worded = lowered.str.extract_groups(r"^(\d{1,2})\s*[-/., ]?\s*([a-z]+)\s*[-/., ]?\s*(\d{4}|\d{2})$")
    packed = lowered.str.extract_groups(r"^(\d{2})(\d{2})(\d{4})$")
    serial = lowered.str.extract(r"^(\d{4,5})(?:\.\d+)?$").cast(pl.Int32, strict=False)
    is_serial = serial.is_between(FIRST_SERIAL, LAST_SERIAL)

    def part(groups: pl.Expr, index: int) -> pl.Expr:
        return groups.struct.field(str(index)).cast(pl.Int32, strict=False)

    month_word = worded.struct.field("2").replace_strict(_MONTH_WORDS, default=None, return_dtype=pl.Int32)
    year = pl.coalesce(part(iso, 1), part(day_first, 3), part(worded, 3), part(packed, 3))
    full_year = pl.when(year >= 100).then(year).when(year <= TWO_DIGIT_PIVOT).then(year + 2000).otherwise(year + 1900)
    middle = pl.coalesce(part(iso, 2), part(day_first, 2), month_word, part(packed, 2))
    first = pl.coalesce(part(iso, 3), part(day_first, 1), part(worded, 1), part(packed, 1))
    american = (middle > 12) & (first <= 12) & part(iso, 1).is_null()
    month = pl.when(american).then(first).otherwise(middle)
    day = pl.when(american).then(middle).otherwise(first)
    written = (
        pl.format("{}-{}-{}", full_year, month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2))
        .str.to_date("%Y-%m-%d", strict=False)
    )  # fmt: skip
    from_serial = pl.lit(EXCEL_EPOCH) + pl.duration(days=pl.when(is_serial).then(serial))
    value = pl.when(is_serial).then(from_serial).otherwise(written).cast(pl.Date)
    flag = (
        pl.when(pl.col(text).is_null()).then(pl.lit("kosong"))
        .when(value.is_null()).then(pl.lit("tidak_terbaca"))
        .when((~is_serial.fill_null(False)) & (american | (year < 100))).then(pl.lit("meragukan"))
    )  # fmt: skip
    return [value.alias(name), flag.alias(f"{name}_flag")]
