"""Double entry: the chart of accounts, entries with their postings, periods, and the members' JHT accounts.

Rupiah are whole; a posting's amount is positive for debit and negative for credit."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, User
from lindung.membership.models import Membership
from lindung.payers.models import Payer


class Account(AppendOnly):
    """One line of the chart. Migrations write the chart; nobody else does."""

    sealed = True

    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        FUND = "fund"
        INCOME = "income"
        EXPENSE = "expense"

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind)
    programme = models.CharField(max_length=3, default="")  # JKK, JKM, JHT, JP, JKP; empty: of no programme
    by_payer = models.BooleanField(default=False)  # every posting names a payer


class Entry(AppendOnly):
    """One business event in the books, named by (kind, source): told twice, it stands once.

    `month` is the period it counts in: that of its date, or the first open one after it. `made_in` and `posted_at` are
    of the transaction that made it: no other may add postings."""

    dated = models.DateField()
    month = models.DateField()
    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=80)  # «bill:12», «payment:7»
    note = models.CharField(max_length=250, default="")
    posted_by = models.CharField(max_length=150)
    posted_at = models.DateTimeField(db_default=Now())
    made_in = models.BigIntegerField()  # the database's transaction number, by default the present one's

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "source"], name="entry_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="entry_month_is_first"),
            models.CheckConstraint(condition=~models.Q(source=""), name="entry_has_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["month", "id"], name="entry_month")]


class Posting(AppendOnly):
    """One line of an entry. Its keys are checked set-based by a trigger, not row by row."""

    pk: Any = models.CompositePrimaryKey("entry_id", "line")
    entry = models.ForeignKey(
        Entry, on_delete=models.DO_NOTHING, related_name="postings", db_constraint=False, db_index=False
    )
    line = models.SmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    month = models.DateField()  # the entry's
    payer = models.ForeignKey(Payer, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_not_zero"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "month", "entry"], include=["amount"], name="posting_account"),
            models.Index(
                fields=["payer", "account", "month"],
                include=["amount"],
                condition=models.Q(payer__isnull=False),
                name="posting_payer",
            ),
        ]


class Proposal(AppendOnly):
    """What one officer asks and another decides: closing a period, a year's JHT return, a journal by hand, a payment of
    JHT to a member."""

    class Kind(models.TextChoices):
        CLOSE = "close"
        RATE = "rate"
        JOURNAL = "journal"
        JHT_OUT = "jht_out"

    kind = models.CharField(max_length=7, choices=Kind)
    subject = models.CharField(max_length=20)  # «2026-01», «2025», a journal's date, a membership's number
    content = models.JSONField(default=dict)
    reason = models.CharField(max_length=250)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "proposed_by"], name="ledger_proposal_and_proposer"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="ledger_proposal_has_reason"),
        ]


class Verdict(AppendOnly):
    """The second officer's answer, never the proposer's own."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, primary_key=True, related_name="verdict")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=250, default="")
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="ledger_verdict_by_another"
            ),
        ]


class PeriodClose(AppendOnly):
    """A closed month: nothing more is posted to it or to any month before it, and it is never opened again."""

    month = models.DateField(primary_key=True)
    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT)
    closed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="close_month_is_first"),
        ]


class PeriodBalance(AppendOnly):
    """What a closed month moved on an account; written by the database when it closes."""

    sealed = True

    pk: Any = models.CompositePrimaryKey("month", "account_id")
    month = models.DateField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()


class JhtRate(AppendOnly):
    """A year's JHT return that the law's own figures do not hold, decided by the board, entered with four eyes."""

    year = models.SmallIntegerField(primary_key=True)
    per_100000 = models.IntegerField()
    citation = models.CharField(max_length=250)
    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(year__range=(2015, 2100)), name="jht_rate_year"),
            models.CheckConstraint(condition=models.Q(per_100000__range=(0, 100_000)), name="jht_rate_at_most_whole"),
        ]


class JhtMovement(AppendOnly):
    """What moved a member's JHT account but its yearly return, in rupiah; withdrawals are negative. Named by
    membership and source."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        CONTRIBUTION = "contribution"
        WITHDRAWAL = "withdrawal"
        CORRECTION = "correction"

    pk: Any = models.CompositePrimaryKey("membership_id", "source")
    membership = models.ForeignKey(Membership, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    dated = models.DateField()
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="withdrawal", amount__lt=0)
                | models.Q(kind__in=["opening", "contribution", "correction"]),
                name="jht_movement_of_its_kind",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="jht_movement_moves"),
            models.CheckConstraint(condition=models.Q(dated__gte="2015-07-01"), name="jht_movement_under_the_law"),
        ]
        indexes: ClassVar = [BrinIndex(fields=["dated"], name="jht_movement_dated")]


class JhtReturn(AppendOnly):
    """What one run credited to an account for a year, dated the year's last day; written by the database only.

    The return is worked out to the sen: `amount` is the rupiah that the rounded balance grew by, `extra_sen` what the
    return truly is more (or less). `carry_sen` is what the run found beyond earlier runs of the year: all runs of a
    year together carry the exact balance into the next."""

    sealed = True

    pk: Any = models.CompositePrimaryKey("year", "membership_id", "run")
    year = models.SmallIntegerField()
    run = models.SmallIntegerField()
    extra_sen = models.SmallIntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    amount = models.BigIntegerField()
    carry_sen = models.BigIntegerField()


class JhtCrediting(AppendOnly):
    """One run that credited a year: how many accounts, how many rupiah, at which rate; `movements` of the year it saw
    in all. A later run of the same year credits only what came afterwards."""

    sealed = True

    year = models.SmallIntegerField()
    run = models.SmallIntegerField()
    per_100000 = models.IntegerField()
    movements = models.BigIntegerField()
    accounts = models.BigIntegerField()
    amount = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True)
    credited_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "run"], name="jht_crediting_once")]


class JhtPayment(AppendOnly):
    """The bank says that JHT which was approved has arrived."""

    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, primary_key=True, related_name="payment")
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    bank_reference = models.CharField(max_length=60, unique=True)
    confirmed_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="jht_payment_positive"),
            models.CheckConstraint(condition=~models.Q(bank_reference=""), name="jht_payment_has_reference"),
        ]
