"""JKM written a second time from the articles, slowly: for comparison only."""

from __future__ import annotations

from datetime import date

NEW_AMOUNTS = date(2019, 12, 2)
FIRST_MONTHS = date(2025, 2, 24)


def parts_of(on: date) -> dict[str, int]:
    """Pasal 34 ayat (1) huruf a, b, c, of PP 44/2015 and of PP 82/2019."""
    if on < NEW_AMOUNTS:
        return {"death": 16_200_000, "periodic": 24 * 200_000, "funeral": 3_000_000}
    return {"death": 20_000_000, "periodic": 24 * 500_000, "funeral": 10_000_000}


def too_early(on: date, segment: str, months_paid: int, death_month: int | None) -> bool:
    """Permenaker 1/2025: fewer than three contributions in a row, or the third month not begun; BPU only."""
    if segment == "PU" or on < FIRST_MONTHS:
        return False
    return months_paid < 3 or (death_month is not None and death_month < 3)


def jkm(
    on: date, segment: str, months_paid: int, death_month: int | None, funeral_paid: bool, cover: str, settled: bool
) -> dict[str, int | bool]:
    """What the heirs have a right to, what BPJS pays at once, and what follows the arrears (Pasal 41-42)."""
    due = parts_of(on)
    if too_early(on, segment, months_paid, death_month):
        due |= {"death": 0, "periodic": 0}
    if funeral_paid:
        due["funeral"] = 0
    if segment == "BPU" and cover == "inactive":  # Pasal 42 ayat (2): no right at all
        due = dict.fromkeys(due, 0)
    total = sum(due.values())
    now = total
    if segment == "BPU" and cover == "grace" and not settled:  # Pasal 42 ayat (1): the funeral at once
        now = due["funeral"]
    if segment == "PU" and cover == "inactive":  # Pasal 41 ayat (2)-(3): the employer first
        now = 0
    asked_to_decide = segment == "BPU" and on >= FIRST_MONTHS and death_month == 3
    return due | {"total": total, "payable_now": now, "after_arrears": total - now, "border_case": asked_to_decide}
