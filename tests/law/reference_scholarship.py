"""Scholarships written a second time from the articles, school year by school year: for comparison only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

CHANGED = date(2019, 12, 2)
LEVELS = {
    "tk": (Decimal("1500000"), 2),
    "sd": (Decimal("1500000"), 6),
    "smp": (Decimal("2000000"), 3),
    "sma": (Decimal("3000000"), 3),
    "university": (Decimal("12000000"), 5),
}


def school_years(child: dict[str, object]) -> list[Decimal]:
    """What one child receives in each year to come, one school year after another."""
    if child.get("married_or_working"):
        return []
    years: list[Decimal] = []
    for level, (amount, most) in LEVELS.items():
        years += [amount] * min(child["remaining"].get(level, 0), most)  # type: ignore[attr-defined]
    age = child.get("age")
    return years if age is None else years[: max(0, 23 - age)]  # type: ignore[operator]


def scholarship(on: date, cause: str, months: int, children: list[dict[str, object]]) -> dict[str, object]:
    """Entitlement of each child and the sum paid in each year."""
    amounts: list[int] = [0] * len(children)
    if on < CHANGED:
        at_school = [i for i, child in enumerate(children) if any(child["remaining"].values())]  # type: ignore[attr-defined]
        if at_school and (cause == "work" or months >= 60):
            amounts[at_school[0]] = 12_000_000
        return {"total_max": sum(amounts), "children": amounts, "by_year": [12_000_000] if sum(amounts) else []}
    if cause != "work" and months < 36:
        return {"total_max": 0, "children": amounts, "by_year": []}
    schooling = [school_years(child) for child in children]
    order = sorted(range(len(children)), key=lambda i: (-sum(schooling[i]), i))
    by_year: list[int] = []
    for i in order[:2]:
        amounts[i] = int(sum(schooling[i]))
        for year, amount in enumerate(schooling[i]):
            if year == len(by_year):
                by_year.append(0)
            by_year[year] += int(amount)
    return {"total_max": sum(amounts), "children": amounts, "by_year": by_year}


def payment(on: date, level: str, asked: int) -> int:
    """One claim: this school year and at most three before it, never more than the level has."""
    amount, most = LEVELS[level]
    return 0 if on < CHANGED else int(amount * min(asked, 4, most))
