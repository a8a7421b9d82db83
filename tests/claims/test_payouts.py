"""Money: once, to the right account, by two people, and with a receipt."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from claims.conftest import VETERAN_FROM, Branch
from lindung.claims import actions
from lindung.claims.models import Decision, InsuredEvent, Payout, PayoutConfirmation, PayoutRelease
from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.files import read_file
from lindung.core.models import ActionEntry

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 2, 27)


@pytest.fixture
def approved(branch: Branch, veteran: InsuredEvent) -> Decision:
    decision = branch.judged(branch.claim(veteran))
    branch.approve(decision)
    return decision


def confirm(branch: Branch, payout: Payout, reference: str = "TRX-1", on: date = PAID_ON) -> PayoutConfirmation:
    with acting_as(branch.world.verifier) as who:
        return actions.confirm_payout(who, payout.id, on, reference)


def test_the_banks_file_agrees_with_the_batch(branch: Branch, approved: Decision) -> None:
    batch = branch.batch(approved)
    rows = list(csv.reader(io.StringIO(read_file(batch.file_id)[1].decode()), delimiter=";"))
    assert [row[0] for row in rows] == ["H", "D", "T"]
    assert rows[1][3:7] == ["SITI ROHANI", "Bank Kalbar", "1234567890", "42000000"]
    assert rows[2] == ["T", "1", "42000000", "567890"]
    assert (batch.people, batch.amount) == (1, 42_000_000)


def test_nobody_is_in_two_batches(branch: Branch, approved: Decision) -> None:
    branch.batch(approved)
    with pytest.raises(Conflict) as caught:
        branch.batch(approved)
    assert caught.value.code == "already_in_batch"
    assert Payout.objects.count() == 1


def test_what_is_not_approved_is_not_paid(branch: Branch, veteran: InsuredEvent) -> None:
    decision = branch.judged(branch.claim(veteran))
    with pytest.raises(Conflict) as caught:
        branch.batch(decision)
    assert caught.value.code == "not_approved"


def test_postgresql_refuses_a_payout_without_approval_or_of_another_amount(branch: Branch, approved: Decision) -> None:
    batch = branch.batch(approved)
    person_id = branch.participant(VETERAN_FROM, name="Suparman")
    branch.wife(person_id, "Painem", "6112016107740001")
    claim = branch.claim(
        branch.death(person_id), name="Painem", nik="6112016107740001", bank_holder="Painem", bank_account="9876543210"
    )
    other = branch.judged(claim)
    for approve, amount in ((False, 42_000_000), (True, 42_000_001)):
        if approve:
            branch.approve(other)
        with pytest.raises(IntegrityError), transaction.atomic():
            Payout.objects.create(decision=other, batch=batch, place_id=claim.place_id, amount=amount)


def test_who_made_the_batch_does_not_release_it(branch: Branch, approved: Decision) -> None:
    batch = branch.batch(approved)
    maker = branch.world.verifier
    both = maker.__class__(maker.user_id, "Verifikator", "x", frozenset({"*"}), maker.scope)
    with acting_as(both), pytest.raises(Conflict) as caught:
        actions.release_batch(both, batch.id)
    assert caught.value.code == "four_eyes"
    for made_by in (batch.made_by_id, branch.world.branch_approver.user_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayoutRelease.objects.create(
                batch=batch, made_by_id=made_by, released_by_id=batch.made_by_id, released_on=PAID_ON
            )


def test_an_unreleased_payout_is_not_confirmed(branch: Branch, approved: Decision) -> None:
    branch.batch(approved)
    payout = Payout.objects.get()
    with pytest.raises(Conflict) as caught:
        confirm(branch, payout)
    assert caught.value.code == "not_released"
    batch_file = payout.batch.file_id
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutConfirmation.objects.create(
            payout=payout, paid_on=PAID_ON, bank_reference="x", receipt_id=batch_file, confirmed_by="x"
        )


def test_a_confirmation_repeated_has_no_effect(branch: Branch, approved: Decision) -> None:
    payout = branch.sent(approved)
    first = confirm(branch, payout)
    acts = ActionEntry.objects.count()
    assert confirm(branch, payout).pk == first.pk
    assert (ActionEntry.objects.count(), PayoutConfirmation.objects.count()) == (acts, 1)
    assert read_file(first.receipt_id)[1].startswith(b"%PDF")
    with pytest.raises(Conflict):
        confirm(branch, payout, "TRX-2")


def test_a_bank_reference_belongs_to_one_payout(branch: Branch, approved: Decision) -> None:
    confirm(branch, branch.sent(approved))
    person_id = branch.participant(VETERAN_FROM, name="Suparman")
    branch.wife(person_id, "Painem", "6112016107740001")
    claim = branch.claim(
        branch.death(person_id), name="Painem", nik="6112016107740001", bank_holder="Painem", bank_account="9876543210"
    )
    decision = branch.judged(claim)
    branch.approve(decision)
    with pytest.raises(Conflict, match="milik pembayaran lain"):
        confirm(branch, branch.sent(decision))


@pytest.mark.parametrize("on", [date(2026, 2, 26), date(2026, 2, 28)])
def test_money_arrives_after_release_and_not_tomorrow(branch: Branch, approved: Decision, on: date) -> None:
    with pytest.raises(InvalidInput):
        confirm(branch, branch.sent(approved), on=on)


def test_the_log_holds_no_account_and_no_name(branch: Branch, approved: Decision) -> None:
    confirm(branch, branch.sent(approved))
    acts = ActionEntry.objects.filter(action__startswith="claims.")
    entries = str(list(acts.values_list("after", "reason", "subject")))
    assert "1234567890" not in entries
    assert "Rohani" not in entries
