"""`lindung law evaluate` and `lindung law explain`: a list in, a list out, faults in their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lindung.web.cli.main import app

FARMER = {"id": 7, "rule": "contributions", "on": "2026-02", "facts": {"segment": "BPU", "income": 1_000_000}}
ASKED: list[Any] = [FARMER, 5, {"id": "b"}, FARMER | {"id": [1], "on": "2028-01"}]


def evaluated(*arguments: str, given: str | None = None) -> Any:
    outcome = CliRunner().invoke(app, ["law", "evaluate", *arguments], input=given)
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


def test_a_list_of_answers_in_the_same_order(tmp_path: Path) -> None:
    answers = evaluated("-", given=json.dumps(ASKED))
    assert [answer["id"] for answer in answers] == [7, None, "b", [1]]
    assert answers[0]["result"]["total"] == 16_800 and answers[0]["steps"]
    codes = [answer["error"]["code"] for answer in answers[1:]]
    assert codes == ["impossible_value", "unknown_rule", "beyond_known"]
    (tmp_path / "asked.json").write_text(json.dumps(ASKED), "utf-8")
    assert evaluated(str(tmp_path / "asked.json")) == answers
    assert evaluated("-", given=json.dumps(FARMER)) == answers[:1]
    assert evaluated("-", given="[]") == []


def test_steps_in_words_and_faults_beside_them() -> None:
    outcome = CliRunner().invoke(app, ["law", "explain", "-"], input=json.dumps(ASKED))
    assert outcome.exit_code == 0
    assert outcome.stdout.startswith("contributions pada 1 Februari 2026\n  1. ")
    assert [line.partition(":")[0] for line in outcome.stderr.splitlines()] == ["1", "b", "[1]"]


@pytest.mark.parametrize("file", ["-", "no-such-file.json"])
def test_what_cannot_be_read_is_said(file: str) -> None:
    outcome = CliRunner().invoke(app, ["law", "evaluate", file], input="[{")
    assert outcome.exit_code == 1
    assert f"lindung: {file}: " in outcome.output
