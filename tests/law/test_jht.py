"""JHT: the account, the tax, and when the balance may be taken."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, evaluate, judge, result_of

from . import reference_jht as reference

RETURNS = {str(year): 5 for year in range(2015, 2028)}
DAY = date(2026, 2, 27)


def balance(deposits: list[tuple[str, Any]], on: str, returns: dict[str, Any] | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"deposits": [{"on": day, "amount": amount} for day, amount in deposits]}
    if returns is not None:
        facts["returns"] = returns
    answer = evaluate({"id": 1, "rule": "jht_balance", "on": on, "facts": facts})
    return answer.get("result") or answer["error"]


@pytest.mark.parametrize(
    ("on", "months"),
    [
        ("2024-01-30", 0),
        ("2024-01-31", 1),
        ("2024-01", 1),
        ("2024-02-28", 1),
        ("2024-02-29", 2),
        ("2024-12-30", 11),
        ("2024-12-31", 12),
        ("2025-01-30", 12),
    ],
)
def test_a_month_counts_once_it_has_ended(on: str, months: int) -> None:
    assert balance([("2024-01-15", 24_000_000)], on, RETURNS)["balance"] == 24_000_000 + 100_000 * months


def test_returns_are_credited_at_the_end_of_the_year() -> None:
    result = balance([("2023-01-01", 20_000_000)], "2024-06-30", RETURNS)
    assert result == {
        "balance": 21_525_000,
        "credited_by_year": {"2023": 1_000_000, "2024": 525_000},
        "deposited": 20_000_000,
    }


def test_deposits_may_come_in_any_order_and_later_ones_do_not_count_yet() -> None:
    some = [("2024-03-01", 1_000_000), ("2023-07-05", 2_000_000), ("2025-01-01", 9_000_000)]
    assert balance(some, "2024-12-31", RETURNS) == balance(sorted(some)[:2], "2024-12-31", RETURNS)
    assert balance(some[2:], "2024-12-31", RETURNS)["balance"] == 0
    assert balance([], "2024-12-31") == {"balance": 0, "credited_by_year": {}, "deposited": 0}


def test_known_returns_need_not_be_given_and_given_ones_win() -> None:
    deposit = [("2016-01-01", 10_000_000)]
    assert balance(deposit, "2016-12-31")["balance"] == 10_719_000
    assert balance(deposit, "2016-12-31", {"2016": "8"})["balance"] == 10_800_000
    assert balance(deposit, "2020-12-31")["credited_by_year"].keys() == {"2016", "2017", "2018", "2019", "2020"}


@pytest.mark.parametrize("year", [2015, 2021, 2022, 2023, 2024, 2025, 2026])
def test_unknown_returns_are_refused(year: int) -> None:
    error = balance([(f"{year}-08-01", 1)], f"{year}-12-31")
    assert (error["code"], error["field"]) == ("missing_fact", "returns")
    assert str(year) in error["message"]


def test_a_year_without_a_whole_month_needs_no_return() -> None:
    assert balance([("2020-12-01", 12_000_000)], "2021-01-30")["balance"] == 12_000_000 + 55_900
    assert balance([("2020-12-01", 12_000_000)], "2021-01-31")["code"] == "missing_fact"


@pytest.mark.parametrize(
    ("code", "field", "facts"),
    [
        ("before_law", "deposits.on", {"deposits": [{"on": "2015-06-30", "amount": 1}]}),
        ("impossible_value", "deposits", {"deposits": [{"on": "2016-01-01", "amount": 1}] * 1201}),
        ("impossible_value", "deposits.amount", {"deposits": [{"on": "2016-01-01", "amount": -1}]}),
        ("missing_fact", "deposits.amount", {"deposits": [{"on": "2016-01-01"}]}),
        ("impossible_value", "returns", {"deposits": [], "returns": [5]}),
        ("impossible_value", "returns", {"deposits": [], "returns": {"16": 5}}),
        ("impossible_value", "returns", {"deposits": [], "returns": {"2014": 5}}),
        ("impossible_value", "returns", {"deposits": [], "returns": {"2101": 5}}),
        ("impossible_value", "returns", {"deposits": [], "returns": {2016: 5, "2016": 5}}),
        ("impossible_value", "returns.2016", {"deposits": [], "returns": {"2016": "5,5"}}),
        ("impossible_value", "returns.2016", {"deposits": [], "returns": {"2016": 100.001}}),
        ("impossible_value", "returns.2016", {"deposits": [], "returns": {"2016": -0.001}}),
        ("impossible_value", "returns.2016", {"deposits": [], "returns": {"2016": 5.1234}}),
        ("impossible_value", "returns.2016", {"deposits": [], "returns": {"2016": True}}),
        ("impossible_value", "returns.2016", {"deposits": [], "returns": {"2016": None}}),
    ],
)
def test_impossible_accounts(code: str, field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(LawError) as refused:
        result_of("jht_balance", DAY, facts)
    assert (refused.value.code, refused.value.field) == (code, field)


DEPOSITS = st.lists(st.tuples(st.dates(date(2015, 7, 1), date(2027, 12, 31)), st.integers(0, 10_000_000)), max_size=30)
PERCENTS = st.integers(0, 2000).map(lambda hundredths: f"{hundredths / 100:.2f}")


@given(DEPOSITS, st.lists(PERCENTS, min_size=13, max_size=13), st.dates(date(2015, 7, 1), date(2027, 12, 31)))
def test_the_account_adds_up_and_agrees_with_the_reference(
    deposits: list[tuple[date, int]], percents: list[str], on: date
) -> None:
    returns = dict(zip(range(2015, 2028), percents, strict=True))
    facts = {
        "deposits": [{"on": day, "amount": amount} for day, amount in deposits],
        "returns": returns,
    }
    result = result_of("jht_balance", on, facts)
    assert result["balance"] == result["deposited"] + sum(result["credited_by_year"].values())
    wanted, by_year = reference.balance(deposits, returns, on)
    assert result["balance"] == wanted
    assert {year: sum_ for year, sum_ in result["credited_by_year"].items() if sum_} == {
        year: sum_ for year, sum_ in by_year.items() if sum_
    }


def test_the_largest_account_stays_within_64_bits() -> None:
    facts = {"deposits": [{"on": "2020-01-01", "amount": 1_000_000_000}] * 100, "returns": {"2020": 0}}
    assert result_of("jht_balance", date(2020, 12, 31), facts)["balance"] == 100_000_000_000
    standing, rate = 100_000_000_000 * 100 * 12, 100_000
    assert standing // 1_200_000 * rate + 2 * 1_200_000 * rate < 2**63


def tax(amount: Any, on: date = DAY, **facts: Any) -> dict[str, Any]:
    return result_of("jht_tax", on, {"amount": amount} | facts)


@pytest.mark.parametrize(
    ("amount", "owed"),
    [(0, 0), (49_999_999, 0), (50_000_000, 0), (50_000_010, 1), (50_000_009, 0), (50_000_020, 1), (10**9, 47_500_000)],
)
def test_final_tax(amount: int, owed: int) -> None:
    for years in (0, 1):
        assert tax(amount, years_since_first_payment=years) == {"tax": owed, "net": amount - owed, "final": True}
        assert tax(amount, years_since_first_payment=years, npwp=False)["tax"] == owed


@pytest.mark.parametrize(
    ("on", "amount", "owed"),
    [
        (date(2021, 12, 31), 50_000_000, 2_500_000),
        (date(2021, 12, 31), 60_000_000, 4_000_000),
        (date(2021, 12, 31), 250_000_000, 32_500_000),
        (date(2021, 12, 31), 500_000_000, 95_000_000),
        (date(2021, 12, 31), 6_000_000_000, 1_745_000_000),
        (date(2022, 1, 1), 60_000_000, 3_000_000),
        (date(2022, 1, 1), 60_000_020, 3_000_003),
        (date(2022, 1, 1), 250_000_000, 31_500_000),
        (date(2022, 1, 1), 500_000_000, 94_000_000),
        (date(2022, 1, 1), 5_000_000_000, 1_444_000_000),
        (date(2022, 1, 1), 6_000_000_000, 1_794_000_000),
    ],
)
def test_progressive_tax_from_the_third_year(on: date, amount: int, owed: int) -> None:
    result = tax(amount, on, years_since_first_payment=2)
    assert (result["tax"], result["final"]) == (owed, False)
    assert tax(amount, on, years_since_first_payment=2, npwp=False)["tax"] == (owed * 12 + 5) // 10


def test_payments_in_parts_bear_the_tax_of_the_whole() -> None:
    whole = tax(150_000_000)["tax"]
    assert tax(40_000_000)["tax"] + tax(110_000_000, paid_before=40_000_000)["tax"] == whole
    assert tax("100.50")["net"] == 101  # rupiah, as all results are


@given(
    st.integers(0, 10**10),
    st.integers(0, 10**10),
    st.integers(0, 4),
    st.booleans(),
    st.dates(date(2015, 7, 1), date(2027, 12, 31)),
)
def test_tax_agrees_with_the_reference(amount: int, before: int, years: int, npwp: bool, on: date) -> None:
    facts = {"paid_before": before, "years_since_first_payment": years, "npwp": npwp}
    result = tax(amount, on, **facts)
    assert result["tax"] == reference.tax(Decimal(amount), Decimal(before), years, npwp, on)
    assert result["net"] + result["tax"] == amount
    assert 0 <= result["tax"] <= amount * 42 // 100 + 1


ASKED = {"birth_date": "1980-03-15", "member_since": "2010-03-01", "balance": 10_000_001}


def withdraw(on: date = DAY, **facts: Any) -> tuple[bool, int, str]:
    result = result_of("jht_withdrawal", on, ASKED | facts)
    return result["allowed"], result["amount_max"], result["from"]


@pytest.mark.parametrize(
    ("on", "facts", "expected"),
    [
        (date(2026, 2, 27), {"reason": "age", "birth_date": "1970-02-28"}, (False, 0, "2026-02-28")),
        (date(2026, 2, 28), {"reason": "age", "birth_date": "1970-02-28"}, (True, 10_000_001, "2026-02-28")),
        (date(2024, 2, 29), {"reason": "retirement", "birth_date": "1968-02-29"}, (True, 10_000_001, "2024-02-29")),
        (
            date(2026, 2, 14),
            {"reason": "resignation", "employment_ended_on": "2026-01-15"},
            (False, 0, "2026-02-15"),
        ),
        (
            date(2026, 2, 15),
            {"reason": "resignation", "employment_ended_on": "2026-01-15"},
            (True, 10_000_001, "2026-02-15"),
        ),
        (
            date(2026, 2, 28),
            {"reason": "dismissal", "employment_ended_on": "2026-01-31"},
            (True, 10_000_001, "2026-02-28"),
        ),
        (
            date(2026, 2, 27),
            {"reason": "contract_end", "employment_ended_on": "2026-01-31"},
            (False, 0, "2026-02-28"),
        ),
        (
            date(2026, 2, 27),
            {"reason": "stopped_working", "employment_ended_on": "2026-02-20", "birth_date": "1970-02-01"},
            (True, 10_000_001, "2026-02-01"),
        ),
        (
            date(2015, 8, 11),
            {"reason": "resignation", "employment_ended_on": "2015-07-01"},
            (False, 0, "2036-03-15"),
        ),
        (
            date(2015, 8, 12),
            {"reason": "resignation", "employment_ended_on": "2015-07-01"},
            (True, 10_000_001, "2015-08-01"),
        ),
        (DAY, {"reason": "total_disability"}, (True, 10_000_001, "2026-02-27")),
        (DAY, {"reason": "death"}, (True, 10_000_001, "2026-02-27")),
        (DAY, {"reason": "leaving_indonesia"}, (True, 10_000_001, "2026-02-27")),
        (DAY, {"reason": "leaving_indonesia", "citizenship": "AU"}, (True, 10_000_001, "2026-02-27")),
        (DAY, {"reason": "leaving_indonesia", "citizenship": "ID"}, (False, 0, "2026-02-27")),
        (date(2022, 4, 25), {"reason": "leaving_indonesia", "citizenship": "ID"}, (True, 10_000_001, "2022-04-25")),
        (date(2022, 4, 26), {"reason": "leaving_indonesia", "citizenship": "ID"}, (False, 0, "2022-04-26")),
        (date(2020, 2, 29), {"reason": "partial_housing"}, (False, 0, "2020-03-01")),
        (date(2020, 3, 1), {"reason": "partial_housing"}, (True, 3_000_000, "2020-03-01")),
        (date(2020, 3, 1), {"reason": "partial_other"}, (True, 1_000_000, "2020-03-01")),
        (date(2020, 3, 2), {"reason": "partial_other", "partial_taken": True}, (False, 0, "2020-03-01")),
        (DAY, {"reason": "death", "partial_taken": True}, (True, 10_000_001, "2026-02-27")),
    ],
)
def test_withdrawal(on: date, facts: dict[str, Any], expected: tuple[bool, int, str]) -> None:
    assert withdraw(on, **facts) == expected


def test_heirs_are_paid_after_a_death_only() -> None:
    assert result_of("jht_withdrawal", DAY, ASKED | {"reason": "death"})["to_heirs"] is True
    assert result_of("jht_withdrawal", DAY, ASKED | {"reason": "age"})["to_heirs"] is False


@pytest.mark.parametrize(
    ("code", "field", "facts"),
    [
        ("missing_fact", "employment_ended_on", {"reason": "resignation"}),
        ("impossible_value", "member_since", {"reason": "age", "member_since": "1980-03-14"}),
        ("impossible_value", "reason", {"reason": "holiday"}),
        ("impossible_value", "citizenship", {"reason": "leaving_indonesia", "citizenship": "Indonesia"}),
    ],
)
def test_impossible_withdrawals(code: str, field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(LawError) as refused:
        withdraw(**facts)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_month_means_its_last_day() -> None:
    question = {"id": 1, "rule": "jht_withdrawal", "on": "2026-02", "facts": ASKED | {"reason": "death"}}
    assert evaluate(question)["result"]["from"] == "2026-02-28"


REASONS = ("age", "resignation", "dismissal", "contract_end", "stopped_working", "leaving_indonesia")
REASONS += ("total_disability", "death", "partial_housing", "partial_other")


def test_random_withdrawals_agree_with_the_reference() -> None:
    chance = random.Random(46_2015)
    for _ in range(3000):
        on = date(2015, 7, 1) + timedelta(days=chance.randrange(4500))
        birth = date(1955, 1, 1) + timedelta(days=chance.randrange(16_000))
        since = max(birth, on - timedelta(days=chance.randrange(6000)))
        ended = on - timedelta(days=chance.randrange(-10, 60))
        reason, taken = chance.choice(REASONS), chance.random() < 0.3
        country, amount = chance.choice([None, "ID", "JP"]), chance.randrange(10**9)
        facts = {
            "reason": reason,
            "birth_date": birth.isoformat(),
            "member_since": since.isoformat(),
            "balance": amount,
            "employment_ended_on": ended.isoformat(),
            "partial_taken": taken,
            "citizenship": country,
        }
        result = result_of("jht_withdrawal", on, facts)
        wanted = reference.withdrawal(reason, birth, since, Decimal(amount), ended, taken, country, on)
        assert (result["allowed"], result["amount_max"], date.fromisoformat(result["from"])) == wanted, (on, facts)


def test_what_rests_on_secondary_sources_is_named() -> None:
    assert "jht_return" in judge("jht_balance", DAY, {"deposits": []}).unverified
    assert judge("jht_withdrawal", DAY, ASKED | {"reason": "age"}).unverified == (
        "jht_paid_on_leaving_work",
        "jht_waiting_months",
    )
