"""Wage reports over HTTP, for payroll programs: the same acts as on the pages. NIKs come masked."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from lindung.core.access import api_actor
from lindung.core.actors import Actor
from lindung.core.api_schemas import ErrorOut, file_answer_of
from lindung.core.downloads import download
from lindung.core.files import XLSX
from lindung.core.models import Job
from lindung.core.months import parse_month
from lindung.core.ui.listing import ListQuery
from lindung.wages import actions, queries
from lindung.wages.models import WageReport

router = Router(tags=["wages"])
ZIP = "application/zip"
PayerId = Annotated[int, Field(ge=1, le=2**62)]
Cell = Annotated[str, Field(max_length=500)]
Cells = dict[Annotated[str, Field(max_length=40)], Cell]
REFUSALS = {403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}
READS = {403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
ReportKind = Literal["new_workers", "wages", "leavers", "correction"]
FileKind = Literal["new_workers", "wages", "leavers"]


class ReportOut(Schema):
    """A report: what it tells of which month, how far it is, how its rows ended. `rows_unapplied`: rows mended after
    the report was applied, which wait to be applied too."""

    id: int
    payer_id: int
    payer: str
    month: date
    sequence: int
    kind: str
    template_version: str
    file_name: str
    state: str
    failure: str
    reason: str
    received_at: datetime
    received_by: str
    applied_at: datetime | None
    rows_received: int
    rows_accepted: int
    rows_warned: int
    rows_to_fix: int
    rows_rejected: int
    rows_unapplied: int
    job_id: str | None


class WageReceivedOut(ReportOut):
    """`repeated`: the same content had come before, and nothing changed."""

    repeated: bool


class WageReasonOut(Schema):
    """What is wrong, where, and the way out. `severity`: warn (taken all the same), fix, reject."""

    code: str
    severity: str
    field: str
    message: str
    way_out: str


class WageRowOut(Schema):
    """A row as it stands, with its outcome: accepted, to_fix, rejected. `data`: every cell as it was written."""

    id: int
    row_no: int
    outcome: str
    data: dict[str, str]
    reasons: list[WageReasonOut]
    corrects_id: int | None


class FileIn(Schema):
    """Whose workbook, of which month (YYYY-MM); `apply`: put the accepted rows into effect at once."""

    payer_id: PayerId
    month: str
    unit_code: str = Field("", max_length=20)
    apply: bool = False


class RowsIn(FileIn):
    """Rows in the canonical columns, values as a clerk would write them. A correction needs a reason."""

    kind: ReportKind
    rows: list[Cells] = Field(min_length=1, max_length=2_000)
    reason: str = Field("", max_length=250)


class ChangesIn(Schema):
    """The cells that change."""

    changes: Cells


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(min_length=3, max_length=250)


class MonthIn(Schema):
    """An employer's month (YYYY-MM)."""

    payer_id: PayerId
    month: str


class ReportsQuery(Schema):
    """Which reports."""

    payer_id: PayerId | None = None
    month: str = Field("", max_length=7)
    state: Literal["received", "checked", "applied", "withdrawn", "failed"] | None = None
    kind: Literal["new_workers", "wages", "leavers", "same_as_last", "correction"] | None = None
    page: int = Field(1, ge=1, le=100_000)


class RowsQuery(Schema):
    """Which rows."""

    outcome: Literal["accepted", "to_fix", "rejected"] | None = None
    code: str = Field("", max_length=40)
    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(100, ge=1, le=1_000)


class TaskOut(Schema):
    """One line of the month's list."""

    code: str
    text: str
    done: bool
    urgent: bool
    count: int
    due_on: date | None


class EmployerBillOut(Schema):
    """A bill of the month; rupiah."""

    id: int
    number: str
    amount: int
    left: int
    people: int
    issued_on: date
    due_on: date


class EmployerMonthOut(Schema):
    """An employer's month with its list of what is done and to do."""

    payer_id: int
    payer: str
    month: date
    workers: int
    joined: int
    leaving: int
    without_wage: int
    closed_on: date | None
    due_on: date
    amount: int
    left: int
    bills: list[EmployerBillOut]
    tasks: list[TaskOut]


class ClosedOut(Schema):
    """A month that is final, with its bill; `job_id` while it is being closed in the background."""

    payer_id: int
    month: date
    bill_id: int | None = None
    workers: int | None = None
    wages: Decimal | None = None
    closed_on: date | None = None
    job_id: str | None = None


