"""What employers report month by month: reports with their rows, employments, wages, and months that are final."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from lindung.contributions.models import Bill
from lindung.core.models import AppendOnly, Guarded, Job, StoredFile
from lindung.membership.models import Membership
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.places.models import Place

ITS_OWN = "payer_id = ANY((SELECT core_payers())::bigint[])"  # what a company's HR may see


class WageReport(Guarded):
    """Something an employer told about a month: a file, rows typed in, or «the same as last month».

    Checked row by row first; applied, its accepted rows become employments and wages. Nothing of it is ever deleted:
    a report that should not have been is withdrawn, and one that was applied is corrected by another."""

    scope_column = "place_id"
    company_rows = ITS_OWN
    repeated = False  # set on what `receive_report` returns when the same content had come before

    class Kind(models.TextChoices):
        NEW_WORKERS = "new_workers"
        WAGES = "wages"
        LEAVERS = "leavers"
        SAME_AS_LAST = "same_as_last"
        CORRECTION = "correction"

    class State(models.TextChoices):
        RECEIVED = "received"
        CHECKED = "checked"
        APPLIED = "applied"
        WITHDRAWN = "withdrawn"
        FAILED = "failed"

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="wage_reports")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the employer's: who is responsible sees its reports
    unit_code = models.CharField(max_length=20, default="")  # the employer's division, as in its NPP
    month = models.DateField()
    sequence = models.IntegerField()  # 1, 2, 3 … of this employer and month
    kind = models.CharField(max_length=12, choices=Kind)
    template_version = models.CharField(max_length=20, default="")  # which of the official headers the file has
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, default="")
    digest = models.CharField(max_length=64)  # of the file, or of the rows as given
    state = models.CharField(max_length=9, choices=State, default=State.RECEIVED)
    failure = models.TextField(default="")
    reason = models.CharField(max_length=250, default="")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.CharField(max_length=150)
    applied_at = models.DateTimeField(null=True)
    applied_through = models.BigIntegerField(default=0)  # the last row put into effect; later ones were mended since
    rows_received = models.IntegerField(default=0)
    rows_accepted = models.IntegerField(default=0)
    rows_warned = models.IntegerField(default=0)  # accepted, with something to look at
    rows_to_fix = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer", "month", "sequence"], name="report_numbered_once"),
            models.UniqueConstraint(
                fields=["payer", "month", "kind", "digest"],
                condition=~models.Q(state__in=["withdrawn", "failed"]),
                name="same_report_once",
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="report_month_is_first"),
        ]


class WageReportRow(AppendOnly):
    """One row as it came, with its outcome and reasons; a mended row is a new row that `corrects` the old."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        TO_FIX = "to_fix"
        REJECTED = "rejected"

    # That what it names is there, and that employer and place are the report's, triggers see to, which look at all rows
    # of a statement at once (migrations 0002 and 0004): a foreign key would look each of 100,000 rows up by itself.
    report = models.ForeignKey(
        WageReport, on_delete=models.PROTECT, related_name="rows", db_constraint=False, db_index=False
    )
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    row_no = models.IntegerField()  # as in the file
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason_codes = ArrayField(models.CharField(max_length=40), default=list)
    reasons = models.JSONField(default=list)  # [{code, severity, field, message, way_out, …}] as shown
    data = models.JSONField()  # the row in canonical columns, every value as written
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, db_constraint=False)
    written_by = models.CharField(max_length=150)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["report", "outcome", "row_no"], name="wage_row_by_outcome")]


