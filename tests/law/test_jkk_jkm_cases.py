"""JKK, JKM and scholarships give what papers and agencies printed; the pages hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lindung.law import evaluate

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "jkk_jkm_cases.yaml").read_text("utf-8"))
SCHOOLING = ["tk"] * 2 + ["sd"] * 6 + ["smp"] * 3 + ["sma"] * 3 + ["university"] * 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['source'][:40]}")
def test_printed_amounts(case: dict[str, Any]) -> None:
    answer = evaluate({"id": 1, "rule": case["rule"], "on": case["date"], "facts": case["facts"]})
    assert "error" not in answer, answer
    assert {name: answer["result"][name] for name in case["expected"]} == case["expected"]


def of_child(years_behind: int) -> int:
    """The scholarship of a child who goes through school and has so many years of it behind."""
    left = SCHOOLING[years_behind:]
    facts = {"cause": "work", "children": [{"remaining": {level: left.count(level) for level in set(left)}}]}
    total = evaluate({"id": 1, "rule": "scholarship", "on": "2023-03", "facts": facts})["result"]["total_max"]
    assert isinstance(total, int)
    return total


@pytest.mark.parametrize(
    ("case", "total"),
    [
        ("HC-001", 121_500_000),
        ("HC-011", 111_000_000),
        ("HC-026", 165_000_000),
        ("HC-029", 148_500_000),
        ("HC-049", 151_000_000),
    ],
)
def test_printed_sums_of_two_children_are_possible(case: str, total: int) -> None:
    amounts = [of_child(years) for years in range(len(SCHOOLING))]
    assert any(total - amount in amounts for amount in amounts)


@pytest.mark.parametrize("page", ["jkk", "jkm", "scholarship"])
def test_the_worked_examples_of_the_pages(page: str) -> None:
    text = (HERE.parents[1] / "docs" / "law" / f"{page}.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, f"docs/law/{page}.md", "exec"), {})
