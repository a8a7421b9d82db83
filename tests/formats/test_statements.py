"""Bank statements are read to the sen, whole or not at all; SP2D lists likewise."""

import io
from datetime import date

import openpyxl
import pytest
from formats import books
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.formats.errors import FormatError
from lindung.formats.statements import (
    Statement,
    StatementError,
    read_listing,
    read_mt940,
    read_sp2d,
    read_statements,
    rupiah_and_sen,
)

MT940 = """{1:F01BKLBIDJAXXXX0000000000}{2:I940BKLBIDJAXXXXN}{4:
:20:STMT20260227
:25:BKLB/1001234567IDR
:28C:00058/001
:60F:C260226IDR1000000,00
:61:2602270227C16800,NTRFNONREF//BKL000123
/CTC/901/
:86:?20IURAN JKK JKM 826000000017?21CV MAJU BERSAMA
:61:260227C336000,NMSC826000000025
:86:SETORAN TUNAI PT SUMBER REZEKI NPP KB000123 BULAN FEBRUARI 2026 N
O 826000000025
:61:2602270227RC16800,NTRFNONREF//BKL000124
:86:REVERSAL BKL000123
:61:2602270227D2500,50NCHGNONREF
:86:BIAYA ADM
:61:2602270227RD2500,50NCHGNONREF
:86:KOREKSI BIAYA ADM
:61:2602270227CR1234,56NINTNONREF
:86:JASA GIRO
:62F:C260227IDR1337234,56
:64:C260227IDR1337234,56
-}
"""
PAGE_ONE = """:20:A
:25:1001234567
:28C:58/1
:60F:C260226IDR100,
:61:260227C50,NTRFREF1
:62M:C260227IDR150,
-
"""
PAGE_TWO = """:20:A
:25:1001234567
:28C:58/2
:60M:C260227IDR150,
:61:260227D30,NTRFREF2
:62F:C260227IDR120,
-
"""
CSV = """No. Rekening;:;1001234567
Periode;:;01/02/2026 - 28/02/2026
Mata Uang;:;IDR

Tanggal;Tgl Valuta;No. Referensi;Keterangan;Debet;Kredit;Saldo
26/02/2026;26/02/2026;BKL1;"IURAN; 826000000017";0,00;16.800,00;1.016.800,00
27/02/2026;27/02/2026;BKL2;BIAYA ADM;2.500,50;;1.014.299,50
;;;Total;2.500,50;16.800,00;
"""


def code(content: bytes | str) -> str:
    with pytest.raises(FormatError) as caught:
        read_statements(content.encode() if isinstance(content, str) else content)
    assert caught.value.way_out
    return caught.value.code


def test_mt940_with_blocks_reversals_wraps_and_sen() -> None:
    (statement,) = read_statements(MT940.encode())
    assert (statement.account, statement.number) == ("1001234567", "58")
    assert (statement.opening, statement.closing) == (1_000_000, 1_337_234)
    assert (statement.opened_on, statement.closed_on) == (date(2026, 2, 26), date(2026, 2, 27))
    assert [(line.amount, line.sen, line.reference) for line in statement.lines] == [
        (16_800, 0, "BKL000123"),
        (336_000, 0, "826000000025"),
        (-16_800, 0, "BKL000124"),
        (-2_500, -50, ""),
        (2_500, 50, ""),
        (1_234, 56, ""),
    ]
    assert statement.lines[0].text == "IURAN JKK JKM 826000000017 CV MAJU BERSAMA /CTC/901/"
    assert statement.lines[1].text.endswith("2026 NO 826000000025")
    assert statement.lines[0].row_no == 6


def test_mt940_pages_are_joined_and_a_missing_one_is_told() -> None:
    (statement,) = read_statements((PAGE_ONE + PAGE_TWO).encode())
    assert (statement.opening, statement.closing, len(statement.lines)) == (100, 120, 2)
    assert code(PAGE_ONE) == "halaman_hilang"
    assert code(PAGE_TWO) == "halaman_hilang"
    assert code(PAGE_ONE + PAGE_TWO.replace("150,", "160,")) == "saldo_tidak_cocok"
    assert code(PAGE_ONE + PAGE_TWO.replace("1001234567", "1001234568")) == "halaman_hilang"


def test_mt940_of_several_days_gives_several_statements() -> None:
    second = MT940.replace("260227", "260228").replace("C260226IDR1000000,00", "C260227IDR1337234,56")
    second = second.replace("IDR1337234,56\n:64", "IDR1674469,12\n:64")
    assert [statement.closed_on.day for statement in read_mt940((MT940 + second).encode())] == [27, 28]


