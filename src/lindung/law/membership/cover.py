"""Cover on a day, read from the contributions paid: PP 44/2015 Pasal 11 and 38-42, Permenaker 1/2025.

`paid` is a table of (first month, last month, day paid), oldest first; only what was paid by `on` counts. Months and
days are the numbers of `calendar`; 0 is none.
"""

from __future__ import annotations

from ..contributions.lateness import due_on
from ..form.calendar import first_day, last_day, month_of
from ..form.rules import rule
from ..form.series import History, value_on
from ..form.words import CoverStatus, Segment

Paid = tuple[tuple[int, int, int], ...]

FRESH_START = (
    "Bulan yang dilunasi kemudian menyambung kembali masa berturut-turut; bulan yang dilewati tanpa dilunasi "
    "memulainya dari awal."
)


def day_paid(month: int, paid: Paid, on: int) -> int:
    """The day a month was first paid, as known on a day; 0 when it was not."""
    earliest = 0
    for first, last, day in paid:
        if first <= month <= last and day <= on and (earliest == 0 or day < earliest):
            earliest = day
    return earliest


@rule(
    cites="PP 44/2015 Pasal 24; PP 44/2015 Pasal 42 ayat (1)",
    says_id="Bulan iuran terakhir yang sudah lunas tanpa terputus.",
    says_en="The last contribution month paid without a gap.",
    unit="month",
)
def paid_through(paid: Paid, on: int) -> int:
    """End of the unbroken run of paid months that began no later than this month."""
    month = month_of(on)
    latest = 0
    for first, last, day in paid:
        if day <= on and first <= month:
            latest = max(latest, min(last, month))
    for first, last, day in paid:  # the oldest months first, so once is enough
        if first <= latest + 1 <= last and day <= on:
            latest = last
    return latest


@rule(
    cites="PP 44/2015 Pasal 42 ayat (1)",
    says_id="Bulan iuran pertama dari masa pembayaran yang tidak terputus.",
    says_en="The first contribution month of the unbroken run.",
    unit="month",
    choice=FRESH_START,
    confidence="S",
)
def run_start(paid: Paid, paid_through: int, on: int) -> int:
    """Start of the unbroken run that ends at `paid_through`."""
    start = paid_through
    for i in range(len(paid) - 1, -1, -1):
        if paid[i][0] < start <= paid[i][1] + 1 and paid[i][2] <= on:
            start = paid[i][0]
    return start


@rule(
    cites="Permenaker 1/2025",
    says_id="Banyaknya bulan berturut-turut yang lunas sampai bulan ini.",
    says_en="Months paid in a row up to this month.",
    unit="months",
    choice="Bulan yang dibayar di muka baru dihitung setelah bulan itu tiba.",
    confidence="S",
)
def consecutive_months(run_start: int, paid_through: int, on: int) -> int:
    """Length of the run, months still to come left out."""
    if run_start == 0:
        return 0
    return min(paid_through, month_of(on)) - run_start + 1


def months_until_due(segment: int, month: int, pu_due_months_after: History, bpu_due_months_after: History) -> int:
    """Months from a contribution month to the month it is due, by what held in the contribution month."""
    if segment == Segment.PU:
        return value_on(pu_due_months_after, first_day(month), 0)
    return value_on(bpu_due_months_after, first_day(month), 0)


@rule(
    cites="PP 44/2015 Pasal 21 ayat (2)-(3); PP 44/2015 Pasal 24 ayat (3)-(4); PP 49/2020",
    says_id="Banyaknya bulan iuran belum dibayar sampai bulan terakhir yang sudah lewat jatuh tempo.",
    says_en="Contribution months unpaid up to the last one past its due date.",
    unit="months",
    choice="Sabtu, Minggu, dan hari libur dalam daftar yang diberikan dianggap bukan hari kerja.",
)
def arrears_months(
    segment: int,
    paid_through: int,
    pu_due_months_after_history: History,
    bpu_due_months_after_history: History,
    due_day_history: History,
    due_before_holiday_history: History,
    holidays: tuple[int, ...],
    on: int,
) -> int:
    """Months after the run up to the last whose due date has passed, each by the figures of its own month."""
    if paid_through == 0:
        return 0
    month = month_of(on) + 1
    due = on
    while due >= on:
        month -= 1
        begins = first_day(month)
        due = due_on(
            month,
            months_until_due(segment, month, pu_due_months_after_history, bpu_due_months_after_history),
            value_on(due_day_history, begins, 1),
            value_on(due_before_holiday_history, begins, 0) != 0,
            holidays,
        )
    return max(0, month - paid_through)


