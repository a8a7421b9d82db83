"""Where generated loops and their compiled forms are kept, safely for several processes at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path


@cache
def folder() -> Path:
    """LINDUNG_CACHE_DIR, else lindung/law in the user's cache; a folder of this process where none can be written."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    wanted = Path(os.environ.get("LINDUNG_CACHE_DIR") or home / "lindung" / "law")
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=wanted).close()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="lindung-law-"))
    return wanted


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock file: the compiler's cache must not be written by two processes at once (numba issue 4807)."""
    with path.open("a") as file:
        flock(file, LOCK_EX)
        yield


def write_once(path: Path, text: str) -> None:
    """A file whose name carries the hash of its content: written whole or not at all, and never again."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as part:
        part.write(text)
    Path(part.name).replace(path)
