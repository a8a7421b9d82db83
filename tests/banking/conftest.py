"""A bank of the test's own, calling in this process, and bills that it can pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from threading import current_thread, main_thread
from time import perf_counter

import pytest
from contributions.conftest import register
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.test import Client
from world import World, make_payer, make_world

from lindung.banking import access, actions
from lindung.banking.models import BankPartner
from lindung.banking.testbank import Answer, Credentials, TestBank
from lindung.contributions.actions import at_price, issue_bill, plan_person_months
from lindung.contributions.billing import payment_code
from lindung.contributions.models import Bill
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as

TREASURER = Actor(1, "Uji", "regency_officer", frozenset({"banking.manage", "banking.view"}), EVERYWHERE)
DUE = 16_800
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture(scope="session")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def pem_of(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass
class Bank(TestBank):
    """The test bank without a network."""

    partner: BankPartner = field(kw_only=True)

    def send(self, path: str, text: bytes, headers: dict[str, str]) -> Answer:
        started = perf_counter()
        named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        extra = {"REMOTE_ADDR": named.pop("HTTP_REMOTE_ADDR", "127.0.0.1")}
        kind = named.pop("HTTP_CONTENT_TYPE", "application/json")
        got = Client().post(path, text, content_type=kind, **named, **extra)
        if current_thread() is not main_thread():
            connection.close()
        return Answer(got.status_code, got.json(), perf_counter() - started)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    access.forget()
    access.REFUSED.forget()
    yield
    access.REFUSED.forget()


def make_bank(key: RSAPrivateKey, name: str = "Bank Uji", service_id: str = "88899", **more: object) -> Bank:
    with acting_as(TREASURER):
        partner, secret = actions.add_partner(TREASURER, name, service_id, pem_of(key), **more)  # type: ignore[arg-type]
    given = Credentials(partner.client_id, partner.partner_code, partner.service_id, secret, key)
    return Bank("http://in-process", given, partner=partner)


def make_bills(world: World, payers: int = 1, months: tuple[date, ...] = (JAN,)) -> list[int]:
    """Issued bills of Rp16.800, one per payer and month, by payer and then by month."""
    priced = at_price(register(payers), 1_000_000, jkk=10_000, jkm=6_800)
    for row in range(payers):
        payer = make_payer(f"BANK{row:04d}", "village", f"Desa Bayar {row}")
        with acting_as(SYSTEM):
            plan_person_months(SYSTEM, payer.pk, list(months), priced[row : row + 1], "self:1")
            for bill in Bill.objects.filter(payer=payer).order_by("month"):
                issue_bill(SYSTEM, bill.pk)
    return list(
        Bill.objects.filter(payer__npp__startswith="BANK").order_by("payer__npp", "month").values_list("pk", flat=True)
    )


def code_of(bill_id: int) -> str:
    return payment_code(bill_id)


def booked(bill_id: int) -> tuple[int, int]:
    """How many payments the bill got, and of how many rupiah."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(amount), 0)::bigint FROM contributions_settlement WHERE bill_id = %s",
            [bill_id],
        )
        row: tuple[int, int] = cursor.fetchone()
    return row


@pytest.fixture
def bank(db: None, key: RSAPrivateKey) -> Bank:
    make_world()
    return make_bank(key)


@pytest.fixture
def bill(bank: Bank) -> int:
    return make_bills(make_world())[0]
