"""Finding the table in a sheet, and which column is what, as offices really draw them.

A list from an office has a letterhead, a title, a header of one to three rows with merged cells, a
row of column numbers, and a signature block at the end.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lindung.formats.errors import FormatError

SEARCHED_ROWS = 80
HEADER_DEPTH = 3
GROUP_WIDTH = 3  # a group title stands over a few columns; one farther to the left is another group's
_NOISE = re.compile(r"[^a-z0-9]+")
# A title that names somebody or something else than the person of the row is never the person's own column.
_OTHER_PERSON = re.compile(
    r"\b(ahli waris|suami|istri|pasangan|kepala keluarga|penanggung|pelapor|saksi|anak|email|perusahaan|usaha|kerja)\b"
)

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Field:
    """One column a list may have: its name in code, its Indonesian label, and how offices write it."""

    name: str
    label: str
    titles: tuple[str, ...]
    starts: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is: Excel row number, and for each field its column (from 0) and title."""

    row: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...]


def normalise(title: object) -> str:
    """ "No. KTP *" -> "no ktp": lower case, letters and digits only, single spaces."""
    text = unicodedata.normalize("NFKC", str(title)).lower() if title is not None else ""
    return _NOISE.sub(" ", text).strip()


def field_of(title: object, fields: Sequence[Field]) -> str | None:
    """The field a title names, or None. An exact known title wins over a known beginning."""
    text = normalise(title)
    if not text or len(text) > 80:
        return None
    for field in fields:
        if text in field.titles:
            return field.name
    if _OTHER_PERSON.search(text):
        return None
    for field in fields:
        if any(text.startswith(start + " ") for start in field.starts):
            return field.name
    return None


def find_header(rows: Sequence[Row], fields: Sequence[Field]) -> Header | None:
    """The best header among the first rows, or None if no row names two fields.

    A title above a blank cell counts for it (merged header cells keep their text in the top row).
    """
    best: Header | None = None
    for index in range(min(len(rows), SEARCHED_ROWS)):
        candidate = _read_header(rows, index, fields)
        if len(candidate.columns) >= 2 and (best is None or len(candidate.columns) > len(best.columns)):
            best = candidate
    return best


def _read_header(rows: Sequence[Row], index: int, fields: Sequence[Field]) -> Header:
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    unknown: list[str] = []
    own = 0
    for column in range(len(rows[index])):
        above, value = _title_at(rows, index, column)
        if value is None:
            continue
        name = field_of(value, fields)
        group = _group_above(rows, index, column) if name is None and above == 0 else None
        if group is not None and (name := field_of(f"{value} {group}", fields)) is not None:
            value = f"{value} {group}"
        if name is None or name in columns:
            unknown.append(str(value).strip())
        else:
            columns[name], titles[name] = column, " ".join(str(value).split())
            own += above == 0
    # A row with no title of its own is data below a header, seen through its blanks.
    return Header(index + 1, columns if own >= 2 else {}, titles, tuple(unknown[:40]))


def _title_at(rows: Sequence[Row], index: int, column: int) -> tuple[int, object]:
    """How many rows above `index` the column's title stands, and the title; (0, None) if there is none."""
    for above in range(min(HEADER_DEPTH, index + 1)):
        value = rows[index - above][column]
        if normalise(value):
            return above, value
    return 0, None


def _group_above(rows: Sequence[Row], index: int, column: int) -> object:
    """The group title over a column ("Lahir" over "Tempat" and "Tanggal"): a merged cell's text is at its left."""
    if index == 0:
        return None
    return next(
        (value for value in reversed(rows[index - 1][max(column - GROUP_WIDTH, 0) : column + 1]) if normalise(value)),
        None,
    )


def missing_columns(header: Header | None, fields: Sequence[Field], example: str) -> FormatError | None:
    """What to say when the table or one of its required columns is not there."""
    if header is None:
        return FormatError(
            "tanpa_judul_kolom",
            "Baris judul kolom tidak ditemukan di lembar mana pun.",
            f"Beri judul di atas tabel, satu judul per kolom, contoh: {example}.",
        )
    missing = [f.label for f in fields if f.required and f.name not in header.columns]
    if not missing:
        return None
    found = ", ".join(f"“{title}”" for title in (*header.titles.values(), *header.unknown[:15]))
    return FormatError(
        "kolom_kurang",
        f"Kolom {' dan '.join(f'“{label}”' for label in missing)} tidak ada. "
        f"Judul yang ditemukan di baris {header.row}: {found}.",
        f"Tambahkan kolom itu atau perbaiki judulnya, contoh judul: {example}.",
    )
