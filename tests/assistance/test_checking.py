"""Every reason a row can come back with, each shown by a small workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from world import TODAY, World, make_nik

from lindung.assistance.columns import found
from lindung.assistance.models import Proposal, ProposalRow
from lindung.assistance.reasons import REASONS

pytestmark = pytest.mark.django_db(transaction=True)
Row = dict[str, Any]
Send = Callable[..., Proposal]
RowsOf = Callable[[Proposal], list[ProposalRow]]


def born(row: Row, day: date) -> Row:
    """The row with another birth date, and an NIK that fits it."""
    nik = row["NIK"][:6] + make_nik(6112010000, day, row["L/P"], 0)[6:12] + row["NIK"][12:]
    return row | {"NIK": nik, "Tanggal Lahir": f"{day:%d/%m/%Y}"}


FAULTS: dict[str, tuple[str, Callable[[Row], Row]]] = {
    "missing_nik": ("to_fix", lambda row: row | {"NIK": ""}),
    "nik_length": ("to_fix", lambda row: row | {"NIK": row["NIK"][:-1]}),
    "nik_not_digits": ("to_fix", lambda row: row | {"NIK": row["NIK"][:-1] + "O"}),
    "nik_number_lost_zeros": ("to_fix", lambda row: row | {"NIK": int(row["NIK"][:15] + "0")}),
    "nik_region_unknown": ("to_fix", lambda row: row | {"NIK": "40" + row["NIK"][2:]}),
    "nik_birth_mismatch": ("to_fix", lambda row: row | {"NIK": row["NIK"][:6] + "311299" + row["NIK"][12:]}),
    "missing_name": ("to_fix", lambda row: row | {"Nama Lengkap": ""}),
    "missing_mother": ("to_fix", lambda row: row | {"Nama Ibu Kandung": ""}),
    "missing_birth_date": ("to_fix", lambda row: row | {"Tanggal Lahir": ""}),
    "birth_date_unreadable": ("to_fix", lambda row: row | {"Tanggal Lahir": "31/02/1985"}),
    "sex_unknown": ("to_fix", lambda row: row | {"L/P": "x"}),
    "missing_village": ("to_fix", lambda row: row | {"Desa/Kelurahan": ""}),
    "village_unknown": ("to_fix", lambda row: row | {"Desa/Kelurahan": row["Desa/Kelurahan"] + "xq"}),
    "formula_cell": ("to_fix", lambda row: row | {"Nama Lengkap": ("=A1&A2", row["Nama Lengkap"])}),
    "row_code_unknown": ("to_fix", lambda row: row | {"Kode Baris": "U9-000001-AA"}),
    "too_old": ("rejected", lambda row: born(row, date(1961, 1, 1))),
    "too_young": ("rejected", lambda row: born(row, date(2008, 1, 2))),
    "outside_regency": ("rejected", lambda row: row | {
        "Desa/Kelurahan": "Benua Melayu Darat", "Kecamatan": "Pontianak Selatan", "Kabupaten/Kota": "Kota Pontianak"}),
    "not_working": ("rejected", lambda row: row | {"Keterangan": "sakit, tidak bekerja"}),
    "formal_worker": ("rejected", lambda row: row | {"Pekerjaan": "PNS guru"}),
}  # fmt: skip


@pytest.mark.parametrize("code", FAULTS)
def test_reason_of_one_row(code: str, cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf) -> None:
    status, spoil = FAULTS[code]
    good, bad = cells(2)
    kept, faulty = rows_of(send([good, spoil(bad)]))
    assert (kept.status, kept.reasons) == ("accepted", [])
    assert faulty.reason_codes == [code]
    assert faulty.status == status
    assert faulty.reasons[0]["message"] and faulty.reasons[0]["way_out"]
    assert "{" not in faulty.reasons[0]["message"] + faulty.reasons[0]["way_out"]


@pytest.mark.parametrize("column", ["Nama Lengkap", "Nama Ibu Kandung", "Pekerjaan", "Alamat"])
@pytest.mark.parametrize("text", ["=HYPERLINK(A1)", "+cmd|calc", " @SUM(A1)"])
def test_words_that_a_spreadsheet_takes_for_a_formula(
    column: str, text: str, cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    (row,) = rows_of(send([cells(1)[0] | {column: text}]))
    assert (row.status, row.reason_codes) == ("to_fix", ["formula_cell"])


def test_ages_at_the_border_are_taken(cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf) -> None:
    one, two = cells(2)
    rows = rows_of(send([born(one, date(1961, 1, 2)), born(two, date(2008, 1, 1))]))
    assert [row.status for row in rows] == ["accepted", "accepted"]


def test_nobody_is_turned_away_for_an_age_that_the_nik_contradicts(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    (row,) = rows_of(send([cells(1)[0] | {"Tanggal Lahir": "01/01/1950"}]))
    assert (row.status, row.reason_codes) == ("to_fix", ["nik_birth_mismatch"])


def test_unknown_village_comes_with_a_suggestion(cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf) -> None:
    (good,) = cells(1)
    (row,) = rows_of(send([good | {"Desa/Kelurahan": good["Desa/Kelurahan"] + "x"}]))
    assert good["Desa/Kelurahan"] in row.reasons[0]["way_out"]


def test_a_fault_in_every_row_of_a_large_list_is_told_of_each() -> None:
    """polars cannot filter a large frame by a bare `true`."""
    rows = pl.DataFrame({"row": range(100_000), "village": "Antah Berantah"})
    assert found(rows, "village_unknown", None, pl.col("village")).height == rows.height


def test_of_two_rows_with_one_nik_the_first_sound_one_stays(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    one, two = cells(2)
    rows = rows_of(send([one, one | {"Alamat": "lain"}, two | {"Nama Ibu Kandung": ""}, two]))
    assert [row.status for row in rows] == ["accepted", "rejected", "rejected", "accepted"]
    assert [row.reason_codes for row in rows] == [
        [], ["duplicate_in_file"], ["duplicate_in_file", "missing_mother"], [],
    ]  # fmt: skip
    assert "baris 3" in rows[1].reasons[0]["message"]


def test_the_same_person_under_two_niks_is_asked_about(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    one = cells(1)[0] | {"Nama Lengkap": "Muhammad Yusuf Hidayat", "Nama Ibu Kandung": "Siti Aminah"}
    other_nik = one["NIK"][:12] + ("9999" if one["NIK"][12:] != "9999" else "9998")
    again = one | {"NIK": other_nik, "Nama Lengkap": "M. YUSUP HIDAYAT"}
    rows = rows_of(send([one, again]))
    assert [(row.status, row.reason_codes) for row in rows] == [("accepted", []), ("to_fix", ["duplicate_person"])]
    told = rows_of(send([again | {"Kode Baris": rows[1].row_code, "Keterangan": "orang berbeda"}]))
    assert [(row.status, row.corrects_id) for row in told] == [("accepted", rows[1].pk)]


def test_every_reason_has_words_and_outcome() -> None:
    for code, reason in REASONS.items():
        assert reason.code == code and str(reason.title) and str(reason.message) and str(reason.way_out)


def test_business_date_is_the_worlds(world: World) -> None:
    from lindung.core.clock import today

    assert today() == TODAY
