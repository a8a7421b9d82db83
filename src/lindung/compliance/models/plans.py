"""Payment plans: what is owed, paid in instalments that both sides agreed on. Penalties are not lifted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.compliance.models.ladder import OWN_PAYER, ArrearsCase
from lindung.contributions.models import Bill
from lindung.core.models import AppendOnly, User
from lindung.payers.models import Payer

OWN_BY_PLAN = f"plan_id IN (SELECT id FROM compliance_paymentplan WHERE {OWN_PAYER})"


class PaymentPlan(AppendOnly):
    """An agreement on the bills that were overdue on its day. Its bills and its instalments add up to `amount`."""

    company_rows = OWN_PAYER

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="payment_plans")
    case = models.ForeignKey(ArrearsCase, on_delete=models.PROTECT, null=True, related_name="plans")
    number = models.CharField(max_length=20, unique=True)
    agreed_on = models.DateField()
    amount = models.BigIntegerField()
    company_signer = models.CharField(max_length=150)
    company_title = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="plan_amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(company_signer="") & ~models.Q(company_title=""), name="plan_signed_by_company"
            ),
            models.UniqueConstraint(fields=["id", "proposed_by"], name="plan_with_proposer"),
        ]


class PlanBill(AppendOnly):
    """A bill in a plan and the rupiah it still asked on the day of the agreement."""

    company_rows = OWN_BY_PLAN

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="bills")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "bill"], name="plan_bill_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="plan_bill_positive"),
        ]


class PlanInstalment(AppendOnly):
    """One instalment: by when, how much."""

    company_rows = OWN_BY_PLAN

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="instalments")
    number = models.SmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="instalment_once"),
            models.UniqueConstraint(fields=["plan", "due_on"], name="instalment_day_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, number__gt=0), name="instalment_positive"),
        ]


class PlanDecision(AppendOnly):
    """The second officer's decision on a plan."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    plan = models.OneToOneField(PaymentPlan, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(outcome__in=("approved", "returned")), name="plan_outcome"),
            models.CheckConstraint(condition=~models.Q(decided_by=models.F("proposed_by")), name="plan_two_officers"),
        ]
