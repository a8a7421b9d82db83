"""Who does not register, report or pay in full: lists of other offices compared, letters sent, instalments agreed."""

from __future__ import annotations

from datetime import date
from typing import Final

from lindung.compliance import actions as compliance
from lindung.compliance.arrears import arrears_of
from lindung.compliance.models import CompanyList, FindingRun, LadderStep, PaymentPlan, PlanDecision, StepDecision
from lindung.compliance.plans import split
from lindung.core.clock import today
from lindung.payers.models import Payer
from lindung.web.demo.calendar import on
from lindung.web.demo.company_lists import nib_workbook, wlkp_workbook
from lindung.web.demo.employers import SHOP, STORE, payer_of

COMPARED: Final = date(2026, 2, 26)
AGREED: Final = date(2026, 1, 27)
FIRST_INSTALMENT: Final = date(2026, 2, 13)
INSTALMENTS: Final = 3
# What the shop was sent: kind, day, channel, proof; from SP2 on a second officer approves before.
LETTERS: Final = (
    ("reminder", date(2025, 12, 18), "whatsapp", "Terbaca 18 Desember 2025 pukul 09.12"),
    ("sp1", date(2026, 1, 6), "post", "Resi pos PTK0011223344"),
    ("sp2", date(2026, 1, 28), "hand", "Diterima Ibu Rina (bagian kasir)"),
)
NEXT: Final = "summons"  # proposed, and waiting for the second officer


def live() -> None:
    """All of it; repeatable, as every act in it is."""
    shop, store = payer_of(SHOP), payer_of(STORE)
    for kind, day, channel, proof in LETTERS:
        _letter(shop, kind, day, channel, proof)
    _remind(store)
    _plan(store)
    _compare()
    with on(COMPARED, "kepesertaan") as officer:
        if not LadderStep.objects.filter(case__payer=shop, kind=NEXT).exists():
            compliance.propose_step(officer, shop.pk, "Sesudah SP2 belum ada pembayaran maupun kabar.")


def _letter(payer: Payer, kind: str, day: date, channel: str, proof: str) -> None:
    """One step of the ladder, proposed, decided where it must be, and sent on one day."""
    with on(day, "kepesertaan") as officer:
        step = LadderStep.objects.filter(case__payer=payer, kind=kind).first() or compliance.propose_step(
            officer, payer.pk, "Iuran belum dibayar; sudah ditelepon, belum ada kepastian."
        )
    if kind == "sp2" and not StepDecision.objects.filter(step=step).exists():
        with on(day, "penyetuju") as approver:
            compliance.decide_step(approver, step.pk, "approved", "Tenggat SP1 lewat tanpa jawaban")
    with on(day, "kepesertaan") as officer:
        compliance.send_step(officer, step.pk, day, channel, proof)


def _remind(store: Payer) -> None:
    _letter(store, "reminder", date(2026, 1, 20), "email", "hr@contoh.example, 20 Januari 2026")


def _plan(store: Payer) -> None:
    """The store asks to pay in instalments; a second officer agrees."""
    with on(AGREED, "kepesertaan") as officer:
        plan = PaymentPlan.objects.filter(payer=store).first()
        owed = arrears_of(store.pk, today())
        if plan is None and owed is not None:
            plan = compliance.propose_plan(
                officer, store.pk, split(owed.amount, FIRST_INSTALMENT, INSTALMENTS), "Budi Santoso (contoh)",
                "Pemilik", "Toko sepi sesudah banjir; sanggup mengangsur tiga bulan.",
            )  # fmt: skip
    if plan is not None and not PlanDecision.objects.filter(plan=plan).exists():
        with on(AGREED, "penyetuju") as approver:
            compliance.decide_plan(approver, plan.pk, "approved", "Angsuran pertama sebelum jatuh tempo Januari")


def _compare() -> None:
    """Both lists come in, are compared with the register, and the first finding is looked into."""
    lists = (
        (CompanyList.Kind.WLKP, "Dinas Tenaga Kerja Kabupaten Kubu Raya (contoh)", date(2026, 1, 31), wlkp_workbook),
        (CompanyList.Kind.NIB, "DPMPTSP Kabupaten Kubu Raya, data OSS (contoh)", date(2025, 12, 31), nib_workbook),
    )
    with on(COMPARED, "kepesertaan") as officer:
        for kind, source, as_of, book in lists:
            if not CompanyList.objects.filter(kind=kind).exists():
                compliance.receive_list(officer, kind, source, as_of, f"{kind}-contoh.xlsx", book())
        if not FindingRun.objects.exists():
            compliance.find(officer, COMPARED)
