"""Reading SIPP workbooks: any of their header versions, in any column order, and what offices make of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from lindung.formats.amounts import read_amounts
from lindung.formats.errors import FormatError
from lindung.formats.guard import check_workbook
from lindung.formats.headers import Header, normalise
from lindung.formats.lists import RawList, list_header, read_list
from lindung.formats.sipp.columns import (
    CODES,
    FIELDS,
    LABELS,
    MAX_ROWS,
    OTHER_VERSION,
    REASONS,
    VERSIONS,
    Kind,
    Version,
)
from lindung.formats.values import EXACT_DIGITS, date_columns, sex_column

EXAMPLE = "NOMOR_IDENTITAS, NAMA_LENGKAP, TANGGAL_LAHIR, UPAH"
_DATES = ("birth_date", "id_valid_to", "member_since", "started_on", "contract_end", "left_on")
_MONEY = ("wage", "back_pay")
_LONG_NUMBERS = ("id_number", "kpj", "npwp", "phone")
_NUMBERS = (*_LONG_NUMBERS, *_MONEY, "postal_code")
_IDENTITY = {"id_number": (12, 17), "kpj": (8, 13)}
NIK_DIGITS, KPJ_DIGITS, POSTAL_DIGITS = 16, 11, 5

_PERSON = ("row_no", "employee_no", "kpj", "nik", "name", "birth_date")
COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.NEW_WORKERS: (
        *_PERSON, "id_type", "id_number", "id_valid_to", "birth_place", "mother_name", "sex", "phone", "email",
        "address", "postal_code", "marital", "blood", "npwp", "country", "wage", "wage_text", "back_pay", "wage_kind",
        "days", "location", "employment_status", "started_on", "contract_end", "degree", "home_area", "home_phone",
        "office_area", "office_phone", "office_extension", "mail_to", "member_since",
    ),
    Kind.WAGES: (*_PERSON, "worker_code", "wage", "wage_text", "back_pay", "wage_kind", "days", "month", "npp"),
    Kind.LEAVERS: (*_PERSON, "reason", "reason_code", "left_on", "note"),
}  # fmt: skip
# Without these columns there is nothing to report at all; identity is one of two columns.
_NEEDED: dict[Kind, tuple[str, ...]] = {Kind.NEW_WORKERS: (), Kind.WAGES: ("wage",), Kind.LEAVERS: ("reason",)}
# SIPP refuses a row without these.
_FILLED: dict[Kind, tuple[str, ...]] = {
    Kind.NEW_WORKERS: ("name", "birth_date", "sex", "wage", "location", "marital", "employment_status", "started_on"),
    Kind.WAGES: ("name", "wage"),
    Kind.LEAVERS: ("name", "reason", "left_on"),
}


@dataclass(frozen=True, slots=True)
class SippTable:
    """A SIPP workbook as read.

    `version`: a code of VERSIONS, or "lain" for another header with the same columns. `rows`: the columns
    of COLUMNS[kind] in file order; dates are dates, wages rupiah with two decimals, all else text; what the
    file lacks is null. `problems`: row_no, field, code (see problems.py), value as written; a row may have
    several. `missing`: titles of the kind's current version that the file lacks; `unknown`: titles that are
    nothing of SIPP's and were not read. `too_long`: SIPP itself would refuse so many rows.
    """

    kind: Kind
    version: str
    sheet: str
    header_row: int
    titles: dict[str, str]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: pl.DataFrame
    problems: pl.DataFrame
    blank_rows: int
    footer_rows: int
    other_sheets: tuple[str, ...]

    @property
    def too_long(self) -> bool:
        """More rows than SIPP takes in one file."""
        return self.rows.height > MAX_ROWS


def detect(content: bytes) -> tuple[Kind, str]:
    """Which report a workbook is, and in which header version; reads headers only. Raises FormatError."""
    header = list_header(content, check_workbook(content), FIELDS)
    if header is None:
        raise _not_sipp()
    return _kind_of(header), _version_of(header)


def read_new_workers(content: bytes) -> SippTable:
    """Read "Data TK Baru" (or "Data TK Lanjutan"). Raises FormatError if the workbook is something else."""
    return _of_kind(read(content), Kind.NEW_WORKERS)


def read_wages(content: bytes) -> SippTable:
    """Read the month's wages (template_upah). Raises FormatError if the workbook is something else."""
    return _of_kind(read(content), Kind.WAGES)


