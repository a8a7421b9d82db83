"""Reads about money that came in: the list, one payment with what it paid, and what its reversal would undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung.contributions import statements
from lindung.contributions.models import PaymentReversal
from lindung.core.actors import Actor
from lindung.core.errors import NotFound
from lindung.core.ui.listing import ListQuery, Page


@dataclass(frozen=True)
class PaymentRow:
    """A payment, in rupiah. `applied`: what of it pays bills, or did before it was reversed.

    `state`: standing, waiting (its reversal waits for the second person), reversed."""

    id: int
    paid_on: date
    payer_id: int
    payer: str
    kind: str
    reference: str
    channel: str
    amount: int
    applied: int
    state: str
    received_at: datetime
    received_by: str

    @property
    def left(self) -> int:
        """The payer's credit: what pays no bill yet; nothing once it is reversed."""
        return 0 if self.state == "reversed" else self.amount - self.applied


_APPLIED = """coalesce((SELECT sum(s.amount) FROM contributions_settlement s WHERE s.payment_id = p.id), 0)::bigint"""
_REVERSED = """EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
  WHERE d.payment_id = p.id AND d.outcome = 'approved')"""
_WAITING = """EXISTS (SELECT 1 FROM contributions_paymentreversal r WHERE r.payment_id = p.id AND NOT EXISTS (
  SELECT 1 FROM contributions_paymentreversaldecision d WHERE d.reversal_id = r.id))"""
_STATES = {
    "reversed": _REVERSED,
    "waiting": _WAITING,
    "standing": f"NOT {_REVERSED} AND NOT {_WAITING}",
    "unapplied": f"p.amount > {_APPLIED} AND NOT {_REVERSED}",
}
_PAYMENTS = f"""
SELECT p.id, p.paid_on, p.payer_id, y.name, p.kind, p.reference, p.channel, p.amount, {_APPLIED},
       CASE WHEN {_REVERSED} THEN 'reversed' WHEN {_WAITING} THEN 'waiting' ELSE 'standing' END,
       p.received_at, p.received_by
  FROM contributions_payment p JOIN payers_payer y ON y.id = p.payer_id
"""
_SORTS = {"paid_on": "p.paid_on", "payer": "y.name", "reference": "p.reference", "amount": "p.amount"}


def payments(query: ListQuery) -> Page:
    """One page of payments, the last recorded first. Filters: kind, state (of which `unapplied`: some of it pays no
    bill yet); search by reference or payer's name."""
    values: dict[str, Any] = {"limit": query.limit, "offset": query.offset}
    terms = ["true"]
    if query.search:
        terms.append("(p.reference ILIKE %(text)s OR y.name ILIKE %(text)s)")
        values["text"] = f"%{query.search}%"
    if kind := query.filters.get("kind"):
        terms.append("p.kind = %(kind)s")
        values["kind"] = kind
    if state := query.filters.get("state"):
        terms.append(f"({_STATES[state]})")
    order = query.order_sql(_SORTS, "p.id DESC")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_PAYMENTS} WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values
        )
        return Page.of([PaymentRow(*row) for row in cursor.fetchall()], query)


def payment(payment_id: int) -> PaymentRow:
    """Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PAYMENTS} WHERE p.id = %s", [payment_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("payment_not_found", _("Pembayaran tidak ditemukan."))
    return PaymentRow(*row)


@dataclass(frozen=True)
class PaymentPart:
    """What a payment pays of one bill, in rupiah, and on which day. `whole`: that bill is settled now."""

    bill_id: int
    number: str
    kind: str
    month: date
    people: int
    amount: int
    dated: date
    whole: bool


def parts_of(payment_id: int) -> list[PaymentPart]:
    """The bills a payment pays, or had paid before it was reversed, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.id, i.number, b.kind, b.month, i.people, s.amount, coalesce(s.dated, p.paid_on),
                   contributions_met(b.id) = i.amount
              FROM contributions_settlement s JOIN contributions_payment p ON p.id = s.payment_id
              JOIN contributions_bill b ON b.id = s.bill_id JOIN contributions_billissue i ON i.bill_id = b.id
             WHERE s.payment_id = %s ORDER BY b.month, b.sequence, s.id
            """,
            [payment_id],
        )
        return [PaymentPart(*row) for row in cursor.fetchall()]


def reversals_of(payment_id: int) -> list[PaymentReversal]:
    """What was proposed against a payment, with the decisions; the newest first."""
    return list(
        PaymentReversal.objects.filter(payment_id=payment_id)
        .select_related("proposed_by", "decision__decided_by")
        .order_by("-id")
    )


def reversals_to_decide(actor: Actor) -> int:
    """How many proposed reversals wait for this officer: those that somebody else proposed."""
    waiting = PaymentReversal.objects.filter(decision__isnull=True)
    return waiting.exclude(proposed_by_id=actor.user_id or 0).count()


@dataclass(frozen=True)
class ReversalEffect:
    """What a reversal would undo: so many bills are open again by so many rupiah, and the month of so many people is
    unpaid again, unless `other_credit` (rupiah, of the payer's other money) pays in its place."""

    bills: int
    people: int
    reopened: int
    other_credit: int


def effect_of_reversal(row: PaymentRow) -> ReversalEffect:
    """As it stands now. People: each once, wherever they live, on bills that are settled now."""
    parts = parts_of(row.id)
    settled = sorted({part.bill_id for part in parts if part.whole})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contributions_people_of(%s::bigint[])", [settled])
        people: int = cursor.fetchone()[0]
    (standing,) = statements.standings([row.payer_id])
    return ReversalEffect(
        bills=len({part.bill_id for part in parts}),
        people=people,
        reopened=sum(part.amount for part in parts),
        other_credit=standing.credit - row.left,
    )
