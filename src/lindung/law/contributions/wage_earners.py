"""Contributions of wage earners (PU): PP 44/2015 Pasal 16-18, PP 46/2015 Pasal 16, PP 45/2015 Pasal 28-29.

Wages are in sen (at most 10^13), rates per 100,000 (at most 3,700), shares in percent, results in rupiah:
the products stay below 4 x 10^18, within 64 bits.
"""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, contribution_of, percent_of
from ..form.rules import rule
from ..form.words import Programme

JKK, JKM, JHT = int(Programme.JKK), int(Programme.JKM), int(Programme.JHT)


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
def jkk_rate(jkk_group_rate: int, labour_intensive_relief: bool, reliefs: bool, labour_intensive_share: int) -> int:
    """Rate after the relief for labour-intensive industry."""
    if labour_intensive_relief and reliefs:
        return percent_of(jkk_group_rate, labour_intensive_share)
    return jkk_group_rate


@rule(
    cites="PP 44/2015 Pasal 16 ayat (3)",
    says_id="Iuran JKK adalah tarif kali upah sebulan, dibayar pemberi kerja.",
    says_en="The JKK contribution is the rate times the monthly wage, paid by the employer.",
    choice=ROUNDING,
)
def jkk_pu(programmes_due: int, wage: int, jkk_rate: int, pandemic_share: int) -> int:
    """JKK of a wage earner for one month, the part that goes to JKP included."""
    if not programmes_due & JKK:
        return 0
    return contribution_of(wage, jkk_rate, pandemic_share)


@rule(
    cites="PP 44/2015 Pasal 18",
    says_id="Iuran JKM adalah 0,30% dari upah sebulan, dibayar pemberi kerja.",
    says_en="The JKM contribution is 0.30% of the monthly wage, paid by the employer.",
    choice=ROUNDING,
)
def jkm_pu(programmes_due: int, wage: int, jkm_rate: int, pandemic_share: int) -> int:
    """JKM of a wage earner for one month, the part that went to JKP included."""
    if not programmes_due & JKM:
        return 0
    return contribution_of(wage, jkm_rate, pandemic_share)


@rule(
    cites="PP 46/2015 Pasal 16 ayat (1) huruf b",
    says_id="Pemberi kerja menanggung JHT 3,7% dari upah sebulan, tanpa batas upah.",
    says_en="The employer bears JHT of 3.7% of the monthly wage, without a ceiling.",
    choice=ROUNDING,
)
def jht_employer(programmes_due: int, wage: int, jht_employer_rate: int) -> int:
    """The employer's JHT."""
    if not programmes_due & JHT:
        return 0
    return contribution_of(wage, jht_employer_rate, PERCENT)


@rule(
    cites="PP 46/2015 Pasal 16 ayat (1) huruf a",
    says_id="Pekerja menanggung JHT 2% dari upah sebulan, tanpa batas upah.",
    says_en="The worker bears JHT of 2% of the monthly wage, without a ceiling.",
    choice=ROUNDING,
)
def jht_worker(programmes_due: int, wage: int, jht_worker_rate: int) -> int:
    """The worker's JHT."""
    if not programmes_due & JHT:
        return 0
    return contribution_of(wage, jht_worker_rate, PERCENT)


@rule(
    cites="PP 45/2015 Pasal 29 ayat (1)-(3)",
    says_id="Dasar iuran JP adalah upah sebulan, paling tinggi batas upah JP tahun itu.",
    says_en="The JP base is the monthly wage, at most the JP ceiling of the year.",
    unit="sen",
    choice="Juga untuk Agustus 2020-Januari 2021 JP dihitung penuh: penundaan menurut PP 49/2020 Pasal 17 memerlukan "
    "permohonan dan tidak menghapus iuran.",
)
def jp_wage(jp_due: bool, wage: int, jp_ceiling: int) -> int:
    """Wage that counts for JP; 0 when JP is not owed."""
    if not jp_due:
        return 0
    return min(wage, jp_ceiling * SEN)


@rule(
    cites="PP 45/2015 Pasal 28 ayat (3) huruf a",
    says_id="Pemberi kerja menanggung JP 2% dari upah.",
    says_en="The employer bears JP of 2% of the wage.",
    choice=ROUNDING,
)
def jp_employer(jp_wage: int, jp_employer_rate: int) -> int:
    """The employer's JP."""
    return contribution_of(jp_wage, jp_employer_rate, PERCENT)


@rule(
    cites="PP 45/2015 Pasal 28 ayat (3) huruf b",
    says_id="Pekerja menanggung JP 1% dari upah.",
    says_en="The worker bears JP of 1% of the wage.",
    choice=ROUNDING,
)
def jp_worker(jp_wage: int, jp_worker_rate: int) -> int:
    """The worker's JP."""
    return contribution_of(jp_wage, jp_worker_rate, PERCENT)


@rule(
    cites="PP 45/2015 Pasal 4 ayat (1)",
    says_id="JP tidak termasuk program yang diikuti, jadi tidak ada iuran JP.",
    says_en="JP is not among the programmes, so no JP is owed.",
)
def jp_none() -> int:
    """Nothing: the ceiling of the month need not even be known."""
    return 0


@rule(
    cites="PP 44/2015 Pasal 16 ayat (3); PP 44/2015 Pasal 18 ayat (2); PP 46/2015 Pasal 16; PP 45/2015 Pasal 28",
    says_id="Yang ditanggung pemberi kerja.",
    says_en="What the employer bears.",
)
def employer_total_pu(jkk_pu: int, jkm_pu: int, jht_employer: int, jp_employer: int) -> int:
    """The employer's share of one worker and month."""
    return jkk_pu + jkm_pu + jht_employer + jp_employer


@rule(
    cites="PP 46/2015 Pasal 16 ayat (1) huruf a; PP 45/2015 Pasal 28 ayat (3) huruf b",
    says_id="Yang dipotong dari upah pekerja.",
    says_en="What is deducted from the worker's wage.",
)
def worker_total_pu(jht_worker: int, jp_worker: int) -> int:
    """The worker's share of one month."""
    return jht_worker + jp_worker


@rule(
    cites="PP 44/2015 Pasal 21; PP 46/2015 Pasal 19; PP 45/2015 Pasal 30",
    says_id="Yang disetor pemberi kerja ke BPJS Ketenagakerjaan; iuran JKP dari pemerintah tidak termasuk.",
    says_en="What the employer pays in; the government's JKP contribution is not part of it.",
)
def total_pu(employer_total_pu: int, worker_total_pu: int) -> int:
    """What is billed for one worker and month."""
    return employer_total_pu + worker_total_pu


@rule(
    cites="PP 45/2015 Pasal 29 ayat (2)-(4)",
    says_id="Batas upah tertinggi JP pada bulan ini.",
    says_en="The JP wage ceiling of the month.",
)
def jp_wage_ceiling(jp_ceiling: int) -> int:
    """Ceiling of the monthly wage that counts for JP."""
    return jp_ceiling
