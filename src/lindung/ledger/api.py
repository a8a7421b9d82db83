"""The books over HTTP: trial balance, funds, entries, periods, JHT. Amounts are whole rupiah; months are `YYYY-MM`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.log import record_access
from lindung.core.months import format_month
from lindung.core.ui.words import mask_nik
from lindung.ledger import actions, queries
from lindung.ledger.jht import jht_statement
from lindung.ledger.pages import month_in_address

router = Router(tags=["ledger"])
REFUSALS = {403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}


class AccountOut(Schema):
    """An account in a month; `opening` and `closing` positive for debit."""

    code: str
    name: str
    kind: str
    programme: str
    opening: int
    debit: int
    credit: int
    closing: int


class FundOut(Schema):
    """A programme's fund over some months."""

    programme: str
    opening: int
    contributions: int
    returns: int
    benefits: int
    other: int
    closing: int


class PostingOut(Schema):
    """A posting."""

    account: str
    payer: str | None
    debit: int
    credit: int


class BookEntryOut(Schema):
    """An entry; `month` is the period in which it counts."""

    id: int
    dated: date
    month: str
    kind: str
    source: str
    note: str
    posted_by: str
    lines: list[PostingOut]


class BookProposalOut(Schema):
    """What waits for a second officer, or was decided (approved, returned). `kind`: close, rate or journal."""

    id: int
    kind: str
    subject: str
    outcome: str | None


class CloseIn(Schema):
    """Ask to close a month."""

    month: str
    reason: str


class VerdictIn(Schema):
    """The second officer's answer."""

    outcome: Literal["approved", "returned"]
    reason: str = ""


class MovementOut(Schema):
    """What moved a JHT account, and the balance after it."""

    dated: date
    kind: str
    amount: int
    balance: int
    source: str
    article: str


class YearOut(Schema):
    """A year's return; `per_100000` null: not known yet."""

    year: int
    average: int
    per_100000: int | None
    amount: int
    credited: bool


class JhtOut(Schema):
    """A JHT account on a day: what was credited, what has accrued since, and how."""

    membership_id: int
    kpj: str
    name: str
    nik_masked: str
    on: date
    balance: int
    accrued: int
    total: int
    movements: list[MovementOut]
    years: list[YearOut]


@router.get("/trial-balance/{month}", response={200: list[AccountOut], **REFUSALS}, summary="Trial balance of a month")
def trial_balance(request: HttpRequest, month: str) -> list[queries.AccountRow]:
    """Every account of the chart."""
    api_actor(request, "ledger.view")
    return queries.trial_balance(month_in_address(month))


@router.get("/funds/{first}/{last}", response={200: list[FundOut], **REFUSALS}, summary="Funds over some months")
def funds(request: HttpRequest, first: str, last: str) -> list[queries.FundRow]:
    """What each programme's fund was, took in, gave out and is."""
    api_actor(request, "ledger.view")
    return queries.fund_statements(month_in_address(first), month_in_address(last))


@router.get("/entries/{entry_id}", response={200: BookEntryOut, **REFUSALS}, summary="One entry")
def entry(request: HttpRequest, entry_id: int) -> BookEntryOut:
    """An entry with its lines."""
    api_actor(request, "ledger.view")
    detail = queries.entry_detail(entry_id)
    lines = [
        PostingOut(account=row.account, payer=row.payer, debit=row.debit, credit=row.credit) for row in detail.lines
    ]
    found = detail.entry
    return BookEntryOut(
        id=found.pk, dated=found.dated, month=format_month(found.month), kind=found.kind, source=found.source,
        note=found.note, posted_by=found.posted_by, lines=lines,
    )  # fmt: skip


@router.post("/periods", response={200: BookProposalOut, **REFUSALS}, summary="Ask to close a month")
def propose_close(request: HttpRequest, data: CloseIn) -> BookProposalOut:
    """A second officer decides."""
    actor = api_actor(request, "ledger.propose")
    return _proposal(actions.propose_close(actor, month_in_address(data.month), data.reason).pk)


@router.get("/proposals/{proposal_id}", response={200: BookProposalOut, **REFUSALS}, summary="One proposal")
def proposal(request: HttpRequest, proposal_id: int) -> BookProposalOut:
    """What was asked and what was answered."""
    api_actor(request, "ledger.view")
    return _proposal(proposal_id)


@router.post(
    "/proposals/{proposal_id}/verdict", response={200: BookProposalOut, **REFUSALS}, summary="Decide a proposal"
)
def decide(request: HttpRequest, proposal_id: int, data: VerdictIn) -> BookProposalOut:
    """Approved, it takes effect at once; never by the one who asked."""
    actions.decide(api_actor(request, "ledger.decide"), proposal_id, data.outcome, data.reason)
    return _proposal(proposal_id)


def _proposal(proposal_id: int) -> BookProposalOut:
    found = queries.proposal(proposal_id)
    verdict = getattr(found, "verdict", None)
    return BookProposalOut(
        id=found.pk, kind=found.kind, subject=found.subject, outcome=verdict.outcome if verdict else None
    )


@router.get("/jht/{membership_id}", response={200: JhtOut, **REFUSALS}, summary="A member's JHT account")
def jht_account(request: HttpRequest, membership_id: int, on: date | None = None) -> JhtOut:
    """Every movement and every year's return, to the day. The look is logged."""
    actor = api_actor(request, "ledger.view_member")
    found = jht_statement(membership_id, on)
    record_access(actor, f"person:{found.person_id}", "jht statement")
    return JhtOut(
        membership_id=found.membership_id,
        kpj=found.kpj,
        name=found.name,
        nik_masked=mask_nik(found.nik),
        on=found.on,
        balance=found.balance,
        accrued=found.accrued,
        total=found.total,
        movements=[MovementOut.from_orm(row) for row in found.movements],
        years=[
            YearOut(
                year=row.year,
                average=row.average,
                per_100000=row.rate.per_100000 if row.rate else None,
                amount=row.amount,
                credited=row.credited,
            )
            for row in found.years
        ],
    )
