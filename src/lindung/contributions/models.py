"""The person-month, the bill, the payment, and cover as it follows from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded, User
from lindung.membership.models import Membership
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.places.models import Place

# What an employer's staff see: what their employer was charged and paid.
_OWN = "payer_id = ANY((SELECT core_payers())::bigint[])"
_OF_OWN_BILL = "bill_id IN (SELECT id FROM contributions_bill)"  # itself under the policy of that table


class Bill(AppendOnly):
    """The person-months of one payer and month, collected to be billed; or the penalties asked of a payer in a month.
    Planned until it is issued (BillIssue)."""

    company_rows = _OWN

    class Kind(models.TextChoices):
        CONTRIBUTION = "contribution"
        PENALTY = "penalty"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CONTRIBUTION, db_default=Kind.CONTRIBUTION)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="bills", db_index=False)  # bill_once leads
    month = models.DateField()
    sequence = models.SmallIntegerField(default=1)  # 2, 3 … are supplements of the same month
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer", "month", "sequence"], name="bill_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="bill_month_is_first"),
            models.CheckConstraint(condition=models.Q(kind__in=["contribution", "penalty"]), name="bill_kind"),
        ]


class BillIssue(AppendOnly):
    """The moment a bill is fixed and sent: its number, amount and people never change afterwards."""

    company_rows = _OF_OWN_BILL

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, primary_key=True, related_name="issue")
    number = models.CharField(max_length=40, db_collation="C")  # one index finds it, and what begins like it
    issued_on = models.DateField()
    due_on = models.DateField()
    people = models.IntegerField()
    amount = models.BigIntegerField()
    content_digest = models.CharField(max_length=64)
    issued_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["number"], name="issue_number_once")]


class BillTally(Guarded):
    """What the rows of a bill add up to so far, kept by a trigger: lists read it while the bill is open.

    `people` and `amount` (rupiah) are negative on a credit."""

    company_rows = _OF_OWN_BILL

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, primary_key=True, related_name="tally")
    people = models.IntegerField()
    amount = models.BigIntegerField()


class PersonMonth(AppendOnly):
    """In month M, person P is to be covered on this wage base, paid for by this payer, because of this origin.

    Entry 1 is the charge; entry 2 its reversal with opposite amounts; entry 3 a new charge, and so on. Entries -1, -3 …
    are differences added to the month later, of either sign; their wage base is a difference too. The sum of all
    entries is what is owed. Differences never decide cover. Partitioned by month; the key allows one payer per job and
    month.

    `jht` and `jp` are the whole contribution, both shares; `jkp` is the part of jkk and jkm that goes to the JKP fund;
    `worker_share` is what the worker bears of jkk + jkm + jht + jp."""

    scope_column = "place_id"
    company_rows = _OWN

    pk = models.CompositePrimaryKey("month", "person_id", "job", "entry_no")
    month = models.DateField()
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, related_name="person_months")
    job = models.SmallIntegerField()
    entry_no = models.SmallIntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.DO_NOTHING)
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING)
    bill = models.ForeignKey(Bill, on_delete=models.DO_NOTHING, related_name="person_months")
    place = models.ForeignKey(Place, on_delete=models.DO_NOTHING)
    segment = models.CharField(max_length=5)
    wage_base = models.BigIntegerField()
    jkk = models.BigIntegerField()
    jkm = models.BigIntegerField()
    jht = models.BigIntegerField(db_default=0)
    jp = models.BigIntegerField(db_default=0)
    jkp = models.BigIntegerField(db_default=0)
    worker_share = models.BigIntegerField(db_default=0)
    origin = models.CharField(max_length=40)  # «decree:12», «wage_report:7», «self:3»
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        managed = False  # partitioned: see migrations 0002 and 0006; a statement trigger stands for the foreign keys
        db_table = "contributions_personmonth"


class PenaltyLine(AppendOnly):
    """The penalty for one more month in which a bill was late; `base` is what was still owed of it. Rupiah."""

    company_rows = _OF_OWN_BILL

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="penalty_lines")
    late_bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="penalties")
    month_late = models.SmallIntegerField()  # 1: the first month after the due date
    base = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["late_bill", "month_late"], name="penalty_once"),
            models.CheckConstraint(
                condition=models.Q(month_late__gte=1, base__gt=0, amount__gt=0), name="penalty_positive"
            ),
        ]


class PenaltyProposal(AppendOnly):
    """What lateness had cost by a day and was not asked yet, put before the officer once a month. Nothing is asked of
    anybody by it: an officer reads the list and asks all of it in one act."""

    month = models.DateField(primary_key=True)
    dated = models.DateField()
    payers = models.IntegerField()
    bills = models.IntegerField()
    amount = models.BigIntegerField()  # rupiah

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="penalty_month_is_first"),
            models.CheckConstraint(
                condition=models.Q(payers__gt=0, bills__gt=0, amount__gt=0), name="penalty_proposal_asks"
            ),
        ]


class Payment(AppendOnly):
    """Money received from a payer. `reference` is the sender's number (SP2D): its second arrival changes nothing.

    What no bill asks stays as the payer's credit and pays what is issued next."""

    company_rows = _OWN

    class Kind(models.TextChoices):
        SP2D = "sp2d"
        TRANSFER = "transfer"
        VA = "va"  # a bank's callback for a payment code
        STATEMENT = "statement"  # a line of a bank statement
        MANUAL = "manual"

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=10, choices=Kind)
    reference = models.CharField(max_length=80, db_collation="C")
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    meant_for = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="+")  # the bill it named
    channel = models.CharField(max_length=40, default="", db_default="")  # bank, counter, …
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive"),
            models.UniqueConstraint(fields=["reference"], name="payment_reference_once"),
        ]


