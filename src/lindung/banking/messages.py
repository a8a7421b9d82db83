"""What banks send us and what we answer, without a database: reading with strict forms, and wording."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from lindung.banking.codes import Case, Service, SnapError

JSON = dict[str, Any]
WIB = timezone(timedelta(hours=7))  # the standard's samples; a bank's day is Jakarta's day
MOST_BODY_BYTES = 64 * 1024  # 24 bill details and 25 free texts stay far below

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,13}\.00")
_CURRENCY = "IDR"
_PADDED = 8  # length of partnerServiceId, filled with spaces on the left


@dataclass(frozen=True)
class Account:
    """A virtual account as a message names it. `customer` is our payment code."""

    service_id: str
    customer: str

    @property
    def padded_service(self) -> str:
        return self.service_id.rjust(_PADDED)

    def as_json(self) -> JSON:
        return {
            "partnerServiceId": self.padded_service,
            "customerNo": self.customer,
            "virtualAccountNo": self.padded_service + self.customer,
        }


@dataclass(frozen=True)
class Inquiry:
    """«What does this account owe?»"""

    account: Account
    request_id: str


@dataclass(frozen=True)
class Payment:
    """«This much was paid into this account.» `advice`: the bank says it may have told us before."""

    account: Account
    request_id: str
    amount: int  # rupiah
    reference: str
    transacted_at: datetime | None
    advice: bool


@dataclass(frozen=True)
class StatusQuestion:
    """«Have you booked this payment?»"""

    account: Account
    request_id: str


def read_time(text: str, field: str) -> datetime:
    """A moment in ISO 8601 with its time zone. Raises SnapError."""
    if not _TIMESTAMP.fullmatch(text):
        raise SnapError(Case.FIELD_FORMAT, field)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise SnapError(Case.FIELD_FORMAT, field) from None


def write_time(moment: datetime) -> str:
    """2026-02-27T09:30:00+07:00."""
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def bank_day(moment: datetime) -> date:
    """The day within which X-EXTERNAL-ID is unique."""
    return moment.astimezone(WIB).date()


def read_object(body: bytes) -> JSON:
    """The body as one JSON object. Raises SnapError."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise SnapError(Case.BAD_REQUEST) from None
    if not isinstance(found, dict):
        raise SnapError(Case.BAD_REQUEST)
    return found


def read_inquiry(body: JSON) -> Inquiry:
    """Raises SnapError."""
    return Inquiry(_account(body), _text(body, "inquiryRequestId", 128))


def read_payment(body: JSON) -> Payment:
    """Raises SnapError."""
    account = _account(body)
    request_id = _text(body, "paymentRequestId", 128)
    when = _optional(body, "trxDateTime", 25)
    return Payment(
        account=account,
        request_id=request_id,
        amount=_amount(body, "paidAmount"),
        reference=_optional(body, "referenceNo", 64),
        transacted_at=read_time(when, "trxDateTime") if when else None,
        advice=_flag(body),
    )


def read_status(body: JSON) -> StatusQuestion:
    """A payment is asked for by its own id, or by its inquiry's, which is the same. Raises SnapError."""
    field = "paymentRequestId" if body.get("paymentRequestId") else "inquiryRequestId"
    return StatusQuestion(_account(body), _text(body, field, 128))


def _account(body: JSON) -> Account:
    """Its three parts must agree with each other; with whose they are, the caller compares."""
    service = _text(body, "partnerServiceId", _PADDED).lstrip(" ")
    customer = _text(body, "customerNo", 20)
    whole = _text(body, "virtualAccountNo", 28)
    if not _digits(service):
        raise SnapError(Case.FIELD_FORMAT, "partnerServiceId")
    if not _digits(customer):
        raise SnapError(Case.FIELD_FORMAT, "customerNo")
    if whole.lstrip(" ") != service + customer:
        raise SnapError(Case.FIELD_FORMAT, "virtualAccountNo")
    return Account(service, customer)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _text(body: JSON, field: str, longest: int, within: str = "") -> str:
    text = body.get(field)
    if text is None or text == "":
        raise SnapError(Case.FIELD_MISSING, within + field)
    if not isinstance(text, str) or len(text) > longest or not text.isprintable() or not text.strip():
        raise SnapError(Case.FIELD_FORMAT, within + field)
    return text


def _optional(body: JSON, field: str, longest: int) -> str:
    return "" if body.get(field) in (None, "") else _text(body, field, longest)


