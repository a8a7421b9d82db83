"""Registering many people at once: idempotent, careful with what is known, inside the actor's area."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from django.db import ProgrammingError, connection, transaction
from world import World, make_people

from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.core.models import ActionEntry
from lindung.people.actions import register_people
from lindung.people.models import Person


def register(actor: Actor, frame: pl.DataFrame) -> pl.DataFrame:
    with acting_as(actor):
        return register_people(actor, frame)


def test_everyone_becomes_a_person_once(world: World) -> None:
    people = make_people(300)
    first = register(world.officer, people)
    again = register(world.officer, people)
    assert first["is_new"].all()
    assert not again["is_new"].any()
    assert first.select("nik", "person_id").sort("nik").equals(again.select("nik", "person_id").sort("nik"))
    assert Person.objects.count() == 300
    assert not Person.objects.filter(name_key="").exists()


def test_known_fields_stay_and_empty_ones_are_filled(world: World) -> None:
    known = make_people(1)
    register(world.officer, known)
    later = known.with_columns(
        name=pl.lit("Nama Lain"),
        phone=pl.lit("0812000111"),
        address=pl.lit("RT 99"),
        birth_place=pl.lit(None, pl.String),
    )
    register(world.officer, later)
    person = Person.objects.get()
    assert (person.name, person.address, person.birth_place) == (known["name"][0], known["address"][0], "Pontianak")
    assert person.phone == "0812000111"


def test_the_same_nik_twice_in_a_list_is_one_person(world: World) -> None:
    people = make_people(5)
    result = register(world.officer, pl.concat([people, people]))
    assert result.height == Person.objects.count() == 5


def test_optional_columns_may_be_missing(world: World) -> None:
    register(world.officer, make_people(2).select("nik", "name", "birth_date", "sex", "place_id"))
    assert set(Person.objects.values_list("mother_name", "phone")) == {("", "")}


@pytest.mark.parametrize(
    ("field", "value"),
    [("nik", "611203410785000"), ("name", "  "), ("birth_date", None), ("sex", "X"), ("place_id", None)],
)
def test_a_faulty_row_is_refused_with_its_field(world: World, field: str, value: object) -> None:
    people = make_people(3)
    faulty = people.with_columns(
        pl.when(pl.int_range(pl.len()) == 1)
        .then(pl.lit(value, people.schema[field]))
        .otherwise(pl.col(field))
        .alias(field)
    )
    with pytest.raises(InvalidInput) as refused:
        register(world.officer, faulty)
    assert (refused.value.field, refused.value.details["rows"]) == (field, 1)
    assert Person.objects.count() == 0


def test_the_log_counts_without_naming(world: World) -> None:
    people = make_people(4)
    register(world.officer, people)
    entry = ActionEntry.objects.get(action="people.register")
    assert entry.after == {"received": 4, "added": 4, "filled": 0}
    assert not any(nik in str(entry.__dict__) for nik in people["nik"])


# A village operator's view of the world.


def test_an_operator_sees_only_the_own_village(world: World) -> None:
    people = make_people(200)
    register(SYSTEM, people)
    with acting_as(world.operator):
        seen = set(Person.objects.values_list("place_id", flat=True))
    assert seen == {world.village}
    with acting_as(world.auditor):
        assert Person.objects.count() == 200


def test_an_operator_cannot_register_outside(world: World) -> None:
    with pytest.raises(NotAllowed):
        register(world.operator, make_people(5, villages=[world.villages[0], world.villages[1]]))
    register(world.operator, make_people(5, villages=[world.village]))
    assert Person.objects.count() == 5


def test_the_database_refuses_even_if_the_action_does_not(world: World) -> None:
    believed_to_be_everywhere = replace(world.operator, scope=SYSTEM.scope)
    with acting_as(world.operator), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        register_people(believed_to_be_everywhere, make_people(1, villages=[world.villages[1]]))


def test_an_operator_cannot_take_over_someone_known_elsewhere(world: World) -> None:
    elsewhere = make_people(1, villages=[world.villages[1]])
    register(world.officer, elsewhere)
    with pytest.raises(Conflict):
        register(world.operator, elsewhere.with_columns(place_id=pl.lit(world.village), phone=pl.lit("08")))
    assert Person.objects.get().phone == ""


def test_an_operator_can_change_nothing_outside(world: World) -> None:
    register(world.officer, make_people(3, villages=[world.villages[1]]))
    with acting_as(world.operator), connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone = '1'")
        assert cursor.rowcount == 0
