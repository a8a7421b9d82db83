"""JKP cash after a dismissal: PP 37/2021 Pasal 19-21, 35, 39-40, PP 6/2025, Permenaker 2/2025 Pasal II.

The wage is in sen, results in rupiah. Which text holds turns on the day the claim was approved (`approved_on`, the day
of dismissal when not given) and, for benefits still running, on the first day of each month of benefit.
"""

from __future__ import annotations

from ..form.calendar import add_months
from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule
from ..form.series import History, value_on
from ..form.words import JkpReason


@rule(
    cites="PP 37/2021 Pasal 19 ayat (3); PP 6/2025 Pasal 19",
    says_id="Iuran paling sedikit 12 bulan dalam 24 bulan; sebelum 7 Februari 2025 juga 6 bulan berturut-turut sebelum "
    "PHK.",
    says_en="At least 12 months of contributions in 24; before 7 February 2025 also 6 in a row before dismissal.",
    unit="flag",
    choice="Syarat 6 bulan berturut-turut dianggap gugur sejak PP 6/2025: Pasal 19 diubah dan sumber 2026 tidak "
    "menyebutnya, tetapi teksnya belum dibaca. Masa iur yang tidak disebut dianggap terpenuhi.",
    confidence="S",
)
def jkp_contributed(
    months_in_24: int,
    consecutive_months: int,
    dismissed_on: int,
    jkp_least_months_history: History,
    jkp_consecutive_months_history: History,
) -> bool:
    """Whether enough was contributed; -1 is a number of months that is not given."""
    if 0 <= months_in_24 < value_on(jkp_least_months_history, dismissed_on, 0):
        return False
    return not 0 <= consecutive_months < value_on(jkp_consecutive_months_history, dismissed_on, 0)


@rule(
    cites="PP 37/2021 Pasal 20 ayat (1)-(2)",
    says_id="Tidak untuk mengundurkan diri, cacat total tetap, pensiun, meninggal, atau PKWT yang habis waktunya.",
    says_en="Not for resignation, total disability, retirement, death or a fixed term that ran out.",
    unit="flag",
)
def jkp_reason_covered(reason: int) -> bool:
    """Whether the end of employment is a dismissal."""
    return reason == JkpReason.DISMISSAL


@rule(
    cites="PP 37/2021 Pasal 35",
    says_id="Paling banyak tiga kali selama masa usia kerja, dengan masa iur 5 tahun di antaranya.",
    says_en="At most three times in a working life, with 5 years of contributions in between.",
    unit="flag",
    choice="Masa iur sejak manfaat terakhir yang tidak disebut dianggap terpenuhi.",
)
def jkp_claims_left(
    claims_before: int,
    months_since_last_benefit: int,
    dismissed_on: int,
    jkp_most_claims_history: History,
    jkp_months_between_history: History,
) -> bool:
    """Whether one more claim is allowed; -1 months are not given."""
    if claims_before == 0:
        return True
    if claims_before >= value_on(jkp_most_claims_history, dismissed_on, 0):
        return False
    return not 0 <= months_since_last_benefit < value_on(jkp_months_between_history, dismissed_on, 0)


@rule(
    cites="PP 37/2021 Pasal 40 huruf a; PP 6/2025 Pasal 40",
    says_id="Hak hilang bila tidak diajukan dalam 6 bulan sejak PHK (3 bulan sebelum PP 6/2025).",
    says_en="The right is lost if not claimed within 6 months of dismissal (3 months before PP 6/2025).",
    unit="day",
    choice="Hak yang belum hilang pada 7 Februari 2025 memakai batas 6 bulan, karena Pasal 40 yang baru sudah berlaku "
    "sebelum batas lama lewat. Tanggal yang sama pada bulan terakhir masih di dalam batas.",
    confidence="S",
)
def jkp_claim_until(dismissed_on: int, jkp_claim_months_history: History) -> int:
    """Last day to claim."""
    until = add_months(dismissed_on, value_on(jkp_claim_months_history, dismissed_on, 0))
    return add_months(dismissed_on, value_on(jkp_claim_months_history, until, 0))


