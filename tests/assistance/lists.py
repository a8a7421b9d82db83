"""Small proposal workbooks."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

GOOD: dict[str, Any] = {
    "Kode Baris": "", "NIK": "", "Nama Lengkap": "", "Tempat Lahir": "Pontianak", "Tanggal Lahir": "", "L/P": "",
    "Nama Ibu Kandung": "", "Alamat": "Gg. Amanah", "RT/RW": "001/002", "Desa/Kelurahan": "", "Kecamatan": "",
    "Kabupaten/Kota": "Kubu Raya", "Pekerjaan": "Petani", "No. HP": "08000000000", "Keterangan": "",
}  # fmt: skip
FIRST_ROW = 3  # Excel row of the first person


def workbook(rows: list[dict[str, Any]], titles: list[str] | None = None) -> bytes:
    """A title, a header row, one row a person. A tuple is a formula and its result."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 5)})  # the same rows give the same bytes
    sheet = book.add_worksheet("Usulan")
    sheet.write_string(0, 0, "DAFTAR USULAN")
    for column, title in enumerate(titles or GOOD):
        sheet.write_string(1, column, title)
        for at, row in enumerate(rows, start=2):
            value = row.get(title, "")
            if isinstance(value, tuple):
                sheet.write_formula(at, column, value[0], None, value[1])
            elif isinstance(value, int):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
    book.close()
    return target.getvalue()
