"""Writing the workbooks SIPP takes: its sheets, its headers, every cell a text."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import polars as pl
import xlsxwriter

from lindung.formats.errors import FormatError
from lindung.formats.headers import normalise
from lindung.formats.sipp.columns import FIELDS, MAX_ROWS, Kind, version_of
from lindung.formats.tables import TEXT_CELL_LIMIT
from lindung.formats.words import number

_FILE_NAMES = {Kind.NEW_WORKERS: "template_tk", Kind.WAGES: "template_upah", Kind.LEAVERS: "template_tk_na"}
_FIELD_OF = {spelling: field.name for field in FIELDS for spelling in field.titles}
_WIDTH = 20
_GUIDE: tuple[tuple[str, str], ...] = (
    ("NOMOR_IDENTITAS", "NIK 16 angka sesuai KTP, atau nomor paspor. Wajib."),
    ("NAMA_LENGKAP", "Nama lengkap sesuai KTP. Wajib."),
    ("TANGGAL_LAHIR", "hari-bulan-tahun, contoh 31-12-1992. Wajib."),
    ("JENIS_IDENTITAS", "KTP atau PASSPORT."),
    ("MASA_LAKU_IDENTITAS", "hari-bulan-tahun; KTP seumur hidup: 31-12-3000."),
    ("JENIS_KELAMIN", "L (laki-laki) atau P (perempuan)."),
    ("SURAT_MENYURAT_KE", "S (alamat) atau E (email)."),
    ("TANGGAL_KEPESERTAAN", "Dikosongkan; diisi oleh BPJS Ketenagakerjaan."),
    ("STATUS_KAWIN", "Y (kawin) atau T (belum kawin)."),
    ("GOLONGAN_DARAH", "A, B, AB atau O."),
    ("KODE_NEGARA", "ID untuk Indonesia."),
    ("UPAH", "Upah pokok dan tunjangan tetap sebulan, rupiah, angka saja, contoh 3500000."),
    ("LOKASI_PEKERJAAN", "Kode dari lembar LOKASI_PEKERJAAN."),
    ("STATUS_PEGAWAI", "PKWT (waktu tertentu) atau PKWTT (tetap)."),
    ("TGL_AKHIR_KONTRAK", "Diisi untuk PKWT."),
)


def file_name(kind: Kind, npp: str) -> str:
    """The name SIPP gives the file and wants it back under: template_upah_24101780.xlsx."""
    return f"{_FILE_NAMES[kind]}_{''.join(letter for letter in npp if letter.isalnum())}.xlsx"


def write_new_workers(
    rows: pl.DataFrame, version: str = "lengkap-30", locations: Sequence[tuple[str, str]] = ()
) -> bytes:
    """ "Data TK Baru" with its three sheets. `rows`: columns of SippTable.rows, those that are there.

    `locations`: (code, name) of the places of work for the third sheet. Raises FormatError
    `terlalu_banyak_baris` above 10,000 rows.
    """
    return _write(rows, version, locations)


def write_wages(rows: pl.DataFrame) -> bytes:
    """The month's wages. Raises FormatError `terlalu_banyak_baris` above 10,000 rows."""
    return _write(rows, "upah-10")


def write_leavers(rows: pl.DataFrame, version: str = "tk-na-6") -> bytes:
    """Those who left. Raises FormatError `terlalu_banyak_baris` above 10,000 rows."""
    return _write(rows, version)


def _write(rows: pl.DataFrame, version_code: str, locations: Sequence[tuple[str, str]] = ()) -> bytes:
    if rows.height > MAX_ROWS:
        raise FormatError(
            "terlalu_banyak_baris",
            f"SIPP menerima paling banyak {number(MAX_ROWS)} baris dalam satu berkas; daftar ini "
            f"{number(rows.height)} baris.",
            f"Bagi daftar menjadi beberapa berkas, masing-masing paling banyak {number(MAX_ROWS)} baris.",
        )
    version = version_of(version_code)
    names = [_FIELD_OF.get(normalise(title)) for title in version.titles]
    identity = [name for name in ("id_number", "nik") if name in rows.columns]
    if identity:
        rows = rows.with_columns(pl.coalesce(identity).alias("id_number"))
    if "first_name" in names and "name" in rows.columns:  # SIPP takes the whole name in the first of the three
        rows = rows.with_columns(pl.col("name").alias("first_name"))
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"constant_memory": True, "strings_to_formulas": False})
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#D9E6E3"})
    if version.sheet == "data_tk_baru":
        _plain_sheet(book, "Petunjuk Pengisian", text, (("KOLOM", "PETUNJUK"), *_GUIDE))
    page = book.add_worksheet(version.sheet)
    page.set_column(0, len(names) - 1, _WIDTH, text)
    for column, title in enumerate(version.titles):
        page.write_string(0, column, title, head)
    present = [(column, name) for column, name in enumerate(names) if name is not None and name in rows.columns]
    for row, values in enumerate(rows.select([name for _, name in present]).iter_rows(), start=1):
        for (column, name), value in zip(present, values, strict=True):
            if value is not None and (written := _text_of(name, value)):
                page.write_string(row, column, written, text)
    if version.sheet == "data_tk_baru":
        _plain_sheet(book, "LOKASI_PEKERJAAN", text, (("KODE", "NAMA"), *locations))
    page.activate()
    book.close()
    return output.getvalue()


def _plain_sheet(book: xlsxwriter.Workbook, name: str, text: object, rows: Iterable[tuple[str, str]]) -> None:
    page = book.add_worksheet(name)
    page.set_column(0, 1, _WIDTH * 2)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            page.write_string(row, column, value, text)


def _text_of(name: str, value: object) -> str:
    """A date as dd-mm-yyyy, a month as mm/yyyy, rupiah without empty decimals."""
    if isinstance(value, date):
        return value.strftime("%m/%Y" if name == "month" else "%d-%m-%Y")
    if isinstance(value, Decimal):
        return str(int(value)) if value == int(value) else str(value)
    return str(value)[:TEXT_CELL_LIMIT]
