"""A real browser on the real site: one small demonstration for the whole package, a page per user."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from installation import copied, environment, migrated
from playwright.sync_api import Browser, Page, sync_playwright

from browser import small_demo
from lindung.web.demo.cast import PASSWORD
from lindung.web.demo.people import DemoData

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("LINDUNG_BROWSER") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def address(shared: Path) -> Iterator[str]:
    """The served demonstration's address; LINDUNG_BROWSER_SITE names one that `small_demo` serves already."""
    if served := os.environ.get("LINDUNG_BROWSER_SITE"):
        yield served
        return
    made = Path(tempfile.mkdtemp(prefix="lindung-browser-", dir="/tmp"))
    made.chmod(0o755)
    copied(migrated(shared), made / "data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = made / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "browser.small_demo", str(made / "data"), str(port)],
            cwd=ROOT / "tests", env=environment(), stdout=output, stderr=output,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(made, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture(scope="package")
def data() -> DemoData:
    """The people of the demonstration."""
    return small_demo.generated()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Office:
    """Pages of the site by user. Whatever a page complains about, and whomever else it asks, is kept."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.chromium, self.address = chromium, address
        self.signed_in: dict[str, Any] = {}
        self.complaints: list[str] = []

    def page(self, username: str = "", **options: Any) -> Page:
        """A page of a context of its own, signed in as the user (nobody by default)."""
        if username and username not in self.signed_in:
            self.signed_in[username] = self._sign_in(username)
        page = self._open(storage_state=self.signed_in.get(username), **options)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        return page

    def _open(self, **options: Any) -> Page:
        settings = {"viewport": {"width": 1280, "height": 800}, "locale": "id-ID", "base_url": self.address} | options
        page = self.chromium.new_context(**settings).new_page()
        page.set_default_timeout(15_000)
        return page

    def _sign_in(self, username: str) -> Any:
        page = self._open()
        page.goto("/masuk")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url(f"{self.address}/")
        state = page.context.storage_state()
        page.context.close()
        return state

    def _heard(self, message: Any) -> None:
        # A refusal that a test asks for is answered with its status, which the browser reports as well.
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked a third party: {request.url}")

    def close(self) -> None:
        for context in self.chromium.contexts:
            context.close()


@pytest.fixture(scope="package")
def _office(chromium: Browser, address: str) -> Office:
    return Office(chromium, address)


@pytest.fixture
def office(_office: Office) -> Iterator[Office]:
    """The pages of one test; it fails when the browser complained, also about the content security policy."""
    _office.complaints.clear()
    yield _office
    _office.close()
    assert _office.complaints == []
