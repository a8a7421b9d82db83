"""Contributions of participants without a wage (BPU): PP 44/2015 Pasal 20, PP 46/2015 Pasal 18, PP 50/2025.

Incomes are in sen, rates per 100,000, shares in percent, results in rupiah.
"""

from __future__ import annotations

from ..form.brackets import row_for
from ..form.rounding import PERCENT, ROUNDING, SEN, contribution_of, percent_of
from ..form.rules import rule
from ..form.words import Payer, Programme, Sector

JKK, JKM, JHT = int(Programme.JKK), int(Programme.JKM), int(Programme.JHT)
APBN, APBD, VILLAGE = int(Payer.APBN), int(Payer.APBD), int(Payer.VILLAGE)
TRANSPORT = int(Sector.TRANSPORT)


@rule(
    cites="PP 44/2015 Pasal 20 ayat (1); PP 44/2015 Lampiran II",
    says_id="Dasar iuran bukan penerima upah diambil dari baris tabel menurut penghasilan.",
    says_en="The BPU base is taken from the row of the table that fits the income.",
    choice="Penghasilan yang jatuh di celah antarbaris (Rp1-Rp999) memakai baris terakhir yang batas bawahnya "
    "tidak melebihi penghasilan, karena teks tidak mengaturnya.",
)
def bpu_base(income: int, bpu_bases: tuple[tuple[int, int, int], ...]) -> int:
    """Base in rupiah: the last row whose lower limit does not exceed the income."""
    return bpu_bases[row_for(bpu_bases, income // SEN)][2]


@rule(
    cites="PP 50/2025 Pasal 4 ayat (1)",
    says_id="Keringanan iuran BPU tidak berlaku bila iuran dibayar dari APBN atau APBD.",
    says_en="The BPU relief does not apply when the state or regional budget pays.",
    unit="percent",
    choice="Dana desa bersumber dari APBN dan teks tidak menyebutnya, jadi keringanan tidak diberikan sebelum "
    "ada penegasan; perusahaan (CSR) bukan APBN/APBD, jadi keringanan diberikan.",
    confidence="S",
)
def bpu_share(payer: int, sector: int, reliefs: bool, bpu_transport_share: int, bpu_other_share: int) -> int:
    """Share of the contribution that is payable after the relief of PP 50/2025."""
    if not reliefs or payer in (APBN, APBD, VILLAGE):
        return PERCENT
    if sector == TRANSPORT:
        return bpu_transport_share
    return bpu_other_share


@rule(
    cites="PP 44/2015 Pasal 20 ayat (1); PP 44/2015 Lampiran II",
    says_id="Iuran JKK bukan penerima upah adalah nilai pada tabel, yaitu 1% dari dasarnya.",
    says_en="The BPU JKK contribution is the amount in the table, which is 1% of its base.",
    choice=ROUNDING,
)
def jkk_bpu(programmes: int, bpu_base: int, bpu_jkk_rate: int, bpu_share: int, pandemic_share: int) -> int:
    """JKK of a participant without a wage for one month."""
    if not programmes & JKK:
        return 0
    return contribution_of(bpu_base * SEN, percent_of(bpu_jkk_rate, bpu_share), pandemic_share)


@rule(
    cites="PP 44/2015 Pasal 20 ayat (3)",
    says_id="Iuran JKM bukan penerima upah adalah Rp6.800 sebulan.",
    says_en="The BPU JKM contribution is Rp6,800 a month.",
    choice=ROUNDING,
)
def jkm_bpu(programmes: int, bpu_jkm: int, bpu_share: int, pandemic_share: int) -> int:
    """JKM of a participant without a wage for one month."""
    if not programmes & JKM:
        return 0
    return percent_of(percent_of(bpu_jkm, bpu_share), pandemic_share)


@rule(
    cites="PP 46/2015 Pasal 18 ayat (1)",
    says_id="Iuran JHT bukan penerima upah adalah nilai pada daftar, yaitu 2% dari dasarnya; tidak ada keringanan.",
    says_en="The BPU JHT contribution is the amount in the list, which is 2% of its base; no relief applies.",
    choice=ROUNDING,
)
def jht_bpu(programmes: int, bpu_base: int, bpu_jht_rate: int) -> int:
    """JHT of a participant without a wage for one month."""
    if not programmes & JHT:
        return 0
    return contribution_of(bpu_base * SEN, bpu_jht_rate, PERCENT)


@rule(
    cites="PP 44/2015 Pasal 24 ayat (1); PP 46/2015 Pasal 21 ayat (1)",
    says_id="Iuran bukan penerima upah adalah kewajiban peserta; pihak lain dapat membayarkannya.",
    says_en="The BPU contribution is the participant's duty; another party may pay it for them.",
)
def total_bpu(jkk_bpu: int, jkm_bpu: int, jht_bpu: int) -> int:
    """What is owed for one participant and month, whoever pays it."""
    return jkk_bpu + jkm_bpu + jht_bpu
