"""Bank accounts of ours, their statements and lines, what each line was found to be, and what waits for a second word.

Amounts are whole rupiah (`sen` beside them), money in positive. Every table is append-only: a mistake is mended by a
further row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import MD5, Now

from lindung.contributions.models import Bill, Payment
from lindung.core.models import AppendOnly, StoredFile, User
from lindung.ledger.models import Entry
from lindung.payers.models import Payer


class Account(AppendOnly):
    """A bank account in which contributions arrive. Statements of any other account are refused."""

    number = models.CharField(max_length=34, unique=True)  # digits and letters only
    bank = models.CharField(max_length=80)
    holder = models.CharField(max_length=120)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(number__regex=r"^[0-9A-Z]+$"), name="account_number_plain")
        ]


class Statement(AppendOnly):
    """A bank's statement as it came: `digest` of its file and `part` in it (a file may hold several)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(max_length=40, default="")
    digest = models.CharField(max_length=64)
    part = models.SmallIntegerField(default=1)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField()
    opening_sen = models.BigIntegerField()
    total_sen = models.BigIntegerField()
    closing_sen = models.BigIntegerField()
    lines_read = models.IntegerField()
    lines_new = models.IntegerField()  # the others had come with an earlier statement
    imported_by = models.CharField(max_length=150)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "part"], name="statement_once"),
            models.UniqueConstraint(fields=["id", "account"], name="statement_and_account"),
            models.CheckConstraint(
                condition=models.Q(closing_sen=models.F("opening_sen") + models.F("total_sen")),
                name="statement_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__gte=models.F("opened_on"), lines_new__gte=0)
                & models.Q(lines_new__lte=models.F("lines_read")),
                name="statement_is_plausible",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-closed_on", "-id"], name="statement_latest")]


class Line(AppendOnly):
    """One movement of an account, once, however many statements tell of it.

    The n-th of several movements that look alike on a day has the ordinal n."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    row_no = models.IntegerField()  # line of the file
    booked_on = models.DateField()
    valued_on = models.DateField()
    amount = models.BigIntegerField()
    sen = models.SmallIntegerField(default=0)
    reference = models.CharField(max_length=80, default="")
    text = models.CharField(max_length=1000, default="")
    balance = models.BigIntegerField(null=True)
    ordinal = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "account", "booked_on", "amount", "sen", "reference", MD5("text"), "ordinal", name="statement_line_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ordinal__gte=1, sen__gt=-100, sen__lt=100)
                & ~models.Q(amount=0, sen=0)
                & ~models.Q(amount__gt=0, sen__lt=0)
                & ~models.Q(amount__lt=0, sen__gt=0),
                name="line_amount_is_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["booked_on", "id"], name="line_by_day")]


class Proposal(AppendOnly):
    """What one person asks and a second decides: that a line is somebody's money (`identify`), that it is not what it
    was taken for (`release`), or that money came in past the bank's messages (`receipt`)."""

    class Kind(models.TextChoices):
        IDENTIFY = "identify"
        RELEASE = "release"
        RECEIPT = "receipt"

    kind = models.CharField(max_length=8, choices=Kind)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="proposals")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, related_name="+")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="+")  # recorded before
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")  # in the books already
    amount = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=80, default="")
    reason = models.CharField(max_length=250)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "proposed_by"], name="recon_proposal_and_proposer"),
            models.CheckConstraint(
                condition=models.Q(kind="identify", line__isnull=False, amount__isnull=True)
                & (
                    models.Q(payer__isnull=False, payment__isnull=True, entry__isnull=True)
                    | models.Q(payer__isnull=True, payment__isnull=False, entry__isnull=True, bill__isnull=True)
                    | models.Q(payer__isnull=True, payment__isnull=True, entry__isnull=False, bill__isnull=True)
                )
                | models.Q(
                    kind="release", line__isnull=False, payer__isnull=True, payment__isnull=True, entry__isnull=True,
                    bill__isnull=True, amount__isnull=True,
                )
                | models.Q(
                    kind="receipt", line__isnull=True, payer__isnull=False, payment__isnull=True, entry__isnull=True,
                    amount__gt=0, paid_on__isnull=False,
                )
                & ~models.Q(reference=""),
                name="proposal_says_one_thing",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="recon_proposal_has_reason"),
        ]  # fmt: skip


class Verdict(AppendOnly):
    """The second person's answer; PostgreSQL refuses the proposer's own."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, primary_key=True, related_name="verdict")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="+")  # what a receipt made
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(proposed_by=models.F("decided_by")), name="recon_four_eyes"),
            models.CheckConstraint(
                condition=models.Q(payment__isnull=True) | models.Q(outcome="approved"),
                name="recon_returned_pays_nothing",
            ),
        ]


class Match(AppendOnly):
    """What a line was found to be: a payment, or an entry the books had already; with neither, the one before is taken
    back. The one with the highest ordinal stands."""

    class How(models.TextChoices):
        CODE = "code"  # a payment code in the text
        KNOWN = "known"  # a payment recorded before: the bank's callback, an SP2D
        PAYER = "payer"  # the payer's number or name, and the amount of one open bill
        MANUAL = "manual"  # two people
        RELEASE = "release"  # two people took it back

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="matches")
    ordinal = models.SmallIntegerField()
    how = models.CharField(max_length=7, choices=How)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="matches")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True, related_name="match")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "ordinal"], name="match_once"),
            models.CheckConstraint(
                condition=models.Q(how="release", payment__isnull=True, entry__isnull=True, proposal__isnull=False)
                | models.Q(how="manual", payment__isnull=False, entry__isnull=True, proposal__isnull=False)
                | models.Q(how="manual", payment__isnull=True, entry__isnull=False, proposal__isnull=False)
                | models.Q(
                    how__in=["code", "known", "payer"], payment__isnull=False, entry__isnull=True,
                    proposal__isnull=True,
                ),
                name="match_is_one_thing",
            ),
        ]  # fmt: skip


class SuspenseMove(AppendOnly):
    """A line's money goes into the account of money not identified (odd ordinals) or out of it again (even ones).
    Each is one entry of the books."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="suspense_moves")
    ordinal = models.SmallIntegerField()
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "ordinal"], name="suspense_move_once"),
            models.CheckConstraint(condition=models.Q(ordinal__gte=1), name="suspense_ordinal_positive"),
        ]


class Sp2d(AppendOnly):
    """A payment order of the treasury, as its list has it; it explains a line or a payment, and is none itself."""

    number = models.CharField(max_length=80, unique=True)
    dated = models.DateField()
    amount = models.BigIntegerField()
    payee = models.CharField(max_length=200, default="")
    account_code = models.CharField(max_length=40, default="")
    description = models.CharField(max_length=500, default="")
    imported_by = models.CharField(max_length=150)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="sp2d_positive")]
        indexes: ClassVar = [models.Index(fields=["-dated", "-id"], name="sp2d_newest")]
