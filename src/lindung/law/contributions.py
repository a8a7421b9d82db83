"""JKK and JKM contributions: PP 44/2015 Pasal 16-20 and the temporary reliefs.

Wages and incomes are in sen, rates per 100,000, shares in percent, results in rupiah.
"""

from __future__ import annotations

from .rounding import PERCENT, SEN, contribution_of, percent_of
from .rules import rule
from .words import Payer, Programme, Sector

ROUNDING = "Dibulatkan sekali ke rupiah terdekat, setengah ke atas; peraturan tidak mengatur pembulatan."


@rule(
    cites="PP 44/2015 Pasal 16 ayat (1)",
    says_id="Tarif JKK mengikuti kelompok tingkat risiko lingkungan kerja.",
    says_en="The JKK rate follows the risk group of the workplace.",
    unit="per_100000",
)
def jkk_group_rate(risk_group: int, jkk_rates: tuple[int, ...]) -> int:
    """Rate of the risk group, 1 to 5."""
    return jkk_rates[risk_group - 1]


@rule(
    cites="PP 7/2025 Pasal 4 ayat (1); PP 36/2025 Pasal 10A",
    says_id="Industri padat karya yang memenuhi syarat membayar sebagian tarif JKK selama masa keringanan.",
    says_en="Qualifying labour-intensive industry pays part of the JKK rate while the relief lasts.",
    unit="per_100000",
    confidence="S",
)
def jkk_rate(jkk_group_rate: int, labour_intensive_relief: bool, labour_intensive_share: int) -> int:
    """Rate after the relief for labour-intensive industry."""
    if labour_intensive_relief:
        return percent_of(jkk_group_rate, labour_intensive_share)
    return jkk_group_rate


@rule(
    cites="PP 44/2015 Pasal 16 ayat (3)",
    says_id="Iuran JKK adalah tarif kali upah sebulan, dibayar pemberi kerja.",
    says_en="The JKK contribution is the rate times the monthly wage, paid by the employer.",
    choice=ROUNDING,
)
def jkk_pu(programmes: int, wage: int, jkk_rate: int, covid_share: int) -> int:
    """JKK of a wage earner for one month."""
    if not programmes & Programme.JKK:
        return 0
    return contribution_of(wage, jkk_rate, covid_share)


@rule(
    cites="PP 44/2015 Pasal 18",
    says_id="Iuran JKM adalah 0,30% dari upah sebulan, dibayar pemberi kerja.",
    says_en="The JKM contribution is 0.30% of the monthly wage, paid by the employer.",
    choice=ROUNDING,
)
def jkm_pu(programmes: int, wage: int, jkm_rate: int, covid_share: int) -> int:
    """JKM of a wage earner for one month."""
    if not programmes & Programme.JKM:
        return 0
    return contribution_of(wage, jkm_rate, covid_share)


@rule(
    cites="PP 44/2015 Pasal 16 ayat (3); PP 44/2015 Pasal 18 ayat (2)",
    says_id="Seluruh iuran JKK dan JKM penerima upah ditanggung pemberi kerja.",
    says_en="The employer bears the whole JKK and JKM contribution of a wage earner.",
)
def total_pu(jkk_pu: int, jkm_pu: int) -> int:
    """What the employer owes for one worker and month."""
    return jkk_pu + jkm_pu


@rule(
    cites="PP 44/2015 Pasal 20 ayat (1); PP 44/2015 Lampiran II",
    says_id="Dasar iuran bukan penerima upah diambil dari baris tabel menurut penghasilan.",
    says_en="The BPU base is taken from the row of the table that fits the income.",
    choice="Penghasilan yang jatuh di celah antarbaris (Rp1-Rp999) memakai baris terakhir yang batas bawahnya "
    "tidak melebihi penghasilan, karena teks tidak mengaturnya.",
)
def bpu_base(income: int, bpu_bases: tuple[tuple[int, int, int], ...]) -> int:
    """Base in rupiah: the last row whose lower limit does not exceed the income."""
    base = bpu_bases[0][2]
    for i in range(len(bpu_bases)):
        if bpu_bases[i][0] * SEN <= income:
            base = bpu_bases[i][2]
    return base


@rule(
    cites="PP 50/2025 Pasal 4 ayat (1)",
    says_id="Keringanan iuran BPU tidak berlaku bila iuran dibayar dari APBN atau APBD.",
    says_en="The BPU relief does not apply when the state or regional budget pays.",
    unit="percent",
    choice="Dana desa bersumber dari APBN dan teks tidak menyebutnya, jadi keringanan tidak diberikan sebelum "
    "ada penegasan; perusahaan (CSR) bukan APBN/APBD, jadi keringanan diberikan.",
    confidence="S",
)
def bpu_share(payer: int, sector: int, bpu_transport_share: int, bpu_other_share: int) -> int:
    """Share of the contribution that is payable after the relief of PP 50/2025."""
    if payer == Payer.APBN or payer == Payer.APBD or payer == Payer.VILLAGE:
        return PERCENT
    if sector == Sector.TRANSPORT:
        return bpu_transport_share
    return bpu_other_share


@rule(
    cites="PP 44/2015 Pasal 20 ayat (1); PP 44/2015 Lampiran II",
    says_id="Iuran JKK bukan penerima upah adalah nilai pada tabel, yaitu 1% dari dasarnya.",
    says_en="The BPU JKK contribution is the amount in the table, which is 1% of its base.",
    choice=ROUNDING,
)
def jkk_bpu(programmes: int, bpu_base: int, bpu_jkk_rate: int, bpu_share: int, covid_share: int) -> int:
    """JKK of a participant without a wage for one month."""
    if not programmes & Programme.JKK:
        return 0
    return contribution_of(bpu_base * SEN, percent_of(bpu_jkk_rate, bpu_share), covid_share)


@rule(
    cites="PP 44/2015 Pasal 20 ayat (3)",
    says_id="Iuran JKM bukan penerima upah adalah Rp6.800 sebulan.",
    says_en="The BPU JKM contribution is Rp6,800 a month.",
    choice=ROUNDING,
)
def jkm_bpu(programmes: int, bpu_jkm: int, bpu_share: int, covid_share: int) -> int:
    """JKM of a participant without a wage for one month."""
    if not programmes & Programme.JKM:
        return 0
    return percent_of(percent_of(bpu_jkm, bpu_share), covid_share)


@rule(
    cites="PP 44/2015 Pasal 24 ayat (1)",
    says_id="Iuran bukan penerima upah adalah kewajiban peserta; pihak lain dapat membayarkannya.",
    says_en="The BPU contribution is the participant's duty; another party may pay it for them.",
)
def total_bpu(jkk_bpu: int, jkm_bpu: int) -> int:
    """What is owed for one participant and month, whoever pays it."""
    return jkk_bpu + jkm_bpu
