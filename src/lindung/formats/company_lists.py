"""Lists of companies from other offices: WLKP (Disnaker), NIB (OSS), tax, BPJS Kesehatan; Excel or CSV.

Columns are found by their titles, never by position. No row is dropped: what is wrong with a row is a fault of that
row, so that it can be shown and mended.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from lindung.formats.errors import FormatError
from lindung.formats.guard import MAX_CELLS, MAX_COLUMN, MAX_FILE, MEBIBYTE, check_workbook
from lindung.formats.headers import SEARCHED_ROWS, Field, Header, field_of, find_header, missing_columns, normalise
from lindung.formats.values import as_text, number_mask, text_series
from lindung.formats.words import number

EXAMPLE = "Nama Perusahaan, NIB, NPWP, Jumlah Tenaga Kerja"
NIB_DIGITS = 13
NPWP_DIGITS = 16  # the old 15 with a 0 before them
MAX_ROWS = 200_000
MAX_WORKERS = 1_000_000
_SHORT_ROW = 2  # a row with so few values, no company's name and no number is a total or a signature
_TOTAL = re.compile(r"^(sub ?)?(jumlah|total|grand total)\b")
_SIGNATURE = re.compile(r"^(mengetahui|kepala|ditetapkan|dibuat|nip\b|catatan|sumber|keterangan)")

FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        "Nama Perusahaan",
        ("nama perusahaan", "perusahaan", "nama badan usaha", "badan usaha", "nama usaha", "nama pemberi kerja",
         "pemberi kerja", "nama pelaku usaha", "nama pt", "nama perusahaan badan usaha", "nama"),
        required=True,
    ),
    Field(
        "nib",
        "NIB",
        ("nib", "no nib", "nomor nib", "nomor induk berusaha", "no induk berusaha", "nomor induk berusaha nib"),
    ),
    Field("npwp", "NPWP", ("npwp", "no npwp", "nomor npwp", "npwp perusahaan", "npwp badan", "npwp badan usaha")),
    Field(
        "npp",
        "NPP",
        ("npp", "no npp", "nomor npp", "nomor pendaftaran perusahaan", "npp bpjs ketenagakerjaan",
         "npp bpjs tk", "no pendaftaran perusahaan"),
    ),
    Field(
        "workers",
        "Jumlah Tenaga Kerja",
        ("jumlah tenaga kerja", "jumlah tk", "jumlah pekerja", "jumlah karyawan", "tenaga kerja", "total tenaga kerja",
         "total pekerja", "total tk", "jml tk", "jml tenaga kerja", "jml pekerja", "jumlah tki", "tki",
         "jumlah jumlah tenaga kerja", "jml jumlah tenaga kerja", "total jumlah tenaga kerja",
         "jumlah tenaga kerja jumlah", "jumlah tenaga kerja indonesia", "jumlah tenaga kerja orang"),
    ),
    Field(
        "workers_male",
        "Tenaga Kerja Laki-laki",
        ("l jumlah tenaga kerja", "lk jumlah tenaga kerja", "laki laki jumlah tenaga kerja", "pria jumlah tenaga kerja",
         "l tenaga kerja", "laki laki tenaga kerja", "tk laki laki", "jumlah tk laki laki", "tenaga kerja laki laki",
         "laki laki", "l"),
    ),
    Field(
        "workers_female",
        "Tenaga Kerja Perempuan",
        ("p jumlah tenaga kerja", "pr jumlah tenaga kerja", "perempuan jumlah tenaga kerja",
         "wanita jumlah tenaga kerja", "p tenaga kerja", "perempuan tenaga kerja", "tk perempuan",
         "jumlah tk perempuan", "tenaga kerja perempuan", "perempuan", "p"),
    ),
    Field(
        "wage_total",
        "Total Upah Sebulan",
        ("total upah", "jumlah upah", "total upah sebulan", "jumlah upah sebulan", "total upah per bulan",
         "upah total", "total gaji", "jumlah gaji"),
    ),
    Field(
        "wage_average",
        "Upah Rata-rata",
        ("upah rata rata", "rata rata upah", "rata rata upah sebulan", "gaji rata rata", "upah rata rata sebulan"),
    ),
    Field("kbli", "KBLI", ("kbli", "kode kbli", "kbli 5 digit", "kbli 2020")),
    Field(
        "size",
        "Skala Usaha",
        ("skala usaha", "skala", "skala perusahaan", "ukuran usaha", "uraian skala usaha", "kelas usaha"),
    ),
    Field(
        "address",
        "Alamat",
        ("alamat", "alamat perusahaan", "alamat usaha", "alamat lengkap", "alamat kantor", "lokasi usaha"),
    ),
    Field(
        "village",
        "Desa/Kelurahan",
        ("desa", "kelurahan", "desa kelurahan", "kelurahan desa", "kel desa", "desa kel", "kelurahan usaha",
         "nama desa"),
    ),
    Field("district", "Kecamatan", ("kecamatan", "kec", "kecamatan usaha", "nama kecamatan")),
    Field("contact", "Pimpinan", ("nama pimpinan", "pimpinan", "penanggung jawab", "nama penanggung jawab")),
    Field(
        "phone",
        "Telepon",
        ("no telp", "no telepon", "nomor telepon", "telepon", "telp", "no hp", "nomor hp", "hp", "no telp hp",
         "nomor telp"),
    ),
    Field("email", "Email", ("email", "e mail", "alamat email", "surel")),
)  # fmt: skip
_IDENTITIES = ("nib", "npwp", "npp")
_SIZES = {"mikro": "micro", "kecil": "small", "menengah": "medium", "besar": "large"}


@dataclass(frozen=True, slots=True)
class CompanySheet:
    """A list of companies as read.

    `frame` has, in file order: `row` (row number of the file); the texts `name`, `kbli`, `address`, `village`,
    `district`, `contact`, `phone`, `email`; the parsed `nib`, `npwp`, `npp` (digits; null when blank or unusable),
    `workers`, `wage_average` (rupiah a month), `size` (micro, small, medium, large); `faults` (codes); and `written`,
    what stood in the cells, for rows with faults. `columns` maps field to the title found, and with `header_row` says
    which shape of list it was."""

    sheet: str
    header_row: int
    columns: dict[str, str]
    unknown_titles: tuple[str, ...]
    frame: pl.DataFrame
    left_out: int
    other_lists: tuple[str, ...]


def read_companies(data: bytes) -> CompanySheet:
    """Read a list of companies (.xlsx or .csv bytes). Raises FormatError when there is no such list in it."""
    sheets = _text_rows(data) if _is_text(data) else _workbook_rows(data)
    sheet, header, rows, others = _best(sheets)
    body = rows[header.row :]
    if len(body) > MAX_ROWS:
        raise _too_many_rows()
    texts = _columns(body, header)
    kept = texts.filter(pl.Series(_is_company(row, header) for row in body)) if body else texts
    if kept.is_empty():
        raise FormatError(
            "tanpa_baris",
            "Daftar ini tidak berisi satu perusahaan pun.",
            "Isi satu perusahaan per baris di bawah judul kolom, lalu unggah lagi.",
        )
    return CompanySheet(
        sheet=sheet,
        header_row=header.row,
        columns=dict(header.titles),
        unknown_titles=header.unknown,
        frame=_parsed(kept),
        left_out=texts.height - kept.height,
        other_lists=others,
    )


def _is_text(data: bytes) -> bool:
    """Whether this is a CSV rather than something for the guard to judge."""
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or not data or b"\x00" in data[:4096]:
        return False
    return any(mark in data[:4096] for mark in (b",", b";", b"\t", b"|"))


_Sheets = list[tuple[str, list[list[object]]]]


def _text_rows(data: bytes) -> _Sheets:
    if len(data) > MAX_FILE:
        raise FormatError(
            "terlalu_besar",
            f"Berkas ini {number(len(data) // MEBIBYTE)} MB; paling besar {MAX_FILE // MEBIBYTE} MB.",
            "Bagi berkas menjadi beberapa bagian, lalu unggah satu per satu.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    delimiter = max(";,\t|", key=text[:8192].count)
    rows: list[list[object]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            rows.append(list(row[:MAX_COLUMN]))
            width = max(width, len(rows[-1]))
            # Rows are laid out as a full rectangle: one wide row makes all of them wide.
            if len(rows) > MAX_ROWS + SEARCHED_ROWS or len(rows) * width > MAX_CELLS:
                raise _too_many_rows()
    except csv.Error as error:
        raise FormatError(
            "csv_rusak",
            "Berkas CSV ini tidak dapat dibaca.",
            "Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi.",
        ) from error
    return [("CSV", [row + [None] * (width - len(row)) for row in rows])]


def _too_many_rows() -> FormatError:
    return FormatError(
        "terlalu_banyak_baris",
        f"Daftar ini terlalu panjang atau terlalu lebar; paling banyak {number(MAX_ROWS)} baris.",
        "Bagi daftar menurut kecamatan, lalu unggah satu per satu.",
    )


def _workbook_rows(data: bytes) -> _Sheets:
    facts = check_workbook(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            (sheet.name, [list(row) for row in workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)])
            for sheet in facts.sheets
            if sheet.count.cells >= 2
        ]
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own crash, which is no Exception
            raise _unreadable() from error
        raise


def _unreadable() -> FormatError:
    return FormatError(
        "rusak",
        "Berkas Excel ini tidak dapat dibaca.",
        "Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi.",
    )


def _best(sheets: _Sheets) -> tuple[str, Header, list[list[object]], tuple[str, ...]]:
    """The sheet whose header names most fields, then the longest; and the other sheets that hold such a list."""
    found = [(name, header, rows) for name, rows in sheets if (header := find_header(rows, FIELDS)) is not None]
    found.sort(key=lambda entry: (-len(entry[1].columns), -len(entry[2])))
    if problem := missing_columns(found[0][1] if found else None, FIELDS, EXAMPLE):
        raise problem
    complete = [name for name, header, _ in found if missing_columns(header, FIELDS, EXAMPLE) is None]
    name, header, rows = found[0]
    return name, header, rows, tuple(other for other in complete if other != name)


def _columns(body: list[list[object]], header: Header) -> pl.DataFrame:
    """The fields as texts, with `<identity>_number` where the cell was a number."""
    columns = [pl.Series("row", range(header.row + 1, header.row + 1 + len(body)), dtype=pl.Int32)]
    for field in FIELDS:
        index = header.columns.get(field.name)
        values = [None] * len(body) if index is None else [row[index] for row in body]
        columns.append(text_series(field.name, values))
        if field.name in _IDENTITIES:
            columns.append(number_mask(f"{field.name}_number", values))
    return pl.DataFrame(columns)


def _is_company(row: Sequence[object], header: Header) -> bool:
    """Not a blank row, a header that repeats, a row of column numbers, a total or the signature block."""
    texts = [text for text in (normalise(as_text(value)) for value in row) if text]
    mapped = [normalise(row[index]) for index in header.columns.values()]
    if not texts or not any(mapped):
        return False
    if all(text.isdigit() and len(text) <= 2 for text in texts) and len(texts) >= 3:
        return False
    if sum(field_of(row[index], FIELDS) == name for name, index in header.columns.items()) >= 2:
        return False
    named = normalise(row[header.columns["name"]])
    if _TOTAL.match(texts[0]) or _TOTAL.match(named) or _SIGNATURE.match(texts[0]):
        return False
    numbered = any(
        re.fullmatch(r"[\d ]+", normalise(row[header.columns[key]])) for key in _IDENTITIES if key in header.columns
    )
    return bool(named) or numbered or sum(map(bool, mapped)) > _SHORT_ROW


def _digits(field: str) -> pl.Expr:
    return pl.col(field).str.replace_all(r"[^0-9]", "").alias(field)


def _lost(field: str) -> pl.Expr:
    """Excel kept 15 digits and wrote the number in scientific notation."""
    return pl.col(field).str.contains(r"^\d([.,]\d+)?[eE]\+?\d+$").fill_null(False)


def _fault(condition: pl.Expr, code: str) -> pl.Expr:
    return pl.when(condition.fill_null(False)).then(pl.lit(code))


def _amount(field: str) -> pl.Expr:
    """`Rp 2.500.000`, `2500000`, `2,500,000.50`, `125 orang` → whole number, sen cut off; null when unreadable."""
    plain = pl.col(field).str.to_lowercase().str.replace_all(r"rp\.?|orang|org|\s|\u00a0", "")
    whole = plain.str.replace(r"[.,]\d{1,2}$", "").str.replace(r",-$", "")
    proper = whole.str.contains(r"^\d+$|^\d{1,3}([.,]\d{3})+$")
    return pl.when(proper).then(whole.str.replace_all(r"[.,]", "")).cast(pl.Int64, strict=False)


def _parsed(frame: pl.DataFrame) -> pl.DataFrame:
    written = pl.struct(*(field.name for field in FIELDS)).alias("written")
    frame = frame.with_columns(written, *(_lost(field).alias(f"{field}_lost") for field in _IDENTITIES))
    frame = frame.with_columns(
        *(pl.when(~pl.col(f"{field}_lost")).then(_digits(field)).alias(field) for field in ("nib", "npwp")),
        pl.when(~pl.col("npp_lost")).then(pl.col("npp").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")),
    )
    frame = frame.with_columns(
        # A number cell loses its leading zero; NIB and NPWP have fixed lengths, so it is known which digit it was.
        pl.when(pl.col("nib_number") & (pl.col("nib").str.len_chars() == NIB_DIGITS - 1))
        .then(pl.col("nib").str.zfill(NIB_DIGITS)).otherwise(pl.col("nib")).alias("nib"),
        _npwp().alias("npwp"),
        _amount("workers").alias("workers_read"),
        (_amount("workers_male").fill_null(0) + _amount("workers_female").fill_null(0)).alias("both"),
        _amount("wage_total").alias("total_read"),
        _amount("wage_average").alias("average_read"),
        pl.col("size").str.to_lowercase().str.extract(r"(mikro|kecil|menengah|besar)").replace_strict(
            _SIZES, default=None, return_dtype=pl.String).alias("size_read"),
    )  # fmt: skip
    counted = pl.coalesce("workers_read", pl.when(pl.col("workers").is_null() & (pl.col("both") > 0)).then("both"))
    frame = frame.with_columns(
        pl.when(counted <= MAX_WORKERS).then(counted).alias("count"),
        *(pl.when(pl.col(field) == "").then(None).otherwise(pl.col(field)).alias(field) for field in _IDENTITIES),
    )
    return _with_faults(frame).select(
        "row", "name", "nib", "npwp", "npp", pl.col("count").alias("workers"),
        pl.coalesce(
            "average_read", pl.when(pl.col("count") > 0).then(pl.col("total_read") // pl.col("count"))
        ).alias("wage_average"),
        pl.col("size_read").alias("size"), "kbli", "address", "village", "district", "contact", "phone", "email",
        "faults", pl.when(pl.col("faults").list.len() > 0).then("written").alias("written"),
    )  # fmt: skip


def _npwp() -> pl.Expr:
    """16 digits: the old 15 get their 0, a number cell its leading zeros back; all zeros is blank."""
    npwp, length = pl.col("npwp"), pl.col("npwp").str.len_chars()
    short = (length == NPWP_DIGITS - 1) | (pl.col("npwp_number") & (length == NPWP_DIGITS - 2))
    return (
        pl.when(npwp.str.contains(r"^0+$")).then(pl.lit(""))
        .when(short).then(npwp.str.zfill(NPWP_DIGITS))
        .otherwise(npwp)
    )  # fmt: skip


def _with_faults(frame: pl.DataFrame) -> pl.DataFrame:
    """Name each row's faults, and take the identities away that cannot be used."""
    nib, npwp = pl.col("nib"), pl.col("npwp")
    key = pl.col("name").map_elements(normalise, return_dtype=pl.String).fill_null("")
    frame = frame.with_columns(key.alias("key"))
    repeated = nib.is_not_null() & (pl.len().over("nib") > 1)
    one_name = pl.col("key").n_unique().over("nib") == 1
    first = pl.int_range(pl.len()).over("nib") == 0
    faults = [
        _fault(pl.col("key").str.len_chars() < 2, "name_missing"),
        _fault(pl.col("nib_lost"), "nib_lost_digits"),
        _fault(nib.str.len_chars() != NIB_DIGITS, "nib_length"),
        _fault(repeated & ~one_name, "nib_repeated"),
        _fault(repeated & one_name & ~first, "row_repeated"),
        _fault(pl.col("npwp_lost"), "npwp_lost_digits"),
        _fault(npwp.str.len_chars() != NPWP_DIGITS, "npwp_length"),
        _fault(pl.col("workers").is_not_null() & pl.col("count").is_null(), "workers_unreadable"),
        _fault(pl.col("wage_total").is_not_null() & pl.col("total_read").is_null(), "wage_unreadable"),
        _fault(pl.col("wage_average").is_not_null() & pl.col("average_read").is_null(), "wage_unreadable"),
        _fault(pl.col("size").is_not_null() & pl.col("size_read").is_null(), "size_unknown"),
    ]
    return frame.with_columns(
        pl.concat_list(faults).list.drop_nulls().list.unique(maintain_order=True).alias("faults"),
        pl.when(nib.str.len_chars() == NIB_DIGITS).then(nib).alias("nib"),
        pl.when(npwp.str.len_chars() == NPWP_DIGITS).then(npwp).alias("npwp"),
    )
