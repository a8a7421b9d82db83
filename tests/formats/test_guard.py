"""No file reaches a parser unless it is a plain, sound workbook; each refusal has its own code."""

import contextlib
import io
import zipfile

import pytest
from formats import books
from hypothesis import given
from hypothesis import strategies as st

from lindung.formats import guard
from lindung.formats.errors import FormatError
from lindung.formats.guard import check_workbook

SHEET = "xl/worksheets/sheet1.xml"


def refusal(data: bytes) -> FormatError:
    with pytest.raises(FormatError) as caught:
        check_workbook(data)
    assert caught.value.message and caught.value.way_out
    return caught.value


def test_a_plain_workbook_passes_and_is_described() -> None:
    facts = check_workbook(books.official())
    assert [sheet.name for sheet in facts.sheets] == ["Petunjuk", "Daftar Nama"]
    assert facts.sheets[1].count.formulas == 0
    assert facts.sheets[1].count.cells > 40


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "kosong"),
        (b"NIK;Nama\n611203;Budi\n", "csv"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"<html><table><tr><td>NIK</td></tr></table>", "html"),
        (guard.OLE_MAGIC + b"\x00" * 600, "xls_lama"),
        (guard.OLE_MAGIC + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "bersandi"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bukan_excel"),
        (b"PK\x03\x04 cut off", "rusak"),
    ],
)
def test_files_that_are_no_workbook(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("xl/vbaProject.bin", "makro"),
        ("xl/macrosheets/sheet1.xml", "makro"),
        ("xl/externalLinks/externalLink1.xml", "tautan_luar"),
        ("xl/connections.xml", "tautan_luar"),
        ("../../etc/passwd", "bom_zip"),
        ("xl/media/more.zip", "bom_zip"),
    ],
)
def test_members_that_do_not_belong(member: str, code: str) -> None:
    assert refusal(books.repacked(books.simple(), {member: b"<x/>"})).code == code


