"""Every page of every role, light and dark, wide and narrow: nobody is shut out, nothing runs off the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browser.conftest import ROOT, Office

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PICTURES = ROOT / "artefacts" / "screenshots"
FIRM = "pekerja=12&upah=3500000&usaha=small"
FAMILY = "sebab=keduanya&pekerjaan=BPU&penghasilan=1000000&lancar=grace&anak=2"
# Addresses by role; one that begins with > is the first row of that list.
PAGES = {
    "": (
        "/masuk", "/tidak-ada", "/hitung/", "/hitung/iuran/?pekerjaan=PU&upah=x", "/hitung/perusahaan/?" + FIRM,
        "/hitung/perusahaan/?" + FIRM + "&cari=makan", "/hitung/perusahaan/?" + FIRM + "&risiko=II.24",
        "/hitung/santunan/?" + FAMILY, "/hitung/santunan/?" + FAMILY + "&sekolah1=sd4&sekolah2=sma1&bulan=40",
    ),
    "petugas": (
        "/", "/cakupan/", "/cakupan/desa/", "/cakupan/kecamatan/61.12.01/", "/bantuan/", "/bantuan/usulan/",
        ">/bantuan/usulan/", "/bantuan/usulan/unggah/", "/bantuan/sk/", ">/bantuan/sk/", "/bantuan/sk/usul/",
        "/iuran/tagihan", ">/iuran/tagihan", ">/iuran/tagihan?state=settled", "/iuran/peserta", ">/iuran/peserta",
        "/iuran/peringatan", "/iuran/pembayar/1", "/klaim/kematian/", ">/klaim/kematian/", "/klaim/kematian/lapor/",
        "/klaim/kematian/daftar/", "/klaim/kematian/lapor/?q=muhammad",
    ),
    "pejabat": ("/", ">/bantuan/sk/"),
    "verifikator": (
        "/", "/klaim/", ">/klaim/?state=paid", ">/klaim/?state=refused", ">/klaim/?state=documents",
        "/klaim/pembayaran/", ">/klaim/pembayaran/", "/klaim/pembayaran/buat/", "/klaim/kematian/1/ajukan/",
        ">/klaim/kematian/",
    ),
    "penyetuju": ("/", "/klaim/", ">/klaim/pembayaran/"),
    "desa": ("/", "/bantuan/usulan/", "/bantuan/usulan/unggah/", "/iuran/peserta", "/klaim/kematian/lapor/"),
    "pimpinan": ("/", "/cakupan/"),
    "auditor": ("/", "/audit", "/audit/periksa"),
    "admin": ("/", "/audit"),
}  # fmt: skip


# Of things in a row that are built alike, axe need not read the fiftieth: it reads three of each kind.
FEWER_OF_A_KIND = """() => {
const kind = (node) => [
  node.tagName, node.getAttribute("class"), ...node.getAttributeNames().sort(),
  [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()), ...[...node.children].map(kind),
].join("(") + ")";
for (const parent of document.body.querySelectorAll("*")) {
  const seen = new Map();
  for (const child of [...parent.children]) {
    const found = kind(child);
    seen.set(found, (seen.get(found) ?? 0) + 1);
    if (seen.get(found) > 3) child.remove();
  }
}
}"""


@pytest.mark.parametrize("username", PAGES)
def test_every_page_of_a_role(office: Office, username: str) -> None:
    page = office.page(username, color_scheme="light")
    faults = [fault for path in PAGES[username] for fault in _faults(page, path, username or "tamu")]
    assert faults == []


def _faults(page: Page, path: str, who: str) -> list[str]:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    target = PICTURES / who
    if path.startswith(">"):
        page.goto(path[1:])
        first = page.locator("tr[data-url]").first.get_attribute("data-url")
        assert first, f"{path} has no row"
        page.goto(first)
    else:
        page.goto(path)
    name = path.strip("/").replace("/", "-").replace(">", "first-").replace("?", "-") or "home"
    found = []
    _keep(page, target / f"{name}-1280-light.png")
    for width in (768, 360):
        page.set_viewport_size({"width": width, "height": 740})
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            found.append(f"{path} runs {over} px off a screen of {width} px")
    _keep(page, target / f"{name}-360-light.png")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="dark")
    _keep(page, target / f"{name}-1280-dark.png")
    page.evaluate(FEWER_OF_A_KIND)
    found += _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}, f"{path} dark")
    page.emulate_media(color_scheme="light")
    found += _axe(page, {"runOnly": WCAG}, f"{path} light")
    return found


def _axe(page: Page, options: dict[str, object], where: str) -> list[str]:
    report = Axe().run(page, options=options | {"resultTypes": ["violations"]})
    return [f"{where}: {fault['id']} {fault['nodes'][0]['html'][:160]}" for fault in report.response["violations"]]


def _keep(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
