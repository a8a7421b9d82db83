"""Whether the database still enforces what it was told to: functions, triggers, policies and grants as they were
written, none of them changed, dropped or switched off behind our back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

from lindung.core.postgres import APP_ROLE

_FUNCTION = re.compile(r"CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(\w+)\s*\(.*?\bAS\s*(\$\w*\$)(.*?)\2", re.S | re.I)
_TRIGGER = re.compile(r"CREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)\s.*?\sON\s+(\w+)", re.S | re.I)
_POLICY = re.compile(r"CREATE\s+POLICY\s+(\w+)\s+ON\s+(\w+)", re.I)
_RULE = re.compile(r"ALTER\s+TABLE\s+(\w+)\s+ADD\s+CONSTRAINT\s+(\w+)", re.I)
_DROPPED = re.compile(r"DROP\s+(FUNCTION|TRIGGER)\s+(?:IF\s+EXISTS\s+)?(\w+)(?:\s+ON\s+(\w+))?", re.I)


@dataclass
class Guards:
    """The body of each function by name, and triggers, policies and constraints as (table, name)."""

    functions: dict[str, str] = field(default_factory=dict)
    triggers: set[tuple[str, str]] = field(default_factory=set)
    policies: set[tuple[str, str]] = field(default_factory=set)
    constraints: set[tuple[str, str]] = field(default_factory=set)
    append_only: set[str] = field(default_factory=set)

    def read(self, sql: str) -> None:
        """Follow what the statements of a migration make and drop."""
        for kind, name, table in _DROPPED.findall(sql):
            if kind.upper() == "FUNCTION":
                self.functions.pop(name, None)
            else:
                self.triggers.discard((table, name))
        self.functions |= {name: body for name, _quote, body in _FUNCTION.findall(sql)}
        # A function's body may make triggers too, on tables whose names it computes.
        self.triggers |= {(table, name) for name, table in _TRIGGER.findall(_FUNCTION.sub("", sql))}
        self.policies |= {(table, name) for name, table in _POLICY.findall(sql)}
        self.constraints |= set(_RULE.findall(sql))


def wanted() -> Guards:
    """What the applied migrations and the models' declarations ask for."""
    guards = Guards()
    loader = MigrationLoader(connection)
    plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    for key in plan:
        if key in loader.applied_migrations and key[0] in _own_labels():
            for sql in _statements(loader.graph.nodes[key].operations):
                guards.read(sql)
    for model in apps.get_models():
        table = model._meta.db_table
        guards.constraints |= {(table, constraint.name) for constraint in model._meta.constraints}
        if getattr(model, "append_only", False):
            guards.append_only.add(table)
            guards.triggers |= {(table, "append_only"), (table, "append_only_truncate")}
        if getattr(model, "scope_column", ""):
            guards.policies.add((table, "by_place"))
        if getattr(model, "company_rows", ""):
            guards.policies.add((table, "by_company"))
    return guards


def deviations() -> list[str]:
    """In what the database differs from `wanted`, one short phrase each; empty when it is as written."""
    asked = wanted()
    return [
        *_functions(asked.functions), *_triggers(asked.triggers), *_policies(asked.policies),
        *_constraints(asked.constraints), *_rights(asked.append_only),
    ]  # fmt: skip


def _own_labels() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("lindung.")}


def _statements(operations: Sequence[Operation]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _statements(operation.database_operations)
        elif isinstance(operation, RunSQL):
            parts = [operation.sql] if isinstance(operation.sql, str) else operation.sql
            yield from (part if isinstance(part, str) else part[0] for part in parts)


def _rows(sql: str, *parameters: str | list[str]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [tuple(row) for row in cursor.fetchall()]


def _functions(asked: dict[str, str]) -> Iterator[str]:
    found = _rows("SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    bodies = {row[0]: row[1] for row in found}
    for name, body in sorted(asked.items()):
        if name not in bodies:
            yield f"function {name} is missing"
        elif bodies[name].split() != body.split():
            yield f"function {name} was changed"


def _triggers(asked: set[tuple[str, str]]) -> Iterator[str]:
    found = _rows(
        "SELECT c.relname::text, t.tgname::text, t.tgenabled::text"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace"
    )
    for table, name in sorted(asked - {(table, name) for table, name, _ in found}):
        yield f"trigger {name} on {table} is missing"
    for table, name, _ in sorted(row for row in found if row[2] != "O"):
        yield f"trigger {name} on {table} is switched off"


def _policies(asked: set[tuple[str, str]]) -> Iterator[str]:
    guarded = {row[0] for row in _rows("SELECT relname::text FROM pg_class WHERE relrowsecurity")}
    found = set(_rows("SELECT tablename::text, policyname::text FROM pg_policies WHERE schemaname = 'public'"))
    for table, name in sorted(asked):
        if table not in guarded:
            yield f"row-level security is off on {table}"
        elif (table, name) not in found:
            yield f"policy {name} on {table} is missing"


def _constraints(asked: set[tuple[str, str]]) -> Iterator[str]:
    found = _rows(
        "SELECT conrelid::regclass::text, conname::text FROM pg_constraint WHERE convalidated"
        " UNION SELECT indrelid::regclass::text, relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    )
    for table, name in sorted(asked - set(found)):
        yield f"constraint {name} on {table} is missing"


def _rights(append_only: set[str]) -> Iterator[str]:
    for role, superuser, bypasses in _rows(
        "SELECT rolname::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", APP_ROLE
    ):
        if superuser or bypasses:
            yield f"role {role} is not held by row-level security"
    for (table,) in _rows(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)"
        " AND has_table_privilege(%s, oid, 'UPDATE, DELETE, TRUNCATE') ORDER BY 1",
        sorted(append_only), APP_ROLE,
    ):  # fmt: skip
        yield f"role {APP_ROLE} may change rows of {table}"
