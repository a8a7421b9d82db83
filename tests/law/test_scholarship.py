"""Scholarships: levels, two children, three years, age, the old single amount, and what is paid each year."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, judge, result_of

from . import reference_scholarship as reference

LAST_OLD, FIRST_NEW, DAY = date(2019, 12, 1), date(2019, 12, 2), date(2026, 2, 27)
WHOLE = {"tk": 2, "sd": 6, "smp": 3, "sma": 3, "university": 5}
MOST = dict(WHOLE)
YEARLY = {"tk": 1_500_000, "sd": 1_500_000, "smp": 2_000_000, "sma": 3_000_000, "university": 12_000_000}


def ask(*children: dict[str, Any], on: date = DAY, **facts: Any) -> dict[str, Any]:
    return result_of("scholarship", on, {"cause": "work", "children": list(children)} | facts)


def child(age: int | None = None, stopped: bool = False, **remaining: int) -> dict[str, Any]:
    row: dict[str, Any] = {"remaining": remaining}
    if age is not None:
        row["age"] = age
    if stopped:
        row["married_or_working"] = True
    return row


@pytest.mark.parametrize("level", WHOLE)
def test_each_level_up_to_its_years(level: str) -> None:
    for years in (0, 1, MOST[level] - 1, MOST[level], MOST[level] + 1, 20):
        result = ask(child(**{level: years}))
        counted = min(years, MOST[level])
        assert result["children"] == [counted * YEARLY[level]]
        assert result["by_year"] == [YEARLY[level]] * counted


def test_one_child_from_the_first_year_of_kindergarten() -> None:
    result = ask(child(**WHOLE), child(**WHOLE))
    assert (result["total_max"], result["children"]) == (174_000_000, [87_000_000, 87_000_000])
    assert result["by_year"][0] == 3_000_000
    assert result["by_year"][-1] == 24_000_000
    assert len(result["by_year"]) == 19


def test_two_children_at_most_the_dearest() -> None:
    few, some, many = child(sma=1), child(university=1), child(university=5)
    assert ask(few, some, many)["children"] == [0, 12_000_000, 60_000_000]
    assert ask(some, some, some)["children"] == [12_000_000, 12_000_000, 0]
    assert ask()["total_max"] == 0
    assert ask()["children"] == ask()["by_year"] == []


@pytest.mark.parametrize(("on", "least"), [(date(2015, 7, 1), 60), (LAST_OLD, 60), (FIRST_NEW, 36), (DAY, 36)])
def test_years_of_contributions_unless_it_was_work(on: date, least: int) -> None:
    for months, due in [(0, False), (least - 1, False), (least, True), (least + 1, True)]:
        result = ask(child(sma=1), on=on, cause="non_work", months_contributed=months)
        assert (result["eligible"], result["total_max"] > 0) == (due, due)
    assert ask(child(sma=1), on=on, months_contributed=0)["eligible"]


def test_the_old_scholarship_once_for_each_participant() -> None:
    result = ask(child(**WHOLE), child(**WHOLE), on=LAST_OLD)
    assert result == {"total_max": 12_000_000, "children": [12_000_000, 0], "by_year": [12_000_000], "eligible": True}
    assert ask(child(sma=1, age=30), on=LAST_OLD)["total_max"] == 12_000_000  # no age in the text of 2015
    assert ask(on=LAST_OLD)["by_year"] == []
    # "anak sah yang masih bersekolah": explanation of PP 44/2015 Pasal 25 ayat (2) huruf b
    assert ask(child(), child(sma=1), on=LAST_OLD)["children"] == [0, 12_000_000]
    assert ask(child(), on=LAST_OLD)["total_max"] == 0


@pytest.mark.parametrize(("age", "years"), [(0, 5), (17, 5), (18, 5), (19, 4), (22, 1), (23, 0), (24, 0)])
def test_the_scholarship_ends_at_twenty_three(age: int, years: int) -> None:
    assert ask(child(age=age, university=5))["total_max"] == years * 12_000_000


def test_it_ends_with_marriage_or_work() -> None:
    assert ask(child(stopped=True, university=5))["total_max"] == 0
    assert ask(child(stopped=True, age=18, university=5), child(sma=1))["children"] == [0, 3_000_000]


def test_age_cuts_the_last_years_across_levels() -> None:
    result = ask(child(age=18, sma=1, university=5))
    assert result["by_year"] == [3_000_000, *[12_000_000] * 4]


@pytest.mark.parametrize(
    ("code", "field", "facts"),
    [
        ("missing_fact", "months_contributed", {"cause": "non_work"}),
        ("missing_fact", "cause", {"cause": ...}),
        ("impossible_value", "cause", {"cause": "illness"}),
        ("impossible_value", "children", {"children": 2}),
        ("impossible_value", "children", {"children": [child(sma=1)] * 31}),
        ("missing_fact", "children.remaining", {"children": [{}]}),
        ("impossible_value", "children.remaining", {"children": [{"remaining": 3}]}),
        ("unknown_fact", "children.remaining.s3", {"children": [child(s3=1)]}),
        ("unknown_fact", "children.name", {"children": [child(sma=1) | {"name": "Sari"}]}),
        ("impossible_value", "children.remaining.sma", {"children": [child(sma=-1)]}),
        ("impossible_value", "children.remaining.sma", {"children": [child(sma=21)]}),
        ("impossible_value", "children.age", {"children": [child(sma=1, age=-1)]}),
        ("impossible_value", "children.age", {"children": [child(sma=1, age=121)]}),
        ("impossible_value", "children.married_or_working", {"children": [child() | {"married_or_working": 1}]}),
    ],
)
def test_errors(code: str, field: str, facts: dict[str, Any]) -> None:
    given_facts = {"cause": "work", "children": []} | facts
    with pytest.raises(LawError) as refused:
        result_of("scholarship", DAY, {name: value for name, value in given_facts.items() if value is not ...})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_thirty_children_are_read() -> None:
    assert ask(*[child(tk=1)] * 30)["total_max"] == 3_000_000


@pytest.mark.parametrize(
    ("level", "asked", "paid", "total"),
    [
        ("tk", 1, 1, 1_500_000),
        ("tk", 3, 2, 3_000_000),
        ("smp", 3, 3, 6_000_000),
        ("smp", 4, 3, 6_000_000),
        ("university", 1, 1, 12_000_000),
        ("university", 3, 3, 36_000_000),
        ("university", 4, 4, 48_000_000),
        ("university", 5, 4, 48_000_000),
    ],
)
def test_a_claim_pays_this_year_and_three_before(level: str, asked: int, paid: int, total: int) -> None:
    result = result_of("scholarship_payment", DAY, {"level": level, "school_years": asked})
    assert result == {"yearly": YEARLY[level], "years_paid": paid, "total": total}


def test_no_yearly_payment_before_2_december_2019() -> None:
    nothing = {"yearly": 0, "years_paid": 0, "total": 0}
    assert result_of("scholarship_payment", LAST_OLD, {"level": "sd"}) == nothing
    assert result_of("scholarship_payment", FIRST_NEW, {"level": "sd"})["total"] == 1_500_000


def test_the_amounts_are_named_as_unverified() -> None:
    unsure = judge("scholarship", DAY, {"cause": "work", "children": [child(sma=1)]})
    assert {"scholarship_yearly", "scholarship_most_years"} <= set(unsure.unverified)
    assert "scholarship_minimum_months" not in unsure.unverified
    inputs = next(step.inputs for step in unsure.steps if step.rule == "scholarship_by_child")
    remaining = {"tk": 0, "sd": 0, "smp": 0, "sma": 1, "university": 0}
    assert inputs["children"] == [{"remaining": remaining, "age": None, "married_or_working": False}]


CHILDREN = st.lists(
    st.builds(
        child,
        age=st.none() | st.integers(0, 30),
        stopped=st.booleans(),
        tk=st.integers(0, 3),
        sd=st.integers(0, 7),
        smp=st.integers(0, 4),
        sma=st.integers(0, 4),
        university=st.integers(0, 6),
    ),
    max_size=5,
)


@given(CHILDREN, CHILDREN)
def test_sums_and_bounds(children: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    result = ask(*children)
    assert sum(result["children"]) == sum(result["by_year"]) == result["total_max"] <= 174_000_000
    assert sum(amount > 0 for amount in result["children"]) <= 2
    assert result["total_max"] <= ask(*children, *more)["total_max"]
    assert sorted(result["children"]) == sorted(ask(*reversed(children))["children"])


def test_the_same_as_the_reference_to_the_rupiah() -> None:
    chance = random.Random(20261124)
    for _ in range(3_000):
        on = chance.choice([date(2015, 7, 1), LAST_OLD, FIRST_NEW, DAY])
        cause, months = chance.choice(["work", "non_work"]), chance.choice([0, 35, 36, 59, 60, chance.randrange(400)])
        children = [
            child(
                age=chance.choice([None, chance.randrange(30)]),
                stopped=chance.random() < 0.1,
                **{level: chance.randrange(most + 2) for level, most in MOST.items()},
            )
            for _ in range(chance.randrange(5))
        ]
        result = ask(*children, on=on, cause=cause, months_contributed=months)
        expected = reference.scholarship(on, cause, months, children)
        assert {name: result[name] for name in expected} == expected


def test_each_claim_is_that_of_the_reference() -> None:
    for on in (date(2015, 7, 1), LAST_OLD, FIRST_NEW, DAY):
        for level in WHOLE:
            for asked in range(1, 21):
                facts = {"level": level, "school_years": asked}
                assert result_of("scholarship_payment", on, facts)["total"] == reference.payment(on, level, asked)
