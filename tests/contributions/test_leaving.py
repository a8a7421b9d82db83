"""A membership ends and comes back; the contributions and the cover follow it, and what is paid protects."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from world import TODAY

from contributions.conftest import FEB, JAN, JKK, JKM, MAR, House
from lindung.contributions import queries
from lindung.contributions.actions import at_price, plan_person_months
from lindung.contributions.billing import open_amounts
from lindung.contributions.leaving import come_back, effect_of_leaving, leave
from lindung.contributions.models import BillIssue, PersonMonth
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.models import ActionEntry
from lindung.membership.actions import enrol
from lindung.membership.models import Membership
from lindung.membership.queries import changes_of, membership
from lindung.people.actions import record_death

pytestmark = pytest.mark.django_db
APR, MAY = date(2026, 4, 1), date(2026, 5, 1)
REASON = "diterima bekerja di perusahaan"


def first(house: House) -> tuple[int, int]:
    """The first person and the membership."""
    row = house.people.row(0, named=True)
    return row["person_id"], row["membership_id"]


def charged(person_id: int) -> list[date]:
    return [row.month for row in queries.months_of(person_id)]


def test_the_end_takes_back_later_months_and_ends_the_cover(house: House) -> None:
    house.paid([JAN, FEB])
    house.plan([MAR, APR, MAY])
    house.issue(MAR)
    person_id, membership_id = first(house)
    with acting_as(house.world.officer) as who:
        done = leave(who, membership_id, date(2026, 3, 10), REASON)
        again = leave(who, membership_id, date(2026, 3, 10), REASON)
    assert (done.months, again.months) == (2, 0)  # March was begun as a member
    assert charged(person_id) == [JAN, FEB, MAR]
    assert queries.cover_of(person_id, date(2026, 3, 9)).status == "active"
    assert queries.cover_of(person_id, date(2026, 3, 10)).status == "inactive"
    assert [(row.kind, row.effective_on, row.reason) for row in changes_of(person_id)] == [
        ("ended", date(2026, 3, 10), REASON)
    ]
    assert ActionEntry.objects.filter(action="membership.ended", reason=REASON).count() == 1
    assert charged(house.ids()[1]) == [JAN, FEB, MAR, APR, MAY]


def test_months_already_billed_are_credited_and_charged_anew_on_return(house: House) -> None:
    house.paid([JAN])
    house.plan([FEB, MAR])
    house.issue(FEB)
    person_id, membership_id = first(house)
    with acting_as(house.world.officer) as who:
        assert leave(who, membership_id, FEB, REASON).months == 2
        assert charged(person_id) == [JAN]
        assert come_back(who, membership_id, "salah orang").months == 2
    assert charged(person_id) == [JAN, FEB, MAR]
    assert membership(membership_id).ended_on is None
    owed = PersonMonth.objects.filter(person_id=person_id, month=FEB).values_list("entry_no", "jkk", "jkm")
    assert sorted(owed) == [(1, JKK, JKM), (2, -JKK, -JKM), (3, JKK, JKM)]
    assert [row.kind for row in changes_of(person_id)] == ["ended", "reopened"]


def test_months_paid_after_the_end_are_given_back(house: House) -> None:
    house.paid([JAN, FEB], on=date(2026, 1, 5))
    house.plan([MAR])
    person_id, membership_id = first(house)
    price = JKK + JKM
    effect = effect_of_leaving(membership(membership_id), date(2026, 1, 15))
    assert (effect.first_month, effect.months, effect.paid_months, effect.paid_amount) == (FEB, 1, 1, price)
    with acting_as(house.world.officer) as who:
        assert leave(who, membership_id, date(2026, 1, 15), REASON).months == 2
        assert leave(who, membership_id, date(2026, 1, 15), REASON).months == 0
    assert membership(membership_id).ended_on == date(2026, 1, 15)
    amounts = {row.month: row.amount for row in queries.months_of(person_id)}
    assert amounts == {JAN: price, FEB: 0}, "February is given back, March was not paid and is gone"
    credit = BillIssue.objects.get(amount__lt=0)
    assert (credit.amount, credit.bill.month, credit.bill.payer_id) == (-price, FEB, house.agency.pk)
    assert sum(bill.left for bill in open_amounts(house.agency.pk, credits=True)) == price
    # Cover ends with the membership, whatever was paid.
    assert queries.cover_of(person_id, date(2026, 1, 14)).status == "active"
    assert queries.cover_of(person_id, date(2026, 1, 15)).status == "inactive"
    assert queries.cover_of(house.ids()[1], TODAY).status == "active", "nobody else's"


def test_what_was_given_back_is_asked_again_when_the_end_is_undone(house: House) -> None:
    house.paid([JAN, FEB])
    person_id, membership_id = first(house)
    with acting_as(house.world.officer) as who:
        leave(who, membership_id, FEB, REASON)
        assert come_back(who, membership_id, "salah orang").months == 1
        assert come_back(who, membership_id, "salah orang").months == 0
    assert {row.month: row.amount for row in queries.months_of(person_id)} == {JAN: JKK + JKM, FEB: JKK + JKM}
    assert queries.cover_of(person_id, TODAY).status == "active"


def test_an_end_told_after_a_death_takes_no_right_from_the_family(house: House) -> None:
    house.paid([JAN, FEB])
    person_id, membership_id = first(house)
    with acting_as(house.world.officer) as who:
        record_death(who, person_id, date(2026, 2, 11), "office")
        with pytest.raises(Conflict, match="11 Februari 2026"):
            leave(who, membership_id, FEB, REASON)
        leave(who, membership_id, MAR, REASON)
    assert {row.month: row.amount for row in queries.months_of(person_id)} == {JAN: JKK + JKM, FEB: JKK + JKM}


def test_another_job_goes_on(house: House) -> None:
    person_id, membership_id = first(house)
    with acting_as(SYSTEM):
        wage = enrol(
            SYSTEM, house.people.head(1).select("person_id", "place_id"), "PU", JAN, house.world.company.pk
        ).row(0, named=True)
        job = house.people.head(1).with_columns(
            membership_id=wage["membership_id"], job=wage["job"], segment=pl.lit("PU")
        )
        plan_person_months(
            SYSTEM, house.world.company.pk, [MAR], at_price(job, 3_000_000, jkk=JKK, jkm=JKM), "wage_report:1"
        )
    house.plan([MAR])
    with acting_as(house.world.officer) as who:
        assert leave(who, membership_id, MAR, REASON).months == 1
        assert [row.job for row in queries.months_of(person_id)] == [wage["job"]]


def test_nothing_is_charged_again_after_a_death_or_after_another_end(house: House) -> None:
    house.plan([FEB, MAR, APR])
    person_id, membership_id = first(house)
    with acting_as(house.world.officer) as who:
        leave(who, membership_id, FEB, REASON)
        record_death(who, person_id, date(2026, 2, 11), "office")
        assert come_back(who, membership_id, "salah orang").months == 1
    assert charged(person_id) == [FEB]


def test_who_may_and_what_must_be_said(house: House) -> None:
    _person, membership_id = first(house)
    for role in ("village_operator", "branch_verifier", "regency_approver", "auditor"):
        with acting_as(house.world.actor(role)) as who:
            with pytest.raises(NotAllowed):
                leave(who, membership_id, MAR, REASON)
            with pytest.raises(NotAllowed):
                come_back(who, membership_id, REASON)
    with acting_as(house.world.officer) as who:
        with pytest.raises(InvalidInput):
            leave(who, membership_id, MAR, "  ")
        with pytest.raises(InvalidInput):
            leave(who, membership_id, date(2023, 12, 1), REASON)
        with pytest.raises(NotFound):
            leave(who, 10**9, MAR, REASON)


def test_the_database_refuses_an_end_that_nobody_told(house: House) -> None:
    _person, membership_id = first(house)
    silent = Membership.objects.filter(pk=membership_id)
    with pytest.raises(IntegrityError, match="without a row"), transaction.atomic():
        silent.update(valid=DateRange(silent.get().registered_on, MAR))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="membership_from_registration"), transaction.atomic():
        silent.update(valid=DateRange(MAR, None))


def test_the_pages(house: House) -> None:
    house.plan([MAR, APR])
    person_id, membership_id = first(house)
    client = Client()
    client.force_login(house.world.user("regency_officer"), "django.contrib.auth.backends.ModelBackend")
    page, end = reverse("person", args=[person_id]), reverse("contributions:leave", args=[membership_id])
    assert end in client.get(page).content.decode()
    given = {"effective_on": "2026-04-01", "reason": REASON}
    shown = client.post(end, given)
    assert "Rp16.800" in shown.content.decode() and shown.context["effect"].months == 1
    assert membership(membership_id).ended_on is None
    assert client.post(end, given | {"confirmed": "1"}).status_code == 302
    ended = client.get(page).content.decode()
    assert REASON in ended and "Buka kembali" in ended and end not in ended
    wrong = client.post(end, given | {"effective_on": "2026-05-01", "confirmed": "1"})
    assert wrong.status_code == 422 and "effective_on" in wrong.context["form"].errors
    assert client.post(reverse("contributions:reopen", args=[membership_id]), {"reason": "keliru"}).status_code == 302
    assert membership(membership_id).ended_on is None
    assert end in client.get(page).content.decode()
    effect = effect_of_leaving(membership(membership_id), MAR)
    assert (effect.months, effect.amount) == (2, 2 * (JKK + JKM))
