"""Payers over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.ui.listing import ListQuery
from lindung.payers import actions, employer_queries, queries
from lindung.payers.drafts import Activity, EmployerDraft, Identity, Scale
from lindung.payers.kbli import suggest

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


Size = Literal["micro", "small", "medium", "large"]
Programme = Literal["JKK", "JKM", "JHT", "JP", "JKP"]
MOST_RUPIAH = 10**17
NO_NUL = r"^[^\x00]*$"  # what PostgreSQL cannot keep
REFUSALS: dict[int, Any] = {403: ErrorOut, 422: ErrorOut}


class EmployerOut(Schema):
    """An employer as of today. `standing` is complete, partial (a programme the law asks for is not taken) or unknown
    (its size is not recorded); `npp` starts with NIB while the branch has not given one."""

    id: int
    name: str
    npp: str
    nib: str | None
    place_id: int
    place: str
    risk_group: int | None
    firm_size: str | None
    workers: int | None
    joined_on: date
    standing: str
    agreement_ends_on: date | None


class EmployerUnitOut(Schema):
    """A division; `ends_on` is its last day (null: open)."""

    code: str
    name: str
    place: str
    ends_on: date | None


class EmployerDetailOut(EmployerOut):
    """With the programmes the law asks of its size, those taken, its KBLI codes and divisions."""

    address: str
    activity: str
    risk_decided_by: str
    kbli: list[str]
    required: list[str]
    programmes: list[str]
    missing: list[str]
    units: list[EmployerUnitOut]


class EmployerQuery(Schema):
    """Narrow the list; `q` looks in name, NPP and NIB."""

    q: str = Field("", max_length=100)
    size: Literal["", "micro", "small", "medium", "large", "state"] = ""
    standing: Literal["", "complete", "partial", "unknown"] = ""
    page: int = Field(1, ge=1, le=40)


class EmployerIn(Schema):
    """An employer to register. `entry` is the number in the law's list of risk groups (see /payers/risk-groups);
    `programmes` left out: as the law asks of the size. Amounts in rupiah."""

    name: str = Field(max_length=150, pattern=NO_NUL)
    kind: Literal["company", "regency", "village"] = "company"
    place_id: int = Field(ge=1, le=9_999_999_999)
    nib: str = Field("", max_length=40, pattern=NO_NUL)
    npwp: str = Field("", max_length=40, pattern=NO_NUL)
    npp: str = Field("", max_length=20, pattern=NO_NUL)
    owner: str = Field("", max_length=150, pattern=NO_NUL)
    address: str = Field("", max_length=250, pattern=NO_NUL)
    phone: str = Field("", max_length=30, pattern=NO_NUL)
    email: str = Field("", max_length=150, pattern=NO_NUL)
    entry: str = Field(max_length=10, pattern=NO_NUL)
    kbli: str = Field("", max_length=160, pattern=NO_NUL)
    firm_size: Size | None = None
    capital: int | None = Field(None, ge=0, le=MOST_RUPIAH)
    annual_sales: int | None = Field(None, ge=0, le=MOST_RUPIAH)
    workers: int | None = Field(None, ge=0, le=999_999_999)
    programmes: list[Programme] | None = Field(None, min_length=1, max_length=5)
    joined_on: date
    source: str = Field(max_length=250, pattern=NO_NUL)


class RiskEntryOut(Schema):
    """An entry of the law's list: its number, JKK group 1 to 5, article, and how sure its text is."""

    number: str
    name: str
    group: int
    article: str
    confidence: str


class RiskQuery(Schema):
    """Words, or a KBLI code of two to five digits."""

    q: str = Field(min_length=1, max_length=100)


class MinimumWageQuery(Schema):
    """A place of any level, a day (today), and a sector for its own wage."""

    place: int = Field(ge=1, le=9_999_999_999)
    on: date | None = None
    sector: str = Field("", max_length=80)


class MinimumWageOut(Schema):
    """The minimum wage that holds: rupiah a month, with the decree's sen."""

    amount: Decimal
    kind: str
    place_id: int
    place: str
    sector: str
    valid_from: date
    source: str
    confidence: str


@router.get("/employers", response={200: list[EmployerOut], **REFUSALS}, summary="Employers by name, 50 a page")
def employers(request: HttpRequest, wanted: Query[EmployerQuery]) -> list[EmployerOut]:
    """Of a size, or by whether the programmes the law asks for are taken."""
    api_actor(request, "payers.view")
    filters = {name: value for name in ("size", "standing") if (value := getattr(wanted, name))}
    query = ListQuery(search=wanted.q.replace("\x00", ""), filters=filters, page=wanted.page)
    return [EmployerOut(**asdict(row)) for row in employer_queries.employers(query).rows]


@router.post("/employers", response={200: EmployerOut, **REFUSALS, 409: ErrorOut}, summary="Register; twice is once")
def register_employer(request: HttpRequest, given: EmployerIn) -> EmployerOut:
    """The employer as it stands; one that is registered already is given back unchanged."""
    actor = api_actor(request, "payers.register")
    names = ("name", "place_id", "nib", "npwp", "npp", "owner", "address", "email", "phone")
    draft = EmployerDraft(
        identity=Identity(**{name: getattr(given, name) for name in names}),
        activity=Activity(entry=given.entry, kbli=given.kbli),
        scale=Scale(given.firm_size or "", given.capital, given.annual_sales, given.workers),
        joined_on=given.joined_on, source=given.source, kind=given.kind,
        programmes=tuple(given.programmes) if given.programmes else None,
    )  # fmt: skip
    payer = actions.register_employer(actor, draft)
    return EmployerOut(**asdict(employer_queries.employer(actor, payer.pk).row))


@router.get(
    "/employers/{int:payer_id}", response={200: EmployerDetailOut, 403: ErrorOut, 404: ErrorOut}, summary="One employer"
)
def employer(request: HttpRequest, payer_id: int) -> EmployerDetailOut:
    """As of today."""
    found = employer_queries.employer(api_actor(request, "payers.view"), payer_id)
    activity = found.activity
    return EmployerDetailOut(
        **asdict(found.row), address=found.address, activity=activity.description if activity else "",
        risk_decided_by=activity.decided_by if activity else "", kbli=[code for code, _division in found.kbli],
        required=list(found.required), programmes=list(found.programmes), missing=list(found.missing),
        units=[EmployerUnitOut(**asdict(unit)) for unit in found.units],
    )  # fmt: skip


@router.get("/risk-groups", response={200: list[RiskEntryOut], **REFUSALS}, summary="JKK risk groups by words or KBLI")
def risk_groups(request: HttpRequest, wanted: Query[RiskQuery]) -> list[RiskEntryOut]:
    """The best first, at most 30. A KBLI code gives suggestions only: an officer decides."""
    api_actor(request, "payers.view")
    return [RiskEntryOut(**asdict(entry)) for entry in suggest(wanted.q).entries]


@router.get(
    "/minimum-wage", response={200: MinimumWageOut, **REFUSALS, 404: ErrorOut}, summary="The minimum wage at a place"
)
def minimum_wage(request: HttpRequest, wanted: Query[MinimumWageQuery]) -> MinimumWageOut:
    """The regency's, or the province's in a year without one."""
    api_actor(request, "payers.view")
    found = queries.minimum_wage(wanted.place, wanted.on or today(), wanted.sector.replace("\x00", ""))
    if found is None:
        raise NotFound("wage_not_found", _("Upah minimum wilayah ini pada hari itu belum dicatat."))
    return MinimumWageOut(**asdict(found))
