"""Binary rows through a pipe: all of them arrive, and whatever fails on either side is said, without a pipe left."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from lindung.nation.pipes import received, sent
from lindung.nation.rows import HEADER, TRAILER, Encoder, decoded

COLUMNS = (("number", "i8"), ("small", "i2"))
ROWS = 300_000


@pytest.fixture
def connection(served: Any) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(served.cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE told (number bigint, small smallint)")
        yield connection


@pytest.fixture
def pipe(served: Any) -> Iterator[Path]:
    """A pipe's name where the server's account may come; nothing stands there afterwards."""
    pipe: Path = served.nation.folder / "test.pipe"
    yield pipe
    assert not pipe.exists()


def encoded(numbers: np.ndarray[Any, Any], size: int = 10_000) -> Iterator[bytes]:
    encoder = Encoder(COLUMNS)
    for start in range(0, len(numbers), size):
        part = numbers[start : start + size]
        yield bytes(encoder.rows({"number": part, "small": part % 100}, len(part)))


def test_rows_arrive_both_ways(connection: psycopg.Connection[tuple[Any, ...]], pipe: Path) -> None:
    numbers = np.arange(ROWS) * 31_337
    with connection.transaction():
        connection.execute("TRUNCATE told")
        assert sent(connection, "told", "number, small", encoded(numbers), pipe) == ROWS
    query = "SELECT number, small FROM told ORDER BY number"
    back = np.concatenate([rows.copy() for rows in decoded(received(connection, query, pipe), COLUMNS)])
    assert (back["number"] == numbers).all()
    assert (back["small"] == numbers % 100).all()


def test_nobody_else_may_open_the_pipe(connection: psycopg.Connection[tuple[Any, ...]], pipe: Path) -> None:
    arriving = received(connection, "SELECT 1::bigint, 2::smallint FROM generate_series(1, 100000)", pipe)
    next(arriving)
    assert stat.S_IMODE(pipe.stat().st_mode) == 0o600
    assert sum(map(len, arriving)) > 0


def test_an_empty_table_is_no_rows(connection: psycopg.Connection[tuple[Any, ...]], pipe: Path) -> None:
    assert list(decoded(received(connection, "SELECT number, small FROM told", pipe), COLUMNS)) == []


@pytest.mark.parametrize(
    "query", ["SELECT nothing", "SELECT 1 / (n - 90000) FROM generate_series(1, 100000) AS n"], ids=["before", "during"]
)
def test_a_query_that_fails_is_said(connection: psycopg.Connection[tuple[Any, ...]], pipe: Path, query: str) -> None:
    with pytest.raises((psycopg.errors.UndefinedColumn, psycopg.errors.DivisionByZero)):
        list(decoded(received(connection, query, pipe), (("number", "i4"),)))


@pytest.mark.parametrize("table", ["nowhere", "told"])
def test_rows_that_are_refused_are_said(
    connection: psycopg.Connection[tuple[Any, ...]], pipe: Path, table: str
) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute("TRUNCATE told")
        connection.execute("ALTER TABLE told ADD CHECK (number < 1000)")
        with pytest.raises((psycopg.errors.UndefinedTable, psycopg.errors.CheckViolation)):
            sent(connection, table, "number, small", encoded(np.arange(ROWS)), pipe)


@pytest.mark.parametrize("piece", [1, 7, 1_000])
def test_pieces_may_be_cut_anywhere(piece: int) -> None:
    whole = HEADER + b"".join(encoded(np.arange(50), 13)) + TRAILER
    pieces = [whole[start : start + piece] for start in range(0, len(whole), piece)]
    found = [int(number) for rows in decoded(pieces, COLUMNS) for number in rows["number"]]
    assert found == list(range(50))


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (HEADER, "too early"),
        (HEADER + b"".join(encoded(np.arange(5))), "too early"),
        (HEADER + b"".join(encoded(np.arange(5)))[:-3] + TRAILER, "too early"),
        (HEADER + bytes(Encoder((*COLUMNS, ("more", "S0"))).rows({"number": 1, "small": 2}, 40)), "other columns"),
    ],
    ids=["no trailer", "cut", "short row", "another column"],
)
def test_rows_that_are_not_whole_are_refused(whole: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        list(decoded([whole], COLUMNS))
