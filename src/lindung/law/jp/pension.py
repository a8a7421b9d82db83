"""The JP formula, its limits and its yearly adjustment: PP 45/2015 Pasal 15 and 17-19.

Wages are in sen, rates per 100,000, results in rupiah. Bound: a wage of up to Rp1 billion a month that inflation makes
up to 1,000 times as much stays within 64 bits, with six decimals of a rupiah kept until the one rounding.
"""

from __future__ import annotations

from ..form.calendar import add_years, first_day, month_of
from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule
from ..form.series import ByYear, History, YearRows, grown, rate_in, year_rows

MONTHS = 12
FINE = 10_000
"""Indexed wages are held in millionths of a rupiah: ten thousandths of a sen."""


def clamped(amount: int, least: int, most: int) -> int:
    """An amount raised to the least and lowered to the most."""
    return max(least, min(most, amount))


def indexed(annual_wages: YearRows, until: int, inflation: ByYear, history: History) -> YearRows:
    """(year, wage) in the money of the end of year `until`: every year all wages so far rise by its inflation."""
    rows = year_rows(0, len(annual_wages))
    begun = 0
    for year in range(annual_wages[0][0], until + 1):
        while begun < len(annual_wages) and annual_wages[begun][0] == year:
            rows[begun][0] = year
            rows[begun][1] = annual_wages[begun][1] * FINE
            begun += 1
        rate = rate_in(year, inflation, history)
        for i in range(begun):
            rows[i][1] = grown(rows[i][1], rate)
    return rows


@rule(
    cites="PP 45/2015 Pasal 15 ayat (1)-(3)",
    says_id="Usia pensiun 56 tahun, 57 sejak 1 Januari 2019, lalu bertambah 1 tahun tiap 3 tahun sampai 65.",
    says_en="The pension age is 56, 57 from 1 January 2019, then one year more every three years up to 65.",
    unit="years",
)
def pension_age_on(pension_age: int) -> int:
    """Pension age in force on the day."""
    return pension_age


@rule(
    cites="PP 45/2015 Pasal 15 ayat (1)-(3)",
    says_id="Hari peserta mencapai usia pensiun yang berlaku pada hari itu.",
    says_en="The day the participant reaches the pension age in force on that day.",
    unit="day",
    choice="Peserta mencapai usia pensiun pada hari pertama umurnya tidak kurang daripada usia pensiun hari itu.",
)
def pension_age_reached(birth_date: int, pension_age_history: History) -> int:
    """First day on which the age is at least the pension age; 0 when no birth date is given."""
    reached = 0
    for i in range(len(pension_age_history)):
        start, until, age = pension_age_history[i]
        if birth_date and reached == 0:
            day = max(start, add_years(birth_date, age))
            if until == 0 or day <= until:
                reached = day
    return reached


@rule(
    cites="PP 45/2015 Pasal 19 ayat (3)",
    says_id="Pensiun hari tua diperhitungkan mulai tanggal 1 bulan berikutnya.",
    says_en="The old-age pension counts from the 1st of the next month.",
    unit="day",
)
def pension_age_payable(pension_age_reached: int) -> int:
    """First day of the pension of one who reaches the age; 0 when no birth date is given."""
    if pension_age_reached == 0:
        return 0
    return first_day(month_of(pension_age_reached) + 1)


@rule(
    cites="PP 45/2015 Pasal 18 ayat (1) dan ayat (3)",
    says_id="Manfaat pensiun paling sedikit sebulan.",
    says_en="Least pension a month.",
)
def jp_least(jp_minimum: int) -> int:
    """The minimum in force."""
    return jp_minimum


@rule(
    cites="PP 45/2015 Pasal 18 ayat (2)-(3)",
    says_id="Manfaat pensiun paling banyak sebulan.",
    says_en="Most pension a month.",
)
def jp_most(jp_maximum: int) -> int:
    """The maximum in force."""
    return jp_maximum


@rule(
    cites="PP 45/2015 Pasal 17 ayat (3) dan ayat (5)",
    says_id="Upah disesuaikan dengan inflasi sampai akhir tahun ini.",
    says_en="Wages are adjusted for inflation up to the end of this year.",
    unit="year",
    choice="Sampai tahun terakhir yang inflasinya disebut dan sudah lewat pada hari manfaat, tetapi tidak kurang dari "
    "tahun upah terakhir; bila inflasi tidak disebut, sampai tahun sebelum manfaat.",
)
def jp_indexed_until(annual_wages: YearRows, inflation: ByYear, month: int) -> int:
    """The last year whose inflation is compounded; 0 without wages."""
    if len(annual_wages) == 0:
        return 0
    until = month // MONTHS - 1
    if len(inflation) > 0:
        until = min(until, inflation[len(inflation) - 1][0])
    return max(until, annual_wages[len(annual_wages) - 1][0])


@rule(
    cites="PP 45/2015 Pasal 17 ayat (2)-(3)",
    says_id="Rata-rata upah tertimbang: tiap upah dikali (1 + inflasi) sejak tahun upah itu sendiri.",
    says_en="Average indexed wage: each wage times (1 + inflation) from the wage's own year on.",
    choice="Tiap upah tertimbang dan rata-ratanya dibulatkan ke rupiah terdekat, setengah ke atas. Tiap tahun berbobot "
    "sama. Upah tidak dibatasi, karena batas upah Pasal 29 hanya untuk iuran; Pasal 18 membatasi manfaatnya.",
)
def jp_average_wage(
    annual_wages: YearRows, inflation: ByYear, jp_indexed_until: int, jp_inflation_history: History
) -> int:
    """Average of the indexed monthly wages, in rupiah; 0 without wages."""
    if len(annual_wages) == 0:
        return 0
    rows = indexed(annual_wages, jp_indexed_until, inflation, jp_inflation_history)
    total = 0
    for i in range(len(rows)):
        total += round_half_up(rows[i][1], SEN * FINE)
    return round_half_up(total, len(annual_wages))


