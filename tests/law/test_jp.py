"""JP: age, limits, formula, survivors, disability and the yearly adjustment."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, evaluate, history, judge, result_of
from lindung.law.form.figures import parameters_on

from . import reference_jp as reference

DAY = date(2026, 3, 1)
CAREER = {"annual_wages": {"2024": 4_000_000, "2025": 5_000_000}, "inflation": {"2024": 2, "2025": 3}}


def jp(rule: str = "jp_old_age", on: date = DAY, **facts: Any) -> dict[str, Any]:
    return result_of(rule, on, CAREER | {"months": 180} | facts)


def refused(rule: str, on: date, facts: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(LawError) as error:
        result_of(rule, on, facts)
    return error.value.code, error.value.field


@pytest.mark.parametrize(
    ("first", "age"),
    [(2019, 57), (2022, 58), (2025, 59), (2028, 60), (2031, 61), (2034, 62), (2037, 63), (2040, 64), (2043, 65)],
)
def test_pension_age_by_date(first: int, age: int) -> None:
    assert result_of("pension_age", date(first - 1, 12, 31), {})["age"] == age - 1
    assert result_of("pension_age", date(first, 1, 1), {})["age"] == age
    assert evaluate({"id": 1, "rule": "pension_age", "on": f"{first}-01", "facts": {}})["result"]["age"] == age


def test_pension_age_begins_with_the_law_and_ends_at_65() -> None:
    assert result_of("pension_age", date(2015, 7, 1), {}) == {"age": 56, "reached_on": None, "from": None}
    assert result_of("pension_age", date(2099, 1, 1), {})["age"] == 65
    assert refused("pension_age", date(2015, 6, 30), {}) == ("before_law", "on")


@pytest.mark.parametrize(
    ("birth", "reached", "payable"),
    [
        ("1959-05-10", "2015-07-01", "2015-08-01"),  # already 56 when the law began
        ("1962-12-31", "2018-12-31", "2019-01-01"),  # 56 on the last day of that age
        ("1963-01-01", "2020-01-01", "2020-02-01"),  # a day younger waits for 57
        ("1966-01-01", "2024-01-01", "2024-02-01"),
        ("1968-02-29", "2027-02-28", "2027-03-01"),
        ("1980-01-01", "2045-01-01", "2045-02-01"),
    ],
)
def test_the_day_pension_age_is_reached(birth: str, reached: str, payable: str) -> None:
    result = result_of("pension_age", DAY, {"birth_date": birth})
    assert (result["reached_on"], result["from"]) == (reached, payable)


@pytest.mark.parametrize(
    ("on", "least", "most"),
    [
        (date(2015, 7, 1), 300_000, 3_600_000),
        (date(2016, 2, 29), 300_000, 3_600_000),
        (date(2016, 3, 1), 310_050, 3_720_600),
        (date(2026, 1, 31), 399_700, 4_792_300),
        (date(2026, 2, 1), 411_400, 4_932_300),
        (date(2027, 1, 31), 411_400, 4_932_300),
    ],
)
def test_limits(on: date, least: int, most: int) -> None:
    assert result_of("jp_limits", on, {}) == {"minimum": least, "maximum": most}
    assert reference.limits(on) == (least, most)


def test_limits_not_yet_announced_are_refused() -> None:
    after = date.fromisoformat(history("jp_minimum")[-1]["until"]) + timedelta(days=1)
    assert refused("jp_limits", after, {}) == ("beyond_known", "on")
    assert refused("jp_old_age", after, CAREER | {"months": 180}) == ("beyond_known", "on")
    assert "jp_minimum" not in {figure["name"] for figure in parameters_on(after)}


@pytest.mark.parametrize("name", ["jp_minimum", "jp_maximum"])
def test_each_limit_follows_the_inflation_of_the_year_before(name: str) -> None:
    inflation = {int(row["from"][:4]): row["value"] for row in history("jp_inflation")}
    rows = history(name)
    for before, after in pairwise(rows):
        year = int(after["from"][:4])
        step = 50 if year < 2023 else 100
        exact = before["value"] * (100_000 + inflation[year - 1])
        assert after["value"] == -(-exact // (100_000 * step)) * step


def test_the_formula() -> None:
    result = jp(months=180)
    assert result["average_indexed_wage"] == 4_676_200
    assert result == {
        "average_indexed_wage": 4_676_200,
        "monthly": 701_430,
        "lump_sum_instead": False,
        "formula": 701_430,
        "months_counted": 180,
        "from": "2026-04-01",
    }


@pytest.mark.parametrize(("months", "monthly"), [(0, 0), (179, 0), (180, 701_430), (181, 705_327), (360, 1_402_860)])
def test_fifteen_years_are_needed(months: int, monthly: int) -> None:
    result = jp(months=months)
    assert (result["monthly"], result["lump_sum_instead"]) == (monthly, months < 180)


@pytest.mark.parametrize(
    ("wage", "monthly"),
    [(1, 411_400), (2_742_666, 411_400), (2_742_670, 411_401), (32_882_000, 4_932_300), (32_882_007, 4_932_300)],
)
def test_the_limits_hold_for_the_old_age_pension(wage: int, monthly: int) -> None:
    assert jp(annual_wages={"2025": wage}, inflation={"2025": 0})["monthly"] == monthly


def test_wages_are_indexed_to_the_year_before_payment_as_far_as_inflation_is_given() -> None:
    wages = {"2020": 1_000_000}
    stopped = jp(annual_wages=wages, inflation={str(year): 10 for year in range(2020, 2026)})
    assert stopped["average_indexed_wage"] == 1_771_561
    later = jp(annual_wages=wages, inflation={str(year): 10 for year in range(2020, 2031)})
    assert later["average_indexed_wage"] == 1_771_561
    short = jp(annual_wages=wages, inflation={"2020": 10})
    assert short["average_indexed_wage"] == 1_100_000
    planned = jp(annual_wages={"2027": 1_000_000}, inflation={"2027": 10})
    assert planned["average_indexed_wage"] == 1_100_000
    known = jp(annual_wages={"2024": 1_000_000}, inflation={})
    assert known["average_indexed_wage"] == 1_045_358  # 1.57% and 2.92%


def test_inflation_may_be_negative_and_unknown_inflation_is_refused() -> None:
    assert jp(annual_wages={"2025": 1_000_000}, inflation={"2025": -1.5})["average_indexed_wage"] == 985_000
    unknown = str(int(history("jp_inflation")[-1]["from"][:4]) + 1)
    facts = {"annual_wages": {unknown: 1}, "months": 180}
    assert refused("jp_old_age", DAY, facts) == ("missing_fact", "inflation")
    facts = {"annual_wages": {"2024": 1, "2040": 1}, "inflation": {"2024": 1, "2040": 1}, "months": 180}
    assert refused("jp_old_age", DAY, facts) == ("missing_fact", "inflation")


def test_impossible_careers() -> None:
    assert refused("jp_old_age", DAY, {"annual_wages": {}, "months": 180}) == ("missing_fact", "annual_wages")
    facts = {"annual_wages": {"2025": 1_000_000_001}, "months": 180}
    assert refused("jp_old_age", DAY, facts) == ("impossible_value", "annual_wages.2025")
    doubling = {str(year): 100 for year in range(2015, 2025)}
    assert refused("jp_old_age", DAY, {"annual_wages": {"2015": 1}, "inflation": doubling, "months": 180}) == (
        "impossible_value",
        "inflation",
    )
    nine = dict(list(doubling.items())[:9])
    assert jp(annual_wages={"2015": 1_000_000_000}, inflation=nine)["average_indexed_wage"] == 512_000_000_000
    assert 1_000_000_000 * 1000 * 1_000_000 * 4 < 2**63


def survivor(on: date = DAY, **facts: Any) -> tuple[int, bool]:
    asked = {"relation": "spouse", "density": 100, "member_months": 240} | facts
    result = jp("jp_survivor", on, **asked)
    return result["monthly"], result["lump_sum_instead"]


RICH = {"annual_wages": {"2025": 20_000_000}, "inflation": {"2025": 0}}


@pytest.mark.parametrize(
    ("relation", "after_spouse", "monthly"),
    [
        ("spouse", False, 1_500_000),
        ("widow", False, 1_500_000),
        ("widower", True, 1_500_000),
        ("child", False, 1_500_000),
        ("child", True, 750_000),
        ("parent", False, 600_000),
        ("parent", True, 600_000),
        ("janda", False, 1_500_000),
        ("duda", False, 1_500_000),
        ("anak", True, 750_000),
        ("orang_tua", False, 600_000),
    ],
)
def test_survivors_shares(relation: str, after_spouse: bool, monthly: int) -> None:
    assert survivor(**RICH, relation=relation, after_spouse=after_spouse) == (monthly, False)


@pytest.mark.parametrize(
    ("months", "member_months", "density", "counted"),
    [
        (179, 240, 79.999, 0),
        (179, 240, 80, 180),
        (10, 11, 100, 0),
        (10, 12, 100, 180),
        (10, 12, "0.8", 180),
        (10, 12, 0.799, 0),
        (10, 12, 1, 180),
        (10, 12, 1.01, 0),
        (10, 12, 0.8333333333333334, 180),
        (10, 12, 79.99999999999999, 0),
        (10, 12, 1.0, 180),
        (192, 240, None, 192),
        (96, 120, None, 180),
        (95, 120, None, 0),
        (180, 1, 0, 180),
        (181, 240, 10, 181),
    ],
)
def test_fifteen_years_count_after_one_year_at_a_density_of_80(
    months: int, member_months: int, density: Any, counted: int
) -> None:
    facts = RICH | {"months": months, "member_months": member_months, "density": density}
    result = jp("jp_survivor", relation="spouse", **facts)
    assert result["months_counted"] == counted
    assert result["lump_sum_instead"] == (counted == 0)
    assert result["monthly"] == (0 if counted == 0 else (20_000_000 * counted + 1200) // 2400)


@pytest.mark.parametrize(
    ("member_months", "density", "counted"), [(0, 100, 0), (1, 100, 180), (1, 79, 0), (1, 80, 180), (12, None, 0)]
)
def test_disability_needs_one_month_of_registration(member_months: int, density: Any, counted: int) -> None:
    facts = RICH | {"months": 1, "member_months": member_months, "density": density}
    result = jp("jp_disability", **facts)
    assert (result["months_counted"], result["lump_sum_instead"]) == (counted, counted == 0)
    assert result["monthly"] == (3_000_000 if counted else 0)


def test_a_pension_already_received_is_the_base_and_needs_no_wages() -> None:
    facts = {"relation": "spouse", "pension_received": 1_000_001}
    result = result_of("jp_survivor", DAY, facts)
    assert (result["monthly"], result["lump_sum_instead"]) == (500_001, False)
    assert result_of("jp_survivor", DAY, facts | {"relation": "parent"})["monthly"] == 411_400


def test_survivors_need_a_career_or_a_pension() -> None:
    assert refused("jp_survivor", DAY, {"relation": "spouse"}) == ("missing_fact", "months")
    assert refused("jp_survivor", DAY, {"relation": "spouse", "member_months": 12}) == ("missing_fact", "months")
    told = CAREER | {"relation": "spouse", "months": 12, "density": 100}
    assert refused("jp_survivor", DAY, told) == ("missing_fact", "member_months")
    del told["relation"]
    assert refused("jp_disability", DAY, told) == ("missing_fact", "member_months")
    facts = {"relation": "spouse", "months": 12, "member_months": 12}
    assert refused("jp_survivor", DAY, facts) == ("missing_fact", "annual_wages")
    for density in (101, "1e2", True, -0.5, "delapan puluh", 1000):
        assert refused("jp_survivor", DAY, facts | {"density": density}) == ("impossible_value", "density")
    assert refused("jp_survivor", DAY, facts | {"relation": "cousin"}) == ("impossible_value", "relation")


def adjusted(on: str, **facts: Any) -> dict[str, Any]:
    asked = {"monthly": 1_000_000, "first_paid": "2020-05"} | facts
    answer = evaluate({"id": 1, "rule": "jp_adjustment", "on": on, "facts": asked})
    return answer.get("result") or answer["error"]


def test_the_yearly_adjustment() -> None:
    rates = {"inflation": {"2020": 2, "2021": 3}}
    assert adjusted("2021-04", **rates) == {"monthly": 1_000_000, "by_year": {"2020": 1_000_000}}
    assert adjusted("2021-05", **rates)["monthly"] == 1_020_000
    assert adjusted("2022-05", **rates)["by_year"] == {"2020": 1_000_000, "2021": 1_020_000, "2022": 1_050_600}
    assert adjusted("2021-05")["monthly"] == 1_016_800  # 1.68% in 2020
    assert adjusted("2021-05", monthly=1)["monthly"] == 356_600
    assert adjusted("2021-05", monthly=9_000_000)["monthly"] == 4_277_900


def test_impossible_adjustments() -> None:
    assert adjusted("2020-04")["field"] == "first_paid"
    assert adjusted("2027-01", first_paid="2015-12")["monthly"] > 1_000_000
    assert refused("jp_adjustment", DAY, {"monthly": 1, "first_paid": "2014-12"}) == ("missing_fact", "inflation")


WAGES = st.dictionaries(st.integers(2015, 2026), st.integers(0, 1_000_000_000), min_size=1)


@given(
    WAGES,
    st.lists(st.integers(-300, 2000), min_size=12, max_size=12),
    st.integers(0, 480),
    st.dates(date(2015, 7, 1), date(2027, 1, 31)),
)
def test_old_age_agrees_with_the_reference(wages: dict[int, int], hundredths: list[int], months: int, on: date) -> None:
    inflation = {year: f"{rate / 100:.2f}" for year, rate in zip(range(2015, 2027), hundredths, strict=True)}
    result = result_of("jp_old_age", on, {"annual_wages": wages, "inflation": inflation, "months": months})
    wanted = reference.old_age(wages, inflation, months, on)
    assert (result["average_indexed_wage"], result["monthly"], result["lump_sum_instead"]) == wanted


@given(st.integers(180, 480), st.integers(1, 60), st.integers(0, 50_000_000))
def test_a_longer_career_never_lowers_the_pension(months: int, more: int, wage: int) -> None:
    facts = {"annual_wages": {"2025": wage}}
    first, second = (jp(months=months, **facts)["monthly"], jp(months=months + more, **facts)["monthly"])
    assert 411_400 <= first <= second <= 4_932_300


def test_random_survivors_agree_with_the_reference() -> None:
    chance = random.Random(45_2015)
    for _ in range(2000):
        on = date(chance.randrange(2016, 2027), chance.randrange(1, 13), chance.randrange(1, 29))
        wages = {year: chance.randrange(40_000_000) for year in range(2015, on.year)}
        inflation = {year: f"{chance.randrange(0, 900) / 100:.2f}" for year in range(2015, on.year)}
        months, member = chance.randrange(1, 260), chance.randrange(1, 260)
        density = chance.choice(["79.999", "80", "80.001", "55.5", "100"])
        received = chance.choice([0, 0, chance.randrange(1, 6_000_000)])
        relation, after = chance.choice(["spouse", "child", "parent"]), chance.random() < 0.5
        shared = {"annual_wages": wages, "inflation": inflation, "months": months}
        shared |= {"density": density, "member_months": member}
        mean = reference.average(wages, inflation, on)
        asked = shared | {"relation": relation, "after_spouse": after, "pension_received": received}
        result = result_of("jp_survivor", on, asked)
        wanted = reference.survivor(mean, months, member, Decimal(density), relation, after, received, on)
        assert (result["monthly"], result["lump_sum_instead"]) == wanted, asked
        result = result_of("jp_disability", on, shared)
        wanted = reference.disability(mean, months, member, Decimal(density), on)
        assert (result["monthly"], result["lump_sum_instead"]) == wanted, shared


def test_what_rests_on_secondary_sources_is_named() -> None:
    judgement = judge("jp_old_age", DAY, CAREER | {"months": 180})
    assert set(judgement.unverified) == {"jp_inflation", "jp_minimum", "jp_maximum"}


def test_random_adjustments_agree_with_the_reference() -> None:
    chance = random.Random(17_2015)
    for _ in range(1000):
        monthly, year, month = chance.randrange(6_000_000), chance.randrange(2016, 2026), chance.randrange(1, 13)
        on = date(chance.randrange(year + 1, 2027), chance.randrange(1, 13), 1)
        inflation = {each: f"{chance.randrange(-200, 900) / 100:.2f}" for each in range(year, 2027)}
        years = on.year - year - (on.month < month)
        facts = {"monthly": monthly, "first_paid": f"{year}-{month:02d}", "inflation": inflation}
        result = result_of("jp_adjustment", on, facts)
        assert result["monthly"] == reference.adjusted(monthly, year, years, inflation, on), (facts, on)
        assert len(result["by_year"]) == years + 1
