"""What replaces the wage while a participant cannot work (STMB): PP 44/2015 Pasal 25 ayat (2) huruf b angka 2.

Bounds: wages up to 10^13 sen, at most 600 months.
"""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule

CITES = "PP 82/2019 Pasal 25 ayat (2) huruf b angka 2; PP 44/2015 Pasal 25 ayat (2) huruf b angka 2"


def temporary_in_month(number: int, wage: int, period: int, first: int, second: int, later: int) -> int:
    """Benefit of one month of incapacity, the first being 1; wage in sen, shares in percent, result in rupiah."""
    if number <= period:
        return round_half_up(wage * first, SEN * PERCENT)
    if number <= 2 * period:
        return round_half_up(wage * second, SEN * PERCENT)
    return round_half_up(wage * later, SEN * PERCENT)


@rule(
    cites=CITES,
    says_id="Santunan sementara tidak mampu bekerja tiap bulan: bagian upah untuk enam bulan pertama, enam bulan "
    "kedua, dan sesudahnya (sejak 2 Desember 2019 100%, 100%, 50%; sebelumnya 100%, 75%, 50%).",
    says_en="Temporary incapacity benefit of each month: a share of the wage for the first six months, the second six, "
    "and after (since 2 December 2019 100%, 100%, 50%; before 100%, 75%, 50%).",
    choice=ROUNDING + " Aturan pada hari kecelakaan berlaku untuk seluruh masanya.",
    confidence="S",
)
def temporary_by_month(
    jkk_due: bool,
    months: int,
    benefit_wage: int,
    temporary_period_months: int,
    temporary_first_percent: int,
    temporary_second_percent: int,
    temporary_later_percent: int,
) -> tuple[int, ...]:
    """The benefit of each month, oldest first."""
    amounts: tuple[int, ...] = ()
    for number in range(1, months + 1):
        amount = temporary_in_month(
            number,
            benefit_wage,
            temporary_period_months,
            temporary_first_percent,
            temporary_second_percent,
            temporary_later_percent,
        )
        amounts = (*amounts, amount if jkk_due else 0)
    return amounts


@rule(
    cites=CITES,
    says_id="Jumlah santunan sementara tidak mampu bekerja.",
    says_en="Total temporary incapacity benefit.",
    choice=ROUNDING,
    confidence="S",
)
def temporary_total(
    jkk_due: bool,
    months: int,
    benefit_wage: int,
    temporary_period_months: int,
    temporary_first_percent: int,
    temporary_second_percent: int,
    temporary_later_percent: int,
) -> int:
    """Sum of all months."""
    total = 0
    if jkk_due:
        for number in range(1, months + 1):
            total += temporary_in_month(
                number,
                benefit_wage,
                temporary_period_months,
                temporary_first_percent,
                temporary_second_percent,
                temporary_later_percent,
            )
    return total
