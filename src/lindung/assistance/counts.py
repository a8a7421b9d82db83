"""How much waits: for the desks."""

from __future__ import annotations

from lindung.assistance.models import Decree, ProposalRow
from lindung.core.actors import Actor


def count_rows_to_fix() -> int:
    """Rows sent back for mending within the actor's scope that nobody has corrected yet."""
    return ProposalRow.objects.filter(status=ProposalRow.Status.TO_FIX, proposalrow__isnull=True).count()


def count_decrees_waiting(actor: Actor) -> int:
    """Decrees that wait for a second officer, other than the actor."""
    return Decree.objects.filter(decision__isnull=True).exclude(proposed_by_id=actor.user_id).count()
