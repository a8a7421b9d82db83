"""The reads of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from lindung.banking.models import Callback
from lindung.core.ui.listing import ListQuery, Page


@dataclass(frozen=True)
class Message:
    """A bank's message and what was answered."""

    id: int
    at: datetime
    bank: str
    service: str
    bill_number: str
    payer: str
    amount: int | None
    outcome: str  # the case code; «repeated» for a success that booked nothing new
    response_code: str
    request_id: str
    reference: str
    advice: bool


OUTCOMES: dict[str, dict[str, Any]] = {
    "booked": {"payment__isnull": False},
    "refused": {"service": 25, "response_code__startswith": "4"},
    "repeated": {"service": 25, "response_code": "2002500", "payment__isnull": True},
    "inquiry": {"service": 24},
}


def messages_page(query: ListQuery) -> Page:
    """The banks' messages, newest first. The search finds a message by the bank's numbers, whole."""
    found = Callback.objects.select_related("partner", "bill__payer", "bill__issue").order_by("-at", "-id")
    if outcome := query.filters.get("outcome"):
        found = found.filter(**OUTCOMES[outcome])
    if bank := query.filters.get("bank"):
        found = found.filter(partner_id=int(bank))
    if query.search:
        sought = query.search.strip()
        found = found.filter(request_id=sought) | found.filter(reference=sought) | found.filter(external_id=sought)
    rows = [_message(callback) for callback in found[query.offset : query.offset + query.limit]]
    return Page.of(rows, query)


def _message(callback: Callback) -> Message:
    bill = callback.bill
    outcome = callback.response_code[5:]
    if callback.service == 25 and outcome == "00":
        outcome = "booked" if callback.payment_id else "repeated"
    elif callback.service == 24 and outcome == "00":
        outcome = "asked"
    return Message(
        id=callback.pk,
        at=callback.at,
        bank=callback.partner.name,
        service=str(callback.service),
        bill_number=bill.issue.number if bill else "",
        payer=bill.payer.name if bill else "",
        amount=callback.amount,
        outcome=outcome,
        response_code=callback.response_code,
        request_id=callback.request_id,
        reference=callback.reference,
        advice=callback.advice,
    )


def payable_bills(limit: int) -> list[int]:
    """Issued bills that still ask something, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bill_id FROM contributions_billissue i WHERE amount > 0 AND amount > contributions_met(bill_id)"
            " ORDER BY bill_id DESC LIMIT %s",
            [limit],
        )
        return [row[0] for row in cursor.fetchall()]
