"""Memberships over HTTP."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.log import record_access
from lindung.membership import queries

router = Router(tags=["membership"])


class MembershipOut(Schema):
    """A membership. `ended_on` is the first day without it, null while it lasts."""

    id: int
    person_id: int
    segment: str
    job: int
    kpj: str
    payer_id: int | None
    payer_name: str
    occupation: str
    registered_on: date
    ended_on: date | None


@router.get(
    "/memberships", response={200: list[MembershipOut], 403: ErrorOut, 422: ErrorOut}, summary="A person's memberships"
)
def memberships(request: HttpRequest, person_id: int) -> list[queries.MembershipRow]:
    actor = api_actor(request, "membership.view")
    record_access(actor, f"person:{person_id}", "api")
    return queries.memberships_of(person_id)
