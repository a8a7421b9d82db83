"""Contributions over HTTP: participants, cover, bills, payments, alarms. NIKs come masked; amounts are whole rupiah;
months are `YYYY-MM`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from lindung.contributions import actions, leaving, lists, queries, watch
from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.clock import today
from lindung.core.log import record_access
from lindung.core.months import format_month
from lindung.core.ui.listing import ListQuery
from lindung.core.ui.words import mask_nik
from lindung.membership.queries import membership
from lindung.people.queries import person

router = Router(tags=["contributions"])
REFUSALS = {403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
PAGE_SIZE = 100


class ParticipantOut(Schema):
    """A membership and how it is protected."""

    person_id: int
    name: str
    nik_masked: str
    village: str
    kpj: str
    payer: str
    status: Literal["active", "grace", "inactive", "registered"]
    protected_since: date | None
    paid_through: str | None


class ParticipantPage(Schema):
    """A hundred participants by name."""

    items: list[ParticipantOut]
    has_next: bool


class CoverOut(Schema):
    """A person's cover on a day."""

    status: Literal["active", "grace", "inactive"]
    payer_name: str
    segment: str
    protected_since: date | None
    paid_through: str | None
    grace_until: date | None
    inactive_from: date | None
    consecutive_months: int
    jkm_full_from: date | None
    wage_base: int
    kpj: str
    programmes: list[str]


class BillOut(Schema):
    """A bill of a payer and month. `met`: rupiah paid or set off so far."""

    id: int
    payer_id: int
    payer: str
    month: str
    sequence: int
    number: str | None
    issued_on: date | None
    due_on: date | None
    people: int
    amount: int
    met: int
    left: int
    state: Literal["planned", "issued", "partial", "overdue", "settled", "credit"]


class BillPage(Schema):
    """A hundred bills, the newest month first."""

    items: list[BillOut]
    has_next: bool


class BillLineOut(Schema):
    """A person on a bill, in rupiah; negative on a credit."""

    person_id: int
    name: str
    nik_masked: str
    village: str
    kpj: str
    jkk: int
    jkm: int


class MonthOut(Schema):
    """A month of a person: who was charged how much on which bill, and when that was paid."""

    month: str
    job: int
    payer: str
    wage_base: int
    jkk: int
    jkm: int
    origin: str
    bill_id: int
    number: str | None
    settled_on: date | None


class PageQuery(Schema):
    """A page of a hundred."""

    page: int = Field(1, ge=1, le=100_000)


class PaymentIn(Schema):
    """Money received. `reference` is the sender's own number: sent again with the same content, nothing changes."""

    payer_id: int
    kind: Literal["sp2d", "transfer"]
    reference: str = Field(min_length=1, max_length=80)
    paid_on: date
    amount: int = Field(gt=0, le=10**15)
    bill_ids: list[int] = Field(min_length=1, max_length=500)
    instalment: bool = False


class PaymentOut(Schema):
    """What a payment did."""

    id: int
    settled_bills: list[int]
    people: int
    repeated: bool


class AlarmOut(Schema):
    """People who lose protection unless something is done."""

    kind: Literal["unpaid", "not_issued", "not_planned", "first"]
    payer_id: int
    payer: str
    month: str
    people: int
    bill_id: int | None
    bill: str
    amount: int
    falls_out_on: date
    days_left: int
    tone: str
    sentence: str


class ParticipantFilter(Schema):
    """What to list."""

    q: str = Field("", max_length=100)
    status: Literal["", "active", "grace", "inactive", "registered"] = ""
    payer: int | None = Field(None, ge=1, le=2**62)
    district: int | None = Field(None, ge=0, le=9_999_999_999)
    village: int | None = Field(None, ge=0, le=9_999_999_999)
    page: int = Field(1, ge=1, le=100_000)


class BillFilter(Schema):
    """What to list."""

    state: Literal["", "planned", "issued", "partial", "overdue", "settled", "credit"] = ""
    payer: int | None = Field(None, ge=1, le=2**62)
    year: int | None = Field(None, ge=2000, le=2100)
    page: int = Field(1, ge=1, le=100_000)


class EndIn(Schema):
    """The first day on which the membership no longer stands, and why."""

    effective_on: date
    reason: str = Field(min_length=leaving.SHORTEST_REASON, max_length=250)


class ReopeningIn(Schema):
    """Why the end should not have been."""

    reason: str = Field(min_length=leaving.SHORTEST_REASON, max_length=250)


class DepartureOut(Schema):
    """A membership after its end or reopening; `months` were taken back, or charged again."""

    membership_id: int
    kpj: str
    ended_on: date | None
    months: int


def _question(filters: Schema, search: str = "") -> ListQuery:
    given = filters.dict(exclude={"q", "page"}, exclude_none=True)
    page: int = filters.page  # type: ignore[attr-defined]
    return ListQuery(
        search=" ".join(search.replace("\x00", "").split()),
        page=page,
        size=PAGE_SIZE,
        filters={key: str(value) for key, value in given.items() if value != ""},
    )


@router.get("/participants", response={200: ParticipantPage, **REFUSALS}, summary="Participants with their cover")
def participants(request: HttpRequest, filters: Query[ParticipantFilter]) -> ParticipantPage:
    api_actor(request, "people.view")
    page = lists.participants(_question(filters, filters.q))
    return ParticipantPage(items=[_participant(row) for row in page.rows], has_next=page.has_next)


