"""An employer's month on a telephone, from the workbook that SIPP takes to the payment code; and a worker who registers
himself."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Office
from browser.test_every_page import PHONE, phone_faults
from browser.test_month import XLSX, confirm, figure
from lindung.formats.sipp import write_new_workers
from lindung.web.demo.population import PLANTATION_WORKER, Person, Population, villages

STARTED = date(2026, 2, 2)
STATEMENT = (
    b":20:RK260226\n:25:1001234567\n:28C:1/1\n:60F:C260226IDR1000000,00\n:61:260226C16801,00NTRFNONREF\n"
    b":86:SETORAN TUNAI\n:62F:C260226IDR1016801,00\n-\n"
)
CODE = re.compile(r"^[\d ]{12,}$")


@pytest.fixture(scope="module")
def newcomers() -> list[Person]:
    """Three people nobody in the demonstration knows."""
    population = Population(Random(4711))
    return [population.person(PLANTATION_WORKER, home) for home in villages()[:3]]


@pytest.fixture(scope="module")
def book(newcomers: list[Person]) -> bytes:
    """The workbook, made once: sent again it is the same file."""
    return sipp_workbook(newcomers)


def sipp_workbook(people: list[Person]) -> bytes:
    """SIPP's own workbook of new workers; of the last one's NIK a digit is missing."""
    niks = [person.nik for person in people[:-1]] + [people[-1].nik[:-1]]
    return write_new_workers(
        pl.DataFrame(
            {
                "employee_no": [f"B{number:03d}" for number in range(len(people))], "nik": niks, "id_number": niks,
                "name": [person.name for person in people], "id_type": ["KTP"] * len(people),
                "birth_place": [person.birth_place for person in people],
                "birth_date": [person.birth_date for person in people],
                "mother_name": [person.mother for person in people], "sex": [person.sex for person in people],
                "phone": [person.phone for person in people], "address": [person.address for person in people],
                "country": ["ID"] * len(people), "wage": [Decimal(3_500_000)] * len(people),
                "employment_status": ["PKWTT"] * len(people), "started_on": [STARTED] * len(people),
            },
            schema_overrides={"wage": pl.Decimal(15, 2)},
        ),
        "lengkap-30",
    )  # fmt: skip


def test_a_month_is_reported_mended_closed_and_billed(office: Office, newcomers: list[Person], book: bytes) -> None:
    page = office.page("hr", viewport=PHONE)
    page.goto("/perusahaan/")
    expect(page.locator("h1")).to_contain_text("Februari 2026")
    _apply_what_waits(page)
    before = int(figure(page, "Pekerja"))

    page.get_by_role("link", name="Unggah berkas SIPP").click()
    page.set_input_files("input[type=file]", files=[{"name": "data_tk_baru.xlsx", "mimeType": XLSX, "buffer": book}])
    page.get_by_role("button", name="Kirim dan periksa").click()
    page.wait_for_url("**/perusahaan/laporan/*")
    assert (figure(page, "Diterima"), figure(page, "Perlu diperbaiki"), figure(page, "Ditolak")) in {
        ("2", "1", "0"), ("2", "0", "1"),
    }  # fmt: skip
    assert phone_faults(page) == []

    faulty = newcomers[-1]
    page.get_by_role("link", name=faulty.name).click()
    page.locator("#id_nik").fill(faulty.nik)
    assert phone_faults(page) == []
    page.get_by_role("button", name="Simpan dan periksa").click()
    expect(page.locator(".messages")).to_contain_text("sekarang diterima")
    assert figure(page, "Diterima") == "3"

    confirm(page, "Terapkan yang diterima", "Ya, terapkan")
    page.wait_for_url("**/perusahaan/*bulan=2026-02")
    assert int(figure(page, "Pekerja")) == before + 3
    confirm(page, "Tutup laporan", "Ya, tutup")
    expect(page.locator(".messages")).to_contain_text("tagihannya terbit")
    bills = page.get_by_role("region", name="Tagihan")
    expect(bills.locator("tbody tr td").nth(1)).to_have_text(CODE)
    assert phone_faults(page) == []


def _apply_what_waits(page: Page) -> None:
    """The report that the demonstration left to be mended: a month with one is not closed."""
    month = page.url.split("?")[0]
    page.goto(f"{month}/laporan")
    page.goto(page.locator("tr[data-url]").first.get_attribute("data-url") or "")
    confirm(page, "Terapkan yang diterima", "Ya, terapkan")
    page.wait_for_url("**/perusahaan/*bulan=2026-02")


def test_the_same_file_again_changes_nothing(office: Office, book: bytes) -> None:
    page = office.page("hr", viewport=PHONE)
    page.goto("/perusahaan/")
    workers = figure(page, "Pekerja")
    page.get_by_role("link", name="Unggah berkas SIPP").click()
    page.get_by_label("Bulan upah").select_option(label="Februari 2026")
    page.set_input_files("input[type=file]", files=[{"name": "lain.xlsx", "mimeType": XLSX, "buffer": book}])
    page.get_by_role("button", name="Kirim dan periksa").click()
    expect(page.locator(".messages")).to_contain_text("tidak ada yang berubah")
    page.goto("/perusahaan/")
    assert figure(page, "Pekerja") == workers


def test_a_worker_registers_himself(office: Office) -> None:
    person = Population(Random(4712)).person(PLANTATION_WORKER, villages()[0])
    page = office.page(viewport=PHONE)
    page.goto("/mandiri/")
    assert phone_faults(page) == []
    page.get_by_role("button", name="Mulai mendaftar").click()
    _say(page, person.nik[:-1])
    expect(page.locator("[role=alert]")).to_contain_text("16")
    assert phone_faults(page) == []
    _say(page, person.nik)
    page.locator("button[name=jawab]").first.click()
    for text in (person.name, person.mother, "0812 3456 7890"):
        _say(page, text)
    home = villages()[0]
    page.locator(f"button[value='{home.key // 10_000 * 10_000}']").click()
    page.locator(f"button[value='{home.key}']").click()
    assert phone_faults(page) == []
    _say(page, "Dusun Melati RT 2 RW 1")
    _say(page, "petani karet")
    page.locator("button[value=other]").click()
    _say(page, "1.000.000")
    page.locator("button[value=no]").click()
    page.locator("button[value='2']").click()
    expect(page.locator("h1")).to_have_text("Periksa, lalu daftar")
    assert phone_faults(page) == []
    page.get_by_role("button", name="Daftar dan minta kode bayar").click()
    expect(page.locator("h1")).to_have_text(person.name)
    expect(page.locator(".calc-answer .calc-amount")).to_have_text(CODE)
    assert phone_faults(page) == []
    address = page.url
    page.goto("/mandiri/")
    page.get_by_label("Kode 12 huruf dan angka").fill(address.rstrip("/").rsplit("/", 1)[1].lower())
    page.get_by_role("button", name="Buka").click()
    expect(page.locator("h1")).to_have_text(person.name)


def _say(page: Page, text: str) -> None:
    page.locator("#jawaban").fill(text)
    page.get_by_role("button", name="Lanjut").click()


def test_money_that_nobody_knows_waits(office: Office) -> None:
    """A statement is taken in, and the line without a code waits."""
    page = office.page("keuangan", viewport=PHONE)
    page.goto("/rekonsiliasi/rekening")
    account = (("Nomor rekening", "1001234567"), ("Bank", "Bank Kalbar"), ("Atas nama", "BPJS Ketenagakerjaan"))
    for label, said in account:
        page.get_by_label(label, exact=True).fill(said)
    page.get_by_role("button", name="Daftarkan").click()
    page.goto("/rekonsiliasi/unggah")
    page.set_input_files("input[type=file]", files=[{"name": "rk.sta", "mimeType": "text/plain", "buffer": STATEMENT}])
    page.get_by_role("button", name="Unggah dan cocokkan").click()
    page.wait_for_load_state()
    page.goto("/rekonsiliasi/")
    page.goto(page.locator("tr[data-url]").first.get_attribute("data-url") or "")
    assert phone_faults(page) == []
    page.goto("/rekonsiliasi/baris?state=open")
    ours = page.locator("tr[data-url]").filter(has_text="Rp16.801")
    expect(ours).to_have_count(1)
    page.goto(ours.get_attribute("data-url") or "")
    expect(page.locator("main")).to_contain_text("SETORAN TUNAI")
    assert phone_faults(page) == []
