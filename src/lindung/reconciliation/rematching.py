"""Lines that nobody knew are looked at again: a callback may have come since, a bill been issued."""

from __future__ import annotations

from collections import Counter

from django.db import connection, transaction

from lindung.core.actors import Actor
from lindung.reconciliation.matching import in_turn, match_lines
from lindung.reconciliation.suspense import follow_suspense

MATCH = "reconciliation.import"
_DAYS_BACK = 90


@transaction.atomic
def match_again(actor: Actor) -> Counter[str]:
    """Match the open money-in lines of the last ninety days, and bring the books in line with all lines; how many were
    found, by how. Lines that a proposal waits for are left to it."""
    actor.require(MATCH)
    in_turn()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id FROM reconciliation_line l"
            " WHERE l.amount > 0 AND l.booked_on >= (SELECT max(booked_on) - %s FROM reconciliation_line)"
            "   AND NOT EXISTS (SELECT 1 FROM reconciliation_match m WHERE m.line_id = l.id)"
            "   AND NOT EXISTS (SELECT 1 FROM reconciliation_proposal p"
            "                    WHERE p.line_id = l.id AND NOT EXISTS (SELECT 1 FROM reconciliation_verdict v"
            "                                                            WHERE v.proposal_id = p.id))",
            [_DAYS_BACK],
        )
        lines = [row[0] for row in cursor.fetchall()]
    matched = match_lines(actor, lines)
    follow_suspense(actor)
    return matched
