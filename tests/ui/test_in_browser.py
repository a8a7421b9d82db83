"""The style guide in a real browser: accessible, inside the policy, usable by keyboard, and without JavaScript."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.urls("ui.ui_urls"), pytest.mark.django_db(transaction=True)]
CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's event loop would make Django refuse the database in this thread.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def open_page(chromium: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:
    """A page and everything the browser complains about."""
    page = chromium.new_context(locale="id-ID", **options).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address, wait_until="load")
    return page, complaints


# The dark colours are the same at every width, and change nothing but colours.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES: dict[tuple[str, int], object] = {
    ("light", 1280): WCAG, ("light", 360): WCAG, ("dark", 1280): {"type": "rule", "values": ["color-contrast"]},
}  # fmt: skip


@pytest.mark.parametrize("path", ["/gaya", "/masuk"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_fault_no_policy_breach_no_sideways_scroll(
    chromium: Browser, live_server: Any, path: str, width: int, scheme: str
) -> None:
    page, complaints = open_page(
        chromium, live_server.url + path, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    if rules := RULES.get((scheme, width)):
        found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]] == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_page_is_sent_with_a_policy_without_exceptions(chromium: Browser, live_server: Any) -> None:
    page = chromium.new_page()
    response = page.goto(live_server.url + "/gaya")
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_search_as_you_type_filter_and_take_the_words_away(chromium: Browser, live_server: Any) -> None:
    page, complaints = open_page(chromium, live_server.url + "/gaya")
    page.locator("#list-search").press_sequentially("hamid")
    expect(page.locator(".word")).to_have_count(1)
    page.select_option("#filter-state", "grace")
    expect(page.locator(".word")).to_have_count(2)
    assert page.url.endswith("?q=hamid&state=grace")
    page.locator(".word").first.click()
    expect(page.locator(".word")).to_have_count(1)
    expect(page.locator("#list-search")).to_have_value("")
    page.get_by_role("link", name="Dasar upah").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Dasar upah")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Nama")
    assert complaints == []


def test_rows_by_keyboard_and_selection(chromium: Browser, live_server: Any) -> None:
    page, _complaints = open_page(chromium, live_server.url + "/gaya")
    page.locator("#list-search").wait_for()
    page.evaluate("document.activeElement.blur()")
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("tbody tr").locator("input[name=selected]:checked")).to_have_count(1)
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.locator("[data-select-all]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("12")
    page.locator("table[data-keys] tbody tr").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#orang-*")


def test_the_dialog_holds_the_keyboard_and_closes(chromium: Browser, live_server: Any) -> None:
    page, complaints = open_page(chromium, live_server.url + "/gaya")
    page.get_by_role("button", name="Batalkan SK").click()
    dialog = page.locator("#batalkan")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('#batalkan').matches(':modal')")
    found = Axe().run(page, context="#batalkan")
    assert [fault["id"] for fault in found.response["violations"]] == []
    page.get_by_role("button", name="Tidak jadi").click()
    expect(dialog).to_be_hidden()
    assert complaints == []


def test_progress_asks_for_itself_again(chromium: Browser, live_server: Any) -> None:
    page, complaints = open_page(chromium, live_server.url + "/gaya")
    with page.expect_response(lambda answer: "kemajuan=1" in answer.url, timeout=6000) as answer:
        pass
    assert answer.value.ok
    expect(page.locator(".progress[hx-get]")).to_have_count(1)
    assert complaints == []


def test_the_theme_is_chosen_and_stays(chromium: Browser, live_server: Any) -> None:
    page, _complaints = open_page(chromium, live_server.url + "/gaya", color_scheme="light")
    page.locator("[data-theme-toggle]").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_everything_works_without_javascript(chromium: Browser, live_server: Any) -> None:
    page, _complaints = open_page(chromium, live_server.url + "/gaya", java_script_enabled=False)
    page.fill("#list-search", "hamid")
    page.select_option("#filter-state", "grace")
    page.get_by_role("button", name="Cari", exact=True).click()
    expect(page.locator(".word")).to_have_count(2)
    page.get_by_role("link", name="Nama").first.click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Nama")
    page.get_by_role("button", name="Batalkan SK").click()
    expect(page.locator("#batalkan")).to_be_visible()
    expect(page.get_by_role("button", name="Perpanjang")).to_be_visible()
