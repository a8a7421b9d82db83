"""The limit the month is measured against: a bare COPY of the very same rows, and the very same indexes.

The rows are encoded to a file beforehand, a few million at a time, and the server reads that file itself from the
system's memory: nothing but COPY and the indexes is timed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

import psycopg

from lindung.nation import partition
from lindung.nation.assessing import assessed
from lindung.nation.building import Nation
from lindung.nation.rows import HEADER, TRAILER

TABLE = "nation.bare"
BYTES_OF_FILE = 500 << 20


@dataclass(frozen=True)
class Limit:
    """Seconds of the bare COPY and of its indexes; bytes of the table and of the indexes."""

    copy_seconds: float
    index_seconds: float
    table_bytes: int
    index_bytes: int

    @property
    def seconds(self) -> float:
        return self.copy_seconds + self.index_seconds


def measure(url: str, nation: Nation, month: date) -> Limit:
    """COPY the month's rows into a plain table and build the indexes; the table is dropped again."""
    file = nation.folder / "rows.bin"
    encoder_for = partial(partition.whole_encoder_of, month=month)
    names = encoder_for("PU").names
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS nation; DROP TABLE IF EXISTS {TABLE}")
        connection.execute("CHECKPOINT")
        copying, begun = 0.0, time.perf_counter()
        try:
            with connection.transaction():
                connection.execute(f"CREATE TABLE {TABLE} (LIKE {partition.WHOLE} INCLUDING DEFAULTS)")
                copying += time.perf_counter() - begun
                for _ in _files(file, partition.encoded(assessed(nation, month), month, 0, encoder_for)):
                    begun = time.perf_counter()
                    connection.execute(f"COPY {TABLE} ({names}) FROM '{file}' (FORMAT binary, FREEZE)")
                    copying += time.perf_counter() - begun
                begun = time.perf_counter()
            copying += time.perf_counter() - begun
            begun = time.perf_counter()
            with connection.transaction():
                partition.Indexes(connection, TABLE).build(connection)
            indexing = time.perf_counter() - begun
            sizes = connection.execute(f"SELECT pg_table_size('{TABLE}'), pg_indexes_size('{TABLE}')").fetchone()
            assert sizes is not None
            return Limit(copying, indexing, *sizes)
        finally:
            file.unlink(missing_ok=True)
            connection.execute(f"DROP TABLE IF EXISTS {TABLE}; CHECKPOINT")


def _files(file: Path, parts: Iterator[bytes]) -> Iterator[None]:
    """The rows as files that the server can read, one after the other, each once the one before has been read."""
    for first in parts:
        with file.open("wb") as writer:
            writer.write(HEADER)
            for part in chain([first], parts):
                writer.write(part)
                if writer.tell() > BYTES_OF_FILE:
                    break
            writer.write(TRAILER)
        file.chmod(0o644)
        yield