def test_mt940_that_does_not_add_up_is_refused_with_the_difference() -> None:
    with pytest.raises(FormatError) as caught:
        read_statements(MT940.replace("C336000,", "C336001,").encode())
    assert caught.value.code == "saldo_tidak_cocok"
    assert "selisih −Rp1." in caught.value.message


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("IDR1000000,00", "USD1000000,00", "bukan_rupiah"),
        (":25:BKLB/1001234567IDR\n", "", "mt940_tidak_lengkap"),
        (":62F:C260227IDR1337234,56\n", "", "mt940_tidak_lengkap"),
        ("C260226IDR", "X260226IDR", "mt940_saldo"),
        ("C260226IDR", "C261326IDR", "mt940_saldo"),
        ("2602270227D2500,50", "2602270227D2500,555", "baris_salah"),
        ("2602270227D2500,50", "2602300227D2500,50", "baris_salah"),
    ],
)
def test_faulty_mt940(old: str, new: str, expected: str) -> None:
    assert code(MT940.replace(old, new)) == expected


def test_every_faulty_row_of_mt940_is_named() -> None:
    broken = MT940.replace("2602270227C16800,NTRF", "26022C16800,").replace("2602270227D2500", "2602270227X2500")
    with pytest.raises(StatementError) as caught:
        read_mt940(broken.encode())
    assert [error.row_no for error in caught.value.rows] == [6, 14]


def test_entry_date_in_the_year_next_to_the_value_date() -> None:
    text = PAGE_ONE.replace("62M", "62F").replace(":61:260227C", ":61:2512310102C")
    (statement,) = read_mt940(text.encode())
    assert (statement.lines[0].valued_on, statement.lines[0].booked_on) == (date(2025, 12, 31), date(2026, 1, 2))


SEN = st.integers(-(10**13), 10**13).filter(lambda sen: sen != 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**14), 10**14), st.lists(SEN, max_size=8))
def test_any_amounts_come_through_mt940_and_csv_to_the_sen(opening: int, amounts: list[int]) -> None:
    def mt(sen: int) -> str:
        return f"{abs(sen) // 100},{abs(sen) % 100:02d}"

    def mark(sen: int) -> str:
        return "D" if sen < 0 else "C"

    closing = opening + sum(amounts)
    lines = "".join(f":61:260227{mark(sen)}{mt(sen)}NTRFREF{n}\n" for n, sen in enumerate(amounts))
    text = (
        f":20:X\n:25:1\n:28C:1\n:60F:{mark(opening)}260226IDR{mt(opening)}\n{lines}"
        f":62F:{mark(closing)}260227IDR{mt(closing)}\n"
    )
    (statement,) = read_mt940(text.encode())
    assert [line.total_sen for line in statement.lines] == amounts
    assert all(abs(line.sen) < 100 and line.amount * line.sen >= 0 for line in statement.lines)
    if not amounts:
        return
    rows = [f"27/02/2026,uraian,{abs(sen) // 100:,}.{abs(sen) % 100:02d} {mark(sen)}B," for sen in amounts]
    quoted = [row.replace(row.split(",uraian,")[1][:-1], f'"{row.split(",uraian,")[1][:-1]}"') for row in rows]
    listing = "\n".join(
        ["Tanggal,Keterangan,Jumlah,Saldo", *(row.replace(" CB", " CR") for row in quoted),
         f'"Saldo Awal : {opening / 100:.2f}",,,', f'"Saldo Akhir : {closing / 100:.2f}",,,']
    )  # fmt: skip
    assert [line.total_sen for line in read_listing(listing.encode()).lines] == amounts


def test_csv_with_preamble_total_and_indonesian_amounts() -> None:
    (statement,) = read_statements(CSV.encode())
    assert statement.account == "1001234567"
    assert (statement.opening_sen, statement.closing_sen) == (100_000_000, 101_429_950)
    first = statement.lines[0]
    assert (first.amount, first.reference, first.text, first.balance, first.row_no) == (
        16_800, "BKL1", "IURAN; 826000000017", 1_016_800, 6,
    )  # fmt: skip
    assert rupiah_and_sen(statement.lines[1].total_sen) == (-2_500, -50)


def test_csv_in_english_with_marks_newest_first_and_without_years() -> None:
    text = (
        "Account No.,1001234567\nPeriod,01/02/2026 - 28/02/2026\n"
        "Date,Description,Amount,Balance\n"
        '\'27/02,"FEE","2,500.00 DB","1,014,300.00"\n'
        '\'26/02,"TRSF E-BANKING 826000000017","16,800.00 CR","1,016,800.00"\n'
    )
    statement = read_listing(text.encode())
    assert [(line.booked_on.day, line.amount) for line in statement.lines] == [(26, 16_800), (27, -2_500)]
    assert statement.opening == 1_000_000


