"""The synthetic cast: it looks like a real list, is plainly synthetic, and is faulty exactly where it says."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest

from lindung.formats.deaths import read_deaths
from lindung.formats.proposals import ProposalSheet, read_proposals
from lindung.places.names import normalise
from lindung.web.demo.listing import MENDABLE
from lindung.web.demo.people import (
    FARDU_KIFAYAH_WORKERS,
    FAULTS,
    KORAN_TEACHERS,
    DemoData,
    generate,
)
from lindung.web.demo.population import FARDU_KIFAYAH, KORAN_TEACHER, Person, nik_date, villages
from lindung.web.demo.workbook import (
    big_workbook,
    corrected_workbook,
    deaths_workbook,
    proposal_workbook,
    row_numbers,
)


@pytest.fixture(scope="module")
def data() -> DemoData:
    return generate(2026)


@pytest.fixture(scope="module")
def sheet(data: DemoData) -> ProposalSheet:
    return read_proposals(proposal_workbook(data))


def everyone(data: DemoData) -> list[Person]:
    stories = (data.veteran, data.newcomer, data.registry_death, data.work_death, data.uncovered)
    return [
        *(row.person for row in data.rows),
        *data.not_renewed,
        *(employee.person for employee in data.employer.employees),
        *data.village_sponsor.people,
        *(death.person for death in data.death_list),
        *(relative.person for story in stories for relative in story.family),
    ]


def age_on_new_year(born: date) -> int:
    return 2026 - born.year - ((born.month, born.day) > (1, 1))


def test_one_seed_gives_one_cast() -> None:
    assert generate(7) == generate(7)
    assert generate(7) != generate(8)


def test_every_nik_has_the_shape_of_a_real_one_and_a_synthetic_serial(data: DemoData) -> None:
    for person in everyone(data):
        assert len(person.nik) == 16 and person.nik.isdigit()
        assert person.nik.startswith("6112")
        assert person.nik[6:12] == nik_date(person.birth_date, person.sex)
        assert person.nik[12] == "9"


def test_no_two_people_share_a_nik(data: DemoData) -> None:
    holders: dict[str, set[tuple[str, date]]] = {}
    for person in everyone(data):
        holders.setdefault(person.nik, set()).add((person.name, person.birth_date))
    assert all(len(names) == 1 for names in holders.values())


def test_the_groups_have_their_sizes(data: DemoData) -> None:
    repeated = ("duplicate_in_file", "duplicate_person")
    sizes = Counter(row.person.group for row in data.rows if row.fault not in repeated)
    assert sizes[KORAN_TEACHER] == KORAN_TEACHERS == 1_066
    assert sizes[FARDU_KIFAYAH] == FARDU_KIFAYAH_WORKERS == 490
    assert sizes["rt_rw_head"] + sizes["posyandu_cadre"] == 12 * (20 + 5 + 13)


def test_the_faults_are_counted(data: DemoData) -> None:
    assert data.expected == FAULTS
    assert data.expected == Counter(row.fault for row in data.rows if row.fault)


def test_only_the_faulty_are_too_old_or_too_young(data: DemoData) -> None:
    for row in data.rows:
        age = age_on_new_year(row.person.birth_date)
        assert (age >= 65) == (row.fault == "too_old")
        assert (age < 18) == (row.fault == "too_young")


def test_those_others_pay_for_are_on_both_lists(data: DemoData) -> None:
    def listed(fault: str) -> set[str]:
        return {row.person.nik for row in data.rows if row.fault == fault}

    employed = {employee.person.nik for employee in data.employer.employees}
    sponsored = {person.nik for person in data.village_sponsor.people}
    assert len(employed) == 60 and len(sponsored) == 25
    assert listed("covered_by_employer") <= employed and len(listed("covered_by_employer")) == 12
    assert listed("other_sponsor") <= sponsored and len(listed("other_sponsor")) == 8
    assert {death.person.nik for death in data.known_dead} == listed("deceased")
    assert not (employed | sponsored) & {row.person.nik for row in data.rows if row.fault is None}


def test_repetitions_come_after_the_first_mention(data: DemoData) -> None:
    first = {}
    for at, row in enumerate(data.rows):
        if row.fault in ("duplicate_in_file", "duplicate_person"):
            assert first[row.person.nik] < at
            same_nik = row.cells["nik"] == row.person.nik
            assert same_nik == (row.fault == "duplicate_in_file")
        else:
            first[row.person.nik] = at


def test_misspelt_villages_are_close_to_one_village_only(data: DemoData) -> None:
    known = {normalise(village.name): village.name for village in villages()}
    misspelt = [row for row in data.rows if row.fault == "village_unknown"]
    assert misspelt
    for row in misspelt:
        assert normalise(str(row.cells["village"])) not in known
        assert row.mended is not None and known[normalise(str(row.mended["village"]))] == row.person.village.name


def test_sixty_percent_renew_and_the_stories_fit(data: DemoData) -> None:
    renewing = {person.nik for person in data.renewing}
    assert len(renewing) == len(data.renewing) == round(0.6 * (1_066 + 490))
    assert {data.veteran.person.nik, data.registry_death.person.nik, data.work_death.person.nik} <= renewing
    assert data.newcomer.person.nik not in renewing
    listed = {row.person.nik for row in data.rows}
    assert renewing <= listed and data.newcomer.person.nik in listed
    assert data.uncovered.person in data.not_renewed and data.uncovered.person.nik not in listed
    # Three months of grace after August 2025 are over on the day he dies.
    assert data.uncovered.paid_until == date(2025, 8, 1) and data.uncovered.died_on > date(2025, 11, 30)
    assert [relative.relation for relative in data.veteran.family] == ["wife", "child", "child"]


def test_the_reader_finds_every_row_of_the_workbook(data: DemoData, sheet: ProposalSheet) -> None:
    rows = row_numbers(data)
    assert sheet.frame["row"].to_list() == list(rows)
    read = {row["row"]: row for row in sheet.frame.iter_rows(named=True)}
    for number, row in rows.items():
        if row.fault is None:
            found = read[number]
            assert (found["nik"], found["birth_date"], found["sex"]) == (
                row.person.nik, row.person.birth_date, row.person.sex,
            )  # fmt: skip
            assert found["name"].lower() == row.person.name.lower()


def test_the_reader_sees_the_faults_of_typing(data: DemoData, sheet: ProposalSheet) -> None:
    frame = sheet.frame
    assert frame["nik_lost_digits"].sum() == FAULTS["nik_number_lost_zeros"]
    assert frame.filter(pl.col("nik").str.len_chars() == 15).height == FAULTS["nik_length"]
    assert frame.filter(pl.col("birth_date_flag") == "tidak_terbaca").height == FAULTS["birth_date_unreadable"]
    assert frame["mother_name"].null_count() == FAULTS["missing_mother"]
    assert frame["name"].null_count() == FAULTS["missing_name"]
    assert frame["formula_fields"].drop_nulls().to_list() == [["name"]] * FAULTS["formula_cell"]


def test_the_correction_mends_every_row_that_can_be_mended(data: DemoData) -> None:
    codes = {number: f"B-{number}" for number in row_numbers(data)}
    sheet = read_proposals(corrected_workbook(data, codes))
    by_code = {f"B-{number}": row for number, row in row_numbers(data).items()}
    assert sheet.frame.height == sum(FAULTS[fault] for fault in MENDABLE)
    for found in sheet.frame.iter_rows(named=True):
        person = by_code[found["row_code"]].person
        assert (found["nik"], found["birth_date"]) == (person.nik, person.birth_date)
        assert found["village"] == person.village.name
        assert found["mother_name"].lower() == person.mother.lower()
        assert found["formula_fields"] is None


def test_the_death_list_holds_two_participants_among_strangers(data: DemoData) -> None:
    deaths = read_deaths(deaths_workbook(data))
    listed = {row.person.nik for row in data.rows}
    assert deaths.frame.height == 22
    assert {nik for nik in deaths.frame["nik"] if nik in listed} == {
        data.registry_death.person.nik,
        data.veteran.person.nik,
    }
    assert deaths.frame["death_date"].null_count() == 0


def test_the_large_list_has_as_many_rows_as_asked_and_some_faults() -> None:
    sheet = read_proposals(big_workbook(3_000, seed=5))
    frame = sheet.frame
    assert frame.height == 3_000
    faulty = frame.filter(
        (pl.col("nik").str.len_chars() != 16)
        | pl.col("nik").is_duplicated()
        | pl.col("mother_name").is_null()
        | pl.col("birth_date").is_null()
    ).height
    assert 0.01 < faulty / 3_000 < 0.05
