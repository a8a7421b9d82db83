"""List pages: the question is checked, the answer is a page, a part, or a workbook of exactly what is seen."""

import io
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from lxml import html
from openpyxl import load_workbook

from lindung.core.ui.gallery import StyleGuide, sample_people
from lindung.core.ui.listing import Column, Filter, ListQuery, Page, parse_query

pytestmark = [pytest.mark.urls("ui.ui_urls"), pytest.mark.django_db]

COLUMNS = [Column("name", "Nama", sortable=True), Column("nik", "NIK", kind="nik")]
FILTERS = [Filter("state", "Keadaan", [("active", "Aktif")])]


def asked(**given: str) -> ListQuery:
    request: HttpRequest = RequestFactory().get("/daftar", given)
    return parse_query(request, COLUMNS, FILTERS, default_sort="-name", size=10)


def rows_of(page: bytes) -> list[Any]:
    return html.document_fromstring(page).xpath('//div[@id="table-part"]//tbody/tr')


def names_of(page: bytes) -> list[str]:
    return [row.xpath('.//td[not(contains(@class, "pick"))]/a')[0].text for row in rows_of(page)]


def test_the_question_is_read_from_the_address() -> None:
    query = asked(q="  siti   aminah ", state="active", sort="name", page="3")
    assert query == ListQuery("siti aminah", {"state": "active"}, "name", False, 3, 10)
    assert (query.limit, query.offset) == (11, 20)


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "", "²"])
def test_a_page_that_cannot_be_is_the_first(page: str) -> None:
    assert asked(page=page).page == 1


def test_unknown_filters_and_sorts_are_dropped() -> None:
    query = asked(state="'; DROP TABLE", sort="nik", other="1")
    assert (query.filters, query.sort, query.descending) == ({}, "name", True)


def test_order_is_total_and_only_of_known_columns() -> None:
    assert ListQuery(sort="name", descending=True).order_sql({"name": "p.name"}, "p.id") == (
        "p.name DESC NULLS LAST, p.id"
    )
    assert ListQuery(sort="evil").order_sql({"name": "p.name"}, "p.id") == "p.id"


def test_an_address_keeps_the_question_and_starts_again_on_page_one() -> None:
    query = ListQuery("siti", {"state": "active"}, "name", True, 4)
    assert query.querystring() == "?q=siti&state=active&sort=-name"
    assert query.querystring(page=5) == "?q=siti&state=active&sort=-name&page=5"
    assert query.without("state") == "?q=siti&sort=-name"


def test_a_filter_cannot_take_a_reserved_name() -> None:
    with pytest.raises(ValueError, match="page"):
        Filter("page", "Halaman", [])


@pytest.mark.parametrize(("given", "shown", "more"), [(51, 50, True), (50, 50, False), (0, 0, False)])
def test_one_row_too_many_tells_of_a_next_page(given: int, shown: int, more: bool) -> None:
    page = Page.of(range(given), ListQuery(size=50))
    assert (len(page.rows), page.has_next) == (shown, more)


def test_the_whole_page_or_only_the_table(client: Client) -> None:
    whole, part = client.get("/gaya"), client.get("/gaya", headers={"HX-Request": "true"})
    back = client.get("/gaya", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in whole.content and b"<html" in back.content
    assert part.content.strip().startswith(b'<div id="table-part"')
    assert "HX-Request" in whole["Vary"]
    assert len(rows_of(whole.content)) == len(rows_of(part.content)) == 12


def test_search_filter_sort_and_page_work_by_plain_links(client: Client) -> None:
    found = client.get("/gaya", {"q": "siti", "state": "active", "sort": "-name"})
    names = names_of(found.content)
    assert names == sorted(names, reverse=True)
    assert all(name.startswith("Siti") for name in names)
    root = html.document_fromstring(found.content)
    words = {word.find("span").text: word.get("href") for word in root.find_class("word")}
    assert words == {"Cari: siti": "?state=active&sort=-name", "Keadaan: Aktif": "?q=siti&sort=-name"}
    assert root.xpath("//th[@aria-sort]/@aria-sort") == ["descending"]
    second = client.get("/gaya", {"page": "2"})
    assert not set(names_of(second.content)) & set(names_of(client.get("/gaya").content))
    assert "Baris 13–24 dari 132" in second.content.decode()


def test_nothing_found_offers_a_way_back(client: Client) -> None:
    shown = client.get("/gaya", {"q": "tidak ada orang ini"}).content.decode()
    assert "Tidak ada yang cocok" in shown
    assert '<table class="table" role="table"' not in shown


def test_a_nik_is_masked_on_screen_and_in_the_workbook(client: Client) -> None:
    file = client.get("/gaya", {"format": "xlsx"}).content
    sheet = load_workbook(io.BytesIO(file)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    page = client.get("/gaya").content.decode()
    for person in sample_people():
        assert person.nik not in cells
        assert person.nik not in page


def test_the_workbook_holds_what_is_seen_on_all_pages(client: Client) -> None:
    response = client.get("/gaya", {"state": "grace", "sort": "-wage", "page": "2", "format": "xlsx"})
    assert 'filename="gaya-lindung-2026-02-27.xlsx"' in response["Content-Disposition"]
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    head = next(index for index, row in enumerate(rows) if row[0] == "Nama")
    assert rows[head] == ("Nama", "NIK", "Desa", "Dasar upah", "Sampai", "Keadaan")
    body = rows[head + 1 :]
    people = [person for person in sample_people() if person.state == "grace"]
    assert sorted(row[0] for row in body) == sorted(person.name for person in people)
    assert [row[3] for row in body] == sorted((person.wage for person in people), reverse=True)
    assert {row[5] for row in body} == {"Masa tenggang"}
    told = [row[0] for row in rows[:head]]
    assert "Keadaan: Masa tenggang" in told
    assert "Data per 27 Februari 2026 · sumber data rekaan" in told


def test_text_of_rows_and_searches_is_escaped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "<img src=x onerror=alert(1)>"
    person = sample_people()[0]
    hurt = type(person)(**{**person.__dict__, "name": evil, "village": evil})
    monkeypatch.setattr(StyleGuide, "rows", lambda self, query: Page([hurt]))
    shown = client.get("/gaya", {"q": evil}).content.decode()
    assert evil not in shown
    assert "&lt;img src=x" in shown
