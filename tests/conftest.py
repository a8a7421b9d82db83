"""Every test run has a PostgreSQL of its own: really PostgreSQL, migrated once, without fsync.

LINDUNG_TEST_DATABASE_URL names another server; pytest-django then makes its databases there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import installation
import psycopg
import pytest
from hypothesis import HealthCheck, settings

from lindung.core import postgres

OTHER_SERVER = os.environ.get("LINDUNG_TEST_DATABASE_URL")
SHARED = "LINDUNG_TEST_DIRECTORY"  # the run's directory; workers of xdist inherit it
BEGUN: list[Thread] = []

# Folders whose tests share what is dear to make, a demonstration or a server that is killed: each on one worker. Of all
# others a file is.
TOGETHER = {
    "browser": "browser", "operation": "operation", "banking": "operation", "web": "web", "nation": "nation",
    "demo": "demo", "ui": "ui",
}  # fmt: skip
# What needs no database goes first, while one is migrated; then the longest.
FIRST = ("law", "formats", *TOGETHER)

# Properties are tried without a stopwatch: a busy machine is no fault of theirs.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """Name the server before Django connects; nothing is started for tests that need no database."""
    from django.conf import settings

    from lindung.web.settings import database_from_url

    if SHARED not in os.environ:
        directory = Path(tempfile.mkdtemp(prefix="lindung-test-", dir="/tmp"))
        directory.chmod(0o755)
        os.environ[SHARED] = str(directory)
        config.add_cleanup(lambda: _tidy(directory))
        if getattr(config.option, "numprocesses", None):  # while the workers start and collect
            BEGUN.append(Thread(target=installation.migrated, args=(directory,)))
            BEGUN[0].start()
    url = OTHER_SERVER or postgres.cluster(Path(os.environ[SHARED]) / "served").url()
    settings.DATABASES["default"].update(database_from_url(url))
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of FIRST, then as they stand in the tree."""
    items.sort(key=lambda item: FIRST.index(folder) if (folder := _folder(item.nodeid)) in FIRST else len(FIRST))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests go to workers in the order above, those that belong together to one."""
    from xdist.scheduler import LoadScopeScheduling

    class Folders(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return TOGETHER.get(_folder(nodeid)) or nodeid.partition("::")[0]

    config.option.loadscopereorder = False  # the scheduler would put the most tests first, not the longest
    return Folders(config, log)


def _folder(nodeid: str) -> str:
    """The folder below tests/ that a test stands in."""
    return nodeid.partition("tests/")[2].partition("/")[0]


def _tidy(directory: Path) -> None:
    for thread in BEGUN:
        thread.join()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of what the whole run shares."""
    return Path(os.environ[SHARED])


if OTHER_SERVER is None:

    @pytest.fixture(scope="session")
    def django_db_setup(django_test_environment: None, shared: Path) -> Iterator[None]:
        """This process's database: a copy of the migrated one."""
        from django.db import connection

        name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        with installation.served(shared) as cluster:
            with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as administrator:
                administrator.execute(f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE}")
            connection.settings_dict["NAME"] = name
            yield


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


# All but what a migration puts there.
EMPTY = """
DO $$
DECLARE known regclass;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR known IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', 'ledger_account') LOOP
    EXECUTE format('DELETE FROM %s', known);
  END LOOP;
END $$
"""


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """What one test asked for in English, the next one does not see in it."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_quickly() -> Iterator[None]:
    """After a test that committed, delete every row, past the triggers that rightly forbid it.

    Django's own `flush` truncates each table, and applies the guards once more: a second for each test."""
    from django.db import connection
    from django.test import TransactionTestCase

    def empty(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute(EMPTY)

    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = empty
    yield
    TransactionTestCase._fixture_teardown = before
