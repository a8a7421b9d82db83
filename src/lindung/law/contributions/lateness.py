"""When contributions are due, what lateness costs, and the JP deferral of 2020: PP 44/2015 Pasal 21-24,
PP 46/2015 Pasal 19-21, PP 45/2015 Pasal 30-31, PP 49/2020.

Amounts are in sen: at most 10 trillion rupiah (10^15 sen), and at most 600 months, stay within 64 bits.
"""

from __future__ import annotations

from ..form.calendar import day_in_month, working_day_from
from ..form.rounding import PERCENT, ROUNDING, SCALE, SEN, share_of
from ..form.rules import rule
from ..form.words import Programme, Segment

PU, BPU, JHT = int(Segment.PU), int(Segment.BPU), int(Programme.JHT)


@rule(
    cites="PP 44/2015 Pasal 21 ayat (2); PP 44/2015 Pasal 24 ayat (3); PP 46/2015 Pasal 19 ayat (2); "
    "PP 46/2015 Pasal 21 ayat (3); PP 45/2015 Pasal 30 ayat (3)",
    says_id="Iuran penerima upah jatuh tempo bulan berikutnya; bukan penerima upah bulan itu juga, kecuali JHT bulan "
    "berikutnya.",
    says_en="Wage earners' contributions are due the next month; others' the same month, save JHT the next month.",
    unit="months",
    choice="PP 45/2015 tidak mengatur hari libur bagi JP; dipakai aturan JKK, JKM, dan JHT karena disetor bersama.",
)
def due_months_of_programme(
    segment: int,
    programme: int,
    pu_due_months_after: int,
    bpu_due_months_after: int,
    bpu_jht_due_months_after: int,
) -> int:
    """Months from the contribution month to the month it is due."""
    if segment == PU:
        return pu_due_months_after
    if programme == JHT:
        return bpu_jht_due_months_after
    return bpu_due_months_after


@rule(
    cites="PP 44/2015 Pasal 21 ayat (2)-(3); PP 44/2015 Pasal 24 ayat (3)-(4)",
    says_id="Jatuh tempo iuran bulan ini; bila hari libur, bergeser ke hari kerja terdekat.",
    says_en="Due date of this month's contribution; on a holiday it moves to the nearest working day.",
    unit="day",
    choice="Sabtu, Minggu, dan hari libur dalam daftar yang diberikan dianggap bukan hari kerja.",
)
def due_on(
    month: int, due_months_of_programme: int, due_day: int, due_before_holiday: bool, holidays: tuple[int, ...]
) -> int:
    """Last day to pay the contribution of a month."""
    day = day_in_month(month + due_months_of_programme, due_day)
    return working_day_from(day, -1 if due_before_holiday else 1, holidays)


@rule(
    cites="PP 44/2015 Pasal 22 ayat (1); PP 46/2015 Pasal 20 ayat (1); PP 45/2015 Pasal 31 ayat (1); "
    "PP 49/2020 Pasal 23 ayat (1)",
    says_id="Denda keterlambatan 2% sebulan; 0,5% untuk iuran bulan Agustus 2020 sampai Januari 2021.",
    says_en="Lateness costs 2% a month; 0.5% for contributions of August 2020 to January 2021.",
    unit="per_100000",
)
def late_rate(reliefs: bool, late_penalty_rate: int, pandemic_late_penalty_rate: int) -> int:
    """Penalty for each month late."""
    if reliefs:
        return pandemic_late_penalty_rate
    return late_penalty_rate


@rule(
    cites="PP 44/2015 Pasal 22 ayat (1)-(2); PP 46/2015 Pasal 20; PP 45/2015 Pasal 31",
    says_id="Denda dihitung dari iuran yang seharusnya dibayar, untuk setiap bulan keterlambatan, dan ditanggung "
    "pemberi kerja; bukan penerima upah tidak dikenai denda.",
    says_en="The penalty is taken of the contribution owed, for each month late, and borne by the employer; those "
    "without a wage pay none.",
    choice=ROUNDING + " Tidak berbunga; apakah bagian bulan dihitung sebulan tidak diatur, jadi yang memakai "
    "menyebut banyaknya bulan.",
)
def late_penalty(segment: int, amount: int, months_late: int, late_rate: int) -> int:
    """Penalty on an amount paid so many months late."""
    if segment == BPU:
        return 0
    return share_of(amount, late_rate * months_late, SEN * SCALE)


@rule(
    cites="PP 49/2020 Pasal 17 ayat (2) huruf a",
    says_id="Bila penundaan JP diberikan, 1% dari iuran JP dibayar sesuai jatuh tempo.",
    says_en="Where the JP deferral is granted, 1% of JP is paid when due.",
    choice=ROUNDING,
)
def jp_paid_now(amount: int, pandemic_jp_share: int) -> int:
    """The part of a month's JP that is not deferred."""
    return share_of(amount, pandemic_jp_share, SEN * PERCENT)


@rule(
    cites="PP 49/2020 Pasal 17 ayat (2) huruf b",
    says_id="Sisanya ditunda, bukan dihapus: dilunasi sekaligus atau bertahap.",
    says_en="The rest is deferred, not waived: settled at once or in parts.",
    choice=ROUNDING,
)
def jp_paid_later(amount: int, jp_paid_now: int) -> int:
    """The deferred part of a month's JP."""
    return share_of(amount, 1, SEN) - jp_paid_now


@rule(
    cites="PP 49/2020 Pasal 17 ayat (2) huruf b",
    says_id="Pelunasan dimulai paling lambat 15 Mei 2021.",
    says_en="Settlement starts by 15 May 2021.",
    unit="day",
)
def jp_settled_from(jp_deferral_from: int) -> int:
    """Latest day of the first payment."""
    return jp_deferral_from


@rule(
    cites="PP 49/2020 Pasal 17 ayat (2) huruf b",
    says_id="Pelunasan selesai paling lambat 15 April 2022.",
    says_en="Settlement ends by 15 April 2022.",
    unit="day",
)
def jp_settled_until(jp_deferral_until: int) -> int:
    """Latest day of the last payment."""
    return jp_deferral_until
