"""JKP: the old and the new cash, the transition, conditions, time to claim and arrears."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, evaluate, judge, result_of
from lindung.law.form.instruments import KNOWN_UNTIL

from . import reference_jkp as reference

DAY = date(2026, 2, 27)
OLD, NEW = "2024-03-01", "2025-02-07"


def jkp(**facts: Any) -> dict[str, Any]:
    return result_of("jkp", DAY, {"wage": 4_000_000, "dismissed_on": NEW} | facts)


@pytest.mark.parametrize(
    ("wage", "month"),
    [(4_999_999, 2_999_999), (5_000_000, 3_000_000), (5_000_001, 3_000_000), ("0.83", 0), ("0.84", 1), (0, 0)],
)
def test_new_cash_and_its_ceiling(wage: Any, month: int) -> None:
    assert jkp(wage=wage)["by_month"] == [month] * 6


def test_old_cash() -> None:
    result = jkp(dismissed_on=OLD)
    assert result["by_month"] == [1_800_000] * 3 + [1_000_000] * 3
    assert result["total"] == 8_400_000
    assert jkp(dismissed_on=OLD, wage=9_000_000)["by_month"] == [2_250_000] * 3 + [1_250_000] * 3


@pytest.mark.parametrize(
    ("dismissed_on", "percents"),
    [
        ("2024-08-07", [45, 45, 45, 25, 25, 25]),
        ("2024-09-06", [45, 45, 45, 25, 25, 25]),
        ("2024-09-07", [45, 45, 45, 25, 25, 60]),
        ("2024-11-07", [45, 45, 45, 60, 60, 60]),
        ("2025-01-07", [45, 60, 60, 60, 60, 60]),
        ("2025-02-06", [45, 60, 60, 60, 60, 60]),
        ("2025-02-07", [60, 60, 60, 60, 60, 60]),
    ],
)
def test_benefits_running_on_7_february_2025(dismissed_on: str, percents: list[int]) -> None:
    assert jkp(dismissed_on=dismissed_on)["by_month"] == [40_000 * percent for percent in percents]


def test_the_day_of_approval_decides() -> None:
    before = {"dismissed_on": "2025-01-20"}
    assert jkp(**before, approved_on="2025-02-06")["by_month"][0] == 1_800_000
    assert jkp(**before, approved_on="2025-02-07")["by_month"] == [2_400_000] * 6


@pytest.mark.parametrize(
    ("dismissed_on", "until"),
    [
        ("2024-11-06", "2025-02-06"),
        ("2024-11-07", "2025-05-07"),
        ("2025-02-06", "2025-08-06"),
        ("2025-02-07", "2025-08-07"),
        ("2025-08-31", "2026-02-28"),
    ],
)
def test_time_to_claim(dismissed_on: str, until: str) -> None:
    assert jkp(dismissed_on=dismissed_on)["claim_until"] == until
    day_after = (date.fromisoformat(until) + timedelta(days=1)).isoformat()
    assert jkp(dismissed_on=dismissed_on, claimed_on=until)["allowed"] is True
    late = jkp(dismissed_on=dismissed_on, claimed_on=day_after)
    assert (late["allowed"], late["by_month"], late["total"]) == (False, [0] * 6, 0)


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        ({"months_in_24": 11}, False),
        ({"months_in_24": 12}, True),
        ({"months_in_24": 12, "dismissed_on": OLD}, True),
        ({"consecutive_months": 5, "dismissed_on": "2025-02-06"}, False),
        ({"consecutive_months": 6, "dismissed_on": "2025-02-06"}, True),
        ({"consecutive_months": 0}, True),
        ({"claims_before": 1}, True),
        ({"claims_before": 1, "months_since_last_benefit": 59}, False),
        ({"claims_before": 1, "months_since_last_benefit": 60}, True),
        ({"claims_before": 2, "months_since_last_benefit": 60}, True),
        ({"claims_before": 3, "months_since_last_benefit": 60}, False),
        ({"claims_before": 0, "months_since_last_benefit": 1}, True),
        ({"reason": "dismissal"}, True),
        ({"reason": "resignation"}, False),
        ({"reason": "retirement"}, False),
        ({"reason": "total_disability"}, False),
        ({"reason": "death"}, False),
        ({"reason": "contract_end"}, False),
        ({"reason": "phk"}, True),
        ({"reason": "mengundurkan_diri"}, False),
    ],
)
def test_conditions(facts: dict[str, Any], allowed: bool) -> None:
    result = jkp(**facts)
    assert result["allowed"] is allowed
    assert (result["total"] > 0) is allowed


@pytest.mark.parametrize(
    ("dismissed_on", "arrears", "closed", "employer"),
    [
        (OLD, 3, False, False),
        (OLD, 4, False, True),
        (OLD, 3, True, False),
        (OLD, 4, True, True),
        (NEW, 3, False, False),
        (NEW, 4, False, True),
        (NEW, 6, True, False),
        (NEW, 7, True, True),
    ],
)
def test_an_employer_in_arrears_pays_first(dismissed_on: str, arrears: int, closed: bool, employer: bool) -> None:
    result = jkp(dismissed_on=dismissed_on, arrears_months=arrears, employer_closed=closed)
    assert result["employer_pays_first"] is employer


@pytest.mark.parametrize(
    ("code", "field", "facts"),
    [
        ("before_law", "dismissed_on", {"dismissed_on": "2022-01-31"}),
        ("before_law", "dismissed_on", {"dismissed_on": "2021-02-01"}),
        ("beyond_known", "dismissed_on", {"dismissed_on": KNOWN_UNTIL + timedelta(days=1)}),
        ("impossible_value", "approved_on", {"approved_on": "2025-02-06"}),
        ("impossible_value", "claimed_on", {"claimed_on": "2025-02-06"}),
        ("impossible_value", "months_in_24", {"months_in_24": 25}),
        ("impossible_value", "reason", {"reason": "bored"}),
        ("unknown_fact", "age", {"age": 30}),
    ],
)
def test_impossible_questions(code: str, field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(LawError) as refused:
        jkp(**facts)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_first_and_last_day() -> None:
    first = jkp(dismissed_on="2022-02-01")  # twelve contributions, February 2021 to January 2022: Pasal 19 ayat (3)
    assert first["total"] == 8_400_000
    assert jkp(dismissed_on="2027-12-31")["total"] == 14_400_000
    answer = evaluate({"id": 1, "rule": "jkp", "on": "2025-02", "facts": {"wage": 1, "dismissed_on": NEW}})
    assert answer["result"]["total"] == 6


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.dates(date(2022, 2, 1), date(2027, 12, 31)))
def test_cash_is_bounded_and_never_falls_with_the_wage(wage: int, more: int, dismissed_on: date) -> None:
    low, high = (jkp(wage=sum_, dismissed_on=dismissed_on) for sum_ in (wage, wage + more))
    assert sum(low["by_month"]) == low["total"] <= high["total"] <= 18_000_000


def test_random_dismissals_agree_with_the_reference() -> None:
    chance = random.Random(37_2021)
    for _ in range(4000):
        dismissed = date(2022, 2, 1) + timedelta(days=chance.randrange(2100))
        approved = dismissed + timedelta(days=chance.choice([0, 0, chance.randrange(90)]))
        sen = chance.randrange(900_000_000)
        wage = f"{sen // 100}.{sen % 100:02d}"
        result = jkp(wage=wage, dismissed_on=dismissed.isoformat(), approved_on=approved.isoformat())
        assert result["by_month"] == reference.by_month(Decimal(wage), approved), (wage, dismissed, approved)
        assert result["claim_until"] == reference.claim_until(dismissed).isoformat()


def test_what_rests_on_secondary_sources_is_named() -> None:
    judgement = judge("jkp", DAY, {"wage": 1, "dismissed_on": NEW})
    assert {"jkp_first_percent", "jkp_consecutive_months", "jkp_claim_months"} <= set(judgement.unverified)


def test_random_conditions_agree_with_the_reference() -> None:
    chance = random.Random(6_2025)
    reasons = ["dismissal"] * 6 + ["resignation", "contract_end"]
    for _ in range(2000):
        dismissed = date(2022, 2, 1) + timedelta(days=chance.randrange(2100))
        claimed = chance.choice([None, dismissed + timedelta(days=chance.randrange(250))])
        asked = {
            "reason": chance.choice(reasons),
            "months_in_24": chance.choice([None, 11, 12, 24]),
            "consecutive_months": chance.choice([None, 5, 6]),
            "claims_before": chance.randrange(5),
            "months_since_last_benefit": chance.choice([None, 59, 60]),
        }
        arrears, closed = chance.randrange(9), chance.random() < 0.5
        result = jkp(
            dismissed_on=dismissed.isoformat(),
            claimed_on=claimed and claimed.isoformat(),
            arrears_months=arrears,
            employer_closed=closed,
            **asked,
        )
        assert result["allowed"] is reference.allowed(dismissed, claimed, *asked.values()), (dismissed, claimed, asked)
        assert (result["total"] > 0) is result["allowed"]
        assert result["employer_pays_first"] is reference.employer_first(dismissed, arrears, closed)
