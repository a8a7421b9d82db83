"""docs/law/next-year.md, carried out to the letter on a copy of the law."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lindung

PAGE = Path(__file__).parents[2] / "docs" / "law" / "next-year.md"
BLOCKS = re.findall(r"```yaml\n# (\S+?)(?:, (\w+))?\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
YEAR = re.findall(r"^known_until: (\d{4})", PAGE.read_text("utf-8"), re.MULTILINE)[0]
"""The last year the page makes known; its figures begin in the year before."""

WORKER = {"segment": "PU", "wage": 20_000_000, "risk_group": 1, "firm_size": "large"}
CAREER = {"annual_wages": {"2026": 10_000_000}, "months": 180}
QUESTIONS = [
    {"id": "february", "rule": "contributions", "on": "2027-02", "facts": WORKER},
    {"id": "march", "rule": "contributions", "on": "2027-03", "facts": WORKER},
    {"id": "year after", "rule": "contributions", "on": "2028-01", "facts": WORKER},
    {"id": "without jp", "rule": "contributions", "on": "2028-01", "facts": WORKER | {"programmes": ["JKK", "JKM"]}},
    {"id": "limits", "rule": "jp_limits", "on": "2027-02", "facts": {}},
    {"id": "pension", "rule": "jp_old_age", "on": "2027-02", "facts": CAREER},
    {"id": "ceiling not known", "rule": "jp_ceiling", "on": "2028-03", "facts": {}},
    {"id": "limits not known", "rule": "jp_limits", "on": "2028-02", "facts": {}},
    {"id": "pension age", "rule": "pension_age", "on": "2029-01-01", "facts": {}},
    {"id": "day not known", "rule": "jkm", "on": "2029-01-01", "facts": {"segment": "PU"}},
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package with a copy of the law in it, from which the page's own year is taken out if it is there by now."""
    package = Path(lindung.__file__).parent
    there = tmp_path / "lindung"
    there.mkdir()
    for part in package.iterdir():
        if part.name == "law":
            shutil.copytree(part, there / "law", ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (there / part.name).symlink_to(part)
    for file, name, lines in BLOCKS:
        if not name:
            change(there / "law" / file, r"^known_until: .*\n", f"known_until: {int(YEAR) - 1}-12-31\n")
        elif begins := re.search(r"from: (\S+),", lines):
            for start in re.findall(r"from: (\d{4}-\d\d-\d\d)", (there / "law" / file).read_text("utf-8")):
                if start >= begins[1]:
                    drop(there / "law" / file, name, start)
    return tmp_path


def change(path: Path, pattern: str, text: str) -> None:
    """Replace the one place in a file where a pattern is found."""
    changed, places = re.subn(pattern, lambda found: text, path.read_text("utf-8"), flags=re.MULTILINE)
    assert places == 1, (path.name, pattern)
    path.write_text(changed, "utf-8")


def entry(name: str) -> str:
    """A pattern for a figure with its values, or for the list of instruments."""
    return rf"(?:- name: {name}\n  about_id|{name}:\n)(?:.+\n)+"


def drop(path: Path, name: str, start: str) -> None:
    """Take out a value of a figure, where it has one that begins on that day."""
    whole = path.read_text("utf-8")
    if found := re.search(entry(name), whole):
        kept = re.sub(rf"    - \{{from: {start},.*\n", "", found[0])
        path.write_text(whole.replace(found[0], kept), "utf-8")


def follow_the_page(law: Path) -> None:
    """Every block, to the file and figure that its first line names."""
    for file, name, lines in BLOCKS:
        if name:
            found = re.search(entry(name), (law / file).read_text("utf-8"))
            assert found, (file, name)
            change(law / file, re.escape(found[0]), found[0] + lines)
        else:
            change(law / file, r"^known_until: .*\n", lines)


def lindung_law(copy: Path, *words: str, given: str = "") -> str:
    """What a `lindung law` command prints, run on the copy."""
    command = [sys.executable, "-c", "from lindung.web.cli.main import main; main()", "law", *words]
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(command, input=given, capture_output=True, text=True, env=environment, check=True)
    return done.stdout


def answers(copy: Path) -> dict[str, Any]:
    """Result, or code of the error, by question."""
    found = json.loads(lindung_law(copy, "evaluate", "-", given=json.dumps(QUESTIONS)))
    return {answer["id"]: answer.get("result") or answer["error"]["code"] for answer in found}


def test_the_page_makes_a_year_known_that_was_refused(copy: Path) -> None:
    before = answers(copy)
    assert before["february"]["jp_worker"] == 110_863
    known = {"february", "pension age"}
    assert {name for name, result in before.items() if result != "beyond_known"} == known

    follow_the_page(copy / "lindung" / "law")
    after = answers(copy)
    assert after["february"] == before["february"]
    assert (after["march"]["jp_employer"], after["march"]["jp_worker"]) == (232_812, 116_406)
    assert after["year after"] == after["march"]
    assert after["without jp"]["total"] == 108_000
    assert after["limits"] == {"minimum": 423_800, "maximum": 5_080_300}
    assert after["pension"]["average_indexed_wage"] == 10_300_000
    assert {name for name, result in after.items() if result == "beyond_known"} == {
        "ceiling not known",
        "limits not known",
        "day not known",
    }


def test_the_commands_of_the_page_show_the_new_figures(copy: Path) -> None:
    page = PAGE.read_text("utf-8")
    commands = dict.fromkeys(re.findall(r"^lindung law (.+)$", page, re.MULTILINE))
    assert len(commands) == 3
    missing = next(words for words in commands if words.startswith("missing"))
    assert "jp_ceiling" in lindung_law(copy, *missing.split())
    follow_the_page(copy / "lindung" / "law")
    for words in commands:
        printed = lindung_law(copy, *words.split())
        assert ("11640600" in printed) == (words != missing)
        assert ("jp_ceiling" in printed) == (words != missing)
