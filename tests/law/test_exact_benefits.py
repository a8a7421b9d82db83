"""Benefits at their very edges: one sen, one day, one month more or less, and the steps of those who get nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lindung.law import LawError, history, judge, load_reform, result_of
from lindung.law.jkk.facts import read_percent
from lindung.law.jp.pension import jp_average_wage
from lindung.law.jp.questions import Density
from lindung.law.jp.survivors import share_of_pension

DAY = date(2026, 3, 2)


def steps(rule: str, on: date, **facts: Any) -> dict[str, Any]:
    return {step.rule: step.value for step in judge(rule, on, facts).steps}


def refused(rule: str, on: date, **facts: Any) -> tuple[str, str | None]:
    with pytest.raises(LawError) as error:
        result_of(rule, on, facts)
    return error.value.code, error.value.field


# --- JHT


def credits(on: date, returns: dict[str, int], *deposits: tuple[str, str]) -> Any:
    rows = [{"on": day, "amount": amount} for day, amount in deposits]
    return steps("jht_balance", on, deposits=rows, returns=returns)["jht_credits"]


@pytest.mark.parametrize(("amount", "credited"), [("0.02", "0.01"), ("0.03", "0.02")])
def test_the_return_is_rounded_to_the_sen_in_the_first_and_in_a_later_year(amount: str, credited: str) -> None:
    first = credits(date(2015, 12, 31), {"2015": 100}, ("2015-07-01", amount))
    assert first == {"2015": credited}  # half a year at 100%
    later = credits(date(2016, 12, 31), {"2015": 0, "2016": 50}, ("2015-07-01", amount))
    assert later == {"2015": 0, "2016": credited}


def test_a_deposit_on_the_day_asked_for_counts_when_its_month_has_ended() -> None:
    assert credits(date(2019, 1, 31), {"2019": 12}, ("2019-01-31", "1000000")) == {"2019": 10_000}


def test_no_more_deposits_than_there_is_room_for() -> None:
    deposit = {"on": "2019-01-01", "amount": 1}
    assert result_of("jht_balance", date(2019, 1, 1), {"deposits": [deposit] * 1200})["balance"] == 1200
    assert refused("jht_balance", date(2019, 1, 1), deposits=[deposit] * 1201) == ("impossible_value", "deposits")
    most = [deposit | {"amount": 1_000_000_000}]
    assert result_of("jht_balance", date(2019, 1, 1), {"deposits": most})["balance"] == 1_000_000_000
    over = [deposit | {"amount": 1_000_000_001}]
    assert refused("jht_balance", date(2019, 1, 1), deposits=over) == ("impossible_value", "deposits.amount")


def test_a_member_from_birth_is_possible() -> None:
    facts = {"reason": "death", "birth_date": "2016-01-01", "member_since": "2016-01-01", "balance": 1}
    assert result_of("jht_withdrawal", DAY, facts)["allowed"] is True


# --- JKK


def test_who_has_no_right_is_shown_nothing() -> None:
    inactive = {"segment": "BPU", "income": 1_000_000, "cover": "inactive"}
    total = result_of("jkk_permanent_total_disability", DAY, inactive)
    assert (total["lump_sum"], total["periodic"], total["total"]) == (0, 0, 0)
    partial = result_of("jkk_partial_disability", DAY, inactive | {"injuries": [{"percent": 5}]})
    assert partial["total"] == 0


def test_percentages_of_an_injury() -> None:
    assert (read_percent("100", "x"), read_percent(4.25, "x"), read_percent(0, "x")) == (10_000, 425, 0)
    for wrong in ("0100", "100.01", "1.234", "", ".5", True, None, Decimal("4.5"), "٤"):
        with pytest.raises(LawError):
            read_percent(wrong, "x")


def test_an_injury_counted_in_steps_is_shown_with_all_of_them() -> None:
    stepped = next(row for row in judge_table() if row["per"])
    facts = {"segment": "PU", "wage": 1_000_000, "injuries": [{"code": stepped["code"], "times": 2}]}
    once = facts | {"injuries": [{"code": stepped["code"]}]}
    twice, single = (result_of("jkk_partial_disability", DAY, asked)["injuries"][0] for asked in (facts, once))
    assert float(twice["percent"]) == 2 * float(single["percent"]) > 0
    ten = facts | {"injuries": [{"code": stepped["code"], "times": 10}]}
    assert result_of("jkk_partial_disability", DAY, ten)["total"] > 0
    eleven = {"segment": "PU", "wage": 1, "injuries": [{"code": stepped["code"], "times": 11}]}
    assert refused("jkk_partial_disability", DAY, **eleven) == ("impossible_value", "injuries.times")


def judge_table() -> list[dict[str, Any]]:
    from lindung.law import injuries

    return [dict(row) for row in injuries("")]


@pytest.mark.parametrize("on", [date(2016, 1, 1), DAY])
def test_a_prosthesis_is_paid_up_to_the_price_and_forty_percent(on: date) -> None:
    price = {"prosthesis_reference_price": 10_000_000}
    assert result_of("jkk_limits", on, price | {"prosthesis": 13_999_999})["total"] == 13_999_999
    assert result_of("jkk_limits", on, price | {"prosthesis": 14_000_001})["total"] == 14_000_000


# --- JKM


@pytest.mark.parametrize(("month", "full"), [(1, False), (2, False), (3, True)])
def test_a_death_in_the_first_two_months_is_too_early_however_many_were_paid(month: int, full: bool) -> None:
    facts = {"segment": "BPU", "months_paid_consecutive": 3, "death_month_since_registration": month}
    taken = steps("jkm", DAY, **facts)
    assert taken["jkm_full"] is full
    assert taken["jkm_border_case"] is full


def test_without_a_stated_month_or_before_the_rule_nothing_is_on_the_border() -> None:
    assert steps("jkm", DAY, segment="BPU", months_paid_consecutive=3)["jkm_border_case"] is False
    assert steps("jkm", date(2025, 2, 23), segment="BPU", months_paid_consecutive=3)["jkm_border_case"] is False


# --- JKP


@pytest.mark.parametrize(
    "change", [{"months_in_24": 0}, {"months_in_24": 11}, {"claims_before": 1, "months_since_last_benefit": 0}]
)
def test_no_months_at_all_are_too_few(change: dict[str, int]) -> None:
    facts = {"wage": 5_000_000, "dismissed_on": "2026-03-02"}
    assert result_of("jkp", DAY, facts)["allowed"] is True
    assert result_of("jkp", DAY, facts | change)["allowed"] is False


def test_the_old_rules_of_jkp_to_the_day() -> None:
    def old(day: str, **change: Any) -> dict[str, Any]:
        return result_of("jkp", date(2025, 3, 1), {"wage": 6_000_000, "dismissed_on": day} | change)

    assert old("2022-02-01")["by_month"] == [2_250_000] * 3 + [1_250_000] * 3
    assert old("2022-02-01", consecutive_months=0)["allowed"] is False
    assert old("2025-02-06", consecutive_months=5)["allowed"] is False
    assert old("2025-02-07", consecutive_months=0)["allowed"] is True
    assert old("2022-02-01", months_in_24=11)["allowed"] is False
    assert old("2022-02-01", months_in_24=12)["allowed"] is True


def test_a_claim_approved_before_the_dismissal_is_impossible() -> None:
    facts = {"wage": 1, "dismissed_on": "2026-03-02"}
    for day in ("0001-01-01", "2026-03-01"):
        assert refused("jkp", DAY, **facts, approved_on=day) == ("impossible_value", "approved_on")
    assert result_of("jkp", DAY, facts | {"approved_on": "2026-03-02"})["allowed"] is True


# --- JP


def test_a_pension_already_received_needs_no_wages() -> None:
    facts = {"relation": "spouse", "pension_received": 2_000_000}
    taken = steps("jp_survivor", DAY, **facts)
    assert taken["jp_average_wage"] == 0
    assert judge("jp_survivor", DAY, facts).result["average_indexed_wage"] == 0
    assert str(taken["jp_indexed_until"]) == "0"
    assert taken["jp_density"] == 0


def test_a_share_of_one_rupiah() -> None:
    assert share_of_pension(0, 0, 1, 1, 50) == 1
    assert share_of_pension(0, 0, 1, 0, 50) == 0


def test_a_density_written_as_a_part_or_as_a_percentage() -> None:
    read = Density()
    assert [read(value, "x") for value in ("1.0", "1.001", 1, "0.8", 80)] == [100_000, 1_001, 100_000, 80_000, 80_000]
    career = {"annual_wages": {"2025": 4_000_000}, "months": 12, "member_months": 12, "relation": "spouse"}
    assert result_of("jp_survivor", DAY, career)["lump_sum_instead"] is False
    assert result_of("jp_survivor", DAY, career | {"density": 0})["lump_sum_instead"] is True


def test_children_by_themselves_and_after_a_widow_when_the_shares_differ(tmp_path: Path) -> None:
    file = tmp_path / "reform.yaml"
    head = "title: anak 40%\nauthor: uji\nreference: usulan\nleaves_out: tidak ada\nparameters:\n"
    file.write_text(f"{head}  jp_child_percent:\n    - {{from: 2026-01-01, value: 40}}\n", "utf-8")
    reform = load_reform(file)

    def monthly(relation: str, **more: Any) -> int:
        facts = {"relation": relation, "pension_received": 4_000_000} | more
        return int(result_of("jp_survivor", DAY, facts, reform)["monthly"])

    assert (monthly("spouse"), monthly("child"), monthly("parent")) == (2_000_000, 1_600_000, 800_000)
    assert monthly("child", after_spouse=True) == 800_000  # 40% of the widow's 50%
    assert monthly("spouse", after_spouse=True) == 2_000_000


def test_wages_may_grow_a_thousandfold_and_no_more() -> None:
    years = [str(year) for year in range(2015, 2027)]
    growth = dict(zip(years, [*[100] * 9, 25, 25, 25], strict=True))  # 2 to the 9th x 1.25 cubed = 1000
    career = {"annual_wages": {"2015": 1_000}, "months": 180}
    on = date(2027, 1, 31)
    assert result_of("jp_old_age", on, career | {"inflation": growth})["average_indexed_wage"] == 1_000_000
    more = growth | {"2026": 25.001}
    assert refused("jp_old_age", on, **career, inflation=more) == ("impossible_value", "inflation")


def test_an_indexed_wage_is_rounded_once_at_the_end() -> None:
    def average(wage: int, until: int, *inflation: tuple[int, int]) -> int:
        return jp_average_wage(((2024, wage),), inflation, until, ())

    assert average(50, 2024, (2024, 1_000)) == 1  # 50.5 sen
    assert average(49, 2025, (2024, 1_000), (2025, 1_000)) == 0  # 49.9849 sen
    assert average(49, 2025, (2024, 1_000), (2025, 1_032)) == 1  # 50.000729 sen
    assert average(100_000_000_000, 2024, (2024, 1)) == 1_000_010_000


def test_the_yearly_adjustment_falls_due_in_its_own_month() -> None:
    unknown = int(history("jp_inflation")[-1]["from"][:4]) + 1
    facts = {"monthly": 1_000_000, "first_paid": f"{unknown - 1}-03"}
    assert result_of("jp_adjustment", date(unknown, 2, 1), facts)["monthly"] == 1_000_000
    assert result_of("jp_adjustment", date(unknown, 3, 1), facts)["monthly"] > 1_000_000
    begun = {"monthly": 1_000_000, "first_paid": f"{unknown}-01"}
    assert result_of("jp_adjustment", date(unknown, 1, 31), begun)["monthly"] == 1_000_000
    later = date(unknown + 1, 1, 1)
    assert refused("jp_adjustment", later, **begun) == ("missing_fact", "inflation")
    assert refused("jp_adjustment", date(unknown, 1, 1), monthly=1, first_paid=f"{unknown}-02")[1] == "first_paid"


def test_wages_up_to_a_thousand_million() -> None:
    career = {"months": 180, "annual_wages": {"2025": 1_000_000_000}}
    assert result_of("jp_old_age", DAY, career)["average_indexed_wage"] == 1_029_200_000
    over = {"months": 180, "annual_wages": {"2025": 1_000_000_001}}
    assert refused("jp_old_age", DAY, **over) == ("impossible_value", "annual_wages.2025")


# --- membership


def test_a_wage_earner_registered_within_the_first_month_is_protected_since_that_day() -> None:
    paid = [{"from": "2025-10", "to": "2026-02", "on": "2025-11-10"}]
    facts = {"segment": "PU", "registered_on": "2025-10-20", "paid": paid}
    assert str(steps("cover", DAY, **facts)["protected_since"]) == "2025-10-20"


def test_months_to_come_paid_on_the_very_day_count_as_paid() -> None:
    paid = [
        {"from": "2026-03", "to": "2026-03", "on": "2026-03-01"},
        {"from": "2026-04", "to": "2026-06", "on": "2026-03-02"},
    ]
    facts = {"segment": "BPU", "registered_on": "2026-03-01", "paid": paid}
    assert str(steps("cover", DAY, **facts)["paid_through"]) == "2026-06"
    assert str(steps("cover", date(2026, 3, 1), **facts)["paid_through"]) == "2026-03"


# --- scholarships


def test_children_up_to_their_limits() -> None:
    def child(**change: Any) -> dict[str, Any]:
        return {"cause": "work", "months_contributed": 1, "children": [{"remaining": {"sd": 1}} | change]}

    assert result_of("scholarship", DAY, child(age=120))["total_max"] == 0
    assert result_of("scholarship", DAY, child(remaining={"sd": 20}))["total_max"] == 6 * 1_500_000
    assert refused("scholarship", DAY, **child(age=121)) == ("impossible_value", "children.age")
    assert refused("scholarship", DAY, **child(remaining={"sd": 21}))[0] == "impossible_value"
    assert result_of("scholarship", DAY, child(age=22))["total_max"] == 1_500_000
    assert result_of("scholarship", DAY, child(age=23))["total_max"] == 0
