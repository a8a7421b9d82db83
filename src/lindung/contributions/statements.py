"""A payer's account: what was asked, what came in, what is left, and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from lindung.core.clock import today
from lindung.core.ui.listing import ListQuery, Page


@dataclass(frozen=True)
class StatementLine:
    """One event on a payer's account, in rupiah. `balance` after it: what the payer owes; negative is his credit.

    `kind`: bill, credit, penalty, payment, reversal (a payment that was none). `bill_id` for the first three,
    `payment_id` for the others."""

    id: int
    dated: date
    kind: str
    reference: str
    month: date | None
    asked: int
    received: int
    balance: int
    bill_id: int | None
    payment_id: int | None


_EVENTS = """
SELECT i.issued_on AS dated, CASE WHEN b.kind = 'penalty' THEN 'penalty' WHEN i.amount < 0 THEN 'credit' ELSE 'bill' END
         AS kind, i.number AS reference, b.month, i.amount, b.id AS bill_id, 1 AS part, b.id AS nth
  FROM contributions_billissue i JOIN contributions_bill b ON b.id = i.bill_id WHERE b.payer_id = %(payer)s
 UNION ALL
SELECT paid_on, 'payment', reference, NULL, -amount, NULL, 2, id FROM contributions_payment WHERE payer_id = %(payer)s
 UNION ALL
SELECT d.dated, 'reversal', p.reference, NULL, p.amount, NULL, 3, p.id FROM contributions_paymentreversaldecision d
  JOIN contributions_payment p ON p.id = d.payment_id WHERE p.payer_id = %(payer)s AND d.outcome = 'approved'
"""


def statement(payer_id: int, query: ListQuery) -> Page:
    """One page of a payer's account, the oldest event first, with the balance after each."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT row_number() OVER w, dated, kind, reference, month, greatest(amount, 0), greatest(-amount, 0),
                   (sum(amount) OVER w)::bigint, bill_id,
                   CASE WHEN bill_id IS NULL THEN nth END
              FROM ({_EVENTS}) e WINDOW w AS (ORDER BY dated, part, nth)
             ORDER BY dated, part, nth LIMIT %(limit)s OFFSET %(offset)s
            """,
            {"payer": payer_id, "limit": query.limit, "offset": query.offset},
        )
        return Page.of([StatementLine(*row) for row in cursor.fetchall()], query)


# Months begun since the due date, inclusive upper bounds (the agency's collectibility classes).
CLASSES = (("current", 3), ("slow", 6), ("doubtful", 12), ("lost", 10**6))
_CLASS = "CASE {} END".format(" ".join(f"WHEN late <= {bound} THEN '{name}'" for name, bound in CLASSES))


@dataclass(frozen=True)
class Standing:
    """What a payer owes on a day, in rupiah: not yet due, overdue by age class, and his credit not yet used.

    `overdue`: current (1-3 months), slow (4-6), doubtful (7-12), lost (more)."""

    payer_id: int
    not_due: int
    overdue: dict[str, int]
    credit: int
    oldest: date | None  # month of the oldest bill overdue
    months_late: int

    @property
    def owed(self) -> int:
        """All that is asked and has not come in."""
        return self.not_due + sum(self.overdue.values())

    @property
    def age_class(self) -> str:
        """By the oldest bill; empty when nothing is overdue."""
        return next((name for name, bound in CLASSES if self.months_late and self.months_late <= bound), "")


_LEFT = """
SELECT b.payer_id, b.month, i.due_on, i.amount - coalesce(met.amount, 0) AS owed,
       CASE WHEN i.due_on >= %(on)s THEN 0
            ELSE 1 + (extract(year FROM age(%(on)s, i.due_on)) * 12
                      + extract(month FROM age(%(on)s, i.due_on)))::integer
       END AS late
  FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id AND i.amount > 0
  LEFT JOIN contributions_met_of(ARRAY(
    SELECT x.id FROM contributions_bill x WHERE %(payers)s::bigint[] IS NULL OR x.payer_id = ANY(%(payers)s))) met
    ON met.bill_id = b.id
 WHERE (%(payers)s::bigint[] IS NULL OR b.payer_id = ANY(%(payers)s)) AND i.amount > coalesce(met.amount, 0)
