"""Payers over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.payers import queries

router = Router(tags=["payers"])


class PayerOut(Schema):
    """A payer. `risk_group` is the JKK group of a company, 1 to 5."""

    id: int
    kind: str
    name: str
    npp: str
    place_id: int
    place: str
    risk_group: int | None


class AgreementOut(Schema):
    """A cooperation agreement, from its first to its last day (null: open)."""

    id: int
    number: str
    subject: str
    starts_on: date
    ends_on: date | None


class PayerDetailOut(PayerOut):
    """A payer with its agreements, the latest first."""

    agreements: list[AgreementOut]


class PayerQuery(Schema):
    """Of one kind, or whose name or NPP contains the text."""

    kind: Literal["", "company", "regency", "village", "donor", "self"] = ""
    q: str = Field("", max_length=100)


@router.get("", response={200: list[PayerOut], 403: ErrorOut, 422: ErrorOut}, summary="Payers, at most 200")
def payers(request: HttpRequest, wanted: Query[PayerQuery]) -> list[queries.PayerRow]:
    """By name."""
    api_actor(request, "contributions.view")
    return queries.payers(wanted.kind, wanted.q.replace("\x00", ""))


@router.get("/{int:payer_id}", response={200: PayerDetailOut, 403: ErrorOut, 404: ErrorOut}, summary="One payer")
def payer(request: HttpRequest, payer_id: int) -> queries.PayerDetail:
    """With its agreements."""
    api_actor(request, "contributions.view")
    return queries.payer(payer_id)
