"""`lindung law …` as people call it: files and standard input, awkward ones too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lindung import law
from lindung.web.cli.main import app

QUESTION = {"id": "a", "rule": "jkm", "on": "2026-02-10", "facts": {"segment": "PU", "months_paid_consecutive": 5}}
REFORM = """
title: JKM Rp50 juta
author: Dinas Tenaga Kerja
reference: usulan, belum menjadi peraturan
leaves_out: beasiswa tidak diubah
parameters:
  jkm_lump_sum:
    - {from: 2026-01-01, value: 28000000}
"""


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["law", *words], input=typed)


def test_answers_come_in_the_order_of_the_questions(tmp_path: Path) -> None:
    questions: list[Any] = [QUESTION, {"id": 2, "rule": "nothing", "on": "2026-02"}, 3, QUESTION | {"id": None}]
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(questions), encoding="utf-8")
    answers = json.loads(run("evaluate", str(file)).stdout)
    assert answers == json.loads(run("evaluate", "-", typed=json.dumps(questions)).stdout)
    assert [answer["id"] for answer in answers] == ["a", 2, None, None]
    assert answers[0] == law.evaluate(QUESTION)
    assert [answer["error"]["field"] for answer in answers[1:3]] == ["rule", "question"]
    assert json.loads(run("evaluate", "-", typed=json.dumps(QUESTION)).stdout) == answers[:1]


@pytest.mark.parametrize("text", ["{", "", "[1,", "[" * 100_000, "1" * 5_000])
def test_what_is_not_json_ends_in_one_sentence(text: str) -> None:
    done = run("evaluate", "-", typed=text)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit) and "JSON" in str(done.exception)


def test_steps_are_said_in_words_and_a_refusal_does_not_stop_the_others(tmp_path: Path) -> None:
    done = run("explain", "-", typed=json.dumps([{"id": "b"}, QUESTION]))
    assert done.exit_code == 1
    assert "Rp20.000.000" in done.stdout and "Pasal 34" in done.stdout
    assert "b: " in done.stderr
    page = run("explain", "-", "--html", "--language", "en", typed=json.dumps(QUESTION))
    assert page.exit_code == 0 and page.stdout.startswith('<ol class="law-steps" lang="en">')


def test_a_reform_is_laid_over_every_question(tmp_path: Path) -> None:
    file = tmp_path / "usulan.yaml"
    file.write_text(REFORM, encoding="utf-8")
    answers = json.loads(run("evaluate", "-", "--reform", str(file), typed=json.dumps([QUESTION])).stdout)
    assert answers[0]["result"]["death"] == 28_000_000
    file.write_text("title: kosong", encoding="utf-8")
    assert run("evaluate", "-", "--reform", str(file), typed="[]").exit_code == 1


def test_figures_are_listed_with_their_history_and_what_would_settle_them() -> None:
    assert "jkm_lump_sum" in run("parameters", "--on", "2026-02-01").stdout
    assert "PP 82/2019" in run("history", "jkm_lump_sum").stdout
    listed = run("unverified").stdout
    assert "bpu_bases" in listed and "jkm_lump_sum" not in listed
    for words, said in ((["history", "nope"], "nope"), (["parameters", "--on", "x"], "x is not a day")):
        done = run(*words)
        assert done.exit_code == 1 and said in str(done.exception)


def test_annexes_are_searched_by_words() -> None:
    assert "bengkel" in run("risk-group", "bengkel").stdout.lower()
    assert "ibu jari" in run("injury", "ibu", "jari").stdout.lower()
