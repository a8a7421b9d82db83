"""SIPP's workbooks: every header version, what spreadsheets do to them, and back again unchanged."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from formats import books
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.formats import sipp
from lindung.formats.amounts import read_amounts
from lindung.formats.errors import FormatError
from lindung.formats.sipp.columns import LABELS, VERSIONS, version_of
from lindung.formats.sipp.problems import _SENTENCES
from lindung.formats.sipp.reading import COLUMNS

NEW = {
    "NO_PEGAWAI": "P-01", "NAMA_LENGKAP": "SITI RAHMAH", "HP": "081234567890", "EMAIL": "siti@contoh.id",
    "TEMPAT_LAHIR": "KUBU", "TANGGAL_LAHIR": "25-12-1990", "NAMA_IBU_KANDUNG": "FATIMAH", "JENIS_IDENTITAS": "KTP",
    "NOMOR_IDENTITAS": "6112036512900002", "NO_IDENTITAS": "6112036512900002", "MASA_LAKU_IDENTITAS": "31-12-3000",
    "JENIS_KELAMIN": "P", "SURAT_MENYURAT_KE": "S", "STATUS_KAWIN": "Y", "GOLONGAN_DARAH": "AB",
    "NPWP": "012345678901234", "KODE_NEGARA": "ID", "UPAH": "3500000", "ALAMAT": "Jl. Adisucipto 1",
    "KODE_POS": "78391", "LOKASI_PEKERJAAN": "6112", "STATUS_PEGAWAI": "PKWTT", "TGL_AWAL_BEKERJA": "02-03-2026",
    "NAMA_DEPAN": "SITI", "NAMA_TENGAH": "NUR", "NAMA_BELAKANG": "RAHMAH", "RAPEL": "150000.50",
    "NATIONALITY": "WNI", "NAMA_ANAK_1": "BUDI", "NOMOR_IDENTITAS_KPJ": "25000000472", "TGL_LAHIR": "25-12-1990",
    "KPJ": "25000000472", "NIK": "6112036512900002", "NAMA": "SITI RAHMAH", "KODE_TK": "TK-1", "BLTH": "02/2026",
    "NPP": "KB000123", "SEBAB_NA": "Mengundurkan diri", "ALASAN_NONAKTIF": "Mengundurkan diri",
    "TGL_KEJADIAN": "15-02-2026", "KETERANGAN": "pindah kota",
}  # fmt: skip


def sheet(titles: tuple[str, ...], *rows: dict[str, object], name: str = "data_tk_baru") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    book.active.append(list(titles))
    for row in rows:
        book.active.append([row.get(title) for title in titles])
    return books.saved(book)


def problems(table: sipp.SippTable) -> set[tuple[int, str, str]]:
    return {(row, field, code) for row, field, code, _ in table.problems.iter_rows()}


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.code)
def test_each_header_version_is_known_and_read(version: sipp.columns.Version) -> None:
    content = sheet(version.titles, NEW, name=version.sheet)
    assert sipp.detect(content) == (version.kind, version.code)
    table = sipp.read(content)
    assert (table.kind, table.version) == (version.kind, version.code)
    assert table.rows.columns == list(COLUMNS[version.kind])
    assert table.problems.is_empty(), table.problems
    row = table.rows.row(0, named=True)
    assert row["name"] == ("SITI NUR RAHMAH" if "NAMA_DEPAN" in version.titles else "SITI RAHMAH")
    assert row["nik"] == (None if version.code in ("lanjutan-9", "tk-na-6") else "6112036512900002")
    assert row["row_no"] == 2


def test_column_counts_are_those_that_circulate() -> None:
    """A–AD, A–AF and A–AG, as public code has them."""
    counts = {version.code: len(version.titles) for version in VERSIONS}
    assert counts["lengkap-30"], counts["tiga-nama-32"] == (30, 32)
    assert counts["rapel-33"] == 33
    assert version_of("rapel-33").titles[5] == ""
    assert version_of("rapel-33").titles[15] == "NO_IDENTITAS"
    assert version_of("rapel-33").titles[-2:] == ("RAPEL", "NATIONALITY")
    assert counts["keluarga-50"] == 50


def test_values_become_what_they_mean() -> None:
    row = sipp.read_new_workers(sheet(version_of("rapel-33").titles, NEW)).rows.row(0, named=True)
    assert row["birth_date"] == date(1990, 12, 25)
    assert row["id_valid_to"] == date(3000, 12, 31)
    assert row["started_on"] == date(2026, 3, 2)
    assert row["wage"] == Decimal("3500000.00")
    assert row["back_pay"] == Decimal("150000.50")
    assert (row["sex"], row["marital"], row["blood"], row["country"]) == ("P", "Y", "AB", "ID")
    wages = sipp.read_wages(sheet(version_of("upah-10").titles, NEW, name="data_upah")).rows.row(0, named=True)
    assert wages["month"] == date(2026, 2, 1)
    left = sipp.read_leavers(sheet(version_of("tk-na-6").titles, NEW, name="data_tk_na")).rows.row(0, named=True)
    assert (left["reason"], left["reason_code"], left["left_on"]) == (
        "Mengundurkan diri", "resigned", date(2026, 2, 15),
    )  # fmt: skip


def test_titles_are_found_however_they_are_written_and_wherever_they_stand() -> None:
    titles = ("\ufeffKode Pos", "upah", "Nama Lengkap *", "NO. IDENTITAS", "Hobi", "jenis kelamin", "tgl_lahir")
    values = ("78391", "Rp 3.500.000,-", "  SITI  RAHMAH ", "6112 0365 1290 0002", "masak", "Perempuan", "1990-12-25")
    content = sheet(titles, dict(zip(titles, values, strict=True)))
    table = sipp.read_new_workers(content)
    row = table.rows.row(0, named=True)
    assert (row["nik"], row["name"], row["wage"], row["sex"]) == (
        "6112036512900002", "SITI RAHMAH", Decimal(3_500_000), "P",
    )  # fmt: skip
    assert table.version == "lain"
    assert table.unknown == ("Hobi",)
    assert "NAMA_IBU_KANDUNG" in table.missing
    assert "NOMOR_IDENTITAS" not in table.missing
    assert row["wage_text"] == "Rp 3.500.000,-"


def test_a_header_of_two_merged_rows() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["NIK", "NAMA_LENGKAP", "UPAH", None])
    page.append([None, None, "UPAH", "RAPEL"])
    for merged in ("A1:A2", "B1:B2", "C1:D1"):
        page.merge_cells(merged)
    page["C2"], page["D2"] = "UPAH", "RAPEL"
    page.append(["6112036512900002", "SITI", 3_500_000, 0])
    table = sipp.read_wages(books.saved(book))
    assert table.header_row == 2
    assert table.rows["wage"].to_list() == [Decimal(3_500_000)]


def test_numbers_that_lost_their_digits_are_told_and_never_mended() -> None:
    lost: dict[str, object] = {**NEW, "NOMOR_IDENTITAS": 6112036512900002, "HP": 81234567890, "KODE_POS": 7839}
    scientific: dict[str, object] = {**NEW, "NOMOR_IDENTITAS": "6,11204E+15"}
    table = sipp.read_new_workers(sheet(version_of("lengkap-30").titles, lost, scientific))
    assert {(2, "id_number", "angka_hilang"), (3, "id_number", "angka_hilang")} <= problems(table)
    assert table.problems.filter(pl.col("row_no") == 3)["value"].to_list() == ["6,11204E+15"]
    row = table.rows.row(0, named=True)
    assert (row["phone"], row["postal_code"]) == ("081234567890", "07839")


def test_real_dates_and_numbers_of_a_spreadsheet() -> None:
    typed: dict[str, object] = {
        **NEW,
        "TANGGAL_LAHIR": datetime(1990, 12, 25),
        "MASA_LAKU_IDENTITAS": datetime(3000, 12, 31),
        "UPAH": 4276667.123,
    }
    table = sipp.read_new_workers(sheet(version_of("lengkap-30").titles, typed))
    row = table.rows.row(0, named=True)
    assert (row["birth_date"], row["id_valid_to"]) == (date(1990, 12, 25), date(3000, 12, 31))
    assert row["wage"] == Decimal("4276667.12")
    assert problems(table) == {(2, "wage", "dibulatkan")}
    assert {"dibulatkan"} <= sipp.WARNINGS


def test_each_faulty_value_is_a_problem_of_its_row_and_no_row_is_lost() -> None:
    rows: list[dict[str, object]] = [
        {**NEW, "NOMOR_IDENTITAS": "611203651290000"},
        {**NEW, "NOMOR_IDENTITAS": "6112036512900009", "NAMA_LENGKAP": None, "TANGGAL_LAHIR": "31-02-1990"},
        {**NEW, "NOMOR_IDENTITAS": "6112036512900008", "UPAH": "tiga juta", "JENIS_KELAMIN": "X"},
        {**NEW, "NOMOR_IDENTITAS": "6112036512900007", "UPAH": "0", "STATUS_PEGAWAI": "magang"},
        {**NEW, "NOMOR_IDENTITAS": "6112036512900008", "UPAH": None},
        {**NEW, "NOMOR_IDENTITAS": "C1234567", "JENIS_IDENTITAS": "Paspor"},
    ]
    table = sipp.read_new_workers(sheet(version_of("lengkap-30").titles, *rows))
    assert table.rows.height == 6
    assert problems(table) == {
        (2, "id_number", "bukan_16_angka"),
        (3, "name", "kosong"),
        (3, "birth_date", "tidak_terbaca"),
        (4, "wage", "tidak_terbaca"),
        (4, "sex", "kode_tidak_dikenal"),
        (4, "id_number", "ganda"),
        (5, "wage", "tidak_positif"),
        (5, "employment_status", "kode_tidak_dikenal"),
        (6, "wage", "kosong"),
        (6, "id_number", "ganda"),
    }
    passport = table.rows.row(5, named=True)
    assert (passport["nik"], passport["id_number"], passport["id_type"]) == (None, "C1234567", "PASSPORT")
    for _, field, code, _ in table.problems.iter_rows():
        message, way_out = sipp.explain(field, code)
        assert LABELS[field] in message
        assert way_out


def test_every_code_that_can_come_has_its_sentence() -> None:
    for code in (*_SENTENCES, *sipp.WARNINGS):
        assert all(sipp.explain("wage", code))


def test_a_formula_is_told() -> None:
    row: dict[str, object] = {**NEW, "UPAH": "=3000000+500000"}
    table = sipp.read_new_workers(sheet(version_of("lengkap-30").titles, row))
    assert (2, "wage", "rumus") in problems(table)


def test_a_death_among_leavers_points_to_the_claim() -> None:
    table = sipp.read_leavers(sheet(version_of("tk-na-3").titles, {**NEW, "ALASAN_NONAKTIF": "Meninggal dunia"}))
    assert problems(table) == {(2, "reason", "meninggal")}
    assert "JKM" in sipp.explain("reason", "meninggal")[1]


def test_kpj_alone_tells_a_person_from_a_footer() -> None:
    rows: list[dict[str, object]] = [{"KPJ": "25000000472", "SEBAB_NA": "PHK"}, {"KPJ": "Jumlah", "NAMA_LENGKAP": "1"}]
    table = sipp.read_leavers(sheet(version_of("tk-na-6").titles, *rows, name="data_tk_na"))
    assert table.rows["kpj"].to_list() == ["25000000472"]
    assert table.footer_rows == 1


def test_the_wrong_file_is_named() -> None:
    wages = sheet(version_of("upah-10").titles, NEW)
    with pytest.raises(FormatError) as caught:
        sipp.read_leavers(wages)
    assert caught.value.code == "berkas_lain"
    assert "TK_NA" in caught.value.way_out
    for content, code in (
        (sheet(("NAMA_LENGKAP", "UPAH"), NEW), "kolom_kurang"),
        (sheet(("NIK", "NAMA_LENGKAP"), NEW), "bukan_sipp"),
        (sheet(("Tahun", "Anggaran"), NEW), "tanpa_judul_kolom"),
        (b"NIK,NAMA,UPAH\n", "csv"),
    ):
        with pytest.raises(FormatError) as caught:
            sipp.read(content)
        assert caught.value.code == code


def test_what_sipp_made_is_what_a_spreadsheet_saves() -> None:
    """Opened and saved again by another program: nothing changes."""
    table = sipp.read_new_workers(sheet(version_of("lengkap-30").titles, NEW))
    written = sipp.write_new_workers(table.rows, locations=[("6112", "Kubu Raya")])
    again = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(written)).save(again)
    for content in (written, again.getvalue()):
        assert sipp.read_new_workers(content).rows.equals(table.rows)
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert book.sheetnames == ["Petunjuk Pengisian", "data_tk_baru", "LOKASI_PEKERJAAN"]
    page = book["data_tk_baru"]
    assert [cell.value for cell in page[1]] == list(version_of("lengkap-30").titles)
    filled = [cell for cell in page[2] if cell.value is not None]
    assert {cell.data_type for cell in filled} == {"s"}
    assert {cell.number_format for cell in filled} == {"@"}
    assert page["L2"].value == "25-12-1990"
    assert page["X2"].value == "3500000"


@pytest.mark.parametrize("code", ["lengkap-30", "tiga-nama-32", "rapel-33"])
def test_every_version_can_be_written(code: str) -> None:
    table = sipp.read_new_workers(sheet(version_of("lengkap-30").titles, NEW))
    again = sipp.read_new_workers(sipp.write_new_workers(table.rows, code))
    assert again.version == code
    assert again.rows.drop("back_pay").equals(table.rows.drop("back_pay"))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Cn", "Co")),
                min_size=1, max_size=12).filter(lambda text: text.strip() == text)  # fmt: skip
MONEY = st.decimals(Decimal("0.01"), Decimal(10**12), places=2)
DAYS = st.dates(date(1930, 1, 1), date(2049, 12, 31))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**10 - 1), TEXTS, DAYS, MONEY, DAYS), min_size=1, max_size=5))
def test_wages_come_back_as_they_were_written(rows: list[tuple[int, str, date, Decimal, date]]) -> None:
    frame = pl.DataFrame(
        {
            "nik": [f"611203{serial:010d}" for serial, *_ in rows],
            "name": ["=" + name for _, name, *_ in rows],  # a spreadsheet would take these for formulas
            "birth_date": [born for _, _, born, _, _ in rows],
            "wage": [wage for *_, wage, _ in rows],
            "month": [day.replace(day=1) for *_, day in rows],
        },
        schema_overrides={"wage": pl.Decimal(18, 2)},
    )
    table = sipp.read_wages(sipp.write_wages(frame))
    assert table.version == "upah-10"
    assert table.rows.select(frame.columns).equals(frame)
    assert set(table.problems["code"]) <= {"ganda"}


def test_leavers_come_back_as_they_were_written() -> None:
    frame = pl.DataFrame(
        {"kpj": ["25000000472"], "name": ["@SITI"], "birth_date": [date(1990, 12, 25)], "reason": ["PHK"],
         "left_on": [date(2026, 2, 15)], "note": ["+62"]}
    )  # fmt: skip
    content = sipp.write_leavers(frame)
    assert sipp.read_leavers(content).rows.select(frame.columns).equals(frame)
    assert b"<f>" not in books.member(content, "xl/worksheets/sheet1.xml")


def test_more_rows_than_sipp_takes_are_not_written_but_read() -> None:
    frame = pl.DataFrame({"nik": [f"611203{n:010d}" for n in range(sipp.MAX_ROWS + 1)]})
    with pytest.raises(FormatError) as caught:
        sipp.write_wages(frame)
    assert caught.value.code == "terlalu_banyak_baris"
    assert sipp.file_name(sipp.Kind.WAGES, "../KB 000123") == "template_upah_KB000123.xlsx"


@pytest.mark.parametrize(
    ("text", "amount", "flag"),
    [
        ("5000000", "5000000", None),
        ("5.000.000", "5000000", None),
        ("5,000,000", "5000000", None),
        ("5.000.000,50", "5000000.50", None),
        ("5,000,000.50", "5000000.50", None),
        ("Rp5.000.000,-", "5000000", None),
        ("IDR 1.234", "1234", None),
        ("1234,5", "1234.5", None),
        ("(500)", "-500", None),
        ("-500,25", "-500.25", None),
        ("0", "0", None),
        ("1234,567", None, "tidak_terbaca"),
        ("1.23.456", None, "tidak_terbaca"),
        ("0,500", None, "tidak_terbaca"),
        ("lima", None, "tidak_terbaca"),
        ("1e6", None, "tidak_terbaca"),
        ("9999999999999999", None, "tidak_terbaca"),
        ("10,0050", "10.01", "dibulatkan"),
        (None, None, "kosong"),
    ],
)
def test_amounts_as_offices_write_them(text: str | None, amount: str | None, flag: str | None) -> None:
    values, flags = read_amounts(pl.Series([text], dtype=pl.String))
    assert (values.item(), flags.item()) == (Decimal(amount) if amount else None, flag)


def test_a_point_in_a_number_cell_is_always_the_decimal_sign() -> None:
    values, flags = read_amounts(pl.Series(["276.667", "276.667"]), pl.Series([True, False]))
    assert values.to_list() == [Decimal("276.67"), Decimal("276667")]
    assert flags.to_list() == ["dibulatkan", None]
