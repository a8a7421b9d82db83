"""JP for the disabled and for survivors: PP 45/2015 Pasal 20-23, Permenaker 29/2015 Pasal 26."""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SCALE, percent_of, round_half_up
from ..form.rules import rule
from ..form.words import Survivor
from .pension import MONTHS, clamped


@rule(
    cites="PP 45/2015 Pasal 20 ayat (3) huruf a; PP 45/2015 Pasal 21 ayat (3) huruf b",
    says_id="Tingkat kepadatan: bagian masa kepesertaan yang iurannya dibayar.",
    says_en="Density: the part of the membership for which contributions were paid.",
    unit="rate",
    choice="Bila tidak disebut, masa iur dibagi bulan kepesertaan.",
)
def jp_density(density: int, months: int, member_months: int) -> int:
    """Density per 100,000; `density` is -1 when it is not given."""
    if density >= 0:
        return density
    if member_months == 0:
        return 0
    return min(SCALE, months * SCALE // member_months)


def months_with_floor(
    months: int, member_months: int, density: int, full_months: int, least_member_months: int, least_density: int
) -> int:
    """Own months from 15 years on; 15 years for a shorter career when both conditions hold; else 0."""
    if months >= full_months:
        return months
    if member_months >= least_member_months and density >= least_density * (SCALE // PERCENT):
        return full_months
    return 0


@rule(
    cites="PP 45/2015 Pasal 20 ayat (2)-(3)",
    says_id="Cacat total tetap: masa iur di bawah 15 tahun dihitung 15 tahun bila kepadatan paling sedikit 80% dan "
    "kejadiannya paling singkat 1 bulan setelah terdaftar.",
    says_en="Total disability: under 15 years of contributions 15 years count, if density is at least 80% and it "
    "happened at least 1 month after registration.",
    unit="months",
    choice="Bila syaratnya tidak terpenuhi, dibayarkan sekaligus; teks Pasal 20 tidak mengatur selain itu.",
)
def jp_months_disability(
    months: int,
    member_months: int,
    jp_density: int,
    jp_full_months: int,
    jp_disability_member_months: int,
    jp_least_density: int,
) -> int:
    """Months counted in the formula; 0 when a lump sum is paid instead."""
    return months_with_floor(
        months, member_months, jp_density, jp_full_months, jp_disability_member_months, jp_least_density
    )


@rule(
    cites="PP 45/2015 Pasal 21 ayat (3); PP 45/2015 Pasal 22 ayat (3); PP 45/2015 Pasal 23 ayat (3); "
    "Permenaker 29/2015 Pasal 26",
    says_id="Peserta meninggal sebelum usia pensiun: masa iur di bawah 15 tahun dihitung 15 tahun bila menjadi peserta "
    "paling singkat 1 tahun dan kepadatan paling sedikit 80%.",
    says_en="Death before pension age: under 15 years of contributions 15 years count, after at least 1 year of "
    "membership and at a density of at least 80%.",
    unit="months",
)
def jp_months_death(
    months: int,
    member_months: int,
    jp_density: int,
    jp_full_months: int,
    jp_death_member_months: int,
    jp_least_density: int,
) -> int:
    """Months counted in the formula; 0 when a lump sum is paid instead."""
    return months_with_floor(
        months, member_months, jp_density, jp_full_months, jp_death_member_months, jp_least_density
    )


@rule(
    cites="PP 45/2015 Pasal 21 ayat (2)-(3); Permenaker 29/2015 Pasal 26",
    says_id="Bila syarat 15 tahun tidak terpenuhi dan peserta belum menerima pensiun, dibayarkan sekaligus.",
    says_en="Where 15 years do not count and the participant had no pension yet, a lump sum is paid.",
    unit="flag",
)
def jp_survivor_lump_sum(jp_months_counted: int, pension_received: int) -> bool:
    """Whether a lump sum takes the place of the survivor's pension."""
    return jp_months_counted == 0 and pension_received == 0


def share_of_pension(average: int, months: int, percent: int, received: int, share: int) -> int:
    """A share of the formula, or of the pension the participant already received, rounded once."""
    if received > 0:
        return percent_of(received, share)
    return round_half_up(average * months * percent * share, PERCENT * MONTHS * PERCENT)


@rule(
    cites="PP 45/2015 Pasal 18; PP 45/2015 Pasal 21 ayat (2); PP 45/2015 Pasal 22 ayat (2); "
    "PP 45/2015 Pasal 23 ayat (2)",
    says_id="Janda atau duda 50%; anak 50%, atau 50% dari pensiun janda atau duda yang berakhir; orang tua 20%; dari "
    "formula, atau dari pensiun yang sudah diterima peserta.",
    says_en="Widow or widower 50%; child 50%, or 50% of the widow's or widower's pension that ended; parent 20%; of "
    "the formula, or of the pension the participant already received.",
    choice=ROUNDING + " Batas Pasal 18 dikenakan pada manfaat tiap ahli waris; pensiun anak untuk semua anak bersama.",
)
def jp_survivor_monthly(
    jp_average_wage: int,
    jp_months_counted: int,
    jp_percent: int,
    pension_received: int,
    jp_survivor_lump_sum: bool,
    relation: int,
    after_spouse: bool,
    jp_spouse_percent: int,
    jp_child_percent: int,
    jp_parent_percent: int,
    jp_minimum: int,
    jp_maximum: int,
) -> int:
    """The survivor's pension a month; 0 when a lump sum is paid instead."""
    if jp_survivor_lump_sum:
        return 0
    share = jp_spouse_percent
    if relation == Survivor.PARENT:
        share = jp_parent_percent
    elif relation == Survivor.CHILD and not after_spouse:
        share = jp_child_percent
    amount = share_of_pension(jp_average_wage, jp_months_counted, jp_percent, pension_received, share)
    pension = clamped(amount, jp_minimum, jp_maximum)
    if relation == Survivor.CHILD and after_spouse:
        return clamped(percent_of(pension, jp_child_percent), jp_minimum, jp_maximum)
    return pension
