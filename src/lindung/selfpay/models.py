"""Workers who register and pay for themselves: the code they come back with, and what they were reminded of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.membership.models import Membership
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.places.models import Place


class SelfPayer(Guarded):
    """A worker who pays for himself: the person, his membership, and the payer that stands for his own money."""

    scope_column = "place_id"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="self_payer")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT)
    payer = models.OneToOneField(Payer, on_delete=models.PROTECT, related_name="self_payer")
    income = models.BigIntegerField()  # rupiah a month, as told; the law finds the base
    transport = models.BooleanField()  # works in transport: another relief (PP 50/2025)
    old_age = models.BooleanField()  # JHT too
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(income__gt=0), name="income_positive")]


class Visit(Guarded):
    """Somebody's code to come back with. Before registration it holds the answers so far, encrypted; afterwards it
    opens the worker's page, and the answers are gone. Only the code's hash is kept."""

    code_digest = models.CharField(max_length=64, unique=True)
    answers = models.TextField(default="")
    self_payer = models.ForeignKey(SelfPayer, on_delete=models.PROTECT, null=True, related_name="visits")
    started_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(self_payer__isnull=True) | models.Q(answers=""),
                name="answers_gone_after_registration",
            ),
        ]


class Reminder(AppendOnly):
    """That a worker was told of a month to pay: once for each occasion."""

    scope_column = "place_id"

    class Occasion(models.TextChoices):
        DUE = "due"  # this month's contribution falls due within a week
        GRACE = "grace"  # unpaid past the due date, still protected
        ENDING = "ending"  # protection ends within two weeks
        ENDED = "ended"

    self_payer = models.ForeignKey(SelfPayer, on_delete=models.PROTECT, related_name="reminders")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    month = models.DateField()  # the first month not paid
    occasion = models.CharField(max_length=6, choices=Occasion)
    told_on = models.DateField()
    told_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["self_payer", "month", "occasion"], name="reminded_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="reminder_month_is_first"),
        ]
