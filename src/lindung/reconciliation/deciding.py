"""What people say by hand, with four eyes: whose money a line is, that it is not, that money came in another way."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.contributions.actions import receive_payment
from lindung.contributions.models import Bill, Payment
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.ui.words import long_date, rupiah
from lindung.payers.models import Payer
from lindung.reconciliation.matching import in_turn, receive
from lindung.reconciliation.models import Line, Match, Proposal, Verdict
from lindung.reconciliation.suspense import BANK, KIND, follow_suspense

PROPOSE = "reconciliation.propose"
DECIDE = "reconciliation.decide"
SHORTEST_REASON = 5


@transaction.atomic
def propose_identification(
    actor: Actor,
    line_id: int,
    reason: str,
    *,
    payer_id: int | None = None,
    bill_id: int | None = None,
    payment_id: int | None = None,
    entry_id: int | None = None,
) -> Proposal:
    """Say whose money a line is: a payer's (for a bill first, if named), a payment recorded before, or an entry the
    books have already. Nothing changes until a second person agrees.

    Raises NotFound, InvalidInput (not exactly one of them, another amount, money out given to a payer), Conflict (the
    line is known, or a proposal waits)."""
    actor.require(PROPOSE)
    line = _line_in_turn(line_id)
    if sum(value is not None for value in (payer_id, payment_id, entry_id)) != 1:
        raise InvalidInput(
            "say_one_thing",
            _("Pilih satu: pembayar, pembayaran yang sudah tercatat, atau ayat buku besar."),
            field="payer_id",
        )
    if standing_of(line.pk) is not None:
        raise Conflict("line_known", _("Baris ini sudah dikenali. Lepaskan dahulu bila keliru."))
    _refuse_waiting(line)
    if payer_id is not None:
        _check_payer(line, payer_id, bill_id)
    if payment_id is not None:
        _check_payment(line, payment_id)
    if entry_id is not None:
        _check_entry(line, entry_id)
    proposal = Proposal.objects.create(
        kind=Proposal.Kind.IDENTIFY,
        line=line,
        payer_id=payer_id,
        bill_id=bill_id,
        payment_id=payment_id,
        entry_id=entry_id,
        reason=_reason(reason),
        proposed_by_id=_person(actor),
    )
    record(actor, "reconciliation.propose_identification", f"line:{line.pk}", proposal.reason)
    return proposal


@transaction.atomic
def propose_release(actor: Actor, line_id: int, reason: str) -> Proposal:
    """Say that a line is not what it was taken for. A payment that was made out of the line is reversed in
    contributions instead, which frees the line by itself. Raises NotFound, Conflict."""
    actor.require(PROPOSE)
    line = _line_in_turn(line_id)
    standing = standing_of(line.pk)
    if standing is None:
        raise Conflict("line_unknown", _("Baris ini belum dikenali, jadi tidak ada yang dilepas."))
    if standing.payment is not None and standing.payment.kind == Payment.Kind.STATEMENT:
        raise Conflict(
            "reverse_payment",
            _("Pembayaran %(reference)s dibuat dari baris ini.") % {"reference": standing.payment.reference},
            way_out=_("Batalkan pembayarannya; barisnya kembali ke daftar yang belum dikenali."),
        )
    _refuse_waiting(line)
    proposal = Proposal.objects.create(
        kind=Proposal.Kind.RELEASE, line=line, reason=_reason(reason), proposed_by_id=_person(actor)
    )
    record(actor, "reconciliation.propose_release", f"line:{line.pk}", proposal.reason)
    return proposal


@transaction.atomic
def propose_receipt(
    actor: Actor,
    payer_id: int,
    amount: int,
    paid_on: date,
    reference: str,
    reason: str,
    bill_id: int | None = None,
) -> Proposal:
    """Say that money came in which no message of a bank tells of: cash at the counter, a proof of transfer.

    Raises NotFound, InvalidInput (amount, day, number), Conflict (the number stands already)."""
    actor.require(PROPOSE)
    reference = " ".join(reference.split())
    if not 0 < amount < 2**62:
        raise InvalidInput("amount_not_positive", _("Jumlah harus lebih dari nol, contoh 16.800."), field="amount")
    if paid_on > today():
        raise InvalidInput(
            "paid_in_future",
            _("Tanggal bayar %(day)s belum tiba.") % {"day": long_date(paid_on)},
            field="paid_on",
        )
    if not reference or len(reference) > 80:
        raise InvalidInput("reference_missing", _("Isi nomor bukti, contoh KWT-0012/2026."), field="reference")
    _payer(payer_id, bill_id)
    waiting = Proposal.objects.filter(kind=Proposal.Kind.RECEIPT, reference=reference)
    taken = waiting.filter(verdict__isnull=True) | waiting.filter(verdict__outcome=Verdict.Outcome.APPROVED)
    if taken.exists() or Payment.objects.filter(reference=reference).exists():
        raise Conflict(
            "reference_used",
            _("Nomor bukti %(reference)s sudah dipakai.") % {"reference": reference},
            field="reference",
            way_out=_("Periksa nomornya; uang yang sama tidak dicatat dua kali."),
        )
    proposal = Proposal.objects.create(
        kind=Proposal.Kind.RECEIPT,
        payer_id=payer_id,
        bill_id=bill_id,
        amount=amount,
        paid_on=paid_on,
        reference=reference,
        reason=_reason(reason),
        proposed_by_id=_person(actor),
    )
    record(actor, "reconciliation.propose_receipt", f"proposal:{proposal.pk}", proposal.reason)
    return proposal


@transaction.atomic
def decide(actor: Actor, proposal_id: int, *, approve: bool) -> Verdict:
    """The second person's word, which does at once what was asked. Decided again the same way, it stays.

    Raises NotFound, Conflict (the proposer's own, decided otherwise before, or things have changed since)."""
    actor.require(DECIDE)
    proposal = Proposal.objects.select_related("line__account").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound("proposal_not_found", _("Usulan tidak ditemukan."))
    _lock(proposal)
    outcome = Verdict.Outcome.APPROVED if approve else Verdict.Outcome.RETURNED
    if earlier := Verdict.objects.filter(pk=proposal_id).first():
        if earlier.outcome != outcome:
            raise Conflict("proposal_decided", _("Usulan ini sudah diputuskan."))
        return earlier
    if proposal.proposed_by_id == _person(actor):
        raise Conflict(
            "four_eyes",
            _("Usulan diputuskan oleh pejabat lain, bukan oleh pengusulnya."),
            way_out=_("Minta rekan yang berwenang memeriksanya."),
        )
    if approve:
        in_turn()
    payment_id = _received(actor, proposal) if approve else None
    verdict = Verdict.objects.create(
        proposal=proposal,
        proposed_by_id=proposal.proposed_by_id,
        decided_by_id=_person(actor),
        outcome=outcome,
        payment_id=payment_id,
    )
    if approve and proposal.line is not None:
        _match(actor, proposal, proposal.line)
    record(actor, "reconciliation.decide", f"proposal:{proposal_id}", proposal.reason, after={"outcome": str(outcome)})
    return verdict


def standing_of(line_id: int) -> Match | None:
    """What a line stands for now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT match_id FROM reconciliation_standing WHERE line_id = %s", [line_id])
        row = cursor.fetchone()
    return Match.objects.select_related("payment__payer", "entry").get(pk=row[0]) if row else None


def _received(actor: Actor, proposal: Proposal) -> int | None:
    """A receipt becomes a payment; the other kinds make none here."""
    if proposal.kind != Proposal.Kind.RECEIPT or proposal.payer_id is None:
        return None
    if proposal.paid_on is None or proposal.amount is None:
        return None
    made = receive_payment(
        actor,
        proposal.payer_id,
        "manual",
        proposal.reference,
        proposal.paid_on,
        proposal.amount,
        proposal.bill_id,
    )
    if made.repeated:
        raise Conflict(
            "reference_used",
            _("Nomor bukti %(reference)s sudah tercatat sebagai pembayaran.") % {"reference": proposal.reference},
            way_out=_("Kembalikan usulan ini."),
        )
    return int(made.payment.pk)


def _match(actor: Actor, proposal: Proposal, line: Line) -> None:
    standing = standing_of(line.pk)
    release = proposal.kind == Proposal.Kind.RELEASE
    if release == (standing is None):
        raise Conflict(
            "changed_since",
            _("Keadaan baris ini sudah berubah sejak diusulkan."),
            way_out=_("Kembalikan usulan ini, lalu periksa barisnya."),
        )
    payment_id = proposal.payment_id
    if proposal.payer_id is not None:
        payment_id = receive(actor, line, proposal.payer_id, proposal.bill_id)
    elif payment_id is not None:
        _check_payment(line, payment_id)
    elif proposal.entry_id is not None:
        _check_entry(line, proposal.entry_id)
    Match.objects.create(
        line=line,
        ordinal=line.matches.count() + 1,
        how=Match.How.RELEASE if release else Match.How.MANUAL,
        payment_id=payment_id,
        entry_id=proposal.entry_id,
        proposal=proposal,
        made_by=actor.name,
    )
    follow_suspense(actor, [line.pk])


def _lock(proposal: Proposal) -> None:
    """Acts on one line, and decisions on one proposal, wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7335, %s)", [proposal.line_id or 0])
        cursor.execute("SELECT pg_advisory_xact_lock(7336, %s)", [proposal.pk])


