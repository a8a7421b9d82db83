"""What the pages on the law say is what the code does: rules, figures, facts, results and examples as printed."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lindung.law.form.figures import FOLDER
from lindung.law.form.question import Plan
from lindung.law.form.reform import read_reform
from lindung.law.form.rules import RULES
from lindung.law.questions import PLANS

DOCS = Path(__file__).parents[2] / "docs"
LAW = FOLDER.parent
PAGES = sorted((DOCS / "law").glob("*.md"))
SUBJECTS = {"contributions", "jkk", "jkm", "scholarship", "jht", "jp", "jkp"}
OVERVIEW = (DOCS / "law.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|(.*)\|$", re.MULTILINE)
ROWS = [(page.stem, *row) for page in PAGES for row in ROW.findall(page.read_text("utf-8")) if row[0] in PLANS]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", OVERVIEW, re.DOTALL)


def test_the_rule_of_the_overview_is_the_rule() -> None:
    (printed,) = blocks("python")
    assert printed == inspect.getsource(RULES["jkm_pu"].function)


def test_the_figure_of_the_overview_is_the_figure() -> None:
    printed = next(block for block in blocks("yaml") if block.startswith("- name: "))
    assert printed in (FOLDER / "contributions.yaml").read_text("utf-8")


def test_the_reform_of_the_overview_can_be_read() -> None:
    printed = next(block for block in blocks("yaml") if block.startswith("title: "))
    (changed,) = read_reform(yaml.safe_load(printed)).parameters.values()
    assert changed.figures[-1].value == 28_000_000


def plans(question: str) -> list[Plan]:
    return list(PLANS[question].values())


def names(cell: str) -> list[str]:
    """The names in a cell, without what stands in brackets after one."""
    return re.findall(r"`(\w+)`", re.sub(r"[\[({].*?[\])}]", "", cell))


@pytest.mark.parametrize(("page", "question", "facts", "results"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_the_tables_name_facts_and_results_that_exist(page: str, question: str, facts: str, results: str) -> None:
    known = {fact.name for plan in plans(question) for fact in plan.question.facts}
    assert set(names(facts)) <= known
    given = {name for plan in plans(question) for name in (*plan.question.answers, *plan.question.zeros)}
    if any(plan.question.outcome for plan in plans(question)):
        return
    assert set(names(results)) <= given


def test_every_page_has_its_table_or_its_example() -> None:
    assert {row[0] for row in ROWS} >= {"jht", "jp"}
    for page in PAGES:
        text = page.read_text("utf-8")
        assert "```python" in text or page.stem in {"next-year", "cluster"}, page.name
        assert f"(law/{page.name})" in OVERVIEW, page.name


def everything_in(text: str) -> set[Any]:
    return set(re.findall(r"`src/lindung/(\S+?)`", text)) | set(re.findall(r"`(parameters/\w+\.yaml)`", text))


@pytest.mark.parametrize("page", ["../law.md", *(page.name for page in PAGES)])
def test_the_files_a_page_names_are_there(page: str) -> None:
    for name in everything_in((DOCS / "law" / page).read_text("utf-8")):
        assert (LAW / name).exists() or (LAW.parent / name).exists(), name


def test_every_subject_has_its_page() -> None:
    assert {page.stem for page in PAGES} >= SUBJECTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_worked_examples_of_a_page(page: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert blocks or page.stem not in SUBJECTS
    for block in blocks:
        exec(compile(block, page.name, "exec"), {})


@pytest.mark.parametrize("subject", sorted(SUBJECTS - {"contributions"}))
def test_the_code_on_a_page_is_that_of_its_folder(subject: str) -> None:
    page = (DOCS / "law" / f"{subject}.md").read_text("utf-8")
    code = "\n".join(file.read_text("utf-8") for file in (LAW / subject).glob("*.py"))
    quoted = re.findall(r"```py\n(.*?)```", page, re.DOTALL)
    assert quoted
    assert [block for block in quoted if block not in code] == []


@pytest.mark.parametrize("subject", sorted(SUBJECTS - {"contributions"}))
def test_the_functions_a_page_names_are_there(subject: str) -> None:
    page = (DOCS / "law" / f"{subject}.md").read_text("utf-8")
    section = page.partition("## How the code says it")[2].partition("\n## ")[0]
    code = "\n".join(file.read_text("utf-8") for file in LAW.rglob("*.py"))
    code += "\n".join(file.read_text("utf-8") for file in FOLDER.glob("*.yaml"))
    named = re.findall(r"`(\w+)`", section)
    assert named
    assert [name for name in named if not re.search(rf"\b{name}\b", code)] == []
