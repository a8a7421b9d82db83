"""How much waits: for the desks."""

from __future__ import annotations

from lindung.assistance.models import Decree, Proposal, ProposalRow
from lindung.core.actors import Actor


def count_rows_to_fix() -> int:
    """Rows of the lists within the actor's scope that were sent back for mending and nobody has corrected yet.

    A village's rows on a list that the regency sent are the regency's to mend: the village does not see that list."""
    rows = ProposalRow.objects.filter(status=ProposalRow.Status.TO_FIX, proposalrow__isnull=True)
    return rows.filter(proposal__state=Proposal.State.CHECKED).count()


def count_decrees_waiting(actor: Actor) -> int:
    """Decrees that wait for a second officer, other than the actor."""
    return Decree.objects.filter(decision__isnull=True).exclude(proposed_by_id=actor.user_id).count()
