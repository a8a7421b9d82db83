"""docs/operator.md says what the code does: every setting, every metric, every command and every role."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operator.md").read_text()
NAMED = re.compile(r"""(?:environ(?:\.get\(|\.setdefault\(|\[)|_flag\()\s*["']([A-Z][A-Z0-9_]+)["']""")


def section(title: str) -> str:
    """The text below a heading, up to the next of its level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert found, title
    return found[1]


def test_the_settings_table_lists_what_the_code_reads_and_nothing_else() -> None:
    read = {name for file in (ROOT / "src").rglob("*.py") for name in NAMED.findall(file.read_text())}
    # Handed by the server, and by Spark's session, to their own children, not set by people.
    read -= {"PROMETHEUS_MULTIPROC_DIR", "SPARK_LOCAL_IP", "PYSPARK_PYTHON"}
    listed = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` ", section("Settings"), re.M))
    assert listed == read


@pytest.mark.django_db
def test_the_metrics_table_lists_what_is_shown_and_nothing_else() -> None:
    from lindung.web.metrics import REQUESTS, SECONDS, Queue

    shown = {"lindung_requests_total", "lindung_request_seconds"} | {metric.name for metric in Queue().collect()}
    assert {REQUESTS._name + "_total", SECONDS._name} <= shown
    assert set(re.findall(r"^\| `(lindung_[a-z_]+)`", section("Monitoring"), re.M)) == shown


def test_every_role_is_described() -> None:
    from lindung.web.roles import ROLES

    assert set(re.findall(r"^\| `([a-z_]+)` ", section("Users and roles"), re.M)) == set(ROLES)


def test_the_help_names_every_role() -> None:
    from typer.testing import CliRunner

    from lindung.web.cli.main import app
    from lindung.web.roles import ROLES

    said = CliRunner().invoke(app, ["user", "create", "--help"], terminal_width=500).output
    assert all(role in said for role in ROLES)


def test_every_command_named_exists() -> None:
    from typer.testing import CliRunner

    from lindung.web.cli.main import app

    named = set(re.findall(r"(?:`|^|bin/)lindung ((?:audit |user |import |law )?[a-z]+)", PAGE, re.M))
    assert {"serve", "migrate", "backup", "restore", "doctor", "audit verify", "user create"} <= named
    for command in sorted(named):
        assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0, command
