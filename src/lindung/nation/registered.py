"""The register's own word on each membership, to hold against the rows of a month before they are loaded.

A join of all rows with all memberships inside the database took three times as long as reading the register once, in
arrays, and comparing whole columns. What is compared never changes in a membership that is there: the database refuses
it (trigger `kept_key`); only its place may.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from lindung.core.errors import Conflict
from lindung.nation.assessing import Charges
from lindung.nation.makeup import CATEGORIES, Integers
from lindung.nation.stages import Row

SEGMENTS = sorted({category.segment for category in CATEGORIES})
PAGE = 8_192
PAGES = 8_192
"""Pages of the register read at once: 64 MiB, about half a million memberships."""

READ = """
SELECT array_agg(id), array_agg(place_id),
       array_agg(person_id * 1024 + job * 8 + coalesce(array_position(%s::text[], segment::text), 0))
  FROM membership_membership WHERE ctid >= %s::tid AND ctid < %s::tid
"""
ARRAY_HEADER = 20
ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])
KEYS = ("membership_id", "person_id", "place_id", "job")


@dataclass(frozen=True)
class Register:
    """Whose each membership is, by its number; nought where there is none. `who`: person, job and segment in one
    number, a column less to read."""

    place: Integers
    who: Integers

    def check(self, segment: str, keys: dict[str, Integers]) -> None:
        """Raises Conflict unless every row names a membership of its person, job, segment and place."""
        ids = keys["membership_id"]
        known = np.minimum(ids, len(self.who) - 1)
        who = keys["person_id"] * 1024 + keys["job"] * 8 + SEGMENTS.index(segment) + 1
        wrong = (known != ids) | (self.place[known] != keys["place_id"]) | (self.who[known] != who)
        if wrong.any():
            raise Conflict(
                "month_differs",
                f"{wrong.sum():,} rows name a membership of another person, job, segment or place, or of nobody;"
                f" the first names {ids[wrong][0]}.",
            )


def read_register(connection: Connection[Row]) -> Register:
    """All memberships, as one statement sees them after the other: some hundred thousand at a time."""
    last, size = connection.execute(
        "SELECT coalesce(max(id), 0), pg_relation_size('membership_membership') FROM membership_membership"
    ).fetchone() or (0, 0)
    register = Register(np.zeros(last + 2, np.int64), np.zeros(last + 2, np.int64))
    for first in range(0, size // PAGE, PAGES):
        values = [SEGMENTS, f"({first},0)", f"({first + PAGES},0)"]
        with connection.cursor(binary=True) as cursor:
            result = cursor.execute(READ, values).pgresult
        assert result is not None
        ids, place, who = (result.get_value(0, column) for column in range(3))
        if ids is not None and place is not None and who is not None:
            rows = _numbers(ids)
            register.place[rows], register.who[rows] = _numbers(place), _numbers(who)
    return register


def _numbers(array: bytes) -> NDArray[np.int64]:
    """An array of numbers without nulls, as PostgreSQL sends it: after a header, each with its length before it."""
    found: NDArray[np.int64] = np.frombuffer(array, ELEMENT, offset=ARRAY_HEADER)["value"]
    return found


def checked(parts: Iterator[Charges], reading: Future[Register]) -> Iterator[Charges]:
    """The same rows, checked as they pass; those that pass while the register is still being read, when it has been.

    Raises Conflict, before the last row has passed."""
    waiting: list[tuple[str, dict[str, Integers]]] = []
    for part in parts:
        waiting.append((part.category.segment, {name: part.columns[name] for name in KEYS}))
        if reading.done():
            _check(waiting, reading.result())
        yield part
    _check(waiting, reading.result())


def _check(waiting: list[tuple[str, dict[str, Integers]]], register: Register) -> None:
    for segment, keys in waiting:
        register.check(segment, keys)
    waiting.clear()
