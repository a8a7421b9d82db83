"""The civil registry's list of deaths (daftar kematian Disdukcapil)."""

from dataclasses import dataclass

import polars as pl

from lindung.formats.headers import Field
from lindung.formats.lists import read_list
from lindung.formats.proposals import FIELDS as PERSON_FIELDS
from lindung.formats.proposals import split_place_date
from lindung.formats.values import date_columns, nik_columns

EXAMPLE = "NIK, Nama, Tanggal Lahir, Tanggal Meninggal, No. Akta"
_PERSON = ("nik", "name", "birth_place_date", "birth_place", "birth_date", "village", "district")

FIELDS: tuple[Field, ...] = (
    Field(
        "death_date",
        "Tanggal Meninggal",
        ("tanggal meninggal", "tgl meninggal", "tanggal kematian", "tgl kematian", "tanggal wafat", "tgl wafat",
         "tgl mati", "tanggal mati", "meninggal tanggal", "waktu kematian"),
        ("tanggal meninggal", "tgl meninggal", "tanggal kematian"),
        required=True,
    ),
    Field(
        "certificate_number",
        "No. Akta",
        ("no akta", "nomor akta", "no akta kematian", "nomor akta kematian", "no akte", "no akte kematian",
         "akta kematian", "nomor kutipan akta kematian"),
        ("no akta", "nomor akta"),
    ),
    Field("death_place", "Tempat Meninggal", ("tempat meninggal", "tempat kematian", "lokasi meninggal", "tempat")),
    Field("cause", "Sebab", ("sebab", "sebab kematian", "penyebab", "penyebab kematian", "sebab meninggal")),
    *(field for field in PERSON_FIELDS if field.name in _PERSON),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeathSheet:
    """A death list as read: `row`, the text columns, and parsed `nik`, `birth_date`, `death_date`.

    Flags as in ProposalSheet: `nik_as_number`, `nik_lost_digits`, `birth_date_flag`,
    `death_date_flag`, `formula_fields`.
    """

    sheet: str
    header_row: int
    columns: dict[str, str]
    frame: pl.DataFrame
    blank_rows: int
    footer_rows: int


def read_deaths(data: bytes) -> DeathSheet:
    """Read the registry's death workbook (.xlsx bytes). Raises FormatError."""
    raw = read_list(data, FIELDS, EXAMPLE)
    parsed = ("nik", "birth_date", "death_date")
    frame = split_place_date(raw.frame).rename({name: f"{name}_text" for name in parsed})
    frame = frame.with_columns(
        *nik_columns("nik_text", "nik_number"),
        *date_columns("birth_date_text", "birth_date"),
        *date_columns("death_date_text", "death_date"),
    )
    return DeathSheet(
        sheet=raw.sheet,
        header_row=raw.header.row,
        columns=dict(raw.header.titles),
        frame=frame.drop("nik_number", "birth_place_date"),
        blank_rows=raw.blank_rows,
        footer_rows=raw.footer_rows,
    )