def _line_in_turn(line_id: int) -> Line:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7335, %s)", [line_id])
    line = Line.objects.select_related("account").filter(pk=line_id).first()
    if line is None:
        raise NotFound("line_not_found", _("Baris rekening koran tidak ditemukan."))
    return line


def _refuse_waiting(line: Line) -> None:
    if line.proposals.filter(verdict__isnull=True).exists():
        raise Conflict(
            "proposal_waits",
            _("Usulan untuk baris ini masih menunggu pejabat kedua."),
            way_out=_("Minta pejabat lain memutuskannya dahulu."),
        )


def _check_payer(line: Line, payer_id: int, bill_id: int | None) -> None:
    if line.amount <= 0:
        raise InvalidInput(
            "money_out",
            _("Baris ini uang keluar, jadi bukan pembayaran iuran."),
            field="payer_id",
            way_out=_("Cocokkan dengan ayat buku besar yang sudah ada."),
        )
    _payer(payer_id, bill_id)


def _payer(payer_id: int, bill_id: int | None) -> None:
    if not Payer.objects.filter(pk=payer_id).exists():
        raise NotFound("payer_not_found", _("Pembayar tidak ditemukan."), field="payer_id")
    if bill_id is not None and not Bill.objects.filter(pk=bill_id, payer_id=payer_id, issue__amount__gt=0).exists():
        raise NotFound("bill_not_found", _("Tagihan tidak ditemukan pada pembayar ini."), field="bill_id")