@rule(
    cites="PP 37/2021 Pasal 19-20; PP 37/2021 Pasal 35; PP 37/2021 Pasal 40",
    says_id="Manfaat diberikan bila alasan, masa iur, banyaknya klaim, dan batas waktu pengajuannya terpenuhi.",
    says_en="The benefit is due if reason, contributions, number of claims and time of claiming all fit.",
    unit="flag",
    choice="Klaim yang harinya tidak disebut dianggap diajukan pada waktunya.",
)
def jkp_allowed(
    jkp_contributed: bool, jkp_reason_covered: bool, jkp_claims_left: bool, claimed_on: int, jkp_claim_until: int
) -> bool:
    """Whether the cash benefit is due; a claim day of 0 is not given."""
    return jkp_contributed and jkp_reason_covered and jkp_claims_left and claimed_on <= jkp_claim_until


@rule(
    cites="PP 37/2021 Pasal 21 ayat (1); PP 6/2025 Pasal 21 ayat (1); Permenaker 2/2025 Pasal II angka 2-4",
    says_id="Paling banyak 6 bulan: 60% dari upah; sebelum 7 Februari 2025 45% tiga bulan pertama dan 25% tiga bulan "
    "berikutnya. Manfaat yang masih berjalan pada hari itu memakai 60% untuk bulan-bulan sisanya.",
    says_en="At most 6 months: 60% of the wage; before 7 February 2025 45% for three months and 25% for three more. "
    "Benefits still running on that day take 60% for the months that remain.",
    choice=ROUNDING + " Bulan manfaat ke-n dimulai n-1 bulan setelah klaim dinyatakan memenuhi syarat (hari PHK bila "
    "tidak disebut); hari mulai bulan itulah yang menentukan persentasenya.",
)
def jkp_by_month(
    wage: int,
    dismissed_on: int,
    approved_on: int,
    jkp_allowed: bool,
    jkp_benefit_ceiling_history: History,
    jkp_first_percent_history: History,
    jkp_later_percent_history: History,
    jkp_benefit_months_history: History,
    jkp_first_months: int,
) -> tuple[int, ...]:
    """Cash of each month of benefit; zeros when it is not due."""
    amounts: tuple[int, ...] = ()
    approved = max(dismissed_on, approved_on)
    for i in range(value_on(jkp_benefit_months_history, approved, 0)):
        begins = add_months(approved, i)
        ceiling = value_on(jkp_benefit_ceiling_history, begins, 0)
        percent = value_on(jkp_later_percent_history, begins, 0)
        if i < jkp_first_months:
            percent = value_on(jkp_first_percent_history, begins, 0)
        amount = round_half_up(min(wage, ceiling * SEN) * percent, SEN * PERCENT) if jkp_allowed else 0
        amounts = (*amounts, amount)
    return amounts


@rule(
    cites="PP 37/2021 Pasal 21 ayat (1); PP 6/2025 Pasal 21 ayat (1)",
    says_id="Jumlah manfaat uang tunai JKP.",
    says_en="Total JKP cash.",
)
def jkp_total(jkp_by_month: tuple[int, ...]) -> int:
    """Sum of the months."""
    total = 0
    for i in range(len(jkp_by_month)):
        total += jkp_by_month[i]
    return total


@rule(
    cites="PP 37/2021 Pasal 39 ayat (1) dan ayat (3); PP 6/2025 Pasal 39A",
    says_id="Pemberi kerja yang menunggak lebih dari 3 bulan berturut-turut membayar lebih dulu; sejak PP 6/2025 BPJS "
    "tetap membayar bila perusahaan pailit atau tutup dan menunggak paling lama 6 bulan.",
    says_en="An employer more than 3 months in arrears pays first; since PP 6/2025 BPJS pays all the same when the "
    "company is bankrupt or closed and at most 6 months in arrears.",
    unit="flag",
    confidence="S",
)
def jkp_employer_pays_first(
    arrears_months: int,
    employer_closed: bool,
    dismissed_on: int,
    jkp_arrears_months_history: History,
    jkp_arrears_months_closed_history: History,
) -> bool:
    """Whether the employer pays the benefit first and is repaid once the arrears are settled."""
    if employer_closed:
        return arrears_months > value_on(jkp_arrears_months_closed_history, dismissed_on, 0)
    return arrears_months > value_on(jkp_arrears_months_history, dismissed_on, 0)
