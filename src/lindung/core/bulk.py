"""Tables on their way into and out of PostgreSQL: COPY in, columns out. Never a query per row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

Types = Mapping[str, Any]  # column → polars type


def copy_frame(cursor: CursorWrapper, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table by COPY, column by name. Null stays NULL and "" stays an empty text."""
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL '\\N')").format(sql.Identifier(table), columns)
    with cursor.copy(statement) as copy:
        copy.write(frame.write_csv(include_header=False, null_value="\\N", quote_style="non_numeric").encode())


@contextmanager
def loaded(
    frame: pl.DataFrame, table: str, columns: Mapping[str, str], joined_on: Sequence[str] | None = None
) -> Iterator[CursorWrapper]:
    """A temporary table that holds the frame's `columns` (name → SQL type) for the length of the block.

    The planner looks through all of it, or only the columns it is `joined_on`, if any: wide ones take long. Needs an
    open transaction; when the block fails, its rollback takes the table along."""
    definition = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMP TABLE "{table}" ({definition}) ON COMMIT DROP')
        copy_frame(cursor, table, frame.select(*columns))
        if joined_on is None or joined_on:
            cursor.execute(f'ANALYZE "{table}" ({", ".join(joined_on or columns)})')
        yield cursor
        cursor.execute(f'DROP TABLE "{table}"')


def fetch_frame(cursor: CursorWrapper, types: Types) -> pl.DataFrame:
    """All rows of the statement just run, as a frame with these columns and types."""
    rows: Sequence[Sequence[Any]] = cursor.fetchall()
    return pl.DataFrame(rows, schema=dict(types), orient="row")
