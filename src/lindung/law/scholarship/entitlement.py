"""What the children may receive in all and year by year: PP 44/2015 Pasal 25 and 34 as PP 82/2019 changed them.

A child is a row: years of schooling left at each of the five levels, age (-1: not stated), and whether the child is
married or working. Levels are those of `SchoolLevel`, in order.
"""

from __future__ import annotations

from ..form.rules import rule
from ..form.words import Cause

Child = tuple[int, int, int, int, int, int, bool]
Children = tuple[Child, ...]
ByLevel = tuple[int, ...]

LEVELS = 5
AGE, STOPPED = 5, 6
NO_LIMIT = 1_000_000

CITES = "PP 82/2019 Pasal 25 ayat (3); PP 82/2019 Pasal 34 ayat (3); PP 44/2015 Pasal 25 ayat (3)"
WITHOUT_A_BREAK = (
    "Dihitung bila anak bersekolah tanpa jeda dan naik kelas tiap tahun, sejak tahun pertama yang dapat diterima."
)


def years_until_end(child: Child, age_end: int) -> int:
    """School years until the child's scholarship ends whatever the level."""
    if child[STOPPED]:
        return 0
    if child[AGE] < 0 or age_end == 0:
        return NO_LIMIT
    return max(0, age_end - child[AGE])


def amount_of_child(child: Child, yearly: ByLevel, most_years: ByLevel, age_end: int) -> int:
    """All years one child may still receive, in rupiah."""
    left = years_until_end(child, age_end)
    amount = 0
    for level in range(LEVELS):
        years = min(child[level], most_years[level], left)
        amount += years * yearly[level]
        left -= years
    return amount


def amount_in_year(child: Child, number: int, yearly: ByLevel, most_years: ByLevel, age_end: int) -> int:
    """What one child receives in a school year, the first being 1, in rupiah."""
    left = years_until_end(child, age_end)
    for level in range(LEVELS):
        years = min(child[level], most_years[level], left)
        if number <= years:
            return yearly[level]
        number -= years
        left -= years
    return 0


def first_at_school(children: Children) -> int:
    """The place of the first child with schooling left; beyond the last when there is none."""
    for i in range(len(children)):
        for level in range(LEVELS):
            if children[i][level] > 0:
                return i
    return len(children)


def is_chosen(
    i: int, children: Children, yearly: ByLevel, most_years: ByLevel, most_children: int, age_end: int
) -> bool:
    """Whether a child is among the few with the largest amounts; of equals the one named first."""
    own = amount_of_child(children[i], yearly, most_years, age_end)
    ahead = 0
    for j in range(len(children)):
        other = amount_of_child(children[j], yearly, most_years, age_end)
        if other > own or (other == own and j < i):
            ahead += 1
    return ahead < most_children


@rule(
    cites="PP 82/2019 Pasal 34 ayat (1) huruf d; PP 44/2015 Pasal 34 ayat (1) huruf d; PP 82/2019 Pasal 25 ayat (2) "
    "huruf b angka 8",
    says_id="Beasiswa diberikan bila akibat kecelakaan kerja; bila bukan, masa iur paling singkat 3 tahun (5 tahun "
    "sebelum 2 Desember 2019).",
    says_en="A scholarship is given after an accident at work; otherwise at least 3 years of contributions are needed "
    "(5 years before 2 December 2019).",
    unit="flag",
)
def scholarship_due(cause: int, months_contributed: int, scholarship_minimum_months: int) -> bool:
    """Whether the participant's children have a right to it."""
    return cause == Cause.WORK or months_contributed >= scholarship_minimum_months


@rule(
    cites=CITES,
    says_id="Beasiswa tiap anak: tahun yang tersisa pada tiap jenjang kali beasiswa setahun, untuk paling banyak dua "
    "anak, sampai anak berumur 23 tahun, menikah, atau bekerja; sebelum 2 Desember 2019 Rp12.000.000 sekali untuk "
    "setiap peserta yang anaknya masih bersekolah.",
    says_en="Each child's scholarship: the years left at each level times the yearly amount, for at most two children, "
    "until the child is 23, marries or works; before 2 December 2019 Rp12,000,000 once for each participant with a "
    "child at school.",
    choice="Bila anak lebih dari dua, diambil dua yang jumlahnya terbesar, karena teks tidak mengatur siapa; yang "
    "sekali bayar ditulis pada anak pertama yang masih bersekolah. Tahun di atas batas jenjangnya tidak dihitung.",
    confidence="S",
)
def scholarship_by_child(
    scholarship_due: bool,
    children: Children,
    scholarship_once: int,
    scholarship_yearly: ByLevel,
    scholarship_most_years: ByLevel,
    scholarship_most_children: int,
    scholarship_age_end: int,
) -> tuple[int, ...]:
    """The entitlement of each child in the order given, in rupiah; 0 for a child that is not chosen."""
    amounts: tuple[int, ...] = ()
    for i in range(len(children)):
        amount = 0
        if scholarship_due and scholarship_once > 0:
            amount = scholarship_once if i == first_at_school(children) else 0
        elif scholarship_due and is_chosen(
            i,
            children,
            scholarship_yearly,
            scholarship_most_years,
            scholarship_most_children,
            scholarship_age_end,
        ):
            amount = amount_of_child(children[i], scholarship_yearly, scholarship_most_years, scholarship_age_end)
        amounts = (*amounts, amount)
    return amounts


@rule(
    cites=CITES,
    says_id="Jumlah beasiswa paling banyak yang dapat diterima.",
    says_en="The most that can be received in scholarships.",
)
def scholarship_total(scholarship_by_child: tuple[int, ...]) -> int:
    """Sum over the children."""
    total = 0
    for amount in scholarship_by_child:
        total += amount
    return total


@rule(
    cites=CITES,
    says_id="Beasiswa dibayar berkala setiap tahun menurut jenjang anak: jumlah tiap tahun.",
    says_en="The scholarship is paid year by year by the child's level: the amount of each year.",
    choice=WITHOUT_A_BREAK,
    confidence="S",
)
def scholarship_by_year(
    children: Children,
    scholarship_by_child: tuple[int, ...],
    scholarship_total: int,
    scholarship_once: int,
    scholarship_yearly: ByLevel,
    scholarship_most_years: ByLevel,
    scholarship_age_end: int,
) -> tuple[int, ...]:
    """What is paid each year, all children together, until nothing is left."""
    if scholarship_once > 0 and scholarship_total > 0:
        return (scholarship_once,)
    amounts: tuple[int, ...] = ()
    paid = 0
    while paid < scholarship_total:
        year = 0
        for i in range(len(children)):
            if scholarship_by_child[i] > 0:
                year += amount_in_year(
                    children[i], len(amounts) + 1, scholarship_yearly, scholarship_most_years, scholarship_age_end
                )
        amounts = (*amounts, year)
        paid += year
    return amounts