class WorkerOut(Schema):
    """A worker of a month. `standing`: joined, working, leaves, left."""

    employment_id: int
    membership_id: int
    employee_no: str
    kpj: str
    nik: str
    name: str
    unit_code: str
    status: str
    started_on: date
    contract_end: date | None
    left_on: date | None
    wage: Decimal | None
    wage_kind: str
    standing: str


class WorkersQuery(MonthIn):
    """Which workers."""

    standing: Literal["joined", "working", "leaves", "left"] | None = None
    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(100, ge=1, le=1_000)


class UnreportedOut(Schema):
    """Who has probably left without being reported. `why`: contract_over, died, ended."""

    employment_id: int
    payer_id: int
    payer: str
    name: str
    nik: str
    employee_no: str
    why: str
    since: date
    days: int


class StandingOut(Schema):
    """An employment and its last working day, none while it goes on."""

    employment_id: int
    left_on: date | None


class SippQuery(MonthIn):
    """Which file, in which header version of new workers."""

    kind: FileKind
    version: Literal["lengkap-30", "tiga-nama-32", "rapel-33"] = "lengkap-30"


@router.get("/reports", response={200: list[ReportOut], **READS}, summary="Reports, newest first")
def list_reports(request: HttpRequest, wanted: Query[ReportsQuery]) -> list[queries.ReportLine]:
    actor = api_actor(request, "wages.view")
    filters = {name: value for name in ("month", "state", "kind") if (value := getattr(wanted, name))}
    return list(queries.reports(actor, ListQuery(filters=filters, page=wanted.page), wanted.payer_id).rows)


@router.post("/reports", response={200: WageReceivedOut, **REFUSALS}, summary="Send a SIPP workbook (.xlsx)")
def send_file(request: HttpRequest, wanted: Form[FileIn], file: File[UploadedFile]) -> dict[str, Any]:
    actor = api_actor(request, "wages.report")
    report = actions.receive_report(
        actor, wanted.payer_id, parse_month(wanted.month), file.read(), file.name or "laporan.xlsx", wanted.unit_code
    )
    return _received(actor, report, wanted.apply)


@router.post("/reports/rows", response={200: WageReceivedOut, **REFUSALS}, summary="Send rows")
def send_rows(request: HttpRequest, wanted: RowsIn) -> dict[str, Any]:
    actor = api_actor(request, "wages.report")
    report = actions.receive_rows(
        actor, wanted.payer_id, parse_month(wanted.month), wanted.kind, wanted.rows, wanted.reason, wanted.unit_code
    )
    return _received(actor, report, wanted.apply)


def _received(actor: Actor, report: WageReport, apply: bool) -> dict[str, Any]:
    waits = report.state == WageReport.State.CHECKED and report.rows_accepted > 0
    job = actions.begin_applying(actor, report.pk) if apply and waits else None
    line = queries.report(actor, report.pk)
    shown = {name: getattr(line, name) for name in ReportOut.model_fields}
    return shown | {"repeated": report.repeated, "job_id": str(job.pk) if isinstance(job, Job) else line.job_id}


@router.get("/reports/{int:report_id}", response={200: ReportOut, **READS}, summary="One report")
def one_report(request: HttpRequest, report_id: int) -> queries.ReportLine:
    return queries.report(api_actor(request, "wages.view"), report_id)


@router.get(
    "/reports/{int:report_id}/rows", response={200: list[WageRowOut], **READS}, summary="Rows with outcome and reasons"
)
def report_rows(request: HttpRequest, report_id: int, wanted: Query[RowsQuery]) -> list[queries.RowLine]:
    actor = api_actor(request, "wages.view")
    filters = {name: value for name in ("outcome", "code") if (value := getattr(wanted, name))}
    query = ListQuery(filters=filters, page=wanted.page, size=wanted.size)
    return list(queries.report_rows(actor, report_id, query).rows)


@router.post("/rows/{int:row_id}", response={200: ReportOut, **REFUSALS}, summary="Mend a row")
def mend_row(request: HttpRequest, row_id: int, wanted: ChangesIn) -> queries.ReportLine:
    actor = api_actor(request, "wages.report")
    return queries.report(actor, actions.correct_row(actor, row_id, wanted.changes).report_id)