class PaymentReversal(AppendOnly):
    """Someone says that a payment was none: bounced, recorded twice, somebody else's. Nothing changes until a second
    person confirms."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="reversals")
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "payment", "proposed_by"], name="reversal_and_proposer")
        ]


class PaymentReversalDecision(AppendOnly):
    """The second person's word; PostgreSQL refuses the proposer. A payment is reversed once."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    reversal = models.OneToOneField(
        PaymentReversal, on_delete=models.PROTECT, primary_key=True, related_name="decision"
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=500, default="", db_default="")  # why it was returned
    dated = models.DateField()
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("decided_by")), name="payment_reversal_four_eyes"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="approved") | ~models.Q(reason=""), name="returned_reversal_has_reason"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=models.Q(outcome="approved"), name="payment_reversed_once"
            ),
        ]


class Settlement(AppendOnly):
    """The part of a payment that pays a bill. Never more than the bill asks, never more than the payment brought.

    `dated`: the day a credit was put to use; empty when the money paid the bill as it came."""

    company_rows = _OF_OWN_BILL

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="settlements")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="settlements")
    amount = models.BigIntegerField()
    dated = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="settlement_positive"),
        ]


class SetOff(AppendOnly):
    """The part of a credit (an issued bill with a negative amount) that lessens another bill of the same payer.

    Too much asked is set off against what is next owed (PP 44/2015 Art 23 (4))."""

    company_rows = _OF_OWN_BILL

    credit = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="credited")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="set_offs")
    amount = models.BigIntegerField()
    dated = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="set_off_positive"),
        ]


class Cover(Guarded):
    """A person's cover per job, derived from settled person-months; rebuilt set-based after every payment.

    Only the database function contributions_refresh_cover writes here. The status on any day follows from
    `paid_through`, the segment and the day, by the law's rule `cover`."""

    scope_column = "place_id"
    company_rows = _OWN

    pk = models.CompositePrimaryKey("person_id", "job")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="covers", db_index=False)  # the key leads
    job = models.SmallIntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, db_index=False)  # found by person and job
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, db_index=False)  # of the last paid month; indexed below
    segment = models.CharField(max_length=5)
    protected_since = models.DateField()  # registered, and the first month of the unbroken run begun and paid
    paid_through = models.DateField()  # last month of the run (its first day)
    consecutive_months = models.IntegerField()  # of the run, up to the day it was computed
    jkm_full_from = models.DateField(null=True)
    ended_on = models.DateField(null=True)  # last day: of life, or of the membership
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["paid_through", "place"]),
            models.Index(fields=["payer", "paid_through"]),
        ]


class NeverPaid(Guarded):
    """A membership without any paid month, that is, without cover; kept by triggers, so that lists find the few."""

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, primary_key=True, related_name="never_paid")


class CoverPending(Guarded):
    """A bill that was settled, reopened or credited: the cover of its people and their JHT are still to follow it."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    queued_at = models.DateTimeField(db_default=Now())
