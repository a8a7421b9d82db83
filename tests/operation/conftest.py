"""Directories and servers of our own for tests that kill things."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import indent

import pytest

from lindung.core import postgres


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On one worker: they share a migrated cluster, and servers started side by side would slow each other."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("operation"))


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


def quick(directory: Path) -> AbstractContextManager[postgres.Cluster]:
    """A running cluster that does not wait for the disk; commands started meanwhile share it."""
    return postgres.running(directory, {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})


def environment(data_dir: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a `lindung` command: nothing of the test run's own settings."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("LINDUNG_")}
    return kept | ({"LINDUNG_DATA_DIR": str(data_dir)} if data_dir else {}) | more


def lindung(*arguments: str, env: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command `lindung`, as its users do."""
    command = [sys.executable, "-c", "from lindung.web.cli import main; main()", *arguments]
    return subprocess.run(command, env=env, input=stdin, capture_output=True, text=True, timeout=120)


def in_django(script: str, env: dict[str, str]) -> str:
    """Run a script on an installation, as the database's owner; returns what it printed."""
    opened = f"from lindung.web.runtime import runtime\nwith runtime(None) as running:\n{indent(script, '    ')}"
    tests = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [tests, env.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-c", opened], env={**env, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path]:
    """An installation that is migrated and stopped, to be copied."""
    made = Path(tempfile.mkdtemp(prefix="lindung-op-", dir="/tmp"))
    made.chmod(0o755)
    with quick(made / "data"):
        done = lindung("migrate", env=environment(made / "data"))
        assert done.returncode == 0, done.stderr
    yield made / "data"
    shutil.rmtree(made)


@pytest.fixture
def installed(migrated: Path, directory: Path) -> Path:
    """A migrated installation of one's own."""
    subprocess.run(["cp", "-a", str(migrated), str(directory / "data")], check=True)
    return directory / "data"
