"""What people say by hand needs two of them; the books follow."""

from __future__ import annotations

import pytest

from lindung.contributions import actions as contributions
from lindung.contributions.models import Payment
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.ledger import actions as ledger
from lindung.reconciliation import actions, queries
from lindung.reconciliation.models import Line, Verdict

from .conftest import DAY, Office, balance

PRICE = 16_800


def line_of(office: Office, amount: int = PRICE, text: str = "SETORAN") -> int:
    office.take((amount, text), opening=100_000_000 + Line.objects.count())
    return int(Line.objects.latest("id").pk)


def approve(office: Office, proposal_id: int) -> Verdict:
    with acting_as(office.two):
        return actions.decide(office.two, proposal_id, approve=True)


def test_money_in_suspense_becomes_the_payers_after_two_people_said_so(office: Office) -> None:
    bill = office.bill()
    line = line_of(office)
    (candidate,) = [found for found in queries.candidates(line) if found.kind == "bill"]
    assert (candidate.id, candidate.payer_id, candidate.named) == (bill.pk, office.company.pk, False)
    with acting_as(office.one):
        proposal = actions.propose_identification(
            office.one, line, "sesuai bukti transfer", payer_id=office.company.pk, bill_id=bill.pk
        )
        with pytest.raises(Conflict, match="menunggu"):
            actions.propose_identification(office.one, line, "lagi", payer_id=office.company.pk)
        with pytest.raises(Conflict, match="pejabat lain"):
            actions.decide(office.one, proposal.pk, approve=True)
    assert balance("2301") == -PRICE
    assert [queries.proposals_to_decide(each) for each in (office.one, office.two)] == [0, 1], "not one's own"
    first = approve(office, proposal.pk)
    assert queries.proposals_to_decide(office.two) == 0
    assert approve(office, proposal.pk) == first
    assert (balance("2301"), balance("1101")) == (0, PRICE)
    assert Payment.objects.get().settlements.get().bill == bill
    found = queries.line(line)
    assert (found.state, found.how, found.payer) == ("known", "manual", office.company.name)
    with acting_as(office.two), pytest.raises(Conflict):
        actions.decide(office.two, proposal.pk, approve=False)


def test_what_was_returned_changes_nothing_and_may_be_proposed_again(office: Office) -> None:
    line = line_of(office)
    with acting_as(office.one):
        proposal = actions.propose_identification(office.one, line, "sesuai bukti", payer_id=office.company.pk)
    with acting_as(office.two):
        actions.decide(office.two, proposal.pk, approve=False)
    assert balance("2301") == -PRICE
    with acting_as(office.one):
        actions.propose_identification(office.one, line, "bukti baru", payer_id=office.company.pk)


def test_a_payment_that_came_by_callback_after_the_statement(office: Office) -> None:
    line = line_of(office)
    with acting_as(SYSTEM):
        late = contributions.receive_payment(SYSTEM, office.company.pk, "va", "BKL-99", DAY, PRICE)
    assert balance("1101") == 2 * PRICE
    with acting_as(office.one):
        proposal = actions.propose_identification(office.one, line, "callback terlambat", payment_id=late.payment.pk)
    approve(office, proposal.pk)
    assert (balance("1101"), balance("2301")) == (PRICE, 0)
    with acting_as(office.one):
        back = actions.propose_release(office.one, line, "ternyata bukan")
    approve(office, back.pk)
    assert (balance("1101"), balance("2301")) == (2 * PRICE, -PRICE)
    assert queries.line(line).state == "open"


def test_money_out_that_the_books_had_already(office: Office) -> None:
    line = line_of(office, -42_000_000, "SANTUNAN JKM")
    with acting_as(SYSTEM):
        paid = ledger.post(SYSTEM, DAY, "payout", "payout:1", [("2401", 42_000_000, None), ("1101", -42_000_000, None)])
        other = ledger.post(SYSTEM, DAY, "payout", "payout:2", [("2401", 1, None), ("1101", -1, None)])
    (candidate,) = queries.candidates(line)
    assert (candidate.kind, candidate.id) == ("entry", paid.entry_id)
    with acting_as(office.one):
        with pytest.raises(InvalidInput, match="uang keluar"):
            actions.propose_identification(office.one, line, "salah", payer_id=office.company.pk)
        with pytest.raises(InvalidInput, match="sedangkan"):
            actions.propose_identification(office.one, line, "salah", entry_id=other.entry_id)
        proposal = actions.propose_identification(office.one, line, "pencairan klaim", entry_id=paid.entry_id)
    approve(office, proposal.pk)
    assert (balance("1101"), balance("2301")) == (-42_000_001, 0)
    second = line_of(office, -42_000_000, "SANTUNAN LAIN")
    assert queries.candidates(second) == []
    with acting_as(office.one), pytest.raises(Conflict, match="baris lain"):
        actions.propose_identification(office.one, second, "dua kali", entry_id=paid.entry_id)


