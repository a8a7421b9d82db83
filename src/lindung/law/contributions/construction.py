"""Contributions of construction projects: PP 44/2015 Pasal 54-55.

Values are in sen: a contract of at most 100 trillion rupiah (10^16 sen), a wage bill of at most 10 trillion
(10^15 sen); times the rates (per 100,000, at most 1,740) they stay below 2 x 10^18, within 64 bits.
"""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SCALE, SEN, round_half_up, share_of
from ..form.rules import rule

Slices = tuple[tuple[int, int], ...]
WHOLE = SEN * SCALE * PERCENT


def by_slices(value: int, slices: Slices) -> int:
    """Each slice of the value (sen) times its own rate; a slice is (rupiah above which it starts, rate)."""
    total = 0
    for i in range(len(slices)):
        part = value - slices[i][0] * SEN
        if i + 1 < len(slices):
            part = min(part, (slices[i + 1][0] - slices[i][0]) * SEN)
        total += max(part, 0) * slices[i][1]
    return total


@rule(
    cites="PP 44/2015 Pasal 54 ayat (2); PP 44/2015 Pasal 55 ayat (2)",
    says_id="Dasarnya nilai kontrak kerja konstruksi tanpa PPN.",
    says_en="The base is the construction contract's value without VAT.",
    unit="sen",
    choice="Teks tidak menyebut PPN; mengikuti praktik, PPN yang termasuk (vat_percent) dikeluarkan lebih dulu.",
    confidence="S",
)
def contract_base(contract_value: int, vat_percent: int) -> int:
    """Contract value without VAT; `vat_percent` is 0 when the value holds none."""
    return round_half_up(contract_value * PERCENT, PERCENT + vat_percent)


@rule(
    cites="PP 44/2015 Pasal 54 ayat (2)",
    says_id="Iuran JKK jasa konstruksi: tiap lapisan nilai kontrak dikalikan tarifnya.",
    says_en="Construction JKK: each slice of the contract value times its own rate.",
    choice=ROUNDING,
)
def construction_jkk(contract_base: int, construction_jkk_slices: Slices, pandemic_share: int) -> int:
    """JKK of a project by its contract value."""
    return share_of(by_slices(contract_base, construction_jkk_slices), pandemic_share, WHOLE)


@rule(
    cites="PP 44/2015 Pasal 55 ayat (2)",
    says_id="Iuran JKM jasa konstruksi: tiap lapisan nilai kontrak dikalikan tarifnya.",
    says_en="Construction JKM: each slice of the contract value times its own rate.",
    choice=ROUNDING,
)
def construction_jkm(contract_base: int, construction_jkm_slices: Slices, pandemic_share: int) -> int:
    """JKM of a project by its contract value."""
    return share_of(by_slices(contract_base, construction_jkm_slices), pandemic_share, WHOLE)


@rule(
    cites="PP 44/2015 Pasal 54 ayat (1)",
    says_id="Bila upah pekerja diketahui, iuran JKK jasa konstruksi 1,74% dari upah sebulan.",
    says_en="Where wages are known, construction JKK is 1.74% of the monthly wages.",
    choice=ROUNDING,
)
def construction_jkk_of_wages(wage_bill: int, construction_jkk_rate: int, pandemic_share: int) -> int:
    """JKK of a project by its wage bill."""
    return share_of(wage_bill * construction_jkk_rate, pandemic_share, WHOLE)


@rule(
    cites="PP 44/2015 Pasal 55 ayat (1)",
    says_id="Bila upah pekerja diketahui, iuran JKM jasa konstruksi 0,30% dari upah sebulan.",
    says_en="Where wages are known, construction JKM is 0.30% of the monthly wages.",
    choice=ROUNDING,
)
def construction_jkm_of_wages(wage_bill: int, construction_jkm_rate: int, pandemic_share: int) -> int:
    """JKM of a project by its wage bill."""
    return share_of(wage_bill * construction_jkm_rate, pandemic_share, WHOLE)


@rule(
    cites="PP 44/2015 Pasal 54; PP 44/2015 Pasal 55",
    says_id="Iuran jasa konstruksi seluruhnya.",
    says_en="The whole construction contribution.",
)
def construction_total(construction_jkk: int, construction_jkm: int) -> int:
    """JKK and JKM of a project."""
    return construction_jkk + construction_jkm
