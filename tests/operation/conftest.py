"""Directories and servers of our own for tests that kill things."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lindung.core import postgres


@pytest.fixture
def directory() -> Iterator[Path]:
    """An empty directory that PostgreSQL's account can reach; what still runs in it is stopped afterwards."""
    made = Path(tempfile.mkdtemp(prefix="lindung-op-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    for data in made.rglob("PG_VERSION"):
        if data.parent.name == "pg":
            cluster = postgres.cluster(data.parent.parent)
            if postgres.is_alive(cluster):
                postgres.stop(cluster)
    shutil.rmtree(made, ignore_errors=True)


def environment(data_dir: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a `lindung` command: nothing of the test run's own settings."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("LINDUNG_")}
    return kept | ({"LINDUNG_DATA_DIR": str(data_dir)} if data_dir else {}) | more
