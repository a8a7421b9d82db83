"""Dates and amounts in the cells of banks' and treasuries' lists."""

import re
from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from lindung.formats.amounts import read_amounts
from lindung.formats.values import as_text

_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_ALSO = {"peb": 2, "mrt": 3, "may": 5, "ags": 8, "agt": 8, "aug": 8, "oct": 10, "nop": 11, "dec": 12}
_MONTH_NUMBERS = {**{word: at for at, word in enumerate(_MONTHS, start=1)}, **_ALSO}
_TIME = re.compile(r"[ t]+\d{1,2}[:.]\d{2}([:.]\d{2})?.*$", re.IGNORECASE)
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_NO_YEAR = re.compile(r"^(\d{1,2})[-/](\d{1,2})$")
_ISO = re.compile(r"^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$")
_WORDED = re.compile(r"^(\d{1,2})[-/. ]?([a-z]{3})[a-z]*\.?[-/. ]?(\d{4}|\d{2})$")
_MARK = re.compile(r"\s*\b(cr|db|dr|k|d)\.?$", re.IGNORECASE)


def text_of(value: object) -> str:
    """A cell as one line of text; a leading apostrophe is a spreadsheet's, not the bank's."""
    return " ".join((as_text(value) or "").split()).removeprefix("'")


def date_of(value: object, year: int | None = None) -> date | None:
    """A date as Indonesian banks write it, day before month; never guessed the American way.

    "01/02" without a year takes `year`, the statement's period's.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _TIME.sub("", text_of(value).lower())
    if found := _DAY_FIRST.match(text):
        return _date(found[3], found[2], found[1])
    if found := _ISO.match(text):
        return _date(found[1], found[2], found[3])
    if (found := _WORDED.match(text)) and found[2] in _MONTH_NUMBERS:
        return _date(found[3], str(_MONTH_NUMBERS[found[2]]), found[1])
    if (found := _NO_YEAR.match(text)) and year is not None:
        return _date(str(year), found[2], found[1])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def mark_of(value: object) -> str:
    """ "C" or "D" out of CR, DB, K, D, Kredit, Debet; "" for anything else."""
    text = text_of(value).lower().rstrip(".")
    if text in ("c", "cr", "k", "kr", "kredit", "credit"):
        return "C"
    return "D" if text in ("d", "db", "dr", "debet", "debit") else ""


def split_mark(value: object) -> tuple[str, str]:
    """ "1,500.00 CR" as ("1,500.00", "C")."""
    text = text_of(value)
    found = _MARK.search(text)
    return (text[: found.start()], mark_of(found[1])) if found else (text, "")


def sen_of(values: Sequence[object], texts: Sequence[str]) -> list[int | None]:
    """Amounts in sen; None where blank or not readable. `values` says which cells held numbers."""
    numbers = pl.Series([type(value) in (int, float) for value in values], dtype=pl.Boolean)
    series = pl.Series(texts, dtype=pl.String)
    amounts, flags = read_amounts(series.set(series == "", None), numbers)
    return [
        None if amount is None or flag is not None else int(amount * 100)
        for amount, flag in zip(amounts, flags, strict=True)
    ]
