"""Every downloaded list opens cleanly: texts stay texts, money and dates are numbers one can sum and sort."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from lindung.formats.guard import check_workbook
from lindung.formats.tables import Column, write_table

COLUMNS = [
    Column("NIK"), Column("Nama"), Column("Jumlah", "rupiah"), Column("Lahir", "date"), Column("Aktif"),
    Column("Bagian", "percent"),
]  # fmt: skip


def test_values_keep_their_kind() -> None:
    row = ("6112034107850001", "=HYPERLINK(1)", 16_800, date(1985, 3, 12), True, 0.25)
    data = write_table("Daftar Peserta", ["Data per 27 Februari 2026"], COLUMNS, [row, (None, "", 0, None, False, 1)])
    assert check_workbook(data).sheets[0].count.formulas == 0
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["A1"].value == "Daftar Peserta"
    assert [cell.value for cell in sheet[4]] == [column.title for column in COLUMNS]
    assert sheet["A5"].value == "6112034107850001"
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["C5"].value == 16_800
    assert "Rp" in sheet["C5"].number_format
    assert sheet["D5"].value == datetime(1985, 3, 12)
    assert (sheet["E5"].value, sheet["E6"].value, sheet["A6"].value) == ("ya", "tidak", None)
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:F6"


def test_a_list_without_rows_and_a_moment_with_a_zone() -> None:
    data = write_table("Kosong", [], COLUMNS, [])
    assert openpyxl.load_workbook(io.BytesIO(data)).active.auto_filter.ref == "A3:F3"
    moment = write_table("Waktu", [], [Column("Saat", "date")], [(datetime(2026, 2, 27, 9, tzinfo=UTC),)])
    assert openpyxl.load_workbook(io.BytesIO(moment)).active["A4"].value == datetime(2026, 2, 27, 9)


def test_a_row_with_too_few_values_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="zip"):
        write_table("X", [], COLUMNS, [("a",)])
