"""What lateness costs: for each month begun, on what was then owed; once; nothing for those without a wage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from contributions.conftest import JAN, House, register
from lindung.contributions import actions
from lindung.contributions.models import Bill, PenaltyLine, PenaltyProposal
from lindung.contributions.penalties import proposal_waiting, propose_penalties
from lindung.core.actors import SYSTEM, acting_as
from lindung.payers.models import Payer

pytestmark = pytest.mark.django_db
NOV, DEC = date(2025, 11, 1), date(2025, 12, 1)
AMOUNT = 12 * 894_500
Run = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def firm(house: House) -> Payer:
    return house.world.company


def late_bill(house: House, firm: Payer, month: date = NOV) -> Bill:
    """Twelve workers' month, issued and not paid."""
    people = register(12, seed=month.month + 20, segment="PU")
    with acting_as(SYSTEM):
        priced = actions.at_price(people, 5_000_000, jkk=44_500, jkm=15_000, jht=285_000, jp=550_000)
        actions.plan_person_months(SYSTEM, firm.pk, [month], priced, "wage_report:1")
        bill = house.bill(month, firm)
        actions.issue_bill(SYSTEM, bill.pk, month)
    return bill


def assess(on: date) -> actions.Penalties:
    with acting_as(SYSTEM):
        return actions.assess_penalties(SYSTEM, on)


def test_two_percent_for_each_month_begun_on_what_was_then_owed(house: House, firm: Payer) -> None:
    bill = late_bill(house, firm)
    due = bill.issue.due_on
    assert assess(due) == actions.Penalties(0, 0, 0)
    assert assess(due + timedelta(1)) == actions.Penalties(1, 1, AMOUNT * 2 // 100)
    assert assess(due + timedelta(1)) == actions.Penalties(0, 0, 0), "once"
    house.pay([bill.pk], 734_000, due + timedelta(20), payer=firm, instalment=True)
    assert assess(due + timedelta(40)).lines == 1
    assert list(PenaltyLine.objects.order_by("month_late").values_list("month_late", "base", "amount")) == [
        (1, AMOUNT, 214_680),
        (2, AMOUNT - 734_000, 200_000),
    ]


def test_what_was_paid_late_owes_for_the_months_until_then(house: House, firm: Payer) -> None:
    bill = late_bill(house, firm)
    house.pay([bill.pk], AMOUNT, bill.issue.due_on + timedelta(35), payer=firm)
    assert assess(date(2026, 2, 27)).lines == 2
    on_time = late_bill(house, firm, DEC)
    house.pay([on_time.pk], AMOUNT, on_time.issue.due_on, payer=firm)
    assert assess(date(2026, 2, 27)).lines == 0


def test_those_without_a_wage_pay_none(house: House) -> None:
    house.plan([NOV])
    house.issue(NOV)
    assert assess(date(2026, 2, 27)) == actions.Penalties(0, 0, 0)


def test_a_bill_of_penalties_is_paid_like_any_other(house: House, firm: Payer, run: Run) -> None:
    late = late_bill(house, firm)
    assess(late.issue.due_on + timedelta(1))
    bill = Bill.objects.get(kind="penalty")
    assert (bill.issue.number, bill.issue.people, bill.issue.amount) == ("DND-2025-12-0001", 0, 214_680)
    with acting_as(SYSTEM):
        result = actions.receive_payment(SYSTEM, firm.pk, "va", "X", date(2026, 1, 5), AMOUNT + 214_680 + 5, late.pk)
    assert (result.settled_bills, result.unapplied) == ([late.pk, bill.pk], 5)
    balances = dict(
        run("SELECT account_id, sum(amount)::bigint FROM ledger_posting GROUP BY 1 HAVING sum(amount) <> 0")
    )
    assert (balances["1101"], balances["2201"], balances["4201"]) == (AMOUNT + 214_680 + 5, -5, -214_680)
    assert not {"1201", "1202"} & set(balances)


def test_money_left_over_pays_a_penalty_at_once(house: House, firm: Payer) -> None:
    late = late_bill(house, firm)
    with acting_as(SYSTEM):
        actions.receive_payment(SYSTEM, firm.pk, "va", "X", late.issue.due_on + timedelta(3), AMOUNT + 300_000, late.pk)
    assert assess(late.issue.due_on + timedelta(9)).amount == 214_680
    with acting_as(SYSTEM):
        assert Bill.objects.get(kind="penalty").settlements.get().amount == 214_680


def test_postgres_refuses_penalties_that_do_not_belong(house: House, firm: Payer, run: Run) -> None:
    late = late_bill(house, firm)
    own = Bill.objects.create(payer=firm, month=JAN, sequence=7, kind="penalty")
    foreign = Bill.objects.create(payer=house.agency, month=JAN, sequence=7, kind="penalty")
    columns = "bill_id, late_bill_id, month_late, base, amount"
    line = f"INSERT INTO contributions_penaltyline ({columns}) VALUES (%s, %s, %s, %s, %s)"
    run(line, own.pk, late.pk, 1, 100, 2)
    for values, words in (
        ((foreign.pk, late.pk, 2, 100, 2), "same payer"),
        ((late.pk, late.pk, 2, 100, 2), "bill of penalties"),
        ((own.pk, own.pk, 2, 100, 2), "bill of contributions"),
        ((own.pk, late.pk, 1, 100, 2), "penalty_once"),
        ((own.pk, late.pk, 2, AMOUNT + 1, 2), "is for an issued bill"),
        ((own.pk, late.pk, 2, 100, 0), "penalty_positive"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            run(line, *values)
    for act in ("UPDATE contributions_penaltyline SET amount = 1", "DELETE FROM contributions_penaltyline"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            run(act)
    with acting_as(SYSTEM):
        actions.issue_bill(SYSTEM, own.pk)
    with pytest.raises(DatabaseError, match="is for an issued bill"), transaction.atomic():
        run(line, own.pk, late.pk, 3, 100, 2)
    with pytest.raises(DatabaseError, match="takes no person-months"), transaction.atomic():
        run(
            """INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
               place_id, segment, wage_base, jkk, jkm, origin)
               SELECT %s, person_id, job, 2, membership_id, payer_id, %s, place_id, segment, 1, -1, -1, 'x'
                 FROM contributions_personmonth LIMIT 1""",
            NOV,
            Bill.objects.create(payer=firm, month=NOV, sequence=8, kind="penalty").pk,
        )


def test_once_a_month_the_officer_finds_what_lateness_has_cost(house: House, firm: Payer) -> None:
    bill = late_bill(house, firm)
    day = bill.issue.due_on + timedelta(1)
    with acting_as(SYSTEM):
        assert propose_penalties(SYSTEM, bill.issue.due_on) is None, "nothing is late yet"
        made = propose_penalties(SYSTEM, day)
        assert made is not None
        assert (made.payers, made.bills, made.amount) == (1, 1, AMOUNT * 2 // 100)
        assert propose_penalties(SYSTEM, day) == made == proposal_waiting()
        late_bill(house, firm, DEC)
        assert propose_penalties(SYSTEM, day) == made, "the month's proposal stands"
    assert not PenaltyLine.objects.exists(), "nothing is asked of anybody"
    assert assess(day).amount == made.amount
    assert proposal_waiting() is None


def test_a_proposal_asks_something(house: House) -> None:
    for month, amount in ((date(2026, 1, 2), 5), (JAN, 0)):
        with pytest.raises(DatabaseError), transaction.atomic():
            PenaltyProposal.objects.create(month=month, dated=month, payers=1, bills=1, amount=amount)
