"""Users, the action log, stored files, jobs, and the one row that says which regency this installation serves."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Guarded(models.Model):
    """Base of every model of Lindung; `guards.py` turns these declarations into grants, triggers and policies.

    `append_only`: rows are never changed or deleted, by anyone.
    `sealed`: only the database's own triggers write rows.
    `scope_column`: the column with the place key that row-level security compares with the actor's scope.
    `company_rows`: a condition in SQL, the rows that an employer's staff may see; without it they see none.
    `company_columns`: of those rows they see these columns only (none named: all).
    `company_writes`: they may also write such rows."""

    append_only: ClassVar[bool] = False
    sealed: ClassVar[bool] = False
    scope_column: ClassVar[str] = ""
    company_rows: ClassVar[str] = ""
    company_columns: ClassVar[tuple[str, ...]] = ()
    company_writes: ClassVar[bool] = False

    class Meta:
        abstract = True


class AppendOnly(Guarded):
    """Rows that money, cover or the audit rests on."""

    append_only = True

    class Meta:
        abstract = True


class User(AbstractUser):
    """Someone who signs in. The role decides what they may do, the places where; an employer's staff have payers."""

    role = models.CharField(max_length=40, default="")
    place_keys = ArrayField(models.BigIntegerField(), default=list, blank=True)
    payer_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    title = models.CharField(max_length=120, blank=True)  # office and position, as shown on decrees
    language = models.CharField(max_length=5, default="id")

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(Guarded):
    """A token for programs. Only its hash is kept; it acts as its user and can be revoked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class ActionEntry(AppendOnly):
    """One act: who, when, what, on what, why, and what changed. Chained by hash in ActionLink at commit."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=40)
    action = models.CharField(max_length=80)  # sought with the actor and the subject by one index (migration 0003)
    subject = models.CharField(max_length=120)
    reason = models.TextField(default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class ActionLink(AppendOnly):
    """The hash chain over the action log: removing or changing an entry shows. Written by a trigger at commit."""

    sealed = True

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(ActionEntry, on_delete=models.PROTECT)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)


class AccessEntry(AppendOnly):
    """Someone looked at a person's record."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, db_index=True)
    purpose = models.CharField(max_length=120)


class StoredFile(AppendOnly):
    """A file as it came or went out, encrypted; found again by the hash of its content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, db_index=True)  # sha-256 of the plain content
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    content = models.BinaryField()
    stored_at = models.DateTimeField(db_default=Now())
    stored_by = models.CharField(max_length=150)


class Job(Guarded):
    """A background job as its owner sees it: state, progress, result. The queue itself is procrastinate's."""

    company_rows = "actor_id = nullif(current_setting('lindung.actor', true), '')::bigint"

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    actor_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    message = models.TextField(default="")
    result_url = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())


class Installation(Guarded):
    """Which regency this database serves; one row. `business_date` is set only in demonstration databases."""

    company_rows = "true"

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    place_key = models.BigIntegerField()
    business_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_installation")]
