"""Lists as offices really draw them are read whole; doubtful values are flagged, never guessed away."""

from datetime import date, datetime

import polars as pl
import pytest
from formats import books
from hypothesis import given
from hypothesis import strategies as st

from lindung.formats.errors import FormatError
from lindung.formats.headers import field_of
from lindung.formats.proposals import FIELDS, read_proposals
from lindung.formats.values import date_columns, nik_columns, sex_column, text_series


def test_a_plain_list() -> None:
    sheet = read_proposals(books.simple())
    assert sheet.sheet == "Daftar"
    assert sheet.header_row == 1
    assert sheet.frame["row"].to_list() == [2, 3, 4]
    assert sheet.frame["nik"].to_list() == [row[1] for row in books.PEOPLE]
    assert sheet.frame["birth_date"].to_list() == [date(1985, 3, 12), date(1990, 12, 25), date(1970, 5, 10)]
    assert sheet.frame["birth_date_flag"].to_list() == [None, "meragukan", None]
    assert sheet.frame["sex"].to_list() == ["L", "P", "L"]
    assert sheet.frame["birth_date_text"].to_list() == ["12-03-1985", "25/12/90", "10 Mei 1970"]
    assert sheet.frame["formula_fields"].null_count() == 3


def test_an_official_list_with_letterhead_merged_header_total_and_signature() -> None:
    sheet = read_proposals(books.official())
    assert sheet.sheet == "Daftar Nama"
    assert sheet.header_row == 5
    assert sheet.columns["nik"] == "No. KTP"
    assert sheet.columns["village"] == "Desa"
    assert sheet.frame["row"].to_list() == [7, 10, 11]
    assert sheet.frame["name"].to_list() == ["SUWITO", "SITI RAHMAH", "TANPA NIK"]
    assert sheet.frame["nik"].to_list()[2] is None
    assert sheet.frame["district"].to_list() == ["Sungai Raya", "Sungai Raya", "Kubu"]
    assert (sheet.repeated_headers, sheet.footer_rows) == (2, 3)
    assert sheet.blank_rows == 2


def test_group_title_over_two_columns_completes_their_titles() -> None:
    book = books.openpyxl.Workbook()
    book.active.append(["NIK", "Nama", "Lahir", None])
    book.active.append([None, None, "Tempat", "Tanggal"])
    book.active.merge_cells("C1:D1")
    book.active.append(["6112034107850001", "SUWITO", "PONTIANAK", "12-03-1985"])
    sheet = read_proposals(books.saved(book))
    assert sheet.header_row == 2
    assert sheet.frame.row(0, named=True)["birth_place"] == "PONTIANAK"
    assert sheet.frame.row(0, named=True)["birth_date"] == date(1985, 3, 12)


def test_place_and_date_of_birth_in_one_column() -> None:
    data = books.simple(
        [("6112034107850001", "A", "Sungai Raya, 12 Maret 1985"), ("6112034107850002", "B", "PONTIANAK 01-02-1990")],
        ["NIK", "Nama", "Tempat/Tgl Lahir"],
    )
    frame = read_proposals(data).frame
    assert frame["birth_place"].to_list() == ["Sungai Raya", "PONTIANAK"]
    assert frame["birth_date"].to_list() == [date(1985, 3, 12), date(1990, 2, 1)]


def test_sex_as_ticks_in_two_columns() -> None:
    book = books.openpyxl.Workbook()
    book.active.append(["NIK", "Nama", "Tanggal Lahir", "Jenis Kelamin", None])
    book.active.append([None, None, None, "L", "P"])
    for ticks in (("v", None), (None, 1), (None, None), ("v", "v")):
        book.active.append(["6112034107850001", "A", "12-03-1985", *ticks])
    assert read_proposals(books.saved(book)).frame["sex"].to_list() == ["L", "P", None, None]


def test_a_second_sheet_with_a_list_is_named_and_not_passed_over_in_silence() -> None:
    book = books.openpyxl.load_workbook(books.io.BytesIO(books.simple()))
    book.copy_worksheet(book.active).title = "Desa Lain"
    sheet = read_proposals(books.saved(book))
    assert (sheet.sheet, sheet.other_lists) == ("Daftar", ("Desa Lain",))


def test_a_section_line_is_not_a_person() -> None:
    rows = [(None, None, "Kecamatan Kubu"), *books.PEOPLE]
    sheet = read_proposals(books.simple(rows))
    assert sheet.frame.height == 3
    assert sheet.repeated_headers == 1


