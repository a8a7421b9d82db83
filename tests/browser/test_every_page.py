"""Every page of every role, light and dark, wide and narrow: nobody is shut out, nothing runs off the screen.

LINDUNG_PICTURES names a folder that keeps a picture of each, to be looked at."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browser.conftest import Office

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PICTURES = os.environ.get("LINDUNG_PICTURES")
FIRM = "pekerja=12&upah=3500000&usaha=small"
FAMILY = "sebab=keduanya&pekerjaan=BPU&penghasilan=1000000&lancar=grace&anak=2"
# Addresses by role. > is the first row of that list; ~ is below the address reached.
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

# The offices of the formal side, as they look on a telephone. What a list leads to comes from the list.
ON_A_PHONE = {
    "": ("/mandiri/", "/mandiri/ZZZZ"),
    "kepesertaan": (
        "/", "/pembayar/perusahaan", ">/pembayar/perusahaan", "/pembayar/perusahaan/daftar", "/pembayar/proyek",
        "/pembayar/wadah", "/pembayar/wadah/daftar", "/pembayar/agen", "/pembayar/agen/daftar",
        "/pembayar/upah-minimum",
        "/pembayar/upah-minimum/catat", "/perusahaan/laporan", "/mandiri/pengingat", "/kepatuhan/",
        "/kepatuhan/ringkasan",
        "/kepatuhan/temuan", ">/kepatuhan/temuan", "/kepatuhan/tunggakan", ">/kepatuhan/tunggakan",
        "/kepatuhan/daftar", ">/kepatuhan/daftar", ">/pembayar/proyek", ">/pembayar/wadah",
        "/kepatuhan/daftar/unggah", ">/perusahaan/laporan", ">/kepatuhan/tunggakan ~angsuran",
        *(f">/pembayar/perusahaan ~{part}" for part in (
            "riwayat", "ubah/identity", "ubah/activity", "ubah/scale", "unit", "kontak", "perjanjian", "proyek",
        )),
    ),
    "keuangan": (
        "/", "/buku-besar/", ">/buku-besar/", "/buku-besar/dana", "/buku-besar/jurnal", ">/buku-besar/jurnal",
        "/buku-besar/jurnal/baru", "/buku-besar/periode", "/buku-besar/periode/2025-09/tutup", "/buku-besar/jht",
        ">/buku-besar/jht", "/buku-besar/jht/tahun", "/buku-besar/jht/tahun/2025/hasil", "/rekonsiliasi/",
        ">/rekonsiliasi/", ">/rekonsiliasi/baris?state=open", "/rekonsiliasi/usulan", ">/rekonsiliasi/usulan",
        ">/iuran/pembayaran", "/rekonsiliasi/unggah", "/rekonsiliasi/rekening", "/rekonsiliasi/baris",
        "/rekonsiliasi/penerimaan", "/rekonsiliasi/sp2d", "/rekonsiliasi/sp2d/unggah", "/rekonsiliasi/kesesuaian",
        "/bank/",
    ),
    "hr": (
        "/", "/perusahaan/", "/perusahaan/ ~unggah", "/perusahaan/ ~laporan", "/perusahaan/ ~laporan >",
        "/perusahaan/ ~pekerja", "/perusahaan/ ~pekerja >", "/perusahaan/ ~pekerja > ~berhenti",
        "/perusahaan/ ~pekerja > ~kecelakaan", "/perusahaan/ ~riwayat",
    ),
}  # fmt: skip
PHONE = {"width": 360, "height": 740}


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
    _open(page, path)
    found = []
    _keep(page, path, who, "1280-light")
    for width in (768, 360):
        page.set_viewport_size({"width": width, "height": 740})
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            found.append(f"{path} runs {over} px off a screen of {width} px")
    _keep(page, path, who, "360-light")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="dark")
    _keep(page, path, who, "1280-dark")
    page.evaluate(FEWER_OF_A_KIND)
    found += _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}, f"{path} dark")
    page.emulate_media(color_scheme="light")
    found += _axe(page, {"runOnly": WCAG}, f"{path} light")
    return found


@pytest.mark.parametrize("username", ON_A_PHONE)
def test_every_office_on_a_phone(office: Office, username: str) -> None:
    page = office.page(username, viewport=PHONE)
    faults = []
    for path in ON_A_PHONE[username]:
        _open(page, path)
        _keep(page, path, username or "tamu", "360-light")
        faults += phone_faults(page, thinned=True)
    assert faults == []


def phone_faults(page: Page, *, thinned: bool = False) -> list[str]:
    """What shuts somebody out of the page that is open, or runs off its side. `thinned` spoils the page."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if thinned:
        page.evaluate(FEWER_OF_A_KIND)
    found = _axe(page, {"runOnly": WCAG}, page.url)
    return found if over <= 0 else [*found, f"{page.url} runs {over} px off"]


def _open(page: Page, path: str) -> None:
    for step in re.sub(r"^>(\S+)", r"\1 >", path).split():
        if step == ">":
            first = page.locator("tr[data-url]").first.get_attribute("data-url")
            assert first, f"{path} has no row"
            page.goto(first)
        else:
            page.goto(f"{urlsplit(page.url).path}/{step[1:]}" if step.startswith("~") else step)


def _name(path: str) -> str:
    words = path.strip("/").replace(" ~", "-").replace(" >", "-first").replace(" ", "")
    return words.replace("/", "-").replace(">", "first-").replace("?", "-") or "home"


def _axe(page: Page, options: dict[str, object], where: str) -> list[str]:
    report = Axe().run(page, options=options | {"resultTypes": ["violations"]})
    return [f"{where}: {fault['id']} {fault['nodes'][0]['html'][:160]}" for fault in report.response["violations"]]


def _keep(page: Page, path: str, who: str, how: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / who / f"{_name(path)}-{how}.png", full_page=True)
