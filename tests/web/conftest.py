"""One small world for the folder, in one transaction that is undone at its end; each test undoes its own writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from lindung.web.limits import LAW_CALLS, WRONG_TOKENS
from web.small_world import SmallWorld, build, undone


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallWorld]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def small(built: SmallWorld) -> Iterator[SmallWorld]:
    with undone():
        yield built


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    LAW_CALLS.forget()
    WRONG_TOKENS.forget()


@pytest.fixture
def _django_db_helper() -> None:
    """In this folder the mark `django_db` only asks for a database; `small` undoes what a test did."""
