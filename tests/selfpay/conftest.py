"""The little world, with its holidays, for those who pay for themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from world import World, make_world

from lindung.core.actors import SYSTEM, acting_as
from lindung.places.actions import load_holidays


@pytest.fixture
def world(db: None) -> Iterator[World]:
    world = make_world()
    with acting_as(SYSTEM):
        load_holidays(SYSTEM, range(2025, 2028))
    yield world


@pytest.fixture
def answers(world: World) -> dict[str, str]:
    """A rubber farmer's right answers, in the order they are asked."""
    return {
        "nik": "6112014203850001", "confirmed": "ya", "name": "Siti Aminah", "mother": "Halimah",
        "phone": "0812 3456 7890", "district": str(world.districts[0]), "village": str(world.village),
        "address": "Dusun Melati RT 2 RW 1", "occupation": "petani karet", "transport": "other", "income": "1.000.000",
        "old_age": "no", "months": "3",
    }  # fmt: skip
