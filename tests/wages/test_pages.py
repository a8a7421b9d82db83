"""An employer's own pages: as its HR sees and uses them, and as the HR of another sees nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from world import TODAY, World, make_user

from lindung.core.models import AccessEntry
from lindung.formats.sipp import read_wages, write_new_workers
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.wages.models import AccidentNotice, Employment, MonthClosing, WageReport, WageReportRow

from .conftest import Firm

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[dict[str, Any]]]


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def workbook(rows: list[dict[str, Any]]) -> SimpleUploadedFile:
    """The rows as the official workbook."""
    frame = pl.DataFrame(rows).with_columns(
        pl.col("birth_date", "started_on").str.to_date("%d-%m-%Y"), pl.col("nik").alias("id_number"),
        pl.col("wage").cast(pl.Decimal(15, 2)),
    )  # fmt: skip
    return SimpleUploadedFile("data_tk_baru.xlsx", write_new_workers(frame, "lengkap-30"))


def test_a_month_from_the_workbook_to_the_bill(hr: Client, firm: Firm, new_rows: Rows) -> None:
    assert hr.get("/perusahaan/")["Location"] == f"/perusahaan/{firm.payer.pk}"
    assert "Laporan Februari 2026" in text_of(hr.get(f"/perusahaan/{firm.payer.pk}"))
    rows = new_rows(3)
    rows[1]["mother_name"] = "Ibu"
    sent = hr.post(f"/perusahaan/{firm.payer.pk}/unggah", {"month": "2026-01-01", "file": workbook(rows)})
    assert sent.status_code == 302
    report = WageReport.objects.get()
    assert sent["Location"] == f"/perusahaan/laporan/{report.pk}"
    assert "dari 3 baris" in text_of(hr.get(sent["Location"]))
    assert hr.post(f"/perusahaan/laporan/{report.pk}/terapkan").status_code == 302
    page = text_of(hr.get(f"/perusahaan/{firm.payer.pk}?bulan=2026-01"))
    assert "Perkiraan iuran" in page and "3 baru, 0 berhenti" in page
    assert hr.post(f"/perusahaan/{firm.payer.pk}/tutup", {"bulan": "2026-01"}).status_code == 302
    page = text_of(hr.get(f"/perusahaan/{firm.payer.pk}?bulan=2026-01"))
    assert MonthClosing.objects.get().month == date(2026, 1, 1)
    assert re.search(r"TAG-2026-01-\d+", page) and re.search(r"\b0\d{11}\b", page), "number and payment code"
    assert "Riwayat" in page and "3.500.000" in text_of(hr.get(f"/perusahaan/{firm.payer.pk}/pekerja?bulan=2026-01"))
    assert "Januari 2026" in text_of(hr.get(f"/perusahaan/{firm.payer.pk}/riwayat"))


def test_same_as_last_month_is_one_click_and_one_bill(hr: Client, firm: Firm, new_rows: Rows) -> None:
    firm.tell("new_workers", new_rows(2))
    firm.close()
    for _ in range(2):
        assert hr.post(f"/perusahaan/{firm.payer.pk}/sama", {"bulan": "2026-02"}).status_code == 302
    assert MonthClosing.objects.count() == 2
    assert firm.charged(date(2026, 2, 1)) == firm.charged()


def test_a_faulty_row_is_mended_in_its_place(hr: Client, firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(2)
    right = rows[0]["nik"]
    rows[0]["nik"] = right[:-1]
    report = firm.send("new_workers", rows)
    row = WageReportRow.objects.get(report=report, outcome="to_fix")
    assert f"/perusahaan/baris/{row.pk}" in text_of(hr.get(f"/perusahaan/laporan/{report.pk}"))
    shown = hr.get(f"/perusahaan/baris/{row.pk}")
    assert "NIK berisi 15 angka" in text_of(shown)
    again = hr.post(f"/perusahaan/baris/{row.pk}", {**row.data, "nik": "12"})
    assert again.status_code == 302, "still wrong: its own new row"
    newest = WageReportRow.objects.get(corrects=row)
    done = hr.post(f"/perusahaan/baris/{newest.pk}", {**newest.data, "nik": right})
    assert done["Location"] == f"/perusahaan/laporan/{report.pk}"
    assert WageReport.objects.get().rows_to_fix == 0
    assert AccessEntry.objects.filter(subject__startswith="wage_report_row").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"nik;nama\n1;2\n"])
def test_a_file_that_is_no_workbook_comes_back_with_the_way_out(hr: Client, firm: Firm, content: bytes) -> None:
    answer = hr.post(
        f"/perusahaan/{firm.payer.pk}/unggah", {"month": "2026-01-01", "file": SimpleUploadedFile("x.xlsx", content)}
    )
    assert answer.status_code == 422 and not WageReport.objects.exists()
    assert 'class="error"' in answer.content.decode()


def test_a_leaver_is_reported_in_two_clicks(hr: Client, firm: Firm, new_rows: Rows) -> None:
    firm.tell("new_workers", new_rows(1, contract_end="31-01-2026", employment_status="PKWT"))
    employment = Employment.objects.get()
    page = text_of(hr.get(f"/perusahaan/{firm.payer.pk}?bulan=2026-02"))
    assert "Mungkin sudah berhenti" in page and f"/pekerja/{employment.pk}/berhenti" in page
    url = f"/perusahaan/{firm.payer.pk}/pekerja/{employment.pk}/berhenti"
    assert hr.get(url).status_code == 200
    assert hr.post(url, {"left_on": "31-31-2026", "reason": "PHK"}).status_code == 422
    assert hr.post(url, {"left_on": "2026-01-31", "reason": "Kontrak berakhir"}).status_code == 302
    employment.refresh_from_db()
    assert employment.left_on == date(2026, 1, 31)
    assert "Mungkin sudah berhenti" not in text_of(hr.get(f"/perusahaan/{firm.payer.pk}?bulan=2026-02"))


def test_the_files_go_on_to_sipp(hr: Client, firm: Firm, new_rows: Rows) -> None:
    firm.tell("new_workers", new_rows(2))
    wages = hr.get(f"/perusahaan/{firm.payer.pk}/sipp/wages?bulan=2026-01")
    assert wages["Content-Disposition"] == f'attachment; filename="template_upah_{firm.payer.npp}.xlsx"'
    assert read_wages(wages.content).rows.height == 2
    assert zipfile.ZipFile(io.BytesIO(hr.get(f"/perusahaan/{firm.payer.pk}/sipp/new_workers?bulan=2026-01").content))
    assert hr.get(f"/perusahaan/{firm.payer.pk}/sipp/leavers?bulan=2026-01").status_code == 404
    assert hr.get(f"/perusahaan/{firm.payer.pk}/sipp/apa?bulan=2026-01").status_code == 422


def test_an_accident_is_one_tap_away_and_told_once(hr: Client, firm: Firm, new_rows: Rows) -> None:
    firm.tell("new_workers", new_rows(1))
    employment = Employment.objects.get()
    url = f"/perusahaan/{firm.payer.pk}/pekerja/{employment.pk}/kecelakaan"
    assert url in text_of(hr.get(f"/perusahaan/{firm.payer.pk}/pekerja/{employment.pk}"))
    told = {
        "happened_on": "2026-02-20",
        "happened_at": "09:30",
        "place": "Pabrik",
        "story": "Tangan terjepit mesin pres.",
    }
    for _ in range(2):
        assert hr.post(url, told).status_code == 302
    notice = AccidentNotice.objects.get()
    assert notice.report_by == date(2026, 2, 22)
    assert "22 Februari 2026" in text_of(hr.get(url))
    assert hr.get(f"/perusahaan/kecelakaan/{notice.pk}/laporan").content.startswith(b"%PDF")
    assert hr.post(url, {**told, "happened_on": "2026-12-01"}).status_code == 422


def test_the_hr_of_another_employer_finds_nothing(hr: Client, rival: Client, firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(2)
    rows[0]["nik"] = rows[0]["nik"][:-1]
    report = firm.tell("new_workers", rows)
    row = WageReportRow.objects.get(report=report, outcome="to_fix")
    employment = Employment.objects.get()
    own, payer = f"/perusahaan/{firm.payer.pk}", firm.payer.pk
    worker = f"{own}/pekerja/{employment.pk}"
    pages = [
        own, f"{own}/unggah", f"{own}/pekerja", worker, f"{worker}/berhenti",
        f"{worker}/kecelakaan", f"{own}/riwayat", f"{own}/laporan", f"{own}/sipp/wages?bulan=2026-01",
        f"/perusahaan/laporan/{report.pk}", f"/perusahaan/baris/{row.pk}",
    ]  # fmt: skip
    assert {page: rival.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    acts = [
        (f"{own}/sama", {"bulan": "2026-01"}), (f"{own}/tutup", {"bulan": "2026-01"}),
        (f"/perusahaan/laporan/{report.pk}/terapkan", {}), (f"/perusahaan/laporan/{report.pk}/tarik", {"reason": "x"}),
        (f"/perusahaan/baris/{row.pk}", {"nik": "1"}),
        (f"{worker}/berhenti", {"left_on": "2026-02-01", "reason": "PHK"}),
    ]  # fmt: skip
    assert {url: rival.post(url, body).status_code for url, body in acts} == {url: 404 for url, _ in acts}
    # Under one's own address, with the other's worker.
    theirs = Payer.objects.exclude(pk=payer).get(npp="KR100002").pk
    assert rival.get(f"/perusahaan/{theirs}/pekerja/{employment.pk}").status_code == 404
    assert MonthClosing.objects.count() == 0


def test_an_hr_sees_no_page_of_the_offices(hr: Client, world: World) -> None:
    person = Person.objects.first()
    pages = ["/iuran/tagihan", "/iuran/peserta", "/klaim/", "/bantuan/", "/audit", "/cakupan/", "/buku-besar/"]
    seen = {page: hr.get(page).status_code for page in pages}
    assert set(seen.values()) <= {403, 404}, seen
    assert person is None or hr.get(f"/peserta/{person.pk}").status_code == 403


def test_an_account_without_employer_is_told_so(world: World) -> None:
    client = Client()
    client.force_login(make_user("tanpa", "company_hr", []))
    answer = client.get("/perusahaan/")
    assert answer.status_code == 404 and "belum dihubungkan" in text_of(answer)


def test_officers_see_the_reports_of_their_area(hr: Client, firm: Firm, new_rows: Rows, world: World) -> None:
    firm.send("new_workers", new_rows(1))
    officer = Client()
    officer.force_login(make_user("petugas", "regency_officer", [world.regency]))
    assert firm.payer.name in text_of(officer.get("/perusahaan/laporan"))
    assert officer.get(f"/perusahaan/{firm.payer.pk}").status_code == 200
    assert TODAY