def read_leavers(content: bytes) -> SippTable:
    """Read those who left (TK_NA). Raises FormatError if the workbook is something else."""
    return _of_kind(read(content), Kind.LEAVERS)


def read(content: bytes) -> SippTable:
    """Read any SIPP workbook; its columns say which it is. Faulty rows are kept and told in `problems`."""
    raw = read_list(content, FIELDS, EXAMPLE, _IDENTITY, _NUMBERS)
    kind = _kind_of(raw.header)
    _check_needed(raw.header, kind)
    frame = _parsed(raw.frame)
    found = raw.header.columns.keys()
    standard = next(version for version in VERSIONS if version.kind is kind)
    spellings = {spelling: field.name for field in FIELDS for spelling in field.titles}
    have = found | ({"name"} if "first_name" in found else set())
    return SippTable(
        kind=kind,
        version=_version_of(raw.header),
        sheet=raw.sheet,
        header_row=raw.header.row,
        titles=dict(raw.header.titles),
        missing=tuple(title for title in standard.titles if spellings[normalise(title)] not in have),
        unknown=raw.header.unknown,
        rows=frame.select(COLUMNS[kind]),
        problems=_problems(frame, kind, have),
        blank_rows=raw.blank_rows,
        footer_rows=raw.footer_rows,
        other_sheets=_others(raw),
    )


def _others(raw: RawList) -> tuple[str, ...]:
    """Further lists in the workbook; the sheets SIPP itself adds are none."""
    own = {"petunjuk pengisian", "lokasi pekerjaan"}
    return tuple(name for name in raw.other_lists if normalise(name) not in own)


def _of_kind(table: SippTable, wanted: Kind) -> SippTable:
    if table.kind is wanted:
        return table
    names = {
        Kind.NEW_WORKERS: "Data TK Baru",
        Kind.WAGES: "upah (template_upah)",
        Kind.LEAVERS: "tenaga kerja nonaktif (TK_NA)",
    }
    raise FormatError(
        "berkas_lain",
        f"Berkas ini berkas {names[table.kind]}, bukan berkas {names[wanted]}.",
        f"Unggah berkas {names[wanted]}, atau pilih menu untuk {names[table.kind]}.",
    )


def _kind_of(header: Header) -> Kind:
    found = header.columns.keys()
    if "reason" in found:
        return Kind.LEAVERS
    if found & {"mother_name", "sex", "location", "started_on", "employment_status", "marital"}:
        return Kind.NEW_WORKERS
    if "wage" in found:
        return Kind.WAGES
    raise _not_sipp()


def _not_sipp() -> FormatError:
    return FormatError(
        "bukan_sipp",
        "Judul kolom SIPP tidak ditemukan di lembar mana pun.",
        f"Pakai templat dari SIPP atau Lindung; baris pertamanya memuat judul, contoh: {EXAMPLE}.",
    )


def _version_of(header: Header) -> str:
    titles = frozenset(normalise(title) for title in (*header.titles.values(), *header.unknown)) - {""}
    exact: Version | None = next((version for version in VERSIONS if version.key == titles), None)
    return exact.code if exact else OTHER_VERSION


def _check_needed(header: Header, kind: Kind) -> None:
    lacking = [LABELS[name] for name in _NEEDED[kind] if name not in header.columns]
    if not header.columns.keys() & _IDENTITY.keys():
        lacking.append("NOMOR_IDENTITAS (NIK) atau KPJ")
    if lacking:
        raise FormatError(
            "kolom_kurang",
            f"Kolom {' dan '.join(lacking)} tidak ada pada baris judul (baris {header.row}).",
            f"Tambahkan kolom itu atau perbaiki judulnya, contoh judul: {EXAMPLE}.",
        )