def test_the_same_table_in_excel() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Tanggal", "Uraian", "Nominal", "D/K", "Saldo"],
        [date(2026, 2, 26), "IURAN", 16800, "K", 1016800],
        [date(2026, 2, 27), "BIAYA", 2500.5, "D", 1014299.5],
    ):
        book.active.append(row)
    statement = read_listing(books.saved(book))
    assert [line.total_sen for line in statement.lines] == [1_680_000, -250_050]
    assert statement.closing_sen == 101_429_950


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("16.800,00;1.016.800,00", "16.900,00;1.016.800,00"), "jumlah_tidak_cocok"),
        ((";1.014.299,50", ";1.014.299,51"), "saldo_tidak_cocok"),
        (("26/02/2026;26", "02/26/2026;26"), "baris_salah"),
        (("2.500,50;;", "2.500,50;1,00;"), "baris_salah"),
        (("2.500,50;;", "dua ribu;;"), "baris_salah"),
        (("Debet;Kredit", "Masehi;Hijriah"), "kolom_kurang"),
        ((";:;IDR", ";:;USD"), "bukan_rupiah"),
        (("Saldo\n", "Sisa\n"), "tanpa_saldo"),
    ],
)
def test_faulty_csv(change: tuple[str, str], expected: str) -> None:
    assert change[0] in CSV
    assert code(CSV.replace(*change)) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "kosong"),
        (b"\x00\x01binary;", "bukan_teks"),
        (b"halo saja", "tanpa_judul_kolom"),
        (b'a;"b\nc', "tanpa_judul_kolom"),
    ],
)
def test_what_is_no_statement(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_balance_that_jumps_in_the_middle_is_found() -> None:
    text = (
        "Tanggal;Keterangan;Debet;Kredit;Saldo\n26/02/2026;a;;100,00;1.100,00\n26/02/2026;b;;100,00;1.250,00\n"
        "26/02/2026;c;50,00;;1.150,00\n"
    )
    assert code(text) == "saldo_tidak_cocok"


SP2D = """Daftar SP2D Tahun 2026,,,,,
No,Nomor SP2D,Tgl SP2D,Nama Penerima,Kode Rekening,Uraian,Nilai
(1),(2),(3),(4),(5),(6),(7)
1,00123/SP2D/LS/2026,27/02/2026,BPJS Ketenagakerjaan,5.1.02.02.02.0006,"Iuran JKK Februari","98.112.000"
2,00124/SP2D/LS/2026,27/02/2026,BPJS Ketenagakerjaan,5.1.02.02.02.0007,"Iuran JKM Februari","16.800.000,00"
Jumlah,,,,,,"114.912.000"
,,,,,"Kuasa BUD",
"""


def test_sp2d_list() -> None:
    rows = read_sp2d(SP2D.encode())
    assert [(row.row_no, row.number, row.amount) for row in rows] == [
        (4, "00123/SP2D/LS/2026", 98_112_000), (5, "00124/SP2D/LS/2026", 16_800_000),
    ]  # fmt: skip
    assert rows[0].account_code == "5.1.02.02.02.0006"
    book = openpyxl.Workbook()
    for line in (["No SP2D", "Tanggal", "Nilai"], ["00123", date(2026, 2, 27), 98112000]):
        book.active.append(line)
    output = io.BytesIO()
    book.save(output)
    assert read_sp2d(output.getvalue())[0].amount == 98_112_000


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("114.912.000", "114.912.001"), "jumlah_tidak_cocok"),
        (("98.112.000", "98.112.000,50"), "baris_salah"),
        (("98.112.000", "-98.112.000"), "baris_salah"),
        (("27/02/2026,BPJS Ketenagakerjaan,5.1.02.02.02.0006", "02/27/2026,BPJS,5.1"), "baris_salah"),
        (("00124/SP2D/LS/2026,27", "00123/SP2D/LS/2026,26"), "sp2d_ganda"),
        (("Nomor SP2D", "Nomor SPM"), "kolom_kurang"),
    ],
)
def test_faulty_sp2d_list(change: tuple[str, str], expected: str) -> None:
    assert change[0] in SP2D
    with pytest.raises(FormatError) as caught:
        read_sp2d(SP2D.replace(*change).encode())
    assert caught.value.code == expected


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_upsets_the_readers(text: str) -> None:
    for content in (text, f":20:{text}\n:61:{text}\n:62F:{text}", f"Tanggal;Keterangan;Jumlah;Saldo\n{text}"):
        try:
            statements: tuple[Statement, ...] = read_statements(content.encode())
        except FormatError as error:
            assert error.way_out
        else:
            assert statements
