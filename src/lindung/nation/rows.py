"""Columns of numbers as PostgreSQL's binary COPY, without Python for a row.

All rows of a batch have the same width, so a batch is one structured array whose constant parts are filled in once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psycopg import Connection

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = date(2000, 1, 1)
PIPE_BYTES = 1 << 20
"""The most that anybody may ask for."""


def day_number(day: date) -> int:
    """A date as PostgreSQL counts it."""
    return (day - EPOCH).days


class Encoder:
    """Rows of these columns. A column's kind: `i2`, `i4`, `i8`, `S12` (text of exactly twelve bytes), `S0` (empty)."""

    def __init__(self, columns: Sequence[tuple[str, str]]) -> None:
        self.columns = columns
        fields = [("count", ">i2")]
        for name, kind in columns:
            fields.append((f"size of {name}", ">i4"))
            if kind != "S0":
                fields.append((name, kind if kind.startswith("S") else f">{kind}"))
        self.dtype = np.dtype(fields)
        self._memory = np.empty(0, self.dtype)

    @property
    def names(self) -> str:
        """The columns, for the statement."""
        return ", ".join(name for name, _ in self.columns)

    def rows(self, values: Mapping[str, ArrayLike], count: int) -> memoryview:
        """So many rows, their values from arrays or the same for all. Valid until the next call."""
        if len(self._memory) < count:
            self._memory = self._blank(count)
        rows = self._memory[:count]
        for name, kind in self.columns:
            if kind != "S0":
                rows[name] = values[name]
        return memoryview(rows).cast("B")  # type: ignore[arg-type]

    def _blank(self, count: int) -> NDArray[Any]:
        blank = np.empty(count, self.dtype)
        blank["count"] = len(self.columns)
        for name, kind in self.columns:
            blank[f"size of {name}"] = 0 if kind == "S0" else self.dtype[name].itemsize
        return blank


@contextmanager
def copying(cursor: Any, table: str, columns: str) -> Iterator[Callable[[Any], None]]:
    """COPY into a table while the block runs: it gives a function that takes rows that are already binary."""
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(HEADER)
        yield copy.write
        copy.write(TRAILER)


def copied(cursor: Any, table: str, columns: str, parts: Iterable[Any]) -> None:
    """COPY rows that are already binary into a table."""
    with copying(cursor, table, columns) as write:
        for part in parts:
            write(part)


def piped(connection: Connection[Any], table: str, columns: str, parts: Iterable[bytes], pipe: Path) -> int:
    """COPY rows that are already binary into a table that the same transaction made; how many. The server reads them
    from a pipe of this name.

    Sent over the connection, each hundred kilobytes wait for the interpreter, which is busy making the next ones: of
    6.3 seconds the server then worked 4.2. Raises what COPY raises."""
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    pipe.chmod(0o644)  # the server's own account reads it
    # Frozen at once, the pages are not written again by whoever reads them first.
    statement = f"COPY {table} ({columns}) FROM '{pipe}' (FORMAT binary, FREEZE)"
    try:
        with ThreadPoolExecutor(1) as pool:
            copying_now = pool.submit(connection.execute, statement)
            with suppress(BrokenPipeError), _opened(pipe, copying_now) as writer:  # COPY says itself why it left
                for part in chain([HEADER], parts, [TRAILER]):
                    writer.write(part)
            return copying_now.result().rowcount
    finally:
        pipe.unlink()


def _opened(pipe: Path, reader: Future[Any]) -> IO[bytes]:
    """The pipe for writing, as soon as it is read. Raises what its reader raised: a plain opening would wait for ever
    where COPY fails before it opens its end, so it is tried anew."""
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
        else:
            break
        if reader.done():
            reader.result()
        time.sleep(0.001)
    os.set_blocking(descriptor, True)
    fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return os.fdopen(descriptor, "wb")
