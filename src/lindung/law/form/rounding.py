"""Rounding: the law gives no rule (the word is in none of the texts), so this is our choice, in one place."""

from __future__ import annotations

SCALE = 100_000
"""Rates are whole parts per 100,000: 0.24% is 240."""

SEN = 100
"""Wages are held in sen, since a published wage may carry two decimals."""

PERCENT = 100


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, halves up; both arguments are not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def contribution_of(wage: int, rate: int, share: int) -> int:
    """`rate` (per 100,000) of `wage` (sen), of which `share` percent is payable; rupiah, rounded once."""
    return round_half_up(wage * rate * share, SEN * SCALE * PERCENT)


def share_of(amount: int, parts: int, whole: int) -> int:
    """`parts` / `whole` of an amount, rounded once: `round_half_up(amount * parts, whole)` without that product,
    so that it stays within 64 bits while `whole` x `parts` and `amount` / `whole` x `parts` do (below 4 x 10^18)."""
    return amount // whole * parts + round_half_up(amount % whole * parts, whole)


def percent_of(amount: int, percent: int) -> int:
    """`percent` of `amount`, in the unit of the amount, rounded once."""
    return round_half_up(amount * percent, PERCENT)


ROUNDING = "Dibulatkan sekali ke rupiah terdekat, setengah ke atas; peraturan tidak mengatur pembulatan."
"""The choice, as every rule that rounds states it."""
