"""Columns of numbers as PostgreSQL's binary COPY, without Python for a row.

All rows of a batch have the same width, so a batch is one structured array whose constant parts are filled in once; and
what the server sends is read as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = date(2000, 1, 1)


def day_number(day: date) -> int:
    """A date as PostgreSQL counts it."""
    return (day - EPOCH).days


class Encoder:
    """Rows of these columns. A column's kind: `i2`, `i4`, `i8`, `S12` (text of exactly twelve bytes), `S0` (empty)."""

    def __init__(self, columns: Sequence[tuple[str, str]]) -> None:
        self.columns = columns
        self.dtype = _type_of(columns)
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


def _type_of(columns: Sequence[tuple[str, str]]) -> np.dtype[Any]:
    """A row: how many columns, then each with its length before it."""
    fields = [("count", ">i2")]
    for name, kind in columns:
        fields.append((f"size of {name}", ">i4"))
        if kind != "S0":
            fields.append((name, kind if kind.startswith("S") else f">{kind}"))
    return np.dtype(fields)


def decoded(chunks: Iterable[bytes], columns: Sequence[tuple[str, str]]) -> Iterator[NDArray[Any]]:
    """Rows without empty columns as the server sends them, in pieces of any length: structured arrays, one a piece.

    Raises ValueError when the rows are not of these columns, or end in the middle."""
    row = _type_of(columns)
    before, rest = len(HEADER), b""
    for chunk in chunks:
        rest += chunk
        whole = (len(rest) - before) // row.itemsize
        if whole > 0:
            rows = np.frombuffer(rest, row, whole, before)
            if (rows["count"] != len(columns)).any():
                raise ValueError("the rows have other columns, or some are empty")
            yield rows
            before, rest = 0, rest[before + whole * row.itemsize :]
    if rest[before:] != TRAILER:
        raise ValueError("the rows end too early")


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
