"""The month's main path, as the officers walk it: a list becomes cover, a death becomes a paid claim."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Office
from lindung.web.demo.listing import mistyped_row, right_row
from lindung.web.demo.people import DemoData, RegisteredDeath
from lindung.web.demo.population import KORAN_TEACHER, Population, villages
from lindung.web.demo.workbook import deaths_workbook, proposal_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RIGHT_ROWS = 12


def the_list(data: DemoData) -> tuple[bytes, Any, Any]:
    """A list of our own: twelve right rows and one short NIK; the workbook, the first person, the mistyped row."""
    rng = Random(77)
    population = Population(rng)
    people = [population.person(KORAN_TEACHER, rng.choice(villages())) for _ in range(RIGHT_ROWS + 1)]
    faulty = mistyped_row(rng, people[-1], "GURU NGAJI", "nik_length")
    rows = [right_row(rng, person, "GURU NGAJI") for person in people[:-1]]
    return proposal_workbook(replace(data, rows=(*rows, faulty))), people[0], faulty


def mended(answer: bytes, faulty: Any) -> bytes:
    """The answer as the clerk sends it back: the right NIK typed over the short one, nothing else touched."""
    book = openpyxl.load_workbook(io.BytesIO(answer))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    wrong = [cell for cell in cells if str(cell.value) == str(faulty.cells["nik"])]
    assert wrong, "the answer holds the row as it was sent"
    for cell in wrong:
        cell.value = faulty.person.nik
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(page: Page, name: str, content: bytes) -> None:
    page.goto("/bantuan/usulan/unggah/")
    page.set_input_files("input[type=file]", files=[{"name": name, "mimeType": XLSX, "buffer": content}])
    page.get_by_role("button", name="Kirim dan periksa").click()
    page.wait_for_url("**/bantuan/usulan/*/")
    expect(page.locator(".progress, .figures").first).to_be_visible()
    until(page, "Selesai diperiksa")


def until(page: Page, state: str) -> None:
    """Work goes on in the background: look again until the title says it is done."""
    for _ in range(60):
        if state in page.locator("h1").inner_text():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator("h1")).to_contain_text(state)


def figure(page: Page, title: str) -> str:
    """The value of a figure, without its unit."""
    found = page.locator(".figure").filter(has=page.locator(".figure-title", has_text=title)).first
    return found.locator(".figure-value").inner_text().split()[0]


def confirm(page: Page, opener: str, button: str, reason: str = "") -> None:
    """Open the dialog, see its effect, give the reason, say yes."""
    page.locator("main").get_by_role("button", name=opener, exact=True).click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator(".effect dd").first).to_be_visible()
    if reason:
        dialog.locator("[name=reason]").fill(reason)
    dialog.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


@pytest.fixture(scope="module")
def participant(data: DemoData) -> Any:
    """Somebody protected since January 2025 who is nobody special in the story."""
    faulty = {row.person.nik for row in data.rows if row.fault}
    special = {who.person.nik for who in (data.veteran, data.newcomer, data.registry_death, data.work_death)}
    return [person for person in data.renewing if person.nik not in faulty | special]


def test_a_list_becomes_cover(office: Office, data: DemoData) -> None:
    officer = office.page("petugas")
    book, person, faulty = the_list(data)
    upload(officer, "usulan-maret.xlsx", book)
    assert (figure(officer, "Diterima"), figure(officer, "Perlu diperbaiki")) == (str(RIGHT_ROWS), "1")
    officer.get_by_role("link", name="Perlu diperbaiki", exact=True).click()
    expect(officer.locator(".list tbody tr")).to_have_count(1)
    expect(officer.locator(".list tbody tr")).to_contain_text("16 angka")

    with officer.expect_download() as download:
        officer.get_by_role("link", name="Unduh jawaban (Excel)").click()
    answer = download.value.path().read_bytes()
    correction = mended(answer, faulty)
    upload(officer, "usulan-maret-perbaikan.xlsx", correction)
    assert (figure(officer, "Diterima"), figure(officer, "Sudah diterima sebelumnya")) == ("1", str(RIGHT_ROWS))
    upload(officer, "usulan-maret-perbaikan.xlsx", correction)
    expect(officer.locator(".messages")).to_contain_text("Tidak ada yang berubah")

    officer.goto("/bantuan/sk/usul/")
    waiting = figure(officer, "Orang yang akan dilindungi")
    officer.get_by_label("Nomor SK").fill("412/2026")
    officer.get_by_label("Tanggal SK").fill("2026-02-27")
    officer.get_by_label("Bulan pertama").select_option(label="Februari 2026")
    officer.get_by_label("Bulan terakhir").select_option(label="Desember 2026")
    officer.get_by_label("Dasar usulan").fill("Hasil verifikasi usulan Februari 2026")
    officer.get_by_role("button", name="Lihat dampaknya").click()
    propose = officer.get_by_role("button", name=f"Usulkan SK: {waiting} orang, Rp")
    expect(propose).to_be_visible()
    propose.click()
    expect(officer.locator("h1")).to_contain_text("menunggu persetujuan")
    expect(officer.get_by_role("button", name="Setujui")).to_have_count(0)
    refused = officer.request.post(
        officer.url + "putuskan/", headers={"Referer": officer.url},
        form={"csrfmiddlewaretoken": officer.locator("[name=csrfmiddlewaretoken]").first.input_value(),
              "outcome": "approved", "reason": "saya sendiri"},
    )  # fmt: skip
    assert refused.status == 403

    approver = office.page("pejabat")
    approver.goto(officer.url)
    confirm(approver, "Setujui", "Ya, setujui", "Sesuai hasil verifikasi")
    until(approver, "berlaku")

    officer.goto("/iuran/tagihan?state=planned&year=2026")
    row = officer.locator(".list tbody tr").filter(has_text="Februari 2026").filter(has_text="Disnakertrans").first
    row.get_by_role("link").click()
    confirm(officer, "Terbitkan tagihan", "Ya, terbitkan")
    expect(officer.locator(".messages")).to_contain_text("diterbitkan")
    officer.locator("main").get_by_role("button", name="Catat pembayaran").first.click()
    dialog = officer.locator("dialog[open]")
    expect(dialog).to_contain_text(f"bagi {waiting} orang")
    dialog.get_by_label("Nomor bukti").fill("SP2D-2026-02-SUSULAN")
    dialog.get_by_role("button", name="Ya, catat").click()
    expect(officer.locator(".messages")).to_contain_text("Tagihan lunas")

    officer.goto("/iuran/peserta")
    officer.locator("#list-search").press_sequentially(person.name)
    expect(officer.locator(".word")).to_have_count(1)
    found = officer.locator(".list tbody tr").filter(has_text=f"{person.nik[:4]}********{person.nik[-4:]}")
    expect(found).to_contain_text("Aktif")
    found.get_by_role("link").click()
    expect(officer.locator("h1")).to_contain_text("Terlindungi")


def test_a_death_becomes_a_paid_claim(office: Office, participant: Any) -> None:
    person = participant[2]
    verifier, approver = office.page("verifikator"), office.page("penyetuju")
    verifier.goto(f"/klaim/kematian/lapor/?q={person.name}")
    masked = f"{person.nik[:4]}********{person.nik[-4:]}"
    verifier.locator("main li a").filter(has_text=masked).click()
    verifier.get_by_label("Tanggal meninggal").fill("2026-02-20")
    verifier.get_by_role("button", name="Catat kematian").click()
    verifier.get_by_role("link", name="Ajukan klaim").click()
    verifier.get_by_label("Nama ahli waris").fill("Siti Aminah")
    verifier.get_by_label("NIK ahli waris").fill("6112015203850009")
    for label, text in (("Bank", "Bank Kalbar"), ("Nomor rekening", "1034567890")):
        verifier.get_by_label(label, exact=True).fill(text)
    verifier.get_by_label("Nama pemilik rekening").fill("Siti Aminah")
    verifier.get_by_role("button", name="Ajukan klaim").click()
    expect(verifier.locator("h1")).to_contain_text("Menunggu dokumen")
    claim = verifier.url
    missing = verifier.locator(".take-in button")
    for left in range(missing.count(), 0, -1):
        expect(missing).to_have_count(left)
        missing.first.click()
    confirm(verifier, "Nilai klaim", "Ya, nilai")
    expect(verifier.locator(".receipt")).to_contain_text("Rp42.000.000")
    expect(verifier.locator(".receipt-passed").first).to_contain_text("terlindungi pada hari kejadian")
    expect(verifier.get_by_role("button", name="Setujui")).to_have_count(0)

    approver.goto(claim)
    confirm(approver, "Setujui", "Ya, setujui", "Berkas dan perhitungan sesuai")
    verifier.goto("/klaim/pembayaran/buat/")
    expect(verifier.locator("main tbody")).to_contain_text("Siti Aminah")
    verifier.get_by_role("button", name="Buat daftar bayar").click()
    verifier.wait_for_url("**/klaim/pembayaran/*/")
    batch = verifier.url
    approver.goto(batch)
    confirm(approver, "Lepas ke bank", "Ya, lepas")
    verifier.goto(batch)
    verifier.get_by_label("Tanggal masuk rekening").first.fill("2026-02-27")
    verifier.get_by_label("Nomor referensi bank").first.fill("BK-900001")
    verifier.get_by_role("button", name="Catat", exact=True).first.click()
    paper = verifier.get_by_role("link", name="Tanda terima (PDF)").get_attribute("href")
    assert paper is not None
    assert verifier.request.get(paper).body().startswith(b"%PDF")
    verifier.goto(claim)
    expect(verifier.locator("h1")).to_contain_text("Dibayar")


def test_a_refusal_says_where_it_stopped_why_and_the_way_out(office: Office, data: DemoData) -> None:
    page = office.page("verifikator")
    page.goto("/klaim/?state=refused")
    page.locator(".list tbody tr").get_by_role("link").first.click()
    receipt = page.locator(".receipt")
    expect(receipt.locator(".receipt-stop")).to_contain_text("tidak terlindungi pada hari kejadian")
    expect(receipt.locator(".receipt-stop")).to_contain_text("PP 44/2015 Pasal")
    expect(receipt.locator(".receipt-refusal")).to_contain_text("Jalan keluar:")
    expect(receipt.locator(".receipt-refusal")).to_contain_text("keberatan")


def test_the_registry_s_death_list_tells_the_family(office: Office, data: DemoData, participant: Any) -> None:
    person = participant[1]
    deaths = (RegisteredDeath(person, date(2026, 2, 21), "6112-KM-21022026-9777"),)
    page = office.page("petugas")
    for told in ("1", "0"):  # the same file again changes nothing
        page.goto("/klaim/kematian/daftar/")
        book = {"name": "kematian.xlsx", "mimeType": XLSX, "buffer": deaths_workbook(replace(data, death_list=deaths))}
        page.set_input_files("input[type=file]", files=[book])
        page.get_by_role("button", name="Unggah dan cocokkan").click()
        row = page.locator(".deflist div").filter(has_text="Surat pemberitahuan dibuat")
        expect(row.locator("dd")).to_have_text(told)
    page.goto("/klaim/kematian/?q=" + person.name)
    page.locator(".list tbody tr").filter(has_text="21 Februari 2026").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Gratis")
    letter = page.get_by_role("link", name="Unduh surat (PDF)").get_attribute("href")
    assert letter is not None
    assert page.request.get(letter).body().startswith(b"%PDF")
