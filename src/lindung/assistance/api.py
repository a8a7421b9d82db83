"""Schemes, lists and decrees over HTTP: the same acts as on the pages. NIKs come masked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from lindung.assistance import actions, queries
from lindung.assistance.blank_list import blank_list
from lindung.assistance.opening import NewOffice, SchemeDraft
from lindung.assistance.schemes import WAGE_BASE
from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut, file_answer_of
from lindung.core.errors import InvalidInput
from lindung.core.files import PDF, XLSX
from lindung.core.models import Job
from lindung.core.months import parse_month
from lindung.core.ui.listing import ListQuery
from lindung.formats.words import mask_nik

router = Router(tags=["assistance"])
PayerId = Annotated[int, Field(ge=1, le=2**62)]
SchemeId = Annotated[int, Field(ge=1, le=2**31 - 1)]
REFUSALS = {403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}


class SchemeOut(Schema):
    """A scheme; amounts in rupiah, months as the first day. `complete` is false for a reader of a part of its area:
    what is on decrees, what waits and what is left are then not known, only `rows_to_fix` of the own lists."""

    id: int
    name: str
    fiscal_year: int
    payer: str
    monthly_amount: int
    budget_ceiling: int
    decreed_amount: int
    ceiling_left: int
    people_decreed: int
    people_waiting: int
    rows_to_fix: int
    first_month: date
    last_month: date
    complete: bool


class ProposalOut(Schema):
    """A list that came in; `state` is received, checked or failed."""

    id: int
    scheme: str
    place: str
    file_name: str
    received_at: datetime
    state: str
    received: int
    accepted: int
    to_fix: int
    rejected: int
    known: int
    failure: str = ""


class ReceivedOut(ProposalOut):
    """`repeated`: the same workbook had come before and nothing changed. `job_id` while it is being checked."""

    repeated: bool
    job_id: str | None = None


class ReasonOut(Schema):
    """What is wrong, where, and how to mend it."""

    code: str
    field: str
    message: str
    way_out: str


class RowOut(Schema):
    """One row with its outcome; `corrects` is the code of the row it mends."""

    row_no: int
    row_code: str
    status: str
    nik_masked: str
    name: str
    village: str
    occupation: str
    reasons: list[ReasonOut]
    corrects: str


class RowQuery(Schema):
    """Which rows."""

    status: Literal["accepted", "to_fix", "rejected", "known"] | None = None
    reason: str = Field("", max_length=40)
    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(100, ge=1, le=1_000)


class DecreeSummaryOut(Schema):
    """A decree; `state` is waiting, returned, approved or enacted."""

    id: int
    scheme: str
    number: str
    dated: date
    first_month: date
    last_month: date
    people: int
    monthly_amount: int
    total_amount: int
    state: str
    proposed_by: str


class DecreeOut(DecreeSummaryOut):
    """A decree with the hash of its list, the decision and what came of it."""

    content_digest: str
    decided_by: str
    decision_reason: str
    person_months: int


class DecreeIn(Schema):
    """A draft over the accepted people who wait; months as YYYY-MM."""

    scheme_id: SchemeId
    number: str = Field(max_length=80)
    dated: date
    first_month: str
    last_month: str
    reason: str = Field(max_length=500)


class DecisionIn(Schema):
    """The second officer's decision."""

    outcome: Literal["approved", "returned"]
    reason: str = Field(min_length=5, max_length=500)


class OfficeIn(Schema):
    """An office of the regency that has not paid contributions before; `npp` is its employer number."""

    name: str = Field(min_length=1, max_length=150)
    npp: str = Field(min_length=1, max_length=20)


