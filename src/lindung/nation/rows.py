"""Columns of numbers as PostgreSQL's binary COPY, without Python for a row.

All rows of a batch have the same width, so a batch is one structured array whose constant parts are filled in once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def copied(cursor: Any, table: str, columns: str, parts: Iterable[Any], *, fresh: bool = False) -> None:
    """COPY rows that are already binary into a table; `fresh`: one that the same transaction made."""
    # Frozen at once, the pages are not written again by whoever reads them first.
    form = "FORMAT binary, FREEZE" if fresh else "FORMAT binary"
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN ({form})") as copy:
        copy.write(HEADER)
        for part in parts:
            copy.write(part)
        copy.write(TRAILER)
