"""Deaths, families, death lists, and who looked."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from world import TODAY, World, make_people

from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.models import AccessEntry, ActionEntry
from lindung.people.actions import (
    DeathRow,
    add_relative,
    correct_death,
    import_death_notices,
    record_death,
    register_people,
)
from lindung.people.models import DeathNotice, LifeEvent, Person, Relative
from lindung.people.queries import find_by_nik, heirs_of, person, search_people

DIED = date(2026, 2, 3)


@pytest.fixture
def people(world: World) -> list[Person]:
    """Ten persons of the operator's village, one of another."""
    frame = pl.concat([make_people(10, villages=[world.village]), make_people(1, seed=9, villages=[world.villages[2]])])
    with acting_as(world.officer):
        register_people(world.officer, frame)
    return list(Person.objects.order_by("-place_id", "id"))[::-1]


def test_a_death_is_recorded_once(world: World, people: list[Person]) -> None:
    with acting_as(world.officer):
        first = record_death(world.officer, people[0].pk, DIED, "Akta kematian", "6112-KM-1")
        again = record_death(world.officer, people[0].pk, DIED, "Keluarga")
        assert first == again
        with pytest.raises(Conflict):
            record_death(world.officer, people[0].pk, DIED + timedelta(1), "Keluarga")
        assert [person(world.officer, one.pk).died_on for one in people[:2]] == [DIED, None]
    assert (first.source, first.source_ref) == ("Akta kematian", "6112-KM-1")
    assert ActionEntry.objects.filter(action="people.record_death").count() == 1


def test_a_death_can_be_corrected_and_taken_back(world: World, people: list[Person]) -> None:
    who = people[0].pk
    with acting_as(world.officer):
        record_death(world.officer, who, DIED, "Keluarga")
        correct_death(world.officer, who, date(2026, 2, 4), "Akta kematian")
        assert person(world.officer, who).died_on == date(2026, 2, 4)
        correct_death(world.officer, who, None, "Keluarga", reason="Salah orang")
        assert person(world.officer, who).died_on is None
        with pytest.raises(NotFound):
            correct_death(world.officer, who, None, "Keluarga")
        record_death(world.officer, who, DIED, "Akta kematian")
        assert person(world.officer, who).died_on == DIED
    assert LifeEvent.objects.count() == 4


@pytest.mark.parametrize("day", [TODAY + timedelta(1), date(1900, 1, 1)])
def test_impossible_days_of_death(world: World, people: list[Person], day: date) -> None:
    with acting_as(world.officer), pytest.raises(InvalidInput):
        record_death(world.officer, people[0].pk, day, "Keluarga")


def test_an_operator_knows_nothing_of_other_villages(world: World, people: list[Person]) -> None:
    stranger = people[-1]
    assert stranger.place_id == world.villages[2]
    with acting_as(world.officer):
        record_death(world.officer, stranger.pk, DIED, "Akta kematian")
        add_relative(world.officer, stranger.pk, "spouse", "Siti")
    with acting_as(world.operator):
        with pytest.raises(NotFound):
            record_death(world.operator, stranger.pk, DIED, "Keluarga")
        with pytest.raises(NotFound):
            add_relative(world.operator, stranger.pk, "spouse", "Siti")
        with pytest.raises(NotFound):
            person(world.operator, stranger.pk)
        with pytest.raises(NotFound):
            find_by_nik(world.operator, stranger.nik)
        assert heirs_of(stranger.pk) == []
        assert stranger.pk not in {row.id for row in search_people(world.operator, stranger.name[:3])}


def test_the_family(world: World, people: list[Person]) -> None:
    who = people[0].pk
    with acting_as(world.operator):
        wife = add_relative(world.operator, who, "spouse", "Siti Aminah", nik="6112 0341 0785 0001")
        assert add_relative(world.operator, who, "spouse", "SITI AMINAH", nik="6112034107850001") == wife
        child = add_relative(world.operator, who, "child", "Ahmad", birth_date=date(2015, 1, 1))
        assert [row.id for row in heirs_of(who)] == [wife.pk, child.pk]
        with pytest.raises(InvalidInput):
            add_relative(world.operator, who, "neighbour", "Budi")
        with pytest.raises(InvalidInput):
            add_relative(world.operator, who, "child", "Budi", nik="123")
    assert set(Relative.objects.values_list("place_id", flat=True)) == {people[0].place_id}


