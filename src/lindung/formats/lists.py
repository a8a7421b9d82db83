"""Reading a list of people out of an office's workbook: the part proposals and deaths share."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from lindung.formats.errors import FormatError
from lindung.formats.guard import WorkbookFacts, check_workbook, read_member
from lindung.formats.headers import SEARCHED_ROWS, Field, Header, field_of, find_header, missing_columns, normalise
from lindung.formats.sheet_head import first_rows
from lindung.formats.sheet_scan import formula_cells
from lindung.formats.values import number_mask, text_series

_TOTAL = re.compile(r"^(sub ?)?(jumlah|total|grand total)\b")
_SIGNATURE = re.compile(r"^(mengetahui|kepala desa|lurah|camat|kepala dinas|nip\b|ditetapkan|dibuat|catatan|ket\b)")
_SECTION = re.compile(r"^(kecamatan|kec|desa|kelurahan|dusun|kelompok|wilayah)\b")
FOOTER_CELLS = 2  # a row under the list with so few values, and no NIK, is not a person
# Fields that tell a person from a footer, with how many digits they have when somebody mistypes a few.
BY_NIK: Mapping[str, tuple[int, int]] = {"nik": (12, 17)}


@dataclass(frozen=True, slots=True)
class RawList:
    """A list as it stands: text columns, Excel row numbers, and what was left out and why."""

    sheet: str
    header: Header
    frame: pl.DataFrame
    blank_rows: int
    repeated_headers: int
    footer_rows: int
    other_lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: tuple[int, bool, int]
    sheet: str
    header: Header
    rows: list[list[object]]


def read_list(
    data: bytes,
    fields: Sequence[Field],
    example: str,
    identity: Mapping[str, tuple[int, int]] = BY_NIK,
    numbers: Collection[str] = ("nik",),
) -> RawList:
    """Guard the file, find sheet and header, and return the rows of people as text.

    The frame has `row` (Excel row number), one text column per field (null column if the file lacks
    it), for each field of `numbers` a `<field>_number` (the cell held a number, not a text) and
    `formula_fields` (fields whose value in that row comes from a formula). A row is a person's when
    one of the `identity` fields has so many digits. Raises FormatError.
    """
    facts = check_workbook(data)
    best, others = _best_sheet(data, facts, fields, example)
    sheet, header = best.sheet, best.header
    body = best.rows[header.row :]
    columns: list[pl.Series] = [pl.Series("row", range(header.row + 1, header.row + 1 + len(body)), dtype=pl.UInt32)]
    for field in fields:
        index = header.columns.get(field.name)
        values = [None] * len(body) if index is None else [row[index] for row in body]
        columns.append(text_series(field.name, values))
        if field.name in numbers:
            columns.append(number_mask(f"{field.name}_number", values))
    frame = pl.DataFrame(columns)
    kept = _leave_out(frame, body, sheet, header, fields, identity, _formulas(data, facts, sheet, header))
    return replace(kept, other_lists=others)


def list_header(data: bytes, facts: WorkbookFacts, fields: Sequence[Field]) -> Header | None:
    """The header that names most of these fields among the workbook's sheets; None when no sheet has one. Looks at the
    first rows only. Raises FormatError when the XML cannot be read."""
    found = _candidates(first_rows(data, facts, SEARCHED_ROWS), facts, fields)
    best = max(found, key=lambda candidate: candidate.rank, default=None)
    return best.header if best else None


def _candidates(data: bytes, facts: WorkbookFacts, fields: Sequence[Field]) -> Iterator[_Candidate]:
    """Every sheet with something like a header. A reader that gives up on the XML is a broken file."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in facts.sheets:
            if sheet.count.cells < 2:
                continue
            cells = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            rows = cast(list[list[object]], cells)
            header = find_header(rows, fields)
            if header is not None:
                yield _Candidate((len(header.columns), not sheet.hidden, len(rows)), sheet.name, header, rows)
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


def _best_sheet(
    data: bytes, facts: WorkbookFacts, fields: Sequence[Field], example: str
) -> tuple[_Candidate, tuple[str, ...]]:
    """The sheet whose header names most fields (visible before hidden, then the longest), and its rivals."""
    best: _Candidate | None = None
    complete: list[str] = []
    for candidate in _candidates(data, facts, fields):
        if missing_columns(candidate.header, fields, example) is None:
            complete.append(candidate.sheet)
        if best is None or candidate.rank > best.rank:
            best = candidate
    problem = missing_columns(best.header if best else None, fields, example)
    if best is None or problem is not None:
        raise problem or AssertionError
    return best, tuple(name for name in complete if name != best.sheet)


