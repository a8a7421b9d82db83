"""Starts what a command needs: the data directory, the embedded PostgreSQL if no other is named, Django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lindung.core import postgres
from lindung.core.home import default_home


@dataclass(frozen=True)
class Runtime:
    """Where this command works: its data directory, and the two ways into the database."""

    data_dir: Path
    owner_url: str
    app_url: str
    cluster: postgres.Cluster | None

    def child_environment(self) -> dict[str, str]:
        """The environment of processes that serve: they know the application's login, not the owner's."""
        private = {"DATABASE_URL", "LINDUNG_APP_DATABASE_URL"}
        environment = {name: value for name, value in os.environ.items() if name not in private}
        return {
            **environment, "LINDUNG_DATA_DIR": str(self.data_dir), "LINDUNG_APP_DATABASE_URL": self.app_url,
        }  # fmt: skip


@contextmanager
def runtime(data_dir: Path | None, name: str = "data") -> Iterator[Runtime]:
    """Run the block with Django set up on the owner's connection. `name` is the default directory's name.

    Raises PostgresError with a way out when the embedded server cannot start."""
    directory = (data_dir or Path(os.environ.get("LINDUNG_DATA_DIR") or default_home() / name)).resolve()
    os.environ["LINDUNG_DATA_DIR"] = str(directory)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.web.settings")
    if url := os.environ.get("DATABASE_URL"):
        app_url = os.environ.get("LINDUNG_APP_DATABASE_URL", url)
        os.environ.pop("LINDUNG_APP_DATABASE_URL", None)  # this process migrates: it is the owner
        directory.mkdir(parents=True, exist_ok=True)
        _check_answers(url)
        _setup_django()
        try:
            yield Runtime(directory, url, app_url, None)
        finally:
            _close_connections()
        return
    with postgres.running(directory) as cluster:
        os.environ["DATABASE_URL"] = cluster.url()
        try:
            _setup_django()
            yield Runtime(directory, cluster.url(), cluster.url(postgres.APP_ROLE), cluster)
        finally:
            os.environ.pop("DATABASE_URL", None)
            _close_connections()


def _check_answers(url: str) -> None:
    """Raises PostgresError, with the server's own words, when the named database cannot be entered."""
    import psycopg

    form = "It must read postgresql://USER:PASSWORD@HOST/DATABASE"  # pragma: allowlist secret
    if not url.startswith(("postgresql://", "postgres://")):  # the server's own words would repeat a password
        raise postgres.PostgresError(f"DATABASE_URL is not the address of a PostgreSQL database. {form}.")
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        raise postgres.PostgresError(
            f"The database that DATABASE_URL names does not answer: {str(error).strip()}\n"
            f"{form}, and its server must be running."
        ) from error


def _setup_django() -> None:
    import django

    django.setup()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
