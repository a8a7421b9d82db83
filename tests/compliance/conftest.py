"""Companies with workers and bills, made straight in the tables: these tests rest on as little as they can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from world import World, make_payer, make_user, make_world

from lindung.contributions.models import Bill, BillIssue, Payment, Settlement
from lindung.core.actors import EVERYWHERE, Actor
from lindung.core.models import Installation
from lindung.payers.models import Payer

VERBS = ("view", "summary", "import", "judge", "step", "plan", "decide", "object")
JAN = date(2026, 1, 1)
TODAY = date(2026, 2, 27)


def on(day: date) -> None:
    """Let it be this day."""
    Installation.objects.update(business_date=day)


@dataclass
class Town:
    """The little world with two officers of compliance."""

    world: World
    officer: Actor
    second: Actor

    def company(self, number: int = 1, **fields: Any) -> Payer:
        return make_payer(
            f"KR1{number:05d}", "company", fields.pop("name", f"PT Uji {number}"), risk_group=3,
            place_id=fields.pop("place_id", self.world.villages[0]), **fields,
        )  # fmt: skip


def officer(username: str, *verbs: str) -> Actor:
    """Someone who signs in, with these permissions of compliance."""
    user = make_user(username, "regency_officer", [6112000000], username.title())
    return Actor(user.pk, user.display_name, user.role, frozenset(f"compliance.{verb}" for verb in verbs), EVERYWHERE)


@pytest.fixture
def town(db: None) -> Town:
    world = make_world()
    return Town(world, officer("rina", *VERBS), officer("joko", *VERBS))


@contextmanager
def without_triggers() -> Iterator[None]:
    """The rules of bills and money are the contributions room's, and tested there."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def bill(payer: Payer, month: date, amount: int, due_on: date, people: int = 1) -> int:
    """An issued bill with no rows behind it."""
    with without_triggers():
        made = Bill.objects.create(payer=payer, month=month)
        BillIssue.objects.create(
            bill=made, number=f"TAG-{payer.pk}-{month:%Y-%m}", issued_on=month, due_on=due_on, people=people,
            amount=amount, content_digest="", issued_by="uji",
        )  # fmt: skip
    return made.pk


def pay(bill_id: int, amount: int, paid_on: date) -> None:
    """Money for a bill."""
    paid = Bill.objects.get(pk=bill_id)
    with without_triggers():
        payment = Payment.objects.create(
            payer_id=paid.payer_id, kind="transfer", reference=f"REF-{bill_id}-{paid_on}-{amount}", paid_on=paid_on,
            amount=amount, received_by="uji",
        )  # fmt: skip
        Settlement.objects.create(payment=payment, bill=paid, amount=amount)
