"""A small bank of ours that calls Lindung over HTTP as a bank by SNAP does: with its own key, its own book, and with
everything that goes wrong between two machines. Knows nothing of our database."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from lindung.banking.messages import Account, utc_now, write_amount, write_time
from lindung.banking.signature import (
    body_digest,
    sign_with_key,
    sign_with_secret,
    token_string,
    transaction_string,
)

BASE = "/bank/snap/v1.0"
TOKEN, INQUIRY, PAYMENT, STATUS = (
    f"{BASE}/access-token/b2b",
    f"{BASE}/transfer-va/inquiry",
    f"{BASE}/transfer-va/payment",
    f"{BASE}/transfer-va/status",
)
RENEW_AFTER_SECONDS = 600
JSON = dict[str, Any]


@dataclass(frozen=True)
class Credentials:
    """What a bank and we exchanged."""

    client_id: str
    partner_code: str
    service_id: str
    secret: str
    key: RSAPrivateKey


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: nobody answered, so the bank does not know how it ended."""

    status: int
    body: JSON
    seconds: float

    @property
    def code(self) -> str:
        return str(self.body.get("responseCode", "")) or f"HTTP {self.status}"

    @property
    def booked(self) -> bool:
        """Whether the bank may count the payment as booked; the standard takes an inconsistent repetition for that."""
        return self.code in {"2002500", "4042518"}


