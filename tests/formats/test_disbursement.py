"""What the bank gets adds up, and no line is sent that a bank cannot pay or that pays twice."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.formats.disbursement import DisbursementLine, control_total, disbursement_csv
from lindung.formats.errors import FormatError

DAY = date(2026, 2, 27)
LINE = DisbursementLine("BYR-1", "SITI AMINAH", "Bank Kalbar", "0012345678", 42_000_000, "JKM a.n. Suwito")


def parsed(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode()), delimiter=";"))


def test_file_for_the_bank() -> None:
    rows = parsed(disbursement_csv("B-7", DAY, [LINE, replace(LINE, reference="BYR-2", amount=10_000_000)]))
    assert rows[0] == ["H", "B-7", "2026-02-27"]
    assert rows[1] == ["D", "1", "BYR-1", "SITI AMINAH", "Bank Kalbar", "0012345678", "42000000", "JKM a.n. Suwito"]
    assert rows[-1] == ["T", "2", "52000000", str(2 * 345_678)]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([replace(LINE, amount=0)], "jumlah_salah"),
        ([replace(LINE, account="12-34")], "rekening_salah"),
        ([replace(LINE, account="")], "rekening_salah"),
        ([LINE, LINE], "referensi_ganda"),
    ],
)
def test_lines_that_cannot_be_paid(lines: list[DisbursementLine], code: str) -> None:
    with pytest.raises(FormatError) as caught:
        disbursement_csv("B-7", DAY, lines)
    assert caught.value.code == code
    assert caught.value.way_out


def test_a_changed_account_shows_in_the_control_total() -> None:
    changed = replace(LINE, account="0012345679")
    assert control_total([LINE]).amount == control_total([changed]).amount
    assert control_total([LINE]) != control_total([changed])


@given(name=st.text(max_size=40), note=st.text(max_size=40))
def test_no_name_breaks_the_file_or_becomes_a_formula(name: str, note: str) -> None:
    rows = parsed(disbursement_csv("B", DAY, [replace(LINE, name=name, note=note)]))
    assert [len(row) for row in rows] == [3, 8, 4]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
