"""Lists of companies as offices really send them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from compliance.conftest import Town, employer, workbook
from django.db import DatabaseError, connection, transaction

from lindung.compliance import actions
from lindung.compliance.matching import match_lists
from lindung.compliance.models import CompanyList, ListedCompany, ListMatch
from lindung.compliance.queries import lists as reads
from lindung.core.actors import acting_as
from lindung.core.errors import InvalidInput, NotAllowed
from lindung.core.ui.tables import ListQuery
from lindung.formats.company_lists import read_companies
from lindung.formats.errors import FormatError

AS_OF = date(2026, 1, 31)
HEAD = ("No", "Nama Perusahaan", "NIB", "NPWP", "Jumlah Tenaga Kerja", "Kecamatan")


def faults(data: bytes) -> list[list[str]]:
    return read_companies(data).frame["faults"].to_list()


def test_merged_header_letterhead_totals_and_signature() -> None:
    sheet = read_companies(
        workbook(
            ["DINAS TENAGA KERJA"], [],
            ["No", "Nama Perusahaan", "NIB", "Jumlah Tenaga Kerja", None, None, "Kecamatan"],
            [None, None, None, "L", "P", "Jml", None], [1, 2, 3, 4, 5, 6, 7],
            [1, "PT Kapuas", "9120001234567", 10, 5, 15, "Sungai Raya"], [None] * 7,
            ["JUMLAH", None, None, 10, 5, 15, None], [None, "Kepala Dinas", None, None, None, None, None],
            merge="D3:F3",
        )
    )  # fmt: skip
    assert sheet.frame.select("row", "name", "nib", "workers", "district").rows() == [
        (6, "PT Kapuas", "9120001234567", 15, "Sungai Raya")
    ]
    assert sheet.header_row == 4
    assert sheet.left_out == 4


def test_men_and_women_are_added_when_there_is_no_total() -> None:
    head = ["Nama Perusahaan", "NIB", "Jumlah TK Laki-laki", "Jumlah TK Perempuan"]
    assert read_companies(workbook(head, ["PT A", "9120001234567", 4, 3])).frame["workers"].to_list() == [7]


@pytest.mark.parametrize(
    ("cell", "nib", "fault"),
    [
        ("9120 0012 34567", "9120001234567", []),
        (9120001234567, "9120001234567", []),
        (120001234567, "0120001234567", []),  # a number cell lost its leading zero
        ("120001234567", None, ["nib_length"]),  # a text did not
        ("9,12E+12", None, ["nib_lost_digits"]),
        ("-", None, []),
    ],
)
def test_nib_as_it_is_typed(cell: object, nib: str | None, fault: list[str]) -> None:
    frame = read_companies(workbook(HEAD, [1, "PT A", cell, None, 3, "x"])).frame
    assert frame["nib"].to_list() == [nib]
    assert list(frame["faults"][0]) == fault


@pytest.mark.parametrize(
    ("cell", "npwp", "fault"),
    [
        ("01.234.567.8-701.000", "0012345678701000", []),
        ("0012345678701000", "0012345678701000", []),
        (12345678701000, "0012345678701000", []),
        ("00." + "000.000.0-000.000", None, []),
        ("1234", None, ["npwp_length"]),
    ],
)
def test_npwp_as_it_is_typed(cell: object, npwp: str | None, fault: list[str]) -> None:
    frame = read_companies(workbook(HEAD, [1, "PT A", None, cell, 3, "x"])).frame
    assert frame["npwp"].to_list() == [npwp]
    assert list(frame["faults"][0]) == fault


@pytest.mark.parametrize(
    ("cell", "workers", "fault"),
    [(12, 12, []), ("1.250 orang", 1250, []), ("dua belas", None, ["workers_unreadable"]), (None, None, []), (0, 0, []),
     ("-5", None, ["workers_unreadable"])],
)  # fmt: skip
def test_workers_as_they_are_typed(cell: object, workers: int | None, fault: list[str]) -> None:
    frame = read_companies(workbook(HEAD, [1, "PT A", "9120001234567", None, cell, "x"])).frame
    assert frame["workers"].to_list() == [workers]
    assert list(frame["faults"][0]) == fault


def test_one_nib_of_two_companies_accuses_neither() -> None:
    rows = [[1, "PT A", "9120001234567", None, 3, "x"], [2, "CV B", "9120001234567", None, 9, "x"]]
    assert faults(workbook(HEAD, *rows)) == [["nib_repeated"], ["nib_repeated"]]


def test_one_company_twice_counts_once() -> None:
    rows = [[1, "PT A", "9120001234567", None, 3, "x"], [2, "pt. a", "9120001234567", None, 3, "x"]]
    assert faults(workbook(HEAD, *rows)) == [[], ["row_repeated"]]


def test_csv_with_semicolons_and_indonesian_amounts() -> None:
    data = "Nama Perusahaan;NIB;Jumlah TK;Total Upah;Skala Usaha\nPT Ä;9120001234567;10;Rp 31.000.000;Menengah\n"
    row = read_companies(data.encode("cp1252")).frame.row(0, named=True)
    assert (row["workers"], row["wage_average"], row["size"]) == (10, 3_100_000, "medium")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "kosong"),
        (b"nama;nib\n", "tanpa_baris"),
        (b"apa saja, tanpa judul\n1,2\n", "tanpa_judul_kolom"),
        (b"PK\x03\x04rusak", "rusak"),
        (b"nama perusahaan;nib\n" + b"a;1\n" * 200_100, "terlalu_banyak_baris"),
        (b"nama perusahaan;nib\n" + b";" * 511 + b"\n" + b"a\n" * 24_000, "terlalu_banyak_baris"),
        (workbook(HEAD), "tanpa_baris"),
        (workbook(["NIB", "NPWP"], ["9120001234567", "1"]), "kolom_kurang"),
    ],
)
def test_what_is_no_list_is_refused_with_a_way_out(data: bytes, code: str) -> None:
    with pytest.raises(FormatError) as error:
        read_companies(data)
    assert error.value.code == code
    assert error.value.way_out


def receive(town: Town, data: bytes, kind: str = "wlkp", as_of: date = AS_OF, source: str = "Disnaker") -> CompanyList:
    with acting_as(town.officer):
        return actions.receive_list(town.officer, kind, source, as_of, "daftar.xlsx", data)


@pytest.mark.django_db
def test_lines_are_kept_with_faults_and_what_was_written(town: Town) -> None:
    made = receive(
        town,
        workbook(
            HEAD,
            [1, "PT Kapuas", "9120001234567", None, 15, "Sungai Raya"],
            [2, None, "88", None, "x", None],
        ),
    )
    assert (made.version, made.companies, made.faulty) == (1, 2, 1)
    rows = reads.lines(made.pk, ListQuery(filters={"show": "faulty"})).rows
    assert [(row.row_no, row.faults, row.usable) for row in rows] == [
        (3, ["name_missing", "nib_length", "workers_unreadable"], False)
    ]
    assert rows[0].written["nib"] == "88"


@pytest.mark.django_db
def test_same_file_twice_is_once_and_another_is_a_new_version(town: Town) -> None:
    data = workbook(HEAD, [1, "PT Kapuas", "9120001234567", None, 15, "Sungai Raya"])
    first, again = receive(town, data), receive(town, data)
    assert (again.pk, again.repeated) == (first.pk, True)
    other = receive(town, workbook(HEAD, [1, "PT Kapuas", "9120001234567", None, 16, "Sungai Raya"]))
    nib = receive(town, data, kind="nib")
    assert (other.version, nib.version, ListedCompany.objects.count()) == (2, 1, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "gosip"}, "kind"), ({"source": " "}, "source"), ({"as_of": date(2027, 1, 1)}, "as_of"),
     ({"data": b"x"}, "file")],
)  # fmt: skip
def test_a_list_names_its_kind_source_and_day(town: Town, change: dict[str, Any], field: str) -> None:
    given = {"data": workbook(HEAD, [1, "PT A", "9120001234567", None, 1, "x"])} | change
    with pytest.raises(InvalidInput) as error:
        receive(town, **given)
    assert error.value.field == field
    assert CompanyList.objects.count() == 0


@pytest.mark.django_db
def test_only_who_may_imports(town: Town) -> None:
    viewer = type(town.officer)(town.officer.user_id, "Uji", "auditor", frozenset({"compliance.view"}))
    with pytest.raises(NotAllowed):
        actions.receive_list(viewer, "wlkp", "Disnaker", AS_OF, "x.xlsx", b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "nib", "npwp", "district", "by"),
    [
        ("Nama Lain Sama Sekali", "9120001234567", None, None, "nib"),
        ("Nama Lain Sama Sekali", None, "01.234.567.8-701.000", None, "npwp"),
        ("KAPUAS JAYA ABADI, PT", None, None, None, "name"),
        ("PT. Kapuas Jaya Abbadi", None, None, None, "name"),
        ("CV Kapuas Jaya Abadi", None, None, None, None),  # another legal form
        ("PT Kapuas Jaya Abadi", "9990001234567", None, None, None),  # another NIB
        ("PT Kapuas Raya Mandiri", None, None, None, None),
    ],
)
def test_matching(
    town: Town, name: str, nib: str | None, npwp: str | None, district: str | None, by: str | None
) -> None:
    payer = town.company(1, name="PT Kapuas Jaya Abadi")
    employer(payer, nib="9120001234567", npwp="0012345678701000")
    town.company(2, name="PT Sawit Makmur Sejahtera")
    made = receive(town, workbook(HEAD, [1, name, nib, npwp, 5, district]))
    with acting_as(town.officer):
        assert [match_lists(AS_OF), match_lists(AS_OF)] == [int(by is not None)] * 2
    found = [(match.by, match.payer_id) for match in ListMatch.objects.filter(listed__company_list=made)]
    assert found == ([(by, payer.pk)] if by else [])


@pytest.mark.django_db
def test_two_companies_of_one_name_match_neither(town: Town) -> None:
    town.company(1, name="PT Kapuas Jaya Abadi")
    town.company(2, name="PT Kapuas Jaya Abadi")
    receive(town, workbook(HEAD, [1, "PT Kapuas Jaya Abadi", None, None, 5, None]))
    with acting_as(town.officer):
        assert match_lists(AS_OF) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["UPDATE compliance_listedcompany SET workers = 0", "DELETE FROM compliance_companylist"]
)
def test_a_list_is_never_changed(town: Town, change: str) -> None:
    receive(town, workbook(HEAD, [1, "PT A", "9120001234567", None, 1, "x"]))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
