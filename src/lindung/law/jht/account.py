"""A participant's JHT account: PP 46/2015 Pasal 22 and 27.

Amounts inside the account are in sen, rates per 100,000, days and months are the numbers of `calendar`.
Bound: an account of up to Rp100 billion at up to 100% a year stays within 64 bits.
"""

from __future__ import annotations

from ..form.calendar import month_of
from ..form.rounding import SCALE, SEN, round_half_up, share_of
from ..form.rules import rule
from ..form.series import ByYear, History, YearRows, rate_in, year_rows

MONTHS = 12

SIMPLE_INTEREST = (
    "Peraturan BPJS tentang pembagian hasil pengembangan belum dibaca. Dipakai bunga sederhana di dalam tahun dan "
    "pengkreditan tiap akhir tahun, seperti simulasi resmi: bulan setoran dihitung penuh, bulan berjalan dihitung "
    "setelah berakhir, saldo disimpan sampai sen."
)


def last_whole_month(on: int) -> int:
    """The last month that has ended by the end of a day."""
    return month_of(on + 1) - 1


def months_earned(month: int, year: int, last: int) -> int:
    """Months of a year that money paid in `month` earns, when `last` is the last month that has ended."""
    return max(0, min(last, year * MONTHS + MONTHS - 1) - max(month, year * MONTHS) + 1)


def credit_of(standing: int, rate: int) -> int:
    """What a year credits to amounts that stood for months: `standing` is the sum of sen x months."""
    return share_of(standing, rate, MONTHS * SCALE)


@rule(
    cites="PP 46/2015 Pasal 22 ayat (2)",
    says_id="Jumlah iuran JHT yang telah disetor.",
    says_en="JHT contributions paid in so far.",
    unit="sen",
    choice="Hanya setoran sampai tanggal yang ditanyakan yang dihitung.",
)
def jht_deposited(deposits: tuple[tuple[int, int], ...], on: int) -> int:
    """Sum of the deposits made by the day."""
    total = 0
    for i in range(len(deposits)):
        if deposits[i][0] <= on:
            total += deposits[i][1]
    return total


@rule(
    cites="PP 46/2015 Pasal 27 ayat (1)-(2)",
    says_id="Hasil pengembangan tiap tahun dari saldo awal tahun dan setoran tahun itu.",
    says_en="Each year's return on the opening balance and on that year's deposits.",
    unit="sen_by_year",
    choice=SIMPLE_INTEREST,
    confidence="S",
)
def jht_credits(
    deposits: tuple[tuple[int, int], ...], on: int, returns: ByYear, jht_return_history: History
) -> YearRows:
    """(year, sen credited) up to the day; deposits are in order of their day."""
    last = last_whole_month(on)
    first = last // MONTHS + 1
    if len(deposits) > 0:
        first = month_of(deposits[0][0]) // MONTHS
    credits = year_rows(first, last // MONTHS + 1 - first)
    balance = 0
    i = 0
    for row in range(len(credits)):
        year = credits[row][0]
        standing = balance * months_earned(0, year, last)
        paid_in = 0
        while i < len(deposits) and deposits[i][0] <= on:
            month = month_of(deposits[i][0])
            if month // MONTHS != year:
                break
            standing += deposits[i][1] * months_earned(month, year, last)
            paid_in += deposits[i][1]
            i += 1
        credited = credit_of(standing, rate_in(year, returns, jht_return_history))
        balance += paid_in + credited
        credits[row][1] = credited
    return credits


@rule(
    cites="PP 46/2015 Pasal 27 ayat (1)",
    says_id="Hasil pengembangan yang dikreditkan tiap tahun, dalam rupiah.",
    says_en="Return credited each year, in rupiah.",
    unit="rupiah_by_year",
    choice="Selisih jumlah yang dibulatkan dari awal, supaya jumlah tiap tahun sama dengan jumlah seluruhnya.",
)
def jht_credited_by_year(jht_credits: YearRows) -> YearRows:
    """(year, rupiah), so that the years add up to what was credited in all."""
    rows = year_rows(0, len(jht_credits))
    before = 0
    for i in range(len(jht_credits)):
        after = before + jht_credits[i][1]
        rows[i][0] = jht_credits[i][0]
        rows[i][1] = round_half_up(after, SEN) - round_half_up(before, SEN)
        before = after
    return rows


@rule(
    cites="PP 46/2015 Pasal 22 ayat (2)",
    says_id="Manfaat JHT adalah seluruh iuran yang disetor ditambah hasil pengembangannya.",
    says_en="The JHT benefit is all contributions paid in plus their return.",
    choice="Dibulatkan sekali ke rupiah terdekat, setengah ke atas; peraturan tidak mengatur pembulatan.",
)
def jht_account_balance(jht_deposited: int, jht_credits: YearRows) -> int:
    """Balance on the day, in rupiah."""
    total = jht_deposited
    for i in range(len(jht_credits)):
        total += jht_credits[i][1]
    return round_half_up(total, SEN)
