"""A JP career told month by month: the wage of each year, and the months that count (PP 45/2015 Pasal 17 and 19).

Wages are in sen; a month without a contribution is 0.
"""

from __future__ import annotations

from ..form.rounding import round_half_up
from ..form.rules import rule
from ..form.series import YearRows, year_rows
from .pension import MONTHS


@rule(
    cites="PP 45/2015 Pasal 17 ayat (2)-(3)",
    says_id="Upah tiap tahun: rata-rata upah bulan-bulan yang iurannya dibayar dalam tahun itu.",
    says_en="The wage of each year: the average over the months of that year for which contributions were paid.",
    unit="sen_by_year",
    choice="Bulan tanpa iuran tidak ikut dirata-rata, dan tahun tanpa iuran tidak dihitung; rata-ratanya dibulatkan ke "
    "sen terdekat. Peraturan tidak mengatur upah yang berubah di dalam tahun.",
)
def jp_wages_by_year(monthly_wages: tuple[int, ...], first_month: int) -> YearRows:
    """(year, average monthly wage in sen) of every year with a contribution."""
    first = first_month // MONTHS
    last = (first_month + len(monthly_wages) - 1) // MONTHS
    rows = year_rows(first, last - first + 1)
    counted = 0
    for year in range(first, last + 1):
        total = 0
        paid = 0
        for i in range(max(year * MONTHS - first_month, 0), min((year + 1) * MONTHS - first_month, len(monthly_wages))):
            total += monthly_wages[i]
            paid += monthly_wages[i] > 0
        if paid > 0:
            rows[counted][0] = year
            rows[counted][1] = round_half_up(total, paid)
            counted += 1
    return rows[:counted]


@rule(
    cites="PP 45/2015 Pasal 19 ayat (1)",
    says_id="Masa iur: banyaknya bulan yang iurannya dibayar.",
    says_en="Contribution months: the number of months for which contributions were paid.",
    unit="months",
)
def jp_months_paid(monthly_wages: tuple[int, ...]) -> int:
    """Months with a wage."""
    months = 0
    for i in range(len(monthly_wages)):
        months += monthly_wages[i] > 0
    return months
