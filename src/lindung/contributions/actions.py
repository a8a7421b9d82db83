"""The writes of this room, gathered from its files.

All acts on one payer's bills wait for each other (an advisory lock per payer); everything else runs side by side."""

from __future__ import annotations

from lindung.contributions.billing import PaymentResult, issue_bill, record_payment, refresh_cover
from lindung.contributions.planning import at_price, ensure_months, plan_person_months
from lindung.contributions.reversing import reverse_person_months

__all__ = [
    "PaymentResult",
    "at_price",
    "ensure_months",
    "issue_bill",
    "plan_person_months",
    "record_payment",
    "refresh_cover",
    "reverse_person_months",
]
