"""Deaths, payout batches and papers over HTTP: the reads beside the acts of api.py, on the same router."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from lindung.claims import papers, queries
from lindung.claims.api import LARGEST_ID, router
from lindung.claims.models import HeirNotice
from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut, file_answer_of
from lindung.core.clock import today
from lindung.core.files import PDF
from lindung.core.ui.tables import ListQuery
from lindung.people.queries import person

__all__ = ["router"]
_REFUSALS = {403: ErrorOut, 404: ErrorOut, 422: ErrorOut}


class EventQuery(Schema):
    """`standing`: the family was not told, was told, or has claimed; or the report was withdrawn."""

    standing: Literal["", "untold", "told", "claimed", "withdrawn"] = ""
    page: int = Field(1, ge=1, le=100_000)


class EventRowOut(Schema):
    """A reported death."""

    id: int
    person_name: str
    village: str
    occurred_on: date
    cause: str
    source: str
    standing: str
    told_on: date | None
    claim_number: str | None


class EventNoticeOut(Schema):
    """Who was told, how and when."""

    id: int
    told_name: str
    channel: str
    told_on: date
    has_letter: bool


class EventDetailOut(Schema):
    """One death with the notices and claims that followed."""

    id: int
    person_id: int
    occurred_on: date
    cause: str
    source: str
    standing: str
    notices: list[EventNoticeOut]
    claims: list[int]


class RightQuery(Schema):
    """Whose death, when, and under which programme."""

    person_id: int = Field(ge=1, le=LARGEST_ID)
    occurred_on: date
    programme: Literal["JKM", "JKK"] = "JKM"


class RightOut(Schema):
    """What the law would give on the facts on record, in rupiah, with every legal step. Not a decision."""

    outcome: Literal["pay", "refuse"]
    payable_now: int
    after_arrears: int
    judgement: dict[str, Any]
    refusal: dict[str, Any] | None


class BatchQuery(Schema):
    """A page of fifty."""

    page: int = Field(1, ge=1, le=100_000)


class BatchRowOut(Schema):
    """A payout batch; `state` is to_release, at_bank or paid; rupiah."""

    id: int
    number: str
    made_on: date
    made_by: str
    people: int
    amount: int
    confirmed: int
    state: str


class PayoutOut(Schema):
    """One payment of a batch, in rupiah; without the account."""

    id: int
    claim_id: int
    amount: int
    paid_on: date | None


class BatchDetailOut(Schema):
    """A batch and its payouts within the caller's area."""

    id: int
    number: str
    people: int
    amount: int
    released: bool
    payouts: list[PayoutOut]


@router.get("/events", response={200: list[EventRowOut], **_REFUSALS}, summary="Reported deaths")
def events(request: HttpRequest, asked: Query[EventQuery]) -> list[dict[str, Any]]:
    """Families not yet told come first."""
    api_actor(request, "claims.view")
    filters = {"standing": asked.standing} if asked.standing else {}
    return [asdict(row) for row in queries.events_page(ListQuery(filters=filters, page=asked.page)).rows]


@router.get("/right", response={200: RightOut, **_REFUSALS}, summary="What the law would give, before a claim")
def right(request: HttpRequest, asked: Query[RightQuery]) -> Any:
    """The look is logged; nothing is kept of the answer."""
    actor = api_actor(request, "claims.report")
    person(actor, asked.person_id, "right")
    return queries.right_of(asked.person_id, asked.programme, asked.occurred_on, today())


@router.get("/events/{int:event_id}", response={200: EventDetailOut, **_REFUSALS}, summary="One death")
def event(request: HttpRequest, event_id: int) -> dict[str, Any]:
    """The look is logged."""
    detail = queries.event_detail(api_actor(request, "claims.view"), event_id)
    found = detail.event
    return {
        "id": found.id, "person_id": found.person_id, "occurred_on": found.occurred_on, "cause": found.cause,
        "source": found.source, "standing": detail.standing, "notices": [_notice(notice) for notice in detail.notices],
        "claims": [claim.id for claim in detail.claims],
    }  # fmt: skip


def _notice(notice: HeirNotice) -> dict[str, Any]:
    return {
        "id": notice.id, "told_name": notice.told_name, "channel": notice.channel, "told_on": notice.told_on,
        "has_letter": notice.letter_id is not None,
    }  # fmt: skip


@router.get("/batches", response={200: list[BatchRowOut], **_REFUSALS}, summary="Payout batches, newest first")
def batches(request: HttpRequest, asked: Query[BatchQuery]) -> list[dict[str, Any]]:
    """Those with a payout within the caller's area."""
    api_actor(request, "claims.view")
    return [asdict(row) for row in queries.batches_page(ListQuery(page=asked.page)).rows]


@router.get("/batches/{int:batch_id}", response={200: BatchDetailOut, **_REFUSALS}, summary="One payout batch")
def batch(request: HttpRequest, batch_id: int) -> dict[str, Any]:
    """Its control totals and each payout."""
    api_actor(request, "claims.view")
    detail = queries.batch_detail(batch_id)
    payouts = [
        {
            "id": payout.id, "claim_id": payout.decision.claim_id, "amount": payout.amount,
            "paid_on": payout.confirmation.paid_on if hasattr(payout, "confirmation") else None,
        }
        for payout in detail.payouts
    ]  # fmt: skip
    found = detail.batch
    return {
        "id": found.id, "number": found.number, "people": found.people, "amount": found.amount,
        "released": detail.released is not None, "payouts": payouts,
    }  # fmt: skip


@router.get(
    "/batches/{int:batch_id}/file", response=_REFUSALS, openapi_extra=file_answer_of("text/csv"),
    summary="The bank's file, with whole accounts; each download is in the log",
)  # fmt: skip
def bank_file(request: HttpRequest, batch_id: int) -> HttpResponse:
    return papers.batch_file(api_actor(request, "claims.view_bank"), batch_id)


@router.get(
    "/notices/{int:notice_id}/letter",
    response=_REFUSALS,
    openapi_extra=file_answer_of(PDF),
    summary="Letter to a family",
)
def letter(request: HttpRequest, notice_id: int) -> HttpResponse:
    return papers.notice_letter(api_actor(request, "claims.view"), notice_id)


@router.get(
    "/decisions/{int:decision_id}/letter", response=_REFUSALS, openapi_extra=file_answer_of(PDF),
    summary="An approved decision on paper",
)  # fmt: skip
def decision_paper(request: HttpRequest, decision_id: int) -> HttpResponse:
    return papers.decision_letter(api_actor(request, "claims.view"), decision_id)


@router.get(
    "/documents/{int:document_id}", response=_REFUSALS,
    openapi_extra=file_answer_of(PDF, "image/jpeg", "image/png", "application/octet-stream"),
    summary="The scan of a document handed in",
)  # fmt: skip
def scan(request: HttpRequest, document_id: int) -> HttpResponse:
    return papers.document(api_actor(request, "claims.view_bank"), document_id)


@router.get(
    "/payouts/{int:payout_id}/receipt", response=_REFUSALS, openapi_extra=file_answer_of(PDF),
    summary="The receipt that the heir signs",
)  # fmt: skip
def receipt(request: HttpRequest, payout_id: int) -> HttpResponse:
    return papers.payment_receipt(api_actor(request, "claims.view_bank"), payout_id)
