"""JKP written a second time from the articles, slowly, in decimal: for comparison only."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NEW = date(2025, 2, 7)


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def by_month(wage: Decimal, approved: date) -> list[int]:
    """Six months of cash; a month that begins on or after 7 February 2025 is 60%."""
    base = min(wage, Decimal(5_000_000))
    amounts = []
    for number in range(1, 7):
        share = Decimal("0.6")
        if later(approved, number - 1) < NEW:
            share = Decimal("0.45") if number <= 3 else Decimal("0.25")
        amounts.append(int((base * share).quantize(Decimal(1), ROUND_HALF_UP)))
    return amounts


def claim_until(dismissed: date) -> date:
    """Three months, or six when the three were not over on 7 February 2025."""
    old = later(dismissed, 3)
    return old if old < NEW else later(dismissed, 6)


def allowed(
    dismissed: date,
    claimed: date | None,
    reason: str,
    in_24: int | None,
    in_a_row: int | None,
    claims: int,
    since_last: int | None,
) -> bool:
    """Every ground of refusal of Pasal 19, 20, 35 and 40, one after another."""
    if reason != "dismissal":
        return False
    if in_24 is not None and in_24 < 12:
        return False
    if dismissed < NEW and in_a_row is not None and in_a_row < 6:
        return False
    if claims >= 3 or (claims > 0 and since_last is not None and since_last < 60):
        return False
    return claimed is None or claimed <= claim_until(dismissed)


def employer_first(dismissed: date, arrears: int, closed: bool) -> bool:
    """Pasal 39 ayat (3), and 39A since PP 6/2025."""
    return arrears > (6 if closed and dismissed >= NEW else 3)
