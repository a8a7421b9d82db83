"""A server with a register of a small nation, in a database that tests copy; the month is run on the copies."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import installation
import polars as pl
import psycopg
import pytest

from lindung.core import postgres
from lindung.nation import server
from lindung.nation.building import Nation, build_nation
from lindung.nation.register import load_register
from lindung.nation.stages import SETUP, Stages
from lindung.places.dataset import read_places

WORKERS = 2_500
MONTH = date(2026, 2, 1)
HOLIDAYS = frozenset({date(2026, 2, 17)})


@dataclass
class Served:
    """A running server whose database `lindung` holds the register and no month."""

    cluster: postgres.Cluster
    nation: Nation

    def copy(self) -> str:
        """The address of a new copy of the database."""
        name = f"copy_{next(_NUMBERS)}"
        with psycopg.connect(self.cluster.url(database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE} STRATEGY file_copy")
        return self.cluster.url(database=name)


_NUMBERS = count(1)


@pytest.fixture(scope="session")
def served(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Made once: places as the law's dataset has them, payers and memberships of the nation."""
    folder = shared / f"nation-{tmp_path_factory.getbasetemp().name}"
    folder.mkdir(mode=0o755)
    nation = build_nation(folder / "nation", WORKERS)
    installation.copied(installation.migrated(shared), folder / "server")
    with postgres.running(folder / "server", server.settings() | installation.QUICK) as cluster:
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            _load_places(connection)
            load_register(Stages(connection, SETUP), nation)
        yield Served(cluster, nation)


@dataclass
class Durable(Served):
    """The same on a server with no setting that a crash would make lose anything, which tests may kill."""

    _expected: Any = None

    def kill(self) -> None:
        """`kill -9` for the server's main process and all its children, and wait until they are gone."""
        main = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        family = [main, *_children(main)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_lives(pid) for pid in family):
            time.sleep(0.01)

    def start_again(self) -> None:
        postgres.start(self.cluster, server.settings())

    def expected(self, statement: str, make: Callable[[str], Any]) -> Any:
        """What a statement finds after a run that nobody disturbed; made once."""
        if self._expected is None:
            url = self.copy()
            make(url)
            with psycopg.connect(url, autocommit=True) as connection:
                self._expected = connection.execute(statement).fetchone()
        return self._expected


def _children(main: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def _lives(pid: int) -> bool:
    """Whether a process is there and not a zombie that only waits to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def durable(shared: Path, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Durable]:
    folder = shared / f"nation-durable-{tmp_path_factory.getbasetemp().name}"
    folder.mkdir(mode=0o755)
    installation.copied(installation.migrated(shared), folder / "server")
    with postgres.running(folder / "server", server.settings()) as cluster:
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            _load_places(connection)
            load_register(Stages(connection, SETUP), served.nation)
        yield Durable(cluster, served.nation)


def _load_places(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    places = read_places().select("key", "code", "name", "kind")
    text = places.with_columns(valid=pl.lit("[2025-04-25,)"), postal_code=pl.lit("")).write_csv(
        separator="\t", include_header=False, quote_style="never"
    )
    connection.execute("SET session_replication_role = replica")
    with connection.cursor().copy("COPY places_place (key, code, name, kind, valid, postal_code) FROM STDIN") as copy:
        copy.write(text)
    connection.execute("SET session_replication_role = origin")
