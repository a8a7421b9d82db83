"""How fast benefits must be paid and how long they can be claimed: PP 44/2015 Pasal 26, 37 and 40."""

from __future__ import annotations

from ..form.calendar import add_working_days, add_years
from ..form.rules import rule
from ..form.words import Programme


@rule(
    cites="PP 44/2015 Pasal 37 ayat (2); PP 44/2015 Pasal 40 ayat (3)",
    says_id="JKK dibayar paling lama 7 hari kerja, JKM 3 hari kerja, sejak syarat lengkap.",
    says_en="JKK is paid within 7 working days, JKM within 3, of complete documents.",
    unit="working_days",
)
def service_days(programme: int, jkk_service_days: int, jkm_service_days: int) -> int:
    """Working days allowed for a programme."""
    if programme == Programme.JKK:
        return jkk_service_days
    return jkm_service_days


@rule(
    cites="PP 44/2015 Pasal 37 ayat (2); PP 44/2015 Pasal 40 ayat (3)",
    says_id="Hari terakhir untuk membayar santunan.",
    says_en="Last day to pay the benefit.",
    unit="day",
    choice="Hari syarat lengkap tidak ikut dihitung; Sabtu, Minggu, dan hari libur yang diberikan dilewati.",
)
def pay_by(on: int, service_days: int, holidays: tuple[int, ...]) -> int:
    """Last working day of the clock."""
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
    if programme == Programme.JKK:
        return add_years(on, jkk_claim_years)
    return 0
