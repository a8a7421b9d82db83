"""JKM: every case against the reference, and people with several memberships (limits are in test_benefits)."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from lindung.law import judge, result_of

from . import reference_jkm as reference

DAY = date(2026, 2, 27)


@pytest.mark.parametrize(("on", "total"), [(date(2018, 10, 27), 21_000_000), (DAY, 32_000_000)])
def test_the_funeral_is_paid_once(on: date, total: int) -> None:
    result = result_of("jkm", on, {"segment": "PU", "funeral_already_paid": True})
    assert (result["funeral"], result["total"]) == (0, total)


def test_that_it_is_paid_once_is_our_choice() -> None:
    steps = {step.rule: step for step in judge("jkm", DAY, {"segment": "PU"}).steps}
    assert steps["jkm_funeral_once"].choice
    assert steps["jkm_funeral_once"].value == 10_000_000


def test_every_case_is_that_of_the_reference() -> None:
    """All of them: six days, both segments, months, death months, covers, arrears settled or not."""
    days = [date(2015, 7, 1), date(2019, 12, 1), date(2019, 12, 2), date(2025, 2, 23), date(2025, 2, 24), DAY]
    months, death_months = range(5), (None, 1, 2, 3, 4)
    covers, both = ("active", "grace", "inactive"), (False, True)
    for case in product(days, ("PU", "BPU"), months, death_months, both, covers, both):
        on, segment, paid, month, funeral, cover, settled = case
        facts = {"segment": segment, "months_paid_consecutive": paid, "death_month_since_registration": month}
        facts |= {"funeral_already_paid": funeral, "cover": cover, "arrears_settled": settled}
        result, expected = result_of("jkm", on, facts), reference.jkm(*case)
        assert {name: result[name] for name in expected} == expected, case
