"""Payments, their reversal by two people, penalties and the account on paper, as officers use the pages."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from world import TODAY, make_user

from contributions.conftest import JAN, JKK, JKM, House
from contributions.test_penalties import AMOUNT, late_bill
from lindung.contributions import actions, lists, papers, payment_queries, penalties, queries
from lindung.contributions.models import Payment, PaymentReversal, PaymentReversalDecision, PenaltyLine
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.models import ActionEntry
from lindung.core.ui.listing import ListQuery
from lindung.payers.queries import payer as find_payer

pytestmark = pytest.mark.django_db
WHOLE = 12 * (JKK + JKM)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def signed_in(house: House, role: str, name: str = "") -> Client:
    client = Client()
    client.force_login(make_user(name, role, [house.world.regency]) if name else house.world.user(role))
    return client


@pytest.fixture
def paid(house: House) -> Payment:
    """January of twelve people, with Rp500 too much."""
    house.plan([JAN])
    bill = house.issue(JAN)
    with acting_as(SYSTEM):
        result = actions.receive_payment(
            SYSTEM, house.agency.pk, "va", "VA-0001", date(2026, 2, 20), WHOLE + 500, bill, "Bank Uji"
        )
        actions.refresh_pending()
    return result.payment


def propose(house: House, payment: Payment) -> PaymentReversal:
    url = reverse("contributions:reverse_payment", args=[payment.pk])
    assert signed_in(house, "branch_finance").post(url, {"reason": "ditolak bank"}).status_code == 302
    return PaymentReversal.objects.get()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2), ({"q": "va-00"}, 1), ({"q": "%"}, 2), ({"kind": "va"}, 1), ({"kind": "statement"}, 0),
        ({"state": "standing"}, 2), ({"state": "unapplied"}, 1), ({"state": "reversed"}, 0), ({"state": "waiting"}, 0),
        ({"state": "'; DROP"}, 2),
    ],
)  # fmt: skip
def test_payments_are_found(house: House, paid: Payment, asked: dict[str, str], found: int) -> None:
    house.paid([date(2026, 2, 1)], payer=house.world.company)
    page = text(signed_in(house, "branch_finance").get(reverse("contributions:payments"), asked))
    assert page.count("data-url") == found


def test_the_bills_lead_to_payments_and_for_some_to_penalties(house: House) -> None:
    bills, fines = reverse("contributions:bills"), f'href="{reverse("contributions:penalties")}"'
    finance, auditor = (text(signed_in(house, role).get(bills)) for role in ("branch_finance", "auditor"))
    assert reverse("contributions:payments") in finance and fines in finance
    assert reverse("contributions:payments") in auditor and fines not in auditor


def test_payments_come_as_excel(house: House, paid: Payment) -> None:
    answer = signed_in(house, "auditor").get(reverse("contributions:payments"), {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"VA-0001", WHOLE + 500, 500} <= cells


def test_a_payment_tells_what_it_paid_and_what_is_left(house: House, paid: Payment) -> None:
    page = text(signed_in(house, "regency_officer").get(reverse("contributions:payment", args=[paid.pk])))
    assert "TAG-2026-01-0001" in page and "Rp201.600" in page and "Rp500" in page and "Bank Uji" in page
    assert "Usulkan pembatalan" not in page, "not this officer's business"
    assert signed_in(house, "regency_officer").get(reverse("contributions:payment", args=[10**9])).status_code == 404


def test_a_reversal_takes_two_people(house: House, paid: Payment) -> None:
    finance = signed_in(house, "branch_finance")
    url = reverse("contributions:reverse_payment", args=[paid.pk])
    preview = text(finance.get(url))
    assert "tidak lagi terbayar" in preview and ">12 " in preview.replace("</span>", " ") and "Rp201.600" in preview
    assert finance.post(url, {"reason": " "}).status_code == 422
    assert not PaymentReversal.objects.exists()
    reversal = propose(house, paid)
    own = text(finance.get(reverse("contributions:payment", args=[paid.pk])))
    assert "pejabat lain yang memutuskan" in own and "Ya, batalkan" not in own
    again = finance.post(url, {"reason": "sekali lagi"})
    assert again.status_code == 422 and "menunggu pejabat kedua" in text(again)
    approver = signed_in(house, "branch_approver")
    assert "Ya, batalkan" in text(approver.get(reverse("contributions:payment", args=[paid.pk])))
    decide = reverse("contributions:decide_reversal", args=[reversal.pk, "approved"])
    assert finance.post(decide).status_code == 403
    assert queries.cover_of(house.ids()[0], TODAY).status == "grace"
    assert approver.post(decide).status_code == 302
    assert approver.post(decide).status_code == 302, "the same word again changes nothing"
    assert PaymentReversalDecision.objects.get().outcome == "approved"
    assert queries.cover_of(house.ids()[0], TODAY).status == "inactive"
    page = text(approver.get(reverse("contributions:payment", args=[paid.pk])))
    assert "Dibatalkan" in page and "Pernah membayar" in page and "Usulkan pembatalan" not in page
    assert lists.receipts_of(reversal.payment.meant_for_id or 0) == [], "a reversed payment meets no bill"
    row = payment_queries.payment(paid.pk)
    assert (row.state, row.applied, row.left) == ("reversed", WHOLE, 0)


def test_a_refused_reversal_leaves_the_payment(house: House, paid: Payment) -> None:
    reversal = propose(house, paid)
    approver = signed_in(house, "branch_approver")
    refusal = reverse("contributions:decide_reversal", args=[reversal.pk, "returned"])
    assert approver.post(refusal).status_code == 422, "not without saying why"
    assert approver.post(refusal, {"reason": "uangnya ada pada rekening koran"}).status_code == 302
    assert payment_queries.payment(paid.pk).state == "standing"
    assert queries.cover_of(house.ids()[0], TODAY).status == "grace"
    assert "Ditolak" in text(approver.get(reverse("contributions:payment", args=[paid.pk])))
    other = reverse("contributions:decide_reversal", args=[reversal.pk, "approved"])
    assert approver.post(other).status_code == 409


def test_an_approver_who_proposed_does_not_decide(house: House, paid: Payment) -> None:
    with acting_as(SYSTEM):
        both = Actor(house.world.user("branch_approver").pk, "Dua", "x", frozenset({"*"}), SYSTEM.scope)
    with acting_as(both):
        reversal = actions.reverse_payment(both, paid.pk, "ditolak bank")
    approver = signed_in(house, "branch_approver")
    assert "Ya, batalkan" not in text(approver.get(reverse("contributions:payment", args=[paid.pk])))
    answer = approver.post(reverse("contributions:decide_reversal", args=[reversal.pk, "approved"]))
    assert answer.status_code == 409 and not PaymentReversalDecision.objects.exists()
    assert ActionEntry.objects.filter(action="refused", after__code="four_eyes").exists()


def test_what_other_money_would_pay_is_told(house: House, paid: Payment) -> None:
    with acting_as(SYSTEM):
        actions.receive_payment(SYSTEM, house.agency.pk, "va", "VA-0002", date(2026, 2, 21), 1_000)
        effect = payment_queries.effect_of_reversal(payment_queries.payment(paid.pk))
    assert effect == payment_queries.ReversalEffect(bills=1, people=12, reopened=WHOLE, other_credit=1_000)


def test_everybody_on_the_bill_counts_wherever_they_live(house: House, paid: Payment) -> None:
    with acting_as(house.world.operator):
        effect = payment_queries.effect_of_reversal(payment_queries.payment(paid.pk))
    assert effect.people == 12


@pytest.mark.parametrize("role", ["village_operator", "regency_officer", "auditor", "branch_verifier"])
def test_others_neither_reverse_nor_fine(house: House, paid: Payment, role: str) -> None:
    client = signed_in(house, role)
    reversal = propose(house, paid)
    for url in (
        reverse("contributions:reverse_payment", args=[paid.pk]),
        reverse("contributions:decide_reversal", args=[reversal.pk, "approved"]),
        reverse("contributions:assess_penalties"),
    ):
        assert client.post(url, {"reason": "ditolak bank", "amount": "0"}).status_code == 403
    assert client.get(reverse("contributions:penalties")).status_code == 403
    assert not PaymentReversalDecision.objects.exists()


def test_penalties_are_read_first_and_then_asked(house: House) -> None:
    firm = house.world.company
    late = late_bill(house, firm)
    months = sum(1 for n in range(12) if add(late.issue.due_on, n) < TODAY)
    finance = signed_in(house, "branch_finance")
    address = reverse("contributions:penalties")
    page = text(finance.get(address))
    amount = months * AMOUNT * 2 // 100
    assert firm.name in page and f'name="amount" value="{amount}"' in page
    assert not PenaltyLine.objects.exists(), "reading asks nothing"
    assess = reverse("contributions:assess_penalties")
    assert finance.post(assess, {"amount": str(amount - 1)}).status_code == 409
    assert finance.post(assess, {"amount": "1,5"}).status_code == 422 and finance.get(assess).status_code == 405
    assert not PenaltyLine.objects.exists()
    assert finance.post(assess, {"amount": str(amount)}).status_code == 302
    assert PenaltyLine.objects.count() == months
    assert ActionEntry.objects.filter(action="contributions.assess_penalties").count() == 1
    assert "Tidak ada denda yang belum ditagih" in text(finance.get(address))
    assert finance.post(assess, {"amount": str(amount)}).status_code == 409, "a second click asks nothing"
    account = text(finance.get(reverse("contributions:statement", args=[firm.pk])))
    assert "DND-2026-02-0001" in account and "Denda" in account


def add(day: date, months: int) -> date:
    return (day.replace(day=1) + timedelta(32 * months)).replace(day=day.day) if months else day


def test_an_officer_of_a_part_of_the_area_asks_the_whole_penalty(house: House) -> None:
    late = late_bill(house, house.world.company)
    village = house.world.village
    clerk = Actor(1, "Uji", "x", frozenset({penalties.ASSESS}), ((village, village),))
    on = late.issue.due_on + timedelta(1)
    with acting_as(clerk):
        (due,) = penalties.penalties_due(clerk, on)
        assert (due.bills, due.lines, due.base, due.amount) == (1, 1, AMOUNT, AMOUNT * 2 // 100)
        assert penalties.assess_penalties(clerk, on, expected=due.amount).amount == due.amount
        with pytest.raises(Conflict, match="sekarang Rp0"):
            penalties.assess_penalties(clerk, on, expected=due.amount)


def test_the_account_comes_as_paper(house: House, paid: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = signed_in(house, "auditor")
    account = reverse("contributions:statement", args=[house.agency.pk])
    assert reverse("contributions:payment", args=[paid.pk]) in text(auditor.get(account))
    answer = auditor.get(reverse("contributions:statement_pdf", args=[house.agency.pk]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"
    assert signed_in(house, "village_operator").get(
        reverse("contributions:statement_pdf", args=[house.agency.pk])
    ).status_code == 403  # fmt: skip
    monkeypatch.setattr(papers, "LINES_ON_PAPER", 1)
    with pytest.raises(InvalidInput, match="lebih panjang"):
        papers.account_paper(find_payer(house.agency.pk))


def test_the_last_recorded_comes_first(house: House, paid: Payment) -> None:
    with acting_as(SYSTEM):
        for number in range(5):
            actions.receive_payment(SYSTEM, house.agency.pk, "va", f"N-{number}", TODAY, 10)
    page = payment_queries.payments(ListQuery(size=3))
    assert [row.reference for row in page.rows] == ["N-4", "N-3", "N-2"] and page.has_next
