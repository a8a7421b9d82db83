"""What is paid when a year's scholarship is claimed, apart from the whole entitlement."""

from __future__ import annotations

from ..form.rules import rule

CITES = "PP 82/2019 Pasal 25 ayat (3); PP 82/2019 Pasal 34 ayat (3)"


@rule(
    cites=CITES,
    says_id="Beasiswa setahun pada jenjang anak.",
    says_en="A year's scholarship at the child's level.",
    confidence="S",
)
def scholarship_of_level(level: int, scholarship_yearly: tuple[int, ...]) -> int:
    """Amount of one school year in rupiah."""
    return scholarship_yearly[level]


@rule(
    cites=CITES,
    says_id="Tahun ajaran yang dibayar: tahun ini dan paling banyak tiga tahun sebelumnya.",
    says_en="School years that are paid: this one and at most the three before it.",
    unit="years",
    choice="Tahun ajaran berjalan tidak termasuk tiga tahun yang lalu itu; sumbernya menyebut paling banyak tiga tahun "
    "ajaran sebelumnya. Tahun di atas batas jenjangnya tidak dibayar.",
    confidence="S",
)
def scholarship_years_paid(
    level: int, school_years: int, scholarship_claim_years: int, scholarship_most_years: tuple[int, ...]
) -> int:
    """School years paid of those asked for, at one level."""
    if scholarship_most_years[level] == 0:
        return 0
    return min(school_years, scholarship_claim_years + 1, scholarship_most_years[level])


@rule(
    cites=CITES,
    says_id="Beasiswa yang dibayar.",
    says_en="The scholarship that is paid.",
)
def scholarship_payment(scholarship_of_level: int, scholarship_years_paid: int) -> int:
    """Amount in rupiah."""
    return scholarship_of_level * scholarship_years_paid