def test_a_payment_stands_for_one_line_even_when_two_proposals_say_so(office: Office) -> None:
    first, second = line_of(office, text="SATU"), line_of(office, text="DUA")
    with acting_as(SYSTEM):
        paid = contributions.receive_payment(SYSTEM, office.company.pk, "transfer", "T-1", DAY, PRICE)
    with acting_as(office.one):
        proposals = [
            actions.propose_identification(office.one, line, "bukti transfer", payment_id=paid.payment.pk)
            for line in (first, second)
        ]
    approve(office, proposals[0].pk)
    with pytest.raises(Conflict, match="baris lain"):
        approve(office, proposals[1].pk)
    assert not Verdict.objects.filter(pk=proposals[1].pk).exists()
    assert balance("2301") == -PRICE


def test_a_line_that_paid_is_freed_by_reversing_the_payment_only(office: Office) -> None:
    line = line_of(office)
    with acting_as(office.one):
        proposal = actions.propose_identification(office.one, line, "bukti", payer_id=office.company.pk)
    approve(office, proposal.pk)
    with acting_as(office.one), pytest.raises(Conflict) as caught:
        actions.propose_release(office.one, line, "keliru")
    assert caught.value.code == "reverse_payment"
    with acting_as(office.one), pytest.raises(Conflict, match="sudah dikenali"):
        actions.propose_identification(office.one, line, "lagi", payer_id=office.company.pk)


def test_a_receipt_by_hand(office: Office) -> None:
    bill = office.bill()
    with acting_as(office.one):
        proposal = actions.propose_receipt(
            office.one, office.company.pk, PRICE, DAY, " KWT-1/2026 ", "tunai di kantor", bill.pk
        )
        with pytest.raises(Conflict) as caught:
            actions.propose_receipt(office.one, office.company.pk, PRICE, DAY, "KWT-1/2026", "tunai lagi")
        assert caught.value.code == "reference_used"
    assert not Payment.objects.exists()
    verdict = approve(office, proposal.pk)
    payment = Payment.objects.get()
    assert (verdict.payment, payment.kind, payment.reference) == (payment, "manual", "KWT-1/2026")
    assert payment.settlements.get().bill == bill
    approve(office, proposal.pk)
    assert Payment.objects.count() == 1


def test_a_receipt_whose_number_was_used_in_between(office: Office) -> None:
    with acting_as(office.one):
        proposal = actions.propose_receipt(office.one, office.company.pk, PRICE, DAY, "KWT-2", "tunai di kantor")
    with acting_as(SYSTEM):
        contributions.receive_payment(SYSTEM, office.company.pk, "manual", "KWT-2", DAY, PRICE)
    with pytest.raises(Conflict):
        approve(office, proposal.pk)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, "amount_not_positive"),
        ({"amount": 2**62}, "amount_not_positive"),
        ({"paid_on": DAY.replace(month=3)}, "paid_in_future"),
        ({"reference": "  "}, "reference_missing"),
        ({"reason": "x"}, "reason_missing"),
        ({"payer_id": 0}, "payer_not_found"),
        ({"bill_id": 999}, "bill_not_found"),
    ],
)
def test_receipts_that_cannot_be(office: Office, change: dict[str, object], code: str) -> None:
    said = {
        "payer_id": office.company.pk, "amount": PRICE, "paid_on": DAY, "reference": "K-1", "reason": "tunai di kantor",
    }  # fmt: skip
    with acting_as(office.one), pytest.raises((InvalidInput, NotFound)) as caught:
        actions.propose_receipt(office.one, **(said | change))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_line_is_said_to_be_one_thing(office: Office) -> None:
    line = line_of(office)
    bill = office.bill(payer=office.world.agency)
    with acting_as(office.one):
        for wrong in ({}, {"payer_id": office.company.pk, "payment_id": 1}):
            with pytest.raises(InvalidInput):
                actions.propose_identification(office.one, line, "alasan", **wrong)
        with pytest.raises(NotFound):
            actions.propose_identification(office.one, 0, "alasan", payer_id=office.company.pk)
        with pytest.raises(NotFound):  # another payer's bill
            actions.propose_identification(office.one, line, "alasan", payer_id=office.company.pk, bill_id=bill.pk)
        with pytest.raises(Conflict):
            actions.propose_release(office.one, line, "alasan")
