"""What claims put into the books: a benefit approved, paid, or withdrawn before it was paid."""

from __future__ import annotations

from datetime import date

from lindung.claims.models import Claim, Decision, DecisionApproval, InsuredEvent, Payout
from lindung.core.actors import Actor
from lindung.ledger.actions import post

BANK, PAYABLE = "1101", "2401"
BENEFITS = {Claim.Programme.JKK.value: "5101", Claim.Programme.JKM.value: "5102"}


def book_benefit(actor: Actor, decision: Decision, dated: date) -> None:
    """An approved decision owes its benefit; one that gives nothing now books nothing."""
    if decision.amount:
        _owe(actor, dated, "benefit", decision, decision.amount)


def book_withdrawal(actor: Actor, event: InsuredEvent, dated: date) -> None:
    """The benefits approved for a death that is withdrawn are not owed any more. None of them is paid."""
    approved = Decision.objects.filter(
        claim__event=event, amount__gt=0, approval__outcome=DecisionApproval.Outcome.APPROVED
    ).select_related("claim")
    for decision in approved:
        _owe(actor, dated, "benefit_withdrawn", decision, -decision.amount)


def _owe(actor: Actor, dated: date, kind: str, decision: Decision, amount: int) -> None:
    lines = [(BENEFITS[decision.claim.programme], amount, None), (PAYABLE, -amount, None)]
    post(actor, dated, kind, f"decision:{decision.pk}", lines, decision.claim.number)


def book_payout(actor: Actor, payout: Payout, paid_on: date) -> None:
    """The benefit has left the bank."""
    lines = [(PAYABLE, payout.amount, None), (BANK, -payout.amount, None)]
    post(actor, paid_on, "payout", f"payout:{payout.pk}", lines, payout.decision.claim.number)
