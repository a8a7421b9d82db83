"""Reconciliation over HTTP, for reading: statements, lines, the agreement of bank and books, in whole rupiah."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.clock import today
from lindung.core.ui.listing import ListQuery
from lindung.reconciliation import queries

router = Router(tags=["reconciliation"])
REFUSALS = {403: ErrorOut, 422: ErrorOut}
PAGE_SIZE = 100
VIEW = "reconciliation.view"


class StatementOut(Schema):
    """A bank's statement; `open_lines` counts money in that nobody knows yet."""

    id: int
    account: str
    bank: str
    number: str
    opened_on: date
    closed_on: date
    opening: int
    closing: int
    lines_read: int
    lines_new: int
    open_lines: int


class StatementPage(Schema):
    """A hundred statements, the latest first."""

    items: list[StatementOut]
    has_next: bool


class StatementLineOut(Schema):
    """A movement and what it stands for."""

    id: int
    booked_on: date
    amount: int
    sen: int
    reference: str
    text: str
    account: str
    statement_id: int
    state: Literal["known", "open", "out"]
    how: str
    payer: str
    payer_id: int | None
    payment_reference: str


class LinePage(Schema):
    """A hundred lines, the latest first."""

    items: list[StatementLineOut]
    has_next: bool


class DayOut(Schema):
    """A day: bank, what is known of it, and what the books moved at the bank. `difference` is books minus bank."""

    day: date
    bank_in: int
    bank_out: int
    known: int
    suspense: int
    books: int
    difference: int


class Asked(Schema):
    """Which page, and which lines."""

    page: int = Field(1, ge=1, le=10_000)
    state: Literal["", "known", "open", "out"] = ""


@router.get("/statements", response={200: StatementPage, **REFUSALS}, summary="Rekening koran")
def list_statements(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Statements, the latest first."""
    api_actor(request, VIEW)
    page = queries.statements(_query(asked))
    return {"items": page.rows, "has_next": page.has_next}


@router.get("/lines", response={200: LinePage, **REFUSALS}, summary="Baris rekening koran")
def list_lines(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Lines of all statements; with `state=open` the money in that nobody knows yet."""
    api_actor(request, VIEW)
    page = queries.lines(_query(asked))
    return {"items": page.rows, "has_next": page.has_next}


@router.get("/days", response={200: list[DayOut], **REFUSALS}, summary="Kesesuaian bank dan buku")
def list_days(request: HttpRequest) -> list[queries.DayRow]:
    """The last two months, day by day."""
    api_actor(request, VIEW)
    return queries.days(today())


def _query(asked: Asked) -> ListQuery:
    return ListQuery(
        search="", filters={"state": asked.state}, sort=None, descending=False, page=asked.page, size=PAGE_SIZE
    )
