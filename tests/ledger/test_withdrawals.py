"""JHT is taken out: what the law gives, by two officers, never more than stands, and into the books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from world import World, make_people, make_user

from lindung import law
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.models import Installation
from lindung.ledger import actions
from lindung.ledger.entitlement import entitlement
from lindung.ledger.jht import jht_statement
from lindung.ledger.models import JhtMovement, JhtPayment, Proposal
from lindung.ledger.withdrawing import FILE, PAY
from lindung.membership.actions import end_membership, enrol
from lindung.membership.models import Membership
from lindung.people.actions import record_death, register_people
from lindung.web.roles import ROLES

from .conftest import KEEPER, balance, check_now

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 27)
SAVED = 60_000_000
PAYEE = actions.Payee("Siti Aminah", "Bank Kalbar", "1001 234567")
PAPERS = "KTP dan surat keterangan berhenti"
RIGHTS = KEEPER | {FILE, PAY}


@pytest.fixture
def day(world: World) -> Iterator[None]:
    Installation.objects.update(business_date=TODAY)
    return None


@pytest.fixture
def officers(day: None) -> tuple[Actor, Actor]:
    one, two = (
        Actor(make_user(name, "regency_officer", [0]).pk, name, "regency_officer", RIGHTS, EVERYWHERE)
        for name in ("pengaju", "penyetuju")
    )
    return one, two


@pytest.fixture
def member(world: World) -> int:
    """A worker's account with sixty million; the work ended on 10 January 2026."""
    with acting_as(SYSTEM):
        people = make_people(1).with_columns(place_id=world.village)
        known = register_people(SYSTEM, people).join(people.select("nik", "place_id"), on="nik")
        enrol(SYSTEM, known, "PU", date(2024, 1, 1), world.company.pk)
        (membership,) = Membership.objects.all()
        end_membership(SYSTEM, membership.pk, date(2026, 1, 11), "berhenti bekerja")
    save(membership.pk, SAVED)
    return int(membership.pk)


def save(membership_id: int, amount: int, name: str = "iuran") -> None:
    JhtMovement.objects.create(
        membership_id=membership_id, dated=date(2025, 12, 15), kind="contribution", amount=amount, source=name
    )


def file(actor: Actor, membership_id: int, reason: str = "resignation", **more: Any) -> Proposal:
    with acting_as(actor):
        return actions.propose_withdrawal(actor, membership_id, reason, PAYEE, PAPERS, **more)


def approve(actor: Actor, proposal: Proposal) -> None:
    with acting_as(actor):
        actions.decide(actor, proposal.pk, "approved", "")


def taken(membership_id: int) -> list[int]:
    return list(
        JhtMovement.objects.filter(membership_id=membership_id, kind="withdrawal").values_list("amount", flat=True)
    )


def test_the_whole_balance_after_leaving_work(officers: tuple[Actor, Actor], member: int) -> None:
    first, second = officers
    tax = law.result_of("jht_tax", TODAY, {"amount": SAVED, "years_since_first_payment": 0, "paid_before": 0})
    asked = file(first, member)
    assert (asked.content["amount"], asked.content["tax"], asked.content["net"]) == (SAVED, tax["tax"], tax["net"])
    assert tax["tax"] == 500_000, "5% of what is above fifty million (PP 68/2009)"
    assert taken(member) == [], "nothing moves before the second officer"
    with acting_as(first), pytest.raises(Conflict, match="sendiri"):
        actions.decide(first, asked.pk, "approved")
    approve(second, asked)
    approve(second, asked)
    assert taken(member) == [-SAVED]
    with acting_as(second):
        assert jht_statement(member).balance == 0
    assert [balance(code) for code in ("2103", "2401", "2402", "1101")] == [SAVED, -tax["net"], -tax["tax"], 0]
    with acting_as(first):
        with pytest.raises(InvalidInput):
            actions.confirm_jht_payment(first, asked.pk, date(2026, 2, 26), "TRX-1")
        paid = actions.confirm_jht_payment(first, asked.pk, TODAY, "TRX-1")
        assert actions.confirm_jht_payment(first, asked.pk, TODAY, "TRX-1") == paid
        with pytest.raises(Conflict):
            actions.confirm_jht_payment(first, asked.pk, TODAY, "TRX-2")
    assert [balance(code) for code in ("2103", "2401", "2402", "1101")] == [SAVED, 0, -tax["tax"], -tax["net"]]
    check_now()
    with pytest.raises(InvalidInput, match="Rp0"):
        file(first, member)


