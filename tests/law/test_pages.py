"""The worked examples of the law's pages say what the law gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "law").glob("*.md"))
SUBJECTS = {"contributions", "jkk", "jkm", "scholarship", "jht", "jp", "jkp"}


def test_every_subject_has_its_page() -> None:
    assert {page.stem for page in PAGES} >= SUBJECTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_worked_examples_of_a_page(page: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert blocks or page.stem not in SUBJECTS
    for block in blocks:
        exec(compile(block, page.name, "exec"), {})
