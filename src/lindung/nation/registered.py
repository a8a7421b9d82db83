"""The register's own word on each membership, to hold against the rows of a month before they are loaded.

A join of all rows with all memberships inside the database took three times as long as reading the register once and
comparing whole columns. What is compared never changes in a membership that is there: the database refuses
it (trigger `kept_key`); only its place may.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from psycopg import Connection

from lindung.core.errors import Conflict
from lindung.nation.assessing import Charges
from lindung.nation.makeup import CATEGORIES, Integers
from lindung.nation.pipes import received
from lindung.nation.rows import decoded
from lindung.nation.stages import Row

SEGMENTS = sorted({category.segment for category in CATEGORIES})
_CODES = " ".join(f"WHEN '{segment}' THEN {number}" for number, segment in enumerate(SEGMENTS, 1))
READ = f"SELECT id, place_id, person_id * 1024 + job * 8 + CASE segment {_CODES} ELSE 0 END FROM membership_membership"
COLUMNS = (("id", "i8"), ("place", "i8"), ("who", "i8"))
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


def read_register(connection: Connection[Row], folder: Path) -> Register:
    """All memberships, as one statement sees them; `folder` is where the server writes them to."""
    found = connection.execute("SELECT coalesce(max(id), 0) FROM membership_membership").fetchone()
    last = int(found[0]) if found else 0
    register = Register(np.zeros(last + 2, np.int64), np.zeros(last + 2, np.int64))
    for rows in decoded(received(connection, READ, folder / "register.pipe"), COLUMNS):
        register.place[rows["id"]], register.who[rows["id"]] = rows["place"], rows["who"]
    return register


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
