"""Papers of a claim as answers, for pages and API alike; each look at a person's paper is logged."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lindung.claims import letters, queries
from lindung.claims.models import ClaimDocument, Decision, HeirNotice, Payout
from lindung.claims.pages import file_answer, stored_answer
from lindung.claims.queries.detail import kpj_of
from lindung.core.actors import Actor
from lindung.core.errors import NotFound
from lindung.core.files import PDF
from lindung.core.log import record, record_access


def notice_letter(actor: Actor, notice_id: int) -> HttpResponse:
    """The letter to the family. Raises NotFound."""
    notice = HeirNotice.objects.filter(pk=notice_id, letter__isnull=False).select_related("event").first()
    if notice is None or notice.letter_id is None:
        raise NotFound("letter_not_found", _("Surat tidak ditemukan."))
    record_access(actor, f"person:{notice.event.person_id}", "heir notice")
    return stored_answer(notice.letter_id)


def decision_letter(actor: Actor, decision_id: int) -> HttpResponse:
    """The decision on paper, once the second officer has approved it. Raises NotFound."""
    decision = (
        Decision.objects.filter(pk=decision_id, approval__outcome="approved")
        .select_related("claim__event__person")
        .first()
    )
    if decision is None:
        raise NotFound("decision_not_found", _("Keputusan yang disetujui tidak ditemukan."))
    person_id = decision.claim.event.person_id
    record_access(actor, f"person:{person_id}", "claim decision")
    return file_answer(letters.decision_pdf(decision, kpj_of(person_id)), f"keputusan-{decision.claim.number}.pdf", PDF)


def document(actor: Actor, document_id: int) -> HttpResponse:
    """The scan of a document handed in. Raises NotFound."""
    found = ClaimDocument.objects.filter(pk=document_id, file__isnull=False).select_related("claim__event").first()
    if found is None or found.file_id is None:
        raise NotFound("document_not_found", _("Dokumen tidak ditemukan."))
    record_access(actor, f"person:{found.claim.event.person_id}", "claim document")
    return stored_answer(found.file_id)


def batch_file(actor: Actor, batch_id: int) -> HttpResponse:
    """The bank's file, with whole account numbers; each download is an act in the log. Raises NotFound, also when one
    of its payouts lies outside the actor's scope: the file would show it."""
    detail = queries.batch_detail(batch_id)
    if len(detail.payouts) < detail.batch.people:
        raise NotFound("batch_not_found", _("Daftar bayar ini memuat orang di luar wilayah kerja Anda."))
    record(actor, "claims.download_batch", f"batch:{batch_id}")
    return stored_answer(detail.batch.file_id)


def payment_receipt(actor: Actor, payout_id: int) -> HttpResponse:
    """The receipt that the heir signs. Raises NotFound."""
    payout = Payout.objects.filter(pk=payout_id).select_related("confirmation", "decision__claim__event").first()
    if payout is None or not hasattr(payout, "confirmation"):
        raise NotFound("receipt_not_found", _("Tanda terima tidak ditemukan."))
    record_access(actor, f"person:{payout.decision.claim.event.person_id}", "payment receipt")
    return stored_answer(payout.confirmation.receipt_id)
