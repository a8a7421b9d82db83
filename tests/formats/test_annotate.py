"""The office gets its own file back: everything as it was, our remarks at the right, no formula among them."""

import io
import re

import openpyxl
import pytest
from formats import books
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lindung.formats.annotate import AnnotationColumn, annotate
from lindung.formats.errors import FormatError
from lindung.formats.guard import check_workbook
from lindung.formats.proposals import read_proposals


def remarks(rows: list[int], text: str = "NIK 15 angka") -> list[AnnotationColumn]:
    marks = ("ok", "fix", "reject")
    return [
        AnnotationColumn("Hasil Periksa", dict.fromkeys(rows, text), {r: marks[r % 3] for r in rows}),
        AnnotationColumn("Kode Baris", {r: f"K-{r}" for r in rows}, dict.fromkeys(rows, "ok")),
    ]


def opened(data: bytes, sheet: str) -> books.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))[sheet]


def test_layout_and_values_of_the_office_stay_as_they_were() -> None:
    data = books.official()
    sheet = read_proposals(data)
    made = annotate(data, sheet.sheet, sheet.header_row, remarks(sheet.frame["row"].to_list()))
    before, after = opened(data, sheet.sheet), opened(made, sheet.sheet)
    assert {str(m) for m in after.merged_cells.ranges} == {str(m) for m in before.merged_cells.ranges}
    assert after.column_dimensions["C"].width == before.column_dimensions["C"].width == 31
    for row in before.iter_rows():
        for cell in row:
            twin = after[cell.coordinate]
            assert twin.value == cell.value
            assert repr((twin.number_format, twin.font, twin.fill, twin.alignment)) == repr(
                (cell.number_format, cell.font, cell.fill, cell.alignment)
            )
    untouched = set(before.parent.sheetnames) - {sheet.sheet}
    for name in untouched:
        path = check_workbook(data).sheet(name).path
        assert books.member(made, path) == books.member(data, path)


def test_remarks_stand_right_of_the_table_in_colour_and_wrapped() -> None:
    data = books.simple()
    after = opened(annotate(data, "Daftar", 1, remarks([2, 3, 4])), "Daftar")
    assert [after.cell(1, c).value for c in (9, 10, 11)] == ["Kecamatan", "Hasil Periksa", "Kode Baris"]
    assert after["J2"].value == "NIK 15 angka"
    assert after["K4"].value == "K-4"
    assert after["J2"].alignment.wrap_text
    assert len({after.cell(r, 10).fill.fgColor.rgb for r in (1, 2, 3, 4)}) == 4
    assert after.dimensions == "A1:K4"
    assert after.column_dimensions["J"].width > 30


def test_rows_read_back_are_the_same_and_a_second_round_replaces() -> None:
    data = books.official()
    first = read_proposals(data)
    rows = first.frame["row"].to_list()
    once = annotate(data, first.sheet, first.header_row, remarks(rows))
    second = read_proposals(once)
    assert second.frame.drop("row_code").equals(first.frame.drop("row_code"))
    assert second.frame["row_code"].to_list() == [f"K-{row}" for row in rows]
    twice = annotate(once, second.sheet, second.header_row, remarks(rows[:1], "sudah benar"))
    sheet = opened(twice, second.sheet)
    titles = [cell.value for cell in sheet[second.header_row]]
    assert titles.count("Hasil Periksa") == titles.count("Kode Baris") == 1
    at = titles.index("Hasil Periksa") + 1
    assert [sheet.cell(row, at).value for row in rows] == ["sudah benar", None, None]
    assert books.member(twice, "xl/styles.xml").count(b"<fill>") == books.member(once, "xl/styles.xml").count(b"<fill>")


def test_columns_are_found_again_after_excel_saved_them_as_shared_texts() -> None:
    header = [*books.HEADER, "Hasil Periksa", "Kode Baris"]
    data = books.shared([[*(str(v) for v in row), "lama", "K"] for row in books.PEOPLE], header)
    sheet = opened(annotate(data, "Daftar", 1, remarks([2])), "Daftar")
    assert sheet.max_column == len(header)
    assert [sheet.cell(row, 10).value for row in (2, 3)] == ["NIK 15 angka", None]


def test_content_right_of_the_table_is_not_overwritten_and_styled_blanks_are() -> None:
    def change(sheet: books.Worksheet) -> None:
        sheet["K3"] = "catatan desa"
        sheet["M3"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    sheet = opened(annotate(books.simple(change=change), "Daftar", 1, remarks([2, 3])), "Daftar")
    assert sheet["K3"].value == "catatan desa"
    assert sheet["L3"].value == "NIK 15 angka"
    assert sheet["M3"].value == "K-3"


def test_a_width_that_spans_all_columns_is_cut_not_doubled() -> None:
    data = books.simple()
    xml = books.member(data, "xl/worksheets/sheet1.xml")
    wide = b'<cols><col min="1" max="16384" width="12" customWidth="1"/></cols><sheetData>'
    data = books.repacked(data, {"xl/worksheets/sheet1.xml": xml.replace(b"<sheetData>", wide)})
    made = books.member(annotate(data, "Daftar", 1, remarks([2])), "xl/worksheets/sheet1.xml")
    spans = [(int(a), int(b)) for a, b in re.findall(rb'<col min="(\d+)" max="(\d+)"', made)]
    assert spans == [(1, 9), (10, 11), (12, 16384)]


def test_rows_that_the_file_does_not_hold_are_made() -> None:
    sheet = opened(annotate(books.simple(), "Daftar", 1, remarks([3, 9])), "Daftar")
    assert sheet["J9"].value == "NIK 15 angka"
    assert sheet["B3"].value == books.PEOPLE[1][1]


def test_a_workbook_without_styles_gets_its_own() -> None:
    data = books.simple()
    types = re.sub(rb"<Override[^>]*styles\.xml[^>]*/>", b"", books.member(data, "[Content_Types].xml"))
    rels = re.sub(rb"<Relationship [^>]*styles\.xml[^>]*/>", b"", books.member(data, "xl/_rels/workbook.xml.rels"))
    bare = books.repacked(
        data, {"[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": rels, "xl/styles.xml": None}
    )
    assert opened(annotate(bare, "Daftar", 1, remarks([2])), "Daftar")["J2"].alignment.wrap_text


def test_unknown_sheet_is_told() -> None:
    with pytest.raises(FormatError) as caught:
        annotate(books.simple(), "Lain", 1, [])
    assert caught.value.code == "lembar_tidak_ada"
    assert "Daftar" in caught.value.way_out


BASE = books.simple()


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "=", "+", "-", "@", "\t", "=cmd|'/c calc'!A0"]))
def test_any_remark_is_a_text_in_every_reader(text: str, start: str) -> None:
    made = annotate(BASE, "Daftar", 1, [AnnotationColumn("Catatan", {2: start + text}, {2: "fix"})])
    xml = books.member(made, "xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    cell = opened(made, "Daftar")["J2"]
    assert cell.data_type != "f"
    value = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("Daftar").to_python()[1][9]
    assert not str(value).startswith(("=", "+", "-", "@", "\t"))
    if start:
        assert str(value).startswith("'")
