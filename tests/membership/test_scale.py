"""Many at once: a hundred thousand people in seconds, and two offices at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from time import perf_counter

import polars as pl
import pytest
from django.db import connection
from world import World, make_people

from lindung.core.actors import SYSTEM, acting_as
from lindung.membership.actions import enrol
from lindung.membership.models import Membership
from lindung.people.actions import register_people
from lindung.people.models import Person
from lindung.people.queries import search_people

PEOPLE = 100_000
STARTED = date(2026, 1, 15)


def take_in(people: pl.DataFrame) -> None:
    """Register and enrol."""
    with acting_as(SYSTEM):
        ids = register_people(SYSTEM, people)
        enrol(SYSTEM, people.join(ids, on="nik"), "BPU", STARTED)


def seconds(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


@pytest.mark.slow
def test_a_regencys_workers_in_seconds(world: World) -> None:
    people = make_people(PEOPLE, seed=11)

    def search() -> None:
        with acting_as(world.operator):
            search_people(world.operator, "Siti Am")

    times = {"first": seconds(lambda: take_in(people)), "again": seconds(lambda: take_in(people))}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person")
    times["search"] = seconds(search)
    print({name: round(value, 2) for name, value in times.items()})
    assert Membership.objects.count() == Person.objects.count() == PEOPLE
    # Generous: several times what a laptop needs.
    assert times["first"] < 40
    assert times["again"] < 30
    assert times["search"] < 1


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_the_same_moment_make_one_membership_each(world: World) -> None:
    people = make_people(400)
    ready = Barrier(2)
    failures: list[BaseException] = []

    def office(frame: pl.DataFrame) -> None:
        try:
            ready.wait()
            take_in(frame)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    # In opposite order, so that locks taken as the rows come would clasp each other.
    threads = [Thread(target=office, args=(frame,)) for frame in (people, people.reverse())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Person.objects.count() == Membership.objects.count() == 400
    assert Membership.objects.filter(job=1).count() == 400
