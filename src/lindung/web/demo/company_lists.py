"""The lists of companies that other offices send: WLKP from the labour office, NIB from OSS. Some companies on them are
not registered, one reports fewer workers than it told the labour office, one line is mistyped."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import xlsxwriter

from lindung.web.demo.employers import MILL, SHOP, STORE

UNREGISTERED: Final = (
    # name, NIB, village, district, workers
    ("PT Contoh Sawit Pakedai", "9120011110001", "Sungai Nipah", "Teluk Pakedai", 38),
    ("CV Contoh Tambak Kakap", "9120011110002", "Sungai Kakap", "Sungai Kakap", 14),
    ("UD Contoh Kayu Ambawang", "9120011110003", "Ambawang Kuala", "Sungai Ambawang", 7),
)
UNTOLD: Final = 9  # workers of the mill whom it told the labour office of, and does not report
_HEAD: Final = ("Nama Perusahaan", "NIB", "Desa/Kelurahan", "Kecamatan", "Jumlah Tenaga Kerja", "Telepon")
_HOME: Final = ("Sungai Raya", "Sungai Raya")


def wlkp_workbook() -> bytes:
    """The labour office's list (wajib lapor ketenagakerjaan perusahaan)."""
    registered = (
        (MILL.name, MILL.nib, *_HOME, MILL.workers + UNTOLD),
        (SHOP.name, SHOP.nib, *_HOME, SHOP.workers),
        (STORE.name, STORE.nib, *_HOME, STORE.workers),
    )
    mistyped = ("UD Contoh Air Galon Rasau", "912001111", "Rasau Jaya Satu", "Rasau Jaya", 5)
    return _workbook("DAFTAR WAJIB LAPOR KETENAGAKERJAAN PERUSAHAAN (WLKP)", [*registered, *UNREGISTERED[:2], mistyped])


def nib_workbook() -> bytes:
    """The list of business numbers, without workers where the owner told none."""
    known = [(firm.name, firm.nib, *_HOME, None) for firm in (MILL, SHOP, STORE)]
    return _workbook("DAFTAR NOMOR INDUK BERUSAHA (NIB) BERBASIS RISIKO", [*known, *UNREGISTERED])


def _workbook(title: str, rows: Sequence[tuple[object, ...]]) -> bytes:
    """Letterhead, titles, numbered rows, a total and a signature, as offices write them."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Daftar")
    bold = book.add_format({"bold": True})
    for at, line in enumerate(("KABUPATEN KUBU RAYA (CONTOH: semua perusahaan rekaan)", title)):
        sheet.write_string(at, 0, line, bold)
    for column, heading in enumerate(("No", *_HEAD)):
        sheet.write_string(3, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(3 + number, 0, [number, *row, f"0812345{number:05d}"])
    sheet.write_row(5 + len(rows), 0, ["JUMLAH", "", "", "", "", sum(_workers(row) for row in rows)])
    sheet.write_string(7 + len(rows), 1, "Kepala Dinas")
    sheet.set_column(1, 6, 24)
    book.close()
    return target.getvalue()


def _workers(row: tuple[object, ...]) -> int:
    return row[4] if isinstance(row[4], int) else 0
