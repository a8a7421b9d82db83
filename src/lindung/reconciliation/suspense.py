"""Money nobody knows yet: account 2301 in the books holds exactly the lines that stand for nothing."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.db import connection, transaction

from lindung.core.actors import Actor
from lindung.ledger.actions import post_many
from lindung.reconciliation.models import SuspenseMove

BANK, SUSPENSE = "1101", "2301"
KIND = "suspense"
_LOCK = 7334

# Lines whose money lies in suspense although they stand for something, or the other way round.
_ASTRAY = """
SELECT l.id, l.booked_on, l.amount, l.moves FROM (
  SELECT l.id, l.booked_on, l.amount,
         (SELECT count(*) FROM reconciliation_suspensemove m WHERE m.line_id = l.id) AS moves,
         EXISTS (SELECT 1 FROM reconciliation_standing s WHERE s.line_id = l.id) AS known
    FROM reconciliation_line l WHERE l.amount <> 0 AND (%(lines)s::bigint[] IS NULL OR l.id = ANY(%(lines)s))) l
 WHERE l.known = (l.moves %% 2 = 1) ORDER BY l.id
"""


@transaction.atomic
def follow_suspense(actor: Actor, line_ids: Sequence[int] | None = None) -> int:
    """Bring the books in line with what these lines (all) stand for; how many moved. Repeated, it changes nothing.

    Into suspense: Dr 1101 / Cr 2301. Known: the opposite, for the payment brings Dr 1101 of its own. Money that went
    out moves with the opposite sign. What is below one rupiah is not booked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_ASTRAY, {"lines": None if line_ids is None else list(line_ids)})
        astray = cursor.fetchall()
    if not astray:
        return 0
    SuspenseMove.objects.bulk_create(
        [SuspenseMove(line_id=line, ordinal=moves + 1) for line, _on, _amount, moves in astray], batch_size=5_000
    )
    rows = [
        (f"line:{line}:{moves + 1}", booked_on, number, account, None, sign * (amount if moves % 2 == 0 else -amount))
        for line, booked_on, amount, moves in astray
        for number, (account, sign) in enumerate(((BANK, 1), (SUSPENSE, -1)), start=1)
    ]
    schema = {
        "source": pl.String, "dated": pl.Date, "line": pl.Int16, "account": pl.String, "payer_id": pl.Int64,
        "amount": pl.Int64,
    }  # fmt: skip
    post_many(actor, KIND, pl.DataFrame(rows, schema=schema, orient="row"))
    return len(astray)
