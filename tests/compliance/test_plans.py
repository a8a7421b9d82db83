"""Payment plans: they add up, two officers and the company agree, and money shows whether they are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from compliance.conftest import TODAY, Town, bill, on, pay
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lindung.compliance import actions
from lindung.compliance.following import follow, plans, running_plan
from lindung.compliance.models import PaymentPlan, PlanBill, PlanDecision, PlanInstalment
from lindung.compliance.plans import split
from lindung.compliance.queries import ladder as reads
from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.payers.models import Payer

pytestmark = pytest.mark.django_db
WHY = "penjualan turun, disepakati dalam pertemuan"
FIRST = date(2026, 3, 10)


@pytest.fixture
def debtor(town: Town) -> Payer:
    payer = town.company(1)
    bill(payer, date(2025, 12, 1), 1_000_000, date(2026, 1, 15))
    bill(payer, date(2026, 1, 1), 500_000, date(2026, 2, 16))
    return payer


def agree(town: Town, payer: Payer, approve: bool = True) -> PaymentPlan:
    with acting_as(town.officer):
        plan = actions.propose_plan(town.officer, payer.pk, split(1_500_000, FIRST, 3), "Budi Santoso", "Direktur", WHY)
    if approve:
        with acting_as(town.second):
            actions.decide_plan(town.second, plan.pk, "approved", "wajar")
    return plan


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(amount=st.integers(1_000, 10**12), count=st.integers(1, 24), days=st.integers(0, 2_000))
def test_split_adds_up_a_month_apart(amount: int, count: int, days: int) -> None:
    first = FIRST + timedelta(days=days)
    parts = split(amount, first, count)
    assert sum(part for _day, part in parts) == amount
    assert [day.year * 12 + day.month for day, _part in parts] == [
        first.year * 12 + first.month + number for number in range(count)
    ]
    assert max(part for _day, part in parts) - min(part for _day, part in parts) < count


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=24), paid=st.integers(0, 10**10),
    days=st.integers(-40, 400),
)  # fmt: skip
def test_money_pays_instalments_in_order(amounts: list[int], paid: int, days: int) -> None:
    parts = [(number, FIRST + timedelta(days=30 * number), amount) for number, amount in enumerate(amounts)]
    found = follow(parts, paid, FIRST + timedelta(days=days))
    assert sum(part.paid for part in found) == min(paid, sum(amounts))
    kept = [part.state == "kept" for part in found]
    assert kept == sorted(kept, reverse=True)  # none is kept behind one that is not
    assert all(
        part.state == "due"
        for part in found
        if part.paid != part.amount and part.due_on >= FIRST + timedelta(days=days)
    )


def test_an_approved_plan_holds_the_ladder_until_it_is_broken(town: Town, debtor: Payer) -> None:
    plan = agree(town, debtor)
    assert running_plan(debtor.pk, TODAY) == plan.number
    assert reads.due_steps(TODAY) == []
    with pytest.raises(Conflict) as error, acting_as(town.officer):
        actions.propose_step(town.officer, debtor.pk, WHY)
    assert error.value.code == "plan_running"
    states = {day: plans(day, debtor.pk)[0].state for day in (FIRST, FIRST + timedelta(1), FIRST + timedelta(15))}
    assert list(states.values()) == ["kept", "late", "broken"]
    on(FIRST + timedelta(15))
    with acting_as(town.officer):
        assert actions.propose_step(town.officer, debtor.pk, WHY).kind == "reminder"


def test_money_on_its_bills_keeps_the_plan(town: Town, debtor: Payer) -> None:
    agree(town, debtor)
    first = PlanBill.objects.get(amount=1_000_000).bill_id
    pay(first, 500_000, FIRST)
    (plan,) = plans(FIRST + timedelta(days=1), debtor.pk)
    assert (plan.state, plan.paid, plan.next_due and plan.next_due.number) == ("kept", 500_000, 2)
    pay(first, 500_000, FIRST)
    pay(PlanBill.objects.get(amount=500_000).bill_id, 500_000, FIRST)
    assert plans(date(2027, 1, 1), debtor.pk)[0].state == "done"


def test_two_officers_agree(town: Town, debtor: Payer) -> None:
    plan = agree(town, debtor, approve=False)
    with pytest.raises(NotAllowed), acting_as(town.officer):
        actions.decide_plan(town.officer, plan.pk, "approved", "saya sendiri")
    for proposer, decider in ((town.officer, town.officer), (town.second, town.officer)):
        with pytest.raises(DatabaseError), transaction.atomic():
            PlanDecision.objects.create(
                plan=plan, outcome="approved", proposed_by_id=proposer.user_id, decided_by_id=decider.user_id,
                decided_by_name="x", reason="x",
            )  # fmt: skip
    assert plans(TODAY, debtor.pk)[0].state == "waiting"
    with acting_as(town.second):
        one = actions.decide_plan(town.second, plan.pk, "returned", "terlalu panjang")
        two = actions.decide_plan(town.second, plan.pk, "returned", "terlalu panjang")
        with pytest.raises(Conflict):
            actions.decide_plan(town.second, plan.pk, "approved", "berubah pikiran")
    assert one.decided_at == two.decided_at
    agree(town, debtor)  # a returned plan makes room for another


def test_one_plan_at_a_time(town: Town, debtor: Payer) -> None:
    agree(town, debtor, approve=False)
    with pytest.raises(Conflict):
        agree(town, debtor)


@pytest.mark.parametrize(
    ("instalments", "signer", "field"),
    [
        ([(FIRST, 1_000_000)], "Budi", "count"),
        ([(FIRST, 1_500_001), (FIRST + timedelta(1), -1)], "Budi", "count"),
        ([(FIRST, 750_000), (FIRST, 750_000)], "Budi", "first_due"),
        ([(date(2026, 1, 1), 1_500_000)], "Budi", "first_due"),
        ([], "Budi", "count"),
        ([(FIRST, 1_500_000)], " ", "signer"),
    ],
)
def test_what_does_not_add_up_is_refused(
    town: Town, debtor: Payer, instalments: list[tuple[date, int]], signer: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as error, acting_as(town.officer):
        actions.propose_plan(town.officer, debtor.pk, instalments, signer, "Direktur", WHY)
    assert error.value.field == field


@pytest.mark.parametrize("what", ["instalment", "bill", "early", "alone"])
def test_the_database_keeps_the_sums(town: Town, debtor: Payer, what: str) -> None:
    plan = agree(town, debtor)
    other = bill(town.company(2), date(2026, 1, 1), 10, date(2026, 2, 16))
    with pytest.raises(DatabaseError), transaction.atomic():
        if what == "instalment":
            PlanInstalment.objects.create(plan=plan, number=4, due_on=date(2027, 1, 1), amount=1)
        elif what == "bill":
            PlanBill.objects.create(plan=plan, bill_id=other, amount=1)
        else:
            fields = {name: getattr(plan, name) for name in (
                "payer_id", "agreed_on", "amount", "company_signer", "company_title", "reason", "proposed_by_id",
            )}  # fmt: skip
            anew = PaymentPlan.objects.create(number="X", **fields)
            if what == "early":
                PlanBill.objects.create(plan=anew, bill_id=plan.bills.first().bill_id, amount=1_500_000)
                PlanInstalment.objects.create(plan=anew, number=1, due_on=date(2026, 1, 1), amount=1_500_000)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
