"""What claims put into the books: each benefit once when it is approved, once when it is paid."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from claims.conftest import Branch
from lindung.claims import actions
from lindung.claims.models import Decision, InsuredEvent, Payout
from lindung.core.actors import acting_as

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 2, 27)
AMOUNT = 42_000_000


def books() -> dict[str, int]:
    """Every account that claims moved, debit positive."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SELECT p.account_id, sum(p.amount)::bigint FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
            " WHERE e.kind IN ('benefit', 'benefit_withdrawn', 'payout') GROUP BY 1"
        )
        return dict(cursor.fetchall())


@pytest.fixture
def judged(branch: Branch, veteran: InsuredEvent) -> Decision:
    return branch.judged(branch.claim(veteran))


def pay(branch: Branch, decision: Decision) -> Payout:
    payout = branch.sent(decision)
    for _again in range(2):
        with acting_as(branch.world.verifier) as who:
            actions.confirm_payout(who, payout.id, PAID_ON, "TRX-1")
    return payout


def test_a_benefit_is_owed_when_approved_and_gone_when_paid(branch: Branch, judged: Decision) -> None:
    assert books() == {}
    branch.approve(judged)
    branch.approve(judged)
    assert books() == {"5102": AMOUNT, "2401": -AMOUNT}
    pay(branch, judged)
    assert books() == {"5102": AMOUNT, "2401": 0, "1101": -AMOUNT}


def test_a_returned_decision_owes_nothing(branch: Branch, judged: Decision) -> None:
    with acting_as(branch.world.branch_approver) as who:
        actions.decide_approval(who, judged.pk, "returned", "berkas kurang jelas")
    assert books() == {}


def test_a_withdrawn_death_is_not_owed_any_more(branch: Branch, veteran: InsuredEvent, judged: Decision) -> None:
    branch.approve(judged)
    with acting_as(branch.world.officer) as who:
        actions.withdraw_death(who, veteran.person_id, "orangnya masih hidup")
    assert books() == {"5102": 0, "2401": 0}


def test_what_was_there_before_the_books_is_put_into_them_once(
    branch: Branch, judged: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lindung.claims.actions.booking.post", lambda *_arguments: None)
    branch.approve(judged)
    pay(branch, judged)
    assert books() == {}
    migration = import_module("lindung.claims.migrations.0006_books")
    with connection.schema_editor() as editor:
        migration.book(None, editor)
        migration.book(None, editor)
    assert books() == {"5102": AMOUNT, "2401": 0, "1101": -AMOUNT}
