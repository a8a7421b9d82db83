"""JKK besides death: disability, incapacity, what is paid back, reports, late diseases and late payment."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, evaluate, judge, result_of
from lindung.law.form.rounding import round_half_up, share_of

from . import reference_jkk as reference

LAST_OLD, FIRST_NEW, DAY = date(2019, 12, 1), date(2019, 12, 2), date(2026, 2, 27)
MOST = 100_000_000_000


def ask(rule: str, on: date = DAY, **facts: Any) -> dict[str, Any]:
    return result_of(rule, on, facts)


def partial(*injuries: dict[str, Any], on: date = DAY, **facts: Any) -> dict[str, Any]:
    return ask("jkk_partial_disability", on, **({"wage": 1_000_000, "injuries": list(injuries)} | facts))


def refused(rule: str, facts: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(LawError) as error:
        result_of(rule, DAY, facts)
    assert error.value.message.endswith(".")
    return error.value.code, error.value.field


@pytest.mark.parametrize(
    ("on", "periodic"), [(date(2015, 7, 1), 4_800_000), (LAST_OLD, 4_800_000), (FIRST_NEW, 12_000_000)]
)
def test_total_disability(on: date, periodic: int) -> None:
    result = ask("jkk_permanent_total_disability", on, wage=3_000_000)
    assert (result["lump_sum"], result["periodic"]) == (168_000_000, periodic)
    assert result["total"] == 168_000_000 + periodic


def test_wages_are_rounded_only_at_the_end() -> None:
    assert ask("jkk_permanent_total_disability", wage="0.01")["lump_sum"] == 1  # 0.56
    assert ask("jkk_permanent_total_disability", wage=MOST)["lump_sum"] == 56 * MOST
    assert partial({"percent": 70}, wage=MOST)["total"] == 56 * MOST
    assert partial({"percent": "0.01", "function_loss_percent": "0.01"}, wage=MOST)["total"] == 80_000
    assert partial({"percent": "4.5"}, wage="0.14")["total"] == 1  # 0.504
    assert partial({"percent": "4.5"}, wage="0.13")["total"] == 0  # 0.468


@pytest.mark.parametrize("rule", ["jkk_permanent_total_disability", "jkk_partial_disability"])
def test_a_participant_without_a_wage_rests_on_the_contribution_base(rule: str) -> None:
    injuries = {"injuries": [{"percent": 10}]} if "partial" in rule else {}
    by_income = ask(rule, segment="BPU", income=1_500_000, **injuries)
    assert by_income == ask(rule, segment="PU", wage=1_600_000, **injuries) == ask(rule, wage=1_600_000, **injuries)


def test_an_anatomical_and_a_functional_defect() -> None:
    assert partial({"code": "THUMB_R"}) == partial({"code": "THUMB_R", "function_loss_percent": 100})
    result = partial({"code": "THUMB_R"}, {"code": "ARM_SHOULDER_L", "function_loss_percent": 33.3})
    assert result["percent"] == 15 + 11.655
    assert result["total"] == 21_324_000
    assert [injury["kind"] for injury in result["injuries"]] == ["anatomical", "functional"]
    assert [injury["percent"] for injury in result["injuries"]] == [15, 11.655]
    assert result["injuries"][0]["name"] == "Ibu jari tangan kanan"


@pytest.mark.parametrize(
    ("percents", "counted", "limited"),
    [(["69.99"], 69.99, False), ([70], 70, False), (["70.01"], 70, True), ([40, 35], 70, True), ([35, 35], 70, False)],
)
def test_seventy_percent_at_most(percents: list[Any], counted: float, limited: bool) -> None:
    result = partial(*[{"percent": percent} for percent in percents])
    assert (result["percent"], result["limit_applied"]) == (counted, limited)
    assert result["total"] == round(counted * 800_000)
    assert result["injuries"][0] | {"percent": 0} == {
        "code": None, "name": None, "percent": 0, "kind": "anatomical", "note": None,
    }  # fmt: skip


def test_left_handed_people_swap_sides() -> None:
    assert partial({"code": "THUMB_R"}, left_handed=True)["percent"] == 12
    assert partial({"code": "THUMB_L"}, left_handed=True)["percent"] == 15
    assert partial({"code": "EYE_ONE"}, left_handed=True)["percent"] == 35
    assert partial({"percent": 10}, left_handed=True)["injuries"][0]["percent"] == 10


def test_rows_that_count_by_step_or_leave_a_range() -> None:
    assert partial({"code": "HEAR_DEC_ONE_10DB"})["percent"] == 3
    assert partial({"code": "HEAR_DEC_ONE_10DB", "times": 4})["percent"] == 12
    assert partial({"code": "SCALP", "percent": 10})["percent"] == 10
    assert partial({"code": "SCALP", "percent": 30})["percent"] == 30


def test_what_is_not_sure_is_said() -> None:
    result = partial({"code": "IMPOTENCE"})
    assert "40" in result["injuries"][0]["note"]
    judgement = judge("jkk_partial_disability", DAY, {"wage": 1, "injuries": [{"code": "IMPOTENCE"}]})
    assert "partial_disability_most_percent" in judgement.unverified
    steps = {step.rule: step for step in judgement.steps}
    assert steps["partial_disability_percent"].confidence == "M"
    assert steps["injuries_percent"].inputs["injuries"] == [
        {"percent": 30, "percent_left_handed": 30, "times": 1, "function_loss_percent": 100}
    ]


@pytest.mark.parametrize(
    ("code", "field", "injuries"),
    [
        ("impossible_value", "injuries", []),
        ("impossible_value", "injuries", [{"percent": 1}] * 51),
        ("impossible_value", "injuries", [3]),
        ("missing_fact", "injuries", [{}]),
        ("unknown_fact", "injuries.side", [{"percent": 1, "side": "left"}]),
        ("impossible_value", "injuries.code", [{"code": "HEAD"}]),
        ("impossible_value", "injuries.code", [{"code": 1}]),
        ("impossible_value", "injuries.percent", [{"code": "THUMB_R", "percent": 15}]),
        ("missing_fact", "injuries.percent", [{"code": "SCALP"}]),
        ("impossible_value", "injuries.percent", [{"code": "SCALP", "percent": "9.99"}]),
        ("impossible_value", "injuries.percent", [{"code": "SCALP", "percent": 30.01}]),
        ("impossible_value", "injuries.percent", [{"percent": 100.01}]),
        ("impossible_value", "injuries.percent", [{"percent": 1.234}]),
        ("impossible_value", "injuries.percent", [{"percent": -1}]),
        ("impossible_value", "injuries.percent", [{"percent": True}]),
        ("missing_fact", "injuries", [{"percent": None}]),
        ("impossible_value", "injuries.percent", [{"percent": "1,5"}]),
        ("impossible_value", "injuries.percent", [{"percent": ".5"}]),
        ("impossible_value", "injuries.percent", [{"percent": 1000}]),
        ("impossible_value", "injuries.percent", [{"percent": float("nan")}]),
        ("impossible_value", "injuries.function_loss_percent", [{"percent": 1, "function_loss_percent": 101}]),
        ("impossible_value", "injuries.times", [{"percent": 1, "times": 2}]),
        ("impossible_value", "injuries.times", [{"code": "THUMB_R", "times": 2}]),
        ("impossible_value", "injuries.times", [{"code": "HEAR_DEC_ONE_10DB", "times": 0}]),
        ("impossible_value", "injuries.times", [{"code": "HEAR_DEC_ONE_10DB", "times": 11}]),
    ],
)
def test_impossible_injuries(code: str, field: str, injuries: list[Any]) -> None:
    assert refused("jkk_partial_disability", {"wage": 1, "injuries": injuries}) == (code, field)


def test_fifty_injuries_are_read() -> None:
    assert partial(*[{"percent": 1}] * 50)["percent"] == 50


@pytest.mark.parametrize(
    ("on", "months", "total"),
    [
        (LAST_OLD, 6, 6_000_000),
        (LAST_OLD, 7, 6_750_000),
        (LAST_OLD, 12, 10_500_000),
        (LAST_OLD, 13, 11_000_000),
        (FIRST_NEW, 6, 6_000_000),
        (FIRST_NEW, 7, 7_000_000),
        (FIRST_NEW, 12, 12_000_000),
        (FIRST_NEW, 13, 12_500_000),
        (DAY, 0, 0),
        (DAY, 1, 1_000_000),
        (DAY, 600, 306_000_000),
    ],
)
def test_temporary_incapacity(on: date, months: int, total: int) -> None:
    result = ask("jkk_temporary_disability", on, wage=1_000_000, months=months)
    assert (result["total"], len(result["by_month"])) == (total, months)
    assert sum(result["by_month"]) == total


@pytest.mark.parametrize("months", [-1, 601, 1.5])
def test_impossible_months(months: Any) -> None:
    assert refused("jkk_temporary_disability", {"wage": 1, "months": months}) == ("impossible_value", "months")


BENEFITS: list[tuple[str, dict[str, Any]]] = [
    ("jkk_permanent_total_disability", {}),
    ("jkk_partial_disability", {"injuries": [{"percent": 50}]}),
    ("jkk_temporary_disability", {"months": 14}),
]


@pytest.mark.parametrize(("rule", "facts"), BENEFITS)
@pytest.mark.parametrize(
    ("segment", "cover", "settled", "due", "now"),
    [
        ("PU", "active", False, True, True),
        ("PU", "grace", False, True, True),
        ("PU", "inactive", False, True, False),
        ("BPU", "active", False, True, True),
        ("BPU", "grace", False, True, False),
        ("BPU", "grace", True, True, True),
        ("BPU", "inactive", True, False, False),
    ],
)
def test_arrears(
    rule: str, facts: dict[str, Any], segment: str, cover: str, settled: bool, due: bool, now: bool
) -> None:
    base = {"wage": 1_000_000} if segment == "PU" else {"income": 1_000_000}
    result = ask(rule, segment=segment, cover=cover, arrears_settled=settled, **base, **facts)
    assert (result["total"] > 0) is due
    assert result["payable_now"] == (result["total"] if now else 0)
    assert result["payable_now"] + result["after_arrears"] == result["total"]
    assert (result["refusal"] is None) is (cover != "inactive")
    assert sum(result.get("by_month", [])) in (0, result["total"])


NEW_LIMITS = {
    "transport_land": 5_000_000,
    "transport_sea": 2_000_000,
    "transport_air": 10_000_000,
    "home_care": 20_000_000,
    "glasses": 1_000_000,
    "dentures": 5_000_000,
    "hearing_aid": 2_500_000,
}
OLD_LIMITS = {
    "transport_land": 1_000_000,
    "transport_sea": 1_500_000,
    "transport_air": 2_500_000,
    "home_care": 0,
    "dentures": 3_000_000,
    "hearing_aid": 0,
    "glasses": 0,
}


@pytest.mark.parametrize(("on", "limits"), [(LAST_OLD, OLD_LIMITS), (FIRST_NEW, NEW_LIMITS), (DAY, NEW_LIMITS)])
def test_costs_are_paid_back_up_to_their_limits(on: date, limits: dict[str, int]) -> None:
    for name, limit in limits.items():
        for cost, paid in [(max(0, limit - 1), max(0, limit - 1)), (limit, limit), (limit + 1, limit)]:
            result = ask("jkk_limits", on, **{name: cost})
            assert (result[name], result["total"]) == (paid, paid)
        assert result["limits"][f"{name}_limit"] == limit
    every = ask("jkk_limits", on, **dict.fromkeys(limits, 99_000_000))
    assert every["total"] == sum(limits.values())  # each means of transport has its own limit


def test_a_prosthesis_up_to_the_reference_price_and_forty_percent() -> None:
    for cost, paid in [(1_399_999, 1_399_999), (1_400_000, 1_400_000), (1_400_001, 1_400_000)]:
        assert ask("jkk_limits", prosthesis=cost, prosthesis_reference_price=1_000_000)["prosthesis"] == paid
    assert ask("jkk_limits", prosthesis=1)["prosthesis"] == 0


def test_care_at_home_for_a_year() -> None:
    assert ask("jkk_limits")["home_care_until"] is None
    assert ask("jkk_limits", home_care_from="2026-03-01")["home_care_until"] == "2027-02-28"
    assert ask("jkk_limits", LAST_OLD, home_care_from="2019-12-01")["home_care_until"] is None


def test_two_days_to_report() -> None:
    assert ask("accident_report", date(2026, 2, 27))["report_by"] == "2026-03-01"


@pytest.mark.parametrize(
    ("on", "covered"), [(date(2026, 2, 27), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False)]
)
def test_a_disease_within_three_years_of_the_end_of_work(on: date, covered: bool) -> None:
    result = ask("occupational_disease", on, employment_ended_on="2023-02-28")
    assert result == {"covered": covered, "covered_until": "2026-02-28"}


def test_one_percent_a_day_for_late_payment() -> None:
    assert ask("late_benefit", amount=42_000_000, days_late=0)["compensation"] == 0
    assert ask("late_benefit", amount=42_000_000, days_late=3)["compensation"] == 1_260_000
    assert ask("late_benefit", amount="0.49", days_late=100)["compensation"] == 0
    assert ask("late_benefit", amount="0.50", days_late=100)["compensation"] == 1
    assert ask("late_benefit", amount=MOST, days_late=36_500)["compensation"] == 365 * MOST


@pytest.mark.parametrize(("on", "until"), [(LAST_OLD, "2021-12-01"), (FIRST_NEW, "2024-12-02")])
def test_claims_lapse_after_two_or_five_years(on: date, until: str) -> None:
    assert ask("claim_expiry", on, programme="JKK")["claim_until"] == until


def test_a_month_is_enough_where_no_figure_changes_within_it() -> None:
    facts = {"wage": 1_000_000}
    good = {"id": 1, "rule": "jkk_permanent_total_disability", "on": "2026-02", "facts": facts}
    assert evaluate(good)["result"]["total"] == 68_000_000
    assert evaluate(good | {"on": "2019-12"})["error"]["field"] == "on"


@given(st.integers(0, 8 * 10**14), st.integers(0, 7 * 10**7))
def test_a_share_is_rounded_once(amount: int, parts: int) -> None:
    assert share_of(amount, parts, 10**10) == round_half_up(amount * parts, 10**10)


PERCENT = st.decimals(0, 100, places=2, allow_nan=False, allow_infinity=False)


@given(st.integers(0, MOST), st.lists(st.tuples(PERCENT, PERCENT), min_size=1, max_size=6), PERCENT)
def test_more_injury_never_pays_less(wage: int, injuries: list[tuple[Decimal, Decimal]], more: Decimal) -> None:
    rows = [{"percent": str(table), "function_loss_percent": str(loss)} for table, loss in injuries]
    less, worse = partial(*rows, wage=wage), partial(*rows, {"percent": str(more)}, wage=wage)
    assert less["percent"] <= worse["percent"] <= 70
    assert less["total"] <= worse["total"] <= ask("jkk_permanent_total_disability", wage=wage)["lump_sum"]


def some_wage(chance: random.Random) -> Decimal:
    return (
        Decimal(chance.choice([chance.randrange(10**3), chance.randrange(2 * 10**9), chance.randrange(10**13)])) / 100
    )


def test_the_same_as_the_reference_to_the_rupiah() -> None:
    chance = random.Random(20261123)
    days = [date(2015, 7, 1), LAST_OLD, FIRST_NEW, DAY]
    for _ in range(2_000):
        on, wage = chance.choice(days), some_wage(chance)
        facts = {"segment": "PU", "wage": str(wage)}
        death = ask("jkk_death", on, **facts)
        expected = reference.death(on, wage)
        assert {name: death[name] for name in expected} == expected
        total = ask("jkk_permanent_total_disability", on, **facts)
        expected = reference.total_disability(on, wage)
        assert {name: total[name] for name in expected} == expected
        hundredths = [(chance.randrange(10_001), chance.randrange(10_001)) for _ in range(chance.randrange(1, 5))]
        injuries = [(Decimal(table) / 100, Decimal(loss) / 100) for table, loss in hundredths]
        rows = [{"percent": str(table), "function_loss_percent": str(loss)} for table, loss in injuries]
        some = ask("jkk_partial_disability", on, **facts, injuries=rows)
        percent, amount = reference.partial_disability(wage, injuries)
        assert (Decimal(str(some["percent"])), some["total"]) == (percent, amount)
        months = chance.randrange(30)
        by_month = ask("jkk_temporary_disability", on, **facts, months=months)["by_month"]
        assert by_month == reference.temporary(on, wage, months)


def test_limits_terms_and_delays_are_those_of_the_reference() -> None:
    chance = random.Random(82_2019)
    kinds = {"transport_land": "land", "transport_sea": "sea", "transport_air": "air", "home_care": "home"}
    kinds |= {"dentures": "teeth", "hearing_aid": "ear", "glasses": "eye"}
    for _ in range(1_000):
        on = chance.choice([date(2015, 7, 1), LAST_OLD, FIRST_NEW, DAY])
        sen = {name: chance.randrange(chance.choice([10**6, 25 * 10**8])) for name in (*kinds, "prosthesis", "price")}
        costs = {name: Decimal(amount) / 100 for name, amount in sen.items()}
        facts = {name: str(cost) for name, cost in costs.items() if name != "price"}
        result = ask("jkk_limits", on, **facts, prosthesis_reference_price=str(costs["price"]))
        expected = {name: reference.paid_back(on, kind, costs[name]) for name, kind in kinds.items()}
        expected["prosthesis"] = reference.prosthesis(costs["prosthesis"], costs["price"])
        assert {name: result[name] for name in expected} == expected
        assert result["total"] == sum(expected.values())
        days = chance.randrange(60)
        late = ask("late_benefit", on, amount=str(costs["price"]), days_late=days)
        assert late["compensation"] == reference.late(costs["price"], days)
        ended = date(2015, 7, 1) + timedelta(days=chance.randrange(4000))
        disease = ask("occupational_disease", DAY, employment_ended_on=ended.isoformat())
        until = reference.years_later(ended, 3)
        assert disease == {"covered": until >= DAY, "covered_until": until.isoformat()}
