"""The KPJ shows every slip of the pen it promises to show."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.core.errors import InvalidInput
from lindung.membership.kpj import KPJ_DIGITS, LAST_SEQUENCE, check_kpj, make_kpj, make_kpjs

sequences = st.integers(1, LAST_SEQUENCE)
years = st.integers(1977, 2100)
kpjs = st.builds(make_kpj, sequences, years)


@given(sequences, years)
def test_a_made_kpj_is_right_and_shows_its_parts(sequence: int, year: int) -> None:
    kpj = make_kpj(sequence, year)
    assert check_kpj(kpj)
    assert (len(kpj), kpj[:2], int(kpj[2:10])) == (KPJ_DIGITS, f"{year % 100:02d}", sequence)


@given(kpjs, st.integers(0, KPJ_DIGITS - 1), st.integers(1, 9))
def test_every_wrong_digit_shows(kpj: str, at: int, change: int) -> None:
    wrong = (int(kpj[at]) + change) % 10
    assert not check_kpj(f"{kpj[:at]}{wrong}{kpj[at + 1 :]}")


@given(kpjs, st.integers(0, KPJ_DIGITS - 2))
def test_every_exchange_of_neighbours_shows(kpj: str, at: int) -> None:
    exchanged = kpj[:at] + kpj[at + 1] + kpj[at] + kpj[at + 2 :]
    assert check_kpj(exchanged) == (exchanged == kpj)


@given(st.text(max_size=14))
def test_other_texts_are_refused(text: str) -> None:
    if check_kpj(text):
        assert text.strip() == make_kpj(int(text.strip()[2:10]) or 1, int(text.strip()[:2]))


@given(st.lists(sequences, min_size=1, max_size=50), years)
def test_the_column_agrees_with_the_single_one(numbers: list[int], year: int) -> None:
    assert make_kpjs(pl.Series(numbers), year).to_list() == [make_kpj(number, year) for number in numbers]


@pytest.mark.parametrize("sequence", [0, LAST_SEQUENCE + 1])
def test_a_sequence_has_eight_digits(sequence: int) -> None:
    with pytest.raises(InvalidInput):
        make_kpj(sequence, 2026)


@pytest.mark.parametrize("text", ["", "2600000001", "260000000١٢", "26 0000 0001 9", "A6000000019"])
def test_what_is_not_a_kpj(text: str) -> None:
    assert not check_kpj(text)
