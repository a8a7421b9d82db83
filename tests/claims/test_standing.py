"""Where a claim stands is kept beside it: right whoever writes at the same moment, and written by nobody else. After
every test of this room it is held against the rows it follows from (see `branch`)."""

from __future__ import annotations

from datetime import date
from threading import Event, Thread

import pytest
from django.db import ProgrammingError, connection, transaction

from claims.conftest import Branch
from lindung.claims.models import Claim, ClaimCompletion, ClaimStanding, Decision, InsuredEvent
from lindung.claims.receipts import receipt_lines
from lindung.core.actors import SYSTEM, acting_as

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_acts_on_one_claim_at_the_same_moment_do_not_hide_each_other(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran, papers=False)
    verifier = branch.world.user("verifier")
    started, errors = Event(), list[Exception]()

    def decide() -> None:
        try:
            with acting_as(SYSTEM):
                started.set()
                Decision.objects.create(claim=claim, outcome="pay", amount=1, judgement={}, proposed_by=verifier)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = Thread(target=decide)
    with transaction.atomic():
        ClaimCompletion.objects.create(claim=claim, complete_on=date(2026, 2, 20), pay_by=date(2026, 2, 27))
        thread.start()
        started.wait()
        thread.join(0.5)
        assert thread.is_alive(), "the second act did not wait for the first"
    thread.join()
    assert errors == []
    standing = ClaimStanding.objects.get(claim=claim)
    assert (standing.state, standing.complete_on, standing.amount) == ("to_approve", date(2026, 2, 20), 1)


def test_nobody_writes_a_standing_himself(branch: Branch, veteran: InsuredEvent) -> None:
    claim: Claim = branch.claim(veteran)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as(branch.world.verifier),
        transaction.atomic(),
    ):
        ClaimStanding.objects.filter(claim=claim).update(state="paid")


def test_a_judgement_without_steps_is_a_receipt_without_lines() -> None:
    assert receipt_lines({}) == []
