"""What heirs receive after a death by work: PP 44/2015 Pasal 25 and Lampiran III as PP 82/2019 changed them."""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 4; PP 44/2015 Lampiran III",
    says_id="Santunan kematian JKK adalah 60% x 80 x upah sebulan (48 kali upah).",
    says_en="The JKK death benefit is 60% x 80 x the monthly wage (48 wages).",
    choice=ROUNDING,
    confidence="S",
)
def jkk_death_by_wage(benefit_wage: int, jkk_benefit_wages: int, jkk_death_percent: int) -> int:
    """The death benefit before its minimum."""
    return round_half_up(benefit_wage * jkk_benefit_wages * jkk_death_percent, SEN * PERCENT)


@rule(
    cites="PP 82/2019 Lampiran III; PP 44/2015 Lampiran III",
    says_id="Santunan kematian JKK tidak kurang dari santunan sekaligus JKM.",
    says_en="The JKK death benefit is not less than the JKM lump sum.",
    choice="Batas paling sedikit diambil dari aturan lama dan sumber sekunder; periksa sebelum menjadi dasar bayar.",
    confidence="S",
)
def jkk_death_benefit(jkk_death_by_wage: int, jkk_death_minimum: int) -> int:
    """The death benefit, raised to its minimum."""
    return max(jkk_death_by_wage, jkk_death_minimum)


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 4; PP 44/2015 Pasal 25 ayat (2) huruf b angka 4",
    says_id="Santunan kematian JKK bagi ahli waris.",
    says_en="The JKK death benefit for the heirs.",
)
def jkk_death(jkk_due: bool, jkk_death_benefit: int) -> int:
    """Death benefit the heirs have a right to."""
    return jkk_death_benefit if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 5; PP 44/2015 Pasal 25 ayat (2) huruf b angka 5",
    says_id="Santunan berkala dibayar sekaligus, di samping santunan kematian.",
    says_en="The periodic benefit is paid at once, besides the death benefit.",
)
def jkk_periodic_due(jkk_due: bool, jkk_periodic: int) -> int:
    """Periodic benefit the heirs have a right to."""
    return jkk_periodic if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 4; PP 44/2015 Pasal 25 ayat (2) huruf b angka 4",
    says_id="Biaya pemakaman JKK.",
    says_en="The JKK funeral grant.",
)
def jkk_funeral_due(jkk_due: bool, jkk_funeral: int) -> int:
    """Funeral grant the heirs have a right to."""
    return jkk_funeral if jkk_due else 0


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b; PP 44/2015 Pasal 25 ayat (2) huruf b",
    says_id="Jumlah santunan JKK karena kematian.",
    says_en="Total JKK death benefits.",
)
def jkk_total(jkk_death: int, jkk_periodic_due: int, jkk_funeral_due: int) -> int:
    """Sum of the three parts."""
    return jkk_death + jkk_periodic_due + jkk_funeral_due
