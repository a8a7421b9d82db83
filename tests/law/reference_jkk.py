"""JKK and JKM cash written a second time from the articles, slowly, in decimal: for comparison only."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CHANGED = date(2019, 12, 2)
FIRST_MONTHS = date(2025, 2, 24)


def rupiah(amount: Decimal) -> int:
    """To the nearest rupiah, halves up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def periodic(on: date) -> int:
    """24 months of Rp200,000, or Rp500,000."""
    return 24 * (200_000 if on < CHANGED else 500_000)


def funeral(on: date) -> int:
    """Funeral grant of the day."""
    return 3_000_000 if on < CHANGED else 10_000_000


def lump_sum(on: date) -> int:
    """JKM lump sum of the day."""
    return 16_200_000 if on < CHANGED else 20_000_000


def death(on: date, wage: Decimal) -> dict[str, int]:
    """60% of 80 wages, not less than the JKM lump sum, with the periodic benefit and the funeral."""
    amount = max(rupiah(Decimal("0.60") * 80 * wage), lump_sum(on))
    parts = {"death": amount, "periodic": periodic(on), "funeral": funeral(on)}
    return parts | {"total": sum(parts.values())}


def total_disability(on: date, wage: Decimal) -> dict[str, int]:
    """70% of 80 wages, with the periodic benefit."""
    parts = {"lump_sum": rupiah(Decimal("0.70") * 80 * wage), "periodic": periodic(on)}
    return parts | {"total": sum(parts.values())}


def partial_disability(wage: Decimal, injuries: list[tuple[Decimal, Decimal]]) -> tuple[Decimal, int]:
    """Percentages of the table times function lost, added up to 70 at most; that share of 80 wages."""
    percent = min(sum((table * loss / 100 for table, loss in injuries), Decimal(0)), Decimal(70))
    return percent, rupiah(percent / 100 * 80 * wage)


def temporary(on: date, wage: Decimal, months: int) -> list[int]:
    """Six months, six more, and the rest."""
    shares = (100, 75, 50) if on < CHANGED else (100, 100, 50)
    return [rupiah(wage * shares[min(month // 6, 2)] / 100) for month in range(months)]


def jkm(on: date, segment: str, months_paid: int) -> dict[str, int]:
    """All three parts, or the funeral alone for BPU in the first months since 24 February 2025."""
    full = segment == "PU" or on < FIRST_MONTHS or months_paid >= 3
    parts = {
        "death": lump_sum(on) if full else 0,
        "periodic": periodic(on) if full else 0,
        "funeral": funeral(on),
    }
    return parts | {"total": sum(parts.values())}
