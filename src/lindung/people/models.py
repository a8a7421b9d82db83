"""Persons, relatives, bank accounts, life events, and the civil registry's death notices."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.places.models import Place


class Person(Guarded):
    """A human being, once. `name_key` is the normalised name used for matching and search.

    Of their workers an employer's staff see what they told us themselves, not what the register knows besides."""

    scope_column = "place_id"
    company_rows = "id IN (SELECT person_id FROM membership_membership)"
    company_columns = ("id", "nik", "name", "birth_date", "sex")

    class Sex(models.TextChoices):
        MALE = "L"
        FEMALE = "P"

    nik = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=150)
    birth_date = models.DateField()
    birth_place = models.CharField(max_length=80, default="")
    sex = models.CharField(max_length=1, choices=Sex)
    mother_name = models.CharField(max_length=150, default="")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)  # village of residence; index below
    address = models.CharField(max_length=250, default="")
    phone = models.CharField(max_length=20, default="")
    occupation = models.CharField(max_length=80, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(nik__regex=r"^[0-9]{16}$"), name="nik_has_16_digits"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="person_name_trgm"),
            models.Index(fields=["birth_date", "name_key"]),
            models.Index(fields=["name_key", "id"]),
            models.Index(fields=["place", "name_key", "id"]),  # a village's list
        ]


class Relative(Guarded):
    """A member of a person's family: spouse, child, parent … the possible heirs (PP 44/2015 Art 40)."""

    scope_column = "place_id"

    class Relation(models.TextChoices):
        SPOUSE = "spouse"
        CHILD = "child"
        PARENT = "parent"
        GRANDPARENT = "grandparent"
        GRANDCHILD = "grandchild"
        SIBLING = "sibling"
        PARENT_IN_LAW = "parent_in_law"
        WILL = "will"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relatives")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the person's, for row-level security
    relation = models.CharField(max_length=16, choices=Relation)
    name = models.CharField(max_length=150)
    nik = models.CharField(max_length=16, default="")
    birth_date = models.DateField(null=True)
    phone = models.CharField(max_length=20, default="")
    alive = models.BooleanField(default=True)


class LifeEvent(AppendOnly):
    """Something that changes a person's standing: death, moving away. A correction is a new row that `corrects`."""

    scope_column = "place_id"

    class Kind(models.TextChoices):
        DEATH = "death"
        MOVED = "moved"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="life_events")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind)
    occurred_on = models.DateField()
    source = models.CharField(max_length=60)
    source_ref = models.CharField(max_length=120, default="")
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.CharField(max_length=150)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True)
    void = models.BooleanField(default=False)  # the correction says that it did not happen


class DeathNotice(AppendOnly):
    """One row of a death list of the civil registry (Dukcapil), matched to a person or not."""

    scope_column = "place_id"

    nik = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=150)
    birth_date = models.DateField(null=True)
    died_on = models.DateField()
    certificate_no = models.CharField(max_length=60, default="")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="death_notices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the list's regency
    file_digest = models.CharField(max_length=64)
    row_no = models.IntegerField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file_digest", "row_no"], name="notice_once"),
        ]
