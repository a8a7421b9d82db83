"""Contributions of wage earners (PU): PP 44/2015 Pasal 16-18 and the temporary reliefs.

Wages are in sen, rates per 100,000, shares in percent, results in rupiah.
"""

from __future__ import annotations

from ..form.rounding import ROUNDING, contribution_of, percent_of
from ..form.rules import rule
from ..form.words import Programme


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
