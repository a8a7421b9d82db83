"""An employer's staff: what PostgreSQL shows them, and what it keeps from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from world import World, make_payer, make_people, make_world

from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as, on_behalf
from lindung.core.errors import NotFound
from lindung.core.log import record, record_access, verify_chain
from lindung.core.postgres import APP_ROLE, COMPANY_ROLE
from lindung.core.scope import require_payer
from lindung.membership.actions import enrol
from lindung.people.actions import register_people

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 5)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def staff(world: World) -> Actor:
    """Of `world.company`, which has two workers; a rival has three."""
    rival = make_payer("KR000099", "company", "PT Saingan", risk_group=2)
    with acting_as(SYSTEM):
        for payer, seed, count in ((world.company, 1, 2), (rival, 2, 3)):
            workers = make_people(count, seed=seed)
            known = register_people(SYSTEM, workers).join(workers.select("nik", "place_id"), on="nik")
            enrol(SYSTEM, known, "PU", JANUARY, payer.pk)
    return Actor(7, "Ibu Personalia", "company_hr", frozenset(), payers=(world.company.pk,))


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        yield


def test_they_see_their_own_employer_only(staff: Actor) -> None:
    with acting_as(staff):
        assert (count("payers_payer"), count("membership_membership"), count("membership_membershipchange")) == (
            1,
            2,
            2,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(nik) FROM people_person")
            assert cursor.fetchone() == (2,)


def test_a_strangers_data_stay_hidden_even_when_he_is_reported(staff: Actor) -> None:
    with acting_as(staff), refused():
        count("(SELECT mother_name FROM people_person) p")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO payers_payer (kind, name, npp, place_id) VALUES ('donor', 'X', 'X', 6112000000)",
        "UPDATE membership_membership SET occupation = 'x'",
        "DELETE FROM membership_membership",
        "SELECT set_config('lindung.scope', '{[0,9999999999]}', true); SELECT content FROM core_storedfile",
        "SELECT username FROM core_user",
        "SELECT reason FROM core_actionentry",
    ],
)
def test_nothing_else_is_theirs(staff: Actor, sql: str) -> None:
    with acting_as(staff), refused(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_wider_scope_set_by_hand_shows_no_more(staff: Actor) -> None:
    with acting_as(staff), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lindung.scope', '{[0,9999999999]}', true)")
        assert count("membership_membership") == 2


def test_every_table_without_a_word_about_companies_is_closed(world: World) -> None:
    logs = {"core_actionentry", "core_accessentry"}  # written, and only the number read
    silent = {model._meta.db_table for model in apps.get_models() if not getattr(model, "company_rows", "")} - logs
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')",
            [sorted(silent), COMPANY_ROLE],
        )
        assert cursor.fetchall() == []


def test_officers_do_not_inherit_it(staff: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(%s, %s, 'USAGE')", [APP_ROLE, COMPANY_ROLE])
        assert cursor.fetchone() == (False,)
    with acting_as(Actor(1, "Tanpa wilayah", "village_operator", payers=None)):
        assert count("membership_membership") == 0


@pytest.mark.django_db(transaction=True)
def test_their_acts_are_logged_like_everybodys(staff: Actor) -> None:
    with acting_as(staff):
        record(staff, "test", "thing:1")
        record_access(staff, "person:1", "uji")
    assert verify_chain().broken_at is None


def test_on_behalf_sees_the_register_and_returns(staff: Actor) -> None:
    with acting_as(staff):
        with acting_as(on_behalf(staff)):
            assert count("membership_membership") == 5
        assert count("membership_membership") == 2
    assert on_behalf(staff).scope == EVERYWHERE


def test_another_payer_is_not_found(staff: Actor, world: World) -> None:
    require_payer(staff, world.company.pk)
    require_payer(SYSTEM, 999)
    with pytest.raises(NotFound):
        require_payer(staff, world.company.pk + 1)
