"""JSON of compliance: findings, arrears, one company's ladder, the counts. Reads only; amounts are whole rupiah."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from lindung.compliance.following import plans
from lindung.compliance.kinds import KINDS
from lindung.compliance.queries import findings, ladder
from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.clock import today
from lindung.core.ui.listing import ListQuery
from lindung.payers.queries import payer as find_payer

router = Router(tags=["compliance"])
REFUSALS = {403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
PAGE_SIZE = 100
KindCode = Literal[
    "pwbd", "pds_workers", "pds_minimum", "pds_flat", "pds_other", "pds_programme", "assisted", "not_reported",
    "leavers",
]  # fmt: skip


class FindingOut(Schema):
    """Two figures that do not agree: `ours` of the company's own reports, `theirs` of the source. A question, not a
    judgement."""

    id: int
    klass: str
    kind: KindCode
    state: Literal["open", "confirmed", "refuted", "resolved"]
    company: str
    payer_id: int | None
    place: str
    people: int
    ours: int
    theirs: int
    unit: Literal["number", "rupiah", "percent"]
    source: str
    source_date: date
    found_on: date
    lost_on: date | None


class FindingPage(Schema):
    """A hundred findings, those that harm workers soonest first."""

    items: list[FindingOut]
    has_next: bool


class FindingEventOut(Schema):
    """What happened to a finding."""

    what: str
    dated: date
    people: int
    ours: int
    theirs: int
    source: str
    source_date: date
    reason: str


class FindingDetailOut(FindingOut):
    """A finding with its story and the way to object."""

    means: str
    way_out: str
    basis: str
    events: list[FindingEventOut]


class ArrearsOut(Schema):
    """A payer in arrears. `months`: age of the oldest unpaid bill; `people`: workers still protected."""

    payer_id: int
    payer: str
    klass: Literal["lancar", "kurang_lancar", "diragukan", "macet"]
    months: int
    amount: int
    people: int
    lost_on: date | None
    last_kind: str
    last_number: str
    stage: str
    deadline_on: date | None
    plan: str


class ArrearsPage(Schema):
    """A hundred payers in arrears, those whose workers lose cover soonest first."""

    items: list[ArrearsOut]
    has_next: bool


class StepOut(Schema):
    """A letter of the ladder."""

    id: int
    kind: str
    number: str
    dated: date
    amount: int
    stage: str
    sent_on: date | None
    deadline_on: date | None
    digest: str


class PlanOut(Schema):
    """A payment plan; `paid` rupiah so far."""

    number: str
    agreed_on: date
    amount: int
    paid: int
    state: str


class CompanyOut(Schema):
    """Where a payer's compliance stands."""

    payer_id: int
    payer: str
    klass: str | None
    months: int
    amount: int
    steps: list[StepOut]
    plans: list[PlanOut]


class CountOut(Schema):
    """Findings of a kind that stand."""

    kind: KindCode
    open: int
    confirmed: int
    objected: int
    people: int


class ClassOut(Schema):
    """Payers in arrears of a class."""

    klass: str
    payers: int
    amount: int
    people: int


class ComplianceSummaryOut(Schema):
    """Counts; `compared_on` is the day of the newest comparison."""

    as_of: date
    compared_on: date | None
    findings: list[CountOut]
    arrears: list[ClassOut]


class FindingFilter(Schema):
    """What to list."""

    q: str = Field("", max_length=100)
    kind: Literal[
        "", "pwbd", "pds_workers", "pds_minimum", "pds_flat", "pds_other", "pds_programme", "assisted", "not_reported",
        "leavers",
    ] = ""  # fmt: skip
    state: Literal["", "open", "confirmed", "refuted", "resolved"] = ""
    page: int = Field(1, ge=1, le=100_000)


class ArrearsFilter(Schema):
    """What to list."""

    q: str = Field("", max_length=100)
    klass: Literal["", "lancar", "kurang_lancar", "diragukan", "macet"] = ""
    page: int = Field(1, ge=1, le=100_000)


def _question(filters: Schema) -> ListQuery:
    given = filters.dict()
    search, page = given.pop("q"), given.pop("page")
    return ListQuery(
        search=" ".join(search.replace("\x00", "").split()), page=page, size=PAGE_SIZE,
        filters={key: value for key, value in given.items() if value},
    )  # fmt: skip


def _finding(row: findings.FindingRow) -> dict[str, Any]:
    kind = KINDS[row.kind]
    shown = {name: getattr(row, name) for name in FindingOut.model_fields if hasattr(row, name)}
    return shown | {"klass": kind.klass, "unit": kind.figure}


@router.get("/findings", response={200: FindingPage, **REFUSALS}, summary="Findings")
def finding_list(request: HttpRequest, filters: Query[FindingFilter]) -> FindingPage:
    api_actor(request, "compliance.view")
    page = findings.finding_rows(_question(filters))
    return FindingPage(items=[FindingOut(**_finding(row)) for row in page.rows], has_next=page.has_next)


@router.get("/findings/{int:finding_id}", response={200: FindingDetailOut, **REFUSALS}, summary="One finding")
def finding(request: HttpRequest, finding_id: int) -> FindingDetailOut:
    api_actor(request, "compliance.view")
    found = findings.finding(finding_id)
    kind = KINDS[found.kind]
    events = [{name: getattr(event, name) for name in FindingEventOut.model_fields} for event in found.events]
    return FindingDetailOut(
        **_finding(found) | {"means": str(kind.means), "way_out": str(kind.way_out), "basis": kind.basis,
                             "events": events}
    )  # fmt: skip


@router.get("/arrears", response={200: ArrearsPage, **REFUSALS}, summary="Payers in arrears")
def arrears(request: HttpRequest, filters: Query[ArrearsFilter]) -> ArrearsPage:
    api_actor(request, "compliance.view")
    page = ladder.arrears_rows(_question(filters), today())
    return ArrearsPage(items=[ArrearsOut(**vars(row)) for row in page.rows], has_next=page.has_next)


@router.get("/companies/{int:payer_id}", response={200: CompanyOut, **REFUSALS}, summary="One company's compliance")
def company(request: HttpRequest, payer_id: int) -> CompanyOut:
    api_actor(request, "compliance.view")
    payer, owed = find_payer(payer_id), ladder.owed_by(payer_id)
    steps = [step for case in ladder.cases_of(payer_id) for step in case.steps]
    return CompanyOut(
        payer_id=payer_id, payer=payer.name, klass=owed.klass if owed else None, months=owed.months if owed else 0,
        amount=owed.amount if owed else 0,
        steps=[StepOut(**{name: getattr(step, name) for name in StepOut.model_fields}) for step in steps],
        plans=[
            PlanOut(**{name: getattr(plan, name) for name in PlanOut.model_fields})
            for plan in plans(today(), payer_id)
        ],
    )  # fmt: skip


@router.get("/summary", response={200: ComplianceSummaryOut, 403: ErrorOut}, summary="Counts of findings and arrears")
def summary(request: HttpRequest) -> ComplianceSummaryOut:
    api_actor(request, "compliance.summary")
    run = findings.last_run()
    return ComplianceSummaryOut(
        as_of=today(), compared_on=run.on if run else None,
        findings=[CountOut(**vars(row)) for row in findings.counts()],
        arrears=[ClassOut(**vars(row)) for row in ladder.arrears_by_class(today())],
    )  # fmt: skip