def test_what_was_returned_is_not_paid(officers: tuple[Actor, Actor], member: int) -> None:
    first, second = officers
    asked = file(first, member)
    with pytest.raises(Conflict):
        file(first, member)
    with acting_as(second):
        actions.decide(second, asked.pk, "returned", "surat keterangan belum jelas")
    with acting_as(first), pytest.raises(NotFound):
        actions.confirm_jht_payment(first, asked.pk, TODAY, "TRX-1")
    assert taken(member) == []
    assert file(first, member).pk != asked.pk


def test_the_law_says_when(officers: tuple[Actor, Actor], member: int) -> None:
    first, _second = officers
    Installation.objects.update(business_date=date(2026, 2, 5))
    with pytest.raises(Conflict, match="10 Februari 2026"):
        file(first, member)
    Installation.objects.update(business_date=TODAY)
    with pytest.raises(Conflict, match="dapat diambil mulai"):
        file(first, member, "partial_other")  # a member for two years, not ten
    with pytest.raises(Conflict, match="tidak dapat diambil"):
        file(first, member, "leaving_indonesia")  # a citizen
    with pytest.raises(Conflict, match="belum tercatat"):
        file(first, member, "death")
    with pytest.raises(InvalidInput):
        file(first, member, "lottery")


def test_whoever_works_still_takes_a_part_once(officers: tuple[Actor, Actor], world: World, member: int) -> None:
    first, second = officers
    with acting_as(SYSTEM):
        person = Membership.objects.get().person
        known = register_people(SYSTEM, make_people(1).with_columns(place_id=world.village))
        enrol(SYSTEM, known.with_columns(place_id=person.place_id), "BPU", date(2015, 8, 1))
    working = Membership.objects.get(segment="BPU").pk
    save(working, 10_000_001)
    with pytest.raises(Conflict, match="masih aktif"):
        file(first, working)
    with pytest.raises(InvalidInput, match=r"1\.000\.000"):
        file(first, working, "partial_other", asked=1_000_001)
    approve(second, file(first, working, "partial_other", asked=900_000))
    assert taken(working) == [-900_000]
    with pytest.raises(Conflict, match="tidak dapat diambil"):
        file(first, working, "partial_housing")
    # What is taken of any account within two years is taxed together.
    with acting_as(first):
        assert entitlement(member, "resignation").tax == (SAVED + 900_000 - 50_000_000) * 5 // 100


def test_after_a_death_it_is_the_heirs(officers: tuple[Actor, Actor], member: int) -> None:
    first, _second = officers
    person_id = Membership.objects.get(pk=member).person_id
    with acting_as(SYSTEM):
        record_death(SYSTEM, person_id, date(2026, 2, 1), "akta")
    with pytest.raises(Conflict, match="tercatat meninggal"):
        file(first, member)
    asked = file(first, member, "death")
    assert asked.content["to_heirs"] and asked.content["amount"] == SAVED


def test_what_changed_since_it_was_filed_is_filed_again(officers: tuple[Actor, Actor], member: int) -> None:
    first, second = officers
    asked = file(first, member)
    save(member, 1_000, "iuran-2")
    with pytest.raises(Conflict, match="berubah"):
        approve(second, asked)
    assert taken(member) == []


