"""The API against its own description: generated requests, with the token of a powerful and of a weak role.

Bounded: every boundary that the description names and a few random requests per operation, each undone. The seed is
fixed, so that a failure repeats. What is asked is made inside the tests: making it takes seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema

from lindung.core.models import User
from lindung.web.limits import LAW_CALLS, WRONG_TOKENS
from lindung.web.roles import ROLES, Role
from web.routes import api_routes
from web.small_world import SmallWorld, undone

if TYPE_CHECKING:
    from schemathesis.schemas import APIOperation, BaseSchema

pytestmark = pytest.mark.django_db
EVERYTHING = frozenset().union(*(role.permissions for role in ROLES.values()))
OPERATIONS = [f"{method} {path}" for path, methods in api_routes().items() for method in sorted(methods)]
DESCRIBED = [operation for operation in OPERATIONS if not operation.endswith("/openapi.json")]
WEAK_CALLS = 5  # the weak role is refused each time alike
FEW = settings(
    max_examples=3, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def schema(django_db_setup: None, django_db_blocker: Any) -> Iterator[BaseSchema]:
    """As a program reads it. While we ask, the end of a request must not close the small world's connection."""
    from schemathesis import openapi

    from lindung.web.wsgi import application

    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock():
        described = openapi.from_wsgi("/api/v1/openapi.json", application)
    yield described
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def powerful(small: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """The officer may do everything, so that every operation is entered."""
    monkeypatch.setitem(ROLES, "regency_officer", Role("regency_officer", "uji", EVERYTHING))
    monkeypatch.setattr(LAW_CALLS, "limit", 10**9)
    monkeypatch.setattr(WRONG_TOKENS, "limit", 10**9)
    assert User.objects.filter(username="regency_officer").exists()
    return small


def boundaries(schema: BaseSchema, operation: APIOperation) -> Iterator[Any]:
    """Each limit that the description names, kept and broken."""
    generation = schema.config.generation_for(operation=operation, phase="coverage")
    yield from schema.iter_coverage_cases(
        operation, generation_modes=generation.modes, generation_config=generation,
        extra_data_source=None, error_feedback=None,
    )  # fmt: skip


def check(case: Any, role: str) -> None:
    from schemathesis.checks import CHECKS

    wanted = CHECKS.get_by_names(
        ["not_a_server_error", "status_code_conformance", "response_schema_conformance", "content_type_conformance"]
    )
    with undone():
        answer = case.call(headers={"Authorization": f"Bearer token-of-{role}", "Accept-Encoding": "identity"})
    case.validate_response(answer, checks=wanted)


@pytest.mark.parametrize("name", DESCRIBED)
def test_the_api_is_as_described(name: str, schema: BaseSchema, powerful: SmallWorld) -> None:
    method, path = name.split(" ")
    operation = schema[f"/api/v1{path}"][method]
    for number, case in enumerate(boundaries(schema, operation)):
        check(case, "regency_officer")
        if number < WEAK_CALLS:
            check(case, "leadership")

    @FEW
    @given(case=st.one_of([operation.as_strategy(generation_mode=mode) for mode in schema.config.generation.modes]))
    def at_random(case: Any) -> None:
        check(case, "regency_officer")
        check(case, "leadership")

    at_random()


def test_one_name_is_one_schema() -> None:
    """The description knows a schema by its class's name: of two alike, one would hide the other."""
    kinds = list(_below(Schema))
    names = Counter(kind.__name__ for kind in kinds if kind.__module__.startswith("lindung."))
    assert [name for name, count in names.items() if count > 1] == []


def _below(kind: type[Schema]) -> Iterator[type[Schema]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def test_every_operation_says_what_it_is(schema: BaseSchema) -> None:
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
