"""Contribution assistance (bantuan iuran): schemes, the lists offices send, decrees under four eyes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded, Job, StoredFile, User
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.places.models import Place


class Scheme(Guarded):
    """A programme of the regency that pays contributions in a fiscal year, with its criteria and budget.

    Not scoped by place: it is public, and a village must see the regency's scheme to propose its people."""

    name = models.CharField(max_length=150, unique=True)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the regency
    fiscal_year = models.SmallIntegerField()
    programmes = ArrayField(models.CharField(max_length=3))
    wage_base = models.BigIntegerField()
    monthly_amount = models.BigIntegerField()  # per person, as priced by the law on `period`
    criteria = models.JSONField()  # min_age, max_age_exclusive, age_on, resident_of, requires …
    budget_ceiling = models.BigIntegerField()
    account_codes = ArrayField(models.CharField(max_length=30))
    legal_basis = models.TextField()
    period = DateRangeField()


class Proposal(Guarded):
    """A workbook that an office sent."""

    scope_column = "place_id"
    repeated = False  # set on what `receive_proposal` returns when the same workbook had come before

    class State(models.TextChoices):
        RECEIVED = "received"
        CHECKED = "checked"
        FAILED = "failed"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="proposals")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the sender's area
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    failure = models.TextField(default="")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True)
    answer_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    rows_received = models.IntegerField(default=0)
    rows_accepted = models.IntegerField(default=0)
    rows_to_fix = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)
    rows_known = models.IntegerField(default=0)  # sent before and decided then; nothing changes

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "file_digest"], name="same_workbook_once"),
        ]


class ProposalRow(AppendOnly):
    """One row of a proposal with its outcome and reasons; a corrected row is a new row that `corrects` the old."""

    scope_column = "place_id"

    class Status(models.TextChoices):
        ACCEPTED = "accepted"
        TO_FIX = "to_fix"
        REJECTED = "rejected"
        KNOWN = "known"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rows")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT)
    row_no = models.IntegerField()  # as in the workbook
    row_code = models.CharField(max_length=24, unique=True)  # written back beside the row
    status = models.CharField(max_length=8, choices=Status)
    reason_codes = ArrayField(models.CharField(max_length=40), default=list)
    reasons = models.JSONField(default=list)  # [{code, field, message, way_out}] as shown
    raw = models.JSONField()  # every cell as it stood
    nik = models.CharField(max_length=32, default="")
    name = models.CharField(max_length=200, default="")
    name_key = models.CharField(max_length=200, default="")
    birth_date = models.DateField(null=True)
    birth_place = models.CharField(max_length=100, default="")
    sex = models.CharField(max_length=1, default="")
    mother_name = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=250, default="")
    phone = models.CharField(max_length=30, default="")
    occupation = models.CharField(max_length=100, default="")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the village; the sender's area when unknown
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "row_no"], name="row_once"),
            models.UniqueConstraint(
                fields=["scheme", "nik"], condition=models.Q(status="accepted"), name="accepted_once_per_scheme"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposal", "status", "row_no"]),
            GinIndex(fields=["reason_codes"], name="row_reasons"),
            models.Index(fields=["proposal", "name_key", "row_no"], include=["place"], name="row_by_name"),
            models.Index(fields=["proposal", "place", "row_no"], name="row_by_village"),
        ]


class RowTally(Guarded):
    """How many rows of a list a village has accepted and open. Derived; a trigger counts as rows come in."""

    sealed = True
    scope_column = "place_id"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    accepted = models.IntegerField()
    open = models.IntegerField()  # to fix, and nobody has corrected it yet

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "place"], name="tally_once")]


class Decree(AppendOnly):
    """A decree of the regent (SK Bupati) with the frozen list of accepted people."""

    scope_column = "place_id"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="decrees")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    number = models.CharField(max_length=80)
    dated = models.DateField()
    period = DateRangeField()  # first day of the first month, first day after the last
    people = models.IntegerField()
    monthly_amount = models.BigIntegerField()
    total_amount = models.BigIntegerField()
    content_digest = models.CharField(max_length=64)  # of the frozen list
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    xlsx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "proposed_by"], name="decree_and_proposer"),
            models.UniqueConstraint(fields=["scheme", "number", "content_digest"], name="decree_once"),
        ]


class DecreeLine(AppendOnly):
    """One person on a decree."""

    scope_column = "place_id"

    decree = models.ForeignKey(Decree, on_delete=models.PROTECT, related_name="lines")
    line_no = models.IntegerField()
    row = models.ForeignKey(ProposalRow, on_delete=models.PROTECT, related_name="decree_lines")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decree", "line_no"], name="line_once"),
            models.UniqueConstraint(fields=["decree", "row"], name="row_once_per_decree"),
        ]


class DecreeDecision(AppendOnly):
    """A second officer approves or returns the decree; PostgreSQL refuses the proposer."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    decree = models.OneToOneField(Decree, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.TextField()
    decided_at = models.DateTimeField(db_default=Now())
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # no longer a draft
    xlsx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(proposed_by=models.F("decided_by")), name="decree_four_eyes"),
        ]


class Enactment(AppendOnly):
    """An approved decree put into effect, once: memberships, person-months and bills made."""

    decree = models.OneToOneField(Decree, on_delete=models.PROTECT, primary_key=True, related_name="enactment")
    people = models.IntegerField()
    new_memberships = models.IntegerField()
    person_months = models.IntegerField()
    enacted_at = models.DateTimeField(db_default=Now())
