"""Places of Indonesia by Kemendagri code, effective-dated, and the holidays of the working-day calendar."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from lindung.core.models import Guarded


class Place(Guarded):
    """A province, regency, district or village.

    `key` is the code's digits padded to ten (61.12.01.2001 → 6112012001; 61.12 → 6112000000), so that a place's whole
    subtree is one range of integers: the row-level security and every roll-up rest on that."""

    company_rows = "true"

    class Kind(models.TextChoices):
        PROVINCE = "province"
        REGENCY = "regency"
        DISTRICT = "district"
        VILLAGE = "village"

    key = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=120)  # the present name; earlier ones are in PlaceName
    kind = models.CharField(max_length=8, choices=Kind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    valid = DateRangeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    population = models.IntegerField(null=True)
    area_km2 = models.FloatField(null=True)
    postal_code = models.CharField(max_length=5, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["parent", "name"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class PlaceName(Guarded):
    """What a place was called, and when. Two names of one place never overlap in time."""

    company_rows = "true"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    valid = DateRangeField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_name_at_a_time",
                expressions=[("place", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Holiday(Guarded):
    """A day that is not worked: public holidays and the government's collective leave."""

    company_rows = "true"

    class Kind(models.TextChoices):
        PUBLIC = "public"
        COLLECTIVE = "collective_leave"

    date = models.DateField(primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind)
    estimated = models.BooleanField(default=False)
    source = models.CharField(max_length=120)
