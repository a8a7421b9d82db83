"""How long one question to the law takes, with and without its explanation, against an empty Python call."""

from __future__ import annotations

import argparse
import json
import timeit
from collections.abc import Callable
from datetime import date
from typing import Any

from lindung.law import evaluate, judge, result_of

ON = date(2026, 2, 1)
CASES: dict[str, dict[str, Any]] = {
    "PU": {"segment": "PU", "wage": 10_000_000, "risk_group": 1},
    "BPU": {"segment": "BPU", "income": 1_000_000, "payer": "apbd"},
}


def microseconds(call: Callable[[], object]) -> float:
    """The best of seven rounds of a thousand calls."""
    return round(min(timeit.repeat(call, number=1000, repeat=7)) * 1000, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    result: dict[str, Any] = {"empty_call_us": microseconds(lambda: None)}
    for name, facts in CASES.items():
        question = {"id": 1, "rule": "contributions", "on": "2026-02", "facts": facts}
        result[name] = {
            "result_us": microseconds(lambda facts=facts: result_of("contributions", ON, facts)),  # type: ignore[misc]
            "judge_us": microseconds(lambda facts=facts: judge("contributions", ON, facts)),  # type: ignore[misc]
            "explained_us": microseconds(lambda question=question: evaluate(question)),  # type: ignore[misc]
        }
    print(json.dumps(result) if as_json else json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
