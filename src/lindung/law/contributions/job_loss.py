"""JKP: paid by the state and out of JKK (until January 2025 also out of JKM), never on top of them.

PP 37/2021 Pasal 11, PP 6/2025. Wages are in sen, rates per 100,000, results in rupiah.
"""

from __future__ import annotations

from ..form.rounding import PERCENT, ROUNDING, SEN, contribution_of
from ..form.rules import rule


@rule(
    cites="PP 37/2021 Pasal 11 ayat (6)-(8)",
    says_id="Dasar iuran JKP adalah upah, paling tinggi Rp5.000.000.",
    says_en="The JKP base is the wage, at most Rp5,000,000.",
    unit="sen",
)
def jkp_wage(jkp_due: bool, wage: int, jkp_contribution_ceiling: int) -> int:
    """Wage that counts for JKP; 0 when not a participant."""
    if not jkp_due:
        return 0
    return min(wage, jkp_contribution_ceiling * SEN)


@rule(
    cites="PP 37/2021 Pasal 11 ayat (4)",
    says_id="Pemerintah Pusat membayar 0,22% dari upah; tidak ditagihkan kepada pemberi kerja.",
    says_en="The central government pays 0.22% of the wage; it is not billed.",
    choice=ROUNDING,
)
def jkp_government(jkp_wage: int, jkp_government_rate: int) -> int:
    """The state's share."""
    return contribution_of(jkp_wage, jkp_government_rate, PERCENT)


@rule(
    cites="PP 37/2021 Pasal 11 ayat (5) huruf a; PP 6/2025 Pasal 11",
    says_id="0,14% dari upah dialihkan dari iuran JKK ke JKP; bagian ini sudah ada di dalam iuran JKK.",
    says_en="0.14% of the wage is moved from JKK to JKP; it is inside the JKK contribution.",
    choice=ROUNDING + " Paling banyak sebesar iuran JKK-nya: teks tidak mengatur pengalihan selama keringanan JKK.",
)
def jkp_from_jkk(jkp_wage: int, jkp_from_jkk_rate: int, jkk_pu: int) -> int:
    """Part of the JKK contribution that goes to JKP."""
    return min(contribution_of(jkp_wage, jkp_from_jkk_rate, PERCENT), jkk_pu)


@rule(
    cites="PP 37/2021 Pasal 11 ayat (5) huruf b; PP 6/2025 Pasal 11",
    says_id="Sampai iuran Januari 2025, 0,10% dari upah dialihkan dari iuran JKM ke JKP, di dalam iuran JKM.",
    says_en="Until January 2025, 0.10% of the wage is moved from JKM to JKP, inside the JKM contribution.",
    choice=ROUNDING,
)
def jkp_from_jkm(jkp_wage: int, jkp_from_jkm_rate: int) -> int:
    """Part of the JKM contribution that goes to JKP."""
    return contribution_of(jkp_wage, jkp_from_jkm_rate, PERCENT)
