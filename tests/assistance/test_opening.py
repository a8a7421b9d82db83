"""An empty installation opens its first scheme."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from world import World, make_payer, make_user

from lindung.assistance.models import Scheme
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.models import ActionEntry
from lindung.payers.models import Payer
from lindung.web.tokens import make_token

pytestmark = pytest.mark.django_db(transaction=True)

FORM: dict[str, Any] = {
    "payer": "", "office_name": "Dinas Tenaga Kerja", "office_npp": "KR000009", "name": "Pekerja rentan 2026",
    "fiscal_year": 2026, "first_month": 3, "last_month": 12, "wage_base": "1.000.000", "budget_ceiling": "350.000.000",
    "legal_basis": "Peraturan Bupati Kubu Raya 88/2020", "account_codes": "5.1.02.02.02.0006\n5.1.02.02.02.0007",
}  # fmt: skip
BODY: dict[str, Any] = {
    "new_payer": {"name": "Dinas Tenaga Kerja", "npp": "KR000009"}, "name": "Pekerja rentan 2026", "fiscal_year": 2026,
    "first_month": "2026-03", "last_month": "2026-12", "budget_ceiling": 350_000_000, "legal_basis": "Perbup 88/2020",
    "account_codes": ["5.1.02.02.02.0006"],
}  # fmt: skip


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.user(role), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(world, "regency_officer")


def test_an_empty_installation_opens_its_first_scheme_and_takes_a_list(officer: Client) -> None:
    url = reverse("assistance:new_scheme")
    assert url == "/bantuan/program/baru/"
    assert url in officer.get(reverse("assistance:overview")).content.decode()
    assert officer.get(url).status_code == 200
    preview = officer.post(url, FORM).content.decode()
    for shown in ("Rp16.800", "Rp10.000", "Rp6.800", "Rp168.000", "2.083"):  # 350,000,000 over ten months
        assert shown in preview
    assert not Scheme.objects.exists() and not Payer.objects.exists()
    assert officer.post(url, FORM | {"confirmed": "1"}).url == reverse("assistance:overview")
    scheme = Scheme.objects.get()
    assert (scheme.payer.npp, scheme.payer.kind, scheme.monthly_amount) == ("KR000009", "regency", 16_800)
    assert (scheme.period.lower.isoformat(), scheme.period.upper.isoformat()) == ("2026-03-01", "2027-01-01")
    assert scheme.criteria["age_on"] == "2026-03-01" and scheme.criteria["resident_of"] == "61.12"
    assert len(scheme.account_codes) == 2
    assert "Pekerja rentan 2026" in officer.get(reverse("assistance:upload")).content.decode()
    acts = set(ActionEntry.objects.values_list("action", flat=True))
    assert {"payers.register", "assistance.create_scheme"} <= acts


def test_a_registered_office_is_chosen_and_a_company_is_not_offered(world: World, officer: Client) -> None:
    known = {"payer": world.village_payer.pk, "office_name": "", "office_npp": "", "confirmed": "1"}
    assert world.company.name not in officer.get(reverse("assistance:new_scheme")).content.decode()
    company = officer.post(reverse("assistance:new_scheme"), FORM | known | {"payer": world.company.pk})
    assert company.status_code == 422
    assert officer.post(reverse("assistance:new_scheme"), FORM | known).status_code == 302
    assert Scheme.objects.get().payer_id == world.village_payer.pk


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"office_npp": ""}, "office_npp"),
        ({"office_name": "", "office_npp": ""}, "office_name"),
        ({"first_month": 12, "last_month": 3}, "first_month"),
        ({"budget_ceiling": "banyak"}, "budget_ceiling"),
        ({"budget_ceiling": "0"}, "budget_ceiling"),
        ({"name": " "}, "name"),
        ({"account_codes": "5" * 31}, "account_codes"),
        ({"office_npp": "KR000001"}, "office_npp"),  # another office's number
    ],
)
def test_a_slip_is_explained_at_its_field_and_nothing_is_kept(
    world: World, officer: Client, changed: dict[str, Any], field: str
) -> None:
    assert world.agency.npp == "KR000001"
    answer = officer.post(reverse("assistance:new_scheme"), FORM | changed | {"confirmed": "1"})
    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()
    assert not Scheme.objects.exists() and Payer.objects.count() == 1


def test_choosing_an_office_and_typing_another_is_asked_about(world: World, officer: Client) -> None:
    answer = officer.post(reverse("assistance:new_scheme"), FORM | {"payer": world.agency.pk, "confirmed": "1"})
    assert answer.status_code == 422 and "Pilih salah satu" in answer.content.decode()


def test_a_name_is_used_once(officer: Client) -> None:
    for status in (302, 422):
        answer = officer.post(reverse("assistance:new_scheme"), FORM | {"confirmed": "1"})
        assert answer.status_code == status
    assert Scheme.objects.count() == 1


@pytest.mark.parametrize("role", ["regency_approver", "village_operator", "auditor", "branch_verifier"])
def test_only_the_regencys_officer_opens_schemes(world: World, role: str) -> None:
    other = signed_in(world, role)
    assert other.post(reverse("assistance:new_scheme"), FORM | {"confirmed": "1"}).status_code == 403
    assert reverse("assistance:new_scheme") not in other.get(reverse("assistance:overview")).content.decode()
    assert not Scheme.objects.exists()


def test_the_api_opens_a_scheme_too(world: World) -> None:
    with acting_as(SYSTEM):
        token = make_token(SYSTEM, world.user("regency_officer"), "uji")
        reader = make_token(SYSTEM, make_user("reader", "auditor", [world.regency]), "uji")

    def post(given: str = token, **changed: Any) -> tuple[int, dict[str, Any]]:
        answer = Client().post(
            "/api/v1/assistance/schemes", BODY | changed, content_type="application/json",
            headers={"authorization": f"Bearer {given}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    def refused(**changed: Any) -> tuple[int, str]:
        status, answer = post(**changed)
        return status, answer["error"]["code"]

    assert post(reader)[0] == 403
    assert refused(payer_id=1) == (422, "payer_unclear")
    assert refused(new_payer=None, payer_id=999_999) == (404, "payer_not_found")
    company = make_payer("KR000007", "company", "PT Contoh", risk_group=2)
    assert refused(new_payer=None, payer_id=company.pk) == (422, "payer_not_public")
    assert refused(last_month="2027-01") == (422, "scheme_period")
    assert post(budget_ceiling=0)[0] == 422
    assert not Scheme.objects.exists() and not Payer.objects.filter(npp="KR000009").exists()
    status, opened = post()
    assert (status, opened["monthly_amount"], opened["ceiling_left"]) == (200, 16_800, 350_000_000)
    assert (opened["payer"], opened["first_month"]) == ("Dinas Tenaga Kerja", "2026-03-01")
    assert refused() == (409, "scheme_name_taken")


@pytest.mark.parametrize("page", ["upload", "propose"])
def test_without_a_scheme_the_pages_lead_to_opening_one(officer: Client, page: str) -> None:
    shown = officer.get(reverse(f"assistance:{page}"))
    assert shown.status_code == 200
    assert reverse("assistance:new_scheme") in shown.content.decode()
    assert officer.post(reverse(f"assistance:{page}"), {}).status_code == 409


def test_who_may_not_open_a_scheme_reads_whom_to_ask(world: World, officer: Client) -> None:
    client = Client()
    client.force_login(world.user("village_operator"), "django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("assistance:upload")).content.decode()
    assert "Minta petugas kabupaten" in shown
    assert reverse("assistance:new_scheme") not in shown
