"""What the law's pages show of the code is the code, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUBJECTS = ("jkk", "jkm", "scholarship", "jht", "jp", "jkp")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_code_on_a_page_is_that_of_its_folder(subject: str) -> None:
    page = (ROOT / "docs" / "law" / f"{subject}.md").read_text("utf-8")
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "src/lindung/law" / subject).glob("*.py"))
    quoted = re.findall(r"```py\n(.*?)```", page, re.DOTALL)
    assert quoted
    assert [block for block in quoted if block not in code] == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_functions_a_page_names_are_there(subject: str) -> None:
    page = (ROOT / "docs" / "law" / f"{subject}.md").read_text("utf-8")
    section = page.partition("## How the code says it")[2].partition("\n## ")[0]
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "src/lindung/law").rglob("*.py"))
    code += "\n".join(file.read_text("utf-8") for file in (ROOT / "src/lindung/law/parameters").glob("*.yaml"))
    named = re.findall(r"`(\w+)`", section)
    assert named
    assert [name for name in named if not re.search(rf"\b{name}\b", code)] == []
