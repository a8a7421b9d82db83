"""Somebody with a phone and no account works out what the law gives; with and without JavaScript, by keyboard, on
paper."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

from browser.conftest import Office

PHONE = {"width": 360, "height": 740}
FIRM = "/hitung/iuran/?pekerjaan=PU&upah=4500000&usaha=medium&umur=30&warga=ID&risiko=II.5"
SMALLEST_TARGET = 44


def choose(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words).click()


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Lanjut").click()


def test_a_family_finds_its_benefit_on_a_phone_without_javascript(office: Office) -> None:
    page = office.page(viewport=PHONE, java_script_enabled=False)
    page.goto("/masuk")
    page.get_by_role("link", name="Hitung hak dan iuran, tanpa akun").click()
    page.context.clear_cookies()  # the sign-in form's
    page.get_by_role("link", name="Santunan keluarga saya").click()
    choose(page, "Belum terjadi")
    choose(page, "Usaha sendiri")
    write(page, "1 juta")
    choose(page, "Ya, terbayar")
    choose(page, "Satu")
    page.get_by_role("button", name="SD atau MI, kelas 4").click()
    write(page, "3 tahun")
    expect(page.locator(".calc-amount")).to_contain_text(["Rp42.000.000", "Rp70.000.000"])
    page.get_by_text("langkah menurut undang-undang").first.click()
    expect(page.get_by_text("PP 82/2019 Pasal 34 ayat (1) huruf a").last).to_be_visible()
    expect(page.get_by_text("Salin tautan")).to_be_hidden()
    expect(page.get_by_role("link", name="Tautan hitungan ini")).to_be_visible()
    assert page.context.cookies() == []


def test_a_worker_finds_the_business_and_changes_an_answer(office: Office) -> None:
    page = office.page(viewport=PHONE)
    page.goto("/hitung/iuran/")
    choose(page, "Digaji perusahaan")
    expect(page.get_by_role("textbox")).to_be_focused()
    write(page, "empat juta")
    expect(page.get_by_role("alert")).to_contain_text("contoh 1.500.000")
    expect(page.get_by_role("textbox")).to_have_value("empat juta")
    write(page, "Rp 4.500.000,-")
    choose(page, "Menengah")
    write(page, "30")
    choose(page, "Indonesia")
    page.get_by_role("searchbox").fill("kebun sawit")
    page.keyboard.press("Enter")
    choose(page, "Perkebunan tahunan")
    expect(page.locator(".calc-amount").first).to_contain_text("Rp135.000")
    page.get_by_role("link", name="Seberapa besar usaha pemberi kerja?").click()
    choose(page, "Mikro")
    expect(page.locator(".calc-amount").first).to_contain_text("Rp0")
    told = dict(parse_qsl(urlsplit(page.url).query))
    assert told["upah"] == "4500000" and told["risiko"] == "II.5"
    page.go_back()
    page.go_back()
    expect(page.locator(".calc-amount").first).to_contain_text("Rp135.000")


def test_the_link_gives_the_same_answer_to_somebody_else(office: Office) -> None:
    page = office.page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(FIRM + "&nama=Siti&nik=6112034107850001")
    page.get_by_role("button", name="Salin tautan").click()
    expect(page.locator(".copied")).to_have_count(1)
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == office.address + FIRM
    other = office.page()
    other.goto(link)
    expect(other.locator(".calc-amount").first).to_have_text(page.locator(".calc-amount").first.inner_text())


def test_every_target_is_large_enough_for_a_thumb(office: Office) -> None:
    page = office.page(viewport=PHONE)
    children = "/hitung/santunan/?sebab=work&pekerjaan=PU&upah=1&lancar=active&anak=2"
    for path in ("/hitung/", "/hitung/iuran/", children, FIRM, FIRM + "&ubah=risiko"):
        page.goto(path)
        targets = ", ".join(f"main {kind}:visible" for kind in ("a", "button", "summary", "input"))
        for target in page.locator(targets).all():
            box = target.bounding_box()
            assert box and min(box["height"], box["width"]) > SMALLEST_TARGET - 0.5, (path, target.inner_text())


def test_on_paper_every_step_is_there(office: Office) -> None:
    page = office.page()
    page.goto(FIRM)
    page.emulate_media(media="print")
    step = page.locator(".law-steps li").first
    expect(page.locator(".calc-law > summary").first).to_be_visible()
    assert step.bounding_box(), "the steps are folded away on paper"
    for hidden in (".calc-js", ".back", ".lang"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".calc-amount").first).to_be_visible()
    assert re.match(rb"%PDF", page.pdf())
