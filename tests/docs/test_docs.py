"""What README and docs say is so: links lead somewhere, commands exist, labels are on the screen, the site builds."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
from django.apps import apps
from django.urls import set_urlconf

from lindung.web.cli.main import app as commands

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES = [*TOP, *sorted(DOCS.rglob("*.md"))]
GUIDE = [page for page in sorted((DOCS / "panduan").glob("*.md")) if page.name != "alasan.md"]
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")


def _named(page: Path) -> str:
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=_named)


def _prose(page: Path) -> str:
    return SPAN.sub("", BLOCK.sub("", page.read_text()))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip()) for heading in headings}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        if re.match(r"https?:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def _calls(text: str) -> Iterator[list[str]]:
    """The words after each `lindung`, up to the end of the shell command."""
    for line in text.splitlines():
        for found in re.finditer(r"(?:^|\s|bin/)lindung(?= [a-z])", line):
            words = shlex.split(line[found.end() :], comments=True)
            end = next((at for at, word in enumerate(words) if word in {"&&", "|", ";", ">"}), len(words))
            yield words[:end]


def _command(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words call, and what is left of them."""
    command: Any = typer.main.get_command(commands)
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands, f"lindung has no command «{words[0]}»"
        command, words = command.commands[words[0]], words[1:]
    return command, words


@each_page
def test_commands_in_examples_can_be_called_like_that(page: Path) -> None:
    for block in BLOCK.findall(page.read_text()):
        for words in _calls(block):
            command, arguments = _command(words)
            command.make_context("lindung", arguments)  # raises for a missing or unknown argument; runs nothing


@each_page
def test_commands_in_sentences_exist_with_their_options(page: Path) -> None:
    for span in SPAN.findall(BLOCK.sub("", page.read_text())):
        for words in _calls(span):
            command, arguments = _command(words)
            options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
            assert {word for word in arguments if word.startswith("-")} <= options, span


@each_page
def test_run_knows_its_commands(page: Path) -> None:
    known = set(re.findall(r"^  (\w+)\)", (ROOT / "run").read_text(), re.MULTILINE))
    assert set(re.findall(r"\./run (\w+)", page.read_text())) <= known


def test_every_table_is_described_with_its_guards() -> None:
    rows = [row for row in (DOCS / "architecture.md").read_text().splitlines() if row.startswith("| `")]
    for model in apps.get_models():
        if model.__module__.startswith("lindung."):
            described = [row.split("|")[3].split() for row in rows if f"`{model._meta.db_table}`" in row]
            guards = [mark for mark, has in (("A", "append_only"), ("P", "scope_column")) if getattr(model, has, False)]
            assert described == [guards], model._meta.db_table


def test_every_call_of_the_api_page_is_an_operation() -> None:
    from lindung.web.api import api

    set_urlconf("lindung.web.urls")
    operations = {
        (method.upper(), re.sub(r"\{[^}]+\}", "*", path.removeprefix("/api/v1")))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    text = (DOCS / "api.md").read_text()
    calls = [
        ("POST" if re.search(r"-X POST|-d '|-F ", call) else "GET", address)
        for block in BLOCK.findall(text)
        for call in re.split(r"^(?=curl )", block, flags=re.MULTILINE)
        for address in re.findall(r"\$LINDUNG(/[^\s\"?]*)", call)
    ]
    calls += re.findall(r"`(GET|POST) (/[\w/{}-]+)", text)
    assert len(calls) > 40
    for method, address in calls:
        assert any(method == known and _fits(address, pattern) for known, pattern in operations), (method, address)


def _fits(address: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[^/]+"), address) is not None


@cache
def _screens() -> str:
    sources = (path for path in (ROOT / "src" / "lindung").rglob("*") if path.suffix in {".html", ".py"})
    return "\n".join(path.read_text() for path in sources)


@pytest.mark.parametrize("page", GUIDE, ids=_named)
def test_the_guide_sets_in_bold_what_stands_on_the_screen(page: Path) -> None:
    for words in re.findall(r"\*\*(.+?)\*\*", _prose(page), re.DOTALL):
        for label in " ".join(words.split()).split(" → "):
            assert label in _screens(), label


def test_the_page_of_reasons_is_current() -> None:
    spec = importlib.util.spec_from_file_location("reasons_page", ROOT / "tools" / "reasons_page.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text() == tool.page(), "run: python tools/reasons_page.py"


def test_the_site_builds_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"], cwd=tmp_path, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(list(DOCS.rglob("*.md")))
    for page in pages:
        html = page.read_text()
        assert not re.findall(r'<(?:script|img|iframe|source)[^>]+src="(?:https?:)?//[^"]*', html), page
        assert not re.findall(r'<link[^>]+rel="(?:stylesheet|preconnect|preload|icon)"[^>]+href="(?:https?:)?//', html)
    for sheet in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", sheet.read_text()), sheet
