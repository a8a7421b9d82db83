"""Workbooks as offices send them, good and bad, for the tests."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("No", "NIK", "Nama Lengkap", "Tempat Lahir", "Tanggal Lahir", "JK", "Nama Ibu Kandung", "Desa", "Kecamatan")
PEOPLE: tuple[tuple[object, ...], ...] = (
    (1, "6112034107850001", "SUWITO", "PONTIANAK", "12-03-1985", "L", "AMINAH", "Kapur", "Sungai Raya"),
    (2, "6112036512900002", "SITI RAHMAH", "KUBU", "25/12/90", "Perempuan", "FATIMAH", "Kuala Dua", "Sungai Raya"),
    (3, "6112031005700003", "BUDI", "SANGGAU", "10 Mei 1970", "laki-laki", "RATNA", "Kubu", "Kubu"),
)


def saved(book: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def simple(
    rows: Iterable[Sequence[object]] = PEOPLE,
    header: Sequence[object] = HEADER,
    change: Callable[[Worksheet], object] | None = None,
) -> bytes:
    """A header in row 1 and the rows under it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Daftar"
    for row in (header, *rows):
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def shared(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """Texts in the shared table, as Excel itself saves them."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output)
    sheet = book.add_worksheet("Daftar")
    for at, row in enumerate((header, *rows)):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
    book.close()
    return output.getvalue()


def official() -> bytes:
    """Letterhead, merged header of two rows, column numbers, blank rows, a repeated header, total, signature."""
    book = openpyxl.Workbook()
    book.active.title = "Petunjuk"
    book.active.append(["Isi lembar Daftar dengan data warga", "NIK"])
    sheet = book.create_sheet("Daftar Nama")
    sheet["A1"] = "PEMERINTAH KABUPATEN KUBU RAYA"
    sheet.merge_cells("A1:I1")
    sheet["A2"] = "DAFTAR USULAN PENERIMA BANTUAN IURAN TAHUN 2026"
    sheet.merge_cells("A2:I2")
    for cell, title in {
        "A4": "No",
        "B4": "No. KTP",
        "C4": "Nama",
        "D4": "Kelahiran",
        "F4": "L/P",
        "G4": "Nama Ibu",
    }.items():
        sheet[cell] = title
    for merged in ("A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5", "H4:I4"):
        sheet.merge_cells(merged)
    sheet["D5"], sheet["E5"], sheet["H4"], sheet["H5"], sheet["I5"] = (
        "Tempat Lahir",
        "Tgl. Lahir",
        "Alamat",
        "Desa",
        "Kec.",
    )
    sheet.append([f"({n})" for n in range(1, 10)])
    sheet.append(list(PEOPLE[0]))
    sheet.append([])
    sheet.append(["No", "No. KTP", "Nama", "Tempat Lahir", "Tgl. Lahir", "L/P", "Nama Ibu", "Desa", "Kec."])
    sheet.append(list(PEOPLE[1]))
    sheet.append(["", "", "TANPA NIK", "KUBU", "01-01-1980", "P", "ANI", "Kubu", "Kubu"])
    sheet.append(["Jumlah", "", "3 orang"])
    sheet.append([])
    sheet.append(["", "", "", "", "", "", "Kepala Desa Kapur,"])
    sheet.append(["", "", "", "", "", "", "H. MAHMUD"])
    sheet.column_dimensions["C"].width = 31
    return saved(book)


def repacked(data: bytes, change: dict[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same zip with members replaced, added, or (None) removed."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(output, "w", compression) as made:
        for name in source.namelist():
            if name not in change:
                made.writestr(name, source.read(name))
        for name, content in change.items():
            if content is not None:
                made.writestr(name, content)
    return output.getvalue()


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read(name)
