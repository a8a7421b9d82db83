"""Money of any amount: exactly once, the named bill first, then the oldest, the rest kept as credit; its reversal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from contributions.conftest import FEB, JAN, JKK, JKM, MAR, House
from lindung.contributions import actions, queries
from lindung.contributions.models import (
    Cover,
    CoverPending,
    Payment,
    PaymentReversal,
    PaymentReversalDecision,
    Settlement,
)
from lindung.contributions.payment_queries import reversals_to_decide
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as
from lindung.core.clock import read_once, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.models import ActionEntry, User

pytestmark = pytest.mark.django_db
MONTHLY = 12 * (JKK + JKM)
DAY = date(2026, 2, 20)


def receive(house: House, amount: int, reference: str = "VA-1", bill: int | None = None) -> actions.PaymentResult:
    with acting_as(SYSTEM):
        return actions.receive_payment(SYSTEM, house.agency.pk, "va", reference, DAY, amount, bill, "BANK-UJI")


def issued(house: House, *months: date) -> list[int]:
    house.plan(list(months))
    return [house.issue(month) for month in months]


def officer(name: str) -> Actor:
    user = User.objects.create(username=name)
    return Actor(user.pk, name, "branch", frozenset({"*"}), EVERYWHERE)


def test_the_named_bill_first_then_the_oldest_and_the_rest_stays(house: House) -> None:
    jan, feb, mar = issued(house, JAN, FEB, MAR)
    result = receive(house, 2 * MONTHLY + 5, bill=mar)
    assert (result.settled_bills, result.unapplied, result.people) == ([mar, jan], 0, 24)
    assert Settlement.objects.get(bill=feb).amount == 5
    assert receive(house, MONTHLY + 95, "VA-2").unapplied == 100


def test_credit_pays_what_is_issued_next_on_its_day(house: House, run: Callable[..., list[tuple[object, ...]]]) -> None:
    assert receive(house, MONTHLY + 7).unapplied == MONTHLY + 7
    (bill,) = issued(house, JAN)
    assert Settlement.objects.get(bill=bill).amount == MONTHLY
    assert run("SELECT settled_on FROM contributions_settledbill") == [(date(2026, 2, 27),)]
    assert Cover.objects.count() == 12
    assert run("SELECT contributions_unapplied(id) FROM contributions_payment") == [(7,)]


def test_cover_follows_from_the_queue(house: House) -> None:
    (bill,) = issued(house, FEB)
    receive(house, MONTHLY, bill=bill)
    assert not Cover.objects.exists()
    assert queries.claim_facts(house.ids()[0], DAY).status == "active", "claims do not wait for the queue"
    with acting_as(SYSTEM):
        assert (actions.refresh_pending(), actions.refresh_pending()) == (1, 0)
    assert Cover.objects.count() == 12
    assert not CoverPending.objects.exists()


def test_the_second_arrival_changes_nothing(house: House) -> None:
    (bill,) = issued(house, JAN)
    first = receive(house, MONTHLY, bill=bill)
    before = ActionEntry.objects.count()
    again = receive(house, MONTHLY, " VA-1 ", bill=bill)
    assert (again.repeated, again.payment.pk, again.settled_bills) == (True, first.payment.pk, [bill])
    assert (Payment.objects.count(), Settlement.objects.count(), ActionEntry.objects.count()) == (1, 1, before)


@pytest.mark.parametrize("change", ["amount", "bill", "payer"])
def test_a_reference_with_other_content_is_a_conflict(house: House, change: str) -> None:
    jan, feb = issued(house, JAN, FEB)
    receive(house, MONTHLY, bill=jan)
    with pytest.raises(Conflict, match="Isinya berbeda") as refusal:
        if change == "payer":
            with acting_as(SYSTEM):
                actions.receive_payment(SYSTEM, house.world.company.pk, "va", "VA-1", DAY, MONTHLY)
        else:
            receive(house, MONTHLY + (change == "amount"), bill=feb if change == "bill" else jan)
    assert refusal.value.code == "reference_differs"
    assert Payment.objects.count() == 1


def test_a_bill_that_is_not_this_payers_takes_no_money(house: House) -> None:
    (bill,) = issued(house, JAN)
    with pytest.raises(NotFound), acting_as(SYSTEM):
        actions.receive_payment(SYSTEM, house.world.company.pk, "va", "X", DAY, 5, bill)
    house.plan([FEB])
    with pytest.raises(NotFound):
        receive(house, 5, bill=house.bill(FEB).pk)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", [0, -1, 2**62])
def test_no_payment_without_a_proper_amount(house: House, amount: int) -> None:
    with pytest.raises(InvalidInput, match="lebih dari nol"):
        receive(house, amount)


def test_a_payment_is_one_statement(house: House) -> None:
    (bill,) = issued(house, JAN)
    with acting_as(SYSTEM), read_once():
        today()  # a request knows it already
        with CaptureQueriesContext(connection) as captured:
            actions.receive_payment(SYSTEM, house.agency.pk, "va", "VA-1", DAY, MONTHLY, bill)
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 1, statements


def test_payment_codes_are_read_back_and_slips_are_noticed() -> None:
    code = actions.payment_code(471235)
    assert len(code) == 12
    assert actions.bill_of_code(f" {code[:4]} {code[4:]} ") == 471235
    for wrong in (
        code[:-1] + str((int(code[-1]) + 1) % 10),
        code[:9] + code[10] + code[9] + code[11],
        code[1:],
        "x" * 12,
    ):
        with pytest.raises(InvalidInput, match="Kode bayar"):
            actions.bill_of_code(wrong)


def test_a_reversal_needs_a_second_person_and_opens_the_bill(house: House) -> None:
    (bill,) = issued(house, JAN)
    paid = house.pay([bill], MONTHLY)
    first, second = officer("satu"), officer("dua")
    with acting_as(first):
        reversal = actions.reverse_payment(first, paid.payment.pk, "ditolak bank")
        with pytest.raises(Conflict, match="menunggu"):
            actions.reverse_payment(first, paid.payment.pk, "ditolak bank")
        with pytest.raises(Conflict, match="pejabat lain"):
            actions.confirm_reversal(first, reversal.pk)
    assert Cover.objects.count() == 12
    with acting_as(second):
        actions.confirm_reversal(second, reversal.pk)
        actions.confirm_reversal(second, reversal.pk)
    assert not Cover.objects.exists()
    assert house.pay([bill], MONTHLY, reference="lagi").settled_bills == [bill]
    assert Cover.objects.count() == 12
    with pytest.raises(Conflict, match="sudah dibatalkan"), acting_as(first):
        actions.reverse_payment(first, paid.payment.pk, "ditolak bank")


def test_whoever_refuses_a_reversal_says_why(house: House) -> None:
    (bill,) = issued(house, JAN)
    paid = house.pay([bill], MONTHLY)
    first, second = officer("satu"), officer("dua")
    with acting_as(first):
        reversal = actions.reverse_payment(first, paid.payment.pk, "ditolak bank")
        assert reversals_to_decide(first) == 0, "not one's own"
    with acting_as(second):
        assert reversals_to_decide(second) == 1
        with pytest.raises(InvalidInput, match="mengapa"):
            actions.confirm_reversal(second, reversal.pk, approve=False)
        said = actions.confirm_reversal(second, reversal.pk, approve=False, reason="ada pada rekening koran")
        assert (said.outcome, said.reason) == ("returned", "ada pada rekening koran")
        assert actions.confirm_reversal(second, reversal.pk, approve=False, reason="lagi-lagi") == said
        assert reversals_to_decide(second) == 0
    assert Cover.objects.count() == 12
    with acting_as(first):
        again = actions.reverse_payment(first, paid.payment.pk, "ditolak bank")
    refused(
        lambda: PaymentReversalDecision.objects.create(
            reversal=again, payment=paid.payment, proposed_by_id=again.proposed_by_id, decided_by_id=second.user_id,
            outcome="returned", dated=today(),
        ),
        "returned_reversal_has_reason",
    )  # fmt: skip


def test_after_a_reversal_other_credit_of_the_payer_is_put_to_use(house: House) -> None:
    (bill,) = issued(house, JAN)
    receive(house, 100, "A", bill)
    bounced = receive(house, MONTHLY - 100, "B", bill)
    receive(house, MONTHLY, "C")
    first, second = officer("satu"), officer("dua")
    with acting_as(first):
        reversal = actions.reverse_payment(first, bounced.payment.pk, "ditolak bank")
    with acting_as(second):
        actions.confirm_reversal(second, reversal.pk)
    assert Cover.objects.count() == 12, "the credit of C pays what B did not"


def refused(statement: Callable[[], object], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        statement()


def test_postgres_refuses_the_proposer_a_false_proposer_and_a_second_reversal(house: House) -> None:
    (bill,) = issued(house, JAN)
    payment = house.pay([bill], MONTHLY).payment
    first, second = officer("satu").user_id, officer("dua").user_id
    proposals = [PaymentReversal.objects.create(payment=payment, reason="x", proposed_by_id=first) for _ in range(2)]

    def decide(reversal: PaymentReversal, proposed: int | None, decided: int | None) -> PaymentReversalDecision:
        return PaymentReversalDecision.objects.create(
            reversal=reversal,
            payment=payment,
            proposed_by_id=proposed,
            decided_by_id=decided,
            outcome="approved",
            dated=DAY,
        )

    refused(lambda: decide(proposals[0], first, first), "four_eyes")
    refused(lambda: decide(proposals[0], second, first), "decision_names_proposer|foreign key")
    decide(proposals[0], first, second)
    refused(lambda: decide(proposals[1], first, second), "payment_reversed_once")
    refused(lambda: Settlement.objects.create(payment=payment, bill_id=bill, amount=1), "was reversed")
