"""Cover on a day: active, grace, inactive; continuity; full JKM; due dates."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import Cover, PaidMonths, decide_cover, evaluate, judge, result_of

JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC = (date(2025, m, 1) for m in range(1, 13))


def month(first: date, last: date | None = None, on: date | None = None) -> PaidMonths:
    return PaidMonths(first, last or first, on or first + timedelta(days=9))


def bpu(on: date, *paid: PaidMonths, registered: date = date(2025, 3, 10)) -> Cover:
    return decide_cover("BPU", registered, paid, on)


MARCH_TO_JUNE = [month(m) for m in (MAR, APR, MAY, JUN)]


@pytest.mark.parametrize(
    ("on", "status", "arrears"),
    [
        (date(2025, 3, 9), "inactive", 0),
        (date(2025, 3, 10), "active", 0),
        (date(2025, 6, 30), "active", 0),
        (date(2025, 7, 15), "active", 0),
        (date(2025, 7, 16), "grace", 1),
        (date(2025, 8, 15), "grace", 1),
        (date(2025, 9, 16), "grace", 3),
        (date(2025, 9, 30), "grace", 3),
        (date(2025, 10, 1), "inactive", 3),
        (date(2025, 10, 16), "inactive", 4),
    ],
)
def test_bpu_from_active_to_inactive(on: date, status: str, arrears: int) -> None:
    cover = bpu(on, *MARCH_TO_JUNE)
    assert (cover.status, cover.arrears_months) == (status, arrears)


def test_the_dates_of_a_lapse() -> None:
    cover = bpu(date(2025, 9, 1), *MARCH_TO_JUNE)
    assert cover == Cover(
        status="grace",
        paid_through=JUN,
        grace_until=date(2025, 9, 30),
        inactive_from=OCT,
        consecutive_months=4,
        protected_since=date(2025, 3, 10),
        jkm_full_from=date(2025, 5, 10),
        arrears_months=2,
    )


@pytest.mark.parametrize(
    ("on", "status", "arrears"),
    [
        (date(2025, 8, 15), "active", 0),
        (date(2025, 8, 16), "active", 0),
        (date(2025, 8, 18), "active", 0),
        (date(2025, 8, 19), "grace", 1),
        (date(2025, 10, 31), "grace", 3),
        (date(2025, 11, 1), "inactive", 3),
    ],
)
def test_pu_pays_the_month_after(on: date, status: str, arrears: int) -> None:
    paid = [month(JAN, JUN, date(2025, 7, 10))]
    cover = decide_cover("PU", JAN, paid, on, holidays=[date(2025, 8, 15)])  # a Friday, then a weekend
    assert (cover.status, cover.arrears_months) == (status, arrears)
    assert (cover.grace_until, cover.inactive_from) == (date(2025, 10, 31), NOV)
    assert cover.protected_since == JAN
    assert cover.jkm_full_from == (None if status == "inactive" else JAN)


@pytest.mark.parametrize(
    ("segment", "paid_through", "on", "status", "arrears", "inactive"),
    [
        ("PU", date(2020, 6, 1), date(2020, 8, 18), "grace", 1, date(2020, 11, 1)),
        ("PU", date(2020, 7, 1), date(2020, 9, 30), "active", 0, date(2020, 12, 1)),
        ("PU", date(2020, 7, 1), date(2020, 10, 1), "grace", 1, date(2020, 12, 1)),
        ("PU", date(2020, 12, 1), date(2021, 2, 26), "active", 0, date(2021, 5, 1)),
        ("PU", date(2020, 12, 1), date(2021, 2, 27), "grace", 1, date(2021, 5, 1)),
        ("BPU", date(2020, 6, 1), date(2020, 7, 31), "grace", 1, date(2020, 11, 1)),
        ("BPU", date(2020, 6, 1), date(2020, 8, 14), "grace", 1, date(2020, 11, 1)),
        ("BPU", date(2020, 7, 1), date(2020, 9, 30), "active", 0, date(2020, 12, 1)),
        ("BPU", date(2020, 10, 1), date(2021, 2, 1), "grace", 2, date(2021, 3, 1)),
        ("BPU", date(2020, 12, 1), date(2021, 2, 15), "active", 0, date(2021, 4, 1)),
    ],
)
def test_each_month_falls_due_by_the_rules_of_its_own_time(
    segment: str, paid_through: date, on: date, status: str, arrears: int, inactive: date
) -> None:
    """PP 49/2020 moved the due dates of August 2020 to January 2021, not those of the months around them."""
    start = date(2020, 1, 1)
    cover = decide_cover(segment, start, [PaidMonths(start, paid_through, start)], on)
    assert (cover.status, cover.arrears_months, cover.inactive_from) == (status, arrears, inactive)


def test_paying_arrears_keeps_continuity() -> None:
    settled = month(JUL, SEP, date(2025, 9, 20))
    before, after = (bpu(date(2025, 9, day), *MARCH_TO_JUNE, settled) for day in (19, 20))
    assert (before.status, before.consecutive_months, before.paid_through) == ("grace", 4, JUN)
    assert (after.status, after.consecutive_months, after.paid_through) == ("active", 7, SEP)
    assert after.protected_since == before.protected_since == date(2025, 3, 10)


def test_a_fresh_start_counts_again() -> None:
    cover = bpu(date(2025, 12, 20), *MARCH_TO_JUNE, month(NOV), month(DEC))
    assert (cover.status, cover.consecutive_months) == ("active", 2)
    assert (cover.protected_since, cover.jkm_full_from) == (date(2025, 11, 10), None)


def test_a_start_still_to_come_does_not_count() -> None:
    cover = bpu(date(2025, 8, 20), *MARCH_TO_JUNE, month(OCT, DEC, date(2025, 8, 1)))
    assert (cover.status, cover.paid_through) == ("grace", JUN)


def test_payments_may_come_in_any_order_and_overlap() -> None:
    payments = [month(JUN, SEP, JUN), month(MAR, MAR, MAR), month(APR, JUN, APR), month(NOV, NOV, SEP)]
    for order in (payments, payments[::-1], [*payments[2:], *payments[:2], payments[0]]):
        cover = bpu(date(2025, 9, 30), *order, registered=MAR)
        assert (cover.paid_through, cover.protected_since, cover.consecutive_months) == (SEP, MAR, 7)
        early = bpu(date(2025, 5, 31), *order, registered=MAR)
        assert (early.paid_through, early.consecutive_months) == (JUN, 3)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.integers(0, 60)), max_size=8),
    st.randoms(use_true_random=False),
    st.integers(0, 45),
)
def test_only_which_months_were_paid_counts(rows: list[tuple[int, int, int]], rng: Random, at: int) -> None:
    """The end and the length of the run, from the plain set of the months, in whatever order they were told."""
    start = 2015 * 12 + 6

    def day(number: int) -> date:
        return date(number // 12, number % 12 + 1, 1)

    paid = [
        PaidMonths(day(start + first), day(start + first + length), day(start + when)) for first, length, when in rows
    ]
    rng.shuffle(paid)
    cover = decide_cover("BPU", day(start), paid, day(start + at) + timedelta(days=14))
    known = {n for first, length, when in rows if when <= at for n in range(first, first + length + 1)}
    begun = [n for n in known if n <= at]
    if not begun:
        assert cover.paid_through is None
        return
    last = first = max(begun)
    while last + 1 in known:
        last += 1
    while first - 1 in known:
        first -= 1
    assert cover.paid_through == day(start + last)
    assert cover.consecutive_months == min(last, at) - first + 1


def test_nothing_paid_is_no_cover() -> None:
    cover = bpu(date(2025, 6, 1))
    assert cover == Cover("inactive", None, None, None, 0, None, None, 0)
    assert bpu(date(2025, 3, 1), *MARCH_TO_JUNE).paid_through is None, "paid later is not yet known"


def test_paying_ahead_does_not_shorten_the_first_months() -> None:
    ahead = month(MAR, AUG, date(2025, 3, 10))
    cover = bpu(date(2025, 3, 20), ahead)
    assert (cover.consecutive_months, cover.paid_through) == (1, AUG)
    assert cover.jkm_full_from == MAY


def test_the_third_contribution_paid_late_is_full_from_that_day() -> None:
    late = [month(MAR), month(APR, MAY, date(2025, 6, 20))]
    assert bpu(date(2025, 6, 19), *late).jkm_full_from is None
    assert bpu(date(2025, 6, 20), *late).jkm_full_from == date(2025, 6, 20)


def test_a_month_paid_twice_counts_from_the_first_payment() -> None:
    cover = bpu(date(2025, 6, 20), month(MAR, MAR, date(2025, 4, 2)), month(MAR), month(APR), month(MAY))
    assert cover.protected_since == date(2025, 3, 10)


@pytest.mark.parametrize(
    ("start", "on", "full_from"),
    [
        (date(2024, 12, 1), date(2025, 2, 23), date(2024, 12, 10)),
        (date(2024, 12, 1), date(2025, 2, 24), date(2024, 12, 10)),
        (date(2025, 1, 1), date(2025, 2, 23), date(2025, 1, 10)),
        (date(2025, 1, 1), date(2025, 2, 24), None),
        (date(2025, 1, 1), date(2025, 3, 10), date(2025, 3, 10)),
    ],
)
def test_full_jkm_when_the_rule_begins(start: date, on: date, full_from: date | None) -> None:
    months = [(start.year * 12 + start.month - 1 + i) for i in range(4)]
    paid = [month(date(m // 12, m % 12 + 1, 1)) for m in months]
    assert decide_cover("BPU", start, paid, on).jkm_full_from == full_from


def test_the_reason_for_the_choice_is_given() -> None:
    facts = {"segment": "BPU", "registered_on": "2025-03-10", "paid": [{"from": "2025-03", "to": "2025-05", "on": MAR}]}
    steps = {step.rule: step for step in judge("cover", date(2025, 6, 1), facts).steps}
    assert "yang lebih lambat" in (steps["jkm_full_from"].choice or "")
    assert steps["status"].value == "active"
    assert steps["status"].inputs["on"] == "2025-06-01"
    assert steps["paid_through"].inputs["paid"] == [{"from": "2025-03", "to": "2025-05", "on": "2025-03-01"}]


def reference_run(paid_by_month: dict[int, int], today: int, this_month: int) -> tuple[int, int]:
    """Paid months up to now, read off a set: first and last of the run cover rests on."""
    known = {m for m, day in paid_by_month.items() if day <= today}
    last = max((m for m in known if m <= this_month), default=0)
    if not last:
        return 0, 0
    first = last
    while first - 1 in known:
        first -= 1
    while last + 1 in known:
        last += 1
    return first, last


BASE = 2025 * 12


@given(
    paid=st.dictionaries(st.integers(0, 14), st.integers(-20, 60), max_size=15),
    day=st.integers(0, 364),
    segment=st.sampled_from(["PU", "BPU"]),
)
def test_cover_follows_the_run_of_paid_months(paid: dict[int, int], day: int, segment: str) -> None:
    on = JAN + timedelta(days=day)
    rows = []
    for offset, late in paid.items():
        first = date((BASE + offset) // 12, (BASE + offset) % 12 + 1, 1)
        rows.append(PaidMonths(first, first, first + timedelta(days=late)))
    cover = decide_cover(segment, date(2024, 12, 1), rows, on)
    by_month = {row.first.year * 12 + row.first.month - 1: row.on.toordinal() for row in rows}
    this_month = BASE + on.month - 1
    first, last = reference_run(by_month, on.toordinal(), this_month)
    assert cover.consecutive_months == (min(last, this_month) - first + 1 if first else 0)
    if not first:
        assert cover.status == "inactive"
        return
    assert cover.paid_through == date(last // 12, last % 12 + 1, 1)
    assert cover.inactive_from is not None and cover.grace_until is not None
    assert cover.inactive_from - cover.grace_until == timedelta(days=1)
    assert cover.protected_since is not None
    assert (cover.status == "inactive") == (on >= cover.inactive_from or on < cover.protected_since)
    assert cover.arrears_months <= max(0, this_month - last)
    if last >= this_month and cover.status != "inactive":
        assert cover.status == "active"


@given(months=st.integers(1, 12), extra=st.integers(1, 6))
def test_one_more_paid_month_never_weakens_cover(months: int, extra: int) -> None:
    on = date(2025, 12, 31)
    fewer, more = (
        bpu(on, month(JAN, date(2025, min(12, n), 1), JAN), registered=JAN) for n in (months, months + extra)
    )
    rank = ["inactive", "grace", "active"]
    assert rank.index(fewer.status) <= rank.index(more.status)
    assert fewer.consecutive_months <= more.consecutive_months


@pytest.mark.parametrize(
    ("segment", "on", "holidays", "due"),
    [
        ("BPU", date(2026, 1, 1), [], "2026-01-15"),
        ("BPU", date(2026, 1, 31), ["2026-01-15"], "2026-01-16"),
        ("BPU", date(2026, 2, 1), [], "2026-02-16"),
        ("BPU", date(2026, 2, 1), ["2026-02-16", "2026-02-17"], "2026-02-18"),
        ("PU", date(2026, 1, 1), [], "2026-02-16"),
        ("PU", date(2025, 12, 1), [], "2026-01-15"),
        ("BPU", date(2020, 7, 1), [], "2020-07-15"),
        ("BPU", date(2020, 9, 1), [], "2020-10-30"),
        ("PU", date(2020, 9, 1), ["2020-10-30"], "2020-10-29"),
        ("PU", date(2021, 1, 1), [], "2021-02-26"),
        ("PU", date(2021, 2, 1), [], "2021-03-15"),
    ],
)
def test_due_date(segment: str, on: date, holidays: list[str], due: str) -> None:
    assert result_of("due_date", on, {"segment": segment, "holidays": holidays}) == {"due_on": due}


@pytest.mark.parametrize(
    ("programme", "holidays", "days", "by"),
    [
        ("JKM", [], 3, "2026-03-04"),
        ("JKK", [], 7, "2026-03-10"),
        ("JKM", ["2026-03-03"], 3, "2026-03-05"),
        ("JHT", [], 5, "2026-03-06"),
        ("JP", ["2026-03-03"], 15, "2026-03-14"),
    ],
)
def test_service_clock(programme: str, holidays: list[str], days: int, by: str) -> None:
    facts: dict[str, Any] = {"programme": programme, "holidays": holidays}
    assert result_of("service_clock", date(2026, 2, 27), facts) == {"days": days, "pay_by": by}


@pytest.mark.parametrize(
    ("programme", "event", "until"),
    [
        ("JKK", date(2019, 12, 1), "2021-12-01"),
        ("JKK", date(2019, 12, 2), "2024-12-02"),
        ("JKK", date(2024, 2, 29), "2029-02-28"),
        ("JKM", date(2024, 2, 29), None),
    ],
)
def test_claim_expiry(programme: str, event: date, until: str | None) -> None:
    assert result_of("claim_expiry", event, {"programme": programme}) == {"claim_until": until}


def test_a_month_is_judged_on_its_last_day() -> None:
    paid = [{"from": "2026-01", "to": "2026-03", "on": "2026-02-20"}]
    asked = {"rule": "cover", "facts": {"segment": "BPU", "registered_on": "2026-01-05", "paid": paid}}
    assert evaluate(asked | {"on": "2026-02"})["result"] == evaluate(asked | {"on": "2026-02-28"})["result"]
    assert evaluate(asked | {"on": "2026-02"})["result"]["status"] == "active"
    assert evaluate(asked | {"on": "2026-02-01"})["result"]["status"] == "inactive"