class SchemeIn(Schema):
    """A scheme: either `payer_id` of a regency's or village's office, or `new_payer`. Rupiah; months as YYYY-MM."""

    payer_id: PayerId | None = None
    new_payer: OfficeIn | None = None
    name: str = Field(min_length=1, max_length=150)
    fiscal_year: int = Field(ge=2016, le=2100)
    first_month: str
    last_month: str
    wage_base: int = Field(WAGE_BASE, ge=1, le=10**12)
    budget_ceiling: int = Field(ge=1, le=10**15)
    legal_basis: str = Field(min_length=1, max_length=1_000)
    account_codes: list[Annotated[str, Field(min_length=1, max_length=30)]] = Field(min_length=1, max_length=20)


class EffectOut(Schema):
    """What an approved decree made; `job_id` when that goes on in the background."""

    people: int | None = None
    new_memberships: int | None = None
    person_months: int | None = None
    job_id: str | None = None


@router.get("/schemes", response={200: list[SchemeOut], 403: ErrorOut}, summary="Schemes with budget and people")
def list_schemes(request: HttpRequest) -> list[queries.SchemeRow]:
    api_actor(request, "assistance.view")
    return queries.schemes()


@router.post("/schemes", response={200: SchemeOut, **REFUSALS}, summary="Open a scheme, priced by the law")
def open_scheme(request: HttpRequest, wanted: SchemeIn) -> queries.SchemeRow:
    actor = api_actor(request, "assistance.open_scheme")
    if (wanted.payer_id is None) == (wanted.new_payer is None):
        raise InvalidInput(
            "payer_unclear", _("Isi payer_id atau new_payer, salah satu saja."), field="payer_id",
            way_out=_("Contoh: payer_id kantor yang sudah terdaftar, tanpa new_payer."),
        )  # fmt: skip
    draft = SchemeDraft(
        **wanted.dict(exclude={"payer_id", "new_payer", "first_month", "last_month"}),
        first_month=parse_month(wanted.first_month), last_month=parse_month(wanted.last_month),
    )  # fmt: skip
    office = NewOffice(wanted.new_payer.name, wanted.new_payer.npp) if wanted.new_payer else wanted.payer_id or 0
    return queries.scheme(actions.open_scheme(actor, draft, office).pk)


@router.get("/proposals", response={200: list[ProposalOut], 403: ErrorOut}, summary="Lists that came in, newest first")
def list_proposals(request: HttpRequest, scheme_id: int | None = None, page: int = 1) -> list[queries.ProposalSummary]:
    api_actor(request, "assistance.view")
    filters = {"scheme": str(scheme_id)} if scheme_id is not None else {}
    return list(queries.proposals(ListQuery(filters=filters, page=max(1, min(page, 100_000)))).rows)


@router.post("/proposals", response={200: ReceivedOut, **REFUSALS}, summary="Send a list (.xlsx)")
def send_proposal(request: HttpRequest, scheme_id: SchemeId, file: File[UploadedFile]) -> dict[str, Any]:
    actor = api_actor(request, "assistance.submit")
    proposal = actions.receive_proposal(actor, scheme_id, file.name or "usulan.xlsx", file.read())
    detail = queries.proposal(proposal.pk)
    shown = {name: getattr(detail, name) for name in ProposalOut.model_fields}
    return shown | {"repeated": proposal.repeated, "job_id": str(detail.job.pk) if detail.job else None}


@router.get(
    "/proposals/{int:proposal_id}", response={200: ProposalOut, 403: ErrorOut, 404: ErrorOut}, summary="One list"
)
def one_proposal(request: HttpRequest, proposal_id: int) -> queries.ProposalDetail:
    api_actor(request, "assistance.view")
    return queries.proposal(proposal_id)