def test_postgresql_keeps_four_eyes_and_the_balance(officers: tuple[Actor, Actor], member: int) -> None:
    first, second = officers
    with pytest.raises(Error, match="second officer"), transaction.atomic():
        withdraw(member, -1, "usul:1")
    asked = file(first, member)
    with pytest.raises(Error, match="second officer"), transaction.atomic():
        withdraw(member, -SAVED, f"usul:{asked.pk}")
    # Approved, but meanwhile the account has less.
    JhtMovement.objects.create(
        membership_id=member, dated=TODAY, kind="correction", amount=-1, source="iuran:2025-12:2"
    )
    with connection.cursor() as cursor, pytest.raises(Error, match="no more than was credited"), transaction.atomic():
        cursor.execute(
            "INSERT INTO ledger_verdict (proposal_id, proposed_by_id, decided_by_id, outcome, reason, decided_at)"
            " VALUES (%s, %s, %s, 'approved', '', now())",
            [asked.pk, first.user_id, second.user_id],
        )
        withdraw(member, -SAVED, f"usul:{asked.pk}")


def withdraw(membership_id: int, amount: int, source: str) -> None:
    JhtMovement.objects.create(
        membership_id=membership_id, dated=TODAY, kind="withdrawal", amount=amount, source=source
    )


def test_postgresql_pays_what_was_taken_out_and_no_more(officers: tuple[Actor, Actor], member: int) -> None:
    first, second = officers
    asked = file(first, member)
    approve(second, asked)
    with pytest.raises(Error, match="less the tax"), transaction.atomic():
        JhtPayment.objects.create(
            verdict_id=asked.pk, paid_on=TODAY, amount=SAVED, bank_reference="TRX", confirmed_by="uji"
        )


def test_who_may(officers: tuple[Actor, Actor], member: int) -> None:
    first, _second = officers
    reader = replace(first, permissions=frozenset({"ledger.view_member"}))
    with pytest.raises(NotAllowed):
        file(reader, member)
    with acting_as(reader), pytest.raises(NotAllowed):
        actions.confirm_jht_payment(reader, 1, TODAY, "x")
    assert FILE in ROLES["branch_verifier"].permissions and FILE not in ROLES["branch_approver"].permissions
    assert PAY in ROLES["branch_finance"].permissions and PAY not in ROLES["branch_approver"].permissions


def test_the_pages(world: World, day: None, member: int) -> None:
    verifier, approver, finance = (browser(role) for role in ("branch_verifier", "branch_approver", "branch_finance"))
    account, page = f"/buku-besar/jht/{member}", f"/buku-besar/jht/{member}/ambil"
    assert "Ambil JHT" in verifier.get(account).content.decode()
    assert approver.get(page).status_code == 403
    said = {"reason": "resignation", "npwp": "on", "name": "Siti", "bank": "Bank Kalbar", "account": "1001234567",
            "note": PAPERS}  # fmt: skip
    shown = verifier.post(page, said).content.decode()
    assert "Rp59.500.000" in shown and not Proposal.objects.exists()
    assert verifier.post(page, said | {"reason": "death"}).status_code == 422
    assert verifier.post(page, said | {"confirmed": "1"}).status_code == 302
    asked = Proposal.objects.get()
    assert "1001234567" not in str(asked.content)
    address = f"/buku-besar/usul/{asked.pk}"
    assert "···4567" in approver.get(address).content.decode()
    assert approver.post(f"{address}/approved").status_code == 302
    assert "Catat pembayaran bank" in finance.get(address).content.decode()
    paid = {"paid_on": TODAY.isoformat(), "bank_reference": "TRX-9"}
    assert finance.post(f"{address}/bayar", paid | {"paid_on": "2026-03-01"}).status_code == 422
    assert finance.post(f"{address}/bayar", paid).status_code == 302
    assert "TRX-9" in finance.get(address).content.decode()


def browser(role: str) -> Client:
    client = Client()
    client.force_login(make_user(f"uji-{role}", role, [0]))
    return client
