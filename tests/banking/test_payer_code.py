"""One code for all that a payer owes: the oldest bill first, once, and only the whole of it."""

from __future__ import annotations

import pytest
from world import make_world

from lindung.contributions.billing import payment_code
from lindung.contributions.codes import payer_code
from lindung.contributions.models import Bill, Payment

from .conftest import DUE, FEB, JAN, Bank, booked, make_bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(bank: Bank) -> tuple[str, list[int]]:
    """A payer's code, and the two bills he owes."""
    bills = make_bills(make_world(), months=(JAN, FEB))
    return payer_code(Bill.objects.get(pk=bills[0]).payer_id), bills


def test_one_payment_settles_everything_once(bank: Bank, owed: tuple[str, list[int]]) -> None:
    code, bills = owed
    asked = bank.inquire(code, "i-1")
    assert (asked.code, asked.body["virtualAccountData"]["totalAmount"]["value"]) == ("2002400", f"{2 * DUE}.00")
    assert bank.pay(code, "p-1", DUE).code == "4042513", "not the whole amount"
    assert bank.pay(code, "p-1", 2 * DUE).code == "2002500"
    assert [booked(bill) for bill in bills] == [(1, DUE), (1, DUE)]
    assert bank.pay(code, "p-1", 2 * DUE, advice=True).code == "2002500"
    assert bank.pay(code, "p-1", 3 * DUE).code == "4042518"
    assert bank.pay(code, "p-2", 2 * DUE).code == "4042514"
    assert bank.ask_status(code, "p-1").code == "2002600"
    assert Payment.objects.count() == 1


def test_what_a_bill_s_own_code_paid_is_not_asked_again(bank: Bank, owed: tuple[str, list[int]]) -> None:
    code, bills = owed
    assert bank.pay(payment_code(bills[0]), "p-1", DUE).code == "2002500"
    assert bank.inquire(code, "i-1").body["virtualAccountData"]["totalAmount"]["value"] == f"{DUE}.00"


def test_a_code_of_nobody(bank: Bank) -> None:
    assert bank.inquire(payer_code(987_654), "i-1").code == "4042412"
