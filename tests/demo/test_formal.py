"""The formal side of the story: what a visitor finds on the pages of employers, compliance, bank and books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from lindung.compliance.following import plans
from lindung.compliance.queries import findings, ladder
from lindung.compliance.queries import lists as company_lists
from lindung.contributions.models import BillIssue, PaymentReversal
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.months import month_range
from lindung.core.ui.tables import ListQuery
from lindung.ledger import queries as books
from lindung.payers import collective_queries
from lindung.payers.models import Payer
from lindung.payers.project_queries import projects
from lindung.places import actions as places
from lindung.reconciliation import queries as bank_queries
from lindung.selfpay.models import SelfPayer
from lindung.selfpay.queries import open_bills
from lindung.wages.models import WageReport
from lindung.web.demo import bank, checking, informal, story
from lindung.web.demo.calendar import turn_to
from lindung.web.demo.company_lists import UNREGISTERED, UNTOLD
from lindung.web.demo.employers import FIRMS, MILL, SHOP, STORE, UNDER_WAY, payer_of

KEPT = (
    "contributions_bill", "contributions_payment", "contributions_paymentreversal", "wages_wagereport",
    "compliance_companylist", "compliance_findingevent", "compliance_ladderstep", "compliance_paymentplan",
    "payers_collectivepayment", "payers_projectcontract", "reconciliation_line", "reconciliation_proposal",
    "reconciliation_sp2d", "ledger_entry", "ledger_proposal", "selfpay_selfpayer",
)  # fmt: skip


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The formal half of the story, lived once for this file and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting_as(SYSTEM):
            places.load_places(SYSTEM)
            places.load_holidays(SYSTEM, range(2025, 2028))
        live()
        with acting_as(SYSTEM):
            yield
        transaction.set_rollback(True)


def live() -> None:
    story.set_up()
    story.formal_side()
    turn_to(story.TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is checked when a transaction commits


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lived")]


def test_a_second_life_adds_nothing() -> None:
    before = {table: count(table) for table in KEPT}
    assert all(before.values()), before
    live()
    assert {table: count(table) for table in KEPT} == before


def test_the_lists_name_whom_nobody_registered_and_who_reports_too_few() -> None:
    rows = findings.finding_rows(ListQuery()).rows
    unregistered = {row.company: row.people for row in rows if row.kind == "pwbd"}
    assert unregistered.items() >= {(name, workers) for name, _nib, _village, _district, workers in UNREGISTERED}
    (too_few,) = (row for row in rows if row.kind == "pds_workers")
    assert too_few.payer_id == payer_of(MILL).pk
    assert too_few.theirs == MILL.workers + UNTOLD and too_few.ours == MILL.workers - 1  # one left in November
    assert [row.payer_id for row in rows if row.kind == "pds_flat"] == [payer_of(STORE).pk]
    assert {row.faulty for row in company_lists.list_rows(ListQuery()).rows} == {0, 1}  # a mistyped NIB


def test_the_shop_climbs_the_ladder_up_to_a_letter_that_waits() -> None:
    (case,) = ladder.cases_of(payer_of(SHOP).pk)
    assert [(step.kind, step.sent_on) for step in case.steps if step.stage == "sent"] == [
        (kind, day) for kind, day, _channel, _proof in checking.LETTERS
    ]
    assert (case.steps[-1].kind, case.steps[-1].stage) == (checking.NEXT, "to_decide")
    for step in case.steps:
        name, content = ladder.letter(step.id)
        assert name.endswith(".pdf") and content.startswith(b"%PDF")


def test_the_store_keeps_its_plan_with_money_the_bank_brought() -> None:
    (plan,) = plans(story.TODAY, payer_of(STORE).pk)
    assert plan.state == "kept" and plan.proposed_by != plan.decided_by
    assert [part.state for part in plan.instalments] == ["kept"] + ["due"] * (checking.INSTALMENTS - 1)
    assert plan.paid == plan.instalments[0].amount
    (line,) = (row for row in bank_queries.lines(ListQuery()).rows if row.how == "code")
    assert (line.amount, line.booked_on) == (plan.paid, checking.FIRST_INSTALMENT)


def test_bank_and_books_agree_but_for_two_deposits() -> None:
    assert bank_queries.gaps() == []
    assert [day for day in bank_queries.days(story.TODAY) if day.difference] == []
    assert bank_queries.unseen_payments(story.TODAY) == []
    unknown = bank_queries.lines(ListQuery(filters={"state": "open"})).rows
    assert {row.text for row in unknown} == set(bank.UNKNOWN)
    balances = {row.code: row.closing for row in books.trial_balance(bank.READ.replace(day=1))}
    assert -balances["2301"] == sum(row.amount for row in unknown)


def test_two_things_wait_for_a_second_officer_at_the_bank() -> None:
    (proposal,) = bank_queries.proposals(ListQuery(filters={"state": "waiting"})).rows
    assert proposal.payer == SHOP.name
    assert proposal.amount in BillIssue.objects.filter(bill__payer__npp=SHOP.npp).values_list("amount", flat=True)
    reversal = PaymentReversal.objects.get(decision=None)
    assert reversal.payment.payer.name == informal.FARMER


def test_the_books_open_with_money_and_balance_in_every_month() -> None:
    for month in month_range(date(2025, 1, 1), bank.READ.replace(day=1)):
        rows = books.trial_balance(month)
        assert sum(row.debit for row in rows) == sum(row.credit for row in rows)
        assert sum(row.closing for row in rows) == 0
        assert next(row.closing for row in rows if row.code == "1101") >= sum(bank.OPENING.values())


def test_a_farmer_paid_her_months_and_owes_nothing() -> None:
    farmer = SelfPayer.objects.get(person__name=informal.FARMER)
    paid = BillIssue.objects.filter(bill__payer=farmer.payer).values_list("bill__month", flat=True)
    first = informal.REGISTERED.replace(day=1)
    assert len(paid) == informal.MONTHS_PAID and min(paid) == first
    assert open_bills(farmer.payer_id) == []


def test_each_fisherman_has_a_proof_of_every_month() -> None:
    payer = Payer.objects.get(npp=informal.COLLECTIVE[0])
    made = collective_queries.payments(payer.pk)
    assert len(made) == len(informal.COLLECTED)
    assert {payment.people for payment in made} == {informal.FISHERMEN}
    issued = BillIssue.objects.filter(bill__payer=payer).values_list("amount", flat=True)
    assert sorted(payment.amount for payment in made) == sorted(issued)


def test_a_project_and_an_unfinished_report_are_there_to_be_looked_at() -> None:
    assert [row.name for row in projects(ListQuery()).rows] == [informal.PROJECT[1]]
    report = WageReport.objects.get(payer=payer_of(MILL), month=UNDER_WAY)
    assert report.state == WageReport.State.CHECKED
    assert Payer.objects.filter(npp__in=[firm.npp for firm in FIRMS]).count() == len(FIRMS)
