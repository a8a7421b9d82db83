"""The ladder of letters to a payer in arrears: one step at a time, never back, closed by payment."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, StoredFile, User
from lindung.payers.models import Payer

OWN_PAYER = "payer_id = ANY((SELECT core_payers())::bigint[])"
OWN_BY_CASE = f"case_id IN (SELECT id FROM compliance_arrearscase WHERE {OWN_PAYER})"
OWN_BY_STEP = (
    "step_id IN (SELECT s.id FROM compliance_ladderstep s JOIN compliance_arrearscase c ON c.id = s.case_id"
    f" WHERE c.{OWN_PAYER})"
)


class ArrearsCase(AppendOnly):
    """A payer's arrears from the first letter until they are paid. A payer has one open case at most."""

    company_rows = OWN_PAYER

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="arrears_cases")
    number = models.CharField(max_length=20, unique=True)
    opened_on = models.DateField()
    opened_by = models.CharField(max_length=150)


class CaseClosure(AppendOnly):
    """The end of a case: everything overdue is paid, or the case was mistaken (with a reason)."""

    company_rows = OWN_BY_CASE

    class Why(models.TextChoices):
        PAID = "paid"
        MISTAKEN = "mistaken"

    case = models.OneToOneField(ArrearsCase, on_delete=models.PROTECT, primary_key=True, related_name="closure")
    closed_on = models.DateField()
    why = models.CharField(max_length=8, choices=Why)
    reason = models.CharField(max_length=500)
    closed_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(why__in=("paid", "mistaken")), name="closure_why"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="closure_has_reason"),
        ]


class LadderStep(AppendOnly):
    """One step, proposed with its letter. The letter's content is frozen: `digest` is the SHA-256 of `content`.

    `rank` is 1 to 7 in the order of Kind. From `FIRST_WITH_SECOND` on a second officer decides (StepDecision); a step
    that is returned may be proposed again (`attempt` 2, 3 …)."""

    company_rows = OWN_BY_CASE
    # Not why an officer proposed it, nor who.
    company_columns = (
        "id", "case_id", "rank", "attempt", "kind", "number", "dated", "days", "in_working_days", "amount", "letter_id",
    )  # fmt: skip

    class Kind(models.TextChoices):
        REMINDER = "reminder"
        SP1 = "sp1"
        SP2 = "sp2"
        SUMMONS = "summons"
        INSPECTOR = "inspector"
        SANCTION = "sanction"
        SKK = "skk"

    FIRST_WITH_SECOND = 3

    case = models.ForeignKey(ArrearsCase, on_delete=models.PROTECT, related_name="steps")
    rank = models.SmallIntegerField()
    attempt = models.SmallIntegerField(default=1)
    kind = models.CharField(max_length=9, choices=Kind)
    number = models.CharField(max_length=40, unique=True)
    dated = models.DateField()
    days = models.SmallIntegerField()  # the payer's time to answer, from the day of sending
    in_working_days = models.BooleanField()
    months = models.SmallIntegerField()  # age of the oldest unpaid bill
    arrears_class = models.CharField(max_length=13)
    amount = models.BigIntegerField()  # overdue on that day, rupiah
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    letter = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "rank", "attempt"], name="step_once"),
            models.UniqueConstraint(fields=["id", "proposed_by"], name="step_with_proposer"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, months__gt=0), name="step_has_arrears"),
            models.CheckConstraint(condition=models.Q(days__gt=0), name="step_leaves_time"),
        ]


class StepDecision(AppendOnly):
    """The second officer's decision on a step."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    step = models.OneToOneField(LadderStep, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(outcome__in=("approved", "returned")), name="step_outcome"),
            models.CheckConstraint(condition=~models.Q(decided_by=models.F("proposed_by")), name="step_two_officers"),
        ]


class StepSending(AppendOnly):
    """That the letter was sent, how, with what proof; the payer's deadline counts from here."""

    company_rows = OWN_BY_STEP

    class Channel(models.TextChoices):
        HAND = "hand"
        POST = "post"
        EMAIL = "email"
        WHATSAPP = "whatsapp"

    step = models.OneToOneField(LadderStep, on_delete=models.PROTECT, primary_key=True, related_name="sending")
    sent_on = models.DateField()
    deadline_on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel)
    proof = models.CharField(max_length=200)  # receipt number, who signed for it
    proof_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(proof=""), name="sending_has_proof"),
            models.CheckConstraint(
                condition=models.Q(deadline_on__gt=models.F("sent_on")), name="deadline_after_sending"
            ),
        ]