@pytest.mark.parametrize("missing", ["NIK", "Nama Lengkap", "Tanggal Lahir"])
def test_a_missing_column_is_named_with_the_titles_found(missing: str) -> None:
    header = [title if title != missing else "Lain-lain" for title in books.HEADER]
    with pytest.raises(FormatError) as caught:
        read_proposals(books.simple(header=header))
    assert caught.value.code == "kolom_kurang"
    assert missing in caught.value.message
    assert "Lain-lain" in caught.value.message
    assert "Kecamatan" in caught.value.message


def test_a_workbook_without_a_table() -> None:
    with pytest.raises(FormatError) as caught:
        read_proposals(books.simple([("halo",)], ["apa kabar"]))
    assert caught.value.code == "tanpa_judul_kolom"


def test_nik_typed_as_a_number_is_flagged_and_one_of_sixteen_digits_is_known_to_be_damaged() -> None:
    rows = [(1, 6112034107850001, "A", "", "12-03-1985"), (2, 611203410785, "B", "", datetime(1985, 3, 12))]
    frame = read_proposals(books.simple(rows, books.HEADER[:5])).frame
    assert frame["nik_as_number"].to_list() == [True, True]
    assert frame["nik_lost_digits"].to_list() == [True, False]
    assert frame["nik"].to_list()[1] == "611203410785"
    assert frame["birth_date"].to_list() == [date(1985, 3, 12)] * 2


def test_a_formula_in_a_column_of_ours_is_told_and_one_elsewhere_is_not() -> None:
    def change(sheet: books.Worksheet) -> None:
        sheet["A2"] = "=ROW()-1"
        sheet["B3"] = '="6112036512900"&"002"'

    frame = read_proposals(books.simple(change=change)).frame
    assert frame["formula_fields"].to_list() == [None, ["nik"], None]


def test_columns_of_relatives_are_never_taken_for_the_person() -> None:
    for title in ("Nama Ahli Waris", "NIK Ahli Waris", "Nama Suami/Istri", "Tanggal lahir anak", "No. Urut"):
        assert field_of(title, FIELDS) is None
    assert field_of("NIK (16 digit)", FIELDS) == "nik"
    assert field_of("Nama Ibu Kandung *", FIELDS) == "mother_name"
    assert field_of("No. KK", FIELDS) == "family_card"


def parse_dates(texts: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame([text_series("t", texts)]).select(date_columns("t", "d"))


@pytest.mark.parametrize(
    ("text", "day", "flag"),
    [
        ("12-03-1985", date(1985, 3, 12), None),
        ("2/1/1985", date(1985, 1, 2), None),
        ("12.03.1985", date(1985, 3, 12), None),
        ("12031985", date(1985, 3, 12), None),
        ("12 Maret 1985", date(1985, 3, 12), None),
        ("12-Agt-85", date(1985, 8, 12), "meragukan"),
        ("1985-03-12 00:00:00", date(1985, 3, 12), None),
        ("31118", date(1985, 3, 12), None),
        ("05/03/12", date(2012, 3, 5), "meragukan"),
        ("03/25/1985", date(1985, 3, 25), "meragukan"),
        ("31-02-1985", None, "tidak_terbaca"),
        ("1985", None, "tidak_terbaca"),
        ("lupa", None, "tidak_terbaca"),
        (" ", None, "kosong"),
    ],
)
def test_dates(text: str, day: date | None, flag: str | None) -> None:
    assert parse_dates([text]).row(0) == (day, flag)


@given(st.dates(date(1926, 1, 1), date(2025, 12, 31)))
def test_every_date_is_read_in_every_usual_form(day: date) -> None:
    months = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
              "Nopember", "Desember")  # fmt: skip
    forms: list[str | None] = [
        f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d%m%Y}", day.isoformat(),
        f"{day.day} {months[day.month - 1]} {day.year}", str((day - date(1899, 12, 30)).days),
    ]  # fmt: skip
    assert parse_dates(forms)["d"].to_list() == [day] * 6


@given(st.lists(st.text(max_size=30), max_size=30))
def test_no_text_upsets_the_parsers(texts: list[str]) -> None:
    frame = pl.DataFrame([text_series("t", texts), pl.Series("n", [False] * len(texts), dtype=pl.Boolean)])
    parsed = frame.select(*nik_columns("t", "n"), *date_columns("t", "d"), sex_column("t"))
    assert parsed.height == len(texts)
    assert parsed.filter(pl.col("d").is_null() & pl.col("d_flag").is_null()).is_empty()


def test_scientific_notation_and_separators_in_nik() -> None:
    frame = pl.DataFrame({"t": ["6,11203E+15", "'6112 0341-0785.0001"], "n": [False, False]})
    assert frame.select(nik_columns("t", "n")).rows() == [
        ("6,11203E+15", False, True),
        ("6112034107850001", False, False),
    ]
