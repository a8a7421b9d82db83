"""Cover: the statement over everybody says the same as the law says of each; and what is shown of it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import TODAY, make_people, make_world

from contributions.conftest import FEB, JAN, JKK, JKM, MAR, House, register
from lindung import law
from lindung.contributions import actions, legal, queries
from lindung.contributions.models import Cover
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.months import add_months, last_day
from lindung.core.ui.ribbon import RibbonMonth
from lindung.membership.actions import end_membership
from lindung.membership.models import Membership
from lindung.people.models import LifeEvent, Person

pytestmark = pytest.mark.django_db
FIRST = date(2024, 6, 1)
MONTHS = [add_months(FIRST, step) for step in range(26)]  # to July 2026: some are paid ahead
PEOPLE = 40


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, date, dict[date, date]]:
    """Segment, day of registration, and the day each month was paid: stretches with gaps, late and ahead."""
    paid: dict[date, date] = {}
    start = 0
    for length, gap in draw(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5)), max_size=4)):
        for month in MONTHS[start : start + length]:
            late = timedelta(days=draw(st.integers(-60, 150)))
            paid[month] = min(max(month + late, FIRST), TODAY)
        start += length + gap
    return draw(st.sampled_from(["BPU", "PU"])), FIRST + timedelta(days=draw(st.integers(-90, 600))), paid


def store(segment: str, registered: date, paid: dict[date, date], member: Membership, payer_id: int) -> None:
    """Each month a bill of its own, so that each has its own day of payment. The rows fit together, so PostgreSQL's
    checks are left out here for speed."""
    with connection.cursor() as cursor:
        for month, day in paid.items():
            cursor.execute(
                """
                WITH b AS (INSERT INTO contributions_bill (payer_id, month, sequence)
                           VALUES (%(payer)s, %(month)s, %(sequence)s) RETURNING id),
                i AS (INSERT INTO contributions_billissue (bill_id, number, issued_on, due_on, people, amount,
                             content_digest, issued_by)
                      SELECT id, 'B' || id, %(month)s, %(month)s, 1, 16800, '', 'x' FROM b),
                p AS (INSERT INTO contributions_payment (payer_id, kind, reference, paid_on, amount, received_by)
                      SELECT %(payer)s, 'sp2d', 'P' || id, %(day)s, 16800, 'x' FROM b RETURNING id),
                s AS (INSERT INTO contributions_settlement (payment_id, bill_id, amount)
                      SELECT p.id, b.id, 16800 FROM p, b)
                INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id,
                       bill_id, place_id, segment, wage_base, jkk, jkm, origin)
                SELECT %(month)s, %(person)s, 1, 1, %(member)s, %(payer)s, b.id, %(place)s, %(segment)s, 1000000,
                       10000, 6800, 'x' FROM b
                """,
                {
                    "payer": payer_id,
                    "month": month,
                    "day": day,
                    "person": member.person_id,
                    "member": member.pk,
                    "place": member.place_id,
                    "segment": segment,
                    "sequence": member.pk % 30000,
                },
            )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(histories(), min_size=PEOPLE, max_size=PEOPLE))
def test_the_statement_and_the_law_agree(db: None, drawn: list[tuple[str, date, dict[date, date]]]) -> None:
    with transaction.atomic():
        world = make_world()
        people = register(PEOPLE, seed=7)
        members = {m.pk: m for m in Membership.objects.filter(pk__in=people["membership_id"].to_list())}
        actions.ensure_months(MONTHS)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for (segment, registered, paid), member in zip(drawn, members.values(), strict=True):
                cursor.execute(
                    "UPDATE membership_membership SET segment = %s, registered_on = %s, valid = daterange(%s, NULL)"
                    " WHERE id = %s",
                    [segment, registered, registered, member.pk],
                )
                store(segment, registered, paid, member, world.agency.pk)
            cursor.execute("SET LOCAL session_replication_role = origin")
        actions.refresh_cover(None)
        found = {cover.membership_id: cover for cover in Cover.objects.all()}
        limits = legal.status_limits(TODAY)
        for (segment, registered, paid), pk in zip(drawn, members, strict=True):
            said = law.decide_cover(segment, registered, [law.PaidMonths(m, m, d) for m, d in paid.items()], TODAY)
            cover = found.get(pk)
            assert (cover is None) == (said.paid_through is None)
            if cover is None:
                continue
            assert cover.paid_through == said.paid_through
            assert cover.protected_since == said.protected_since
            assert cover.consecutive_months == said.consecutive_months
            assert limits.status(segment, cover.paid_through) == said.status
            assert limits.out_on(segment, cover.paid_through) == said.inactive_from
            if said.status != "inactive":
                assert cover.jkm_full_from == said.jkm_full_from
            told = queries.cover_of(members[pk].person_id, TODAY)
            assert (told.status, told.paid_through, told.jkm_full_from) == (
                said.status,
                said.paid_through,
                said.jkm_full_from,
            )
        listed = queries.covered_persons([m.person_id for m in members.values()], TODAY)
        assert listed.height == len(found)
        actions.refresh_cover([member.person_id for member in list(members.values())[:5]])
        assert {c.membership_id: c.paid_through for c in Cover.objects.all()} == {
            pk: c.paid_through for pk, c in found.items()
        }, "a part refreshed changes nothing"
        transaction.set_rollback(True)


def test_a_change_of_payer_does_not_break_the_run(house: House) -> None:
    autumn = [date(2025, month, 1) for month in (10, 11, 12)]
    house.paid(autumn, on=date(2025, 12, 10))
    house.paid([JAN, FEB], payer=house.world.village_payer)
    cover = Cover.objects.filter(person_id=house.ids()[0]).get()
    assert cover.protected_since == date(2025, 12, 10)
    assert (cover.paid_through, cover.consecutive_months) == (FEB, 5)
    assert cover.payer_id == house.world.village_payer.pk
    assert cover.jkm_full_from == date(2025, 12, 10)


def test_paid_arrears_close_the_gap_and_a_skipped_month_starts_anew(house: House) -> None:
    """Paid March, skipped April to June, paid July: a new member, unless the arrears are paid."""
    months = [date(2025, month, 1) for month in range(9, 13)]
    house.paid([months[0]], on=date(2025, 9, 10))
    house.paid([FEB])
    assert queries.cover_of(house.ids()[0], TODAY).consecutive_months == 1
    house.paid([*months[1:], JAN], on=date(2026, 2, 25))
    assert queries.cover_of(house.ids()[0], TODAY).consecutive_months == 6


def test_cover_on_an_earlier_day_knows_only_what_was_paid_by_then(house: House) -> None:
    house.paid([JAN], on=date(2026, 1, 12))
    house.paid([FEB], on=date(2026, 2, 20))
    person = house.ids()[0]
    assert queries.cover_of(person, date(2026, 1, 11)).status == "inactive"
    assert queries.cover_of(person, date(2026, 2, 19)).paid_through == JAN
    assert queries.cover_of(person, date(2026, 2, 19)).status == "grace"
    told = queries.cover_of(person, TODAY)
    assert (told.status, told.paid_through, told.programmes) == ("active", FEB, ("JKK", "JKM"))
    assert told.inactive_from == date(2026, 6, 1)
    assert (told.payer_name, told.wage_base) == (house.agency.name, 1_000_000)


def test_claim_facts_tell_arrears_in_months_and_rupiah(house: House) -> None:
    house.paid([date(2025, 12, 1)], on=date(2025, 12, 12))
    house.plan([JAN, FEB])
    facts = queries.claim_facts(house.ids()[0], TODAY)
    assert (facts.status, facts.arrears_months, facts.arrears_amount) == ("grace", 2, 2 * (JKK + JKM))
    assert (facts.months_paid_consecutive, facts.month_since_registration) == (1, 3)


def test_somebody_never_registered_has_no_cover_and_owes_nothing(house: House) -> None:
    row = make_people(1, seed=99).to_dicts()[0]
    stranger = Person.objects.create(
        nik=row["nik"], name="X", name_key="x", birth_date=row["birth_date"], sex="L", place_id=row["place_id"]
    )
    assert queries.cover_of(stranger.pk, TODAY).status == "inactive"
    assert queries.claim_facts(stranger.pk, TODAY).arrears_amount == 0


@pytest.mark.parametrize("ending", ["death", "membership"])
def test_cover_ends_with_life_and_with_the_membership(house: House, ending: str) -> None:
    house.paid([JAN, FEB])
    person, end = house.ids()[0], date(2026, 2, 10)
    if ending == "death":
        LifeEvent.objects.create(
            person_id=person, place_id=house.world.village, kind="death", occurred_on=end, source="x", recorded_by="x"
        )
    else:
        member = Membership.objects.get(person_id=person)
        end_membership(SYSTEM, member.pk, end + timedelta(days=1), "pindah")
    actions.refresh_cover([person])
    cover = Cover.objects.get(person_id=person)
    assert cover.ended_on == end
    assert legal.status_limits(TODAY).status("BPU", cover.paid_through, cover.ended_on) == "inactive"
    checked = queries.covered_persons(house.ids(), TODAY)
    assert checked.filter(pl.col("person_id") == person)["status"].to_list() == ["inactive"]
    assert checked.filter(pl.col("status") == "active").height == 11


def test_the_ribbon_shows_what_is_paid_billed_planned_in_grace_and_open(house: House) -> None:
    house.paid([date(2025, 10, 1)], on=date(2025, 10, 10))
    house.plan([FEB, MAR])
    house.issue(FEB)
    cells = queries.ribbon_of(house.ids()[0], date(2025, 9, 1), date(2026, 6, 1))
    assert [cell.state for cell in cells] == ["none", "paid", "grace", "grace", "grace", "billed", "planned"]
    assert cells[1] == RibbonMonth(date(2025, 10, 1), "paid", house.agency.name)


@pytest.mark.parametrize("day", [date(2026, 2, 15), date(2026, 2, 16), date(2026, 2, 17), last_day(FEB)])
@pytest.mark.parametrize("segment", ["BPU", "PU"])
@pytest.mark.parametrize("months_ago", range(7))
def test_the_limits_of_a_day_are_the_laws(db: None, day: date, segment: str, months_ago: int) -> None:
    paid = add_months(FEB, -months_ago)
    said = law.decide_cover(segment, paid, [law.PaidMonths(paid, paid, paid)], day)
    assert legal.status_limits(day).status(segment, paid) == said.status


def test_cover_follows_payment_whoever_pays(house: House) -> None:
    """The application's role cannot write cover, yet its payment does."""
    house.plan([FEB])
    bill = house.issue(FEB)
    with acting_as(house.world.officer) as officer:
        actions.record_payment(officer, house.agency.pk, "sp2d", "1", TODAY, 12 * (JKK + JKM), [bill])
        assert Cover.objects.count() == 12
    with acting_as(SYSTEM):
        assert actions.refresh_cover(None) == 12
