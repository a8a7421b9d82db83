"""Every test run has a PostgreSQL of its own: really PostgreSQL, made in seconds, without fsync."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

RUN = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before Django connects; workers of xdist inherit its address."""
    from django.conf import settings

    from lindung.core import postgres
    from lindung.web.settings import database_from_url

    if "LINDUNG_TEST_DATABASE_URL" not in os.environ:
        directory = Path(tempfile.mkdtemp(prefix="lindung-test-", dir="/tmp"))
        directory.chmod(0o755)
        RUN.callback(shutil.rmtree, directory, ignore_errors=True)
        cluster = RUN.enter_context(
            postgres.running(directory / "db", {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
        )
        os.environ["LINDUNG_TEST_DATABASE_URL"] = cluster.url()
    settings.DATABASES["default"].update(database_from_url(os.environ["LINDUNG_TEST_DATABASE_URL"]))
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


def pytest_unconfigure(config: pytest.Config) -> None:
    RUN.close()


@pytest.fixture(scope="session", autouse=True)
def _static_without_manifest() -> Iterator[None]:
    """Pages in tests need no collected static files."""
    from django.test.utils import override_settings

    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_append_only_tables() -> Iterator[None]:
    """Between tests Django empties the tables, which our triggers rightly forbid: set them aside just for that."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_without_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        # CASCADE reaches the partitioned person-months, which Django does not manage.
        truncates = [f"{statement.rstrip(';')} CASCADE;" for statement in statements]
        flush(self, ["SET session_replication_role = replica;", *truncates, "SET session_replication_role = DEFAULT;"])

    DatabaseOperations.execute_sql_flush = flush_without_triggers
    yield
    DatabaseOperations.execute_sql_flush = flush
