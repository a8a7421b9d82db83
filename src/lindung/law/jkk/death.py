"""What heirs receive after a death by work: PP 44/2015 Pasal 25, 38-39, Lampiran III."""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule
from ..form.words import CoverStatus, Segment
from ..membership.arrears import EMPLOYER_FIRST


@rule(
    cites="PP 44/2015 Pasal 32 ayat (1)",
    says_id="Dasar santunan penerima upah adalah upah terakhir yang dilaporkan.",
    says_en="A wage earner's benefit rests on the last reported wage.",
    unit="sen",
)
def benefit_wage_pu(wage: int) -> int:
    """Wage base of a wage earner, in sen."""
    return wage


@rule(
    cites="PP 44/2015 Pasal 20 ayat (1); PP 44/2015 Lampiran II",
    says_id="Dasar santunan bukan penerima upah adalah dasar iurannya.",
    says_en="A BPU participant's benefit rests on the contribution base.",
    unit="sen",
    confidence="S",
)
def benefit_wage_bpu(bpu_base: int) -> int:
    """Wage base of a participant without a wage, in sen."""
    return bpu_base * SEN


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 4; PP 44/2015 Lampiran III",
    says_id="Santunan kematian JKK adalah 60% x 80 x upah sebulan (48 kali upah).",
    says_en="The JKK death benefit is 60% x 80 x the monthly wage (48 wages).",
    choice=ROUNDING,
    confidence="S",
)
def jkk_death_by_wage(benefit_wage: int, jkk_death_wages: int, jkk_death_percent: int) -> int:
    """The death benefit before its minimum."""
    return round_half_up(benefit_wage * jkk_death_wages * jkk_death_percent, SEN * PERCENT)


@rule(
    cites="PP 82/2019 Lampiran III",
    says_id="Santunan kematian JKK tidak kurang dari santunan sekaligus JKM.",
    says_en="The JKK death benefit is not less than the JKM lump sum.",
    choice="Batas paling sedikit diambil dari aturan lama dan sumber sekunder; periksa sebelum menjadi dasar bayar.",
    confidence="S",
)
def jkk_death_benefit(jkk_death_by_wage: int, jkk_death_minimum: int) -> int:
    """The death benefit, raised to its minimum."""
    return max(jkk_death_by_wage, jkk_death_minimum)


@rule(
    cites="PP 44/2015 Pasal 39 ayat (2); PP 44/2015 Pasal 38 ayat (2)",
    says_id="Tunggakan lebih dari 3 bulan menghapus hak bukan penerima upah; bagi penerima upah hak tetap ada.",
    says_en="More than 3 months of arrears ends the right of BPU; a wage earner's right remains.",
    unit="flag",
)
def jkk_due(segment: int, cover: int) -> bool:
    """Whether the heirs have a right to the JKK benefit."""
    return segment == Segment.PU or cover != CoverStatus.INACTIVE


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 4",
    says_id="Santunan kematian JKK bagi ahli waris.",
    says_en="The JKK death benefit for the heirs.",
)
def jkk_death(jkk_due: bool, jkk_death_benefit: int) -> int:
    """Death benefit the heirs have a right to."""
    return jkk_death_benefit if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 5",
    says_id="Santunan berkala dibayar sekaligus, di samping santunan kematian.",
    says_en="The periodic benefit is paid at once, besides the death benefit.",
)
def jkk_periodic_due(jkk_due: bool, jkk_periodic: int) -> int:
    """Periodic benefit the heirs have a right to."""
    return jkk_periodic if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 4",
    says_id="Biaya pemakaman JKK.",
    says_en="The JKK funeral grant.",
)
def jkk_funeral_due(jkk_due: bool, jkk_funeral: int) -> int:
    """Funeral grant the heirs have a right to."""
    return jkk_funeral if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b",
    says_id="Jumlah santunan JKK karena kematian.",
    says_en="Total JKK death benefits.",
)
def jkk_total(jkk_death: int, jkk_periodic_due: int, jkk_funeral_due: int) -> int:
    """Sum of the three parts."""
    return jkk_death + jkk_periodic_due + jkk_funeral_due


@rule(
    cites="PP 44/2015 Pasal 38; PP 44/2015 Pasal 39 ayat (1) huruf b",
    says_id="Bukan penerima upah yang menunggak menerima santunan uang JKK setelah tunggakan dilunasi.",
    says_en="A BPU participant in arrears gets JKK cash benefits once the arrears are paid.",
    choice="Pasal 39 ayat (1) huruf b menunda seluruh santunan uang, termasuk biaya pemakaman; hanya JKM "
    "(Pasal 42) yang membayar biaya pemakaman seketika.",
)
def jkk_payable_now(segment: int, cover: int, arrears_settled: bool, jkk_total: int) -> int:
    """What BPJS Ketenagakerjaan pays now."""
    if cover == CoverStatus.ACTIVE:
        return jkk_total
    if cover == CoverStatus.INACTIVE:
        return 0
    if segment == Segment.PU or arrears_settled:
        return jkk_total
    return 0


@rule(
    cites="PP 44/2015 Pasal 38 ayat (3); PP 44/2015 Pasal 39 ayat (1) huruf b",
    says_id="Sisanya dibayar setelah tunggakan dilunasi.",
    says_en="The rest is paid once the arrears are paid.",
    choice=EMPLOYER_FIRST + "penggantian setelah melunasi tunggakan dan denda; angka ini penggantian itu.",
)
def jkk_after_arrears(jkk_total: int, jkk_payable_now: int) -> int:
    """What follows the payment of arrears."""
    return jkk_total - jkk_payable_now
