"""Figures the law package does not hold yet: dated, cited, and marked while nobody has read them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from lindung.compliance import rules
from lindung.compliance.letters import fine
from lindung.compliance.naming import company_keys, legal_forms
from lindung.compliance.steps import ORDER, STEPS
from lindung.law.form.rules import CONFIDENCE

ON = date(2026, 2, 27)


def test_every_figure_is_cited_and_says_how_sure() -> None:
    for rule in rules.rules(ON):
        assert rule.citation
        assert rule.confidence in CONFIDENCE
        assert rule.unverified == (rule.confidence in ("S", "M"))
        assert not rule.unverified or "Dipastikan" in rule.note or "pilihan" in rule.note


def test_nothing_is_guessed_before_its_day() -> None:
    with pytest.raises(LookupError):
        rules.rule("sp1_days", date(2010, 1, 1))


def test_steps_are_seven_in_order_and_two_officers_from_the_third() -> None:
    assert ORDER == ("reminder", "sp1", "sp2", "summons", "inspector", "sanction", "skk")
    assert [step.second_officer for step in STEPS] == [False, False, True, True, True, True, True]
    assert all(step.time(ON).value > 0 for step in STEPS)


@pytest.mark.parametrize(
    ("amount", "day", "rupiah"),
    [
        (1_000_000, date(2026, 2, 2), 1_000),  # the first month has begun
        (1_000_000, date(2026, 3, 1), 1_000),
        (1_000_000, date(2026, 3, 2), 2_000),
        (1_500, date(2026, 2, 2), 2),  # half up
        (1_499, date(2026, 2, 2), 1),
    ],
)
def test_administrative_fine_is_a_tenth_of_a_percent_a_month(amount: int, day: date, rupiah: int) -> None:
    assert fine(amount, date(2026, 2, 1), day) == rupiah


@pytest.mark.parametrize(
    ("name", "key", "form"),
    [
        ("PT. Kapuas Jaya, Tbk.", "kapuas jaya", "pt"),
        ("KAPUAS JAYA PT (Persero)", "kapuas jaya", "pt"),
        ("C.V. Réjeki", "rejeki", "cv"),
        ("Koperasi Maju", "koperasi maju", ""),
        ("PT", "pt", "pt"),
        (None, "", ""),
    ],
)
def test_names_of_companies(name: str | None, key: str, form: str) -> None:
    series = pl.Series([name], dtype=pl.String)
    assert (company_keys(series)[0], legal_forms(series)[0]) == (key, form)
