"""Who pays contributions, and the agreements they pay under."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from lindung.core.models import Guarded
from lindung.payers.models.kept import OWN_ROWS
from lindung.places.models import Place


class Payer(Guarded):
    """A company, a regency office, a village, a donor, or a worker paying for himself."""

    company_rows = "id = ANY((SELECT core_payers())::bigint[])"

    class Kind(models.TextChoices):
        COMPANY = "company"
        REGENCY = "regency"  # an office that pays from the APBD
        VILLAGE = "village"  # pays from its own budget (APBDes, ADD)
        DONOR = "donor"
        SELF = "self"

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=150)
    npp = models.CharField(max_length=20, unique=True)  # employer number with BPJS Ketenagakerjaan
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    # JKK group 1–5, companies only: today's. The group of any day is in EmployerActivity.
    risk_group = models.SmallIntegerField(null=True)
    contact = models.CharField(max_length=150, default="")
    phone = models.CharField(max_length=20, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(risk_group__isnull=True) | models.Q(risk_group__range=(1, 5)),
                name="risk_group_1_to_5",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="company") | models.Q(risk_group__isnull=False), name="company_has_risk_group"
            ),
        ]


class Agreement(Guarded):
    """A cooperation agreement (PKS) between a payer and the branch; one that follows another `renews` it."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=250)
    valid = DateRangeField()
    renews = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="renewed_by")
