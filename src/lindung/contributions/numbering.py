"""Numbers of bills: TAG-2026-01-0003 is the third bill of January 2026; KRD for credits, DND for penalties."""

from __future__ import annotations

from datetime import date

from django.db import connection

from lindung.core.months import format_month


def number_prefix(series: str, month: date) -> str:
    """What the numbers of a series and month begin with."""
    return f"{series}-{format_month(month)}-"


def last_number(series: str, month: date) -> int:
    """The last number given in a series and month (0: none yet). Until the transaction ends nobody else gives one, so
    that there are no gaps."""
    prefix = number_prefix(series, month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7316, 3)")
        cursor.execute(
            "SELECT coalesce(max(substr(number, %s)::integer), 0) FROM contributions_billissue WHERE number LIKE %s",
            [len(prefix) + 1, f"{prefix}%"],
        )
        return int(cursor.fetchone()[0])
