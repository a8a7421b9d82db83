"""A member takes JHT out: one officer files it, another approves, the bank pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.crypto import encrypt_text
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.ledger.entitlement import entitlement
from lindung.ledger.models import JhtMovement, JhtPayment, Proposal, Verdict
from lindung.ledger.posting import post
from lindung.ledger.proposing import in_turn, propose

FILE, PAY = "ledger.file_jht", "ledger.pay_jht"
BANK, TAKEN, PAYABLE, TAX = "1101", "2103", "2401", "2402"


@dataclass(frozen=True)
class Payee:
    """Who gets the money: the member, or an heir."""

    name: str
    bank: str
    account: str


def propose_withdrawal(
    actor: Actor, membership_id: int, reason: str, payee: Payee, note: str, asked: int | None = None, npwp: bool = True
) -> Proposal:
    """Ask to pay JHT out, as much as the law gives today. `note` names the papers that were seen.

    Raises NotAllowed, NotFound, InvalidInput (payee, reason, amount), Conflict (no right, or asked already)."""
    actor.require(FILE)
    digits = "".join(payee.account.split())
    if not payee.name.strip() or not payee.bank.strip() or not (digits.isascii() and digits.isdigit()):
        raise InvalidInput(
            "payee_incomplete", _("Isi nama, bank, dan nomor rekening penerima (angka saja)."), field="account"
        )
    due = entitlement(membership_id, reason, asked, npwp)
    content = {
        "reason": reason, "amount": due.amount, "tax": due.tax, "net": due.net, "npwp": npwp, "balance": due.balance,
        "most": due.most, "to_heirs": due.to_heirs, "law_version": due.law_version, "on": due.on.isoformat(),
        "payee": payee.name.strip()[:150], "bank": payee.bank.strip()[:60], "account": encrypt_text(digits),
        "account_end": digits[-4:],
    }  # fmt: skip
    return propose(actor, Proposal.Kind.JHT_OUT, str(membership_id), content, note, FILE)


def take_out(actor: Actor, proposal: Proposal) -> JhtMovement:
    """Carry out what the second officer approved: the account goes down, and the payment and its tax are owed.

    Raises Conflict when the law gives another amount today than when it was filed."""
    asked, membership_id = proposal.content, int(proposal.subject)
    due = entitlement(membership_id, asked["reason"], asked["amount"], asked["npwp"])
    if (due.amount, due.tax) != (asked["amount"], asked["tax"]):
        raise Conflict(
            "entitlement_changed",
            _("Hak peserta berubah sejak diajukan."),
            way_out=_("Kembalikan usul ini dengan alasan itu, lalu ajukan lagi."),
        )
    source = f"usul:{proposal.pk}"
    moved = JhtMovement.objects.create(
        membership_id=membership_id, dated=today(), amount=-due.amount, kind=JhtMovement.Kind.WITHDRAWAL, source=source
    )
    lines = [(TAKEN, due.amount, None), (PAYABLE, -due.net, None), (TAX, -due.tax, None)]
    post(actor, today(), "jht_withdrawal", source, lines, f"JHT {asked['reason']}")
    return moved


@transaction.atomic
def confirm_jht_payment(actor: Actor, proposal_id: int, paid_on: date, bank_reference: str) -> JhtPayment:
    """Note that the bank has paid. The same reference and day again changes nothing.

    Raises NotAllowed, NotFound (none such, or not approved), InvalidInput (day, reference), Conflict (another
    reference was noted, or it is another payment's)."""
    actor.require(PAY)
    in_turn()
    approved = Verdict.objects.filter(proposal__kind=Proposal.Kind.JHT_OUT, outcome=Verdict.Outcome.APPROVED)
    verdict = approved.select_related("proposal").filter(proposal=proposal_id).first()
    if verdict is None:
        raise NotFound("withdrawal_not_found", _("Pengambilan JHT yang disetujui tidak ditemukan."))
    reference = bank_reference.strip()[:60]
    moved = JhtMovement.objects.get(membership_id=int(verdict.proposal.subject), source=f"usul:{proposal_id}")
    if not reference:
        raise InvalidInput("reference_missing", _("Nomor referensi bank belum diisi."), field="bank_reference")
    if not moved.dated <= paid_on <= today():
        raise InvalidInput(
            "paid_on_impossible", _("Tanggal bayar harus antara persetujuan dan hari ini."), field="paid_on"
        )
    earlier = JhtPayment.objects.filter(verdict=verdict).first()
    if earlier is not None and (earlier.bank_reference, earlier.paid_on) == (reference, paid_on):
        return earlier
    if earlier is not None or JhtPayment.objects.filter(bank_reference=reference).exists():
        raise Conflict(
            "bank_reference_conflict",
            _("Pembayaran ini sudah dicatat, atau nomor referensinya milik pembayaran lain."),
            way_out=_("Periksa bukti transfer dari bank."),
            field="bank_reference",
        )
    net = int(verdict.proposal.content["net"])
    made = JhtPayment.objects.create(
        verdict=verdict, paid_on=paid_on, amount=net, bank_reference=reference, confirmed_by=actor.name
    )
    post(actor, paid_on, "jht_payment", f"usul:{proposal_id}", [(PAYABLE, net, None), (BANK, -net, None)], reference)
    record(actor, "ledger.pay_jht", f"ledger_proposal:{proposal_id}", after={"amount": net})
    return made