@rule(
    cites="PP 44/2015 Pasal 38; PP 44/2015 Pasal 39; PP 44/2015 Pasal 41; PP 44/2015 Pasal 42",
    says_id="Masa tenggang: tiga bulan iuran berturut-turut tanpa pembayaran masih dilindungi.",
    says_en="Grace: three contribution months in a row without payment are still covered.",
    unit="day",
    choice="Dihitung sampai akhir bulan ketiga yang dapat ditunggak (bagi penerima upah sebulan lebih lambat, "
    "karena iurannya jatuh tempo bulan berikutnya): perlindungan berhenti saat bulan keempat dimulai.",
)
def grace_until(
    segment: int,
    paid_through: int,
    grace_months: int,
    pu_due_months_after_history: History,
    bpu_due_months_after_history: History,
) -> int:
    """Last day of grace."""
    if paid_through == 0:
        return 0
    last = paid_through + grace_months
    return last_day(last + months_until_due(segment, last, pu_due_months_after_history, bpu_due_months_after_history))


@rule(
    cites="PP 44/2015 Pasal 39 ayat (2); PP 44/2015 Pasal 42 ayat (2)",
    says_id="Hari pertama tanpa perlindungan bila tidak ada pembayaran lagi.",
    says_en="First day without cover if nothing more is paid.",
    unit="day",
)
def inactive_from(grace_until: int) -> int:
    """The day after grace."""
    if grace_until == 0:
        return 0
    return grace_until + 1


@rule(
    cites="PP 44/2015 Pasal 11 ayat (4)-(5)",
    says_id="Terlindungi sejak terdaftar dan iuran pertama masa ini lunas.",
    says_en="Protected since registered and the run's first contribution was paid.",
    unit="day",
    choice="Nomor kepesertaan dianggap terbit pada hari syarat terakhir terpenuhi. Bagi penerima upah, hari bayar "
    "tidak menunda perlindungan karena iurannya jatuh tempo bulan berikutnya.",
)
def protected_since(segment: int, registered_on: int, paid: Paid, run_start: int, on: int) -> int:
    """First day of unbroken cover."""
    if run_start == 0:
        return 0
    begins = max(registered_on, first_day(run_start))
    if segment == Segment.BPU:
        begins = max(begins, day_paid(run_start, paid, on))
    return begins


@rule(
    cites="PP 44/2015 Pasal 38; PP 44/2015 Pasal 39; PP 44/2015 Pasal 41; PP 44/2015 Pasal 42",
    says_id="Aktif bila tidak menunggak, tenggang bila menunggak sampai 3 bulan, selain itu nonaktif.",
    says_en="Active without arrears, in grace up to three months of arrears, otherwise inactive.",
    unit="cover",
)
def status(protected_since: int, grace_until: int, arrears_months: int, on: int) -> int:
    """Cover on the day."""
    if protected_since == 0 or on < protected_since or on > grace_until:
        return CoverStatus.INACTIVE
    if arrears_months == 0:
        return CoverStatus.ACTIVE
    return CoverStatus.GRACE


@rule(
    cites="Permenaker 1/2025",
    says_id="JKM penuh sejak bulan ketiga yang lunas berturut-turut dimulai dan iuran ketiga dibayar.",
    says_en="Full JKM since the third consecutive paid month began and its contribution was paid.",
    unit="day",
    choice="Diambil yang lebih lambat dari hari pertama bulan ketiga dan hari iuran ketiga dibayar, agar iuran di "
    "muka tidak mempersingkat masa itu. Yang sudah memenuhinya pada 24 Februari 2025, dan penerima upah, "
    "penuh sejak terlindungi.",
    confidence="S",
)
def jkm_full_from(
    segment: int,
    status: int,
    paid: Paid,
    run_start: int,
    paid_through: int,
    protected_since: int,
    jkm_minimum_months: int,
    jkm_minimum_months_from: int,
    on: int,
) -> int:
    """First day of full JKM; 0 when cover is inactive or the third contribution is not yet paid."""
    if status == CoverStatus.INACTIVE:
        return 0
    if segment == Segment.PU or jkm_minimum_months == 0:
        return protected_since
    last_needed = run_start + jkm_minimum_months - 1
    if paid_through < last_needed:
        return 0
    full_from = max(first_day(last_needed), protected_since)
    for month in range(run_start, last_needed + 1):
        full_from = max(full_from, day_paid(month, paid, on))
    if full_from <= jkm_minimum_months_from:
        return protected_since
    return full_from
