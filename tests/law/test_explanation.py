"""Steps in words: both languages, as text and as HTML, with articles, choices and what is not verified."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lindung.law import judge
from lindung.law.explanation import as_html, as_text, said, value_words

BPU = {"segment": "BPU", "income": 1_000_000}


def test_every_step_has_a_sentence_a_value_and_an_article() -> None:
    steps = said(judge("contributions", date(2026, 2, 1), BPU))
    assert all(step.sentence and step.value and step.article for step in steps)
    jkm = next(step for step in steps if "Rp6.800" in step.value)
    assert "Pasal 20 ayat (3)" in jkm.article


def test_text_numbers_the_steps_and_names_the_result() -> None:
    judged = judge("contributions", date(2026, 2, 1), BPU)
    text = as_text(judged)
    assert text.startswith("contributions pada 1 Februari 2026\n  1. ")
    assert "pilihan kami: " in text
    assert "[belum terverifikasi]" in text
    assert text.endswith(f"total: {judged.result['total']}") or "total: 16800" in text
    assert "on 1 February 2026" in as_text(judged, "en")
    assert "[not verified]" in as_text(judged, "en")


def test_html_is_a_list_with_everything_escaped() -> None:
    html = as_html(judge("jkm", date(2026, 2, 1), {"segment": "BPU", "months_paid_consecutive": 1}), "en")
    assert html.startswith('<ol class="law-steps" lang="en"><li>')
    assert html.count("<li>") == html.count("</li>") > 5
    assert "<script" not in html


@pytest.mark.parametrize(
    ("value", "unit", "indonesian", "english"),
    [
        (None, "rupiah", "–", "–"),
        (16800, "rupiah", "Rp16.800", "Rp16,800"),
        (-16800, "rupiah", "-Rp16.800", "-Rp16,800"),
        ("1500000.50", "sen", "Rp1.500.000,50", "Rp1,500,000.50"),
        (True, "flag", "ya", "yes"),
        (False, "flag", "tidak", "no"),
        (60, "percent", "60%", "60%"),
        (240, "per_100000", "0,24%", "0.24%"),
        (12, "months", "12 bulan", "12 months"),
        (7, "working_days", "7 hari kerja", "7 working days"),
        ("2026-02-27", "day", "27 Februari 2026", "27 February 2026"),
        ("2026-02", "month", "Februari 2026", "February 2026"),
        (5839, "count", "5.839", "5,839"),
        ([1, 2], "indexes", "1, 2", "1, 2"),
        ([1500000, 2000000], "rupiah", "Rp1.500.000, Rp2.000.000", "Rp1,500,000, Rp2,000,000"),
        ({"2025": 5839, "2026": 0}, "rupiah_by_year", "2025: Rp5.839, 2026: Rp0", "2025: Rp5,839, 2026: Rp0"),
        ({}, "rupiah_by_year", "–", "–"),
        (2026, "year", "2026", "2026"),
        ([], "indexes", "–", "–"),
        ("active", "cover", "active", "active"),
    ],
)
def test_values_carry_their_units(value: Any, unit: str, indonesian: str, english: str) -> None:
    assert value_words(value, unit, "id") == indonesian
    assert value_words(value, unit, "en") == english
