"""What each kind of user meets: leadership, village, phone, keyboard, other language, no JavaScript, slow line."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Office
from browser.test_month import XLSX
from lindung.web.demo.people import DemoData
from lindung.web.demo.workbook import proposal_workbook

MOST_BYTES = 100_000


def test_leadership_comes_to_the_figures_in_one_step(office: Office) -> None:
    page = office.page("pimpinan")
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Lihat cakupan kabupaten").click()
    expect(page.locator(".cover-big")).to_contain_text("orang")
    expect(page.get_by_role("main")).to_contain_text("Data per 27 Februari 2026")
    assert page.goto("/iuran/peserta").status == 403  # type: ignore[union-attr]


def test_a_village_sees_its_own_people_only(office: Office, data: DemoData) -> None:
    page, officer = office.page("desa"), office.page("petugas")
    page.goto("/iuran/peserta")
    villages = page.locator(".list tbody tr td:nth-child(3)").all_inner_texts()
    assert set(villages) <= {"Kuala Dua"}
    officer.goto("/iuran/peserta")
    elsewhere = officer.locator(".list tbody tr").filter(has_not_text="Kuala Dua").first.get_attribute("data-url")
    assert elsewhere is not None
    assert page.goto(elsewhere).status == 404  # type: ignore[union-attr]


def test_the_language_is_chosen_and_stays(office: Office) -> None:
    page = office.page("petugas")
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/iuran/peserta")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_through_a_list_by_keyboard(office: Office) -> None:
    page = office.page("petugas")
    page.goto("/iuran/peserta")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Langsung ke isi")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator(".list tbody tr").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/peserta/*")
    page.go_back()
    page.keyboard.press("/")
    expect(page.locator("#list-search")).to_be_focused()


def test_search_upload_and_read_without_javascript(office: Office, data: DemoData) -> None:
    page = office.page("petugas", java_script_enabled=False)
    page.goto("/iuran/peserta")
    page.fill("#list-search", data.veteran.person.name)
    page.get_by_role("button", name="Cari", exact=True).click()
    expect(page.locator(".word")).to_have_count(1)
    page.goto("/bantuan/usulan/unggah/")
    book = {"name": "lagi.xlsx", "mimeType": XLSX, "buffer": proposal_workbook(data)}
    page.set_input_files("input[type=file]", files=[book])
    page.get_by_role("button", name="Kirim dan periksa").click()
    expect(page.locator(".figures").first).to_be_visible()


def test_the_first_pages_come_over_a_thin_line(office: Office) -> None:
    for username, path in (("", "/masuk"), ("petugas", "/")):
        page = office.page(username)
        wire = page.context.new_cdp_session(page)
        received: list[int] = []
        wire.on("Network.loadingFinished", lambda event, kept=received: kept.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        page.goto(path, wait_until="networkidle")
        assert len(received) >= 4  # page, style, script, font
        assert sum(received) < MOST_BYTES