@rule(
    cites="PP 45/2015 Pasal 19 ayat (1); PP 45/2015 Pasal 24 ayat (1)",
    says_id="Pensiun hari tua memerlukan masa iur 180 bulan; di bawahnya iuran dan hasilnya dibayarkan sekaligus.",
    says_en="The old-age pension needs 180 months of contributions; below that they are paid back with their return.",
    unit="months",
)
def jp_months_old_age(months: int, jp_full_months: int) -> int:
    """Months counted in the formula; 0 when a lump sum is paid instead."""
    if months < jp_full_months:
        return 0
    return months


@rule(
    cites="PP 45/2015 Pasal 17 ayat (2)",
    says_id="Formula manfaat pensiun: 1% x masa iur / 12 x rata-rata upah tertimbang.",
    says_en="The pension formula: 1% x months of contributions / 12 x average indexed wage.",
    choice=ROUNDING,
)
def jp_formula(jp_average_wage: int, jp_months_counted: int, jp_percent: int) -> int:
    """Monthly pension before its limits."""
    return round_half_up(jp_average_wage * jp_months_counted * jp_percent, PERCENT * MONTHS)


@rule(
    cites="PP 45/2015 Pasal 24 ayat (1); Permenaker 29/2015 Pasal 26",
    says_id="Bila syarat pensiun bulanan tidak terpenuhi, iuran dan hasil pengembangannya dibayarkan sekaligus.",
    says_en="Where the monthly pension's conditions are not met, contributions and their return are paid at once.",
    unit="flag",
)
def jp_lump_sum_instead(jp_months_counted: int) -> bool:
    """Whether a lump sum takes the place of the pension."""
    return jp_months_counted == 0


@rule(
    cites="PP 45/2015 Pasal 16-18",
    says_id="Manfaat pensiun sebulan, tidak kurang dari batas bawah dan tidak lebih dari batas atas.",
    says_en="Monthly pension, not below the minimum and not above the maximum.",
    choice="Batas yang dipakai adalah batas pada hari yang ditanyakan.",
)
def jp_monthly(jp_formula: int, jp_lump_sum_instead: bool, jp_minimum: int, jp_maximum: int) -> int:
    """Pension of the participant a month; 0 when a lump sum is paid instead."""
    if jp_lump_sum_instead:
        return 0
    return clamped(jp_formula, jp_minimum, jp_maximum)


@rule(
    cites="PP 45/2015 Pasal 19 ayat (3); PP 45/2015 Pasal 20 ayat (4); PP 45/2015 Pasal 21 ayat (4); "
    "PP 45/2015 Pasal 22 ayat (4); PP 45/2015 Pasal 23 ayat (4)",
    says_id="Hak diperhitungkan mulai tanggal 1 bulan sesudah usia pensiun, cacat total tetap, atau kematian.",
    says_en="The right counts from the 1st of the month after pension age, total disability or death.",
    unit="day",
)
def jp_from(month: int) -> int:
    """First day of the right; `month` is that of the event."""
    return first_day(month + 1)


@rule(
    cites="PP 45/2015 Pasal 17 ayat (1) huruf b dan ayat (4)-(5); PP 45/2015 Pasal 18 ayat (3)",
    says_id="Tiap tahun berikutnya manfaat dikali 1 + inflasi tahun sebelumnya.",
    says_en="Every following year the pension is multiplied by 1 + the inflation of the year before.",
    unit="rupiah_by_year",
    choice="Disesuaikan pada bulan pembayaran pertama tiap tahun, dengan inflasi tahun kalender sebelumnya; dibulatkan "
    "ke rupiah terdekat, setengah ke atas. Batas Pasal 18 dikenakan pada manfaat yang dibayarkan.",
)
def jp_adjusted_by_year(
    monthly: int, first_paid: int, month: int, inflation: ByYear, jp_inflation_history: History
) -> ByYear:
    """(year, monthly pension) from the first payment to the month asked for, before its limits."""
    amount = round_half_up(monthly, SEN)
    rows: ByYear = ((first_paid // MONTHS, amount),)
    for year in range(first_paid // MONTHS + 1, month // MONTHS + 1):
        if year * MONTHS + first_paid % MONTHS <= month:
            amount = grown(amount, rate_in(year - 1, inflation, jp_inflation_history))
            rows = (*rows, (year, amount))
    return rows


@rule(
    cites="PP 45/2015 Pasal 17 ayat (1) huruf b; PP 45/2015 Pasal 18 ayat (3)",
    says_id="Manfaat pensiun bulan ini setelah penyesuaian tahunan.",
    says_en="The pension of this month after its yearly adjustments.",
)
def jp_adjusted(jp_adjusted_by_year: ByYear, jp_minimum: int, jp_maximum: int) -> int:
    """Pension paid in the month asked for."""
    return clamped(jp_adjusted_by_year[len(jp_adjusted_by_year) - 1][1], jp_minimum, jp_maximum)
