"""Money that comes in, and the undoing of what was none. The database function contributions_receive does the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.contributions.billing import OpenAmount, open_amounts, use_credits
from lindung.contributions.following import follow
from lindung.contributions.locks import lock_payers
from lindung.contributions.models import Bill, Payment, PaymentReversal, PaymentReversalDecision
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.ui.words import long_date, rupiah

CONFIRM = "contributions.confirm_reversal"
REVERSE = "contributions.reverse_payment"
SHORTEST_REASON = 5


@dataclass(frozen=True)
class PaymentResult:
    """A payment, the bills it settled to the last rupiah, how many people's months are paid by that, and what of it
    pays no bill yet (rupiah).

    `repeated`: the same reference had come before, and nothing was changed now."""

    payment: Payment
    settled_bills: list[int]
    people: int
    repeated: bool
    unapplied: int = 0


def receive_payment(
    actor: Actor,
    payer_id: int,
    kind: str,
    reference: str,
    paid_on: date,
    amount: int,
    bill_id: int | None = None,
    channel: str = "",
) -> PaymentResult:
    """Money that came in, whatever the amount: it settles that bill, then the payer's oldest; the rest stays as the
    payer's credit and pays what is issued next. Cover follows within seconds (`refresh_pending`).

    One statement. The same reference with the same content changes nothing (`repeated`). Raises Conflict
    («reference_differs») when its content is another; InvalidInput for a wrong amount, reference or day; NotFound for a
    bill that is not issued to this payer."""
    reference = _checked_reference(reference)
    moment = now()
    _check_money(kind, paid_on, amount, moment.date())
    with transaction.atomic():
        result = _receive(
            actor, payer_id, kind, reference, paid_on, amount, [bill_id] if bill_id else [], moment, channel=channel
        )
    return result


@transaction.atomic
def record_payment(
    actor: Actor,
    payer_id: int,
    kind: str,
    reference: str,
    paid_on: date,
    amount: int,
    bill_ids: list[int],
    *,
    instalment: bool = False,
) -> PaymentResult:
    """Money came in for these bills and no others: settle them, the oldest first, and bring cover up to date, in one
    transaction.

    A reference that came before with the same content changes nothing. Raises Conflict when its content differs;
    InvalidInput when the amount is more than the bills ask, or less without being meant as an `instalment`: a bill
    paid in part stays unsettled until the last rupiah."""
    reference = _checked_reference(reference)
    moment = now()
    _check_money(kind, paid_on, amount, moment.date())
    if not bill_ids:
        raise InvalidInput("no_bill", _("Pilih tagihan yang dibayar."), field="bill_ids")
    lock_payers([payer_id])
    bills = bill_ids
    if not Payment.objects.filter(reference=reference).exists():
        open_bills = _asked(payer_id, bill_ids)
        _check_amount(amount, sum(bill.left for bill in open_bills), instalment)
        bills = [bill.bill_id for bill in open_bills]
    result = _receive(actor, payer_id, kind, reference, paid_on, amount, bills, moment, only=True)
    if not result.repeated:
        follow(result.settled_bills)
    return result


def _receive(
    actor: Actor,
    payer_id: int,
    kind: str,
    reference: str,
    paid_on: date,
    amount: int,
    bills: Sequence[int],
    moment: datetime,
    *,
    only: bool = False,
    channel: str = "",
) -> PaymentResult:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payment_id, received_at, repeated, differs, settled, people, unapplied"
            "  FROM contributions_receive(%s, %s, %s, %s, %s, %s::bigint[], %s, %s, %s, %s, %s, %s)",
            [
                payer_id,
                kind,
                reference,
                paid_on,
                amount,
                list(bills),
                only,
                channel,
                moment,
                actor.user_id,
                actor.name,
                actor.role,
            ],
        )
        payment_id, received_at, repeated, differs, settled, people, unapplied = cursor.fetchone()
    if differs:
        raise _differs(Payment.objects.get(pk=payment_id), "reference_used" if only else "reference_differs")
    if payment_id is None:
        raise NotFound("bill_not_found", _("Tagihan tidak ditemukan pada pembayar ini."), field="bill_id")
    payment = Payment(
        pk=payment_id,
        payer_id=payer_id,
        kind=kind,
        reference=reference,
        paid_on=paid_on,
        amount=amount,
        channel=channel,
        received_at=received_at,
        received_by=actor.name,
    )
    return PaymentResult(payment, settled, people, repeated, unapplied)


def _differs(earlier: Payment, code: str) -> Conflict:
    return Conflict(
        code,
        _("Nomor bukti %(reference)s sudah tercatat: %(amount)s, dibayar %(day)s. Isinya berbeda dengan yang sekarang.")
        % {"reference": earlier.reference, "amount": rupiah(earlier.amount), "day": long_date(earlier.paid_on)},
        field="reference",
        way_out=_("Periksa nomor bukti. Pembayaran lain memakai nomor lain."),
    )


def _checked_reference(reference: str) -> str:
    reference = " ".join(reference.split())
    if not reference or len(reference) > 80:
        raise InvalidInput(
            "reference_missing",
            _("Nomor bukti bayar harus diisi (paling panjang 80 huruf), contoh 00123/SP2D/2026."),
            field="reference",
        )
    return reference


def _check_money(kind: str, paid_on: date, amount: int, day: date) -> None:
    if kind not in Payment.Kind.values:
        raise InvalidInput("payment_kind", _("Cara bayar %(kind)s tidak dikenal.") % {"kind": kind}, field="kind")
    if not 0 < amount < 2**62:
        raise InvalidInput("amount_not_positive", _("Jumlah harus lebih dari nol, contoh 16.800."), field="amount")
    if paid_on > day:
        raise InvalidInput(
            "paid_in_future",
            _("Tanggal bayar %(day)s belum tiba. Isi tanggal uang diterima.") % {"day": long_date(paid_on)},
            field="paid_on",
        )


def _asked(payer_id: int, bill_ids: list[int]) -> list[OpenAmount]:
    """The named bills that still ask something. Raises NotFound or InvalidInput."""
    known = dict(Bill.objects.filter(pk__in=bill_ids, payer_id=payer_id).values_list("pk", "issue__amount"))
    for bill_id in bill_ids:
        if bill_id not in known:
            raise NotFound("bill_not_found", _("Tagihan tidak ditemukan pada pembayar ini."), field="bill_ids")
        if known[bill_id] is None:
            raise InvalidInput(
                "bill_not_issued",
                _("Tagihan belum diterbitkan, jadi belum dapat dibayar."),
                field="bill_ids",
                way_out=_("Terbitkan tagihan lebih dahulu."),
            )
    found = [bill for bill in open_amounts(payer_id, credits=False) if bill.bill_id in set(bill_ids)]
    if not found:
        raise InvalidInput(
            "already_paid",
            _("Tagihan ini sudah lunas."),
            field="bill_ids",
            way_out=_("Bila uang diterima dua kali, kembalikan kepada pembayar."),
        )
    return found


def _check_amount(amount: int, asked: int, instalment: bool) -> None:
    words = {"amount": rupiah(amount), "asked": rupiah(asked), "difference": rupiah(abs(asked - amount))}
    if amount > asked:
        raise InvalidInput(
            "overpaid",
            _("Jumlah %(amount)s lebih %(difference)s dari sisa tagihan %(asked)s.") % words,
            field="amount",
            way_out=_("Catat tepat %(asked)s, atau pilih juga tagihan lain yang ikut dibayar.") % words,
            difference=amount - asked,
        )
    if amount < asked and not instalment:
        raise InvalidInput(
            "underpaid",
            _("Jumlah %(amount)s kurang %(difference)s dari sisa tagihan %(asked)s.") % words,
            field="amount",
            way_out=_("Bila memang dicicil, tandai sebagai angsuran: peserta baru terlindungi setelah lunas."),
            difference=amount - asked,
        )


@transaction.atomic
def reverse_payment(actor: Actor, payment_id: int, reason: str) -> PaymentReversal:
    """Propose that a payment was none: it bounced, or was recorded twice. A second person confirms; until then nothing
    changes. Raises NotFound, InvalidInput (no reason), Conflict (reversed, or proposed, already)."""
    actor.require(REVERSE)
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput("reason_missing", _("Tulis alasannya, contoh: ditolak bank penerima."), field="reason")
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("payment_not_found", _("Pembayaran tidak ditemukan."))
    lock_payers([payment.payer_id])
    open_ones = PaymentReversal.objects.filter(payment=payment)
    if open_ones.filter(decision__outcome="approved").exists():
        raise Conflict("payment_reversed", _("Pembayaran ini sudah dibatalkan."))
    if open_ones.filter(decision__isnull=True).exists():
        raise Conflict(
            "reversal_waits",
            _("Pembatalan pembayaran ini sudah diusulkan dan menunggu pejabat kedua."),
            way_out=_("Minta pejabat lain memutuskannya."),
        )
    reversal = PaymentReversal.objects.create(payment=payment, reason=reason.strip(), proposed_by_id=_person(actor))
    record(actor, "contributions.reverse_payment", f"payment:{payment_id}", reason.strip())
    return reversal


@transaction.atomic
def confirm_reversal(
    actor: Actor, reversal_id: int, *, approve: bool = True, reason: str = ""
) -> PaymentReversalDecision:
    """The second person's word on a proposed reversal. Approved, the money counts no more: bills it paid are open
    again, other credit of the payer is put to use on them, and cover follows. A refusal needs its `reason`. Decided
    again the same way, it stays.

    Raises NotFound, NotAllowed, InvalidInput (refused without a reason), Conflict (the proposer himself, decided
    otherwise before)."""
    actor.require(CONFIRM)
    reason = " ".join(reason.split())[:500]
    if not approve and len(reason) < SHORTEST_REASON:
        raise InvalidInput(
            "reason_missing",
            _("Tulis mengapa usulan ditolak, contoh: uangnya ada pada rekening koran."),
            field="reason",
        )
    reversal = PaymentReversal.objects.select_related("payment").filter(pk=reversal_id).first()
    if reversal is None:
        raise NotFound("reversal_not_found", _("Usulan pembatalan tidak ditemukan."))
    lock_payers([reversal.payment.payer_id])
    outcome = PaymentReversalDecision.Outcome.APPROVED if approve else PaymentReversalDecision.Outcome.RETURNED
    if earlier := PaymentReversalDecision.objects.filter(pk=reversal_id).first():
        if earlier.outcome != outcome:
            raise Conflict("reversal_decided", _("Usulan pembatalan ini sudah diputuskan."))
        return earlier
    if reversal.proposed_by_id == _person(actor):
        raise Conflict(
            "four_eyes",
            _("Pembatalan diputuskan oleh pejabat lain, bukan oleh pengusulnya."),
            way_out=_("Minta rekan yang berwenang memeriksanya."),
        )
    decision = PaymentReversalDecision.objects.create(
        reversal=reversal,
        payment_id=reversal.payment_id,
        proposed_by_id=reversal.proposed_by_id,
        decided_by_id=_person(actor),
        outcome=outcome,
        reason=reason,
        dated=today(),
    )
    if approve:
        _take_out(reversal.payment)
    record(
        actor,
        "contributions.confirm_reversal",
        f"payment:{reversal.payment_id}",
        reason or reversal.reason,
        after={"outcome": str(outcome), "amount": reversal.payment.amount},
    )
    return decision


def _take_out(payment: Payment) -> None:
    """The books, the bills and cover without this payment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT contributions_take_out(%s, %s)", [payment.pk, today()])
        reopened = cursor.fetchone()[0]
    follow([*reopened, *use_credits(payment.payer_id, today())])


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise InvalidInput("person_needed", _("Tindakan ini dilakukan oleh orang, bukan oleh sistem."))
    return actor.user_id
