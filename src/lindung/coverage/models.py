"""Figures from outside, with their source, kept apart from ours; and denominators."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.core.models import Guarded
from lindung.places.models import Place


class ExternalFigure(Guarded):
    """A figure somebody published. Never added to or compared with ours without saying so."""

    code = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    value = models.BigIntegerField()
    unit = models.CharField(max_length=40)
    at_least = models.BooleanField(default=False)  # «lebih dari»
    as_of = models.DateField(null=True)
    period = models.CharField(max_length=120)  # or that none was stated
    source = models.CharField(max_length=250)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "place", "source"], name="figure_once")]


class Denominator(Guarded):
    """What a share is a share of: workers or inhabitants of a place, with source and date."""

    class Kind(models.TextChoices):
        WORKERS = "workers"
        POPULATION = "population"

    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.BigIntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "kind", "as_of"], name="denominator_once")]