def _parsed(frame: pl.DataFrame) -> pl.DataFrame:
    """Typed columns beside the texts as written (`<field>_text`)."""
    typed = (*_DATES, *_MONEY, *CODES, *_LONG_NUMBERS, "sex", "postal_code", "name", "country", "month")
    frame = frame.rename({name: f"{name}_text" for name in typed} | {"row": "row_no"})
    frame = _by_value(frame, _DATES, date_columns)
    frame = _by_value(frame, [*CODES, "sex"], _codes)
    frame = frame.with_columns(*(series for name in _MONEY for series in _amounts(frame, name)))
    frame = frame.with_columns(
        *(_digits(name) for name in ("kpj", "npwp", "phone")),
        _identity(),
        _month(),
        _postal_code(),
        _name(),
        _reason(),
        _whole("days"),
    )
    is_nik = pl.col("id_type").is_null() | (pl.col("id_type") == "KTP")
    nationality = pl.col("nationality").str.to_uppercase()
    return frame.with_columns(
        pl.when(is_nik).then("id_number").alias("nik"),
        pl.coalesce(
            pl.col("country_text").str.to_uppercase(),
            pl.when(nationality.is_in(["WNI", "INDONESIA"])).then(pl.lit("ID")),
        ).alias("country"),
    )


def _by_value(frame: pl.DataFrame, names: Iterable[str], parse: Callable[[str, str], list[pl.Expr]]) -> pl.DataFrame:
    """Parse each different text once: a thousand workers have a few hundred birth dates and two sexes."""
    for name in names:
        text = f"{name}_text"
        values = frame.select(pl.col(text).unique()).with_columns(parse(text, name))
        frame = frame.join(values, on=text, how="left", nulls_equal=True, maintain_order="left")
    return frame


def _codes(text: str, name: str) -> list[pl.Expr]:
    return [sex_column(text) if name == "sex" else _code(name)]


def _amounts(frame: pl.DataFrame, name: str) -> list[pl.Series]:
    value, flag = read_amounts(frame[f"{name}_text"], frame[f"{name}_number"])
    return [value.alias(name), flag.alias(f"{name}_flag")]


def _code(name: str) -> pl.Expr:
    """The code SIPP takes for what the cell says; null where it is blank or says something else."""
    words = {word: code for code, spellings in CODES[name].items() for word in spellings}
    key = pl.col(f"{name}_text").str.to_lowercase().str.replace_all(r"[^a-z0-9+-]+", " ").str.strip_chars(" ")
    return key.replace_strict(words, default=None, return_dtype=pl.String).alias(name)


def _digits(name: str) -> pl.Expr:
    """Without what people put between digits. A mobile number kept as a number gets its zero back."""
    text = pl.col(f"{name}_text").str.replace_all(r"[\s'’`.\-/()\u00a0]", "")
    if name == "phone":
        text = text.str.replace(r"^\+?62", "0").str.replace(r"^8", "08")
    return text.alias(name)


def _identity() -> pl.Expr:
    """NIK or passport number: separators removed; scientific notation stays as it is, for its digits are gone."""
    text = pl.col("id_number_text")
    scientific = text.str.contains(r"^\d([.,]\d+)?[eE]\+?\d+$")
    return pl.when(scientific).then(text).otherwise(text.str.replace_all(r"[\s'’`.\-\u00a0]", "")).alias("id_number")


def _month() -> pl.Expr:
    """BLTH as the first of the month: 02-2026, 02/2026, 022026, 2026-02, 202602."""
    packed = pl.col("month_text").str.replace_all(r"[^0-9]", "")
    packed = pl.when(packed.str.len_chars() == 5).then(packed.str.zfill(6)).otherwise(packed)  # a number lost its zero
    year_first = packed.str.contains(r"^(?:19|20)\d{4}$") & packed.str.slice(4, 2).is_between(
        pl.lit("01"), pl.lit("12")
    )
    ordered = pl.when(year_first).then(packed).otherwise(packed.str.slice(2, 4) + packed.str.slice(0, 2))
    six = packed.str.len_chars() == 6
    iso_day = packed.str.slice(0, 6)  # a real date cell reads 2026-02-01
    chosen = pl.when(six).then(ordered).when(packed.str.len_chars() == 8).then(iso_day)
    return (chosen + "01").str.to_date("%Y%m%d", strict=False).alias("month")


def _postal_code() -> pl.Expr:
    text = pl.col("postal_code_text")
    padded = pl.when(pl.col("postal_code_number")).then(text.str.zfill(POSTAL_DIGITS)).otherwise(text)
    return padded.alias("postal_code")


def _name() -> pl.Expr:
    """The full name, or the three names of the older headers joined."""
    parts = pl.concat_str("first_name", "middle_name", "last_name", separator=" ", ignore_nulls=True)
    joined = pl.coalesce("name_text", parts).str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(joined != "").then(joined).alias("name")


