"""Persons and memberships over HTTP, with a token."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from world import World, make_people

from lindung.core.actors import acting_as
from lindung.core.models import AccessEntry
from lindung.membership.actions import enrol
from lindung.people.actions import register_people
from lindung.people.models import Person
from lindung.web.tokens import make_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(world: World) -> list[Person]:
    """Five persons of the operator's village, then five of another, all enrolled."""
    for village in (world.villages[0], world.villages[1]):
        frame = make_people(5, seed=village % 97, villages=[village])
        with acting_as(world.officer):
            ids = register_people(world.officer, frame)
            enrol(world.officer, frame.join(ids, on="nik"), "BPU", date(2026, 1, 15), reason="SK 1")
    return list(Person.objects.order_by("place_id", "id"))


@pytest.fixture
def ask(world: World) -> Any:
    """Ask the API as someone of a role."""

    def send(role: str, path: str, body: Any = None) -> tuple[int, Any]:
        actor = world.actor(role)
        token = make_token(actor, world.user(role), "test")
        headers = {"Authorization": f"Bearer {token}"}
        client = Client(headers=headers)
        if body is None:
            response = client.get(f"/api/v1{path}")
        else:
            response = client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")
        return response.status_code, response.json()

    return send


def test_search_gives_masked_niks_of_the_own_village_only(people: list[Person], ask: Any) -> None:
    inside, outside = people[0], people[5]
    status, found = ask("village_operator", f"/people?q={inside.name}")
    assert status == 200
    assert inside.pk in {row["id"] for row in found}
    assert all("********" in row["nik_masked"] and "nik" not in row for row in found)
    status, found = ask("village_operator", f"/people?q={outside.name}")
    assert (status, outside.pk in {row["id"] for row in found}) == (200, False)


def test_a_nik_does_not_belong_into_an_address(people: list[Person], ask: Any) -> None:
    status, body = ask("village_operator", f"/people?q={people[0].nik}")
    assert (status, body["error"]["code"]) == (422, "search_by_nik")
    status, body = ask("village_operator", "/people/find", {"nik": people[0].nik})
    assert (status, body["id"]) == (200, people[0].pk)


def test_one_person_and_the_trace_of_the_reading(world: World, people: list[Person], ask: Any) -> None:
    status, body = ask("village_operator", f"/people/{people[0].pk}")
    assert (status, body["name"]) == (200, people[0].name)
    assert body["nik_masked"] == f"{people[0].nik[:4]}********{people[0].nik[-4:]}"
    assert people[0].nik not in json.dumps(body)
    entry = AccessEntry.objects.get()
    assert (entry.subject, entry.actor_id) == (f"person:{people[0].pk}", world.operator.user_id)


def test_elsewhere_and_nowhere_look_the_same(people: list[Person], ask: Any) -> None:
    elsewhere = ask("village_operator", f"/people/{people[5].pk}")
    nowhere = ask("village_operator", "/people/999999")
    assert elsewhere == nowhere
    assert elsewhere[0] == 404


def test_memberships_of_a_person(people: list[Person], ask: Any) -> None:
    status, body = ask("village_operator", f"/membership/memberships?person_id={people[0].pk}")
    assert (status, [(row["segment"], row["job"], row["ended_on"]) for row in body]) == (200, [("BPU", 1, None)])
    assert ask("village_operator", f"/membership/memberships?person_id={people[5].pk}") == (200, [])


def test_a_membership_by_the_kpj_on_the_card(people: list[Person], ask: Any) -> None:
    (own,) = ask("village_operator", f"/membership/memberships?person_id={people[0].pk}")[1]
    status, body = ask("village_operator", f"/membership/memberships?kpj={own['kpj']}")
    assert (status, body) == (200, [own])
    assert AccessEntry.objects.filter(subject=f"person:{people[0].pk}").count() == 2
    (far,) = ask("regency_officer", f"/membership/memberships?person_id={people[5].pk}")[1]
    assert ask("village_operator", f"/membership/memberships?kpj={far['kpj']}")[0] == 404
    status, body = ask("village_operator", "/membership/memberships?kpj=26000000018")
    assert (status, body["error"]["code"]) == (422, "kpj_wrong")
    for unclear in ("", f"?person_id={people[0].pk}&kpj={own['kpj']}"):
        status, body = ask("village_operator", f"/membership/memberships{unclear}")
        assert (status, body["error"]["code"]) == (422, "person_or_kpj")


def test_the_story_of_a_persons_memberships(people: list[Person], ask: Any) -> None:
    status, body = ask("village_operator", f"/membership/changes?person_id={people[0].pk}")
    assert (status, [(row["kind"], row["effective_on"], row["reason"]) for row in body]) == (
        200, [("joined", "2026-01-15", "SK 1")],
    )  # fmt: skip
    assert ask("village_operator", f"/membership/changes?person_id={people[5].pk}") == (200, [])


@pytest.mark.parametrize("path", ["/people?q=siti", "/people/1", "/membership/memberships?person_id=1"])
def test_leadership_sees_figures_not_people(people: list[Person], ask: Any, path: str) -> None:
    status, body = ask("leadership", path)
    assert (status, body["error"]["code"]) == (403, "not_allowed")


def test_no_token_no_answer(people: list[Person]) -> None:
    assert Client().get("/api/v1/people?q=siti").status_code == 401
