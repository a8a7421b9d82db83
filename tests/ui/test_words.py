"""Figures, dates and identity numbers as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lindung.core.ui import words


@pytest.mark.parametrize(
    ("template", "indonesian", "english"),
    [
        ("{{ 16800|rupiah }}", "Rp16.800", "Rp16,800"),
        ("{{ 1342000000|rupiah_short }}", "Rp1,3 miliar", "Rp1.3 billion"),
        ("{{ 2000000|rupiah_short }}", "Rp2 juta", "Rp2 million"),
        ("{{ 999999|rupiah_short }}", "Rp999.999", "Rp999,999"),
        ("{{ 5839|number }}", "5.839", "5,839"),
        ("{{ 0.2145|percent }}", "21,5%", "21.5%"),
        ("{{ 0.2145|percent:0 }}", "21%", "21%"),
        ("{{ day|tanggal }}", "12 Agustus 2025", "12 August 2025"),
        ("{{ day|bulan }}", "Agustus 2025", "August 2025"),
        ("{{ day|bulan_pendek }}", "Agu 2025", "Aug 2025"),
        ("{{ nothing|tanggal }}{{ nothing|rupiah }}{{ nothing|mask_nik }}{{ nothing|percent }}", "––––", "––––"),
    ],
)
def test_filters_write_in_the_language_of_the_screen(template: str, indonesian: str, english: str) -> None:
    shown = Template("{% load lindung %}" + template)
    context = Context({"day": date(2025, 8, 12), "nothing": None})
    with override("id"):
        assert shown.render(context) == indonesian
    with override("en"):
        assert shown.render(context) == english


def test_a_moment_is_told_in_the_time_of_the_regency() -> None:
    with override("id"):
        assert words.moment(datetime(2026, 2, 27, 7, 5, tzinfo=UTC)) == "27 Februari 2026 pukul 14.05"


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_a_masked_nik_never_shows_its_middle(nik: str) -> None:
    masked = words.mask_nik(nik)
    assert len(masked) == len(nik)
    assert masked == (f"{nik[:4]}********{nik[12:]}" if len(nik) == 16 else "*" * len(nik))


@given(st.decimals(min_value=-10, max_value=10, places=6))
def test_percent_rounds_half_up_and_never_shows_minus_zero(ratio: Decimal) -> None:
    with override("en"):
        shown = words.percent(ratio)
    assert abs(Decimal(shown.rstrip("%").replace(",", "")) - ratio * 100) <= Decimal("0.05")
    assert shown != "-0.0%"


@pytest.mark.parametrize(("days", "said"), [(3, "3 hari lagi"), (0, "hari ini"), (-2, "lewat 2 hari")])
def test_days_left(days: int, said: str) -> None:
    with override("id"):
        assert words.days_left(days) == said
