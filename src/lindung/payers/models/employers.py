"""What is known of an employer: who it is, what it does, how large it is, which programmes, units, contacts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.payers.models.kept import OWN_ROWS, Kept
from lindung.payers.models.payer import Payer
from lindung.places.models import Place


class FirmSize(models.TextChoices):
    """Sizes of an employer as the law knows them (PP 7/2021, Perpres 109/2013 Art 6)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    STATE = "state"  # a state body that employs people who are not civil servants


def one_at_a_time(name: str, subject: str = "payer") -> ExclusionConstraint:
    """No two standing rows of one subject on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[(subject, RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
        condition=models.Q(superseded_at__isnull=True),
    )


class Employer(Guarded):
    """A payer with workers of its own. Changes of who it is are kept in EmployerChange."""

    company_rows = OWN_ROWS

    payer = models.OneToOneField(Payer, on_delete=models.PROTECT, primary_key=True, related_name="employer")
    nib = models.CharField(max_length=13, unique=True, null=True)  # business identity number of OSS
    npwp = models.CharField(max_length=16, null=True)  # always in its form of 16 digits
    owner = models.CharField(max_length=150, default="")
    email = models.CharField(max_length=150, default="")
    address = models.CharField(max_length=250, default="")
    joined_on = models.DateField()  # start of membership
    registered_by = models.CharField(max_length=150)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(nib__isnull=True) | models.Q(nib__regex=r"^[0-9]{13}$"), name="nib_has_13_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(npwp__isnull=True) | models.Q(npwp__regex=r"^[0-9]{16}$"), name="npwp_has_16_digits"
            ),
        ]


class EmployerChange(AppendOnly):
    """A change of name, numbers, owner, address …: what it was before, what it is now, why."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="changes")
    effective_on = models.DateField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=250)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())


class EmployerActivity(Kept):
    """What the employer does: KBLI codes, the first the main one, and the JKK risk group somebody decided on."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="activities")
    kbli = ArrayField(models.CharField(max_length=5), default=list)
    entry = models.CharField(max_length=10, default="")  # of the law's list of risk groups, such as III.60
    description = models.CharField(max_length=250, default="")
    risk_group = models.SmallIntegerField()
    decided_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            one_at_a_time("one_activity_at_a_time"),
            models.CheckConstraint(condition=models.Q(risk_group__range=(1, 5)), name="activity_risk_group_1_to_5"),
        ]


class EmployerScale(Kept):
    """How large the employer is; capital and sales in rupiah, capital without land and buildings of the business."""

    company_rows = OWN_ROWS

    class Basis(models.TextChoices):
        LAW = "law"  # worked out from capital or sales
        STATED = "stated"  # as the employer, or the officer, says

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="scales")
    firm_size = models.CharField(max_length=6, choices=FirmSize)
    basis = models.CharField(max_length=6, choices=Basis)
    capital = models.BigIntegerField(null=True)
    annual_sales = models.BigIntegerField(null=True)
    workers = models.IntegerField(null=True)  # declared, of all kinds

    class Meta:
        constraints: ClassVar = [
            one_at_a_time("one_scale_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(firm_size__in=["micro", "small", "medium", "large", "state"]), name="known_firm_size"
            ),
            models.CheckConstraint(
                condition=(models.Q(capital__isnull=True) | models.Q(capital__gte=0))
                & (models.Q(annual_sales__isnull=True) | models.Q(annual_sales__gte=0))
                & (models.Q(workers__isnull=True) | models.Q(workers__gte=0)),
                name="scale_not_negative",
            ),
        ]


class EmployerProgrammes(Kept):
    """The programmes taken, where they differ from what the law asks of this size; null: as the law asks."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="programme_choices")
    programmes = ArrayField(models.CharField(max_length=3), null=True)

    class Meta:
        constraints: ClassVar = [
            one_at_a_time("one_programme_choice_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(programmes__isnull=True)
                | models.Q(programmes__contained_by=["JKK", "JKM", "JHT", "JP", "JKP"], programmes__len__gte=1),
                name="known_programmes",
            ),
        ]


class Unit(Guarded):
    """A division of an employer, with the code that wage reports name."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=150)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["payer", "code"], name="one_unit_per_code")]


class Contact(Guarded):
    """Whom to ask at an employer, and for what."""

    company_rows = OWN_ROWS

    class Role(models.TextChoices):
        HR = "hr"
        FINANCE = "finance"
        SAFETY = "safety"
        LEADER = "leader"

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="contacts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=8, choices=Role)
    phone = models.CharField(max_length=20, default="")
    email = models.CharField(max_length=150, default="")
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_contact_entry_at_a_time",
                expressions=[
                    ("payer", RangeOperators.EQUAL), ("name", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS),
                ],
            )  # fmt: skip
        ]
