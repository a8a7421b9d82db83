"""A payment is booked exactly once: repeated, late, out of order, at once, and against whoever writes SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.db import IntegrityError, connection, transaction
from world import make_world

from lindung.banking.models import Callback
from lindung.banking.testbank import PAYMENT, Answer, drive
from lindung.contributions.models import Payment
from lindung.core.log import verify_chain

from .conftest import DUE, FEB, JAN, Bank, booked, code_of, make_bank, make_bills


def test_the_same_message_gets_the_same_answer(bank: Bank, bill: int) -> None:
    """Also when the answer was a refusal, and although the bill's standing has changed since."""
    number, body = bank.number(), bank.payment_body(code_of(bill), "p-1", DUE)
    first, second = (bank.call(PAYMENT, body, number=number) for _ in range(2))
    assert first.code == "2002500" and second.body == first.body and booked(bill) == (1, DUE)
    other, number = bank.payment_body(code_of(bill), "p-2", DUE), bank.number()
    refused = [bank.call(PAYMENT, other, number=number) for _ in range(2)]
    assert refused[0].code == "4042514" and refused[0].body == refused[1].body
    number = bank.number()
    asked = [bank.inquire(code_of(bill), "i-1", number=number) for _ in range(2)]
    assert asked[0].body == asked[1].body
    assert Callback.objects.count() == 3


def test_another_message_under_the_same_number_is_a_conflict(bank: Bank, bill: int) -> None:
    number = bank.number()
    assert bank.inquire(code_of(bill), "p-1", number=number).code == "2002400"
    assert bank.pay(code_of(bill), "p-1", DUE, number=number).code == "4092500"
    assert booked(bill) == (0, 0)
    assert bank.pay(code_of(bill), "p-1", DUE).code == "2002500"


def test_a_number_may_come_again_on_another_day(bank: Bank, bill: int) -> None:
    number = bank.number()
    bank.pay(code_of(bill), "p-1", DUE, number=number)
    with connection.cursor() as cursor:  # as if it had been yesterday
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE banking_callback SET day = day - 1")
        cursor.execute("SET session_replication_role = origin")
    assert bank.pay(code_of(bill), "p-2", DUE, number=number).code == "4042514"
    assert bank.pay(code_of(bill), "p-1", DUE, number=f"{number}1", advice=True).code == "2002500"
    assert booked(bill) == (1, DUE)


def test_an_advice_repeats_and_does_not_pay_again(bank: Bank, bill: int) -> None:
    assert bank.pay(code_of(bill), "p-1", DUE).code == "2002500"
    for _ in range(2):
        advised = bank.pay(code_of(bill), "p-1", DUE, advice=True)
        assert (advised.code, advised.body["virtualAccountData"]["paymentFlagStatus"]) == ("2002500", "00")
    assert booked(bill) == (1, DUE) and Payment.objects.count() == 1


def test_the_same_request_with_another_content_is_inconsistent(bank: Bank, bill: int) -> None:
    """The bank takes it for booked, so it hears what was booked: the first amount."""
    bank.pay(code_of(bill), "p-1", DUE)
    answer = bank.pay(code_of(bill), "p-1", DUE * 2)
    data = answer.body["virtualAccountData"]
    assert (answer.code, data["paymentFlagStatus"]) == ("4042518", "00")
    assert data["paidAmount"]["value"] == f"{DUE}.00"
    assert booked(bill) == (1, DUE)


def test_two_banks_may_use_the_same_numbers(bank: Bank, key: RSAPrivateKey) -> None:
    other = make_bank(key, "Bank Lain", "77")
    first, second = make_bills(make_world(), months=(JAN, FEB))
    number = bank.number()
    assert bank.pay(code_of(first), "p-1", DUE, number=number).code == "2002500"
    assert other.pay(code_of(second), "p-1", DUE, number=number).code == "2002500"
    assert other.pay(code_of(first), "p-2", DUE).code == "4042514"


def test_a_very_long_number_names_its_payment_too(bank: Bank) -> None:
    first, second = make_bills(make_world(), months=(JAN, FEB))
    assert bank.pay(code_of(first), "x" * 127 + "1", DUE).code == "2002500"
    assert bank.pay(code_of(second), "x" * 127 + "2", DUE).code == "2002500"
    assert bank.pay(code_of(second), "x" * 127 + "2", DUE, advice=True).code == "2002500"
    assert Payment.objects.count() == 2


