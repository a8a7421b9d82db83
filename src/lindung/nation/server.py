"""The database of the nation's month: a PostgreSQL of its own, its settings, and the disk it needs."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from lindung.core import postgres
from lindung.core.errors import Conflict

BYTES_PER_WORKER = {"wage lines": 20, "register": 270, "person-months": 330, "copy to compare with": 340}
"""What a worker takes on disk, rounded up; benchmarks/nation.py prints what it measured."""

SPARE = 3 << 30
"""Bytes besides: the empty database, its log, what sorting and joining write for a moment."""


def settings() -> dict[str, str]:
    """The server's settings for loading a month, on this machine.

    Durable (fsync, synchronous_commit and checksums stay on) but for one machine alone: `wal_level=minimal` lets COPY
    and index builds into a table made in the same transaction write the table instead of the log, so there is no
    standby and no archive while it runs. Autovacuum is off, so that it does not run in the middle of a measurement."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20  # MiB
    processors = max(1, len(os.sched_getaffinity(0)))
    return {
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "1h",
        "shared_buffers": f"{min(memory // 8, 4096)}MB",
        "maintenance_work_mem": f"{min(memory // 16, 1536)}MB",
        "work_mem": f"{min(memory // 64, 384)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "max_parallel_workers": str(processors),
        "max_parallel_maintenance_workers": str(max(1, processors - 1)),
        "max_parallel_workers_per_gather": str(max(1, processors - 1)),
        "autovacuum": "off",
    }


def bytes_needed(workers: int) -> int:
    """Bytes that so many workers take on disk at most, at one time."""
    return workers * sum(BYTES_PER_WORKER.values()) + SPARE


def check_disk(folder: Path, workers: int) -> None:
    """Raises Conflict when the disk would not hold so many workers, naming how many it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    here = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    room = shutil.disk_usage(folder).free + here
    needed = bytes_needed(workers)
    if needed > room:
        most = max(0, (room - SPARE) // sum(BYTES_PER_WORKER.values()))
        raise Conflict(
            "disk_full",
            f"{workers:,} workers need {needed / 1e9:.0f} GB in {folder}, and {room / 1e9:.0f} GB are free.",
            way_out=f"Choose at most --workers {most // 1000 * 1000}, or another disk with --dir.",
        )


def running(folder: Path) -> AbstractContextManager[postgres.Cluster]:
    """The server of this folder, with the settings above. Raises PostgresError."""
    return postgres.running(folder / "server", settings())
