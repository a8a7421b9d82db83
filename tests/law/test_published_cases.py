"""The law gives what newspapers, agencies, officials and payroll guides printed."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import pytest
import yaml

from lindung.law import evaluate

REGISTER = yaml.safe_load((Path(__file__).parent / "published_cases.yaml").read_text("utf-8"))
CASES: list[dict[str, Any]] = REGISTER["cases"]
EXAMPLES: list[dict[str, Any]] = REGISTER["examples"]
TESTED = [case for case in CASES if "excluded" not in case]
SCHOOLING = ["tk"] * 2 + ["sd"] * 6 + ["smp"] * 3 + ["sma"] * 3 + ["university"] * 5


def monthly_deposits(first: str, count: int, amount: int) -> list[dict[str, Any]]:
    """The same amount on the 1st of each of a number of months."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [{"on": f"{month // 12}-{month % 12 + 1:02d}-01", "amount": amount} for month in range(start, start + count)]


def result_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question of the register, held against what must come out."""
    facts = asked["facts"]
    if "monthly" in asked:
        facts = facts | {"deposits": monthly_deposits(**asked["monthly"])}
    answer = evaluate({"id": 1, "rule": asked["rule"], "on": asked["on"], "facts": facts})
    assert "error" not in answer, answer
    result: dict[str, Any] = answer["result"]
    assert {name: result[name] for name in asked["expected"]} == asked["expected"]
    return result


def amount_of(asked: dict[str, Any], result: dict[str, Any]) -> int:
    """What a question adds to the sum that was printed."""
    amount: int = result.get(asked.get("counts", "total"), result.get("total_max", 0))
    return amount * prod(asked.get("times", [1]))


def of_child(years_behind: int) -> int:
    """The scholarship of a child who goes through school and has so many years of it behind."""
    left = SCHOOLING[years_behind:]
    facts = {"cause": "work", "children": [{"remaining": {level: left.count(level) for level in set(left)}}]}
    total: int = evaluate({"id": 1, "rule": "scholarship", "on": "2023-03", "facts": facts})["result"]["total_max"]
    return total


def test_every_published_case_is_tested_or_excluded_with_its_reason() -> None:
    assert [case["id"] for case in CASES] == [f"HC-{number:03}" for number in range(1, 65)]
    for case in CASES:
        assert ("asked" in case or "two_children" in case) is not ("excluded" in case), case["id"]
        assert len(case.get("excluded", "a reason in a sentence")) > 20
    assert len(TESTED) == 60


@pytest.mark.parametrize("case", TESTED, ids=lambda case: case["id"])
def test_published_case(case: dict[str, Any]) -> None:
    amounts = list(case.get("others", []))
    for asked in case.get("asked", []):
        amount = amount_of(asked, result_of(asked))
        assert amount <= asked.get("at_most", amount)
        assert abs(amount - asked.get("printed", amount)) <= asked.get("within", 0)
        amounts.append(amount)
    if "sum" in case:
        assert abs(sum(amounts) - case["sum"]) <= case.get("within", 0)
    if "two_children" in case:
        each = [of_child(years) for years in range(len(SCHOOLING))]
        assert any(case["two_children"] - amount in each for amount in each)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["source"])
def test_example(example: dict[str, Any]) -> None:
    result_of(example)
