"""The files of the demonstration, laid out as offices lay them out: letterhead, merged headings, group titles, totals
and a signature, so that what reads them meets what it will meet in the field."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Final
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from lindung.web.demo.listing import COLUMNS, Cell, Cells, Formula, ListRow, mistyped_row, right_row
from lindung.web.demo.people import DemoData
from lindung.web.demo.population import KORAN_TEACHER, Population, villages

ROW_CODE_HEADING = "Kode Baris"
_LETTERHEAD: Final = (
    "PEMERINTAH KABUPATEN KUBU RAYA",
    "SEKRETARIAT DAERAH",
    "Jalan Adisucipto Km. 14,2 Sungai Raya (CONTOH: semua orang dalam daftar ini rekaan)",
)
_TITLE: Final = (
    "DAFTAR USULAN PENERIMA BANTUAN IURAN JAMINAN SOSIAL KETENAGAKERJAAN",
    "PROGRAM JKK DAN JKM TAHUN ANGGARAN 2026",
)
_HEADING_ROW = 7  # 0-based; the row of the groups, the columns' own names below it, then their numbers
_FIRST_ROW = _HEADING_ROW + 3
_HELP: Final = (
    "PETUNJUK PENGISIAN",
    "1. NIK diisi 16 angka sesuai KTP, sebagai teks.",
    "2. Nama dan nama ibu kandung sesuai KTP dan KK.",
    "3. Tanggal lahir: tanggal/bulan/tahun, contoh 17/08/1979.",
    "4. Desa dan kecamatan tempat tinggal sekarang, bukan tempat lahir.",
    "5. Keterangan: aktif bekerja, atau alasan tidak bekerja.",
    "6. Orang yang sudah dibayari perusahaan atau desa tidak perlu diusulkan lagi.",
)


def list_layout(rows: Sequence[ListRow]) -> Iterator[tuple[int, str | ListRow]]:
    """(0-based sheet row, group title or list row) in order; a blank row stands before every group but the first."""
    at, section = _FIRST_ROW, None
    for row in rows:
        if row.section != section:
            at += 1 if section is not None else 0
            section = row.section
            yield at, section
            at += 1
        yield at, row
        at += 1


def row_numbers(data: DemoData) -> dict[int, ListRow]:
    """The list's rows by their row number in the workbook, as Excel counts (from 1)."""
    return {at + 1: row for at, row in list_layout(data.rows) if isinstance(row, ListRow)}


def proposal_workbook(data: DemoData) -> bytes:
    """The list of 2026 as the office sends it."""
    target, book = _new_book()
    sheet = book.add_worksheet("Usulan 2026")
    styles = _styles(book)
    _write_head(sheet, styles, list(COLUMNS))
    number = last = 0
    for last, item in list_layout(data.rows):
        if isinstance(item, str):
            sheet.merge_range(last, 0, last, len(COLUMNS), item, styles["group"])
        else:
            number += 1
            sheet.write_number(last, 0, number, styles["cell"])
            _write_cells(sheet, last, item.cells, styles)
    _write_end(sheet, styles, last + 2, number)
    _write_help(book)
    book.close()
    return target.getvalue()


def corrected_workbook(data: DemoData, row_codes: Mapping[int, str]) -> bytes:
    """The rows that could be mended, mended, under the same heading with the row codes they came back with.

    `row_codes` gives the code of each row by its row number in the first workbook; rows without one stay out."""
    target, book = _new_book()
    sheet = book.add_worksheet("Perbaikan")
    styles = _styles(book)
    _write_head(sheet, styles, [*COLUMNS, "row_code"])
    mended = [
        (row_codes[number], row.mended)
        for number, row in row_numbers(data).items()
        if row.mended is not None and number in row_codes
    ]
    for at, (code, cells) in enumerate(mended):
        sheet.write_number(_FIRST_ROW + at, 0, at + 1, styles["cell"])
        _write_cells(sheet, _FIRST_ROW + at, cells, styles)
        sheet.write_string(_FIRST_ROW + at, len(COLUMNS) + 1, code, styles["cell"])
    book.close()
    return target.getvalue()


