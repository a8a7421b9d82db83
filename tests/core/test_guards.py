"""What PostgreSQL itself refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from lindung.core import guards
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.log import record, verify_chain
from lindung.core.models import ActionEntry, ActionLink
from lindung.core.postgres import APP_ROLE

pytestmark = pytest.mark.django_db(transaction=True)
WATCHER = Actor(7, "Ibu Rina", "auditor", frozenset(), ((6112000000, 6112999999),))


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_log_is_chained_at_commit_and_shows_tampering() -> None:
    for number in range(3):
        with acting_as(SYSTEM):
            record(SYSTEM, "test", f"thing:{number}", "because")
    assert verify_chain().entries == 3
    assert verify_chain().broken_at is None
    run("ALTER TABLE core_actionentry DISABLE TRIGGER append_only")
    run("UPDATE core_actionentry SET reason = 'another' WHERE subject = 'thing:1'")
    run("ALTER TABLE core_actionentry ENABLE TRIGGER append_only")
    assert verify_chain().broken_at == ActionLink.objects.get(entry__subject="thing:1").sequence


def test_a_removed_entry_shows() -> None:
    for number in range(3):
        with acting_as(SYSTEM):
            record(SYSTEM, "test", f"thing:{number}")
    run("SET session_replication_role = replica")
    run("DELETE FROM core_actionlink WHERE sequence = 2")
    run("DELETE FROM core_actionentry WHERE subject = 'thing:1'")
    run("SET session_replication_role = DEFAULT")
    assert verify_chain().broken_at == 3


def test_rolled_back_acts_leave_no_trace() -> None:
    with pytest.raises(ZeroDivisionError), acting_as(SYSTEM):
        record(SYSTEM, "test", "thing:1")
        _ = 1 / 0
    assert verify_chain().entries == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_actionentry SET reason = 'x'",
        "DELETE FROM core_actionentry",
        "TRUNCATE core_actionentry CASCADE",
    ],
)
def test_append_only_holds_even_for_the_owner(sql: str) -> None:
    with acting_as(SYSTEM):
        record(SYSTEM, "test", "thing:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        run(sql)
    assert ActionEntry.objects.count() == 1


def test_nobody_forges_a_link() -> None:
    with acting_as(SYSTEM):
        entry = record(SYSTEM, "test", "thing:1")
    with pytest.raises(ProgrammingError), acting_as(SYSTEM):
        ActionLink.objects.create(sequence=9, entry=entry, previous="0" * 64, digest="1" * 64)


def test_acting_as_returns_to_the_outer_actor() -> None:
    with acting_as(SYSTEM), connection.cursor() as cursor:
        with acting_as(WATCHER):
            cursor.execute("SELECT current_setting('lindung.actor'), core_scope()::text, current_user")
            assert cursor.fetchone() == ("7", "{[6112000000,6113000000)}", "lindung_app")
        cursor.execute("SELECT current_setting('lindung.actor')")
        assert cursor.fetchone() == ("",)


def test_partitions_stay_closed_when_the_guards_are_applied_again() -> None:
    """Row-level security holds on the parent only."""
    run("SELECT contributions_ensure_month('2024-03-01')")
    guards.apply()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE, DELETE'))"
            " FROM pg_class WHERE relispartition AND relkind = 'r'", [APP_ROLE],
        )  # fmt: skip
        partitions, open_ones = cursor.fetchone()
    assert partitions > 0 and open_ones == 0
