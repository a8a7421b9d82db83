"""Income tax on JHT: PP 68/2009 Pasal 2, 5 and 6. Amounts are in sen, tax in rupiah."""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule

LATER_YEARS = 2
"""Years after that of the first payment from which Pasal 6 (the third year and later) applies."""

Brackets = tuple[tuple[int, int], ...]


def tax_by_brackets(amount: int, brackets: Brackets) -> int:
    """Progressive tax on an amount in sen, times 100 (the rates are percent): each slice at its own rate."""
    tax = 0
    for i in range(len(brackets)):
        above = brackets[i][0] * SEN
        upto = amount if i + 1 == len(brackets) else min(amount, brackets[i + 1][0] * SEN)
        if upto > above:
            tax += (upto - above) * brackets[i][1]
    return tax


def tax_due(amount: int, paid_before: int, brackets: Brackets, share: int) -> int:
    """Tax on all paid together, less the tax on what was paid before, in rupiah; `share` is a percentage."""
    whole = SEN * PERCENT * PERCENT
    together = round_half_up(tax_by_brackets(paid_before + amount, brackets) * share, whole)
    return together - round_half_up(tax_by_brackets(paid_before, brackets) * share, whole)


@rule(
    cites="PP 68/2009 Pasal 2 ayat (2); PP 68/2009 Pasal 6 ayat (2)",
    says_id="Pembayaran dalam dua tahun kalender dikenai pajak final; sejak tahun ketiga tidak final.",
    says_en="Payments within two calendar years bear a final tax; from the third year it is not final.",
    unit="flag",
    choice="Dihitung tahun kalender: tahun pembayaran pertama (0) dan tahun berikutnya (1) bersifat final.",
)
def jht_tax_final(years_since_first_payment: int) -> bool:
    """Whether the tax is final."""
    return years_since_first_payment < LATER_YEARS


@rule(
    cites="PP 68/2009 Pasal 5; PP 68/2009 Pasal 6 ayat (1) dan ayat (3)",
    says_id="Pajak final 0% sampai Rp50 juta dan 5% di atasnya; sejak tahun ketiga tarif Pasal 17 UU PPh atas jumlah "
    "bruto, dan 120% darinya bila tanpa NPWP.",
    says_en="Final tax of 0% up to Rp50 million and 5% above; from the third year the rates of Article 17 of the "
    "income tax law on the gross amount, and 120% of that without a taxpayer number.",
    choice=ROUNDING + " Yang sudah dibayar lebih dulu (dalam dua tahun itu, atau sejak tahun ketiga dalam tahun yang "
    "sama) dihitung sebagai satu kesatuan.",
)
def jht_tax_amount(
    amount: int,
    paid_before: int,
    npwp: bool,
    jht_tax_final: bool,
    jht_tax_brackets: Brackets,
    income_tax_brackets: Brackets,
    without_npwp_percent: int,
) -> int:
    """Tax withheld on this payment."""
    if jht_tax_final:
        return tax_due(amount, paid_before, jht_tax_brackets, PERCENT)
    if npwp:
        return tax_due(amount, paid_before, income_tax_brackets, PERCENT)
    return tax_due(amount, paid_before, income_tax_brackets, without_npwp_percent)


@rule(
    cites="PP 68/2009 Pasal 7 ayat (1)",
    says_id="JHT yang diterima setelah pajak dipotong.",
    says_en="JHT received after the tax is withheld.",
    choice=ROUNDING,
)
def jht_net(amount: int, jht_tax_amount: int) -> int:
    """Payment after tax."""
    return round_half_up(amount, SEN) - jht_tax_amount
