"""`lindung law parameters`, `history` and `unverified`: every figure is shown whole, and what is not sure is said."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from lindung.law import unverified
from lindung.law.form.figures import PARAMETERS
from lindung.web.cli.main import app


def shown(*arguments: str) -> str:
    ran = CliRunner().invoke(app, ["law", *arguments], catch_exceptions=False)
    assert ran.exit_code == 0
    return ran.output


def test_what_holds_on_a_day_is_listed() -> None:
    before, after = shown("parameters", "--on", "2019-12-01"), shown("parameters", "--on", "2019-12-02")
    assert re.search(r"jkm_lump_sum .* 16200000 ", before)
    assert re.search(r"jkm_lump_sum .* 20000000 ", after)
    assert "jkp_first_percent" not in before  # not law before 2021


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_figure_has_a_history(name: str) -> None:
    lines = shown("history", name)
    for figure in PARAMETERS[name].figures:
        assert figure.start.isoformat() in lines
    assert "None" not in lines


def test_brackets_in_a_note_are_not_taken_for_a_colour() -> None:
    assert "[batas bawah, batas atas, dasar]" in " ".join(shown("history", "bpu_bases").split())


def test_everything_unverified_is_shown() -> None:
    table = shown("unverified")
    for name in {row["name"] for row in unverified()}:
        assert name in table
