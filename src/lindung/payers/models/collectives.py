"""Payers who collect for others ("wadah"), their agents, and for each payment the people it pays for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.payers.models.kept import OWN_ROWS
from lindung.payers.models.payer import Payer
from lindung.people.models import Person
from lindung.places.models import Place

OF_OWN_COLLECTIVE = "collective_id = ANY((SELECT core_payers())::bigint[])"  # a collective's key is its payer's


class Agent(Guarded):
    """A social security agent (Perisai), with the number of the appointment."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    phone = models.CharField(max_length=20, default="")
    email = models.CharField(max_length=150, default="")
    valid = DateRangeField()


class Collective(Guarded):
    """A payer that pays for people who are not its workers."""

    company_rows = OWN_ROWS

    class Code(models.TextChoices):
        CORPORATION = "SC"
        BANK = "SB"
        GOVERNMENT = "SG"
        VILLAGE = "SD"  # by the village's budget
        REGENCY_FOR_VILLAGE = "SA"  # by the regency's budget
        OTHER_VILLAGE = "SL"

    payer = models.OneToOneField(Payer, on_delete=models.PROTECT, primary_key=True, related_name="collective")
    code = models.CharField(max_length=2, choices=Code)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="collectives")
    registered_on = models.DateField()
    registered_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(code__in=["SC", "SB", "SG", "SD", "SA", "SL"]), name="known_container_code"
            )
        ]


class CollectiveMember(Guarded):
    """Somebody a collective pays for, from a day to a day."""

    company_rows = OF_OWN_COLLECTIVE

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="member_once_at_a_time",
                expressions=[
                    ("collective", RangeOperators.EQUAL), ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )  # fmt: skip
        ]


class CollectivePayment(AppendOnly):
    """Money a collective paid. Its lines name everybody it pays for and add up to it: a trigger sees to both."""

    company_rows = OF_OWN_COLLECTIVE

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=80)
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collective", "reference"], name="one_payment_per_reference"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="collective_payment_above_nothing"),
        ]


class CollectivePaymentLine(AppendOnly):
    """What a payment pays for one person and month; `bill_code` is the payment code of the bill, if there is one."""

    company_rows = OF_OWN_COLLECTIVE

    payment = models.ForeignKey(CollectivePayment, on_delete=models.PROTECT, related_name="lines")
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    month = models.DateField()
    amount = models.BigIntegerField()
    bill_code = models.CharField(max_length=20, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["collective", "person", "month"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "person", "month"], name="one_line_per_person_and_month"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, month__day=1), name="collective_line_is_a_month"),
        ]


class CollectiveWithdrawal(AppendOnly):
    """A payment that was recorded wrongly and no longer counts."""

    company_rows = OF_OWN_COLLECTIVE

    payment = models.OneToOneField(CollectivePayment, on_delete=models.PROTECT, related_name="withdrawal")
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT)
    reason = models.CharField(max_length=250)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())
