from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from world import REGENCY, World, world  # noqa: F401

from lindung.core.actors import EVERYWHERE, Actor, acting_as
from lindung.payers.drafts import Activity, EmployerDraft, Identity, Scale

PERMISSIONS = frozenset(
    f"payers.{verb}"
    for verb in ("view", "register", "change", "agree", "project", "certify", "collect", "set_wage", "view_collectives")
)
OFFICER = Actor(None, "Uji", "regency_officer", PERMISSIONS, EVERYWHERE)
JANUARY = date(2026, 1, 1)


def draft(**changes: Any) -> EmployerDraft:
    """A palm oil mill; changes by the names of Identity, Activity, Scale and EmployerDraft."""
    parts: dict[str, Any] = {
        "identity": Identity(
            "PT Contoh Sawit Kapuas", REGENCY, nib="0220 0012 34567", npwp="01.234.567.8-701.000", owner="Hendra",
            address="Jalan Trans Kalimantan 12", email="hrd@contoh.co.id", phone="0561 123456",
        ),
        "activity": Activity(entry="III.60", kbli="10432"), "scale": Scale("medium", workers=120),
    }  # fmt: skip
    for name, part in parts.items():
        own = {key: value for key, value in changes.items() if key in part.__dataclass_fields__}
        parts[name] = replace(part, **own)
        changes = {key: value for key, value in changes.items() if key not in own}
    return EmployerDraft(**parts, **({"joined_on": JANUARY, "source": "Formulir F1"} | changes))


@pytest.fixture
def acting(world: World) -> Iterator[World]:  # noqa: F811
    """The little world, with an officer acting under the application's own database role."""
    with acting_as(OFFICER):
        yield world


@pytest.fixture
def run() -> Any:
    """Any SQL, as whoever acts."""

    def execute(sql: str, *values: object) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    return execute
