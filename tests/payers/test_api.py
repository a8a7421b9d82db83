"""Employers by program."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from world import World

from lindung.core.actors import acting_as
from lindung.core.models import ApiToken
from lindung.payers import actions
from lindung.web import roles
from payers.conftest import OFFICER, PERMISSIONS

pytestmark = pytest.mark.django_db
PATH = "/api/v1/payers"


@pytest.fixture
def program(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A program with an officer's token, and all permissions of this room."""
    role = roles.ROLES["regency_officer"]
    monkeypatch.setitem(roles.ROLES, "regency_officer", replace(role, permissions=role.permissions | PERMISSIONS))
    digest = hashlib.sha256(b"token").hexdigest()
    ApiToken.objects.create(user=world.user("regency_officer"), name="uji", digest=digest)
    return Client(headers={"authorization": "Bearer token"})


def body(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "name": "PT Contoh", "place_id": world.village, "nib": "0220001234567", "address": "Jalan 1", "entry": "III.60",
        "firm_size": "medium", "joined_on": "2026-01-01", "source": "NIB", "workers": 20,
    } | changes  # fmt: skip


def test_registering_twice_is_once(program: Client, world: World) -> None:
    first = program.post(f"{PATH}/employers", body(world), content_type="application/json")
    assert first.status_code == 200, first.content
    again = program.post(f"{PATH}/employers", body(world, workers=99), content_type="application/json")
    assert again.json() == first.json() and first.json()["workers"] == 20
    detail = program.get(f"{PATH}/employers/{first.json()['id']}").json()
    assert detail["required"] == detail["programmes"] == ["JKK", "JKM", "JHT", "JP", "JKP"]
    assert program.get(f"{PATH}/employers?size=micro").json() == []
    assert [row["name"] for row in program.get(f"{PATH}/employers?q=0220001234567").json()] == ["PT Contoh"]
    assert program.get(f"{PATH}/employers/999999").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"nib": "1"}, 422, "nib"), ({"entry": "IX.1"}, 422, "entry"), ({"name": "\x00"}, 422, "name"),
        ({"firm_size": None}, 422, "firm_size"), ({"place_id": 6171000000}, 403, "place_id"),
        ({"npp": "KR\x00"}, 422, "npp"), ({"kbli": "\x00"}, 422, "kbli"), ({"capital": 10**30}, 422, "capital"),
    ],
)  # fmt: skip
def test_refusals(program: Client, world: World, wrong: dict[str, Any], status: int, field: str) -> None:
    answer = program.post(f"{PATH}/employers", body(world, **wrong), content_type="application/json")
    assert answer.status_code == status, answer.content
    assert answer.json()["error"]["field"].endswith(field)


def test_look_ups(program: Client, world: World) -> None:
    assert program.get(f"{PATH}/risk-groups?q=kelapa sawit").json()[0]["group"] == 3
    assert program.get(f"{PATH}/minimum-wage?place={world.village}").status_code == 404
    with acting_as(OFFICER):
        actions.load_minimum_wages(OFFICER)
    found = program.get(f"{PATH}/minimum-wage?place={world.village}&on=2023-06-01").json()
    assert (found["amount"], found["kind"]) == ("2646878.64", "UMK")
