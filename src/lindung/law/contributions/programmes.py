"""Which programmes a wage earner (PU) is in: by size of the employer, citizenship and age.

Perpres 109/2013 Pasal 6, PP 45/2015 Pasal 15, PP 37/2021 Pasal 4. Programmes are bits (`form/words.py`).
"""

from __future__ import annotations

from ..form.rules import rule
from ..form.words import FirmSize, Programme

JP, JKP = int(Programme.JP), int(Programme.JKP)
DEATH_AND_ACCIDENT = int(Programme.JKK | Programme.JKM)
WITH_SAVINGS = int(Programme.JKK | Programme.JKM | Programme.JHT)
WITH_PENSION = int(Programme.JKK | Programme.JKM | Programme.JHT | Programme.JP)
MICRO, SMALL, MEDIUM, LARGE = int(FirmSize.MICRO), int(FirmSize.SMALL), int(FirmSize.MEDIUM), int(FirmSize.LARGE)
STATE = int(FirmSize.STATE)


@rule(
    cites="Perpres 109/2013 Pasal 6 ayat (3); PP 37/2021 Pasal 4; Permenaker 1/2025 Pasal 3A",
    says_id="Program yang diikuti: yang disebut, atau menurut skala usaha (mikro JKK dan JKM; kecil ditambah JHT dan "
    "JKP; menengah dan besar ditambah JP; pekerja non-ASN pada instansi JKK, JKM, dan JHT).",
    says_en="The programmes: those given, or those of the employer's size (micro JKK and JKM; small also JHT and JKP; "
    "medium and large also JP; non-civil-servants of a state body JKK, JKM and JHT).",
    unit="programmes",
    choice="Bila program tidak disebut, pekerja asing tidak diikutkan dalam JP: teks PP 45/2015 tidak menyebut orang "
    "asing, dan contoh yang diterbitkan tidak memungutnya.",
    confidence="S",
)
def programmes_due(programmes: int, firm_size: int, citizenship: int) -> int:
    """The programmes as bits; `programmes` is 0 when not given, `citizenship` 1 for Indonesians."""
    if programmes:
        return programmes
    if firm_size == MICRO:
        return DEATH_AND_ACCIDENT
    if firm_size == STATE or not citizenship:
        return WITH_SAVINGS
    if firm_size == SMALL:
        return WITH_SAVINGS + JKP
    return WITH_PENSION + JKP


@rule(
    cites="PP 45/2015 Pasal 15 ayat (1)-(4)",
    says_id="Iuran JP dibayar sampai usia pensiun; yang memilih menerima pensiun saat berhenti bekerja tetap membayar "
    "paling lama 3 tahun lagi.",
    says_en="JP is paid until the pension age; who chose to receive the pension on leaving work pays on for at most "
    "3 years.",
    unit="flag",
    choice="Sejak bulan ia mencapai usia pensiun, iuran tidak dipungut lagi; teks tidak menyebut bulan iuran terakhir.",
)
def jp_due(programmes_due: int, age: int, jp_postponed: bool, pension_age: int, jp_postponed_years: int) -> bool:
    """Whether JP is owed at this age."""
    if not programmes_due & JP:
        return False
    if jp_postponed:
        return age < pension_age + jp_postponed_years
    return age < pension_age


@rule(
    cites="PP 37/2021 Pasal 4 ayat (2)-(3)",
    says_id="Peserta JKP adalah WNI yang belum berusia 54 tahun saat mendaftar dan ikut JKK, JKM, dan JHT (pada usaha "
    "menengah dan besar juga JP).",
    says_en="JKP is for Indonesians below 54 when registered who are in JKK, JKM and JHT (in medium and large firms "
    "also JP).",
    unit="flag",
    choice="Kepesertaan JKN sebagai pekerja badan usaha dianggap ada. Usia yang dibandingkan adalah usia sekarang, "
    "kecuali jkp_member menyatakan ia sudah terdaftar sebelum 54 tahun.",
)
def jkp_due(
    programmes_due: int, firm_size: int, citizenship: int, age: int, jkp_member: bool, jkp_entry_age: int
) -> bool:
    """Whether the worker is a JKP participant."""
    if not programmes_due & JKP or firm_size == STATE or not citizenship:
        return False
    needed = WITH_SAVINGS
    if firm_size in (MEDIUM, LARGE):
        needed = WITH_PENSION
    if programmes_due & needed != needed:
        return False
    return age < jkp_entry_age or jkp_member