def _participant(row: lists.ParticipantRow) -> ParticipantOut:
    return ParticipantOut(
        person_id=row.person_id,
        name=row.name,
        nik_masked=mask_nik(row.nik),
        village=row.village,
        kpj=row.kpj,
        payer=row.payer,
        status=row.status,  # type: ignore[arg-type]
        protected_since=row.protected_since,
        paid_through=format_month(row.paid_through) if row.paid_through else None,
    )


@router.get("/people/{int:person_id}/cover", response={200: CoverOut, **REFUSALS}, summary="Cover of a person on a day")
def cover(request: HttpRequest, person_id: int, on: date | None = None) -> CoverOut:
    actor = api_actor(request, "contributions.view")
    person(actor, person_id)
    record_access(actor, f"person:{person_id}", "cover")
    found = queries.cover_of(person_id, on or today())
    return CoverOut(
        **vars(found)
        | {
            "paid_through": format_month(found.paid_through) if found.paid_through else None,
            "programmes": list(found.programmes),
        }
    )


@router.get("/bills", response={200: BillPage, **REFUSALS}, summary="Bills")
def bills(request: HttpRequest, filters: Query[BillFilter]) -> BillPage:
    api_actor(request, "contributions.view")
    page = lists.bills(_question(filters))
    return BillPage(items=[_bill(row) for row in page.rows], has_next=page.has_next)


@router.get("/bills/{int:bill_id}", response={200: BillOut, **REFUSALS}, summary="One bill")
def bill(request: HttpRequest, bill_id: int) -> BillOut:
    api_actor(request, "contributions.view")
    return _bill(lists.bill(bill_id))


@router.get("/bills/{int:bill_id}/lines", response={200: list[BillLineOut], **REFUSALS}, summary="People on a bill")
def bill_lines(request: HttpRequest, bill_id: int, asked: Query[PageQuery]) -> list[BillLineOut]:
    api_actor(request, "contributions.view")
    page = lists.bill_lines(lists.bill(bill_id), ListQuery(page=asked.page, size=PAGE_SIZE))
    return [
        BillLineOut(
            person_id=row.id,
            name=row.name,
            nik_masked=mask_nik(row.nik),
            village=row.village,
            kpj=row.kpj,
            jkk=row.jkk,
            jkm=row.jkm,
        )
        for row in page.rows
    ]


@router.get("/people/{int:person_id}/months", response={200: list[MonthOut], **REFUSALS}, summary="A person's months")
def months(request: HttpRequest, person_id: int) -> list[MonthOut]:
    actor = api_actor(request, "contributions.view")
    person(actor, person_id, "months")
    return [MonthOut(**vars(row) | {"month": format_month(row.month)}) for row in queries.months_of(person_id)]


@router.post("/bills/{int:bill_id}/issue", response={200: BillOut, **REFUSALS}, summary="Issue a bill; twice is once")
def issue(request: HttpRequest, bill_id: int) -> BillOut:
    actions.issue_bill(api_actor(request, "contributions.issue_bill"), bill_id)
    return _bill(lists.bill(bill_id))


def _bill(row: lists.BillRow) -> BillOut:
    return BillOut(**vars(row) | {"month": format_month(row.month), "left": row.left})


@router.post(
    "/payments", response={200: PaymentOut, **REFUSALS, 409: ErrorOut}, summary="Record a payment; twice is once"
)
def record_payment(request: HttpRequest, payment: PaymentIn) -> PaymentOut:
    actor = api_actor(request, "contributions.record_payment")
    result = actions.record_payment(actor, **payment.dict())
    return PaymentOut(
        id=result.payment.pk, settled_bills=result.settled_bills, people=result.people, repeated=result.repeated
    )


@router.get("/alarms", response={200: list[AlarmOut], 403: ErrorOut}, summary="Who falls out of cover, and when")
def alarms(request: HttpRequest) -> list[AlarmOut]:
    api_actor(request, "contributions.view")
    return [
        AlarmOut(**vars(alarm) | {"month": format_month(alarm.month), "sentence": alarm.sentence()})
        for alarm in watch.alarms(today())
    ]


@router.post(
    "/memberships/{int:membership_id}/end", response={200: DepartureOut, **REFUSALS, 409: ErrorOut},
    summary="End a membership; twice is once",
)  # fmt: skip
def leave(request: HttpRequest, membership_id: int, end: EndIn) -> DepartureOut:
    """Charges of later months that are not paid are taken back; a later month that is paid forbids the end."""
    actor = api_actor(request, leaving.END)
    return _departure(leaving.leave(actor, membership_id, end.effective_on, end.reason))


@router.post(
    "/memberships/{int:membership_id}/reopening", response={200: DepartureOut, **REFUSALS, 409: ErrorOut},
    summary="Undo the end of a membership",
)  # fmt: skip
def come_back(request: HttpRequest, membership_id: int, again: ReopeningIn) -> DepartureOut:
    """What was taken back is charged again."""
    return _departure(leaving.come_back(api_actor(request, leaving.END), membership_id, again.reason))


def _departure(done: leaving.Departure) -> DepartureOut:
    member = membership(done.membership.pk)
    return DepartureOut(membership_id=member.id, kpj=member.kpj, ended_on=member.ended_on, months=done.months)
