"""A payer, and the books before anything is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connection
from world import World, make_user, make_world

from lindung.core.actors import EVERYWHERE, Actor

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def payer(world: World) -> int:
    """A payer's number."""
    return int(world.company.pk)


def balance(account: str, payer_id: int | None = None) -> int:
    """What all postings of an account (and payer) add up to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting"
            " WHERE account_id = %s AND (%s::bigint IS NULL OR payer_id = %s)",
            [account, payer_id, payer_id],
        )
        return int(cursor.fetchone()[0])


def check_now() -> None:
    """Run what waits for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@dataclass(frozen=True)
class Officers:
    """Two who keep the books."""

    first: Actor
    second: Actor


KEEPER = frozenset({"ledger.view", "ledger.propose", "ledger.decide", "ledger.credit", "ledger.view_member"})


@pytest.fixture
def officers(world: World) -> Officers:
    one, two = (
        Actor(make_user(name, "regency_officer", []).pk, name, "regency_officer", KEEPER, EVERYWHERE)
        for name in ("pembuku", "penyelia")
    )
    return Officers(one, two)
