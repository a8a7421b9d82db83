"""Construction projects: the contract and its addenda, and the certificate of membership."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.payers.models.kept import OWN_ROWS
from lindung.payers.models.payer import Payer
from lindung.places.models import Place

OF_OWN_PROJECT = f"project_id IN (SELECT id FROM payers_project WHERE {OWN_ROWS})"


class Project(Guarded):
    """A construction project of a contractor; its money is in its contracts."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=250)
    owner = models.CharField(max_length=150)  # who has it built
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    registered_on = models.DateField()
    registered_by = models.CharField(max_length=150)


class ProjectContract(AppendOnly):
    """The contract (sequence 1) or an addendum: each gives the whole terms anew. Rupiah.

    `vat_percent` is 0 when the value holds no VAT. With a known monthly `wage_bill` the contribution follows from it.
    `shares` are per cent of the contribution by instalment, `due_on` their days; the first may follow from signing."""

    company_rows = OF_OWN_PROJECT

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="contracts")
    sequence = models.SmallIntegerField()
    number = models.CharField(max_length=80)
    signed_on = models.DateField()
    value = models.BigIntegerField()
    vat_percent = models.SmallIntegerField(default=0)
    wage_bill = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    shares = ArrayField(models.SmallIntegerField())
    due_on = ArrayField(models.DateField(null=True))
    reason = models.CharField(max_length=250, default="")
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "sequence"], name="one_contract_per_sequence"),
            models.UniqueConstraint(fields=["number"], name="one_contract_per_number"),
            models.CheckConstraint(
                condition=models.Q(value__gt=0, vat_percent__range=(0, 100), sequence__gte=1)
                & (models.Q(wage_bill__isnull=True) | models.Q(wage_bill__gt=0)),
                name="contract_value_above_nothing",
            ),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="contract_ends_later"),
        ]


class ProjectCertificate(AppendOnly):
    """The branch's certificate of a project's membership, after its contribution, or the first instalment, was paid."""

    company_rows = OF_OWN_PROJECT

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="certificates")
    contract = models.OneToOneField(ProjectContract, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=80, unique=True)
    issued_on = models.DateField()
    paid_on = models.DateField()
    payment_reference = models.CharField(max_length=80)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())