def deaths_workbook(data: DemoData) -> bytes:
    """The civil registry's list of deaths, shorter and plainer than the proposal."""
    headings = (
        ("No", 5), ("NIK", 20), ("Nama Lengkap", 28), ("L/P", 5), ("Tanggal Lahir", 14), ("Tanggal Meninggal", 18),
        ("Nomor Akta Kematian", 26), ("Desa/Kelurahan", 22), ("Kecamatan", 18),
    )  # fmt: skip
    target, book = _new_book()
    sheet = book.add_worksheet("Kematian Februari 2026")
    styles = _styles(book)
    titles = (
        "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL KABUPATEN KUBU RAYA",
        "DATA KEMATIAN S.D. 22 FEBRUARI 2026 (CONTOH)",
    )
    for at, title in enumerate(titles):
        sheet.merge_range(at, 0, at, len(headings) - 1, title, styles["title"])
    for column, (heading, width) in enumerate(headings):
        sheet.write_string(3, column, heading, styles["heading"])
        sheet.set_column(column, column, width)
    for number, death in enumerate(data.death_list, start=1):
        person = death.person
        cells: tuple[Cell, ...] = (
            number, person.nik, person.name, person.sex, person.birth_date, death.died_on, death.certificate,
            person.village.name, person.village.district,
        )  # fmt: skip
        for column, cell in enumerate(cells):
            _write_cell(sheet, 3 + number, column, cell, styles)
    book.close()
    return target.getvalue()


# The large list, for measuring


_FAULTS_OF_THE_LARGE_LIST: Final = (
    "nik_length", "nik_birth_mismatch", "missing_mother", "village_unknown", "birth_date_unreadable",
)  # fmt: skip


def big_workbook(rows: int = 100_000, seed: int = 1, fault_share: float = 0.04) -> bytes:
    """A list of many rows with the same columns and about that share of faulty rows, without groups; for measuring.

    The head is written cell by cell, the rows as XML in one stream: five times as fast."""
    many = _many_rows(rows, seed, fault_share)
    first = next(many)
    target, book = _new_book()
    sheet = book.add_worksheet("Usulan 2026")
    styles = _styles(book)
    _write_head(sheet, styles, list(COLUMNS))
    # A true date in the first row: the style it gets is the style of every date below.
    first_cells = {**first.cells, "birth_date": first.person.birth_date}
    sheet.write_number(_FIRST_ROW, 0, 1)
    _write_cells(sheet, _FIRST_ROW, first_cells, {"date": styles["date"]})
    book.close()
    return _with_rows(target.getvalue(), (row.cells for row in many))


_SHEET_PATH: Final = "xl/worksheets/sheet1.xml"
_DATE_COLUMN: Final = xl_col_to_name(1 + list(COLUMNS).index("birth_date"))


