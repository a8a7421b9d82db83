"""The earlier version serves while the next one migrates: no migration may hold a table for long or break old code.

The rules are in docs/operator.md, "Upgrade". The first migrations of a room are free: nothing serves from its tables
yet. What is later than FIRST_RELEASE is read, and what breaks a rule must say why it is safe in SAFE_BECAUSE."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

# The last migration of each room in the first release. Raised until that release is out, never afterwards.
FIRST_RELEASE = {
    "core": 5, "places": 1, "people": 4, "payers": 3, "membership": 3, "ledger": 3, "contributions": 11,
    "assistance": 5, "claims": 6, "wages": 5, "banking": 2, "reconciliation": 2, "selfpay": 1, "coverage": 2,
    "compliance": 3,
}  # fmt: skip
SAFE_BECAUSE: dict[tuple[str, str], str] = {}

BLOCKING_SQL = {
    r"ALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE": "rewrites the table: add a column, fill it, switch later",
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "blocks writes: CREATE INDEX CONCURRENTLY, with atomic = False",
    r"SET\s+NOT\s+NULL": "reads the whole table: CHECK … NOT VALID, VALIDATE, then SET NOT NULL",
    r"ADD\s+CONSTRAINT\s+(?!.*NOT\s+VALID)": "reads the whole table: NOT VALID first, VALIDATE in the next migration",
    r"\b(DROP\s+TABLE|DROP\s+COLUMN|RENAME\s)": "the earlier version still uses it: a release later",
    r"\b(VACUUM\s+FULL|CLUSTER\s|LOCK\s+TABLE)": "holds the table",
}


def problems_of(operation: Operation, new_tables: set[str]) -> Iterator[str]:
    """What would make the earlier version fail or wait."""
    table = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
    if table in new_tables and not isinstance(operation, migrations.RunSQL):
        return
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not field.null and field.db_default is NOT_PROVIDED and not isinstance(field, models.ManyToManyField):
            yield f"{operation.name}: the earlier version inserts without it: null=True or db_default="
    elif isinstance(operation, migrations.AlterField):
        yield f"{operation.name}: may rewrite or lock the table; say in SAFE_BECAUSE what it does to it"
    elif isinstance(operation, migrations.RemoveField | migrations.DeleteModel | migrations.RenameField
                    | migrations.RenameModel | migrations.AlterModelTable):  # fmt: skip
        yield f"{operation.describe()}: the earlier version still uses it: a release later"
    elif type(operation) is migrations.AddIndex:
        yield f"{operation.describe()}: blocks writes: AddIndexConcurrently, with atomic = False"
    elif type(operation) is migrations.AddConstraint:
        yield f"{operation.describe()}: reads the whole table: AddConstraintNotValid, then ValidateConstraint"
    elif isinstance(operation, migrations.RunPython):
        yield "RunPython: fill in batches outside the migration, or say in SAFE_BECAUSE why it is short"
    elif isinstance(operation, migrations.RunSQL):
        yield from (why for pattern, why in BLOCKING_SQL.items() if re.search(pattern, str(operation.sql), re.I | re.S))


def problems(migration: Migration) -> list[str]:
    """Every rule that a migration breaks."""
    operations = list(migration.operations)
    for operation in migration.operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            operations += operation.database_operations
    new_tables = {o.name.lower() for o in operations if isinstance(o, migrations.CreateModel)}
    return [problem for operation in operations for problem in problems_of(operation, new_tables)]


def ours() -> list[tuple[str, Migration]]:
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("lindung.")}
    return [(label, migration) for (label, _), migration in loader.disk_migrations.items() if label in labels]


def test_later_migrations_let_the_earlier_version_serve() -> None:
    found = {
        f"{label}.{migration.name}": said
        for label, migration in ours()
        if int(migration.name[:4]) > FIRST_RELEASE[label] and (label, migration.name) not in SAFE_BECAUSE
        if (said := problems(migration))
    }
    assert not found


def test_every_room_with_migrations_is_watched() -> None:
    assert {label for label, _ in ours()} == set(FIRST_RELEASE)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("person", "nickname", models.CharField(max_length=9, default="")),
        migrations.AlterField("person", "nik", models.TextField()),
        migrations.RemoveField("person", "nik"),
        migrations.AddIndex("person", models.Index(fields=["nik"], name="x")),
        migrations.AddConstraint("person", models.CheckConstraint(condition=models.Q(id__gt=0), name="x")),
        migrations.RunSQL("ALTER TABLE people_person ALTER COLUMN nik TYPE text"),
        migrations.RunSQL("CREATE INDEX x ON people_person (nik)"),
        migrations.RunSQL("ALTER TABLE people_person ADD CONSTRAINT x CHECK (id > 0)"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_holds_a_table_is_found(operation: Operation) -> None:
    migration = Migration("9999_example", "people")
    migration.operations = [operation]
    assert problems(migration)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("person", "nickname", models.CharField(max_length=9, null=True)),
        migrations.AddField("person", "nickname", models.CharField(max_length=9, db_default="")),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON people_person (nik)"),
        migrations.RunSQL("ALTER TABLE people_person ADD CONSTRAINT x CHECK (id > 0) NOT VALID"),
        AddIndexConcurrently("person", models.Index(fields=["nik"], name="x")),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_lets_others_work_is_not(operation: Operation) -> None:
    migration = Migration("9999_example", "people")
    migration.operations = [operation]
    assert problems(migration) == []


@pytest.mark.django_db(transaction=True)
def test_migrating_gives_way_to_whoever_uses_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that waits for a lock gives up after the time-out instead of making everybody queue behind it."""
    from django.core import management
    from django.db import connection, transaction

    from lindung.core.errors import Conflict
    from lindung.core.jobs import own_connection
    from lindung.web import migrating

    tries = []

    def migrate(*_: object, **__: object) -> None:
        tries.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_job IN ACCESS EXCLUSIVE MODE")

    monkeypatch.setattr(management, "call_command", migrate)
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating.time, "sleep", lambda _: None)
    with own_connection() as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM core_job")
        with pytest.raises(Conflict, match="sedang dipakai"):
            migrating.migrate_database()
    assert len(tries) == migrating.ATTEMPTS
