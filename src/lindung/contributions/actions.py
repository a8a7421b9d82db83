"""The writes of this room, gathered from its files.

All acts on one payer's bills wait for each other (an advisory lock per payer); everything else runs side by side."""

from __future__ import annotations

from lindung.contributions.billing import bill_of_code, issue_bill, payment_code
from lindung.contributions.correcting import Correction, correct_person_months
from lindung.contributions.following import refresh_cover, refresh_pending
from lindung.contributions.payments import (
    PaymentResult,
    confirm_reversal,
    receive_payment,
    record_payment,
    reverse_payment,
)
from lindung.contributions.penalties import Penalties, assess_penalties
from lindung.contributions.planning import at_price, ensure_months, plan_person_months
from lindung.contributions.reversing import reverse_person_months

__all__ = [
    "Correction",
    "PaymentResult",
    "Penalties",
    "assess_penalties",
    "at_price",
    "bill_of_code",
    "confirm_reversal",
    "correct_person_months",
    "ensure_months",
    "issue_bill",
    "payment_code",
    "plan_person_months",
    "receive_payment",
    "record_payment",
    "refresh_cover",
    "refresh_pending",
    "reverse_payment",
    "reverse_person_months",
]