def test_macro_content_type_is_enough() -> None:
    data = books.simple()
    types = books.member(data, "[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert refusal(books.repacked(data, {"[Content_Types].xml": types})).code == "makro"


def test_external_target_is_refused_but_a_hyperlink_is_not() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rels = '<Relationships><Relationship Id="r1" Type="{}{}" Target="{}" TargetMode="External"/></Relationships>'
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    link = rels.format(kind, "hyperlink", "mailto:desa@example.id").encode()
    check_workbook(books.repacked(books.simple(), {name: link}))
    outside = rels.format(kind, "oleObject", "file:///server/x").encode()
    assert refusal(books.repacked(books.simple(), {name: outside})).code == "tautan_luar"


@pytest.mark.parametrize("size", [guard.RATIO_APPLIES_FROM + 1_000_000])
def test_zip_bomb_by_ratio(size: int) -> None:
    assert refusal(books.repacked(books.simple(), {"xl/media/a.png": b"\x00" * size})).code == "bom_zip"


def test_zip_bomb_that_lies_about_its_size() -> None:
    data = books.repacked(books.simple(), {"xl/media/a.png": b"\x00" * 5_000_000})
    real = (5_000_000).to_bytes(4, "little")
    assert refusal(data.replace(real, (1_000).to_bytes(4, "little"))).code == "bom_zip"


def test_overlapping_and_many_members() -> None:
    assert refusal(books.repacked(books.simple(), {f"x/{n}": b"" for n in range(guard.MAX_MEMBERS)})).code == "bom_zip"
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as made:
        made.writestr("a", b"1")
        with pytest.warns(UserWarning):
            made.writestr("a", b"2")
    assert refusal(output.getvalue()).code == "bom_zip"


@pytest.mark.parametrize("padding", [0, guard.CHUNK - 200])
def test_dtd_anywhere_even_across_a_chunk_border(padding: int) -> None:
    data = books.simple()
    xml = books.member(data, SHEET)
    start = xml.index(b"<worksheet")
    for shift in range(0, 400, 37):
        filler = b"<!--" + b"a1b2 " * ((padding + shift) // 5) + b"-->" if padding else b""
        bad = xml[:start] + filler + b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml[start:]
        assert refusal(books.repacked(data, {SHEET: bad}, zipfile.ZIP_STORED)).code == "dtd"


def test_xml_in_another_encoding_cannot_hide_anything() -> None:
    data = books.simple()
    xml = books.member(data, SHEET).decode().encode("utf-16")
    assert refusal(books.repacked(data, {SHEET: xml})).code == "rusak"


def test_too_large_a_file_and_no_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    data = books.simple()
    book = books.member(data, "xl/workbook.xml")
    none = book[: book.index(b"<sheets>")] + book[book.index(b"</sheets>") + 9 :]
    assert refusal(books.repacked(data, {"xl/workbook.xml": none})).code == "tanpa_lembar"
    monkeypatch.setattr(guard, "MAX_FILE", 100)
    assert refusal(data).code == "terlalu_besar"


def test_one_stray_cell_far_away_is_named_before_it_costs_gigabytes() -> None:
    error = refusal(books.simple(change=lambda sheet: sheet.cell(1_048_576, 16_000, "x")))
    assert error.code == "terlalu_luas"
    assert "1048576" in error.message


def test_coloured_blank_cells_far_away_do_no_harm() -> None:
    xml = books.member(books.simple(), SHEET)
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    check_workbook(books.repacked(books.simple(), {SHEET: xml.replace(b"</sheetData>", far)}))


@pytest.mark.parametrize(
    "cell",
    [
        b'<c s="1" r="XFD1048576"><v>1</v></c>',
        b'<c r="XFD99999999"><v>1</v></c>',
        b"<c r='XFD1048576'><v>1</v></c>",
        b'<c\tr="XFD1048576"><v>1</v></c>',
        b'<zz:c r="XFD1048576"><v>1</v></zz:c>',
        b'<c r="XFD1048576" t="/>"><v>1</v></c>',
        b"<c><v>1</v></c>",
    ],
)
def test_no_way_of_writing_a_far_cell_gets_past(cell: bytes) -> None:
    data = books.simple()
    xml = books.member(data, SHEET).replace(b"</sheetData>", b'<row r="5">' + cell + b"</row></sheetData>")
    assert refusal(books.repacked(data, {SHEET: xml})).code in ("rusak", "terlalu_luas")


def test_text_without_end_is_no_worksheet() -> None:
    data = books.simple()
    xml = books.member(data, SHEET) + b"x" * 9_000_000
    assert refusal(books.repacked(data, {SHEET: xml}, zipfile.ZIP_STORED)).code == "rusak"


def test_a_few_formulas_pass_and_a_sheet_of_formulas_does_not() -> None:
    few = check_workbook(books.simple(change=lambda sheet: sheet.cell(2, 1, "=1+1")))
    assert few.sheets[0].count.formulas == 1
    many = books.simple(rows=[[f"=ROW()+{n}" for n in range(5)] for _ in range(300)])
    error = refusal(many)
    assert error.code == "banyak_rumus"
    assert "tempel sebagai nilai" in error.way_out


def test_one_long_text_in_very_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_SHARED_TEXT", 1_000_000)
    long = "x" * 10_000
    assert refusal(books.shared([[long] * 9] * 50)).code == "bom_zip"
    check_workbook(books.shared([[long] + ["y"] * 8] * 50))


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_politely(noise: bytes) -> None:
    for data in (noise, b"PK\x03\x04" + noise):
        with pytest.raises(FormatError):
            check_workbook(data)


GOOD = books.simple()


@given(st.data())
def test_a_damaged_workbook_never_raises_anything_else(draw: st.DataObject) -> None:
    data = bytearray(GOOD)
    for _ in range(draw.draw(st.integers(1, 8))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(FormatError):
        check_workbook(bytes(data))


def test_an_honest_list_that_is_too_long_is_told_to_be_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_UNPACKED", 4_000)
    told = refusal(books.simple())
    assert told.code == "terlalu_besar" and "bagi daftar" in told.way_out
