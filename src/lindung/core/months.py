"""Months are dates on the first of the month inside, `YYYY-MM` outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lindung.core.errors import InvalidInput


def month_of(day: date) -> date:
    """The month a day lies in."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """`month` moved by `count` months, on the first."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """How many months `last` lies after `first` (0 in the same month)."""
    return (last.year - first.year) * 12 + last.month - first.month


def last_day(month: date) -> date:
    """The last day of the month."""
    return add_months(month, 1) - timedelta(days=1)


def month_range(first: date, last: date) -> Iterator[date]:
    """Every month from `first` to `last`, both included."""
    for offset in range(months_between(first, last) + 1):
        yield add_months(month_of(first), offset)


def parse_month(text: str) -> date:
    """`2026-03` → 1 March 2026. Raises InvalidInput."""
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise InvalidInput(
            "month_format", _("Bulan «%(text)s» tidak terbaca. Tulis seperti 2026-03.") % {"text": text}
        ) from error


def format_month(month: date) -> str:
    """1 March 2026 → `2026-03`."""
    return f"{month:%Y-%m}"
