"""When a JHT balance may be taken, and how much: PP 46/2015 Pasal 22, 26 and 29, Permenaker 4/2022."""

from __future__ import annotations

from ..form.calendar import add_months, add_years
from ..form.rounding import PERCENT, SEN
from ..form.rules import rule
from ..form.words import JhtReason


def is_partial(reason: int) -> bool:
    """Whether only a part of the balance is asked for."""
    return reason == JhtReason.PARTIAL_HOUSING or reason == JhtReason.PARTIAL_OTHER


def has_left_work(reason: int) -> bool:
    """Whether the reason is that work ended before the pension age."""
    return JhtReason.RESIGNATION <= reason <= JhtReason.STOPPED_WORKING


@rule(
    cites="PP 46/2015 Pasal 22 ayat (1) dan ayat (4); PP 46/2015 Pasal 26; PP 60/2015 Pasal 26; "
    "Permenaker 4/2022 Pasal 6 dan Pasal 8-10",
    says_id="Hari pertama JHT dapat dibayarkan: usia 56 tahun; satu bulan setelah berhenti bekerja; seketika bila "
    "cacat total tetap, meninggal, atau meninggalkan Indonesia; sebagian setelah 10 tahun menjadi peserta.",
    says_en="First day JHT can be paid: age 56; one month after work ended; at once on total disability, death or "
    "leaving Indonesia; in part after 10 years of membership.",
    unit="day",
    choice="Masa tunggu satu bulan berakhir pada tanggal yang sama bulan berikutnya, juga bagi akhir PKWT dan BPU yang "
    "berhenti bekerja; ringkasan pasalnya tidak menyebut keduanya. Sebelum 12 Agustus 2015 dibayarkan pada usia 56.",
    confidence="S",
)
def jht_payable_from(
    reason: int,
    birth_date: int,
    member_since: int,
    employment_ended_on: int,
    on: int,
    jht_age: int,
    jht_paid_on_leaving_work: bool,
    jht_waiting_months: int,
    jht_partial_years: int,
) -> int:
    """First day on which the reason gives a right."""
    of_age = add_years(birth_date, jht_age)
    if reason == JhtReason.AGE:
        return of_age
    if is_partial(reason):
        return add_years(member_since, jht_partial_years)
    if has_left_work(reason):
        if not jht_paid_on_leaving_work:
            return of_age
        return min(of_age, add_months(employment_ended_on, jht_waiting_months))
    return on


@rule(
    cites="PP 46/2015 Pasal 22 ayat (4)-(6); PP 46/2015 Pasal 26; Permenaker 4/2022 Pasal 12 ayat (1)",
    says_id="JHT dapat dibayarkan bila harinya sudah tiba; sebagian hanya satu kali; karena meninggalkan Indonesia "
    "sejak 26 April 2022 hanya bagi warga negara asing.",
    says_en="JHT can be paid once its day has come; in part only once; for leaving Indonesia, since 26 April 2022, "
    "only to foreign citizens.",
    unit="flag",
    choice="Bila kewarganegaraan tidak disebut, yang meninggalkan Indonesia dianggap warga negara asing.",
)
def jht_allowed(
    reason: int,
    partial_taken: bool,
    citizenship: int,
    on: int,
    jht_payable_from: int,
    jht_leaving_foreigners_only: bool,
) -> bool:
    """Whether the balance, or the part, can be paid on the day."""
    if is_partial(reason) and partial_taken:
        return False
    if reason == JhtReason.LEAVING_INDONESIA and jht_leaving_foreigners_only and citizenship:
        return False
    return jht_payable_from <= on


@rule(
    cites="PP 46/2015 Pasal 22 ayat (3) dan ayat (5)",
    says_id="Seluruh saldo, atau paling banyak 30% untuk rumah, atau paling banyak 10% untuk keperluan lain.",
    says_en="The whole balance, or at most 30% for a house, or at most 10% for other needs.",
    choice="Dibulatkan ke bawah ke rupiah penuh, karena batasnya “paling banyak”.",
)
def jht_amount_max(
    reason: int, balance: int, jht_allowed: bool, jht_housing_percent: int, jht_other_percent: int
) -> int:
    """The most that can be paid on the day; 0 when nothing can."""
    if not jht_allowed:
        return 0
    percent = PERCENT
    if reason == JhtReason.PARTIAL_HOUSING:
        percent = jht_housing_percent
    if reason == JhtReason.PARTIAL_OTHER:
        percent = jht_other_percent
    return balance * percent // (SEN * PERCENT)


@rule(
    cites="PP 46/2015 Pasal 23 ayat (1); PP 46/2015 Pasal 26",
    says_id="Bila peserta meninggal dunia, JHT dibayarkan kepada ahli waris.",
    says_en="When the participant has died, JHT is paid to the heirs.",
    unit="flag",
)
def jht_to_heirs(reason: int) -> bool:
    """Whether the heirs are paid."""
    return reason == JhtReason.DEATH
