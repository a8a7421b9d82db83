"""A table out of CSV or Excel: rows of cells, whichever it was."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from lindung.formats.errors import FormatError
from lindung.formats.guard import check_workbook
from lindung.formats.headers import Field, Header, find_header

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 500_000
MAX_CELLS = 64
_DELIMITERS = ";,\t|"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equal length in file order, and the header found in them."""

    rows: list[list[object]]
    header: Header


def read_grid(content: bytes, fields: Sequence[Field], example: str) -> Grid:
    """The table with the best header. Raises FormatError when no sheet or separator gives one."""
    best: Grid | None = None
    for rows in _tables(content):
        width = max((len(row) for row in rows), default=0)
        even = [[*row, *[""] * (width - len(row))] for row in rows]
        header = find_header(even, fields)
        if header is not None and (best is None or len(header.columns) > len(best.header.columns)):
            best = Grid(even, header)
    if best is None:
        raise FormatError(
            "tanpa_judul_kolom",
            "Baris judul kolom tidak ditemukan.",
            f"Beri judul di atas tabel, satu judul per kolom, contoh: {example}.",
        )
    return best


def _tables(content: bytes) -> list[list[list[object]]]:
    if content.startswith(b"PK\x03\x04"):
        return _sheets(content)
    return _separated(content)


def _sheets(content: bytes) -> list[list[list[object]]]:
    facts = check_workbook(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            [list(row) for row in book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)]
            for sheet in facts.sheets
            if sheet.count.cells > 1
        ]
    except (CalamineError, ValueError, OSError) as error:
        raise FormatError("rusak", "Berkas Excel ini tidak dapat dibaca.", "Simpan ulang sebagai .xlsx.") from error


def _separated(content: bytes) -> list[list[list[object]]]:
    """The text once for each separator it may have."""
    if not content.strip():
        raise FormatError("kosong", "Berkas ini kosong.", "Unduh ulang berkas dari bank, lalu unggah lagi.")
    if len(content) > MAX_BYTES:
        raise FormatError("terlalu_besar", "Berkas ini lebih dari 50 MB.", "Bagi berkas menurut tanggal.")
    if b"\x00" in content[:4096]:
        raise FormatError(
            "bukan_teks",
            "Berkas ini bukan MT940, CSV, atau Excel (.xlsx).",
            "Unduh rekening koran dari bank dalam bentuk MT940 atau CSV.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return [rows for delimiter in _DELIMITERS if delimiter in text and (rows := _rows(text, delimiter))]


def _rows(text: str, delimiter: str) -> list[list[object]]:
    try:
        rows: list[list[object]] = [
            list(row[:MAX_CELLS]) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error:  # a quotation mark that never closes
        return []
    if len(rows) > MAX_ROWS:
        raise FormatError("terlalu_besar", "Berkas ini lebih dari 500.000 baris.", "Bagi berkas menurut tanggal.")
    return rows
