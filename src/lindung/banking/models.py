"""Banks that may tell us of payments, their access tokens, and every message they sent."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from lindung.contributions.models import Bill, Payment
from lindung.core.models import AppendOnly, Guarded


class BankPartner(Guarded):
    """A bank that collects for us through virtual accounts. Its own key signs for tokens, our secret signs the rest."""

    class Amounts(models.TextChoices):
        CLOSED = "closed"  # exactly what the bill still asks
        OPEN = "open"  # any amount; what is over becomes the payer's credit

    name = models.CharField(max_length=80, unique=True)
    client_id = models.CharField(max_length=64, unique=True)  # X-CLIENT-KEY
    partner_code = models.CharField(max_length=36)  # X-PARTNER-ID
    service_id = models.CharField(max_length=8, unique=True)  # partnerServiceId, without its padding
    public_key = models.TextField()  # PEM, RSA
    secret = models.TextField()  # encrypted (core.crypto)
    amounts = models.CharField(max_length=6, choices=Amounts, default=Amounts.CLOSED)
    days_after_due = models.SmallIntegerField(null=True)  # how long a code is payable; null: always
    allowed_addresses = ArrayField(models.CharField(max_length=43), default=list)  # networks; empty: any address
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(service_id__regex=r"^[0-9]{1,8}$"), name="bank_service_id_is_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(days_after_due__isnull=True) | models.Q(days_after_due__gte=0),
                name="bank_days_after_due_not_negative",
            ),
        ]


class BankToken(Guarded):
    """An access token for a quarter of an hour. Only its hash is kept."""

    partner = models.ForeignKey(BankPartner, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)


class Callback(AppendOnly):
    """A message of a bank that was decided on, and how. Its number is unique within the bank's day: the same message
    again gets the same answer, another one under the same number is refused.

    `facts` are what the answer tells of the bill; `payment` is set on the one message that brought the money."""

    # The key `callback_once` finds a bank's messages too.
    partner = models.ForeignKey(BankPartner, on_delete=models.PROTECT, related_name="callbacks", db_index=False)
    external_id = models.CharField(max_length=36)  # X-EXTERNAL-ID
    day = models.DateField()
    service = models.SmallIntegerField()  # 24 inquiry, 25 payment
    body_digest = models.CharField(max_length=64)
    request_id = models.CharField(max_length=128)  # inquiryRequestId, paymentRequestId
    channel = models.CharField(max_length=5)  # CHANNEL-ID
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="callbacks")
    amount = models.BigIntegerField(null=True)  # rupiah paid, as the bank says
    reference = models.CharField(max_length=64, default="")  # referenceNo
    advice = models.BooleanField(default=False)
    response_code = models.CharField(max_length=7)
    facts = models.JSONField(default=dict)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="callback")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "external_id", "day"], name="callback_once"),
            models.UniqueConstraint(
                fields=["partner", "request_id"],
                condition=models.Q(payment__isnull=False),
                name="callback_pays_once",
            ),
            models.CheckConstraint(
                condition=models.Q(payment__isnull=True)
                | models.Q(service=25, response_code="2002500", bill__isnull=False, amount__gt=0),
                name="callback_paid_is_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-at"], name="callback_newest")]