@dataclass
class TestBank:
    """Each thread keeps a connection of its own open. `clock` is what the bank believes to be the time."""

    __test__ = False  # pytest: no test class

    url: str
    credentials: Credentials
    clock: Callable[[], datetime] = utc_now
    timeout: float = 10
    _local: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _token: tuple[str, float] = ("", 0)
    _numbers: Any = field(default_factory=lambda: count(time.time_ns() // 1000))

    def number(self) -> str:
        """A new X-EXTERNAL-ID."""
        with self._lock:
            return str(next(self._numbers))

    def account(self, payment_code: str) -> JSON:
        return Account(self.credentials.service_id, payment_code).as_json()

    def inquire(self, payment_code: str, request_id: str, **more: Any) -> Answer:
        return self.call(INQUIRY, self.account(payment_code) | {"inquiryRequestId": request_id}, **more)

    def pay(self, payment_code: str, request_id: str, rupiah: int, *, advice: bool = False, **more: Any) -> Answer:
        """Tell of a payment; told again after silence, with `advice`, under a new number of its own."""
        return self.call(PAYMENT, self.payment_body(payment_code, request_id, rupiah, advice), **more)

    def payment_body(self, payment_code: str, request_id: str, rupiah: int, advice: bool = False) -> JSON:
        return self.account(payment_code) | {
            "paymentRequestId": request_id,
            "channelCode": 6011,
            "paidAmount": write_amount(rupiah),
            "trxDateTime": write_time(self.clock()),
            "referenceNo": request_id[-15:],
            "flagAdvise": "Y" if advice else "N",
        }

    def ask_status(self, payment_code: str, request_id: str) -> Answer:
        return self.call(STATUS, self.account(payment_code) | {"paymentRequestId": request_id})

    def call(
        self,
        path: str,
        body: JSON,
        *,
        number: str = "",
        moment: datetime | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Sign and send; `headers` replace what would be right, for messages that shall be refused."""
        text = json.dumps(body, separators=(",", ":")).encode()
        token, stamp = self.token(), write_time(moment or self.clock())
        signed = transaction_string("POST", path, token, body_digest(text), stamp)
        return self.send(
            path,
            text,
            {
                "Authorization": f"Bearer {token}",
                "X-TIMESTAMP": stamp,
                "X-SIGNATURE": sign_with_secret(self.credentials.secret, signed),
                "X-PARTNER-ID": self.credentials.partner_code,
                "X-EXTERNAL-ID": number or self.number(),
                "CHANNEL-ID": "95221",
                **(headers or {}),
            },
        )

    def token(self) -> str:
        """The access token, renewed before it ends. Raises ConnectionError when it cannot be had."""
        with self._lock:
            token, until = self._token
            if time.monotonic() < until:
                return token
            answer = self.ask_token()
            if answer.status == 0:
                raise ConnectionError(f"nobody answers at {self.url}")
            if answer.code != "2007300":
                raise ConnectionError(f"no access token: {answer.code} {answer.body.get('responseMessage', '')}")
            self._token = (answer.body["accessToken"], time.monotonic() + RENEW_AFTER_SECONDS)
            return self._token[0]

    def ask_token(self, moment: datetime | None = None, headers: dict[str, str] | None = None) -> Answer:
        stamp = write_time(moment or self.clock())
        signed = token_string(self.credentials.client_id, stamp)
        return self.send(
            TOKEN,
            b'{"grantType":"client_credentials"}',
            {
                "X-CLIENT-KEY": self.credentials.client_id,
                "X-TIMESTAMP": stamp,
                "X-SIGNATURE": sign_with_key(self.credentials.key, signed),
                **(headers or {}),
            },
        )

    def send(self, path: str, text: bytes, headers: dict[str, str]) -> Answer:
        """One request over this thread's connection."""
        started = time.perf_counter()
        try:
            connection = self._connection()
            connection.request("POST", path, text, headers | {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._drop()
            return Answer(0, {}, time.perf_counter() - started)
        try:
            body = json.loads(content)
        except ValueError:
            body = {}
        return Answer(response.status, body, time.perf_counter() - started)

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is None:
            parts = urlsplit(self.url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            kept = self._local.connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=self.timeout)
        return kept

    def _drop(self) -> None:
        kept = getattr(self._local, "connection", None)
        if kept is not None:
            kept.close()
            self._local.connection = None


@dataclass
class Line:
    """One kind of message and what was answered to it."""

    what: str
    expected: tuple[str, ...]
    answers: list[Answer] = field(default_factory=list)

    @property
    def codes(self) -> Counter[str]:
        return Counter(answer.code for answer in self.answers)

    @property
    def as_expected(self) -> bool:
        return bool(self.answers) and set(self.codes) <= set(self.expected)

    def milliseconds(self, share: float) -> float:
        """The time within which this share of the answers came."""
        times = sorted(answer.seconds for answer in self.answers)
        return 1000 * times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def drive(bank: TestBank, payment_codes: Sequence[str], seed: int = 1, threads: int = 4) -> list[Line]:
    """A bank's day in small with these accounts, each of an unpaid bill: asks, pays, repeats a fifth, tells late, in
    the wrong order and several times at once, and signs wrongly. Pays every one of them. The order of the lines is the
    order of the day."""
    run = f"{time.time_ns():x}"
    book: dict[str, tuple[str, int]] = {}  # payment code: the bank's own number, rupiah
    closed = False

    asked = Line("inquiry", ("2002400",))
    for code in payment_codes:
        book[code] = (f"{run}{code}", 0)
        answer = bank.inquire(code, book[code][0])
        asked.answers.append(answer)
        if answer.code == "2002400":
            value = answer.body["virtualAccountData"]["totalAmount"]["value"]
            book[code] = (book[code][0], int(value[:-3]))
            closed = answer.body["virtualAccountData"]["virtualAccountTrxType"] == "C"
    payable = [code for code, (_, rupiah) in book.items() if rupiah]
    Random(seed).shuffle(payable)  # not in the order they were asked in
    return [asked, *_refused(bank, payable, book, closed), *_paid(bank, payable, book, threads)]


def _refused(bank: TestBank, codes: list[str], book: dict[str, tuple[str, int]], closed: bool) -> list[Line]:
    """Before anything is paid: messages that must not book anything."""
    wrong_secret = {"X-SIGNATURE": sign_with_secret("not the secret", "text")}
    lines = [
        Line("payment, wrong signature", ("4012500",)),
        Line("payment, 10 minutes old", ("4012500",)),
        Line("payment, wrong token", ("4012501",)),
        Line("payment, another amount", ("4042513",)),
        Line("payment, unknown bill", ("4042512",)),
        Line("access token, wrong key", ("4017300",)),
    ]
    for code in codes[:3]:
        request_id, rupiah = book[code]
        lines[0].answers.append(bank.pay(code, request_id, rupiah, headers=wrong_secret))
        lines[1].answers.append(bank.pay(code, request_id, rupiah, moment=bank.clock() - timedelta(minutes=10)))
        lines[2].answers.append(bank.pay(code, request_id, rupiah, headers={"Authorization": "Bearer x"}))
        if closed:
            lines[3].answers.append(bank.pay(code, f"{request_id}a", rupiah + 1))
    for code in codes[:1]:
        lines[4].answers.append(bank.pay(_misread(code), f"{book[code][0]}u", book[code][1]))
    lines[5].answers.append(bank.ask_token(headers=wrong_secret))
    return [line for line in lines if line.answers]


def _misread(code: str) -> str:
    """The code with its last digit wrong, as a customer types it."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def _paid(bank: TestBank, codes: list[str], book: dict[str, tuple[str, int]], threads: int) -> list[Line]:
    paid = Line("payment", ("2002500",))
    repeated = Line("same message again", ("2002500",))
    late = Line("advice under a new number", ("2002500",))
    crowd = Line(f"{threads} times at once", ("2002500",))
    first_advice = Line("advice before any payment", ("2002500",))
    conflict = Line("other content, same number", ("4092500",))
    inconsistent = Line("other amount, same request", ("4042518",))
    twice = Line("second payment of a paid bill", ("4042514",))
    status = Line("status", ("2002600",))
    with ThreadPoolExecutor(threads) as pool:
        for place, code in enumerate(codes):
            request_id, rupiah = book[code]
            if place % 10 == 8:
                crowd.answers += pool.map(lambda _: bank.pay(code, request_id, rupiah), range(threads))  # noqa: B023
                continue
            if place % 10 == 9:
                first_advice.answers.append(bank.pay(code, request_id, rupiah, advice=True))
                continue
            number, body = bank.number(), bank.payment_body(code, request_id, rupiah)
            paid.answers.append(bank.call(PAYMENT, body, number=number))
            if place % 5 == 0:
                repeated.answers.append(bank.call(PAYMENT, body, number=number))
                late.answers.append(bank.pay(code, request_id, rupiah, advice=True))
                conflict.answers.append(bank.pay(code, f"{request_id}c", rupiah, number=number))
                inconsistent.answers.append(bank.pay(code, request_id, rupiah + 1))
    for code in codes[:3]:
        request_id, rupiah = book[code]
        twice.answers.append(bank.pay(code, f"{request_id}t", rupiah))
        status.answers.append(bank.ask_status(code, request_id))
    lines = [paid, repeated, late, crowd, first_advice, conflict, inconsistent, twice, status]
    return [line for line in lines if line.answers]
