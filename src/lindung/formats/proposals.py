"""The list of proposed people that a village or agency sends in (usulan penerima bantuan iuran)."""

from dataclasses import dataclass, replace

import polars as pl

from lindung.formats.headers import Field, missing_columns
from lindung.formats.lists import read_list
from lindung.formats.values import date_columns, nik_columns, sex_column

EXAMPLE = "NIK, Nama Lengkap, Tanggal Lahir"

BIRTH_DATE = Field(
    "birth_date",
    "Tanggal Lahir",
    ("tanggal lahir", "tgl lahir", "tgl lhr", "tanggal lhr", "tanggal kelahiran", "tgl kelahiran"),
    ("tanggal lahir", "tgl lahir"),
)

FIELDS: tuple[Field, ...] = (
    Field("row_code", "Kode Baris", ("kode baris",)),
    Field(
        "nik",
        "NIK",
        (
            "nik",
            "no nik",
            "nomor nik",
            "no ktp",
            "nomor ktp",
            "no ktp nik",
            "nik ktp",
            "no nik ktp",
            "ktp",
            "nomor induk kependudukan",
            "no induk kependudukan",
            "nomor identitas",
            "no identitas",
        ),
        ("nik", "nomor induk kependudukan", "no ktp"),
        required=True,
    ),
    Field("family_card", "No. KK", ("no kk", "nomor kk", "kk", "no kartu keluarga", "nomor kartu keluarga", "nkk")),
    Field(
        "mother_name",
        "Nama Ibu Kandung",
        ("nama ibu kandung", "nama ibu", "ibu kandung", "ibu", "nama gadis ibu kandung", "nm ibu kandung"),
        ("nama ibu kandung", "nama gadis ibu"),
    ),
    Field(
        "name",
        "Nama Lengkap",
        (
            "nama",
            "nama lengkap",
            "nama peserta",
            "nama pekerja",
            "nama penerima",
            "nama tenaga kerja",
            "nama lengkap peserta",
            "nm lengkap",
            "nama calon penerima",
            "nama calon peserta",
            "nama usulan",
            "nama almarhum",
            "nama jenazah",
        ),
        ("nama lengkap", "nama sesuai"),
        required=True,
    ),
    Field(
        "birth_place_date",
        "Tempat, Tanggal Lahir",
        (
            "tempat tanggal lahir",
            "tempat tgl lahir",
            "ttl",
            "tempat dan tanggal lahir",
            "tmpt tgl lahir",
            "tempat tgl lhr",
            "tempat dan tgl lahir",
        ),
        ("tempat tanggal lahir", "tempat tgl lahir"),
    ),
    Field("birth_place", "Tempat Lahir", ("tempat lahir", "tmp lahir", "tempat lhr", "kota lahir"), ("tempat lahir",)),
    BIRTH_DATE,
    Field(
        "sex",
        "Jenis Kelamin",
        ("jenis kelamin", "jk", "l p", "lp", "kelamin", "jns kelamin", "j k", "gender", "sex", "jenis kel"),
        ("jenis kelamin", "jk"),
    ),
    Field("sex_male", "L", ("l", "lk", "laki laki", "pria")),
    Field("sex_female", "P", ("p", "pr", "perempuan", "wanita")),
    Field(
        "address", "Alamat", ("alamat", "alamat lengkap", "alamat ktp", "alamat domisili", "alamat rumah"), ("alamat",)
    ),
    Field("rt", "RT", ("rt",)),
    Field("rw", "RW", ("rw",)),
    Field("rt_rw", "RT/RW", ("rt rw", "rtrw", "rt dan rw")),
    Field(
        "village",
        "Desa/Kelurahan",
        (
            "desa",
            "kelurahan",
            "desa kelurahan",
            "kelurahan desa",
            "desa kel",
            "kel desa",
            "nama desa",
            "kel",
            "nama desa kelurahan",
        ),
        ("desa kelurahan", "kelurahan desa"),
    ),
    Field("district", "Kecamatan", ("kecamatan", "kec", "nama kecamatan")),
    Field("regency", "Kabupaten", ("kabupaten", "kab", "kabupaten kota", "kab kota")),
    Field(
        "occupation",
        "Pekerjaan",
        (
            "pekerjaan",
            "profesi",
            "kelompok",
            "jenis pekerjaan",
            "mata pencaharian",
            "kelompok pekerja",
            "pekerjaan profesi",
            "bidang pekerjaan",
            "kategori pekerjaan",
            "profesi pekerjaan",
        ),
        ("pekerjaan", "jenis pekerjaan"),
    ),
    Field(
        "phone",
        "No. HP",
        (
            "no hp",
            "nomor hp",
            "hp",
            "no telp",
            "no telepon",
            "nomor telepon",
            "telepon",
            "no wa",
            "nomor wa",
            "no hp wa",
            "no handphone",
            "no telp hp",
            "no hp whatsapp",
            "kontak",
        ),
        ("no hp", "nomor hp"),
    ),
    Field(
        "work_start",
        "Tanggal Mulai Bekerja",
        ("tanggal mulai bekerja", "tgl mulai bekerja", "mulai bekerja", "tmt", "mulai kerja", "tanggal mulai kerja"),
    ),
    Field(
        "work_status",
        "Status Bekerja",
        ("status bekerja", "masih bekerja", "status kerja", "bekerja", "status pekerjaan"),
    ),
    Field(
        "income",
        "Penghasilan",
        ("penghasilan", "penghasilan per bulan", "pendapatan", "penghasilan bulan", "upah"),
        ("penghasilan", "pendapatan"),
    ),
    Field("note", "Keterangan", ("keterangan", "ket", "catatan")),
)