def test_reading_a_record_leaves_a_trace(world: World, people: list[Person]) -> None:
    with acting_as(world.auditor):
        detail = person(world.auditor, people[0].pk, "audit")
    entry = AccessEntry.objects.get()
    assert (entry.subject, entry.purpose, entry.actor_id) == (f"person:{people[0].pk}", "audit", world.auditor.user_id)
    assert detail.nik_masked == f"{people[0].nik[:4]}********{people[0].nik[-4:]}"
    assert detail.district


def test_search_takes_titles_and_refuses_niks(world: World, people: list[Person]) -> None:
    wanted = people[0]
    with acting_as(world.operator):
        assert wanted.pk in {row.id for row in search_people(world.operator, f"Hj. {wanted.name.upper()}")}
        for text in ("a", wanted.nik):
            with pytest.raises(InvalidInput):
                search_people(world.operator, text)
        assert find_by_nik(world.operator, wanted.nik).id == wanted.pk


# Death lists


def row(number: int, who: Person, **other: object) -> DeathRow:
    notice = {
        "row_no": number, "nik": who.nik, "name": who.name, "birth_date": who.birth_date, "died_on": DIED,
        "certificate_no": f"6112-KM-{number}",
    }  # fmt: skip
    return DeathRow(**(notice | other))  # type: ignore[typeddict-item]


def test_a_list_is_matched_with_care(world: World, people: list[Person]) -> None:
    a, b, c, d, e, f, g = people[:7]
    rows = [
        row(2, a),
        row(3, b, birth_date=date(1950, 1, 1)),  # the NIK, and the name agrees
        row(4, c, nik=""),  # name and birth date
        row(5, d, nik=d.nik[:14] + d.nik[15] + d.nik[14] if d.nik[14] != d.nik[15] else d.nik[:15] + "9"),  # mistyped
        row(6, e, nik="3201010101010001"),  # a namesake born the same day, with another NIK
        row(7, f, name="Orang Lain Sama Sekali", birth_date=date(1950, 1, 1)),  # our NIK by mistake
        row(8, a),  # twice in the list
        row(9, g, name="", birth_date=None),  # nothing but the NIK, and nothing against it
    ]
    with acting_as(world.officer):
        result = import_death_notices(world.officer, rows, world.regency, "d" * 64)
    assert [who for _, who, _ in result.matched] == [a.pk, b.pk, c.pk, d.pk, g.pk]
    assert (result.received, result.known) == (8, 1)
    assert DeathNotice.objects.count() == 7
    assert {n.person_id for n in DeathNotice.objects.all()} == {a.pk, b.pk, c.pk, d.pk, g.pk, None}


def test_the_same_list_again_and_an_overlapping_one(world: World, people: list[Person]) -> None:
    rows = [row(at + 2, who) for at, who in enumerate(people[:3])]
    with acting_as(world.officer):
        first = import_death_notices(world.officer, rows, world.regency, "a" * 64)
        again = import_death_notices(world.officer, rows, world.regency, "a" * 64)
        longer = [*rows, row(9, people[3])]
        overlapping = import_death_notices(world.officer, longer, world.regency, "b" * 64)
    assert (first.known, again.known, overlapping.known) == (0, 3, 3)
    assert again.matched == first.matched
    assert overlapping.matched[:3] == first.matched
    assert DeathNotice.objects.count() == 4


def test_a_row_without_a_day_is_refused_with_its_number(world: World, people: list[Person]) -> None:
    with acting_as(world.officer), pytest.raises(InvalidInput, match="baris 12"):
        import_death_notices(world.officer, [row(12, people[0], died_on=None)], world.regency, "a" * 64)


def test_an_operator_imports_no_list_of_the_regency(world: World) -> None:
    with acting_as(world.operator), pytest.raises(NotAllowed):
        import_death_notices(world.operator, [], world.regency, "a" * 64)
