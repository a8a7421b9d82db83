"""What heirs receive after a death that is not by work: PP 44/2015 Pasal 34, 41-42, Permenaker 1/2025."""

from __future__ import annotations

from ..form.rules import rule
from ..form.words import CoverStatus, Segment
from ..membership.arrears import EMPLOYER_FIRST


@rule(
    cites="PP 44/2015 Pasal 42 ayat (2); PP 44/2015 Pasal 41 ayat (2)",
    says_id="Tunggakan lebih dari 3 bulan menghapus hak bukan penerima upah; bagi penerima upah hak tetap ada.",
    says_en="More than 3 months of arrears ends the right of BPU; a wage earner's right remains.",
    unit="flag",
)
def jkm_due(segment: int, cover: int) -> bool:
    """Whether the heirs have a right to the JKM benefit."""
    return segment == Segment.PU or cover != CoverStatus.INACTIVE


@rule(
    cites="Permenaker 1/2025; PP 44/2015 Pasal 34 ayat (1)",
    says_id="Sejak 24 Februari 2025, JKM penuh bila iuran dibayar paling sedikit 3 bulan berturut-turut.",
    says_en="Since 24 February 2025 the full JKM benefit needs at least 3 consecutive monthly contributions.",
    unit="flag",
    choice="Batasnya: 3 iuran bulanan telah dibayar dan bulan ketiga telah dimulai. Hanya untuk bukan penerima "
    "upah, karena sumber resmi hanya menyebut BPU. Hari kematian yang menentukan, juga bagi yang terdaftar sebelumnya.",
    confidence="S",
)
def jkm_full(
    segment: int, months_paid_consecutive: int, death_month_since_registration: int, jkm_minimum_months: int
) -> bool:
    """Whether the death is late enough for the full benefit; a death month of 0 is one not stated."""
    if segment == Segment.PU or jkm_minimum_months == 0:
        return True
    if 0 < death_month_since_registration < jkm_minimum_months:
        return False
    return months_paid_consecutive >= jkm_minimum_months


@rule(
    cites="Permenaker 1/2025; PP 44/2015 Pasal 34 ayat (1)",
    says_id="Kematian pada bulan ketiga perlu diputuskan petugas.",
    says_en="A death in the third month needs an officer's decision.",
    unit="flag",
    choice="Sumber berbeda: ada yang menulis bulan ke-1 sampai ke-3 hanya biaya pemakaman, ada yang menulis "
    "cukup 3 iuran.",
    confidence="S",
)
def jkm_border_case(segment: int, death_month_since_registration: int, jkm_minimum_months: int) -> bool:
    """Whether the death falls in the month on which the sources differ."""
    return segment == Segment.BPU and 0 < death_month_since_registration == jkm_minimum_months


@rule(
    cites="PP 82/2019 Pasal 34 ayat (1) huruf a; PP 44/2015 Pasal 34 ayat (1) huruf a",
    says_id="Santunan sekaligus JKM.",
    says_en="The JKM lump sum.",
)
def jkm_death(jkm_due: bool, jkm_full: bool, jkm_lump_sum: int) -> int:
    """Lump sum the heirs have a right to."""
    return jkm_lump_sum if jkm_due and jkm_full else 0


@rule(
    cites="PP 82/2019 Pasal 34 ayat (1) huruf b; PP 44/2015 Pasal 34 ayat (1) huruf b",
    says_id="Santunan berkala JKM dibayar sekaligus.",
    says_en="The JKM periodic benefit, paid at once.",
)
def jkm_periodic(jkm_due: bool, jkm_full: bool, jkm_periodic_amount: int) -> int:
    """Periodic benefit the heirs have a right to."""
    return jkm_periodic_amount if jkm_due and jkm_full else 0


@rule(
    cites="PP 82/2019 Pasal 34 ayat (1) huruf c; PP 44/2015 Pasal 34 ayat (1) huruf c",
    says_id="Biaya pemakaman dibayar sekali, walaupun peserta punya lebih dari satu kepesertaan.",
    says_en="The funeral grant is paid once, even for a participant with several memberships.",
    choice="Menurut brosur 2026 dan contoh pembayaran 2018; sebuah contoh 2023 membayarnya dua kali. Teks PP tidak "
    "mengaturnya.",
    confidence="S",
)
def jkm_funeral_once(funeral_already_paid: bool, jkm_funeral_amount: int) -> int:
    """The grant, unless another membership has paid it."""
    return 0 if funeral_already_paid else jkm_funeral_amount


@rule(
    cites="PP 82/2019 Pasal 34 ayat (1) huruf c; PP 44/2015 Pasal 34 ayat (1) huruf c",
    says_id="Biaya pemakaman JKM.",
    says_en="The JKM funeral grant.",
)
def jkm_funeral(jkm_due: bool, jkm_funeral_once: int) -> int:
    """Funeral grant the heirs have a right to."""
    return jkm_funeral_once if jkm_due else 0


@rule(
    cites="PP 82/2019 Pasal 34 ayat (1); PP 44/2015 Pasal 34 ayat (1)",
    says_id="Jumlah santunan JKM.",
    says_en="Total JKM benefits.",
)
def jkm_total(jkm_death: int, jkm_periodic: int, jkm_funeral: int) -> int:
    """Sum of the three parts."""
    return jkm_death + jkm_periodic + jkm_funeral


@rule(
    cites="PP 44/2015 Pasal 41; PP 44/2015 Pasal 42 ayat (1)",
    says_id="Bukan penerima upah yang menunggak: biaya pemakaman seketika, sisanya setelah tunggakan dilunasi.",
    says_en="BPU in arrears: the funeral grant at once, the rest once the arrears are paid.",
)
def jkm_payable_now(segment: int, cover: int, arrears_settled: bool, jkm_total: int, jkm_funeral: int) -> int:
    """What BPJS Ketenagakerjaan pays now."""
    if cover == CoverStatus.ACTIVE:
        return jkm_total
    if cover == CoverStatus.INACTIVE:
        return 0
    if segment == Segment.PU or arrears_settled:
        return jkm_total
    return jkm_funeral


@rule(
    cites="PP 44/2015 Pasal 41 ayat (3); PP 44/2015 Pasal 42 ayat (1) huruf b",
    says_id="Sisanya dibayar setelah tunggakan dilunasi.",
    says_en="The rest is paid once the arrears are paid.",
    choice=EMPLOYER_FIRST + "penggantian setelah melunasi tunggakan dan denda; angka ini penggantian itu.",
)
def jkm_after_arrears(jkm_total: int, jkm_payable_now: int) -> int:
    """What follows the payment of arrears."""
    return jkm_total - jkm_payable_now