"""


def standings(payer_ids: list[int] | None = None, on: date | None = None) -> list[Standing]:
    """What these payers (None: all that owe something) owe on a day, the most overdue first. Overdue by age."""
    values = {"on": on or today(), "payers": payer_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT payer_id, coalesce(sum(owed) FILTER (WHERE late = 0), 0)::bigint,
                   {
                ", ".join(
                    f"coalesce(sum(owed) FILTER (WHERE late > 0 AND {_CLASS} = '{name}'), 0)::bigint"
                    for name, _bound in CLASSES
                )
            },
                   min(month) FILTER (WHERE late > 0), max(late)
              FROM ({_LEFT}) l GROUP BY payer_id ORDER BY max(late) DESC, sum(owed) DESC, payer_id
            """,
            values,
        )
        rows = cursor.fetchall()
        credits = _credits(None if payer_ids is None else payer_ids)
    found = [
        Standing(
            row[0], row[1], dict(zip((name for name, _b in CLASSES), row[2:6], strict=True)), credits.get(row[0], 0),
            row[6], row[7],
        )
        for row in rows
    ]  # fmt: skip
    owing = {standing.payer_id for standing in found}
    nothing = {name: 0 for name, _bound in CLASSES}
    return found + [
        Standing(payer, 0, dict(nothing), credits.get(payer, 0), None, 0)
        for payer in payer_ids or ()
        if payer not in owing
    ]


def _credits(payer_ids: list[int] | None) -> dict[int, int]:
    """Money and credit notes that pay no bill yet, by payer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT payer_id, sum(rest)::bigint FROM (
              SELECT p.payer_id, p.amount - coalesce((SELECT sum(amount) FROM contributions_settlement s
                                                       WHERE s.payment_id = p.id), 0) AS rest
                FROM contributions_payment p WHERE NOT EXISTS (
                  SELECT 1 FROM contributions_paymentreversaldecision d
                   WHERE d.payment_id = p.id AND d.outcome = 'approved')
               UNION ALL
              SELECT b.payer_id, -i.amount - coalesce((SELECT sum(amount) FROM contributions_setoff o
                                                        WHERE o.credit_id = b.id), 0)
                FROM contributions_billissue i JOIN contributions_bill b ON b.id = i.bill_id WHERE i.amount < 0) x
             WHERE %(payers)s::bigint[] IS NULL OR payer_id = ANY(%(payers)s) GROUP BY payer_id HAVING sum(rest) > 0
            """,
            {"payers": payer_ids},
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class BillTotals:
    """What a bill asks per programme, in rupiah; `jkp` is part of jkk and jkm, `worker_share` part of all."""

    jkk: int
    jkm: int
    jht: int
    jp: int
    jkp: int
    worker_share: int


def totals_of(bill_id: int) -> BillTotals:
    """The programmes of a bill added up."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(jkk), 0)::bigint, coalesce(sum(jkm), 0)::bigint, coalesce(sum(jht), 0)::bigint,
                   coalesce(sum(jp), 0)::bigint, coalesce(sum(jkp), 0)::bigint, coalesce(sum(worker_share), 0)::bigint
              FROM contributions_personmonth WHERE bill_id = %s
            """,
            [bill_id],
        )
        return BillTotals(*cursor.fetchone())


@dataclass(frozen=True)
class PenaltyRow:
    """A line of a bill of penalties: the late bill, how many months late, what was then owed, the penalty."""

    number: str
    month: date
    month_late: int
    base: int
    amount: int


def penalty_lines(bill_id: int) -> list[PenaltyRow]:
    """The lines of a bill of penalties, the oldest bill first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.number, b.month, l.month_late, l.base, l.amount FROM contributions_penaltyline l
              JOIN contributions_bill b ON b.id = l.late_bill_id JOIN contributions_billissue i ON i.bill_id = b.id
             WHERE l.bill_id = %s ORDER BY b.month, i.number, l.month_late
            """,
            [bill_id],
        )
        return [PenaltyRow(*row) for row in cursor.fetchall()]
