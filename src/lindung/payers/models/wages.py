"""Minimum wages of provinces, regencies and sectors."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lindung.payers.models.kept import Kept
from lindung.places.models import Place


class MinimumWage(Kept):
    """A minimum wage a month, in rupiah with sen as the decree has it. Where a regency has none, its province's holds."""

    company_rows = "true"

    class Kind(models.TextChoices):
        UMP = "UMP"  # province
        UMK = "UMK"  # regency or city
        UMSK = "UMSK"  # a sector in a regency

    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    kind = models.CharField(max_length=4, choices=Kind)
    sector = models.CharField(max_length=80, default="")  # of an UMSK only
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    confidence = models.CharField(max_length=1)  # T read in the decree, S a second source, M memory

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_minimum_wage_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL), ("kind", RangeOperators.EQUAL),
                    ("sector", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="minimum_wage_above_nothing"),
            models.CheckConstraint(condition=models.Q(confidence__in=["T", "S", "M"]), name="minimum_wage_confidence"),
            models.CheckConstraint(
                condition=models.Q(kind="UMSK") ^ models.Q(sector=""), name="minimum_wage_sector_if_umsk"
            ),
        ]  # fmt: skip