def test_whatever_the_order(bank: Bank) -> None:
    """Messages of three payments, each several times and shuffled: the books are the same, whatever comes first."""
    bills = make_bills(make_world(), payers=3)
    for seed in range(6):
        with transaction.atomic():
            acts: list[Callable[[], Answer]] = []
            for bill in bills:
                code, number = code_of(bill), bank.number()
                body = bank.payment_body(code, f"p-{bill}", DUE)
                acts += [lambda body=body, number=number: bank.call(PAYMENT, body, number=number)] * 3  # type: ignore[misc]
                acts += [lambda code=code, bill=bill: bank.pay(code, f"p-{bill}", DUE, advice=True)] * 2  # type: ignore[misc]
                acts += [lambda code=code, bill=bill: bank.pay(code, f"q-{bill}", DUE + 1)]  # type: ignore[misc]
            Random(seed).shuffle(acts)
            answers = Counter(act().code for act in acts)
            assert answers["2002500"] == 15 and answers["4042513"] + answers["4042514"] == 3
            assert [booked(bill) for bill in bills] == [(1, DUE)] * 3
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Threads with connections of their own."""

    @staticmethod
    def crowd(acts: list[Callable[[], Answer]]) -> list[Answer]:
        barrier = Barrier(len(acts))

        def one(act: Callable[[], Answer]) -> Answer:
            barrier.wait(10)
            return act()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    @pytest.fixture
    def open_bank(self, transactional_db: None, key: RSAPrivateKey) -> Bank:
        make_world()
        bank = make_bank(key)
        bank.token()
        return bank

    def test_a_day_of_the_test_bank_goes_as_it_should(self, open_bank: Bank) -> None:
        bills = make_bills(make_world(), payers=12)
        lines = drive(open_bank, [code_of(bill) for bill in bills])
        assert {line.what: dict(line.codes) for line in lines if not line.as_expected} == {}
        assert len(lines) == 16
        assert all(booked(bill) == (1, DUE) for bill in bills)

    def test_one_message_eight_times(self, open_bank: Bank) -> None:
        bank, bill = open_bank, make_bills(make_world())[0]
        number, body = bank.number(), bank.payment_body(code_of(bill), "p-1", DUE)
        answers = self.crowd([lambda: bank.call(PAYMENT, body, number=number)] * 8)
        assert {answer.code for answer in answers} == {"2002500"} and len({str(a.body) for a in answers}) == 1
        assert booked(bill) == (1, DUE) and Callback.objects.count() == 1

    def test_one_payment_told_under_eight_numbers(self, open_bank: Bank) -> None:
        bank, bill = open_bank, make_bills(make_world())[0]
        answers = self.crowd([lambda: bank.pay(code_of(bill), "p-1", DUE)] * 8)
        assert {answer.code for answer in answers} == {"2002500"}
        assert booked(bill) == (1, DUE) and Callback.objects.filter(payment__isnull=False).count() == 1

    def test_eight_payments_of_one_bill(self, open_bank: Bank) -> None:
        bank, bill = open_bank, make_bills(make_world())[0]
        answers = self.crowd([lambda n=n: bank.pay(code_of(bill), f"p-{n}", DUE) for n in range(8)])  # type: ignore[misc]
        assert Counter(answer.code for answer in answers) == {"2002500": 1, "4042514": 7}
        assert booked(bill) == (1, DUE)

    def test_one_number_or_request_for_many_bills(self, open_bank: Bank) -> None:
        """Different payers, so no lock holds them apart: the keys do, and the losers are asked again."""
        bank, bills = open_bank, make_bills(make_world(), payers=6)
        number = bank.number()
        same_number = self.crowd(
            [lambda b=b: bank.pay(code_of(b), f"p-{b}", DUE, number=number) for b in bills]  # type: ignore[misc]
        )
        assert Counter(answer.code for answer in same_number) == {"2002500": 1, "4092500": 5}
        same_request = self.crowd([lambda b=b: bank.pay(code_of(b), "p-x", DUE) for b in bills])  # type: ignore[misc]
        codes = Counter(answer.code for answer in same_request)
        assert codes["2002500"] == 1 and codes["4042518"] + codes["4042514"] == 5
        assert sum(booked(bill)[0] for bill in bills) == 2
        assert verify_chain().broken_at is None


BREAKS: dict[str, str] = {
    "the same number twice": (
        "INSERT INTO banking_callback (partner_id, external_id, day, service, body_digest, request_id, channel,"
        " reference, advice, response_code, facts) SELECT partner_id, external_id, day, 24, '', 'x', '1', '', false,"
        " '2002400', '{}' FROM banking_callback"
    ),
    "the same payment under another message": (
        "INSERT INTO banking_callback (partner_id, external_id, day, service, body_digest, request_id, channel, amount,"
        " bill_id, reference, advice, response_code, facts, payment_id) SELECT partner_id, '9', day, 25, '', 'other',"
        " '1', amount, bill_id, '', false, '2002500', '{}', payment_id FROM banking_callback"
    ),
    "a payment told of by an inquiry": (
        "INSERT INTO banking_callback (partner_id, external_id, day, service, body_digest, request_id, channel, amount,"
        " bill_id, reference, advice, response_code, facts, payment_id) SELECT partner_id, '9', day, 24, '', 'other',"
        " '1', amount, bill_id, '', false, '2002400', '{}', payment_id FROM banking_callback"
    ),
    "a changed answer": ("UPDATE banking_callback SET response_code = '4042514'"),
    "a deleted message": ("DELETE FROM banking_callback"),
    "an emptied table": ("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE banking_callback"),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_sql_cannot_break_it(bank: Bank, bill: int, what: str) -> None:
    bank.pay(code_of(bill), "p-1", DUE)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BREAKS[what])
    assert Callback.objects.get().response_code == "2002500"