def _amount(body: JSON, field: str) -> int:
    """Whole rupiah; the standard writes two decimals, and a sen is owed to nobody."""
    amount = body.get(field)
    if amount is None:
        raise SnapError(Case.FIELD_MISSING, field)
    if not isinstance(amount, dict):
        raise SnapError(Case.FIELD_FORMAT, field)
    if _text(amount, "currency", 3, f"{field}.") != _CURRENCY:
        raise SnapError(Case.FIELD_FORMAT, f"{field}.currency")
    value = _text(amount, "value", 16, f"{field}.")
    if not _AMOUNT.fullmatch(value) or int(value[:-3]) == 0:
        raise SnapError(Case.FIELD_FORMAT, f"{field}.value")
    return int(value[:-3])


def _flag(body: JSON) -> bool:
    flag = _optional(body, "flagAdvise", 1)
    if flag not in {"", "Y", "N"}:
        raise SnapError(Case.FIELD_FORMAT, "flagAdvise")
    return flag == "Y"


def write_amount(rupiah: int) -> JSON:
    """{"value": "16800.00", "currency": "IDR"}."""
    return {"value": f"{rupiah}.00", "currency": _CURRENCY}


@dataclass(frozen=True)
class Outcome:
    """What was decided on a message; kept with it, so that its repetition gets the same words.

    `facts` are the bill's: name, number, month, left (rupiah still asked), paid (rupiah of this payment)."""

    case: Case
    facts: JSON


def answer_inquiry(asked: Inquiry, outcome: Outcome, open_amount: bool) -> JSON:
    """The body of the answer to an inquiry."""
    known = outcome.facts
    good = outcome.case is Case.SUCCESS
    data = {
        "inquiryStatus": "00" if good else "01",
        "inquiryReason": _reason(outcome.case),
        **asked.account.as_json(),
        "virtualAccountName": known.get("name", ""),
        "inquiryRequestId": asked.request_id,
    }
    if good:
        data["totalAmount"] = write_amount(known["left"])
        data["billDetails"] = [_bill(known, known["left"])]
        data["virtualAccountTrxType"] = "O" if open_amount else "C"
    return _answer(Service.INQUIRY, outcome.case, data)


def answer_payment(asked: Payment, outcome: Outcome) -> JSON:
    """The body of the answer to a payment notification. On an inconsistent one it says how the first one ended."""
    known = outcome.facts
    booked = "paid" in known
    data = {
        "paymentFlagStatus": "00" if booked else "01",
        "paymentFlagReason": _reason(outcome.case),
        **asked.account.as_json(),
        "virtualAccountName": known.get("name", ""),
        "paymentRequestId": asked.request_id,
        "paidAmount": write_amount(known.get("paid", asked.amount)),
        "trxDateTime": write_time(asked.transacted_at) if asked.transacted_at else "",
        "referenceNo": asked.reference,
        "flagAdvise": "Y" if asked.advice else "N",
    }
    if booked:
        data["billDetails"] = [_bill(known, known["paid"]) | {"status": "00", "reason": _reason(Case.SUCCESS)}]
    return _answer(Service.PAYMENT, outcome.case, data)


def answer_status(asked: StatusQuestion, outcome: Outcome) -> JSON:
    """The body of the answer to a question about a payment."""
    known = outcome.facts
    data = {**asked.account.as_json(), "inquiryRequestId": asked.request_id, "paymentRequestId": asked.request_id}
    if outcome.case is Case.SUCCESS:
        data |= {
            "paymentFlagStatus": "00",
            "paymentFlagReason": _reason(Case.SUCCESS),
            "paidAmount": write_amount(known["paid"]),
            "referenceNo": known["reference"],
            "transactionDate": known["booked_at"],
            "billDetails": [_bill(known, known["paid"]) | {"status": "00"}],
        }
    return _answer(Service.STATUS, outcome.case, data)


def answer_error(service: int, error: SnapError) -> JSON:
    """The body of a refusal before any bill was looked at."""
    return {"responseCode": error.case.code(service), "responseMessage": error.message}


def _answer(service: Service, case: Case, data: JSON) -> JSON:
    return {"responseCode": case.code(service), "responseMessage": case.message, "virtualAccountData": data}


def _reason(case: Case) -> JSON:
    english = "Success" if case is Case.SUCCESS else case.message
    return {"english": english, "indonesia": case.reason}


def _bill(known: JSON, amount: int) -> JSON:
    """One bill; the standard bounds its number at 18 characters, its words at 18 and its name at 20."""
    month = known["month"]  # "2026-01"
    return {
        "billCode": "01",
        "billNo": known["number"][:18],
        "billName": f"Iuran {month}",
        "billShortName": month,
        "billDescription": {"english": f"Contrib. {month}", "indonesia": f"Iuran {month}"},
        "billAmount": write_amount(amount),
    }


def utc_now() -> datetime:
    """The machine's time: signatures expire by the wall clock, also in a demonstration with a date of its own."""
    return datetime.now(UTC)
