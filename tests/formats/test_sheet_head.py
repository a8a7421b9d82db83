"""The first rows of a workbook tell what it is, however long its sheets are."""

import io
import re
import zipfile

import pytest
import xlsxwriter
from formats import books
from python_calamine import CalamineWorkbook

from lindung.formats import sipp
from lindung.formats.errors import FormatError
from lindung.formats.guard import check_workbook
from lindung.formats.sheet_head import first_rows
from lindung.formats.sipp.columns import version_of

WAGES = version_of("upah-10")
ROW = ["6112036512900002", "P-01", "25000000472", "", "SITI RAHMAH", "25-12-1990", "3500000", "", "02-2026", "KB000123"]


def wages(rows: int) -> bytes:
    return books.shared([ROW] * rows, WAGES.titles)


def with_prefix(content: bytes) -> bytes:
    """The sheet's tags under a prefix, as some programs write them."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for info in source.infolist():
            xml = source.read(info)
            if "worksheets/" in info.filename:
                xml = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=", 1)
            target.writestr(info.filename, xml)
    return made.getvalue()


def rows_in(content: bytes) -> int:
    return len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())


@pytest.mark.parametrize("shape", [lambda content: content, with_prefix], ids=["plain", "prefixed"])
@pytest.mark.parametrize(("rows", "kept"), [(3, 4), (4, 5), (9, 5), (5_000, 5)])
def test_a_sheet_ends_after_so_many_rows(shape: object, rows: int, kept: int) -> None:
    assert callable(shape)
    content = shape(wages(rows))
    short = first_rows(content, check_workbook(content), 5)
    assert rows_in(short) == kept
    assert rows_in(content) == rows + 1
    assert sipp.detect(content) == (WAGES.kind, WAGES.code)


def test_rows_that_fill_mebibytes_are_read_to_the_end_of_the_sheet() -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:  # texts stand in their cells
        page = book.add_worksheet()
        for row in range(200):
            page.write_row(row, 0, ["6112034107850001", "A" * 30_000])
    content = output.getvalue()
    facts = check_workbook(content)
    assert rows_in(first_rows(content, facts, 100)) == 100
    assert rows_in(first_rows(content, facts, 190)) == 200


def test_xml_that_no_reader_takes_is_a_broken_file() -> None:
    content, made = wages(200), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for info in source.infolist():
            xml = source.read(info)
            target.writestr(info.filename, xml.replace(b"</c>", b"", 1) if "worksheets/" in info.filename else xml)
    with pytest.raises(FormatError):
        sipp.detect(made.getvalue())
