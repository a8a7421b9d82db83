"""All acts on one payer's bills wait for each other; everything else runs side by side."""

from __future__ import annotations

from django.db import connection

_LOCK_PAYER = 7317  # contributions_receive takes the same


def lock_payers(payer_ids: list[int]) -> None:
    """Until the transaction ends, nobody else plans, issues, reverses or pays for these payers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT DISTINCT unnest(%s::integer[]) AS id ORDER BY 1) y",
            [_LOCK_PAYER, payer_ids],
        )
