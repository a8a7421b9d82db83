"""The civil registry's list of deaths goes through the same door and the same reading."""

from datetime import date, datetime

import pytest
from formats import books

from lindung.formats.deaths import read_deaths
from lindung.formats.errors import FormatError

HEADER = ["No", "NIK", "Nama Lengkap", "Tgl Lahir", "Tanggal Kematian", "Nomor Akta Kematian", "Penyebab"]
ROW = (1, "6112034107850001", "SUWITO", "12-03-1985", datetime(2026, 1, 3), "6112-KM-03012026-0001", "Sakit")


def test_deaths_are_read() -> None:
    sheet = read_deaths(books.simple([ROW, (2, "6112034107850009", "ANI", "", "3 Jan", "", "")], HEADER))
    first, second = sheet.frame.rows(named=True)
    assert (first["nik"], first["birth_date"], first["death_date"]) == (ROW[1], date(1985, 3, 12), date(2026, 1, 3))
    assert (first["certificate_number"], first["cause"]) == (ROW[5], "Sakit")
    assert (second["death_date"], second["death_date_flag"]) == (None, "tidak_terbaca")
    assert second["birth_date_flag"] == "kosong"


def test_without_a_date_of_death_it_is_no_death_list() -> None:
    with pytest.raises(FormatError) as caught:
        read_deaths(books.simple())
    assert caught.value.code == "kolom_kurang"
    assert "Tanggal Meninggal" in caught.value.message
