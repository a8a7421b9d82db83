"""What a participant disabled by work receives: PP 44/2015 Pasal 25 ayat (2) huruf b angka 3 and 5, Lampiran III.

Percentages of the table and of lost function are in hundredths of a percent. Bounds: at most 50 injuries of at most
10 steps each, wages up to 10^13 sen, so every product stays below 4 x 10^18.
"""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up, share_of
from ..form.rules import rule

Injuries = tuple[tuple[int, int, int, int], ...]
"""For each injury: percentage, percentage for a left-handed person, times it counts, function lost."""

FULL = PERCENT * PERCENT
"""A whole, in hundredths of a percent."""

MILLIONTHS = FULL * PERCENT
"""One percent, in millionths of a percent: hundredths of the table times hundredths of a percent of function."""


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 3; PP 44/2015 Lampiran III",
    says_id="Santunan cacat total tetap adalah 70% x 80 x upah sebulan (56 kali upah).",
    says_en="The benefit for total permanent disability is 70% x 80 x the monthly wage (56 wages).",
    choice=ROUNDING,
    confidence="S",
)
def total_disability_lump_sum(
    jkk_due: bool, benefit_wage: int, jkk_benefit_wages: int, total_disability_percent: int
) -> int:
    """The lump sum in rupiah."""
    if not jkk_due:
        return 0
    return round_half_up(benefit_wage * jkk_benefit_wages * total_disability_percent, SEN * PERCENT)


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 5; PP 44/2015 Pasal 25 ayat (2) huruf b angka 5",
    says_id="Santunan berkala dibayar sekaligus, di samping santunan cacat total tetap.",
    says_en="The periodic benefit is paid at once, besides the benefit for total permanent disability.",
    choice="Keduanya dibayar: Pasal 25 menyebut santunan cacat (angka 3) dan santunan berkala (angka 5) sebagai "
    "manfaat sendiri-sendiri; kata “atau” pada sebuah brosur tidak diikuti.",
)
def total_disability_periodic(jkk_due: bool, jkk_periodic: int) -> int:
    """The periodic benefit in rupiah."""
    return jkk_periodic if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b; PP 44/2015 Pasal 25 ayat (2) huruf b",
    says_id="Jumlah santunan cacat total tetap.",
    says_en="Total benefits for total permanent disability.",
)
def total_disability_total(total_disability_lump_sum: int, total_disability_periodic: int) -> int:
    """Sum of the two parts."""
    return total_disability_lump_sum + total_disability_periodic


@rule(
    cites="PP 82/2019 Lampiran III; PP 44/2015 Lampiran III",
    says_id="Persentase tiap cacat pada tabel, kali persentase fungsi yang hilang, dijumlahkan; bagi yang kidal, kanan "
    "dan kiri bertukar.",
    says_en="Each defect's percentage in the table, times the percentage of function lost, added up; for a left-handed "
    "person right and left change places.",
    unit="millionths_of_percent",
    choice="Cacat anatomis dihitung kehilangan fungsi 100%. Baris “setiap 10 desibel” atau “setiap 10%” dikalikan "
    "banyaknya langkah penuh. Baris tabel yang hanya terbaca dalam aturan lama (PP 53/2012) ditandai pada catatannya.",
    confidence="S",
)
def injuries_percent(injuries: Injuries, left_handed: bool) -> int:
    """The sum before its limit."""
    percent = 0
    for right, left, times, loss in injuries:
        percent += (left if left_handed else right) * times * loss
    return percent


@rule(
    cites="PP 82/2019 Lampiran III; PP 44/2015 Lampiran III",
    says_id="Beberapa cacat dari satu kecelakaan dijumlahkan, paling banyak 70%.",
    says_en="Several defects from one accident add up to at most 70%.",
    unit="millionths_of_percent",
    choice="Batas 70% adalah persentase cacat total tetap; kalimatnya dalam Lampiran III belum dibaca.",
    confidence="M",
)
def partial_disability_percent(injuries_percent: int, partial_disability_most_percent: int) -> int:
    """The percentage that is paid."""
    return min(injuries_percent, partial_disability_most_percent * MILLIONTHS)


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 3; PP 44/2015 Pasal 25 ayat (2) huruf b angka 3",
    says_id="Santunan cacat sebagian adalah persentase itu x 80 x upah sebulan.",
    says_en="The benefit for partial disability is that percentage x 80 x the monthly wage.",
    choice=ROUNDING,
    confidence="S",
)
def partial_disability(
    jkk_due: bool, benefit_wage: int, jkk_benefit_wages: int, partial_disability_percent: int
) -> int:
    """The lump sum in rupiah."""
    if not jkk_due:
        return 0
    return share_of(benefit_wage * jkk_benefit_wages, partial_disability_percent, SEN * MILLIONTHS * PERCENT)
