"""One claim, one death, one batch: everything their pages show, the access noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lindung.claims import checklists
from lindung.claims.finding import find_claim, find_event
from lindung.claims.models import (
    Claim,
    ClaimDocument,
    ClaimStanding,
    Decision,
    EventWithdrawal,
    HeirNotice,
    InsuredEvent,
    Payout,
    PayoutBatch,
)
from lindung.claims.queries.heirs import Heir, heirs_in_law
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.crypto import decrypt_text
from lindung.core.errors import NotFound
from lindung.core.log import record_access
from lindung.formats.words import mask_account
from lindung.membership.models import Membership


@dataclass(frozen=True)
class DocumentRow:
    """A line of the checklist, with its receipt once the document is in."""

    kind: str
    title: str | Promise
    hint: str | Promise
    receipt: str
    received_on: date | None
    received_by: str
    file_id: UUID | None
    document_id: int | None


@dataclass(frozen=True)
class ClaimDetail:
    """A claim. `account` is masked, and empty for who may not see bank data."""

    claim: Claim
    state: str
    complete_on: date | None
    pay_by: date | None
    days_left: int | None
    documents: Sequence[DocumentRow]
    decisions: Sequence[Decision]
    payouts: Sequence[Payout]
    account: str
    kpj: str

    @property
    def decision(self) -> Decision | None:
        """The latest."""
        return self.decisions[-1] if self.decisions else None


def claim_detail(actor: Actor, claim_id: int) -> ClaimDetail:
    """Raises NotFound. The access is logged."""
    claim = find_claim(claim_id)
    record_access(actor, f"person:{claim.event.person_id}", "claim")
    standing = ClaimStanding.objects.get(pk=claim_id)
    pay_by = standing.pay_by
    running = standing.urgency == ClaimStanding.Urgency.CLOCK_RUNS and pay_by is not None
    decisions = claim.decisions.select_related("approval__decided_by", "proposed_by").order_by("id")
    payouts = (
        Payout.objects.filter(decision__claim=claim).select_related("batch__release", "confirmation").order_by("id")
    )
    return ClaimDetail(
        claim=claim,
        state=standing.state,
        complete_on=standing.complete_on,
        pay_by=pay_by,
        days_left=(pay_by - today()).days if running and pay_by else None,
        documents=_documents(claim),
        decisions=list(decisions),
        payouts=list(payouts),
        kpj=kpj_of(claim.event.person_id),
        account=mask_account(decrypt_text(claim.bank_account)) if actor.may("claims.view_bank") else "",
    )


def _documents(claim: Claim) -> list[DocumentRow]:
    have = {document.kind: document for document in claim.documents.all()}
    return [
        _document(claim, item, have.get(item.kind))
        for item in checklists.required(claim.checklist_version, claim.claimant_relation)
    ]


def _document(claim: Claim, item: checklists.Document, received: ClaimDocument | None) -> DocumentRow:
    if received is None:
        return DocumentRow(item.kind, item.title, item.hint, "", None, "", None, None)
    return DocumentRow(
        item.kind,
        item.title,
        item.hint,
        f"{claim.number}/{received.id}",
        received.received_on,
        received.received_by,
        received.file_id,
        received.id,
    )


def kpj_of(person_id: int) -> str:
    """The card number of the person's latest membership, or empty."""
    return (
        Membership.objects.filter(person_id=person_id).order_by("-registered_on").values_list("kpj", flat=True).first()
        or ""
    )


@dataclass(frozen=True)
class EventDetail:
    """A reported death: who inherits by the record, who was told, which claims are open."""

    event: InsuredEvent
    heirs: Sequence[Heir]
    notices: Sequence[HeirNotice]
    claims: Sequence[Claim]
    withdrawal: EventWithdrawal | None

    @property
    def standing(self) -> str:
        """How far it has come, in the words of the list (lists.EventRow)."""
        if self.withdrawal is not None:
            return "withdrawn"
        return "claimed" if self.claims else "told" if self.notices else "untold"


def event_detail(actor: Actor, event_id: int) -> EventDetail:
    """Raises NotFound. The access is logged."""
    event = find_event(event_id)
    record_access(actor, f"person:{event.person_id}", "death")
    return EventDetail(
        event,
        heirs_in_law(event.person_id, event.occurred_on),
        list(event.notices.order_by("id")),
        list(event.claims.order_by("id")),
        EventWithdrawal.objects.filter(pk=event.pk).first(),
    )


@dataclass(frozen=True)
class BatchDetail:
    """A payout batch and its payouts within scope."""

    batch: PayoutBatch
    released: Any
    payouts: Sequence[Payout]


def batch_detail(batch_id: int) -> BatchDetail:
    """Raises NotFound, also when none of its payouts lies within the actor's scope."""
    payouts = list(
        Payout.objects.filter(batch_id=batch_id)
        .select_related(
            "batch__made_by", "batch__release__released_by", "decision__claim__event__person", "confirmation"
        )
        .order_by("id")
    )
    if not payouts:
        raise NotFound("batch_not_found", _("Daftar bayar tidak ditemukan."))
    batch = payouts[0].batch
    return BatchDetail(batch, getattr(batch, "release", None), payouts)
