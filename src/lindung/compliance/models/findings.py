"""Findings: two figures that do not agree, where each comes from, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.compliance.models.lists import ListedCompany
from lindung.core.models import AppendOnly, Guarded, StoredFile
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.places.models import Place

# An employer's staff see what is found about their employer, but not whose contributions the regency pays.
OWN = "payer_id = ANY((SELECT core_payers())::bigint[]) AND person_id IS NULL"
OWN_BY_FINDING = (
    "finding_id IN (SELECT id FROM compliance_finding"
    " WHERE payer_id = ANY((SELECT core_payers())::bigint[]) AND person_id IS NULL)"
)


class Kind(models.TextChoices):
    """What kind of disagreement."""

    PWBD = "pwbd"  # on a list, not registered
    WORKERS = "pds_workers"  # fewer workers reported than the list says
    MINIMUM_WAGE = "pds_minimum"  # wages below the minimum wage
    FLAT_WAGE = "pds_flat"  # almost everybody the same wage
    OTHER_WAGE = "pds_other"  # wages lower than another list says
    PROGRAMME = "pds_programme"  # programmes missing for the size
    ASSISTED = "assisted"  # contributions paid by a scheme, and employed
    NOT_REPORTED = "not_reported"  # no report for the month
    LEAVERS = "leavers"  # no longer on the report, membership still open


class Finding(AppendOnly):
    """Something to ask about; not a judgement. `subject` is what it is about: the same finding is one row for ever, and
    its story is in the events."""

    scope_column = "place_id"
    company_rows = OWN

    kind = models.CharField(max_length=13, choices=Kind)
    subject = models.CharField(max_length=120)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, related_name="+")
    listed = models.ForeignKey(ListedCompany, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    found_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject"], name="finding_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="finding_kind"),
            models.CheckConstraint(
                condition=models.Q(payer__isnull=False) | models.Q(listed__isnull=False), name="finding_names_company"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["payer"], name="finding_payer")]


class FindingEvent(AppendOnly):
    """What happened to a finding: found with its evidence, evidence that changed, an answer from the company, a
    decision with its reason. Every event carries the figures of its moment and their source."""

    company_rows = OWN_BY_FINDING

    class What(models.TextChoices):
        FOUND = "found"
        EVIDENCE = "evidence"
        REOPENED = "reopened"
        OBJECTION = "objection"  # the company's own word
        ACCEPTED = "accepted"  # the company agrees, and mends it
        CONFIRMED = "confirmed"
        REFUTED = "refuted"
        RESOLVED = "resolved"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events")
    number = models.SmallIntegerField()
    what = models.CharField(max_length=9, choices=What)
    dated = models.DateField()
    people = models.IntegerField()  # workers it is about
    ours = models.BigIntegerField()  # the figure of the company's own reports
    theirs = models.BigIntegerField()  # the figure it was compared with
    source = models.CharField(max_length=250)  # where `theirs` comes from
    source_date = models.DateField()
    detail = models.JSONField()
    reason = models.CharField(max_length=500, default="")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")  # the company's proof
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "number"], name="finding_event_once"),
            models.CheckConstraint(condition=models.Q(people__gte=0), name="finding_people_not_negative"),
            models.CheckConstraint(condition=~models.Q(source=""), name="finding_names_source"),
            models.CheckConstraint(
                condition=models.Q(what__in=("found", "evidence", "reopened")) | ~models.Q(reason=""),
                name="decision_has_reason",
            ),
        ]


class FindingStanding(Guarded):
    """Where each finding stands: its state and newest figures; written by a trigger only."""

    sealed = True
    scope_column = "place_id"
    company_rows = OWN

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        REFUTED = "refuted"
        RESOLVED = "resolved"

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, primary_key=True, related_name="standing")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=State)
    number = models.SmallIntegerField()  # of the newest event
    people = models.IntegerField()
    ours = models.BigIntegerField()
    theirs = models.BigIntegerField()
    source = models.CharField(max_length=250)
    source_date = models.DateField()
    objected = models.BooleanField(default=False)  # since it was opened the company has answered
    changed_on = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "kind"], name="standing_state"),
            models.Index(fields=["payer", "state"], name="standing_payer"),
        ]


class FindingRun(AppendOnly):
    """One comparison of all lists and reports, and what it found."""

    on = models.DateField()
    counts = models.JSONField()  # kind → findings that hold
    opened = models.IntegerField()
    changed = models.IntegerField()
    resolved = models.IntegerField()
    ran_at = models.DateTimeField(db_default=Now())
    ran_by = models.CharField(max_length=150)
