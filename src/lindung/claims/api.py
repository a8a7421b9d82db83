"""Claims over HTTP: the same acts and reads as the pages. Account numbers go in, never out; NIKs come masked."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from lindung.claims import actions, queries
from lindung.claims.actions.correcting import SHORTEST_REASON, WITHDRAW
from lindung.claims.models import Decision
from lindung.claims.states import STATES
from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.ui.listing import ListQuery
from lindung.core.ui.words import mask_nik

router = Router(tags=["claims"])
_REFUSALS = {403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}
LARGEST_ID = 2**63 - 1


class QueueQuery(Schema):
    """Which part of the queue."""

    state: str = ""
    page: int = Field(1, ge=1, le=100_000)


class ClaimRowOut(Schema):
    """A claim of the work queue; `days_left` while the legal clock runs; rupiah."""

    id: int
    number: str
    person_name: str
    village: str
    programme: str
    state: str
    received_on: date
    pay_by: date | None
    days_left: int | None
    amount: int | None


class DocumentOut(Schema):
    """A line of the fixed checklist."""

    kind: str
    title: str
    receipt: str
    received_on: date | None


class DecisionOut(Schema):
    """A judgement: rupiah payable now and after arrears, every legal step, and a refusal with its way out."""

    id: int
    outcome: str
    amount: int
    after_arrears: int
    judgement: dict[str, Any]
    refusal: dict[str, Any] | None
    approval: str | None


class ClaimOut(Schema):
    """One claim."""

    id: int
    number: str
    programme: str
    state: str
    person_id: int
    claimant_name: str
    claimant_relation: str
    claimant_nik: str
    checklist_version: str
    received_on: date
    complete_on: date | None
    pay_by: date | None
    days_left: int | None
    documents: list[DocumentOut]
    decisions: list[DecisionOut]


class DeathIn(Schema):
    """A report of a death."""

    person_id: int = Field(ge=1, le=LARGEST_ID)
    occurred_on: date
    cause: Literal["non_work", "work"]
    source: Literal["heir", "office", "registry"]
    source_ref: str = Field("", max_length=120)
    note: str = Field("", max_length=1000)


class EventOut(Schema):
    """A death on record."""

    id: int
    person_id: int
    cause: str
    occurred_on: date
    source: str


class WithdrawalIn(Schema):
    """Why the recorded death of a person does not stand."""

    person_id: int = Field(ge=1, le=LARGEST_ID)
    reason: str = Field(min_length=SHORTEST_REASON, max_length=500)
    source_ref: str = Field("", max_length=120)


class WithdrawalOut(Schema):
    """The report withdrawn (null when the death stood only in a list), its unpaid claims closed by that, and the months
    of contributions charged again."""

    person_id: int
    event_id: int | None
    claims_closed: int
    months_charged: int


class NoticeIn(Schema):
    """Whom to tell; empty for the first heir on record."""

    told_name: str = Field("", max_length=150)
    channel: Literal["letter", "visit", "phone", "message"] = "letter"


class NoticeOut(Schema):
    """What the family was told."""

    id: int
    told_name: str
    channel: str
    text: str
    told_on: date


class ClaimIn(Schema):
    """An heir's claim; `documents` are the kinds handed in at once."""

    programme: Literal["JKM", "JKK"]
    name: str = Field(max_length=150)
    relation: str = Field(max_length=16)
    nik: str = Field(max_length=16)
    bank_name: str = Field(max_length=60)
    bank_account: str = Field(max_length=30)
    bank_holder: str = Field(max_length=150)
    phone: str = Field("", max_length=20)
    traffic: bool = False
    documents: list[str] = Field(default_factory=list)


class DocumentIn(Schema):
    """A document handed in."""

    kind: str = Field(max_length=40)


class DeathsReceivedOut(Schema):
    """The receipt of a document."""

    id: int
    kind: str
    received_on: date


class AnswerIn(Schema):
    """The second officer's answer."""

    outcome: Literal["approved", "returned"]
    reason: str = Field(max_length=500)


class BatchIn(Schema):
    """Approved decisions to pay."""

    decision_ids: list[int] = Field(max_length=1000)


class BatchOut(Schema):
    """A payout batch with its control totals."""

    id: int
    number: str
    people: int
    amount: int


class ConfirmationIn(Schema):
    """What the bank says."""

    paid_on: date
    bank_reference: str = Field(max_length=60)


class DoneOut(Schema):
    """An act that was done, or had been done before."""

    id: int


class DeathListOut(Schema):
    """What a death list led to."""

    received: int
    matched: int
    covered: int
    known: int
    events: list[int]
    told: int
    problems: list[str]


@router.get("", response={200: list[ClaimRowOut], 403: ErrorOut, 422: ErrorOut}, summary="The work queue")
def claims(request: HttpRequest, asked: Query[QueueQuery]) -> Any:
    api_actor(request, "claims.view")
    filters = {"state": asked.state} if asked.state in STATES else {}
    return queries.claims_page(ListQuery(filters=filters, page=asked.page)).rows


