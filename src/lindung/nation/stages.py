"""Stages and their marks: each commits together with its mark, so a killed run goes on after the last one that did."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg import Connection

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS nation;
CREATE TABLE IF NOT EXISTS nation.stage (
  month date NOT NULL, name text NOT NULL, seconds double precision NOT NULL, rows bigint NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (month, name));
CREATE TABLE IF NOT EXISTS nation.cover_summary (
  month date NOT NULL, regency_id bigint NOT NULL, segment varchar(5) NOT NULL, programme varchar(3) NOT NULL,
  person_months bigint NOT NULL, people bigint NOT NULL, people_paid bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (month, regency_id, segment, programme), CHECK (people_paid <= people AND people <= person_months));
"""

Row = tuple[Any, ...]
Watch = Callable[[str], None]
"""Told the name of each stage as it begins, and again with « done» before its mark is committed."""

SETUP = date(1970, 1, 1)
"""Stands in the marks for what is done once, before any month."""


def unwatched(moment: str) -> None:
    """Nobody watches."""


@dataclass
class Mark:
    """A stage while it runs: it says how many rows it wrote."""

    rows: int = 0


@dataclass
class Stages:
    """The stages of a month that are done, and how long each took."""

    connection: Connection[Row]
    month: date
    watch: Watch = unwatched
    done: dict[str, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.execute(SCHEMA)
        found = self.connection.execute("SELECT name, seconds, rows FROM nation.stage WHERE month = %s", [self.month])
        self.done = {name: (seconds, rows) for name, seconds, rows in found}

    @contextmanager
    def stage(self, name: str, connection: Connection[Row] | None = None) -> Iterator[Mark]:
        """Time a block and mark it done, in the connection's present transaction."""
        mark, begun = Mark(), time.perf_counter()
        self.watch(name)
        yield mark
        self.watch(f"{name} done")
        seconds = time.perf_counter() - begun
        (connection or self.connection).execute(
            "INSERT INTO nation.stage (month, name, seconds, rows) VALUES (%s, %s, %s, %s)",
            [self.month, name, seconds, mark.rows],
        )
        self.done[name] = (seconds, mark.rows)
