"""Dates, figures and identity numbers as people read them, in the language of the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, override

from lindung.core.money import format_number

NOTHING = "–"

Given = ParamSpec("Given")
Made = TypeVar("Made")

_MONTHS_ID = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT_ID = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")

# (from how many rupiah, divisor, Indonesian word, English word)
_SCALES = (
    (10**12, 10**12, "triliun", "trillion"),
    (10**9, 10**9, "miliar", "billion"),
    (10**6, 10**6, "juta", "million"),
)


def is_english() -> bool:
    """Whether the screen is in English; every other language is written as Indonesian."""
    return (get_language() or "id").startswith("en")


def in_official_language(write: Callable[Given, Made]) -> Callable[Given, Made]:
    """Decorates what writes a document or a record: Indonesian, whatever the screen's language is."""

    @wraps(write)
    def written(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with override("id"):
            return write(*args, **kwargs)

    return written


def number(value: int) -> str:
    """5839 → `5.839` (English `5,839`)."""
    return f"{value:,}" if is_english() else format_number(value)


def rupiah(amount: int) -> str:
    """16800 → `Rp16.800` (English `Rp16,800`)."""
    return f"{'-' if amount < 0 else ''}Rp{number(abs(amount))}"


def decimal(value: Decimal, digits: int) -> str:
    """A decimal rounded half-up, with the decimal mark of the language; whole digits are grouped."""
    rounded = abs(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    whole, _, fraction = str(rounded).partition(".")
    sign = "-" if value < 0 and rounded else ""
    mark = "." if is_english() else ","
    return f"{sign}{number(int(whole))}{mark + fraction if fraction else ''}"


def rupiah_short(amount: int) -> str:
    """1342000000 → `Rp1,3 miliar`; below a million the full amount."""
    for start, divisor, indonesian, english in _SCALES:
        if abs(amount) >= start:
            short = decimal(Decimal(abs(amount)) / divisor, 1).removesuffix(",0").removesuffix(".0")
            return f"{'-' if amount < 0 else ''}Rp{short} {english if is_english() else indonesian}"
    return rupiah(amount)


def percent(ratio: float | Decimal, digits: int = 1) -> str:
    """0.214 → `21,4%`."""
    return f"{decimal(Decimal(str(ratio)) * 100, digits)}%"


def month_name(month: int) -> str:
    """3 → `Maret` (English `March`)."""
    return (_MONTHS_EN if is_english() else _MONTHS_ID)[month - 1]


def month_short_name(month: int) -> str:
    """8 → `Agu` (English `Aug`)."""
    return _MONTHS_EN[month - 1][:3] if is_english() else _SHORT_ID[month - 1]


def long_date(day: date) -> str:
    """`12 Maret 2025`."""
    return f"{day.day} {month_name(day.month)} {day.year}"


def short_date(day: date) -> str:
    """`12 Mar 2025`."""
    return f"{day.day} {month_short_name(day.month)} {day.year}"


def long_month(month: date) -> str:
    """`Maret 2025`."""
    return f"{month_name(month.month)} {month.year}"


def short_month(month: date) -> str:
    """`Mar 2025`."""
    return f"{month_short_name(month.month)} {month.year}"


def moment(when: datetime) -> str:
    """`12 Maret 2025 pukul 14.05`, in the regency's time zone."""
    local = when.astimezone(ZoneInfo(settings.TIME_ZONE)) if when.tzinfo else when
    hour = f"{local:%H:%M}" if is_english() else f"{local:%H.%M}"
    return gettext("%(date)s pukul %(time)s") % {"date": long_date(local), "time": hour}


def mask_nik(nik: str) -> str:
    """Keeps the region and the last four digits: `6112********0001`. Anything not 16 long is hidden whole."""
    return f"{nik[:4]}{'*' * 8}{nik[-4:]}" if len(nik) == 16 else "*" * len(nik)


def days_left(days: int) -> str:
    """3 → `3 hari lagi`, 0 → `hari ini`, -2 → `lewat 2 hari`."""
    if days == 0:
        return gettext("hari ini")
    if days > 0:
        return ngettext("%(days)s hari lagi", "%(days)s hari lagi", days) % {"days": number(days)}
    return ngettext("lewat %(days)s hari", "lewat %(days)s hari", -days) % {"days": number(-days)}


def as_of_line(as_of: date | None, source: str | None) -> str:
    """`Data per 27 Februari 2026 · sumber buku iuran`; empty when neither is known."""
    parts = []
    if as_of:
        parts.append(gettext("Data per %(date)s") % {"date": long_date(as_of)})
    if source:
        parts.append(gettext("sumber %(source)s") % {"source": source})
    return " · ".join(parts)


def figure(value: object, kind: str = "number") -> str:
    """A value in the kind a figure or chart names: number, rupiah, percent or text. None is a dash."""
    if value is None or value == "":
        return NOTHING
    if kind == "rupiah" and isinstance(value, int):
        return rupiah(value)
    if kind == "percent" and isinstance(value, int | float | Decimal):
        return percent(value)
    if kind == "number" and isinstance(value, int):
        return number(value)
    if kind == "number" and isinstance(value, float | Decimal):
        return decimal(Decimal(str(value)), 1)
    return str(value)
