"""Pages and API as people and programs use them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contributions.conftest import FEB, JAN, JKK, JKM, House
from lindung.contributions.models import Payment
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.models import AccessEntry
from lindung.people.actions import correct_death, record_death
from lindung.people.models import Person
from lindung.web.tokens import make_token

pytestmark = pytest.mark.django_db
DEC = date(2025, 12, 1)
LAPSED, FILTERED = ("Tidak aktif", "Meninggal"), 1  # the first is a choice of the filter as well


@pytest.fixture
def officer(house: House, client: Client) -> Client:
    client.force_login(house.world.user("regency_officer"))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def test_participants_show_name_masked_nik_payer_and_state(house: House, officer: Client) -> None:
    house.paid([DEC], house.people.head(3), on=date(2025, 12, 10))
    house.paid([FEB], house.people.tail(4))
    page = text(officer.get(reverse("contributions:participants")))
    person = Person.objects.get(pk=house.ids()[0])
    assert person.nik not in page
    assert f"{person.nik[:4]}********{person.nik[-4:]}" in page
    assert (page.count("Masa tenggang"), page.count("ribbon-small")) == (3 + 1, 12)
    assert house.agency.name in page


def test_a_dead_participant_is_not_told_to_be_inactive(house: House, officer: Client) -> None:
    house.paid([date(2025, 6, 1)], house.people.head(1), on=date(2025, 6, 10))
    person_id = house.ids()[0]
    with acting_as(SYSTEM):
        record_death(SYSTEM, person_id, date(2025, 11, 3), "uji")
    badges = [text(officer.get(reverse("contributions:participants"))).count(word) for word in LAPSED]
    with acting_as(SYSTEM):
        correct_death(SYSTEM, person_id, None, "uji", reason="salah orang")
    page = text(officer.get(reverse("contributions:participants")))
    assert badges == [0 + FILTERED, 1]
    assert [page.count(word) for word in LAPSED] == [1 + FILTERED, 0]


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({"status": "grace"}, 3),
        ({"status": "active"}, 4),
        ({"status": "registered"}, 5),
        ({"status": "inactive"}, 0),
        ({"payer": "agency"}, 7),
        ({"q": "name"}, 1),
        ({"q": "kpj"}, 1),
        ({"district": "first"}, 0),
    ],
)
def test_participants_are_found(house: House, officer: Client, filters: dict[str, str], rows: int) -> None:
    house.paid([DEC], house.people.head(3), on=date(2025, 12, 10))
    house.paid([FEB], house.people.tail(4))
    wanted = Person.objects.get(pk=house.ids()[0])
    Person.objects.filter(pk=wanted.pk).update(name="Zubaidah Xaveria", name_key="zubaidah xaveria")
    asked = {
        key: {
            "agency": str(house.agency.pk),
            "name": "zubaidah",
            "kpj": f"{wanted.pk:011d}",
            "first": str(house.world.districts[0]),
        }.get(value, value)
        for key, value in filters.items()
    }
    if "district" in filters:
        first = house.world.districts[0]
        rows = house.people.filter(house.people["place_id"].is_between(first, first + 9_999)).height
    page = text(officer.get(reverse("contributions:participants"), asked))
    assert page.count('data-url="/peserta/') == rows


def test_an_operator_sees_his_village_only(house: House, client: Client) -> None:
    client.force_login(house.world.user("village_operator"))
    page = text(client.get(reverse("contributions:participants")))
    mine = house.people.filter(house.people["place_id"] == house.world.village).height
    assert page.count('data-url="/peserta/') == mine
    assert client.get(reverse("contributions:bills")).status_code == 403


def test_a_bill_is_issued_and_paid_from_its_page(house: House, officer: Client) -> None:
    house.plan([JAN])
    bill = house.bill(JAN)
    address = reverse("contributions:bill", args=[bill.pk])
    assert "Terbitkan tagihan" in text(officer.get(address))
    officer.post(reverse("contributions:issue", args=[bill.pk]))
    page = text(officer.get(address))
    assert "TAG-2026-01-0001" in page
    assert "Lewat jatuh tempo" in page
    form = {"kind": "sp2d", "reference": "7/SP2D/2026", "paid_on": "2026-02-20", "amount": "201.600"}
    pay = reverse("contributions:pay", args=[bill.pk])
    wrong = text(officer.post(pay, form | {"amount": "200.000"}))
    assert "kurang Rp1.600 dari sisa tagihan Rp201.600" in wrong
    assert officer.post(pay, form).status_code == 302
    page = text(officer.get(address))
    assert "Tagihan lunas. Iuran 12 orang tercatat." in page
    assert "7/SP2D/2026" in page
    assert Payment.objects.count() == 1


def test_lines_come_as_excel(house: House, officer: Client) -> None:
    house.plan([JAN])
    answer = officer.get(reverse("contributions:bill", args=[house.bill(JAN).pk]), {"format": "xlsx"})
    assert answer.content[:2] == b"PK"


def test_only_who_may_pays(house: House, client: Client) -> None:
    house.plan([JAN])
    bill = house.bill(JAN)
    client.force_login(house.world.user("auditor"))
    assert "Terbitkan tagihan" not in text(client.get(reverse("contributions:bill", args=[bill.pk])))
    for route in ("issue", "pay"):
        assert client.post(reverse(f"contributions:{route}", args=[bill.pk])).status_code == 403


def test_alarms_and_weave_have_pages(house: House, officer: Client) -> None:
    house.paid([DEC], on=date(2025, 12, 10))
    house.plan([JAN, FEB])
    house.issue(JAN)
    assert "keluar dari perlindungan pada 1 April 2026" in text(officer.get(reverse("contributions:alarms")))
    page = text(officer.get(reverse("contributions:payer", args=[house.agency.pk])))
    assert 'class="chart weave"' in page
    assert text(officer.get(reverse("contributions:bills"), {"state": "overdue"})).count("data-url") == 1


def test_what_is_not_there_is_404(officer: Client) -> None:
    for route in ("bill", "pay", "payer"):
        assert officer.get(reverse(f"contributions:{route}", args=[999_999])).status_code == 404


@pytest.fixture
def api(house: House, client: Client) -> Client:
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {make_token(SYSTEM, house.world.user('regency_officer'), 'uji')}"
    return client


def test_the_api_does_what_the_pages_do(house: House, api: Client) -> None:
    house.plan([FEB])
    bill = house.bill(FEB).pk
    base = "/api/v1/contributions"
    assert api.post(f"{base}/bills/{bill}/issue").json()["number"] == "TAG-2026-02-0001"
    payment = {
        "payer_id": house.agency.pk,
        "kind": "sp2d",
        "reference": "A",
        "paid_on": "2026-02-20",
        "amount": 12 * (JKK + JKM),
        "bill_ids": [bill],
    }
    send = {"content_type": "application/json"}
    assert api.post(f"{base}/payments", payment | {"amount": 1}, **send).status_code == 422
    assert api.post(f"{base}/payments", payment, **send).json()["people"] == 12
    assert api.post(f"{base}/payments", payment, **send).json()["repeated"] is True
    clash = api.post(f"{base}/payments", payment | {"paid_on": "2026-02-19"}, **send)
    assert (clash.status_code, clash.json()["error"]["code"]) == (409, "reference_used")
    people = api.get(f"{base}/participants", {"status": "active"}).json()["items"]
    assert len(people) == 12
    assert "*" in people[0]["nik_masked"]
    person = people[0]["person_id"]
    cover = api.get(f"{base}/people/{person}/cover", {"on": "2026-02-27"}).json()
    assert (cover["status"], cover["paid_through"]) == ("active", "2026-02")
    assert AccessEntry.objects.filter(subject=f"person:{person}").exists()
    assert api.get(f"{base}/bills").json()["items"][0]["state"] == "settled"
    assert isinstance(api.get(f"{base}/alarms").json(), list)
    assert api.get(f"{base}/bills/999999").status_code == 404
    assert api.get(f"{base}/people/999999/cover").status_code == 404
