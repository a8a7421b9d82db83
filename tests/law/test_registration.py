"""Who may still register as self-employed."""

from __future__ import annotations

from datetime import date

import pytest

from lindung.law import LawError, judge, result_of


@pytest.mark.parametrize(
    ("born", "on", "may"),
    [
        ("1961-03-01", date(2026, 2, 28), True),  # 64 years and 364 days
        ("1961-02-28", date(2026, 2, 28), False),  # 65 today
        ("1960-02-29", date(2025, 2, 27), True),
        ("1960-02-29", date(2025, 2, 28), False),
        ("2010-01-01", date(2026, 2, 28), True),
    ],
)
def test_registration_closes_on_the_65th_birthday(born: str, on: date, may: bool) -> None:
    assert result_of("bpu_registration", on, {"birth_date": born})["may_register"] is may


def test_the_limit_is_shown_as_not_yet_verified() -> None:
    judged = judge("bpu_registration", date(2026, 2, 27), {"birth_date": "1980-05-01"})
    assert judged.result == {"may_register": True, "closes_on": "2045-05-01"}
    assert {step.confidence for step in judged.steps} <= {"S", "C"}


def test_before_the_regulation_there_is_no_answer() -> None:
    with pytest.raises(LawError) as refused:
        result_of("bpu_registration", date(2020, 1, 1), {"birth_date": "1980-05-01"})
    assert refused.value.code == "before_law"