@router.post("/reports/{int:report_id}/application", response={200: WageReceivedOut, **REFUSALS}, summary="Apply")
def apply_report(request: HttpRequest, report_id: int) -> dict[str, Any]:
    actor = api_actor(request, "wages.report")
    done = actions.begin_applying(actor, report_id)
    line = queries.report(actor, report_id)
    shown = {name: getattr(line, name) for name in ReportOut.model_fields}
    return shown | {"repeated": False, "job_id": str(done.pk) if isinstance(done, Job) else None}


@router.post("/reports/{int:report_id}/withdrawal", response={200: ReportOut, **REFUSALS}, summary="Take back")
def withdraw(request: HttpRequest, report_id: int, wanted: ReasonIn) -> queries.ReportLine:
    actor = api_actor(request, "wages.report")
    return queries.report(actor, actions.withdraw_report(actor, report_id, wanted.reason).pk)


@router.get("/month", response={200: EmployerMonthOut, **READS}, summary="A month: what is done, what is to do")
def month(request: HttpRequest, wanted: Query[MonthIn]) -> dict[str, Any]:
    actor = api_actor(request, "wages.view")
    found = queries.checklist(actor, wanted.payer_id, parse_month(wanted.month))
    shown = {name: getattr(found.state, name) for name in EmployerMonthOut.model_fields if name != "tasks"}
    return shown | {"tasks": found.tasks}


@router.post("/month/closing", response={200: ClosedOut, **REFUSALS}, summary="Close a month: its bill is issued")
def close(request: HttpRequest, wanted: MonthIn) -> dict[str, Any]:
    return _closed(api_actor(request, "wages.report"), wanted, same=False)


@router.post("/month/same-as-last", response={200: ClosedOut, **REFUSALS}, summary="Nothing changed: close the month")
def same(request: HttpRequest, wanted: MonthIn) -> dict[str, Any]:
    return _closed(api_actor(request, "wages.report"), wanted, same=True)


def _closed(actor: Actor, wanted: MonthIn, *, same: bool) -> dict[str, Any]:
    month = parse_month(wanted.month)
    done = actions.begin_closing(actor, wanted.payer_id, month, same=same)
    if isinstance(done, Job):
        return {"payer_id": wanted.payer_id, "month": month, "job_id": str(done.pk)}
    return {name: getattr(done, name) for name in ClosedOut.model_fields if name != "job_id"}


@router.get("/workers", response={200: list[WorkerOut], **READS}, summary="An employer's workers of a month")
def workers(request: HttpRequest, wanted: Query[WorkersQuery]) -> list[queries.WorkerLine]:
    actor = api_actor(request, "wages.view")
    filters = {"standing": wanted.standing} if wanted.standing else {}
    query = ListQuery(filters=filters, page=wanted.page, size=wanted.size)
    return list(queries.workers(actor, wanted.payer_id, parse_month(wanted.month), query).rows)


@router.get("/unreported-leavers", response={200: list[UnreportedOut], **READS}, summary="Who has probably left")
def unreported(request: HttpRequest, payer_id: PayerId | None = None) -> list[queries.Unreported]:
    return queries.leavers_unreported(api_actor(request, "wages.view"), payer_id)


@router.post(
    "/employments/{int:employment_id}/return", response={200: StandingOut, **REFUSALS},
    summary="The worker has not left after all",
)  # fmt: skip
def undo_leaving(request: HttpRequest, employment_id: int, wanted: ReasonIn) -> dict[str, Any]:
    actor = api_actor(request, "wages.report")
    employment = actions.undo_leaving(actor, employment_id, wanted.reason)
    return {"employment_id": employment.pk, "left_on": employment.left_on}


@router.get(
    "/sipp-files", response=READS, openapi_extra=file_answer_of(XLSX, ZIP), summary="A month's workbook for SIPP"
)
def sipp_file(request: HttpRequest, wanted: Query[SippQuery]) -> HttpResponse:
    actor = api_actor(request, "wages.report")
    files = queries.sipp_files(actor, wanted.payer_id, parse_month(wanted.month), wanted.kind, wanted.version)
    if len(files) == 1:
        return download(files[0].name, files[0].content, XLSX)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return download(f"sipp_{wanted.kind}_{wanted.month}.zip", packed.getvalue(), ZIP)
