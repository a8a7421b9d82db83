"""From the event to the money in the heir's hands: events, claims, documents, decisions, payouts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded, StoredFile, User
from lindung.people.models import Person
from lindung.places.models import Place


class InsuredEvent(AppendOnly):
    """A death, from work or not, that may give a right. One stands per person; a new one may follow only one that was
    withdrawn (`replaces`), as PostgreSQL checks."""

    scope_column = "place_id"

    class Cause(models.TextChoices):
        NON_WORK = "non_work"
        WORK = "work"

    class Source(models.TextChoices):
        HEIR = "heir"
        REGISTRY = "registry"
        OFFICE = "office"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    cause = models.CharField(max_length=8, choices=Cause)
    occurred_on = models.DateField()
    source = models.CharField(max_length=8, choices=Source)
    source_ref = models.CharField(max_length=120, default="")
    note = models.TextField(default="")
    reported_on = models.DateField()
    reported_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(replaces__isnull=True), name="one_death_per_person"
            )
        ]


class EventWithdrawal(AppendOnly):
    """The death was recorded wrongly: the report no longer stands, and no claim of it can be paid. PostgreSQL refuses
    it once a claim is in a payout batch."""

    scope_column = "place_id"

    event = models.OneToOneField(InsuredEvent, on_delete=models.PROTECT, primary_key=True, related_name="withdrawal")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    reason = models.TextField()
    source_ref = models.CharField(max_length=120, default="")
    withdrawn_on = models.DateField()
    withdrawn_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())


class HeirNotice(AppendOnly):
    """The family was told of its right before it asked."""

    scope_column = "place_id"

    event = models.ForeignKey(InsuredEvent, on_delete=models.PROTECT, related_name="notices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    told_name = models.CharField(max_length=150)
    channel = models.CharField(max_length=20)
    text = models.TextField()
    letter = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    told_on = models.DateField()
    told_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "told_name"], name="told_once")]


class Claim(AppendOnly):
    """A request by an heir for the benefit that an event may give."""

    scope_column = "place_id"

    class Programme(models.TextChoices):
        JKM = "JKM"
        JKK = "JKK"

    number = models.CharField(max_length=30, unique=True)
    event = models.ForeignKey(InsuredEvent, on_delete=models.PROTECT, related_name="claims")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    programme = models.CharField(max_length=3, choices=Programme)
    claimant_name = models.CharField(max_length=150)
    claimant_relation = models.CharField(max_length=16)
    claimant_nik = models.CharField(max_length=16)
    claimant_phone = models.CharField(max_length=20, default="")
    bank_name = models.CharField(max_length=60)
    bank_account = models.TextField()  # encrypted
    account_fingerprint = models.CharField(
        max_length=64, db_index=True
    )  # keyed hash: finds one account behind many heirs
    bank_holder = models.CharField(max_length=150)
    checklist_version = models.CharField(max_length=20)
    received_on = models.DateField()
    received_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "programme"], name="one_claim_per_event_and_programme")
        ]


class ClaimDocument(AppendOnly):
    """A document handed in, with its receipt."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    received_on = models.DateField()
    received_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "kind"], name="document_once")]


class ClaimCompletion(AppendOnly):
    """The last required document came in: from here the law's clock runs."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, primary_key=True, related_name="completion")
    complete_on = models.DateField()
    pay_by = models.DateField()


class Decision(AppendOnly):
    """The law's judgement of a claim, with every step, proposed by a verifier.

    A claim of someone in grace has two: what is paid at once, and the rest once the arrears are settled."""

    class Outcome(models.TextChoices):
        PAY = "pay"
        REFUSE = "refuse"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=6, choices=Outcome)
    amount = models.BigIntegerField()  # payable now
    after_arrears = models.BigIntegerField(default=0)
    judgement = models.JSONField()  # rule, on, facts, result, steps, law_version, unverified
    refusal = models.JSONField(null=True)  # code, article, reason, way_out
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "proposed_by"], name="decision_and_proposer"),
            models.CheckConstraint(
                condition=models.Q(outcome="refuse", amount=0, refusal__isnull=False)
                | models.Q(outcome="pay", amount__gte=0, amount__gt=-models.F("after_arrears")),
                name="refusal_has_reason",
            ),
        ]


class DecisionApproval(AppendOnly):
    """A second officer approves or returns the decision; PostgreSQL refuses the verifier."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="approval")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.TextField()
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(proposed_by=models.F("decided_by")), name="claim_four_eyes")
        ]


class PayoutBatch(AppendOnly):
    """A disbursement file for the bank."""

    number = models.CharField(max_length=30, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    people = models.IntegerField()
    amount = models.BigIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["id", "made_by"], name="batch_and_maker")]


class PayoutRelease(AppendOnly):
    """A second officer releases the batch; PostgreSQL refuses its maker."""

    batch = models.OneToOneField(PayoutBatch, on_delete=models.PROTECT, primary_key=True, related_name="release")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(made_by=models.F("released_by")), name="payout_four_eyes")
        ]


class Payout(AppendOnly):
    """One transfer to one heir."""

    scope_column = "place_id"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="payout")
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="payouts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_positive")]


class PayoutConfirmation(AppendOnly):
    """The bank says the money has arrived."""

    payout = models.OneToOneField(Payout, on_delete=models.PROTECT, primary_key=True, related_name="confirmation")
    paid_on = models.DateField()
    bank_reference = models.CharField(max_length=60, unique=True)
    receipt = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.CharField(max_length=150)


class ClaimStanding(Guarded):
    """Where a claim stands: what lists sort, filter and count by. Derived; `claims_standing_of` in PostgreSQL works it
    out and triggers write it after every act."""

    sealed = True
    scope_column = "place_id"

    class Urgency(models.IntegerChoices):
        CLOCK_RUNS = 0  # the money is not with the heir and the law's days are counted
        AWAITED = 1  # papers or arrears must come first
        CLOSED = 2

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, primary_key=True, related_name="standing")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    programme = models.CharField(max_length=3)
    received_on = models.DateField()
    state = models.CharField(max_length=12)
    urgency = models.SmallIntegerField(choices=Urgency)
    complete_on = models.DateField(null=True)
    pay_by = models.DateField(null=True)
    decision_id = models.BigIntegerField(null=True)  # the latest
    amount = models.BigIntegerField(null=True)  # of the latest decision

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["urgency", "pay_by", "received_on", "claim"], name="standing_by_urgency"),
            models.Index(fields=["state", "pay_by"], name="standing_by_state"),
        ]