def _check_payment(line: Line, payment_id: int) -> None:
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("payment_not_found", _("Pembayaran tidak ditemukan."), field="payment_id")
    if payment.amount != line.amount:
        raise InvalidInput(
            "amount_differs",
            _("Pembayaran itu %(amount)s, sedangkan baris ini %(line)s.")
            % {"amount": rupiah(payment.amount), "line": rupiah(line.amount)},
            field="payment_id",
        )
    if payment.reversals.filter(decision__outcome="approved").exists():
        raise Conflict("payment_reversed", _("Pembayaran itu sudah dibatalkan."), field="payment_id")
    if _stands("payment_id", payment_id):
        raise Conflict("payment_taken", _("Pembayaran itu sudah cocok dengan baris lain."), field="payment_id")


def _check_entry(line: Line, entry_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.kind, coalesce(sum(p.amount) FILTER (WHERE p.account_id = %s), 0)::bigint"
            "  FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id WHERE e.id = %s GROUP BY e.id",
            [BANK, entry_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("entry_not_found", _("Ayat buku besar tidak ditemukan."), field="entry_id")
    if row[0] in (KIND, "payment"):
        raise InvalidInput(
            "entry_of_payment",
            _("Ayat itu milik sebuah pembayaran atau uang yang belum dikenali."),
            field="entry_id",
            way_out=_("Pilih pembayarannya, atau ayat lain."),
        )
    if row[1] != line.amount:
        raise InvalidInput(
            "amount_differs",
            _("Ayat itu menggerakkan bank %(amount)s, sedangkan baris ini %(line)s.")
            % {"amount": rupiah(row[1]), "line": rupiah(line.amount)},
            field="entry_id",
        )
    if _stands("entry_id", entry_id):
        raise Conflict("entry_taken", _("Ayat itu sudah cocok dengan baris lain."), field="entry_id")


def _stands(column: str, value: int) -> bool:
    statement = {
        "payment_id": "SELECT EXISTS (SELECT 1 FROM reconciliation_standing WHERE payment_id = %s)",
        "entry_id": "SELECT EXISTS (SELECT 1 FROM reconciliation_standing WHERE entry_id = %s)",
    }[column]
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        return bool(cursor.fetchone()[0])


def _reason(reason: str) -> str:
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(
            "reason_missing", _("Tulis alasannya, contoh: sesuai bukti transfer dari bendahara."), field="reason"
        )
    return reason.strip()[:250]


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise InvalidInput("person_needed", _("Tindakan ini dilakukan oleh orang, bukan oleh sistem."))
    return actor.user_id
