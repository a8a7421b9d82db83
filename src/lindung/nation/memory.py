"""The most memory that this process and the database server took together, sampled while they work."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

EVERY = 0.25
"""Seconds between two looks."""


@dataclass
class Peak:
    """In MiB: everything, and this process alone."""

    whole: int = 0
    ours: int = 0


@contextmanager
def watched(postmaster: int) -> Iterator[Peak]:
    """Watch memory during a block. Shared memory of the server counts once."""
    peak, over = Peak(), Event()

    def look() -> None:
        while not over.wait(EVERY):
            server = [_kib(pid) for pid in _family(postmaster)]
            ours = sum(_kib(os.getpid()))
            shared = max((each for _, each in server), default=0)
            peak.whole = max(peak.whole, (sum(own for own, _ in server) + shared + ours) >> 10)
            peak.ours = max(peak.ours, ours >> 10)

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _family(parent: int) -> list[int]:
    """A process and its children."""
    found = [parent]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found


def _kib(pid: int) -> tuple[int, int]:
    """Memory of a process's own, and shared memory it has touched, in KiB; nothing for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    sizes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines) if "Rss" in name}
    return sizes.get("RssAnon", 0), sizes.get("RssShmem", 0)
