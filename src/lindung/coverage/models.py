"""Figures from outside, with their source, kept apart from ours; denominators; and our own counts."""

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
    as_of = models.DateField()  # the last day of `period`
    period = models.CharField(max_length=60, default="")  # as the source states it: «November 2023», «2019»
    source = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "kind", "as_of"], name="denominator_once")]


class Summary(Guarded):
    """One of our own counts for one place on one day: the page reads these, never the history they come from.

    Counts of people, money and claims are kept per village and add up; budgets per regency. `detail` tells apart the
    kinds of payers or the programmes. A month keeps its newest day only."""

    scope_column = "place_id"

    class Metric(models.TextChoices):
        PEOPLE_ACTIVE = "people_active"  # detail: kind of payer
        PEOPLE_GRACE = "people_grace"  # detail: kind of payer
        PEOPLE_FINANCED = "people_financed"  # detail: kind of payer; this fiscal year
        PERSON_MONTHS = "person_months"  # detail: kind of payer; this fiscal year
        BENEFIT_PAID = "benefit_paid"  # detail: programme; this year
        CLAIMS_PAID = "claims_paid"  # detail: programme; this year
        BENEFIT_PAID_EVER = "benefit_paid_ever"  # detail: programme; since our records begin
        CLAIMS_PAID_EVER = "claims_paid_ever"  # detail: programme; since our records begin
        BUDGET_CEILING = "budget_ceiling"  # this fiscal year
        BUDGET_COMMITTED = "budget_committed"  # this fiscal year, by approved decrees
        BUDGET_REALISED = "budget_realised"  # this fiscal year, by person-months paid

    as_of = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    metric = models.CharField(max_length=20, choices=Metric)
    detail = models.CharField(max_length=10, default="")
    since = models.DateField(null=True)  # counted from this day on; empty: the state on `as_of`, or all we have
    value = models.BigIntegerField()
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["as_of", "metric", "place", "detail"], name="summary_once")
        ]
