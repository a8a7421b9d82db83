"""What the demonstration came to, read back from the database."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

from django.db.models import Sum

from lindung.assistance.models import Proposal, ProposalRow, Scheme
from lindung.claims.models import Decision, DecisionApproval, PayoutConfirmation
from lindung.contributions.counts import count_cover
from lindung.contributions.models import BillIssue, Settlement
from lindung.web.demo.story import TODAY

MONTH: Final = date(2026, 1, 1)  # the month that the list is billed for


def figures() -> dict[str, Any]:
    """The month in numbers; rupiah and people are integers.

    Rows count as they stand at the end: a row sent back mended counts once, with its last outcome."""
    scheme = Scheme.objects.get(fiscal_year=2026)
    proposals = list(Proposal.objects.filter(scheme=scheme).order_by("pk"))
    rows = ProposalRow.objects.filter(proposal=proposals[0])
    outcomes = Counter(rows.values_list("status", flat=True))
    reasons = Counter(code for codes in rows.values_list("reason_codes", flat=True) for code in codes)
    bill = BillIssue.objects.get(bill__payer=scheme.payer, bill__month=MONTH, bill__sequence=1)
    paid = Settlement.objects.filter(bill=bill.bill).aggregate(total=Sum("amount"))["total"] or 0
    return {
        "rows_received": proposals[0].rows_received,
        "rows_accepted": outcomes["accepted"],
        "rows_to_fix": outcomes["to_fix"],
        "rows_rejected": outcomes["rejected"],
        "reasons": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        "rows_corrected": {
            "received": proposals[1].rows_received,
            "accepted": proposals[1].rows_accepted,
            "to_fix": proposals[1].rows_to_fix,
            "rejected": proposals[1].rows_rejected,
        },
        "people_enrolled": bill.people,
        "bill_month": f"{MONTH:%Y-%m}",
        "bill_amount": bill.amount,
        "paid_amount": paid,
        "claims_paid": PayoutConfirmation.objects.count(),
        "claims_refused": DecisionApproval.objects.filter(
            outcome="approved", decision__outcome=Decision.Outcome.REFUSE
        ).count(),
        "benefit_paid": PayoutConfirmation.objects.aggregate(total=Sum("payout__amount"))["total"] or 0,
        "covered_people": count_cover(TODAY).covered,
        "as_of": TODAY.isoformat(),
    }
