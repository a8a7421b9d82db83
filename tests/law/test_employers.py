"""How large an employer is, and the time limits of construction projects."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lindung.law import LawError, result_of

DAY = date(2026, 2, 2)
BILLION = 1_000_000_000


@pytest.mark.parametrize(
    ("facts", "size"),
    [
        ({"capital": 0}, "micro"), ({"capital": BILLION}, "micro"), ({"capital": BILLION + 1}, "small"),
        ({"capital": 5 * BILLION}, "small"), ({"capital": 5 * BILLION + 1}, "medium"),
        ({"capital": 10 * BILLION + 1}, "large"), ({"annual_sales": 2 * BILLION}, "micro"),
        ({"annual_sales": 15 * BILLION}, "small"), ({"annual_sales": 15 * BILLION + 1}, "medium"),
        ({"annual_sales": 50 * BILLION + 1}, "large"),
    ],
)  # fmt: skip
def test_size_at_its_limits(facts: dict[str, Any], size: str) -> None:
    assert result_of("firm_size", DAY, facts) == {"firm_size": size}


def test_projects_are_registered_within_working_days() -> None:
    assert result_of("construction_registration", DAY, {})["register_by"] == "2026-02-20"
    holiday = {"holidays": ["2026-02-17"]}
    assert result_of("construction_registration", DAY, holiday)["register_by"] == "2026-02-23"
    assert sum(share for _term, share in result_of("construction_terms", DAY, {})["shares"]) == 100


def test_before_the_texts_there_is_no_answer() -> None:
    with pytest.raises(LawError):
        result_of("firm_size", date(2020, 1, 1), {"capital": 1})
