"""Agreeing with a bank: what is refused, what is kept, and what an officer sees of its messages."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.db import IntegrityError, transaction
from world import make_world

from lindung.banking import actions, queries
from lindung.banking.models import BankPartner
from lindung.core.actors import EVERYWHERE, Actor
from lindung.core.crypto import decrypt_text
from lindung.core.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from lindung.core.models import ActionEntry
from lindung.core.ui.tables import ListQuery

from .conftest import DUE, FEB, JAN, TREASURER, Bank, code_of, make_bank, make_bills, pem_of

STRANGER = Actor(2, "Tamu", "auditor", frozenset({"banking.view"}), EVERYWHERE)


def test_the_secret_is_shown_once_and_kept_encrypted(bank: Bank) -> None:
    kept = BankPartner.objects.get()
    assert bank.credentials.secret not in kept.secret and decrypt_text(kept.secret) == bank.credentials.secret
    entry = ActionEntry.objects.get(action="banking.add_partner")
    assert entry.after == {"name": "Bank Uji", "service_id": "88899"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"service_id": "12a"}, "service_id_format"),
        ({"service_id": "123456789"}, "service_id_format"),
        ({"public_pem": "kunci"}, "public_key_format"),
        ({"allowed_addresses": ["127.0.0.300"]}, "address_format"),
        ({"allowed_addresses": ["127.0.0.1/24"]}, "address_format"),
        ({"days_after_due": -1}, "days_after_due_range"),
    ],
)
def test_a_bank_with_a_slip_is_refused(db: None, key: RSAPrivateKey, changes: dict[str, object], code: str) -> None:
    good: dict[str, object] = {"name": "Bank", "service_id": "123", "public_pem": pem_of(key)}
    with pytest.raises(InvalidInput) as refused:
        actions.add_partner(TREASURER, **(good | changes))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not BankPartner.objects.exists()


def test_one_service_belongs_to_one_bank(bank: Bank, key: RSAPrivateKey) -> None:
    with pytest.raises(Conflict):
        make_bank(key, "Bank Lain", "88899")
    with pytest.raises(IntegrityError), transaction.atomic():
        BankPartner.objects.create(name="x", client_id="x", service_id="88899")
    with pytest.raises(IntegrityError), transaction.atomic():
        BankPartner.objects.create(name="x", client_id="x", service_id="88a")


def test_only_who_may_agrees_with_banks(bank: Bank, key: RSAPrivateKey) -> None:
    pk = bank.partner.pk
    for act in (
        lambda: actions.add_partner(STRANGER, "Bank", "1", pem_of(key)),
        lambda: actions.renew_secret(STRANGER, pk),
        lambda: actions.set_active(STRANGER, pk, False, "x"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_shutting_out_needs_a_reason_and_is_repeatable(bank: Bank) -> None:
    pk = bank.partner.pk
    with pytest.raises(InvalidInput):
        actions.set_active(TREASURER, pk, False, " ")
    with pytest.raises(NotFound):
        actions.set_active(TREASURER, pk + 1000, False, "Perjanjian berakhir")
    for _ in range(2):
        assert not actions.set_active(TREASURER, pk, False, "Perjanjian berakhir").active
    assert ActionEntry.objects.filter(action="banking.set_active").count() == 1


def test_an_officer_finds_every_message_and_its_outcome(bank: Bank) -> None:
    first, second = make_bills(make_world(), months=(JAN, FEB))
    bank.inquire(code_of(first), "p-1")
    bank.pay(code_of(first), "p-1", DUE)
    bank.pay(code_of(first), "p-1", DUE, advice=True)
    bank.pay(code_of(first), "p-2", DUE)
    bank.pay(code_of(second), "p-3", DUE - 1)
    bank.pay("123", "p-4", DUE)
    page = queries.messages_page(ListQuery())
    assert [row.outcome for row in page.rows] == ["12", "13", "14", "repeated", "booked", "asked"]
    found = {
        name: [row.request_id for row in queries.messages_page(ListQuery(filters={"outcome": name})).rows]
        for name in queries.OUTCOMES
    }
    assert found == {
        "booked": ["p-1"], "refused": ["p-4", "p-3", "p-2"], "repeated": ["p-1"], "inquiry": ["p-1"],
    }  # fmt: skip
    assert len(queries.messages_page(ListQuery(search="p-1")).rows) == 3
    assert queries.messages_page(ListQuery(filters={"bank": str(bank.partner.pk)}, search="p-9")).rows == []
    assert queries.payable_bills(10) == [second]


def test_the_page_shows_them(bank: Bank, bill: int, client: object) -> None:
    from django.test import RequestFactory

    from lindung.banking.pages import MessageList

    bank.pay(code_of(bill), "p-1", DUE)
    request = RequestFactory().get("/bank/")
    request.actor = STRANGER  # type: ignore[attr-defined]
    request.user = type("User", (), {"is_authenticated": True})()
    view = MessageList()
    view.setup(request)
    text = view.export(ListQuery())
    assert len(text) > 1000
    assert "Rp16.800" in str(view._lines(view.rows(ListQuery()).rows))
    with pytest.raises(DomainError):
        request.actor = Actor(3, "x", "x")  # type: ignore[attr-defined]
        MessageList.as_view()(request)


def test_the_test_bank_gets_a_new_secret_each_time(bank: Bank) -> None:
    from lindung.web.cli.bank import _credentials

    bank.partner.delete()
    first, second = _credentials(), _credentials()
    assert first.client_id == second.client_id and first.secret != second.secret
    kept = BankPartner.objects.get()
    assert decrypt_text(kept.secret) == second.secret and kept.name == "Bank Uji"
