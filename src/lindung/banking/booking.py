"""From a bank's message to what is booked: one statement per message, which commits whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from lindung.banking.access import SKEW, Caller
from lindung.banking.codes import Case, Service, SnapError, case_of
from lindung.banking.messages import (
    Account,
    Inquiry,
    Outcome,
    Payment,
    StatusQuestion,
    utc_now,
    write_time,
)
from lindung.contributions.billing import bill_of_code
from lindung.contributions.codes import payer_of_code
from lindung.core.errors import InvalidInput

ATTEMPTS = 4  # two messages under one number at the same instant: the later one looks again
Answered = TypeVar("Answered")

_TAKE = """
SELECT response_code, facts FROM banking_take(
  %(service)s::smallint, %(partner)s, %(external)s, %(day)s::date, %(digest)s, %(request)s, %(channel)s, %(bill)s,
  %(payer)s, %(amount)s, %(reference)s, %(advice)s, %(paid_on)s::date,
  %(today)s::date)
"""


def inquire(caller: Caller, asked: Inquiry) -> Outcome:
    """What the account owes. The same message again gets the same answer, also when the bill was paid meanwhile."""
    return _take(caller, Service.INQUIRY, asked.account, request=asked.request_id)


def book(caller: Caller, paid: Payment) -> Outcome:
    """Book a payment once, however often and in whatever order the bank tells of it; and only if the account's bill
    still asks for it. Raises SnapError."""
    if paid.transacted_at and paid.transacted_at > utc_now() + SKEW:
        raise SnapError(Case.FIELD_FORMAT, "trxDateTime")
    return _take(
        caller,
        Service.PAYMENT,
        paid.account,
        request=paid.request_id,
        amount=paid.amount,
        reference=paid.reference,
        advice=paid.advice,
        moment=paid.transacted_at,
    )


def status(caller: Caller, asked: StatusQuestion) -> Outcome:
    """How we booked a payment; reading leaves nothing behind. Raises SnapError."""
    bill_id, payer_id = _meant(caller, asked.account)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.facts, c.reference, c.at FROM banking_callback c JOIN contributions_bill b ON b.id = c.bill_id"
            " WHERE c.partner_id = %s AND c.request_id = %s AND c.payment_id IS NOT NULL"
            " AND (b.id = %s OR b.payer_id = %s)",
            [caller.partner.pk, asked.request_id, bill_id, payer_id],
        )
        row = cursor.fetchone()
    if row is None:
        return Outcome(Case.NOT_FOUND, {})
    facts = _facts(row[0])
    return Outcome(Case.SUCCESS, facts | {"reference": row[1], "booked_at": write_time(row[2])})


def _take(
    caller: Caller,
    service: Service,
    account: Account,
    *,
    request: str,
    amount: int | None = None,
    reference: str = "",
    advice: bool = False,
    moment: datetime | None = None,
) -> Outcome:
    bill_id, payer_id = _meant(caller, account)
    values = {
        "service": int(service),
        "partner": caller.partner.pk,
        "external": caller.external_id,
        "day": caller.day,
        "digest": caller.digest,
        "request": request,
        "channel": caller.channel,
        "bill": bill_id,
        "payer": payer_id,
        "amount": amount,
        "reference": reference,
        "advice": advice,
        "paid_on": _local_day(min(moment or caller.moment, utc_now())),
        "today": _local_day(utc_now()),
    }
    code, facts = _repeated(lambda: _ask(values))
    return Outcome(case_of(code), _facts(facts))


def _local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _meant(caller: Caller, account: Account) -> tuple[int | None, int | None]:
    """The bill that the account's number stands for, or the payer all of whose bills it pays; neither when its check
    digit is wrong. Raises SnapError for another bank's numbers."""
    if account.service_id != caller.partner.service_id:
        raise SnapError(Case.UNKNOWN_PARTNER)
    payer_id = payer_of_code(account.customer)
    if payer_id is not None:
        return None, payer_id
    try:
        return bill_of_code(account.customer), None
    except InvalidInput:
        return None, None


def _ask(values: dict[str, Any]) -> tuple[str, Any]:
    # Whether the connection still lives shows at once by the statement itself: no question before each.
    connection.health_check_done = True  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row: tuple[str, Any] = cursor.fetchone()
    return row


def _repeated(act: Callable[[], Answered]) -> Answered:
    """Once more when two messages collided, or when PostgreSQL was away: nothing is booked twice. Inside somebody's
    transaction there is no second attempt: the whole request fails, and the bank repeats it."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return act()
        except DatabaseError as error:
            collided = isinstance(error.__cause__, SerializationFailure | DeadlockDetected | UniqueViolation)
            lost = connection.connection is None or connection.connection.closed
            if not (collided or lost) or attempt == ATTEMPTS or connection.in_atomic_block:
                raise
            if lost:
                connection.close()
    raise AssertionError("unreachable")


def _facts(stored: Any) -> dict[str, Any]:
    """JSON as Django's raw cursors give it: text."""
    found: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    return found
