"""One migrated installation for the whole run: made once, by whoever asks first, and copied for everybody else.

The workers of xdist share the directory; what a test may spoil is a copy of its own."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from textwrap import indent

from lindung.core import postgres

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Tests fill tables, undo it and fill them again: counted while empty, a table is taken for empty by every plan after.
UNCOUNTED = {"autovacuum": "off"}


def quick(directory: Path, **more: str) -> AbstractContextManager[postgres.Cluster]:
    """A running cluster that does not wait for the disk; commands started meanwhile share it."""
    return postgres.running(directory, QUICK | more)


def environment(data_dir: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a `lindung` command: nothing of the test run's own settings.

    The first command keeps what it compiled, or each would compile the sources anew."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("LINDUNG_")}
    return kept | ({"LINDUNG_DATA_DIR": str(data_dir)} if data_dir else {}) | more


def lindung(*arguments: str, env: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command `lindung`, as its users do."""
    command = [sys.executable, "-c", "from lindung.web.cli import main; main()", *arguments]
    return subprocess.run(command, env=env, input=stdin, capture_output=True, text=True, timeout=120)


def in_django(script: str, env: dict[str, str]) -> str:
    """Run a script on an installation, as the database's owner; returns what it printed."""
    opened = f"from lindung.web.runtime import runtime\nwith runtime(None) as running:\n{indent(script, '    ')}"
    tests = str(Path(__file__).resolve().parent)
    path = os.pathsep.join(filter(None, [tests, env.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-c", opened], env={**env, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def copied(source: Path, target: Path) -> Path:
    """A stopped installation of one's own, with its owners and times."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    return target


def migrated(shared: Path) -> Path:
    """An installation that `lindung migrate` made and that is stopped, below the run's directory; for copying."""
    made = shared / "migrated"
    with _alone(shared / "migrated.lock"):
        if not (shared / "migrated.ready").exists():
            with quick(made):
                done = lindung("migrate", env=environment(made))
                assert done.returncode == 0, done.stderr
            (shared / "migrated.ready").touch()
    return made


@contextmanager
def served(shared: Path) -> Iterator[postgres.Cluster]:
    """The server of the tests' databases, whose template is the database of `migrated`. The last to leave stops it."""
    with _alone(shared / "served.lock"):
        if not (shared / "served").exists():
            copied(migrated(shared), shared / "served")
        server = quick(shared / "served", **UNCOUNTED)
        cluster = server.__enter__()
    try:
        yield cluster
    finally:
        server.__exit__(None, None, None)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
