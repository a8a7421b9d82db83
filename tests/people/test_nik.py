"""What a NIK says, and what can be wrong with it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import make_nik, make_people, village_keys

from lindung.people.nik import clean_nik, mask_nik, problem_code

RIGHT = "6112034107850001"  # a woman, born 1 July 1985
births = st.dates(date(1930, 1, 1), date(2020, 12, 31))
sexes = st.sampled_from("LP")
serials = st.integers(1, 9999)
villages = st.sampled_from(village_keys())
COLUMNS = {"nik": pl.String, "birth_date": pl.Date, "sex": pl.String}


def problem(nik: str, birth_date: date | None = None, sex: str | None = None) -> str | None:
    """The code for one NIK."""
    frame = pl.DataFrame({"nik": [nik], "birth_date": [birth_date], "sex": [sex]}, schema=COLUMNS)
    code: str | None = frame.select(problem_code(pl.col("nik"), pl.col("birth_date"), pl.col("sex"))).item()
    return code


@given(villages, births, sexes, serials)
def test_a_right_nik_has_no_problem(village: int, born: date, sex: str, serial: int) -> None:
    assert problem(make_nik(village, born, sex, serial), born, sex) is None


@given(villages, births, births, sexes, serials)
def test_another_birth_date_shows_unless_the_digits_are_the_same(
    village: int, born: date, other: date, sex: str, serial: int
) -> None:
    assert (problem(make_nik(village, born, sex, serial), other) is None) == (f"{born:%d%m%y}" == f"{other:%d%m%y}")


@given(villages, births, sexes, serials)
def test_the_other_sex_shows(village: int, born: date, sex: str, serial: int) -> None:
    other = "L" if sex == "P" else "P"
    assert problem(make_nik(village, born, sex, serial), born, other) == "nik_sex_mismatch"


@given(st.text(max_size=20))
def test_only_sixteen_digits_are_without_a_problem(text: str) -> None:
    assert problem(text) is not None or (len(text) == 16 and text.isascii() and text.isdigit())


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("", "nik_missing"), ("61120341078500O1", "nik_not_digits"), ("611203410785000", "nik_length"),
        ("61120341078500011", "nik_length"), ("0012034107850001", "nik_region"), ("6100034107850001", "nik_region"),
        ("6112004107850001", "nik_region"), ("6112033202850001", "nik_birth_date"),
        ("6112032902850001", "nik_birth_date"),
        ("6112030013850001", "nik_birth_date"), ("6112037207850001", "nik_birth_date"),
        ("6112034107850000", "nik_serial"),
        ("6112032902000001", None), ("6112036902840001", None), (RIGHT, None),
    ],
)  # fmt: skip
def test_each_fault_has_its_code(nik: str, code: str | None) -> None:
    assert problem(nik) == code


def test_a_whole_list_at_once() -> None:
    people = make_people(1_000)
    wrong = people.with_columns(birth_date=pl.col("birth_date").dt.offset_by("1d"))
    code = problem_code(pl.col("nik"), pl.col("birth_date"), pl.col("sex"))
    assert people.select(code).to_series().null_count() == 1_000
    assert set(wrong.select(code).to_series()) == {"nik_birth_mismatch"}


def test_masking_and_cleaning() -> None:
    assert mask_nik(RIGHT) == "6112********0001"
    assert clean_nik("'6112 0341-0785.0001") == RIGHT