@router.get(
    "/proposals/{int:proposal_id}/rows", response={200: list[RowOut], 403: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    summary="Rows with outcome and reasons",
)  # fmt: skip
def proposal_rows(request: HttpRequest, proposal_id: int, wanted: Query[RowQuery]) -> list[dict[str, Any]]:
    api_actor(request, "assistance.view")
    queries.proposal(proposal_id)
    filters = {name: value for name in ("status", "reason") if (value := getattr(wanted, name))}
    found = queries.proposal_rows(proposal_id, ListQuery(filters=filters, page=wanted.page, size=wanted.size))
    return [
        {name: getattr(row, name, None) for name in RowOut.model_fields} | {"nik_masked": mask_nik(row.nik)}
        for row in found.rows
    ]


@router.get(
    "/proposals/{int:proposal_id}/answer", response={403: ErrorOut, 404: ErrorOut},
    openapi_extra=file_answer_of(XLSX), summary="Answer workbook (.xlsx)",
)  # fmt: skip
def proposal_answer(request: HttpRequest, proposal_id: int) -> HttpResponse:
    api_actor(request, "assistance.view")
    return HttpResponse(queries.answer_file(proposal_id)[1], content_type=XLSX)


@router.get(
    "/blank-list", response={403: ErrorOut}, openapi_extra=file_answer_of(XLSX), summary="The blank list (.xlsx)"
)
def get_blank_list(request: HttpRequest) -> HttpResponse:
    api_actor(request, "assistance.view")
    return HttpResponse(blank_list(), content_type=XLSX)


@router.get(
    "/decrees/{int:decree_id}/attachment", response={403: ErrorOut, 404: ErrorOut},
    openapi_extra=file_answer_of(XLSX, PDF), summary="A decree's list, as workbook or PDF",
)  # fmt: skip
def attachment(request: HttpRequest, decree_id: int, kind: Literal["xlsx", "pdf"] = "xlsx") -> HttpResponse:
    api_actor(request, "assistance.view")
    media_type = {"xlsx": XLSX, "pdf": PDF}[kind]
    return HttpResponse(queries.decree_file(decree_id, kind)[1], content_type=media_type)


@router.get("/decrees", response={200: list[DecreeSummaryOut], 403: ErrorOut}, summary="Decrees, newest first")
def list_decrees(request: HttpRequest, page: int = 1) -> list[queries.DecreeSummary]:
    api_actor(request, "assistance.view")
    return list(queries.decrees(ListQuery(page=max(1, min(page, 100_000)))).rows)


@router.get("/decrees/{int:decree_id}", response={200: DecreeOut, 403: ErrorOut, 404: ErrorOut}, summary="One decree")
def one_decree(request: HttpRequest, decree_id: int) -> queries.DecreeDetail:
    api_actor(request, "assistance.view")
    return queries.decree(decree_id)


@router.post("/decrees", response={200: DecreeOut, **REFUSALS}, summary="Propose a decree")
def propose_decree(request: HttpRequest, draft: DecreeIn) -> queries.DecreeDetail:
    actor = api_actor(request, "assistance.propose_decree")
    decree = actions.propose_decree(
        actor, draft.scheme_id, draft.number, draft.dated, parse_month(draft.first_month),
        parse_month(draft.last_month), draft.reason,
    )  # fmt: skip
    return queries.decree(decree.pk)


@router.post("/decrees/{int:decree_id}/decision", response={200: DecreeOut, **REFUSALS}, summary="Approve or return")
def decide_decree(request: HttpRequest, decree_id: int, decision: DecisionIn) -> queries.DecreeDetail:
    actor = api_actor(request, "assistance.decide_decree")
    actions.decide_decree(actor, decree_id, decision.outcome, decision.reason)
    return queries.decree(decree_id)


@router.post("/decrees/{int:decree_id}/enactment", response={200: EffectOut, **REFUSALS}, summary="Put into effect")
def enact_decree(request: HttpRequest, decree_id: int) -> dict[str, Any]:
    actor = api_actor(request, "assistance.decide_decree")
    effect = actions.begin_enactment(actor, decree_id)
    if isinstance(effect, Job):
        return {"job_id": str(effect.pk)}
    return {name: getattr(effect, name) for name in ("people", "new_memberships", "person_months")}
