"""What belongs to no room: who I am, what waits for me, background jobs, the action log, a person's printed sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut, file_answer_of
from lindung.core.files import PDF
from lindung.core.jobs import job_for
from lindung.core.log import ChainReport, entries, verify_chain
from lindung.core.models import ActionEntry, Job
from lindung.web.desk import queue_of
from lindung.web.person import sheet_pdf

router = Router(tags=["operation"])


class MeOut(Schema):
    """Whose token this is; `scope` lists ranges of place keys, both ends included."""

    user_id: int
    name: str
    role: str
    permissions: list[str]
    scope: list[list[int]]


class QueueOut(Schema):
    """Something that waits for this role; `url` is its page on the site."""

    title: str
    count: int
    url: str
    days_left: int | None
    tone: str


class JobOut(Schema):
    """A background job; `state` is queued, running, done or failed."""

    id: UUID
    kind: str
    subject: str
    state: str
    done: int
    total: int
    message: str
    result_url: str
    created_at: datetime
    updated_at: datetime


class EntryOut(Schema):
    """One act of the log."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    role: str
    action: str
    subject: str
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChainOut(Schema):
    """The hash chain recomputed: `broken_at` is the first entry that does not fit, null when sound."""

    entries: int
    broken_at: int | None
    problem: str


class EntryQuery(Schema):
    """Search in act, actor and subject; a hundred entries a page."""

    q: str = Field("", max_length=100)
    page: int = Field(1, ge=1, le=100_000)


@router.get("/me", response={200: MeOut, 403: ErrorOut}, summary="Whose token this is, and what it may do")
def me(request: HttpRequest) -> MeOut:
    """Permissions are those that the other operations ask for."""
    actor = api_actor(request, "places.view")
    return MeOut(
        user_id=actor.user_id or 0, name=actor.name, role=actor.role, permissions=sorted(actor.permissions),
        scope=[list(part) for part in actor.scope],
    )  # fmt: skip


@router.get("/queue", response={200: list[QueueOut], 403: ErrorOut}, summary="What waits for this role")
def queue(request: HttpRequest) -> list[QueueOut]:
    """The same as on the home page, what harms someone first at the top."""
    items = queue_of(api_actor(request, "places.view"))
    return [
        QueueOut(title=str(item.title), count=item.count, url=item.url, days_left=item.days_left, tone=item.tone)
        for item in items
    ]


@router.get("/jobs/{uuid:job_id}", response={200: JobOut, 403: ErrorOut, 404: ErrorOut}, summary="A background job")
def job(request: HttpRequest, job_id: UUID) -> Job:
    """For whoever started it; auditors and administrators see all."""
    return job_for(api_actor(request, "jobs.view"), job_id)


@router.get("/audit/entries", response={200: list[EntryOut], 403: ErrorOut, 422: ErrorOut}, summary="The action log")
def audit_entries(request: HttpRequest, asked: Query[EntryQuery]) -> list[ActionEntry]:
    """Newest first."""
    api_actor(request, "audit.view")
    return entries(asked.q.replace("\x00", ""), 100, (asked.page - 1) * 100)


@router.get("/audit/chain", response={200: ChainOut, 403: ErrorOut}, summary="Recompute the log's hash chain")
def audit_chain(request: HttpRequest) -> ChainReport:
    """In one statement over all entries."""
    api_actor(request, "audit.view")
    return verify_chain()


@router.get(
    "/people/{int:person_id}/sheet", response={403: ErrorOut, 404: ErrorOut}, openapi_extra=file_answer_of(PDF),
    summary="A participant's one-page sheet (PDF)",
)  # fmt: skip
def sheet(request: HttpRequest, person_id: int) -> HttpResponse:
    """Carries the whole NIK: the person keeps it."""
    return HttpResponse(sheet_pdf(api_actor(request, "people.view"), person_id), content_type=PDF)
