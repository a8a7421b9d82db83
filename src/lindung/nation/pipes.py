"""Binary rows between this process and a server on the same machine, through a pipe with a name.

Over a connection, each hundred kilobytes wait for the interpreter, which is busy making the next ones: of 6.3 seconds
the server then worked 4.2. The pipe belongs to the server's own account; nobody else may open it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, Any

from psycopg import Connection

from lindung.nation.rows import HEADER, TRAILER

PIPE_BYTES = 1 << 20
"""The most that anybody may ask for."""

LOOK_AGAIN = 50
"""Milliseconds after which we see whether the server still means to open its end."""


def sent(connection: Connection[Any], table: str, columns: str, parts: Iterable[bytes], pipe: Path) -> int:
    """COPY rows that are already binary into a table that the same transaction made; how many. The server reads them
    from a pipe of this name. Raises what COPY raises."""
    # Frozen at once, the pages are not written again by whoever reads them first.
    statement = f"COPY {table} ({columns}) FROM '{pipe}' (FORMAT binary, FREEZE)"
    with _pipe(connection, pipe), ThreadPoolExecutor(1) as pool:
        copying_now = pool.submit(connection.execute, statement)
        with suppress(BrokenPipeError), _opened(pipe, copying_now) as writer:  # COPY says itself why it left
            for part in chain([HEADER], parts, [TRAILER]):
                writer.write(part)
        return copying_now.result().rowcount


def received(connection: Connection[Any], query: str, pipe: Path) -> Iterator[bytes]:
    """What a query finds, as binary rows in pieces of any length; the server writes them into a pipe of this name.

    Raises what COPY raises."""
    with _pipe(connection, pipe), ThreadPoolExecutor(1) as pool:
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
            copying_now = pool.submit(connection.execute, f"COPY ({query}) TO '{pipe}' (FORMAT binary)")
            yield from _arriving(reader, copying_now)
        finally:
            os.close(reader)
        copying_now.result()


def _arriving(reader: int, writer: Future[Any]) -> Iterator[bytes]:
    """All that is written into a pipe until its writer leaves, or fails before it begins."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while True:
        if poll.poll(LOOK_AGAIN):
            piece = os.read(reader, PIPE_BYTES)
            if not piece:
                return
            yield piece
        elif writer.done():
            return


@contextmanager
def _pipe(connection: Connection[Any], pipe: Path) -> Iterator[None]:
    """A pipe of this name while the block runs, for the server's account alone."""
    found = connection.execute("SHOW data_directory").fetchone()
    assert found is not None
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe, 0o600)
    try:
        if os.geteuid() == 0:  # the server runs under an account of its own
            server = Path(found[0]).stat()
            os.chown(pipe, server.st_uid, server.st_gid)
        yield
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