def _reason() -> pl.Expr:
    """The first of REASONS whose words the text has."""
    key = pl.col("reason").str.to_lowercase()
    choices = [pl.when(key.str.contains_any(list(words))).then(pl.lit(code)) for code, words in REASONS.items()]
    return pl.coalesce(choices).alias("reason_code")


def _whole(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32, strict=False).alias(name)


def _problems(frame: pl.DataFrame, kind: Kind, have: set[str]) -> pl.DataFrame:
    """Every rule as one filter over the columns; row order."""
    rules: list[tuple[str, str, pl.Expr]] = []
    columns = set(COLUMNS[kind])
    for name in _FILLED[kind]:
        if name in have and name not in _DATES and name not in _MONEY:
            text = f"{name}_text" if name in (*CODES, "sex") else name
            rules.append((name, "kosong", pl.col(text).is_null()))
    rules += _identity_rules(have)
    for name in (*_DATES, *_MONEY):
        if name in have and name in columns:
            skipped = pl.lit("" if name in _FILLED[kind] else "kosong")
            rules += [
                (name, code, (pl.col(f"{name}_flag") == code) & (pl.col(f"{name}_flag") != skipped))
                for code in ("kosong", "tidak_terbaca", "meragukan", "dibulatkan")
            ]
    for name in (*CODES, "sex", "month"):
        if name in have and name in columns:
            code = "tidak_terbaca" if name == "month" else "kode_tidak_dikenal"
            rules.append((name, code, pl.col(f"{name}_text").is_not_null() & pl.col(name).is_null()))
    if "wage" in columns:
        rules.append(("wage", "tidak_positif", pl.col("wage") <= 0))
    if kind is Kind.LEAVERS:
        rules.append(("reason", "meninggal", pl.col("reason_code") == "died"))
    found = [_found(frame, *rule) for rule in rules]
    return pl.concat([*found, _formulas(frame)]).sort("row_no", maintain_order=True)


def _identity_rules(have: set[str]) -> list[tuple[str, str, pl.Expr]]:
    """A person is told by NIK (or passport) or by KPJ; numbers of more than 15 digits lost their last ones."""
    is_nik = pl.col("nik").is_not_null()
    lost = {name: _lost(name) for name in ("id_number", "kpj", "npwp")}
    sixteen = pl.col("nik").str.contains(rf"^[0-9]{{{NIK_DIGITS}}}$")
    no_identity = pl.col("id_number").is_null() & pl.col("kpj").is_null()
    main = "id_number" if "id_number" in have else "kpj"
    kpj = pl.col("kpj")
    eleven = kpj.str.contains(rf"^[0-9]{{{KPJ_DIGITS}}}$")
    return [
        (main, "kosong", no_identity),
        *((name, "angka_hilang", condition) for name, condition in lost.items() if name in have),
        ("id_number", "bukan_16_angka", is_nik & ~sixteen & ~lost["id_number"]),
        ("id_number", "ganda", pl.col("id_number").is_not_null() & pl.col("id_number").is_duplicated()),
        ("kpj", "bukan_11_angka", kpj.is_not_null() & ~eleven & ~lost["kpj"]),
        ("kpj", "ganda", kpj.is_not_null() & kpj.is_duplicated()),
    ]


def _lost(name: str) -> pl.Expr:
    """The cell was a number of more digits than a spreadsheet keeps."""
    text = pl.col(f"{name}_text")
    scientific = text.str.contains(r"^\d([.,]\d+)?[eE]\+?\d+$")
    long = pl.col(f"{name}_number") & (pl.col(name).str.len_chars() > EXACT_DIGITS)
    return (scientific | long).fill_null(False)


def _found(frame: pl.DataFrame, field: str, code: str, condition: pl.Expr) -> pl.DataFrame:
    text = f"{field}_text" if f"{field}_text" in frame.columns else field
    return frame.filter(condition).select(
        "row_no", pl.lit(field).alias("field"), pl.lit(code).alias("code"), pl.col(text).alias("value")
    )


def _formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Values that come from formulas are not to be relied upon."""
    rows = frame.filter(pl.col("formula_fields").is_not_null()).explode("formula_fields")
    return rows.select(
        "row_no",
        pl.col("formula_fields").alias("field"),
        pl.lit("rumus").alias("code"),
        pl.lit(None, dtype=pl.String).alias("value"),
    )
