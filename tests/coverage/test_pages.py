"""The page, its tables and the API: who may see them, and that every figure carries day, unit and source."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from coverage_history import History, make_scheme, pay_claim
from django.test import Client
from world import REGENCY, TODAY, World

from lindung.core.actors import SYSTEM, acting_as
from lindung.coverage import actions
from lindung.places.models import Place
from lindung.web.tokens import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(history: History, world: World) -> History:
    make_scheme(world, ((1, "approved", 300_000_000),))
    pay_claim(world, history.ids("agency")[0], "JKM", 42_000_000, TODAY)
    with acting_as(SYSTEM):
        actions.record_published_figures(SYSTEM, REGENCY)
        actions.refresh_summary(SYSTEM, TODAY)
    return history


def sign_in(client: Client, world: World, role: str) -> Client:
    client.force_login(world.user(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("role", ["leadership", "regency_officer", "auditor"])
def test_the_page_for_those_who_lead(client: Client, counted: History, world: World, role: str) -> None:
    page = sign_in(client, world, role).get("/cakupan/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Data per 27 Februari 2026" in text and "280.574" in text and "November 2023" in text
    assert "Rp42.000.000" in text and "1 klaim" in text


@pytest.mark.parametrize("path", ["/cakupan/", "/cakupan/desa/", "/cakupan/kecamatan/61.12.01/"])
def test_a_village_operator_may_not(client: Client, counted: History, world: World, path: str) -> None:
    assert sign_in(client, world, "village_operator").get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_figures_from_outside_stand_apart(client: Client, counted: History, world: World) -> None:
    text = sign_in(client, world, "leadership").get("/cakupan/").content.decode()
    before, _, outside = text.partition("Angka terbitan luar (bukan hitungan Lindung)")
    assert "Rp59.570.000.000" in outside and "tidak disebutkan sumber" in outside and "lebih dari" in outside
    assert "59.570.000.000" not in before and "5.839" not in before


def test_before_the_first_count_the_page_says_so(client: Client, world: World) -> None:
    text = sign_in(client, world, "leadership").get("/cakupan/").content.decode()
    assert "Angka belum dihitung" in text


def test_the_district_table_and_its_workbook(client: Client, counted: History, world: World) -> None:
    client = sign_in(client, world, "leadership")
    text = client.get("/cakupan/kecamatan/61.12.01/").content.decode()
    assert "Sungai Raya" in text and "bukan pekerja" in text and "216.643" in text
    book = client.get("/cakupan/kecamatan/61.12.01/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None and "cakupan-61.12.01" in book["Content-Disposition"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("Data per 27 Februari 2026" in str(cell) for cell in cells) and "Terlindungi (orang)" in cells
    assert set(Place.objects.filter(key__in=world.villages[:2]).values_list("name", flat=True)) <= set(cells)


def test_a_district_elsewhere_is_not_found(client: Client, counted: History, world: World) -> None:
    client = sign_in(client, world, "leadership")
    for code in ("61.71", "61.12", "99.99.99", "x"):
        assert client.get(f"/cakupan/kecamatan/{code}/").status_code == 404, code


def test_search_sort_and_filter_of_villages(client: Client, counted: History, world: World) -> None:
    client = sign_in(client, world, "leadership")
    assert client.get("/cakupan/desa/?q=100%25_").content.decode().count("Tidak ada yang cocok") == 1
    page = client.get(f"/cakupan/desa/?district={world.districts[1]}&sort=-benefit&with_people=yes").content.decode()
    assert "Kuala Mandor B" in page


def call(client: Client, world: World, role: str, path: str) -> Any:
    token = make_token(SYSTEM, world.user(role), "uji")
    return client.get(f"/api/v1/coverage/{path}", headers={"authorization": f"Bearer {token}"})


def test_every_figure_of_the_api_has_day_unit_and_source(client: Client, counted: History, world: World) -> None:
    body = call(client, world, "leadership", "summary").json()
    assert body["as_of"] == "2026-02-27" and body["place_code"] == "61.12"
    assert all(f["as_of"] == "2026-02-27" and f["unit"] and f["source"] for f in body["figures"])
    protected = body["figures"][0]
    assert protected["denominator"]["value"] == 280_574 and protected["share"] == protected["value"] / 280_574


def test_the_api_by_place_and_from_outside(client: Client, counted: History, world: World) -> None:
    districts = call(client, world, "auditor", "places").json()
    assert districts["total"] == 3
    assert {f["denominator"]["kind"] for p in districts["places"] for f in p["figures"][:3]} == {"population"}
    villages = call(client, world, "auditor", "places?level=village").json()
    assert villages["total"] == 6
    assert all(f["denominator"] is None for p in villages["places"] for f in p["figures"])
    outside = call(client, world, "auditor", "external").json()
    assert [row["value"] for row in outside][:2] == [59_570_000_000, 5_839]


def test_the_api_refuses(client: Client, counted: History, world: World) -> None:
    for path in ("summary", "places", "external"):
        assert call(client, world, "village_operator", path).status_code == 403
        assert client.get(f"/api/v1/coverage/{path}").status_code == 401
    assert call(client, world, "auditor", "places?level=street").status_code == 422


def test_the_api_before_the_first_count(client: Client, world: World) -> None:
    answer = call(client, world, "auditor", "summary")
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_counted"
