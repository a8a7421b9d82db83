"""Money to the heirs: the bank's file, its release by a second officer, and the bank's confirmation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.claims import letters
from lindung.claims.actions.booking import book_payout
from lindung.claims.finding import person_of_flesh, require_standing
from lindung.claims.models import Decision, Payout, PayoutBatch, PayoutConfirmation, PayoutRelease
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.crypto import decrypt_text
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.files import CSV, PDF, store_file
from lindung.core.log import record
from lindung.formats.disbursement import DisbursementLine, control_total, disbursement_csv

_BATCH_LOCK = (7317, 0)


def make_payout_batch(actor: Actor, decision_ids: Iterable[int]) -> PayoutBatch:
    """Gather approved decisions into one file for the bank, with control totals (count, rupiah, account check).

    Raises InvalidInput for an empty choice, NotFound, and Conflict when a decision is not approved, gives nothing now,
    or is already in a batch: nobody is paid twice."""
    actor.require("claims.make_payout")
    user_id = person_of_flesh(actor)
    wanted = sorted(set(decision_ids))
    if not wanted:
        raise InvalidInput("nothing_chosen", _("Pilih paling sedikit satu klaim yang disetujui."), field="selected")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", _BATCH_LOCK)
            cursor.execute("SELECT nextval(pg_get_serial_sequence('claims_payoutbatch', 'id'))")
            (batch_id,) = cursor.fetchone()
        decisions = list(
            Decision.objects.filter(pk__in=wanted)
            .select_related("claim__event__person", "approval", "payout")
            .order_by("id")
        )
        if len(decisions) != len(wanted):
            raise NotFound("decision_not_found", _("Sebagian keputusan yang dipilih tidak ditemukan."))
        for decision in decisions:
            _require_payable(decision)
        number = f"BYR-{today():%Y%m%d}-{batch_id:04d}"
        lines = [_line(decision) for decision in decisions]
        total = control_total(lines)
        batch = PayoutBatch.objects.create(
            id=batch_id,
            number=number,
            made_by_id=user_id,
            made_on=today(),
            people=total.count,
            amount=total.amount,
            file=store_file(actor, f"{number}.csv", disbursement_csv(number, today(), lines), CSV),
        )
        Payout.objects.bulk_create(
            Payout(decision=d, batch=batch, place_id=d.claim.place_id, amount=d.amount) for d in decisions
        )
        after = {"people": total.count, "amount": total.amount, "account_check": total.account_check}
        record(actor, "claims.make_payout_batch", f"batch:{batch.id}", after=after)
    return batch


def _require_payable(decision: Decision) -> None:
    require_standing(decision.claim.event)
    approval = getattr(decision, "approval", None)
    if decision.outcome != Decision.Outcome.PAY or approval is None or approval.outcome != "approved":
        raise Conflict(
            "not_approved", _("Klaim %(number)s belum disetujui untuk dibayar.") % {"number": decision.claim.number}
        )
    if decision.amount == 0:
        raise Conflict(
            "nothing_payable",
            _("Klaim %(number)s baru dapat dibayar setelah tunggakan lunas.") % {"number": decision.claim.number},
        )
    if getattr(decision, "payout", None) is not None:
        raise Conflict(
            "already_in_batch",
            _("Klaim %(number)s sudah ada di daftar bayar lain.") % {"number": decision.claim.number},
        )


def _line(decision: Decision) -> DisbursementLine:
    claim = decision.claim
    return DisbursementLine(
        reference=f"{claim.number}-{decision.id}",
        name=claim.bank_holder,
        bank=claim.bank_name,
        account=decrypt_text(claim.bank_account),
        amount=decision.amount,
        note=f"Santunan {claim.programme} {claim.event.person.name}",
    )


def release_batch(actor: Actor, batch_id: int) -> PayoutRelease:
    """A second officer lets the file go to the bank; twice has no effect.

    Raises NotFound, and Conflict when the officer made the batch (PostgreSQL refuses it too)."""
    actor.require("claims.release_payout")
    user_id = person_of_flesh(actor)
    batch = PayoutBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("batch_not_found", _("Daftar bayar tidak ditemukan."))
    if batch.made_by_id == user_id:
        raise Conflict(
            "four_eyes",
            _("Yang membuat daftar bayar tidak boleh melepasnya sendiri."),
            way_out=_("Minta petugas lain yang berwenang melepas daftar ini."),
        )
    with transaction.atomic():
        release, is_new = PayoutRelease.objects.get_or_create(
            batch=batch, defaults={"made_by_id": batch.made_by_id, "released_by_id": user_id, "released_on": today()}
        )
        if is_new:
            after = {"people": batch.people, "amount": batch.amount}
            record(actor, "claims.release_batch", f"batch:{batch.id}", after=after)
    return release


def confirm_payout(actor: Actor, payout_id: int, paid_on: date, bank_reference: str) -> PayoutConfirmation:
    """Note that the money arrived, and make the receipt that the heir signs. The same reference again has no effect.

    Raises NotFound; InvalidInput for an impossible day; Conflict when the batch is not released, the payout has
    another reference, or the reference belongs to another payout."""
    actor.require("claims.confirm_payout")
    reference = bank_reference.strip()
    payout = Payout.objects.select_related("decision__claim__event__person", "batch").filter(pk=payout_id).first()
    if payout is None:
        raise NotFound("payout_not_found", _("Pembayaran tidak ditemukan."))
    if not reference:
        raise InvalidInput("reference_missing", _("Nomor referensi bank belum diisi."), field="bank_reference")
    release = PayoutRelease.objects.filter(batch_id=payout.batch_id).first()
    if release is None:
        raise Conflict(
            "not_released",
            _("Daftar bayar ini belum dilepas ke bank."),
            way_out=_("Minta petugas kedua melepasnya lebih dulu."),
        )
    if not release.released_on <= paid_on <= today():
        raise InvalidInput(
            "paid_on_impossible",
            _("Tanggal bayar harus antara %(released_on)s dan hari ini.")
            % {"released_on": format(release.released_on, "%d-%m-%Y")},
            field="paid_on",
        )
    with transaction.atomic():
        other = PayoutConfirmation.objects.filter(bank_reference=reference).exclude(payout=payout).exists()
        existing = PayoutConfirmation.objects.filter(payout=payout).first()
        if other or (existing is not None and (existing.bank_reference, existing.paid_on) != (reference, paid_on)):
            raise Conflict(
                "bank_reference_conflict",
                _("Nomor referensi ini milik pembayaran lain.")
                if other
                else _("Pembayaran ini sudah dicatat dengan data lain."),
                way_out=_("Periksa bukti transfer dari bank."),
                field="bank_reference",
            )
        if existing is not None:
            return existing
        receipt = store_file(
            actor,
            f"tanda-terima-{payout.decision.claim.number}.pdf",
            letters.payment_receipt(actor, payout, paid_on),
            PDF,
        )
        confirmation = PayoutConfirmation.objects.create(
            payout=payout, paid_on=paid_on, bank_reference=reference, receipt=receipt, confirmed_by=actor.name
        )
        book_payout(actor, payout, paid_on)
        after = {"payout": payout.id, "amount": payout.amount, "paid_on": paid_on.isoformat()}
        record(actor, "claims.confirm_payout", f"claim:{payout.decision.claim_id}", after=after)
    return confirmation
