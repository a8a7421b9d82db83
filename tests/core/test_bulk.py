"""Frames arrive in PostgreSQL as they are."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.db import ProgrammingError, connection, transaction
from world import World, make_people, world  # noqa: F401

from lindung.core.actors import acting_as
from lindung.core.bulk import fetch_frame, loaded

FRAME = pl.DataFrame(
    {
        "number": [1, None, 3],
        "text": ["", None, 'a "quoted", line\nand \\N more'],
        "day": [date(2026, 2, 27), None, date(1961, 1, 1)],
        "yes": [True, False, None],
    }
)
COLUMNS = {"number": "bigint", "text": "text", "day": "date", "yes": "boolean"}


def test_null_empty_and_awkward_texts_survive(world: World) -> None:  # noqa: F811
    with acting_as(world.operator), loaded(FRAME, "incoming", COLUMNS) as cursor:
        cursor.execute("SELECT number, text, day, yes FROM incoming ORDER BY coalesce(number, 2)")
        assert fetch_frame(cursor, FRAME.schema).equals(FRAME)


@pytest.mark.django_db
def test_the_table_is_gone_after_success_and_failure() -> None:
    for _ in range(2):
        with transaction.atomic(), loaded(FRAME, "incoming", COLUMNS):
            pass
    with pytest.raises(ZeroDivisionError), transaction.atomic(), loaded(FRAME, "incoming", COLUMNS):
        _ = 1 / 0
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM incoming")


def test_made_people_are_distinct_and_repeatable() -> None:
    people = make_people(500, seed=3)
    assert people["nik"].n_unique() == 500
    assert people.equals(make_people(500, seed=3))
