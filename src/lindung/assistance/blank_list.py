"""The blank list that offices fill in: headings the reader knows, two examples, and how to fill each column."""

from __future__ import annotations

import io

import xlsxwriter

_COLUMNS = (
    ("NIK", 20, "6112034107850001", "16 angka sesuai KTP, sebagai teks"),
    ("Nama Lengkap", 28, "Siti Aminah (contoh)", "sesuai KTP"),
    ("Tempat Lahir", 16, "Pontianak", "sesuai KTP"),
    ("Tanggal Lahir", 14, "01/07/1985", "tanggal/bulan/tahun"),
    ("L/P", 6, "P", "L laki-laki, P perempuan"),
    ("Nama Ibu Kandung", 24, "Halimah", "sesuai Kartu Keluarga"),
    ("Alamat", 28, "Gg. Amanah No. 5", "tempat tinggal sekarang"),
    ("RT/RW", 9, "003/001", "boleh kosong"),
    ("Desa/Kelurahan", 20, "Kuala Dua", "tempat tinggal sekarang"),
    ("Kecamatan", 18, "Sungai Raya", "tempat tinggal sekarang"),
    ("Kabupaten/Kota", 16, "Kubu Raya", "tempat tinggal sekarang"),
    ("Pekerjaan", 20, "Guru ngaji", "pekerjaan yang sedang dijalani"),
    ("No. HP", 15, "081200000000", "boleh kosong"),
    ("Keterangan", 24, "aktif bekerja", "boleh kosong; tulis bila sedang tidak bekerja"),
)
_BLANK_ROWS = 500


def blank_list() -> bytes:
    """The workbook (.xlsx): the guide, and a sheet to fill in. Its cells are texts, so that Excel keeps every digit."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "bg_color": "#D9E6E3", "border": 1, "text_wrap": True})
    sheet, guide = book.add_worksheet("Usulan"), book.add_worksheet("Petunjuk")
    guide.set_column(0, 2, 32)
    for at, title in enumerate(("Kolom", "Cara mengisi", "Contoh")):
        guide.write_string(0, at, title, heading)
    for column, (title, width, example, how) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, title, heading)
        for at, value in enumerate((title, how, example)):
            guide.write_string(column + 1, at, value)
    sheet.freeze_panes(1, 2)
    sheet.data_validation(1, 4, _BLANK_ROWS, 4, {"validate": "list", "source": ["L", "P"]})
    book.close()
    return target.getvalue()
