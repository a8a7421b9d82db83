"""The pages and the API of the books, as officers use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook
from world import World, make_people, make_user

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.models import AccessEntry, User
from lindung.ledger import actions
from lindung.ledger.models import Entry, PeriodClose, Proposal
from lindung.ledger.queries import fund_statements, payer_balances
from lindung.membership.actions import enrol
from lindung.people.actions import register_people
from lindung.web.roles import ROLES
from lindung.web.tokens import make_token

from .conftest import FEB, JAN, KEEPER, MAR

TODAY = date(2026, 4, 10)


@pytest.fixture(autouse=True)
def _keepers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ledger.deciding", "ledger.queries", "ledger.views", "ledger.crediting", "ledger.jht"):
        monkeypatch.setattr(f"lindung.{name}.today", lambda: TODAY)
    role = ROLES["regency_officer"]
    monkeypatch.setitem(ROLES, "regency_officer", replace(role, permissions=role.permissions | KEEPER))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def first(world: World) -> Client:
    return signed_in(world.user("regency_officer"))


@pytest.fixture
def second(world: World) -> Client:
    return signed_in(make_user("kedua", "regency_officer", [world.regency]))


@pytest.fixture
def books(payer: int) -> int:
    """Two bills, one paid; a benefit; a return. The number of the first entry."""
    with acting_as(SYSTEM):
        entry = actions.post(
            SYSTEM, JAN, "bill", "bill:1",
            [("1201", 1000, payer), ("4101", -200, None), ("4102", -100, None), ("2102", -700, None)],
        )  # fmt: skip
        actions.post(SYSTEM, FEB, "payment", "payment:1", [("1101", 1000, None), ("2201", -1000, payer)])
        actions.post(
            SYSTEM, FEB, "settlement", "bill:1",
            [("2201", 1000, payer), ("1201", -1000, payer), ("2102", 700, None), ("2101", -700, None)],
        )  # fmt: skip
        actions.post(SYSTEM, FEB, "benefit", "decision:1", [("5102", 60, None), ("2401", -60, None)])
        actions.post(SYSTEM, FEB, "journal", "proposal:0", [("1101", 30, None), ("4311", -30, None)])
        actions.post(SYSTEM, FEB, "jht_interest", "interest:2025", [("5105", 40, None), ("2101", -40, None)])
    return entry.entry_id


@pytest.fixture
def member(world: World) -> int:
    """A membership with a JHT account of one deposit."""
    with acting_as(SYSTEM):
        people = make_people(1)
        known = register_people(SYSTEM, people).join(people.select("nik", "place_id"), on="nik")
        enrol(SYSTEM, known, "BPU", date(2018, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source)"
            " SELECT id, '2018-01-05', 'contribution', 1200000, 'bill:1' FROM membership_membership RETURNING 1"
        )
        cursor.execute("SELECT id FROM membership_membership")
        return int(cursor.fetchone()[0])


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return str(answer.content.decode())


def test_the_trial_balance_leads_down_to_the_entry(books: int, first: Client) -> None:
    page = text(first.get(reverse("ledger:trial_balance"), {"month": "2026-02"}))
    assert "Rp1.030" in page
    account = text(first.get(reverse("ledger:account", args=["1201"]), {"month": "2026-01"}))
    entry = reverse("ledger:entry", args=[books])
    assert entry in account
    assert "Iuran JKK" in text(first.get(entry))
    file = first.get(reverse("ledger:trial_balance"), {"month": "2026-02", "format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert ["1101", "Bank", "Aset", 0, 1030, 0, 1030] in sheet
    assert "bill:1" in text(first.get(reverse("ledger:entries"), {"q": "bill:1"}))
    text(first.get(reverse("ledger:account", args=["77"])), 404)


def test_funds_say_what_they_were_took_in_and_gave(books: int, first: Client, payer: int) -> None:
    funds = {row.programme: row for row in fund_statements(FEB, MAR)}
    jkk, jkm, jht = funds["JKK"], funds["JKM"], funds["JHT"]
    assert (jkk.opening, jkk.contributions, jkk.returns, jkk.closing) == (200, 0, 30, 230)
    assert (jkm.opening, jkm.benefits, jkm.closing) == (100, 60, 40)
    assert (jht.opening, jht.contributions, jht.benefits, jht.closing) == (0, 700, 0, 700)
    assert payer_balances(payer) == {"1201": 0, "2201": 0}
    assert "Rp230" in text(first.get(reverse("ledger:funds"), {"year": "2026"}))


def test_two_officers_close_a_month(books: int, first: Client, second: Client) -> None:
    assert "Periksa dan tutup" in text(first.get(reverse("ledger:periods")))
    address = reverse("ledger:close", args=["2026-01"])
    assert "Rp1.000" in text(first.get(address))
    assert "masih terbuka" in text(first.post(reverse("ledger:close", args=["2026-02"]), {"reason": "Cocok."}))
    first.post(address, {"reason": "Semua cocok."})
    proposal = Proposal.objects.get()
    approve = reverse("ledger:decide", args=[proposal.pk, "approved"])
    text(first.post(approve), 409)
    assert approve not in text(first.get(reverse("ledger:proposal", args=[proposal.pk])))
    assert approve in text(second.get(reverse("ledger:proposal", args=[proposal.pk])))
    second.post(approve)
    assert PeriodClose.objects.get().month == JAN
    assert "Ditutup" in text(first.get(reverse("ledger:periods")))
    for wrong in ("2026-1", "2026-13", "apa"):
        assert first.get(reverse("ledger:close", args=[wrong])).status_code in (404, 422)


def test_a_journal_is_typed_and_approved(books: int, first: Client, second: Client) -> None:
    lines = {"lines-TOTAL_FORMS": "6", "lines-INITIAL_FORMS": "0"}
    lines |= {"lines-0-account": "1101", "lines-0-debit": "5.000", "lines-1-account": "4312"}
    head = {"dated": "2026-03-31", "reason": "Bunga deposito."}
    address = reverse("ledger:new_journal")
    assert "harus sama" in text(first.post(address, head | lines | {"lines-1-credit": "4.999"}))
    assert "Isi debit atau kredit" in text(first.post(address, head | lines | {"lines-0-credit": "1"}))
    assert "tidak terbaca" in text(first.post(address, head | lines | {"lines-1-credit": "banyak"}))
    first.post(address, head | lines | {"lines-1-credit": "5.000"})
    proposal = Proposal.objects.get()
    assert "Rp5.000" in text(second.get(reverse("ledger:proposal", args=[proposal.pk])))
    second.post(reverse("ledger:decide", args=[proposal.pk, "approved"]))
    assert Entry.objects.filter(source=f"proposal:{proposal.pk}", dated="2026-03-31").exists()


def test_a_year_is_credited_from_its_page(member: int, first: Client, second: Client) -> None:
    page = text(first.get(reverse("ledger:jht_years")))
    assert "6,26%" in page
    assert "Catat keputusan direksi" in page
    assert first.post(reverse("ledger:credit", args=[2018])).status_code == 302
    text(first.post(reverse("ledger:credit", args=[2026])), 409)
    address = reverse("ledger:propose_rate", args=[2023])
    assert "tiga desimal" in text(first.post(address, {"percent": "x", "citation": "SK 1"}))
    first.post(address, {"percent": "5,58", "citation": "SK Direksi 1/2024"})
    assert "5,580%" in text(second.get(reverse("ledger:proposal", args=[Proposal.objects.get().pk])))


def test_a_member_s_statement_explains_itself(member: int, first: Client) -> None:
    assert "Rp1.200.000" in text(first.get(reverse("ledger:jht_accounts")))
    with acting_as(SYSTEM):
        actions.credit_jht(SYSTEM, 2018)
    page = text(first.get(reverse("ledger:jht_account", args=[member])))
    for said in ("Rp75.120", "6,26%", "PP 46/2015 Pasal 27", "dikreditkan", "2021, 2022"):
        assert said in page
    paper = first.get(reverse("ledger:jht_account_pdf", args=[member]))
    assert paper.content.startswith(b"%PDF")
    assert AccessEntry.objects.filter(purpose="jht statement").count() == 2


def test_a_member_elsewhere_is_not_found(member: int, world: World) -> None:
    elsewhere = signed_in(make_user("jauh", "regency_officer", [world.regency - 200_000_000]))
    text(elsewhere.get(reverse("ledger:jht_account", args=[member])), 404)
    assert "Rp1.200.000" not in text(elsewhere.get(reverse("ledger:jht_accounts")))


def test_the_api_says_the_same(books: int, member: int, world: World) -> None:
    token = make_token(world.officer, world.user("regency_officer"), "uji")
    head = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    client = Client()
    accounts = client.get("/api/v1/ledger/trial-balance/2026-02", **head).json()
    assert next(row for row in accounts if row["code"] == "1101")["closing"] == 1030
    assert client.get(f"/api/v1/ledger/entries/{books}", **head).json()["lines"][0]["debit"] == 1000
    funds = client.get("/api/v1/ledger/funds/2026-02/2026-03", **head).json()
    assert {row["programme"]: row["closing"] for row in funds}["JKK"] == 230
    jht = client.get(f"/api/v1/ledger/jht/{member}?on=2018-12-31", **head).json()
    assert (jht["balance"], jht["accrued"], jht["total"]) == (1_200_000, 75_120, 1_275_120)
    asked = client.post(
        "/api/v1/ledger/periods", {"month": "2026-01", "reason": "Cocok."}, content_type="application/json", **head
    ).json()
    verdict = f"/api/v1/ledger/proposals/{asked['id']}/verdict"
    assert client.post(verdict, {"outcome": "approved"}, content_type="application/json", **head).status_code == 409


def test_without_the_right_there_is_no_page(books: int, member: int, world: World) -> None:
    client = signed_in(world.user("village_operator"))
    for name, arguments in (
        ("trial_balance", []), ("entries", []), ("funds", []), ("periods", []), ("entry", [books]),
        ("jht_accounts", []), ("jht_account", [member]), ("jht_account_pdf", [member]), ("new_journal", []),
    ):  # fmt: skip
        text(client.get(reverse(f"ledger:{name}", args=arguments)), 403)
