"""JKK death benefit, JKM and heirs: dates, minimum, first months, arrears and refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, judge, result_of

DAY = date(2026, 2, 27)


def jkm(on: date = DAY, **facts: Any) -> dict[str, Any]:
    return result_of("jkm", on, {"segment": "BPU", "months_paid_consecutive": 12} | facts)


def jkk(on: date = DAY, **facts: Any) -> dict[str, Any]:
    return result_of("jkk_death", on, {"segment": "PU", "wage": 3_000_000} | facts)


@pytest.mark.parametrize(
    ("on", "total"), [(date(2019, 12, 1), 24_000_000), (date(2019, 12, 2), 42_000_000), (DAY, 42_000_000)]
)
def test_jkm_amount_by_day_of_death(on: date, total: int) -> None:
    assert jkm(on)["total"] == total


@pytest.mark.parametrize(
    ("on", "paid", "month", "total", "border"),
    [
        (date(2025, 2, 23), 1, 1, 42_000_000, False),
        (date(2025, 2, 24), 2, None, 10_000_000, False),
        (date(2025, 2, 24), 3, None, 42_000_000, False),
        (DAY, 2, 2, 10_000_000, False),
        (DAY, 3, 2, 10_000_000, False),
        (DAY, 2, 3, 10_000_000, True),
        (DAY, 3, 3, 42_000_000, True),
        (DAY, 3, 4, 42_000_000, False),
        (DAY, 4, 4, 42_000_000, False),
    ],
)
def test_first_months(on: date, paid: int, month: int | None, total: int, border: bool) -> None:
    result = jkm(on, months_paid_consecutive=paid, death_month_since_registration=month)
    assert (result["total"], result["border_case"]) == (total, border)


def test_first_months_do_not_touch_wage_earners() -> None:
    result = result_of("jkm", DAY, {"segment": "PU", "death_month_since_registration": 3})
    assert (result["total"], result["border_case"]) == (42_000_000, False)


def test_months_paid_must_be_stated_once_the_rule_is_in_force() -> None:
    with pytest.raises(LawError) as refused:
        result_of("jkm", DAY, {"segment": "BPU"})
    assert (refused.value.code, refused.value.field) == ("missing_fact", "months_paid_consecutive")
    assert result_of("jkm", date(2025, 2, 23), {"segment": "BPU"})["total"] == 42_000_000


@pytest.mark.parametrize(
    ("segment", "cover", "settled", "now", "later"),
    [
        ("BPU", "active", False, 42_000_000, 0),
        ("BPU", "grace", False, 10_000_000, 32_000_000),
        ("BPU", "grace", True, 42_000_000, 0),
        ("PU", "grace", False, 42_000_000, 0),
        ("BPU", "inactive", True, 0, 0),
        ("PU", "inactive", False, 0, 42_000_000),
    ],
)
def test_jkm_in_arrears(segment: str, cover: str, settled: bool, now: int, later: int) -> None:
    result = jkm(segment=segment, cover=cover, arrears_settled=settled)
    assert (result["payable_now"], result["after_arrears"]) == (now, later)
    assert (result["refusal"] is not None) == (cover == "inactive")


@pytest.mark.parametrize(
    ("segment", "cover", "settled", "now", "later"),
    [
        ("BPU", "active", False, 70_000_000, 0),
        ("BPU", "grace", False, 0, 70_000_000),
        ("BPU", "grace", True, 70_000_000, 0),
        ("PU", "grace", False, 70_000_000, 0),
        ("BPU", "inactive", False, 0, 0),
        ("PU", "inactive", False, 0, 70_000_000),
    ],
)
def test_jkk_in_arrears(segment: str, cover: str, settled: bool, now: int, later: int) -> None:
    base = {"wage": 1_000_000} if segment == "PU" else {"income": 1_000_000}
    facts = {"segment": segment, "cover": cover, "arrears_settled": settled} | base
    result = result_of("jkk_death", DAY, facts)
    assert (result["payable_now"], result["after_arrears"]) == (now, later)


def test_a_refusal_says_why_and_what_to_do() -> None:
    lost = jkm(cover="inactive")
    assert lost["total"] == lost["payable_now"] == lost["employer_pays_first"] == 0
    assert lost["refusal"]["code"] == "cover_inactive"
    assert lost["refusal"]["article"] == "PP 44/2015 Pasal 42 ayat (2)"
    assert all(lost["refusal"][key] for key in ("reason_id", "reason_en", "way_out_id", "way_out_en"))
    employer = jkk(cover="inactive")
    assert employer["refusal"]["code"] == "employer_pays_first"
    assert employer["refusal"]["article"].startswith("PP 44/2015 Pasal 38")
    assert employer["employer_pays_first"] == employer["total"] == 48 * 3_000_000 + 22_000_000


@pytest.mark.parametrize(
    ("on", "wage", "death", "raised"),
    [
        (DAY, 416_666, 20_000_000, True),
        (DAY, "416666.67", 20_000_000, False),
        (DAY, 416_667, 20_000_016, False),
        (date(2019, 12, 1), 337_499, 16_200_000, True),
        (date(2019, 12, 1), 337_500, 16_200_000, False),
        (date(2019, 12, 1), 337_501, 16_200_048, False),
    ],
)
def test_least_jkk_death_benefit(on: date, wage: Any, death: int, raised: bool) -> None:
    result = jkk(on, wage=wage)
    assert (result["death"], result["minimum_applied"]) == (death, raised)


def test_the_minimum_is_named_as_unverified() -> None:
    assert "jkk_death_minimum" in judge("jkk_death", DAY, {"segment": "PU", "wage": 1}).unverified


@given(wage=st.integers(0, 10**9), more=st.integers(0, 10**9), cover=st.sampled_from(["active", "grace", "inactive"]))
def test_parts_sum_and_never_fall_with_the_wage(wage: int, more: int, cover: str) -> None:
    low, high = jkk(wage=wage, cover=cover), jkk(wage=wage + more, cover=cover)
    assert low["death"] <= high["death"]
    assert low["death"] == max(48 * wage, 20_000_000)
    for result in (low, jkm(cover=cover)):
        assert result["death"] + result["periodic"] + result["funeral"] == result["total"]
        assert result["payable_now"] + result["after_arrears"] == result["total"]


ORDER = [
    ("spouse", 1),
    ("child", 1),
    ("parent", 2),
    ("grandparent", 2),
    ("grandchild", 2),
    ("sibling", 3),
    ("parent_in_law", 4),
    ("will", 5),
]


def heirs(*relatives: dict[str, Any]) -> dict[str, Any]:
    return result_of("heirs", DAY, {"relatives": list(relatives)})


@pytest.mark.parametrize(("relation", "tier"), ORDER)
def test_tier_of_each_relation(relation: str, tier: int) -> None:
    result = heirs({"relation": relation, "name": "Sari"})
    assert result == {"tier": tier, "heirs": [0], "names": ["Sari"], "fund_share": None, "fund_share_en": None}


def test_the_nearest_living_tier_takes_all() -> None:
    result = heirs(
        {"relation": "sibling", "name": "Adik"},
        {"relation": "spouse", "name": "Istri", "alive": False},
        {"relation": "grandchild", "name": "Cucu"},
        {"relation": "parent"},
    )
    assert (result["tier"], result["heirs"], result["names"]) == (2, [2, 3], ["Cucu", None])


def test_relatives_may_be_given_by_their_relation_alone_and_by_its_other_names() -> None:
    result = result_of("heirs", DAY, {"relatives": ["mertua", "sister", {"relation": "brother", "name": "Budi"}]})
    assert (result["tier"], result["heirs"], result["names"]) == (3, [1, 2], [None, "Budi"])
    assert result_of("heirs", DAY, {"relatives": ["cucu", "widow", "anak"]})["heirs"] == [1, 2]


def test_without_heirs_jht_goes_to_the_probate_office() -> None:
    """PP 46/2015 Pasal 23 ayat (4)."""
    result = result_of("heirs", DAY, {"relatives": [], "programme": "JHT"})
    assert result["tier"] == 6 and "balai harta peninggalan" in result["fund_share"]
    assert result_of("heirs", DAY, {"relatives": ["will"], "programme": "JHT"})["fund_share"] is None


def test_without_heirs_the_fund_receives() -> None:
    result = heirs({"relation": "child", "alive": False})
    assert (result["tier"], result["heirs"]) == (6, [])
    assert "Dana Jaminan Sosial" in result["fund_share"]


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.booleans())))
def test_heirs_are_the_living_of_the_lowest_tier(family: list[tuple[tuple[str, int], bool]]) -> None:
    result = heirs(*[{"relation": relation, "alive": alive} for (relation, _), alive in family])
    tiers = [tier for (_, tier), alive in family if alive]
    expected = min(tiers, default=6)
    assert result["tier"] == expected
    assert result["heirs"] == [i for i, ((_, tier), alive) in enumerate(family) if alive and tier == expected]
