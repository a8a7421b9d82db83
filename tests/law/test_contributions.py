"""Contributions: every bracket, rate, relief and date, one below, at and one above; against Decimal."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import history, judge, result_of

FEB = date(2026, 2, 1)
BRACKETS: list[list[int]] = history("bpu_bases")[0]["value"]
GROUP_PERCENT = ("0.24", "0.54", "0.89", "1.27", "1.74")
WAGES = st.integers(0, 10_000_000_000_00)


def pu(wage: Any = 10_000_000, on: date = FEB, **facts: Any) -> dict[str, Any]:
    given = {"segment": "PU", "wage": wage, "risk_group": 1, "programmes": ["JKK", "JKM"]}
    return result_of("contributions", on, given | facts)


def bpu(income: Any = 1_000_000, on: date = FEB, **facts: Any) -> dict[str, Any]:
    return result_of("contributions", on, {"segment": "BPU", "income": income} | facts)


def rupiah(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_the_table_has_33_rows_each_within_its_limits() -> None:
    assert len(BRACKETS) == 33
    assert all(lower <= base <= upper for lower, upper, base in BRACKETS[:-1])
    assert BRACKETS[-1] == [20_200_000, -1, 20_700_000]


@pytest.mark.parametrize("row", range(1, 33))
def test_bracket_edges(row: int) -> None:
    lower, _, base = BRACKETS[row]
    _, upper_before, base_before = BRACKETS[row - 1]
    assert bpu(upper_before)["base"] == base_before
    assert bpu(upper_before + 1)["base"] == base_before, "a gap belongs to the row below"
    assert bpu(lower - 1)["base"] == base_before
    assert bpu(lower)["base"] == bpu(lower + 1)["base"] == base
    assert bpu(lower, sector="other")["jkk"] == base // 100


def test_no_income_still_has_the_least_base() -> None:
    assert bpu(0)["total"] == 16_800


@pytest.mark.parametrize(
    ("payer", "sector", "on", "total"),
    [
        ("self", "transport", date(2025, 12, 31), 16_800),
        ("self", "transport", date(2026, 1, 1), 8_400),
        ("self", "transport", date(2027, 3, 31), 8_400),
        ("self", "transport", date(2027, 4, 1), 16_800),
        ("self", "other", date(2026, 3, 31), 16_800),
        ("company", "other", date(2026, 4, 1), 8_400),
        ("self", "other", date(2026, 12, 31), 8_400),
        ("self", "other", date(2027, 1, 1), 16_800),
        ("apbd", "transport", date(2026, 5, 1), 16_800),
        ("apbn", "other", date(2026, 5, 1), 16_800),
        ("village", "transport", date(2026, 5, 1), 16_800),
    ],
)
def test_bpu_relief(payer: str, sector: str, on: date, total: int) -> None:
    assert bpu(on=on, payer=payer, sector=sector)["total"] == total


def test_the_village_fund_is_a_stated_choice() -> None:
    facts = {"segment": "BPU", "income": 1_000_000, "payer": "village"}
    step = next(s for s in judge("contributions", FEB, facts).steps if s.rule == "bpu_share")
    assert step.value == 100
    assert step.article == "PP 50/2025 Pasal 4 ayat (1)"
    assert step.choice is not None and "Dana desa" in step.choice
    assert step.confidence == "S"


@pytest.mark.parametrize(
    ("on", "jkk", "jkm"),
    [
        (date(2020, 7, 31), 24_000, 30_000),
        (date(2020, 8, 1), 240, 300),
        (date(2021, 1, 31), 240, 300),
        (date(2021, 2, 1), 24_000, 30_000),
    ],
)
def test_covid_relief(on: date, jkk: int, jkm: int) -> None:
    result = pu(on=on)
    assert (result["jkk"], result["jkm"]) == (jkk, jkm)


@pytest.mark.parametrize(
    ("on", "jkk"),
    [
        (date(2025, 1, 31), 24_000),
        (date(2025, 2, 1), 12_000),
        (date(2025, 7, 31), 12_000),
        (date(2025, 8, 1), 12_000),
        (date(2026, 1, 31), 12_000),
        (date(2026, 2, 1), 24_000),
    ],
)
def test_labour_intensive_relief(on: date, jkk: int) -> None:
    result = pu(on=on, labour_intensive_relief=True)
    assert (result["jkk"], result["jkm"]) == (jkk, 30_000)
    assert pu(on=on)["jkk"] == 24_000


def test_one_programme_only() -> None:
    assert (pu(programmes=["JKK"])["total"], pu(programmes=["JKM"])["total"]) == (24_000, 30_000)
    assert (bpu(programmes=["JKK"])["total"], bpu(programmes=["JKM"])["total"]) == (10_000, 6_800)


@pytest.mark.parametrize(("wage", "jkm"), [("166.66", 0), ("166.67", 1), ("499.99", 1), (500, 2), ("0.5", 0)])
def test_half_a_rupiah_goes_up(wage: Any, jkm: int) -> None:
    assert pu(wage)["jkm"] == jkm


@given(sen=WAGES, group=st.integers(1, 5), relief=st.booleans(), on=st.dates(FEB.replace(2015, 7), FEB))
def test_pu_equals_an_independent_decimal_sum(sen: int, group: int, relief: bool, on: date) -> None:
    wage = Decimal(sen) / 100
    share = Decimal("0.01") if (2020, 8) <= (on.year, on.month) <= (2021, 1) else Decimal(1)
    half = relief and (2025, 2) <= (on.year, on.month) <= (2026, 1)
    rate = Decimal(GROUP_PERCENT[group - 1]) / 100 / (2 if half else 1)
    result = pu(f"{wage:.2f}", on, risk_group=group, labour_intensive_relief=relief)
    assert result["jkk"] == rupiah(wage * rate * share)
    assert result["jkm"] == rupiah(wage * Decimal("0.003") * share)
    assert result["jkk"] + result["jkm"] == result["employer_total"] == result["total"]
    assert result["worker_total"] == 0


@given(low=WAGES, more=st.integers(0, 10**10), group=st.integers(1, 4))
def test_never_less_for_a_higher_wage_income_or_risk(low: int, more: int, group: int) -> None:
    lower, higher = f"{low // 200}.{low % 100:02d}", f"{low // 200 + more}.{low % 100:02d}"
    assert pu(lower)["total"] <= pu(higher)["total"]
    assert pu(lower, risk_group=group)["jkk"] <= pu(lower, risk_group=group + 1)["jkk"]
    assert bpu(lower)["total"] <= bpu(higher)["total"]


@given(income=st.integers(0, 100_000_000), payer=st.sampled_from(["self", "apbd", "company"]))
def test_bpu_total_is_the_sum_of_its_parts(income: int, payer: str) -> None:
    result = bpu(income, date(2026, 5, 1), payer=payer)
    assert result["jkk"] + result["jkm"] == result["worker_total"] + result["employer_total"] == result["total"]
