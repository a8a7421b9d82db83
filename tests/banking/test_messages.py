"""Reading what banks send: strict about form, and every refusal names its field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lindung.banking import messages
from lindung.banking.codes import Case, SnapError, case_of

CODE = "000000000017"


def body(**changes: Any) -> dict[str, Any]:
    """A payment as it should be, but for the changes; None leaves a field out."""
    whole = {
        "partnerServiceId": "   88899",
        "customerNo": CODE,
        "virtualAccountNo": f"   88899{CODE}",
        "paymentRequestId": "a-1",
        "paidAmount": {"value": "16800.00", "currency": "IDR"},
        "trxDateTime": "2026-02-27T09:30:00+07:00",
        "referenceNo": "123",
        "flagAdvise": "N",
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def test_a_payment_is_read() -> None:
    paid = messages.read_payment(body())
    assert (paid.account.service_id, paid.account.customer, paid.amount) == ("88899", CODE, 16_800)
    assert paid.transacted_at == datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
    assert (paid.request_id, paid.reference, paid.advice) == ("a-1", "123", False)


def test_what_is_optional_may_be_missing() -> None:
    paid = messages.read_payment(body(trxDateTime=None, referenceNo="", flagAdvise=None))
    assert (paid.transacted_at, paid.reference, paid.advice) == (None, "", False)


def test_padding_may_have_been_trimmed() -> None:
    paid = messages.read_payment(body(partnerServiceId="88899", virtualAccountNo=f"88899{CODE}"))
    assert paid.account.as_json()["virtualAccountNo"] == f"   88899{CODE}"


@pytest.mark.parametrize(
    ("changes", "case", "field"),
    [
        ({"partnerServiceId": None}, Case.FIELD_MISSING, "partnerServiceId"),
        ({"partnerServiceId": 88899}, Case.FIELD_FORMAT, "partnerServiceId"),
        ({"partnerServiceId": "   8889x"}, Case.FIELD_FORMAT, "partnerServiceId"),
        ({"customerNo": ""}, Case.FIELD_MISSING, "customerNo"),
        ({"customerNo": "1" * 21}, Case.FIELD_FORMAT, "customerNo"),
        ({"customerNo": "٠١٢٣"}, Case.FIELD_FORMAT, "customerNo"),
        ({"virtualAccountNo": "   88899000000000025"}, Case.FIELD_FORMAT, "virtualAccountNo"),
        ({"paymentRequestId": None}, Case.FIELD_MISSING, "paymentRequestId"),
        ({"paymentRequestId": "x" * 129}, Case.FIELD_FORMAT, "paymentRequestId"),
        ({"paymentRequestId": "a\x00b"}, Case.FIELD_FORMAT, "paymentRequestId"),
        ({"paymentRequestId": "  "}, Case.FIELD_FORMAT, "paymentRequestId"),
        ({"paidAmount": None}, Case.FIELD_MISSING, "paidAmount"),
        ({"paidAmount": "16800.00"}, Case.FIELD_FORMAT, "paidAmount"),
        ({"paidAmount": {"currency": "IDR"}}, Case.FIELD_MISSING, "paidAmount.value"),
        ({"paidAmount": {"value": "16800.00", "currency": "USD"}}, Case.FIELD_FORMAT, "paidAmount.currency"),
        *(
            ({"paidAmount": {"value": value, "currency": "IDR"}}, Case.FIELD_FORMAT, "paidAmount.value")
            for value in ("16800", "16800.5", "16800.50", "-1.00", "0.00", "1e5", "16.800,00", " 1.00", "１.00")
        ),
        ({"paidAmount": {"value": 16800.0, "currency": "IDR"}}, Case.FIELD_FORMAT, "paidAmount.value"),
        ({"trxDateTime": "27-02-2026 09:30"}, Case.FIELD_FORMAT, "trxDateTime"),
        ({"trxDateTime": "2026-02-30T09:30:00+07:00"}, Case.FIELD_FORMAT, "trxDateTime"),
        ({"trxDateTime": "2026-02-27T09:30:00"}, Case.FIELD_FORMAT, "trxDateTime"),
        ({"flagAdvise": "X"}, Case.FIELD_FORMAT, "flagAdvise"),
    ],
)
def test_a_faulty_field_is_named(changes: dict[str, Any], case: Case, field: str) -> None:
    with pytest.raises(SnapError) as refused:
        messages.read_payment(body(**changes))
    assert (refused.value.case, refused.value.detail) == (case, field)
    assert refused.value.message == f"{case.message} {{{field}}}"


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"1", b'"x"', b"\xff\xfe", b"[" * 60_000])
def test_what_is_no_object_is_a_bad_request(text: bytes) -> None:
    with pytest.raises(SnapError) as refused:
        messages.read_object(text)
    assert refused.value.case is Case.BAD_REQUEST


def test_the_banks_day_is_jakartas() -> None:
    assert messages.bank_day(messages.read_time("2026-02-27T23:30:00+07:00", "x")) == date(2026, 2, 27)
    assert messages.bank_day(messages.read_time("2026-02-27T17:00:00Z", "x")) == date(2026, 2, 28)


def test_codes_are_the_standards() -> None:
    said = {
        (Case.SUCCESS, 24): "2002400", (Case.SUCCESS, 25): "2002500", (Case.FIELD_FORMAT, 24): "4002401",
        (Case.FIELD_MISSING, 25): "4002502", (Case.UNAUTHORIZED, 24): "4012400", (Case.INVALID_TOKEN, 25): "4012501",
        (Case.INVALID_BILL, 24): "4042412", (Case.PAID_BILL, 24): "4042414", (Case.INVALID_AMOUNT, 25): "4042513",
        (Case.INCONSISTENT, 25): "4042518", (Case.EXPIRED_BILL, 25): "4042519", (Case.CONFLICT, 25): "4092500",
        (Case.GENERAL_ERROR, 24): "5002400", (Case.TOO_MANY, 73): "4297300", (Case.UNAUTHORIZED, 73): "4017300",
    }  # fmt: skip
    assert {key: key[0].code(key[1]) for key in said} == said
    assert all(case_of(case.code(25)) is case for case in Case)


def test_answers_keep_within_the_standards_lengths() -> None:
    facts = {"name": "PT Contoh", "number": "TAG-2026-01-123456789", "month": "2026-01", "left": 16_800, "paid": 16_800}
    paid = messages.read_payment(body())
    data = messages.answer_payment(paid, messages.Outcome(Case.SUCCESS, facts))["virtualAccountData"]
    bill = data["billDetails"][0]
    assert data["paymentFlagStatus"] == "00" and data["virtualAccountNo"] == f"   88899{CODE}"
    assert len(bill["billNo"]) <= 18 and len(bill["billName"]) <= 20 and len(bill["billShortName"]) <= 10
    assert all(len(words) <= 18 for words in bill["billDescription"].values())
    assert len(data["trxDateTime"]) == 25
    for case in Case:
        refused = messages.answer_payment(paid, messages.Outcome(case, {}))
        assert len(refused["responseMessage"]) <= 150
        assert all(len(words) <= 64 for words in refused["virtualAccountData"]["paymentFlagReason"].values())
        assert refused["virtualAccountData"]["paymentFlagStatus"] == "01"
