"""JKM of people with several memberships (the rest of JKM is in test_benefits)."""

from __future__ import annotations

from datetime import date

import pytest

from lindung.law import judge, result_of

DAY = date(2026, 2, 27)


@pytest.mark.parametrize(("on", "total"), [(date(2018, 10, 27), 21_000_000), (DAY, 32_000_000)])
def test_the_funeral_is_paid_once(on: date, total: int) -> None:
    result = result_of("jkm", on, {"segment": "PU", "funeral_already_paid": True})
    assert (result["funeral"], result["total"]) == (0, total)


def test_that_it_is_paid_once_is_our_choice() -> None:
    steps = {step.rule: step for step in judge("jkm", DAY, {"segment": "PU"}).steps}
    assert steps["jkm_funeral_once"].choice
    assert steps["jkm_funeral_once"].value == 10_000_000
