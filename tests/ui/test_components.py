"""Components say what they must, and say it to screen readers too."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client, RequestFactory
from lxml import html

from lindung.core.ui.gallery import SampleForm
from lindung.core.ui.parts import ProgressState, Receipt, ReceiptLine

pytestmark = pytest.mark.urls("ui.ui_urls")


def drawn(template: str, **context: Any) -> Any:
    return html.fragment_fromstring(Template("{% load lindung %}" + template).render(Context(context)), "div")


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_a_badge_has_word_shape_and_colour() -> None:
    shapes = set()
    for tone in ("ok", "info", "soon", "danger", "neutral"):
        badge = drawn("{% badge 'Aktif' tone %}", tone=tone).find("span")
        assert words(badge) == "Aktif"
        assert f"tone-{tone}" in badge.get("class")
        shapes.add(html.tostring(badge.find("svg")[0]))
    assert len(shapes) == 5


def test_a_figure_carries_unit_denominator_date_and_source() -> None:
    shown = words(
        drawn(
            "{% figure 'Peserta' 5839 unit='orang' of='dari 12.000' as_of=day source='buku' %}", day=date(2026, 2, 27)
        )
    )
    assert shown == "Peserta 5.839 orang dari 12.000 Data per 27 Februari 2026 · sumber buku"


def test_a_faulty_field_is_tied_to_its_hint_and_error() -> None:
    form = SampleForm({"nik": "61120341078500"})
    root = drawn("{% field form.nik %}", form=form)
    field = root.find(".//input")
    described = field.get("aria-describedby").split()
    assert field.get("aria-invalid") == "true"
    assert [words(root.get_element_by_id(name))[:8] for name in described] == ["16 angka", "Perlu di"]
    assert root.find(".//label").get("for") == field.get("id")


def test_the_summary_of_errors_links_to_fields_that_exist() -> None:
    form = SampleForm({})
    root = drawn("{% form_errors form %}{% for bound in form %}{% field bound %}{% endfor %}", form=form)
    targets = [link.get("href")[1:] for link in root.findall(".//li/a")]
    assert len(targets) == len(form.errors)
    assert {field.get("id") for field in root.xpath("//*[@id]")} >= set(targets)


def test_an_optional_field_says_so_and_no_field_is_styled_inline() -> None:
    class Small(forms.Form):
        note = forms.CharField(label="Catatan", required=False)

    shown = drawn("{% field form.note prefix='Rp' %}", form=Small())
    assert "(boleh kosong)" in words(shown)
    assert not shown.xpath("//*[@style]")


@pytest.mark.parametrize(("confidence", "marked"), [("T", False), ("S", True), ("M", True), ("", False)])
def test_a_figure_not_read_in_the_law_is_marked(confidence: Any, marked: bool) -> None:
    receipt = Receipt("Santunan", [ReceiptLine("Biaya", 1000, "pasal", confidence)], total=1000)
    assert ("belum terverifikasi" in words(drawn("{% receipt r %}", r=receipt))) is marked


def test_a_refusal_shows_where_it_stopped_and_the_way_out_and_no_total() -> None:
    receipt = Receipt(
        "Beasiswa",
        [ReceiptLine("Masa iuran", None, "pasal", stop=True)],
        total=0,
        refused=True,
        reason="Belum cukup.",
        way_out="Bawa bukti bayar.",
    )
    shown = words(drawn("{% receipt r %}", r=receipt))
    assert "Berhenti di sini: Masa iuran" in shown
    assert "Jalan keluar: Bawa bukti bayar." in shown
    assert "Rp0" not in shown


@pytest.mark.parametrize(("state", "asks"), [("running", True), ("queued", True), ("done", False), ("failed", False)])
def test_progress_asks_again_only_while_it_runs(state: Any, asks: bool) -> None:
    root = drawn("{% progress job %}", job=ProgressState("Memeriksa", "/pekerjaan/1", 10, 1700, state))
    assert bool(root.xpath("//*[@hx-get='/pekerjaan/1']")) is asks


def test_a_dangerous_act_previews_its_effect_and_asks_a_reason() -> None:
    root = drawn(
        "{% confirm 'batal' title='Batalkan?' action='/batal' people=1700 rupiah=28560000 button='Ya' "
        "tone='danger' reason=True %}<p>Isi</p>{% endconfirm %}",
        csrf_token="token",
    )
    assert [words(node) for node in root.findall(".//dd")] == ["1.700", "Rp28.560.000"]
    reason = root.find(".//textarea")
    assert reason.get("required") is not None and reason.get("name") == "reason"
    assert root.xpath("//input[@name='csrfmiddlewaretoken']/@value") == ["token"]


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_an_error_page_needs_nothing_around_it(code: int) -> None:
    """No request, no database: a page for the worst moment."""
    from django.template.loader import render_to_string

    page = html.document_fromstring(render_to_string(f"{code}.html"))
    assert page.find(".//h1").text_content()
    assert page.xpath("//main//a/@href") == ["/"]


@pytest.mark.django_db
def test_the_chosen_theme_is_kept_and_a_forged_one_is_not(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/gaya").content
    client.cookies["theme"] = '"><script>'
    assert b"data-theme=" not in client.get("/gaya").content


@pytest.mark.django_db
def test_sign_in_says_what_to_mend_and_keeps_the_name(client: Client) -> None:
    page = html.document_fromstring(client.post("/masuk", {"username": "ratna", "password": "salah"}).content)
    assert "tidak cocok" in words(page)
    assert page.get_element_by_id("id_username").get("value") == "ratna"
    assert page.get_element_by_id("id_password").get("value") is None


def test_the_current_page_is_marked_in_the_navigation() -> None:
    request = RequestFactory().get("/usulan/12")
    here = Template("{% load lindung %}{% is_current '/usulan/' as a %}{% is_current '/' as b %}{{ a }} {{ b }}")
    assert here.render(Context({"request": request})) == "True False"
