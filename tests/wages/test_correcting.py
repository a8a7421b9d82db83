"""Months that are final are kept right: what differs is charged or given back, in both directions, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from wages.conftest import FEBRUARY, JANUARY, OFFICER, Firm
from wages.test_applying import by_law, leaver, wage, young

from lindung.contributions.models import BillIssue, PersonMonth
from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput
from lindung.people.actions import record_death
from lindung.wages import queries
from lindung.wages.actions import undo_leaving
from lindung.wages.models import Employment, WageRecord

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[dict[str, Any]]]


def asked(firm: Firm, month: date = JANUARY) -> list[int]:
    """What the month's bills ask, in order; credits are negative."""
    bills = BillIssue.objects.filter(bill__payer=firm.payer, bill__month=month).order_by("bill__sequence")
    return list(bills.values_list("amount", flat=True))


def test_a_wage_corrected_upwards_is_asked_in_addition(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(2))
    firm.tell("new_workers", rows)
    firm.close()
    more = by_law("4000000") - by_law("3500000")
    for _again in range(2):
        firm.tell("correction", [wage(rows[0], "4000000")], reason="kenaikan upah berlaku surut")
    assert asked(firm) == [2 * by_law("3500000"), more]
    assert sorted(firm.charged().values()) == [by_law("3500000"), by_law("4000000")]
    state = queries.month_state(OFFICER, firm.payer.pk, JANUARY)
    assert (state.amount, state.left) == (2 * by_law("3500000") + more, 2 * by_law("3500000") + more)


def test_a_wage_corrected_downwards_is_given_back(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(2))
    firm.tell("new_workers", rows)
    firm.close()
    firm.tell("wages", [wage(rows[0], "3200000")])
    less = by_law("3500000") - by_law("3200000")
    assert asked(firm) == [2 * by_law("3500000"), -less]
    state = queries.month_state(OFFICER, firm.payer.pk, JANUARY)
    assert state.left == 2 * by_law("3500000") - less
    firm.tell("wages", [wage(rows[0], "3500000")])
    assert sorted(firm.charged().values()) == [by_law("3500000")] * 2
    assert sum(asked(firm)) == 2 * by_law("3500000")


def test_a_correction_reaches_the_months_that_followed_it_but_not_those_reported_anew(
    firm: Firm, new_rows: Rows
) -> None:
    rows = young(new_rows(2))
    firm.tell("new_workers", rows)
    firm.close()
    firm.tell("wages", [wage(rows[1], "3500000")], FEBRUARY)  # only the second worker's wage is told again
    firm.close(FEBRUARY)
    firm.tell("correction", [wage(row, "4000000") for row in rows], reason="salah catat")
    assert sorted(firm.charged().values()) == [by_law("4000000")] * 2
    assert sorted(firm.charged(FEBRUARY).values()) == [by_law("3500000"), by_law("4000000")]
    assert WageRecord.objects.count() == 5


def test_a_leaver_reported_late_is_given_back(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(2))
    firm.tell("new_workers", rows)
    firm.close()
    firm.close(FEBRUARY)
    firm.tell("leavers", [leaver(rows[0], "20-01-2026")], FEBRUARY)
    assert sorted(firm.charged().values()) == [by_law("3500000")] * 2
    assert sorted(firm.charged(FEBRUARY).values()) == [0, by_law("3500000")]
    assert sum(asked(firm, FEBRUARY)) == by_law("3500000")


def test_a_leaver_who_has_not_left_is_charged_again(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(1))
    firm.tell("new_workers", rows)
    firm.close()
    firm.tell("leavers", [leaver(rows[0], "20-01-2026")])
    firm.close(FEBRUARY)
    assert firm.charged(FEBRUARY) == {}
    job = Employment.objects.get()
    with acting_as(firm.actor):
        with pytest.raises(InvalidInput):
            undo_leaving(firm.actor, job.pk, " ")
        undo_leaving(firm.actor, job.pk, "salah orang")
        undo_leaving(firm.actor, job.pk, "salah orang")
    job.refresh_from_db()
    assert (job.left_on, job.leave_report_id, job.membership.valid.upper) == (None, None, None)
    assert list(firm.charged(FEBRUARY).values()) == [by_law("3500000")]


def test_whoever_works_again_is_not_brought_back_under_the_old_job(firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(1)
    firm.tell("new_workers", rows)
    firm.tell("leavers", [leaver(rows[0], "20-01-2026")])
    firm.tell("new_workers", [rows[0] | {"started_on": "02-02-2026"}], FEBRUARY)
    old = Employment.objects.get(left_on__isnull=False)
    with acting_as(firm.actor), pytest.raises(Conflict):
        undo_leaving(firm.actor, old.pk, "salah orang")


def test_a_joiner_reported_late_is_charged_for_the_final_month(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(2))
    firm.tell("new_workers", rows[:1])
    firm.close()
    firm.tell("new_workers", rows[1:], FEBRUARY)
    firm.close(FEBRUARY)
    assert len(firm.charged()) == 1
    firm.tell("new_workers", rows[1:])  # of January, too
    assert sorted(firm.charged().values()) == [by_law("3500000")] * 2
    assert asked(firm) == [by_law("3500000")] * 2
    assert Employment.objects.count() == 2


def test_a_death_ends_what_is_owed_though_nobody_reported_it(firm: Firm, new_rows: Rows) -> None:
    from lindung.membership.actions import end_membership

    rows = young(new_rows(2))
    firm.tell("new_workers", rows)
    firm.close()
    job = Employment.objects.order_by("id").first()
    assert job is not None
    with acting_as(OFFICER):
        record_death(OFFICER, job.person_id, date(2026, 1, 15), "akta")
        end_membership(OFFICER, job.membership_id, date(2026, 1, 15), "meninggal")
    with acting_as(firm.actor):
        told = queries.leavers_unreported(firm.actor, firm.payer.pk)
    assert [(line.membership_id, line.since) for line in told] == [(job.membership_id, date(2026, 1, 14))]
    firm.close(FEBRUARY)
    assert job.person_id not in firm.charged(FEBRUARY)


def test_nothing_is_charged_twice_whatever_is_repeated(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(3))
    for _again in range(2):
        firm.tell("new_workers", rows)
        firm.tell("wages", [wage(row, "3600000") for row in rows])
        firm.close()
        firm.tell("correction", [wage(rows[0], "3700000")], reason="salah catat")
    assert sorted(firm.charged().values()) == [by_law("3600000")] * 2 + [by_law("3700000")]
    assert PersonMonth.objects.count() == 4
