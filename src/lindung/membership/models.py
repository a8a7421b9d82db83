"""Membership: a person registered with BPJS Ketenagakerjaan, for one job."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.places.models import Place


class Membership(Guarded):
    """Lives as long as the job: a new sponsor or a new year does not make a new membership, so continuity is kept.
    PostgreSQL lets it end or reopen only together with the MembershipChange that says so.

    `payer` is the present employer (PU) or empty (BPU: who pays is said month by month). `valid` is open while the
    membership lasts. The numbering of jobs makes "one payer per programme and month per job" a key of the
    person-months."""

    scope_column = "place_id"
    company_rows = "payer_id = ANY((SELECT core_payers())::bigint[])"

    class Segment(models.TextChoices):
        PU = "PU"
        BPU = "BPU"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the person's village, for scope and statistics
    segment = models.CharField(max_length=5, choices=Segment)
    job = models.SmallIntegerField(default=1)
    kpj = models.CharField(max_length=11, unique=True)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True)
    occupation = models.CharField(max_length=80, default="")
    registered_on = models.DateField()
    valid = DateRangeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "job"], name="one_membership_per_job"),
            models.CheckConstraint(condition=models.Q(kpj__regex=r"^[0-9]{11}$"), name="kpj_has_11_digits"),
            models.CheckConstraint(condition=models.Q(job__range=(1, 20)), name="job_number"),
            models.CheckConstraint(
                condition=models.Q(valid__isempty=True) | models.Q(valid__startswith=models.F("registered_on")),
                name="membership_from_registration",
            ),
        ]


class MembershipChange(AppendOnly):
    """What happened to a membership: joined, ended, reopened."""

    scope_column = "place_id"
    company_rows = "membership_id IN (SELECT id FROM membership_membership)"

    class Kind(models.TextChoices):
        JOINED = "joined"
        ENDED = "ended"
        REOPENED = "reopened"

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="changes")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind)
    effective_on = models.DateField()
    reason = models.CharField(max_length=250)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.CharField(max_length=150)
