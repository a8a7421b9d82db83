"""What banks get back: every code of the standard that we use, and that a refusal books nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.test import Client
from world import make_world

from lindung.banking import access, actions
from lindung.banking.messages import utc_now, write_amount
from lindung.banking.models import BankToken, Callback
from lindung.banking.signature import sign_with_secret
from lindung.banking.testbank import BASE, INQUIRY, PAYMENT, TOKEN
from lindung.contributions.models import Payment
from lindung.core.actors import acting_as
from lindung.core.models import ActionEntry, Installation

from .conftest import DUE, FEB, JAN, TREASURER, Bank, booked, code_of, make_bank, make_bills


def test_an_inquiry_says_what_is_owed(bank: Bank, bill: int) -> None:
    answer = bank.inquire(code_of(bill), "i-1")
    data = answer.body["virtualAccountData"]
    assert (answer.status, answer.code, data["inquiryStatus"]) == (200, "2002400", "00")
    assert data["virtualAccountName"] == "Desa Bayar 0"
    assert data["totalAmount"] == {"value": "16800.00", "currency": "IDR"}
    assert data["virtualAccountTrxType"] == "C"
    assert data["virtualAccountNo"] == f"   88899{code_of(bill)}"
    assert data["billDetails"][0]["billAmount"] == write_amount(DUE)


def test_a_payment_is_booked_and_settles_its_bill(bank: Bank, bill: int) -> None:
    answer = bank.pay(code_of(bill), "p-1", DUE)
    assert (answer.status, answer.code) == (200, "2002500")
    assert answer.body["virtualAccountData"]["paymentFlagStatus"] == "00"
    assert booked(bill) == (1, DUE)
    payment = Payment.objects.get()
    assert (payment.kind, payment.amount, payment.reference) == ("va", DUE, "VA-88899-p-1")
    assert payment.callback.response_code == "2002500"
    entry = ActionEntry.objects.get(action="contributions.receive_payment")
    assert (entry.actor_name, entry.role, entry.subject) == ("Bank Uji", "bank", f"payment:{payment.pk}")
    assert bank.inquire(code_of(bill), "i-2").code == "4042414"


def test_the_day_of_a_demonstration_bounds_the_day_paid(bank: Bank, bill: int) -> None:
    Installation.objects.filter(id=1).update(business_date=date(2026, 2, 27))
    assert bank.pay(code_of(bill), "p-1", DUE).booked
    assert Payment.objects.get().paid_on == date(2026, 2, 27)


def test_the_answer_carries_a_time_and_is_not_kept_by_caches(bank: Bank, bill: int) -> None:
    answer = Client().get(INQUIRY)
    assert answer.status_code == 405 and answer.json()["responseCode"] == "4052400"
    assert len(answer["X-TIMESTAMP"]) == 25 and answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("headers", "code", "message"),
    [
        ({"Authorization": ""}, "4012501", "Invalid Token (B2B)"),
        ({"Authorization": "Bearer x"}, "4012501", "Invalid Token (B2B)"),
        ({"Authorization": "Basic eDp5"}, "4012501", "Invalid Token (B2B)"),
        ({"X-TIMESTAMP": ""}, "4002502", "Invalid Mandatory Field {X-TIMESTAMP}"),
        ({"X-TIMESTAMP": "27/02/2026"}, "4002501", "Invalid Field Format {X-TIMESTAMP}"),
        ({"X-TIMESTAMP": "2020-12-21T14:56:11+07:00"}, "4012500", "Unauthorized. [Timestamp]"),
        ({"X-SIGNATURE": ""}, "4002502", "Invalid Mandatory Field {X-SIGNATURE}"),
        ({"X-SIGNATURE": "x" * 3000}, "4002501", "Invalid Field Format {X-SIGNATURE}"),
        ({"X-SIGNATURE": sign_with_secret("x", "x")}, "4012500", "Unauthorized. [Signature]"),
        ({"X-PARTNER-ID": ""}, "4002502", "Invalid Mandatory Field {X-PARTNER-ID}"),
        ({"X-PARTNER-ID": "12345"}, "4012500", "Unauthorized. [Unknown client]"),
        ({"X-EXTERNAL-ID": "12a"}, "4002501", "Invalid Field Format {X-EXTERNAL-ID}"),
        ({"X-EXTERNAL-ID": "1" * 37}, "4002501", "Invalid Field Format {X-EXTERNAL-ID}"),
        ({"CHANNEL-ID": ""}, "4002502", "Invalid Mandatory Field {CHANNEL-ID}"),
        ({"CHANNEL-ID": "a-b"}, "4002501", "Invalid Field Format {CHANNEL-ID}"),
        ({"Content-Type": "text/plain"}, "4002501", "Invalid Field Format {Content-Type}"),
    ],
)
def test_a_message_that_does_not_prove_itself_books_nothing(
    bank: Bank, bill: int, headers: dict[str, str], code: str, message: str
) -> None:
    answer = bank.pay(code_of(bill), "p-1", DUE, headers=headers)
    assert (answer.code, answer.body["responseMessage"], answer.status) == (code, message, int(code[:3]))
    assert booked(bill) == (0, 0) and not Callback.objects.exists()


def test_a_signature_is_of_one_address_one_body_and_one_moment(bank: Bank, bill: int) -> None:
    """A listener who changes anything of a signed message is refused."""
    body = bank.payment_body(code_of(bill), "p-1", DUE)
    assert bank.pay(code_of(bill), "p-1", DUE, moment=utc_now() - timedelta(minutes=6)).code == "4012500"
    assert bank.pay(code_of(bill), "p-1", DUE, moment=utc_now() + timedelta(minutes=6)).code == "4012500"
    sent: dict[str, Any] = {}

    class Tap(Bank):
        def send(self, path: str, text: bytes, headers: dict[str, str]):  # type: ignore[no-untyped-def]
            if path != TOKEN:
                sent.update(headers)
            return super().send(path, text, headers)

    tap = Tap(bank.url, bank.credentials, partner=bank.partner)
    assert tap.call(INQUIRY, body | {"inquiryRequestId": "p-1"}).code == "2002400"
    text = json.dumps(body, separators=(",", ":")).encode()
    assert bank.send(PAYMENT, text, sent).code == "4012500"
    more = json.dumps(body | {"inquiryRequestId": "p-1", "x": 1}, separators=(",", ":")).encode()
    assert bank.send(INQUIRY, more, sent).code == "4012400"
    assert bank.send(f"{INQUIRY}?a=1", json.dumps(body | {"inquiryRequestId": "p-1"}).encode(), sent).code == "4012400"
    # White space is not signed, so only it may differ.
    again = json.dumps(body | {"inquiryRequestId": "p-1"}, indent=2).encode()
    assert bank.send(INQUIRY, again, sent).code == "2002400"
    assert booked(bill) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customerNo": ""}, "4002502"),
        ({"paidAmount": {"value": "16800", "currency": "IDR"}}, "4002501"),
        ({"virtualAccountNo": "   88899000000000000"}, "4002501"),
        ({"trxDateTime": "2099-01-01T00:00:00+07:00"}, "4002501"),
        ({"partnerServiceId": "   12345"}, "4002501"),
    ],
)
def test_a_faulty_field_books_nothing_and_uses_no_number(
    bank: Bank, bill: int, changes: dict[str, Any], code: str
) -> None:
    body, number = bank.payment_body(code_of(bill), "p-1", DUE), bank.number()
    assert bank.call(PAYMENT, body | changes, number=number).code == code
    assert booked(bill) == (0, 0)
    assert bank.call(PAYMENT, body, number=number).code == "2002500"


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"a":1}' + b" " * 70_000])
def test_what_cannot_be_read_is_a_bad_request(bank: Bank, bill: int, text: bytes) -> None:
    from lindung.banking.messages import write_time
    from lindung.banking.signature import body_digest, transaction_string

    token, stamp = bank.token(), write_time(utc_now())
    signed = transaction_string("POST", PAYMENT, token, body_digest(text), stamp)
    headers = {
        "Authorization": f"Bearer {token}", "X-TIMESTAMP": stamp, "X-PARTNER-ID": "88899", "X-EXTERNAL-ID": "1",
        "CHANNEL-ID": "95221", "X-SIGNATURE": sign_with_secret(bank.credentials.secret, signed),
    }  # fmt: skip
    assert bank.send(PAYMENT, text, headers).code == "4002500"


def test_an_unknown_bill_is_refused(bank: Bank, bill: int) -> None:
    mistyped = code_of(bill)[:-1] + str((int(code_of(bill)[-1]) + 1) % 10)
    for code in (mistyped, code_of(bill + 1000), "12", "0" * 12, "9" * 12):
        assert bank.inquire(code, "i-1").code == "4042412"
        assert bank.pay(code, "p-1", DUE).code == "4042512"


def test_another_amount_is_refused_unless_agreed(bank: Bank, bill: int, key: RSAPrivateKey) -> None:
    for amount in (DUE - 1, DUE + 1, 1):
        assert bank.pay(code_of(bill), f"p-{amount}", amount).code == "4042513"
    assert booked(bill) == (0, 0)
    other = make_bank(key, "Bank Bebas", "77", open_amount=True)
    assert other.inquire(code_of(bill), "i-1").body["virtualAccountData"]["virtualAccountTrxType"] == "O"
    assert other.pay(code_of(bill), "p-1", 800).code == "2002500"
    asked = bank.inquire(code_of(bill), "i-2").body["virtualAccountData"]["totalAmount"]
    assert asked == write_amount(DUE - 800)
    assert bank.pay(code_of(bill), "p-2", DUE - 800).code == "2002500"
    assert booked(bill) == (2, DUE)


def test_a_paid_bill_is_not_paid_twice(bank: Bank, bill: int) -> None:
    assert bank.pay(code_of(bill), "p-1", DUE).code == "2002500"
    again = bank.pay(code_of(bill), "p-2", DUE)
    assert (again.code, again.body["virtualAccountData"]["paymentFlagStatus"]) == ("4042514", "01")
    assert booked(bill) == (1, DUE)


def test_a_code_may_expire(db: None, key: RSAPrivateKey) -> None:
    bank = make_bank_with_world(key, days_after_due=10)
    old, new = make_bills(make_world(), months=(JAN, FEB))
    Installation.objects.filter(id=1).update(business_date=date(2026, 2, 20))  # due: mid-January, mid-February
    assert bank.inquire(code_of(old), "i-1").code == "4042419"
    assert bank.pay(code_of(old), "p-1", DUE).code == "4042519"
    assert bank.pay(code_of(new), "p-2", DUE).code == "2002500"


def make_bank_with_world(key: RSAPrivateKey, **more: object) -> Bank:
    make_world()
    return make_bank(key, **more)


def test_a_bank_pays_only_under_its_own_service(bank: Bank, bill: int, key: RSAPrivateKey) -> None:
    other = make_bank(key, "Bank Lain", "77")
    body = bank.payment_body(code_of(bill), "p-1", DUE)
    assert other.call(PAYMENT, body).code == "4042516"
    assert booked(bill) == (0, 0)


def test_status_tells_how_a_payment_was_booked(bank: Bank, bill: int, key: RSAPrivateKey) -> None:
    assert bank.ask_status(code_of(bill), "p-1").code == "4042601"
    bank.pay(code_of(bill), "p-1", DUE)
    told = bank.ask_status(code_of(bill), "p-1")
    data = told.body["virtualAccountData"]
    assert (told.code, data["paymentFlagStatus"], data["paidAmount"]) == ("2002600", "00", write_amount(DUE))
    other = make_bank(key, "Bank Lain", "77")
    assert other.ask_status(code_of(bill), "p-1").code == "4042601"


def test_a_token_lasts_a_quarter_of_an_hour(bank: Bank, bill: int) -> None:
    answer = bank.ask_token()
    assert (answer.code, answer.body["tokenType"], answer.body["expiresIn"]) == ("2007300", "Bearer", "900")
    token = BankToken.objects.latest("id")
    assert token.digest == access.token_digest(answer.body["accessToken"])
    assert timedelta(seconds=890) < token.expires_at - utc_now() <= timedelta(seconds=900)
    assert bank.inquire(code_of(bill), "i-1").code == "2002400"
    BankToken.objects.update(expires_at=utc_now() - timedelta(seconds=1))
    access.forget()
    assert bank.inquire(code_of(bill), "i-2").code == "4012401"
    bank.ask_token()
    assert BankToken.objects.count() == 1, "the expired ones go"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-CLIENT-KEY": ""}, "4007302"),
        ({"X-CLIENT-KEY": "siapa"}, "4017300"),
        ({"X-SIGNATURE": "bukan"}, "4017300"),
        ({"X-TIMESTAMP": "2020-12-21T14:56:11+07:00"}, "4017300"),
    ],
)
def test_a_token_needs_the_banks_key(bank: Bank, headers: dict[str, str], code: str) -> None:
    assert bank.ask_token(headers=headers).code == code
    assert not BankToken.objects.exists()


def test_a_bank_that_is_shut_out_is_out_at_once(bank: Bank, bill: int) -> None:
    """Also in a server that still remembers its token."""
    assert bank.inquire(code_of(bill), "i-1").code == "2002400"
    with acting_as(TREASURER):
        actions.set_active(TREASURER, bank.partner.pk, False, "Perjanjian berakhir")
    assert bank.pay(code_of(bill), "p-1", DUE).code == "4012500"
    access.forget()
    assert bank.pay(code_of(bill), "p-1", DUE).code == "4012501"
    assert bank.ask_token().code == "4017300"
    assert booked(bill) == (0, 0)


def test_an_old_secret_is_worthless(bank: Bank, bill: int) -> None:
    bank.token()
    with acting_as(TREASURER):
        actions.renew_secret(TREASURER, bank.partner.pk)
    access.forget()
    assert bank.pay(code_of(bill), "p-1", DUE).code == "4012501"
    bank._token = ("", 0)
    assert bank.pay(code_of(bill), "p-1", DUE).code == "4012500"


def test_only_agreed_networks_may_call(db: None, key: RSAPrivateKey) -> None:
    bank = make_bank_with_world(key, allowed_addresses=["203.0.113.0/28", "2001:db8::/32"])
    bill = make_bills(make_world())[0]
    from_there = {"REMOTE-ADDR": "203.0.113.9"}
    bank._token = (bank.ask_token(headers=from_there).body["accessToken"], float("inf"))
    assert bank.pay(code_of(bill), "p-1", DUE).body["responseMessage"] == "Unauthorized. [Connection not allowed]"
    assert bank.ask_token().code == "4017300"
    assert bank.pay(code_of(bill), "p-1", DUE, headers=from_there).code == "2002500"


def test_guessing_is_limited_and_shuts_no_bank_out(bank: Bank, bill: int) -> None:
    assert bank.inquire(code_of(bill), "i-1").code == "2002400"
    codes = [
        bank.pay(code_of(bill), "p-1", DUE, headers={"Authorization": f"Bearer x{n}"}).code
        for n in range(access.REFUSED.limit + 1)
    ]
    assert set(codes[:-1]) == {"4012501"} and codes[-1] == "4292500"
    assert bank.pay(code_of(bill), "p-1", DUE).code == "2002500", "a token we know gets through"


def test_a_fault_of_ours_is_a_general_error_and_books_nothing(
    bank: Bank, bill: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bank.token()
    monkeypatch.setattr("lindung.banking.booking._TAKE", "SELECT 1 / 0, %(request)s")
    answer = bank.pay(code_of(bill), "p-rahasia", DUE)
    assert (answer.status, answer.code) == (500, "5002500")
    assert "ZeroDivision" not in json.dumps(answer.body) and "division" not in json.dumps(answer.body)


def test_the_log_holds_no_secret(bank: Bank, bill: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    bank.pay(code_of(bill), "p-1", DUE, headers={"X-SIGNATURE": sign_with_secret("x", "x")})
    bank.pay(code_of(bill), "p-1", DUE)
    said = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "4012500" in said
    for secret in (bank.credentials.secret, bank.token(), "Desa Bayar"):
        assert secret not in said
    assert bank.credentials.secret not in bank.partner.secret
    assert BASE in said or "bank/snap" in said
