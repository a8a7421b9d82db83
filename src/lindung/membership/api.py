"""Memberships over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.errors import InvalidInput
from lindung.core.log import record_access
from lindung.membership import queries

router = Router(tags=["membership"])
_REFUSALS = {403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
PersonId = Annotated[int, Field(ge=1, le=2**62)]


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


class MembershipQuery(Schema):
    """Of a person, or the one with this KPJ: one of the two."""

    person_id: PersonId | None = None
    kpj: str = Field("", max_length=20)


class ChangeOut(Schema):
    """What happened to a membership: `kind` is joined, ended or reopened; `reason` says why."""

    membership_id: int
    kpj: str
    kind: str
    effective_on: date
    reason: str
    recorded_by: str


@router.get(
    "/memberships", response={200: list[MembershipOut], **_REFUSALS}, summary="A person's memberships, or that of a KPJ"
)
def memberships(request: HttpRequest, asked: Query[MembershipQuery]) -> list[queries.MembershipRow]:
    """The look is logged."""
    actor = api_actor(request, "membership.view")
    if (asked.person_id is None) == (asked.kpj == ""):
        raise InvalidInput("person_or_kpj", _("Isi person_id atau kpj, salah satu saja."), field="person_id")
    if asked.person_id is None:
        found = [queries.membership_by_kpj(asked.kpj)]
    else:
        found = queries.memberships_of(asked.person_id)
    record_access(actor, f"person:{asked.person_id or found[0].person_id}", "api")
    return found


@router.get("/changes", response={200: list[ChangeOut], **_REFUSALS}, summary="The story of a person's memberships")
def changes(request: HttpRequest, person_id: PersonId) -> list[queries.ChangeRow]:
    """Oldest first; the look is logged."""
    actor = api_actor(request, "membership.view")
    record_access(actor, f"person:{person_id}", "api")
    return queries.changes_of(person_id)