class Employment(Guarded):
    """A person works for an employer from a day on, perhaps until a day. The membership carries the cover; this says
    when work began and ended, in which unit and on what contract. One person never works twice at the same time for
    the same employer: PostgreSQL refuses overlapping rows."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    class Status(models.TextChoices):
        FIXED_TERM = "PKWT"
        PERMANENT = "PKWTT"

    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, related_name="employment", db_constraint=False
    )
    # The membership's own, held equal by a trigger; here because an exclusion looks at one table only.
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False)
    payer = models.ForeignKey(
        Payer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="employments"
    )
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)  # the payer's
    employee_no = models.CharField(max_length=30, default="")
    unit_code = models.CharField(max_length=20, default="")
    status = models.CharField(max_length=5, choices=Status, default="", blank=True)
    country = models.CharField(max_length=2, default="ID")
    started_on = models.DateField()
    reported_from = models.DateField()  # first month that is charged: the month of the report that named the worker
    contract_end = models.DateField(null=True)
    left_on = models.DateField(null=True)  # last working day
    leave_reason = models.CharField(max_length=120, default="")
    leave_reported_on = models.DateField(null=True)
    leave_report = models.ForeignKey(WageReport, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    report = models.ForeignKey(
        WageReport, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_employment_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),  # first: it tells most rows apart
                    ("payer", RangeOperators.EQUAL),
                    (
                        models.Func("started_on", "left_on", models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True) | models.Q(left_on__gte=models.F("started_on")),
                name="left_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True, leave_reported_on__isnull=True)
                | models.Q(left_on__isnull=False, leave_reported_on__isnull=False),
                name="leaving_was_reported",
            ),
            models.CheckConstraint(condition=models.Q(reported_from__day=1), name="reported_from_is_first"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payer", "left_on"], name="employment_of_payer"),
            models.Index(
                fields=["contract_end"],
                condition=models.Q(left_on__isnull=True, contract_end__isnull=False),
                name="employment_contract_over",
            ),
        ]


class WageRecord(AppendOnly):
    """The wage of a membership from a month on, until a record of a later month; the newest of one month counts.

    `wage` is the monthly wage in rupiah and sen; `rate` what was reported where that is not the monthly wage: the wage
    of a day, or of the month's pieces."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    class Kind(models.TextChoices):
        MONTHLY = "monthly"
        DAILY = "daily"
        PIECE = "piece"

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="wages", db_constraint=False, db_index=False
    )
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    month = models.DateField()
    wage = models.DecimalField(max_digits=15, decimal_places=2)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.MONTHLY)
    rate = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    report = models.ForeignKey(
        WageReport, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "membership"], name="one_wage_per_report"),
            models.CheckConstraint(condition=models.Q(wage__gt=0), name="wage_is_positive"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="wage_month_is_first"),
            models.CheckConstraint(
                condition=models.Q(kind="monthly", rate__isnull=True)
                | models.Q(kind__in=["daily", "piece"], rate__gt=0),
                name="wage_has_its_rate",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["membership", "-month", "-id"], include=["wage"], name="newest_wage"),
        ]


class ForeignIdentity(AppendOnly):
    """The number under which a foreign worker without an NIK is kept among the people: 99 and a running number, which
    no NIK begins with."""

    country = models.CharField(max_length=2)
    passport = models.CharField(max_length=12)
    nik = models.CharField(max_length=16, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["country", "passport"], name="foreigner_once"),
            models.CheckConstraint(condition=models.Q(nik__regex=r"^99[0-9]{14}$"), name="foreigner_number"),
        ]


class MonthClosing(AppendOnly):
    """The employer has said that a month's report is complete: its workers are charged and the bill is issued. What is
    reported on the month after that is charged, or given back, as a difference."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="month_closings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    month = models.DateField()
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="+")  # none: nobody to charge
    workers = models.IntegerField()
    wages = models.DecimalField(max_digits=18, decimal_places=2)
    closed_on = models.DateField()
    closed_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer", "month"], name="month_closed_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="closed_month_is_first"),
        ]


class AccidentNotice(AppendOnly):
    """A work accident as the employer tells of it first (tahap I); the claim begins at the branch with this paper."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="accidents")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    happened_at = models.TimeField()
    where = models.CharField(max_length=150)
    story = models.TextField()
    hospital = models.CharField(max_length=150, default="")
    report_by = models.DateField()  # PP 44/2015 Art 43 (2)
    told_at = models.DateTimeField(db_default=Now())
    told_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employment", "happened_on", "happened_at"], name="accident_told_once"),
        ]


class IdentityDoubt(AppendOnly):
    """How a reported new worker differs from the register. The employer is told only that something does; which it is,
    the branch sees, so that nobody can ask the register by typing numbers into a report."""

    scope_column = "place_id"

    row = models.OneToOneField(WageReportRow, on_delete=models.PROTECT, related_name="doubt")
    # The row's own, held equal by a trigger, here and in the two tables after this.
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)  # found by the NIK
    codes = ArrayField(models.CharField(max_length=20))  # name_differs, birth_differs, deceased
    found_at = models.DateTimeField(db_default=Now())


class IdentityCard(AppendOnly):
    """A photo of the worker's identity card (KTP), which the employer sent to the branch."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    row = models.OneToOneField(WageReportRow, on_delete=models.PROTECT, related_name="card")
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    sent_by = models.CharField(max_length=150)


class IdentityAnswer(AppendOnly):
    """What the branch found on the card: the row is taken after all, or what the employer is to do."""

    scope_column = "place_id"
    company_rows = ITS_OWN

    row = models.OneToOneField(WageReportRow, on_delete=models.PROTECT, related_name="identity_answer")
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    taken = models.BooleanField()
    words = models.CharField(max_length=250, blank=True, default="")
    answered_on = models.DateField()
    answered_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(taken=True) | ~models.Q(words=""), name="refused_identity_has_words"
            ),
        ]