_PLACE_DATE = r"^(.*?)[\s,/]*(\d{1,2}[\s\-/.,].*|\d{4}-\d{1,2}-\d{1,2}|\d{8})$"


@dataclass(frozen=True, slots=True)
class ProposalSheet:
    """A proposal list as read.

    `frame` has, in file order: `row` (Excel row number); one text column per field of FIELDS with the
    value as it stood (for `nik`, `birth_date`, `sex` and `work_start` under `<field>_text`); and the
    parsed `nik`, `nik_as_number`, `nik_lost_digits`, `birth_date`, `birth_date_flag`, `sex`,
    `work_start`, `work_start_flag`, `formula_fields` (list of fields whose value is a formula and
    therefore not to be trusted). `columns` maps field to the title found. `other_lists`
    names the sheets that hold such a list too and were not read.
    """

    sheet: str
    header_row: int
    columns: dict[str, str]
    unknown_titles: tuple[str, ...]
    frame: pl.DataFrame
    blank_rows: int
    repeated_headers: int
    footer_rows: int
    other_lists: tuple[str, ...]


def read_proposals(data: bytes) -> ProposalSheet:
    """Read a proposal workbook (.xlsx bytes). Raises FormatError when it is not one.

    Errors inside rows are not raised: they are flags, so that every row can be sent back with its
    reason.
    """
    raw = read_list(data, FIELDS, EXAMPLE)
    if not {"birth_date", "birth_place_date"} & raw.header.columns.keys():
        raise missing_columns(raw.header, [replace(BIRTH_DATE, required=True)], EXAMPLE) or AssertionError
    frame = _sex_from_ticks(split_place_date(raw.frame))
    parsed = ("nik", "birth_date", "sex", "work_start")
    frame = frame.rename({name: f"{name}_text" for name in parsed}).with_columns(
        *nik_columns("nik_text", "nik_number"),
        *date_columns("birth_date_text", "birth_date"),
        *date_columns("work_start_text", "work_start"),
        sex_column("sex_text"),
    )
    return ProposalSheet(
        sheet=raw.sheet,
        header_row=raw.header.row,
        columns=dict(raw.header.titles),
        unknown_titles=raw.header.unknown,
        frame=frame.drop("nik_number", "birth_place_date", "sex_male", "sex_female"),
        blank_rows=raw.blank_rows,
        repeated_headers=raw.repeated_headers,
        footer_rows=raw.footer_rows,
        other_lists=raw.other_lists,
    )


def _sex_from_ticks(frame: pl.DataFrame) -> pl.DataFrame:
    """Two narrow columns L and P with a tick in one of them, as many forms have; both ticked says nothing."""
    male, female = pl.col("sex_male").is_not_null(), pl.col("sex_female").is_not_null()
    ticked = pl.when(male & ~female).then(pl.lit("L")).when(female & ~male).then(pl.lit("P"))
    return frame.with_columns(pl.coalesce("sex", ticked).alias("sex"))


def split_place_date(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill birth place and date from "Pontianak, 12 Maret 1985" where they have no column of their own."""
    groups = pl.col("birth_place_date").str.extract_groups(_PLACE_DATE)
    place = groups.struct.field("1")
    return frame.with_columns(
        pl.coalesce("birth_place", pl.when(place != "").then(place)).alias("birth_place"),
        pl.coalesce("birth_date", groups.struct.field("2"), "birth_place_date").alias("birth_date"),
    )
