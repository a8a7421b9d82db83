"""How much waits: for the desks."""

from __future__ import annotations

from django.db.models import Sum

from lindung.assistance.models import Decree, Proposal, RowTally
from lindung.core.actors import Actor


def count_rows_to_fix() -> int:
    """Rows of the lists within the actor's scope that were sent back for mending and nobody has corrected yet.

    A village's rows on a list that the regency sent are the regency's to mend: the village does not see that list."""
    seen = RowTally.objects.filter(proposal__state=Proposal.State.CHECKED)
    return seen.aggregate(rows=Sum("open"))["rows"] or 0


def count_decrees_waiting(actor: Actor) -> int:
    """Decrees that wait for a second officer, other than the actor."""
    return Decree.objects.filter(decision__isnull=True).exclude(proposed_by_id=actor.user_id).count()
