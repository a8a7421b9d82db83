"""Who owes what, since when: worked out from the bills, set-based; no table of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from lindung.compliance.rules import arrears_class

# An issued bill past its day and not met. Contribution bills make the age; a penalty bill only adds to the amount.
OVERDUE = """
  SELECT b.id AS bill_id, b.payer_id, b.month, i.number, i.due_on, i.amount - contributions_met(b.id) AS left_over,
         CASE b.kind WHEN 'contribution' THEN
         1 + (extract(year FROM age(%(on)s::date - 1, i.due_on)) * 12
              + extract(month FROM age(%(on)s::date - 1, i.due_on)))::integer END AS age
    FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
   WHERE i.amount > 0 AND i.due_on < %(on)s AND contributions_met(b.id) < i.amount
"""
BY_PAYER = f"""
  SELECT payer_id, coalesce(max(age), 1) AS months,
         count(DISTINCT month) FILTER (WHERE age IS NOT NULL) AS unpaid, count(*) AS bills,
         sum(left_over)::bigint AS amount, min(month) AS since
    FROM ({OVERDUE} AND (%(payer)s::bigint IS NULL OR b.payer_id = %(payer)s)) o GROUP BY payer_id
"""


@dataclass(frozen=True)
class Arrears:
    """What a payer owes on a day. `months`: age of the oldest unpaid bill; `unpaid`: months with something unpaid."""

    payer_id: int
    months: int
    unpaid: int
    bills: int
    amount: int
    since: date
    klass: str


@dataclass(frozen=True)
class Overdue:
    """One overdue bill and the rupiah it still asks."""

    bill_id: int
    number: str
    month: date
    due_on: date
    left: int
    age: int | None  # in months; None for a penalty


def arrears_of(payer_id: int, on: date) -> Arrears | None:
    """What a payer owes on a day; None when nothing is overdue."""
    with connection.cursor() as cursor:
        cursor.execute(BY_PAYER, {"on": on, "payer": payer_id})
        row = cursor.fetchone()
    return Arrears(*(*row, arrears_class(row[1], on))) if row else None


def overdue_bills(payer_id: int, on: date) -> list[Overdue]:
    """The payer's overdue bills, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT bill_id, number, month, due_on, left_over::bigint, age"
            f" FROM ({OVERDUE} AND b.payer_id = %(payer)s) o"
            " ORDER BY month, bill_id",
            {"on": on, "payer": payer_id},
        )
        return [Overdue(*row) for row in cursor.fetchall()]