@router.get("/{int:claim_id}", response={200: ClaimOut, 403: ErrorOut, 404: ErrorOut}, summary="One claim")
def claim(request: HttpRequest, claim_id: int) -> dict[str, Any]:
    detail = queries.claim_detail(api_actor(request, "claims.view"), claim_id)
    found = detail.claim
    return {
        "id": found.id,
        "number": found.number,
        "programme": found.programme,
        "state": detail.state,
        "person_id": found.event.person_id,
        "claimant_name": found.claimant_name,
        "claimant_relation": found.claimant_relation,
        "claimant_nik": mask_nik(found.claimant_nik),
        "checklist_version": found.checklist_version,
        "received_on": found.received_on,
        "complete_on": detail.complete_on,
        "pay_by": detail.pay_by,
        "days_left": detail.days_left,
        "documents": [
            {"kind": d.kind, "title": str(d.title), "receipt": d.receipt, "received_on": d.received_on}
            for d in detail.documents
        ],
        "decisions": [_decision(decision) for decision in detail.decisions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    approval = getattr(decision, "approval", None)
    return {
        "id": decision.id,
        "outcome": decision.outcome,
        "amount": decision.amount,
        "after_arrears": decision.after_arrears,
        "judgement": decision.judgement,
        "refusal": decision.refusal,
        "approval": approval.outcome if approval else None,
    }


@router.post("/events", response={200: EventOut, **_REFUSALS}, summary="Report a death")
def report_death(request: HttpRequest, death: DeathIn) -> Any:
    return actions.report_death(api_actor(request, "claims.report"), **death.dict())


@router.post("/withdrawals", response={200: WithdrawalOut, **_REFUSALS}, summary="Withdraw a wrongly recorded death")
def withdraw_death(request: HttpRequest, wrong: WithdrawalIn) -> actions.DeathCorrection:
    """Cover comes back; refused once a claim of the death is paid."""
    return actions.withdraw_death(api_actor(request, WITHDRAW), **wrong.dict())


@router.post("/events/{int:event_id}/notices", response={200: NoticeOut, **_REFUSALS}, summary="Tell the heirs")
def tell_heirs(request: HttpRequest, event_id: int, notice: NoticeIn) -> Any:
    return actions.tell_heirs(api_actor(request, "claims.report"), event_id, notice.told_name, notice.channel)


@router.post("/events/{int:event_id}/claims", response={200: DoneOut, **_REFUSALS}, summary="File a claim")
def file_claim(request: HttpRequest, event_id: int, given: ClaimIn) -> Any:
    fields = given.dict()
    programme, traffic, documents = fields.pop("programme"), fields.pop("traffic"), fields.pop("documents")
    actor = api_actor(request, "claims.file")
    return actions.file_claim(actor, event_id, programme, actions.Claimant(**fields), documents, traffic)


@router.post("/{int:claim_id}/documents", response={200: DeathsReceivedOut, **_REFUSALS}, summary="Receive a document")
def receive_document(request: HttpRequest, claim_id: int, document: DocumentIn) -> Any:
    return actions.receive_document(api_actor(request, "claims.file"), claim_id, document.kind)


@router.post("/{int:claim_id}/decisions", response={200: DecisionOut, **_REFUSALS}, summary="Judge a claim")
def judge_claim(request: HttpRequest, claim_id: int) -> Any:
    return _decision(actions.judge_claim(api_actor(request, "claims.judge"), claim_id))


@router.post("/decisions/{int:decision_id}/approval", response={200: DoneOut, **_REFUSALS}, summary="Approve or return")
def decide_approval(request: HttpRequest, decision_id: int, answer: AnswerIn) -> dict[str, int]:
    actor = api_actor(request, "claims.approve")
    return {"id": actions.decide_approval(actor, decision_id, answer.outcome, answer.reason).decision_id}


@router.post("/batches", response={200: BatchOut, **_REFUSALS}, summary="Make a payout batch")
def make_payout_batch(request: HttpRequest, batch: BatchIn) -> Any:
    return actions.make_payout_batch(api_actor(request, "claims.make_payout"), batch.decision_ids)


@router.post("/batches/{int:batch_id}/release", response={200: DoneOut, **_REFUSALS}, summary="Release a batch")
def release_batch(request: HttpRequest, batch_id: int) -> dict[str, int]:
    return {"id": actions.release_batch(api_actor(request, "claims.release_payout"), batch_id).batch_id}


@router.post("/payouts/{int:payout_id}/confirmation", response={200: DoneOut, **_REFUSALS}, summary="Confirm a payout")
def confirm_payout(request: HttpRequest, payout_id: int, bank: ConfirmationIn) -> dict[str, int]:
    actor = api_actor(request, "claims.confirm_payout")
    return {"id": actions.confirm_payout(actor, payout_id, bank.paid_on, bank.bank_reference).payout_id}


@router.post(
    "/death-lists", response={200: DeathListOut, **_REFUSALS}, summary="Match a death list of the civil registry"
)
def match_death_list(request: HttpRequest, file: File[UploadedFile]) -> Any:
    return actions.match_death_list(api_actor(request, "claims.import_deaths"), file.read(), file.name or "")
