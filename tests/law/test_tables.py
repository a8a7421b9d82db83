"""The risk groups and the disability table: whole, readable, and found by words."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import injuries, risk_groups
from lindung.law.tables.injuries import by_code, hundredths
from lindung.law.tables.search import rank, words_of


def test_all_191_activities() -> None:
    rows = risk_groups()
    assert Counter(row["group"] for row in rows) == {1: 23, 2: 25, 3: 96, 4: 23, 5: 24}
    assert len({row["number"] for row in rows}) == 191
    assert all(row["confidence"] == "S" and row["note"] and row["article"] and row["name"] for row in rows)
    assert rows[0] == {
        "group": 1,
        "number": "I.1",
        "name": "Penjahitan/konveksi",
        "keywords": ["jahit", "penjahit", "konveksi", "garmen", "tailor"],
        "article": "PP 82/2019 Lampiran I",
        "confidence": "S",
        "note": "Sama dengan salinan kedua Lampiran I PP 44/2015 (sebelum 2019).",
    }


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("konveksi", "I.1"),
        ("KONVÉKSI", "I.1"),
        ("penggilingan padi", "III.14"),
        ("padi penggilingan", "III.14"),
        ("perkebunan sawit", "II.5"),
        ("minyak kelapa sawit", "III.60"),
        ("elpiji", "IV.13"),
    ],
)
def test_the_best_activity_comes_first(words: str, number: str) -> None:
    assert risk_groups(words)[0]["number"] == number
    assert risk_groups(words.split()) == risk_groups(words)


def test_every_word_must_be_found() -> None:
    assert risk_groups("konveksi sawit") == []
    assert {row["number"] for row in risk_groups("bengkel motor")} == {"III.95", "IV.3"}
    assert all("petugas" in row["note"] for row in risk_groups("bengkel motor"))


def test_a_word_in_the_name_counts_more_and_the_whole_word_most() -> None:
    assert rank(["mata"], ["mata"], []) > rank(["mata"], ["matahari"], []) > rank(["mata"], ["permata"], []) > 0
    assert rank(["mata"], ["mata"], []) > rank(["mata"], [], ["mata"]) > 0
    assert rank(["mata", "kaki"], ["mata"], ["kaki"]) > rank(["mata", "kaki"], [], ["mata", "kaki"])
    assert rank(["mata", "kaki"], ["mata"], []) == 0
    assert rank(["mata"], ["permata", "matahari", "permata"], []) == rank(["mata"], ["matahari"], [])


@given(st.text(max_size=20))
def test_any_text_can_be_searched(text: str) -> None:
    assert set(map(str, injuries(text))) <= set(map(str, injuries()))
    assert words_of(text) == words_of(text.upper().lower()) or not text.isascii()


def test_all_46_injuries() -> None:
    rows = injuries()
    assert len(rows) == len({row["code"] for row in rows}) == 46
    assert all(row["confidence"] == "S" and row["note"] and row["name_en"] for row in rows)
    assert all(0 < row["percent"] <= row["percent_most"] <= 70 for row in rows)
    assert [row["code"] for row in rows if row["percent"] < row["percent_most"]] == ["SCALP"]
    assert {row["per"] for row in rows} == {None, "10 dB", "10%"}
    row = next(row for row in rows if row["code"] == "INDEX_PHALANX1_L")
    assert (row["percent"], row["left_handed_as"]) == (3.5, "INDEX_PHALANX1_R")


def test_sides_swap_both_ways() -> None:
    table = by_code()
    sided = [injury for injury in table.values() if injury.other_side]
    assert len(sided) == 16
    for injury in sided:
        other = table[injury.other_side]
        assert other.other_side == injury.code
        assert (injury.code[-1] == "R") == (injury.least > other.least)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("ibu jari tangan kanan", ["THUMB_R"]),
        ("left thumb", ["THUMB_L"]),
        ("impotence", ["IMPOTENCE"]),
        ("ibu jari", ["THUMB_R", "THUMB_L", "TOE_BIG"]),
    ],
)
def test_injuries_in_both_languages_and_by_code(words: str, codes: list[str]) -> None:
    assert [row["code"] for row in injuries(words)] == codes


@pytest.mark.parametrize(("text", "parts"), [("70", 7_000), ("4.5", 450), ("0.01", 1), ("3.25", 325)])
def test_percentages_as_hundredths(text: str, parts: int) -> None:
    assert hundredths(text) == parts
