"""How fast benefits must be paid and how long they can be claimed: PP 44/2015, PP 45/2015, PP 46/2015, PP 82/2019."""

from __future__ import annotations

from ..form.calendar import add_working_days, add_years
from ..form.rules import rule
from ..form.words import Programme

JKK, JKM, JHT, JP = int(Programme.JKK), int(Programme.JKM), int(Programme.JHT), int(Programme.JP)


SERVICE = (
    "PP 44/2015 Pasal 37 ayat (2); PP 44/2015 Pasal 40 ayat (3); PP 46/2015 Pasal 31 ayat (3); "
    "PP 45/2015 Pasal 25 ayat (1)"
)


@rule(
    cites=SERVICE,
    says_id="Dihitung sejak syarat lengkap: JKK 7 hari kerja, JKM 3 hari kerja, JHT 5 hari kerja; JP pertama kali "
    "15 hari.",
    says_en="From complete documents: JKK 7 working days, JKM 3, JHT 5; the first JP payment 15 days.",
    unit="working_days",
)
def service_days(
    programme: int, jkk_service_days: int, jkm_service_days: int, jht_service_days: int, jp_service_days: int
) -> int:
    """Days allowed for a programme: working days, for JP days of the calendar."""
    if programme == JKK:
        return jkk_service_days
    if programme == JKM:
        return jkm_service_days
    if programme == JHT:
        return jht_service_days
    return jp_service_days


@rule(
    cites=SERVICE,
    says_id="Hari terakhir untuk membayar manfaat.",
    says_en="Last day to pay the benefit.",
    unit="day",
    choice="Hari syarat lengkap tidak ikut dihitung; Sabtu, Minggu, dan hari libur yang diberikan dilewati, kecuali "
    "bagi JP yang teksnya menyebut hari, bukan hari kerja.",
)
def pay_by(programme: int, on: int, service_days: int, holidays: tuple[int, ...]) -> int:
    """Last day of the clock."""
    if programme == JP:
        return on + service_days
    return add_working_days(on, service_days, holidays)


@rule(
    cites="PP 82/2019 Pasal 26; PP 44/2015 Pasal 26",
    says_id="Hak menuntut JKK gugur setelah lewat 5 tahun sejak kecelakaan (2 tahun sebelum 2 Desember 2019).",
    says_en="The right to JKK lapses 5 years after the accident (2 years before 2 December 2019).",
    unit="day",
    choice="Aturan pada hari kejadian yang dipakai; 29 Februari menjadi 28 Februari. Untuk JKM, teks yang dibaca "
    "tidak menyebut batas waktu, jadi tidak ada tanggal.",
)
def claim_until(programme: int, on: int, jkk_claim_years: int) -> int:
    """Last day to claim; 0 when the law read gives no limit."""
    if programme == JKK:
        return add_years(on, jkk_claim_years)
    return 0
