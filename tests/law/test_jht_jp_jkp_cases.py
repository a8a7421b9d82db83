"""JHT, JP and JKP give what agencies, papers and the regulations' own explanations printed; the pages hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lindung.law import evaluate

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "jht_jp_jkp_cases.yaml").read_text("utf-8"))


def monthly_deposits(first: str, count: int, amount: int) -> list[dict[str, Any]]:
    """The same amount on the 1st of each of a number of months."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [{"on": f"{month // 12}-{month % 12 + 1:02d}-01", "amount": amount} for month in range(start, start + count)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['source'][:40]}")
def test_printed_amounts(case: dict[str, Any]) -> None:
    facts = case["facts"]
    if "monthly" in case:
        facts = facts | {"deposits": monthly_deposits(**case["monthly"])}
    answer = evaluate({"id": 1, "rule": case["rule"], "on": case["date"], "facts": facts})
    assert "error" not in answer, answer
    assert {name: answer["result"][name] for name in case["expected"]} == case["expected"]


@pytest.mark.parametrize("page", ["jht", "jp", "jkp"])
def test_the_worked_examples_of_the_pages(page: str) -> None:
    text = (HERE.parents[1] / "docs" / "law" / f"{page}.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, f"docs/law/{page}.md", "exec"), {})
