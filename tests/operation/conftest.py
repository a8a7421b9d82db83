"""Directories and servers of our own for tests that kill things."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import installation
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


@pytest.fixture(scope="session")
def migrated(shared: Path) -> Path:
    """An installation that is migrated and stopped, to be copied."""
    return installation.migrated(shared)


@pytest.fixture
def installed(migrated: Path, directory: Path) -> Path:
    """A migrated installation of one's own."""
    return installation.copied(migrated, directory / "data")
