"""Whose wage a JKK benefit rests on, and what arrears do to it: PP 44/2015 Pasal 20, 32, 38 and 39."""

from __future__ import annotations

from ..form.rounding import SEN
from ..form.rules import rule
from ..form.words import CoverStatus, Segment
from ..membership.arrears import EMPLOYER_FIRST


@rule(
    cites="PP 44/2015 Pasal 32 ayat (1)",
    says_id="Dasar santunan penerima upah adalah upah terakhir yang dilaporkan.",
    says_en="A wage earner's benefit rests on the last reported wage.",
    unit="sen",
)
def benefit_wage_pu(wage: int) -> int:
    """Wage base of a wage earner, in sen."""
    return wage


@rule(
    cites="PP 44/2015 Pasal 20 ayat (1); PP 44/2015 Lampiran II",
    says_id="Dasar santunan bukan penerima upah adalah dasar iurannya.",
    says_en="A BPU participant's benefit rests on the contribution base.",
    unit="sen",
    confidence="S",
)
def benefit_wage_bpu(bpu_base: int) -> int:
    """Wage base of a participant without a wage, in sen."""
    return bpu_base * SEN


@rule(
    cites="PP 44/2015 Pasal 39 ayat (2); PP 44/2015 Pasal 38 ayat (2)",
    says_id="Tunggakan lebih dari 3 bulan menghapus hak bukan penerima upah; bagi penerima upah hak tetap ada.",
    says_en="More than 3 months of arrears ends the right of BPU; a wage earner's right remains.",
    unit="flag",
)
def jkk_due(segment: int, cover: int) -> bool:
    """Whether there is a right to the JKK cash benefit."""
    return segment == Segment.PU or cover != CoverStatus.INACTIVE


@rule(
    cites="PP 44/2015 Pasal 38; PP 44/2015 Pasal 39 ayat (1) huruf b",
    says_id="Bukan penerima upah yang menunggak menerima santunan uang JKK setelah tunggakan dilunasi.",
    says_en="A BPU participant in arrears gets JKK cash benefits once the arrears are paid.",
    choice="Pasal 39 ayat (1) huruf b menunda seluruh santunan uang, termasuk biaya pemakaman; hanya JKM "
    "(Pasal 42) yang membayar biaya pemakaman seketika.",
)
def jkk_payable_now(segment: int, cover: int, arrears_settled: bool, jkk_total: int) -> int:
    """What BPJS Ketenagakerjaan pays now."""
    if cover == CoverStatus.ACTIVE:
        return jkk_total
    if cover == CoverStatus.INACTIVE:
        return 0
    if segment == Segment.PU or arrears_settled:
        return jkk_total
    return 0


@rule(
    cites="PP 44/2015 Pasal 38 ayat (3); PP 44/2015 Pasal 39 ayat (1) huruf b",
    says_id="Sisanya dibayar setelah tunggakan dilunasi.",
    says_en="The rest is paid once the arrears are paid.",
    choice=EMPLOYER_FIRST + "penggantian setelah melunasi tunggakan dan denda; angka ini penggantian itu.",
)
def jkk_after_arrears(jkk_total: int, jkk_payable_now: int) -> int:
    """What follows the payment of arrears."""
    return jkk_total - jkk_payable_now
