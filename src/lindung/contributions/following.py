"""What follows from money: cover, and the JHT accounts. Payments put their bills into a queue; here it is emptied."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from lindung.contributions import legal
from lindung.core.clock import today
from lindung.core.months import month_of

AT_ONCE = 500  # bills whose people are looked at together


def refresh_pending() -> int:
    """Let cover and JHT follow every payment not followed yet; returns how many bills that were. Several at once share
    the work, and a run that is stopped leaves the rest to the next."""
    done = 0
    while bills := _next_pending():
        done += len(bills)
    return done


@transaction.atomic
def _next_pending() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM contributions_coverpending WHERE id IN (
              SELECT id FROM contributions_coverpending ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING bill_id
            """,
            [AT_ONCE],
        )
        bills = sorted({row[0] for row in cursor.fetchall()})
    if bills:
        _bring_up_to_date(bills)
    return bills


@transaction.atomic
def follow(bill_ids: Sequence[int]) -> int:
    """Bring what follows from these bills up to date now, without waiting for the queue; returns how many people are
    on them."""
    if not bill_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contributions_coverpending WHERE bill_id = ANY(%s)", [list(bill_ids)])
    return _bring_up_to_date(list(bill_ids))


def _bring_up_to_date(bill_ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM contributions_people_of(%s)", [bill_ids])
        people = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT contributions_credit_jht(%s, %s)", [bill_ids, today()])
    refresh_cover(people)
    return len(people)


def refresh_cover(person_ids: list[int] | None) -> int:
    """Rebuild the cover of these people (None: of everybody) from what is paid; returns how many covers they have.

    One statement; the same answer as the law's rule `cover` for each of them."""
    day = today()
    full = legal.full_cover(day)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT contributions_refresh_cover(%s, %s, %s, %s)", [person_ids, month_of(day), full.months, full.since]
        )
        row: tuple[int] = cursor.fetchone()
    return row[0]