def _formulas(data: bytes, facts: WorkbookFacts, sheet: str, header: Header) -> pl.DataFrame | None:
    """(row, formula_fields) of the mapped cells that hold formulas; None when there are none."""
    fact = facts.sheet(sheet)
    if not fact.count.formulas:
        return None
    by_column = {index + 1: name for name, index in header.columns.items()}
    content = _member(data, fact.path)
    found = [(row, by_column[col]) for row, col in formula_cells(content) if col in by_column]
    if not found:
        return None
    frame = pl.DataFrame(found, schema={"row": pl.UInt32, "field": pl.String}, orient="row")
    return frame.group_by("row").agg(pl.col("field").unique().sort().alias("formula_fields"))


def _member(data: bytes, path: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return read_member(data, archive.getinfo(path))


def _leave_out(
    frame: pl.DataFrame,
    body: list[list[object]],
    sheet: str,
    header: Header,
    fields: Sequence[Field],
    identity: Mapping[str, tuple[int, int]],
    formulas: pl.DataFrame | None,
) -> RawList:
    """Drop blank rows, header rows that repeat, totals and the signature block; count each."""
    names = [field.name for field in fields]
    filled = pl.sum_horizontal(pl.col(names).is_not_null().cast(pl.UInt8)).alias("filled")
    marked = frame.with_columns(filled)
    if formulas is not None:
        # A formula without a stored result reads as blank; the row is a person all the same.
        marked = marked.join(formulas, on="row", how="left", maintain_order="left").with_columns(
            pl.col("filled") + pl.col("formula_fields").list.len().fill_null(0).cast(pl.UInt8)
        )
    else:
        marked = marked.with_columns(pl.lit(None, dtype=pl.List(pl.String)).alias("formula_fields"))
    kinds = _kinds(marked, body, fields, identity, header)
    marked = marked.with_columns(kinds)
    counts = dict(marked.group_by("kind").len().iter_rows())
    return RawList(
        sheet=sheet,
        header=header,
        frame=marked.filter(pl.col("kind") == "").drop("kind", "filled"),
        blank_rows=counts.get("blank", 0),
        repeated_headers=counts.get("header", 0),
        footer_rows=counts.get("footer", 0),
    )


def _kinds(
    marked: pl.DataFrame,
    body: list[list[object]],
    fields: Sequence[Field],
    identity: Mapping[str, tuple[int, int]],
    header: Header,
) -> pl.Series:
    """For each row "" (a person), "blank", "header" or "footer"; only suspicious rows are looked at."""
    kinds = [""] * marked.height
    identified = pl.any_horizontal(
        pl.col(name).str.replace_all(r"\D", "").str.len_chars().is_between(*digits).fill_null(False)
        for name, digits in identity.items()
    )
    suspicious = marked.with_row_index("position").filter(~identified).select("position", "filled")
    last = marked.height - 1
    unlike = dict(zip(suspicious["position"], suspicious["filled"], strict=True))
    for position, filled in unlike.items():
        kinds[position] = _kind(body[position], filled, fields, header)
    while last >= 0 and last in unlike and (unlike[last] <= FOOTER_CELLS or kinds[last] == "footer"):
        if unlike[last] and kinds[last] == "":
            kinds[last] = "footer"
        last -= 1
    return pl.Series("kind", kinds, dtype=pl.String)


def _kind(row: Sequence[object], filled: int, fields: Sequence[Field], header: Header) -> str:
    texts = [text for text in (normalise(value) for value in row) if text]
    if filled == 0:
        return "footer" if texts and (_TOTAL.match(texts[0]) or _SIGNATURE.match(texts[0])) else "blank"
    if _TOTAL.match(texts[0]) or _SIGNATURE.match(texts[0]):
        return "footer" if filled <= FOOTER_CELLS + 1 else ""
    if len(texts) == 1 and _SECTION.match(texts[0]):
        return "header"  # a line that opens the next village's part of the list
    named = sum(field_of(row[index], fields) == name for name, index in header.columns.items())
    if named >= 2:
        return "header"
    # The row of column numbers (1) (2) (3) that official tables carry under the header.
    numbers = [text for text in texts if text.isdigit() and len(text) <= 2]
    return "header" if len(numbers) == len(texts) >= 3 else ""
