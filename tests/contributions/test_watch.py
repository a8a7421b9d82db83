"""Alarms and the weave."""

from __future__ import annotations

from datetime import date

import pytest
from world import TODAY

from contributions.conftest import FEB, JAN, JKK, JKM, MAR, House, register
from lindung.contributions import watch
from lindung.core.actors import acting_as
from lindung.core.months import add_months

pytestmark = pytest.mark.django_db
DEC = date(2025, 12, 1)


def test_an_unpaid_bill_names_people_day_and_amount(house: House) -> None:
    house.paid([DEC], on=date(2025, 12, 10))
    house.plan([add_months(JAN, step) for step in range(12)])
    bill = house.issue(JAN)
    (alarm,) = watch.alarms(TODAY)
    assert (alarm.kind, alarm.people, alarm.amount) == ("unpaid", 12, 12 * (JKK + JKM))
    assert (alarm.month, alarm.falls_out_on, alarm.days_left, alarm.tone) == (JAN, date(2026, 4, 1), 33, "soon")
    assert alarm.sentence() == (
        f"12 peserta {house.agency.name} keluar dari perlindungan pada 1 April 2026 kecuali tagihan Januari 2026 "
        "Rp201.600 dibayar."
    )
    house.pay([bill], 1_600, instalment=True)
    assert watch.alarms(TODAY)[0].amount == 200_000


def test_a_planned_bill_nobody_issued(house: House) -> None:
    house.paid([DEC], on=date(2025, 12, 10))
    house.plan([add_months(JAN, step) for step in range(12)])
    (alarm,) = watch.alarms(TODAY)
    assert (alarm.kind, alarm.bill) == ("not_issued", "")
    assert "belum diterbitkan" in alarm.sentence()


def test_the_january_gap_is_seen_in_november(house: House) -> None:
    """Everything is paid, but nothing is planned after December."""
    months = [date(2025, month, 1) for month in range(1, 13)]
    house.paid(months, on=date(2025, 11, 5))
    assert watch.alarms(date(2025, 9, 20)) == []
    (alarm,) = watch.alarms(date(2025, 11, 20))
    assert (alarm.kind, alarm.month, alarm.falls_out_on) == ("not_planned", JAN, date(2026, 4, 1))
    assert "setelah Desember 2025" in alarm.sentence()


def test_who_was_never_paid_for_comes_first(house: House) -> None:
    house.paid([DEC], on=date(2025, 12, 10))
    house.plan([add_months(JAN, step) for step in range(12)])
    newcomers = register(3, seed=3)
    house.plan([add_months(JAN, step) for step in range(12)], newcomers)
    kinds = [(alarm.kind, alarm.people) for alarm in watch.alarms(TODAY)]
    assert kinds == [("first", 3), ("not_issued", 12)]


def test_whoever_fell_out_long_ago_is_no_alarm(house: House) -> None:
    house.paid([date(2025, 5, 1)], on=date(2025, 5, 10))
    assert [alarm.days_left for alarm in watch.alarms(date(2025, 10, 1))] == [-30]
    assert watch.alarms(TODAY) == []


def test_those_who_fell_out_are_counted_apart_from_those_who_will(house: House) -> None:
    house.paid([date(2025, 5, 1)], on=date(2025, 5, 10))
    lapsed = watch.alarms(date(2025, 10, 1))
    assert "sudah keluar dari perlindungan sejak 1 September 2025" in lapsed[0].sentence()
    soon = watch.alarms(date(2025, 8, 20))
    assert watch.count_alarms(lapsed) == watch.AlarmCounts(lapsed=12, lapsing=0, never=0)
    assert watch.count_alarms(soon) == watch.AlarmCounts(lapsed=0, lapsing=12, never=0)
    assert watch.count_alarms(watch.alarms(date(2025, 6, 1))) == watch.AlarmCounts(0, 0, 0)


def test_an_operator_is_alarmed_for_his_village_only(house: House) -> None:
    house.paid([DEC], on=date(2025, 12, 10))
    house.plan([add_months(JAN, step) for step in range(12)])
    mine = house.people.filter(house.people["place_id"] == house.world.village).height
    with acting_as(house.world.operator):
        assert sum(alarm.people for alarm in watch.alarms(TODAY)) == mine


def test_the_weave_shows_share_paid_and_the_coming_gap(house: House) -> None:
    house.paid([JAN])
    house.plan([FEB])
    house.plan([MAR])
    weave = watch.weave_of(house.agency.pk, DEC, add_months(MAR, 1), TODAY)
    assert weave.months == [DEC, JAN, FEB, MAR, add_months(MAR, 1)]
    assert {tuple(row.shares) for row in weave.rows} == {(None, 1.0, 0.0, None, 0.0)}
    assert len(weave.rows) == house.people["place_id"].n_unique()
