"""A server with a register of a small nation, in a database that tests copy; the month is run on the copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

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


@dataclass(frozen=True)
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


def _load_places(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    places = read_places().select("key", "code", "name", "kind")
    text = places.with_columns(valid=pl.lit("[2025-04-25,)"), postal_code=pl.lit("")).write_csv(
        separator="\t", include_header=False, quote_style="never"
    )
    connection.execute("SET session_replication_role = replica")
    with connection.cursor().copy("COPY places_place (key, code, name, kind, valid, postal_code) FROM STDIN") as copy:
        copy.write(text)
    connection.execute("SET session_replication_role = origin")
