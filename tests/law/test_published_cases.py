"""The law gives what newspapers, agencies and payroll examples printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lindung.law import evaluate

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.get('case', 'example')}-{case['rule']}")
def test_published_amounts(case: dict[str, Any]) -> None:
    answer = evaluate({"id": 1, "rule": case["rule"], "on": case["date"], "facts": case["facts"]})
    assert {name: answer["result"][name] for name in case["expected"]} == case["expected"]