def _with_rows(book: bytes, rows: Iterable[Cells]) -> bytes:
    """The workbook with more rows at the end of its first sheet."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        xml = old.read(_SHEET_PATH).decode()
        style = re.search(rf'<c r="{_DATE_COLUMN}{_FIRST_ROW + 1}" s="(\d+)"', xml)
        if style is None:
            raise ValueError("the first row has no date")
        head, tail = xml.split("</sheetData>")
        for name in old.namelist():
            if name != _SHEET_PATH:
                new.writestr(name, old.read(name))
        with new.open(_SHEET_PATH, "w", force_zip64=True) as sheet:
            # The dimension names the head only; readers that trust it would stop there.
            sheet.write(re.sub(r"<dimension [^>]*/>", "", head).encode())
            for number, cells in enumerate(rows, start=_FIRST_ROW + 2):
                sheet.write(_row_xml(number, cells, style[1]).encode())
            sheet.write(f"</sheetData>{tail}".encode())
    return target.getvalue()


def _row_xml(number: int, cells: Cells, date_style: str) -> str:
    parts = [f'<row r="{number}"><c r="A{number}"><v>{number - _FIRST_ROW}</v></c>']
    for letter, field in _LETTERS:
        cell = cells[field]
        if isinstance(cell, str):
            if cell:
                parts.append(f'<c r="{letter}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        elif isinstance(cell, date):
            days = (cell - _EXCEL_EPOCH).days
            parts.append(f'<c r="{letter}{number}" s="{date_style}"><v>{days}</v></c>')
        else:
            parts.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    parts.append("</row>")
    return "".join(parts)


_LETTERS: Final = tuple((xl_col_to_name(column), field) for column, field in enumerate(COLUMNS, start=1))
_EXCEL_EPOCH: Final = date(1899, 12, 30)


def _many_rows(rows: int, seed: int, fault_share: float) -> Iterator[ListRow]:
    rng = Random(seed)
    population, places = Population(rng), villages()
    earlier: ListRow | None = None
    for _ in range(rows):
        person = population.person(KORAN_TEACHER, rng.choice(places))
        chance = rng.random() / fault_share if fault_share else 1.0
        if chance < 0.1 and earlier is not None:
            yield replace(earlier, fault="duplicate_in_file")
        elif chance < 1:
            yield mistyped_row(rng, person, "", rng.choice(_FAULTS_OF_THE_LARGE_LIST))
        else:
            earlier = right_row(rng, person, "")
            yield earlier


# How a sheet is written


def _new_book() -> tuple[io.BytesIO, xlsxwriter.Workbook]:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1)})  # the same list is the same file, byte for byte
    return target, book


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    border = {"border": 1, "valign": "vcenter"}
    return {
        "letterhead": book.add_format({"bold": True, "align": "center", "font_size": 13}),
        "title": book.add_format({"bold": True, "align": "center"}),
        "heading": book.add_format(
            {**border, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E8E5"}
        ),
        "number": book.add_format({**border, "italic": True, "align": "center", "font_size": 8}),
        "group": book.add_format({**border, "bold": True, "bg_color": "#EFEFEF"}),
        "cell": book.add_format(border),
        "date": book.add_format({**border, "num_format": "dd/mm/yyyy"}),
    }


def _write_head(sheet: Worksheet, styles: Mapping[str, Format], fields: Sequence[str]) -> None:
    """Letterhead, title and the heading of two rows with the columns' numbers below. Strictly from top to bottom."""
    last = len(fields)
    for at, line in enumerate(_LETTERHEAD):
        sheet.merge_range(at, 0, at, last, line, styles["letterhead"])
    for at, line in enumerate(_TITLE, start=4):
        sheet.merge_range(at, 0, at, last, line, styles["title"])
    sheet.set_column(0, 0, 6)
    sheet.merge_range(_HEADING_ROW, 0, _HEADING_ROW + 1, 0, "No", styles["heading"])
    for first, end, group in _groups(fields):
        if group:
            sheet.merge_range(_HEADING_ROW, first, _HEADING_ROW, end, group, styles["heading"])
        else:
            sheet.write_string(_HEADING_ROW, first, "", styles["heading"])
    for column, field in enumerate(fields, start=1):
        _, heading, width = COLUMNS.get(field, ("", ROW_CODE_HEADING, 20))
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADING_ROW + 1, column, heading, styles["heading"])
    for column in range(last + 1):
        sheet.write_string(_HEADING_ROW + 2, column, f"({column + 1})", styles["number"])


def _groups(fields: Iterable[str]) -> list[tuple[int, int, str]]:
    """(first column, last column, heading) of each group of neighbouring columns."""
    groups: list[tuple[int, int, str]] = []
    for column, field in enumerate(fields, start=1):
        heading = COLUMNS[field][0] if field in COLUMNS else ""
        if groups and groups[-1][2] == heading:
            groups[-1] = (groups[-1][0], column, heading)
        else:
            groups.append((column, column, heading))
    return groups


def _write_cells(sheet: Worksheet, at: int, cells: Cells, styles: Mapping[str, Format]) -> None:
    for column, field in enumerate(COLUMNS, start=1):
        _write_cell(sheet, at, column, cells[field], styles)


def _write_cell(sheet: Worksheet, at: int, column: int, cell: Cell, styles: Mapping[str, Format]) -> None:
    plain = styles.get("cell")
    if isinstance(cell, str):
        sheet.write_string(at, column, cell, plain)
    elif isinstance(cell, date):
        sheet.write_datetime(at, column, cell, styles["date"])
    elif isinstance(cell, Formula):
        sheet.write_formula(at, column, cell.text, plain, cell.result)
    else:
        sheet.write_number(at, column, cell, plain)


def _write_end(sheet: Worksheet, styles: Mapping[str, Format], at: int, people: int) -> None:
    """The total and the signature block."""
    sheet.merge_range(at, 0, at, 2, "JUMLAH", styles["group"])
    sheet.write_string(at, 3, f"{people:,} orang".replace(",", "."), styles["group"])
    for offset, line in enumerate(
        (
            "Sungai Raya, 5 Januari 2026",
            "Kepala Bagian Kesejahteraan Rakyat,",
            "",
            "",
            "CONTOH PEJABAT",
            "NIP 00000000 000000 0 000",
        )
    ):
        sheet.write_string(at + 2 + offset, 11, line)


def _write_help(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Petunjuk")
    sheet.set_column(0, 0, 90)
    for at, line in enumerate(_HELP):
        sheet.write_string(at, 0, line)
