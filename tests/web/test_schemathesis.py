"""The API against its own description: generated requests, with the token of a powerful and of a weak role.

Bounded: a few requests per operation and role, each undone. The seed is fixed, so that a failure repeats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS

from lindung.core.models import User
from lindung.web.limits import LAW_CALLS, WRONG_TOKENS
from lindung.web.roles import ROLES, Role
from lindung.web.wsgi import application
from web.routes import api_routes
from web.small_world import SmallWorld, undone

pytestmark = pytest.mark.django_db
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
WANTED = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "response_schema_conformance", "content_type_conformance"]
)
EVERYTHING = frozenset().union(*(role.permissions for role in ROLES.values()))


@pytest.fixture
def powerful(small: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallWorld]:
    """The officer may do everything, so that every operation is entered; the world's connection stays open."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    monkeypatch.setitem(ROLES, "regency_officer", Role("regency_officer", "uji", EVERYTHING))
    monkeypatch.setattr(LAW_CALLS, "limit", 10**9)
    monkeypatch.setattr(WRONG_TOKENS, "limit", 10**9)
    assert User.objects.filter(username="regency_officer").exists()
    yield small
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=3, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_api_is_as_described(case: Any, powerful: SmallWorld) -> None:
    for role in ("regency_officer", "leadership"):
        with undone():
            answer = case.call(headers={"Authorization": f"Bearer token-of-{role}", "Accept-Encoding": "identity"})
        case.validate_response(answer, checks=WANTED)


def test_every_operation_says_what_it_is() -> None:
    document = schema.raw_schema
    assert document["components"]["securitySchemes"]["TokenAuth"] == {"type": "http", "scheme": "bearer"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            refusals = {status for status in operation["responses"] if status.startswith("4")}
            assert operation["summary"] and operation["tags"], path
            assert {"422", "429"} <= refusals
            assert "/law/" in path or {"401", "403"} <= refusals
            bodies = [operation["responses"][status]["content"]["application/json"] for status in refusals]
            assert all(body["schema"]["$ref"].endswith("/ErrorOut") for body in bodies), path
    assert len(document["paths"]) == len(api_routes()) - 1
