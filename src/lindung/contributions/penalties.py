"""Penalties for late contributions: one line for each bill and month begun late, on a bill of penalties per payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lindung.contributions import legal
from lindung.contributions.locks import lock_payers
from lindung.contributions.models import Bill, BillIssue, PenaltyProposal
from lindung.contributions.numbering import last_number, number_prefix
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.errors import Conflict
from lindung.core.log import record
from lindung.core.months import month_of
from lindung.core.ui.words import rupiah
from lindung.payers.models import Payer

ASSESS = "contributions.assess_penalties"
_LINES = {
    "payer_id": "bigint",
    "late_bill_id": "bigint",
    "month_late": "smallint",
    "base": "bigint",
    "amount": "bigint",
}


@dataclass(frozen=True)
class Penalties:
    """What one run asked: bills made, lines on them, rupiah."""

    bills: int
    lines: int
    amount: int


# What was still owed of a bill when each month of lateness began, where it has no line yet. Only what wage earners owe
# bears a penalty; with self-payers on the same bill, their part is taken to be paid last.
_LATE = """
WITH overdue AS (
  SELECT b.id, b.payer_id, b.month, i.amount, i.due_on
    FROM contributions_billissue i JOIN contributions_bill b ON b.id = i.bill_id AND b.kind = 'contribution'
   WHERE i.amount > 0 AND i.due_on < %(on)s
     AND (%(payers)s::bigint[] IS NULL OR b.payer_id = ANY(%(payers)s))
     AND EXISTS (SELECT 1 FROM contributions_personmonth pm WHERE pm.bill_id = b.id AND pm.segment = 'PU')),
parts AS (
  SELECT bill_id, amount, dated FROM contributions_standingsettlement
   UNION ALL
  SELECT bill_id, amount, dated FROM contributions_setoff),
begun AS (
  SELECT o.*, n AS month_late, (o.due_on + make_interval(months => n - 1))::date AS since
    FROM overdue o CROSS JOIN generate_series(1, 600) n
   WHERE o.due_on + make_interval(months => n - 1) < %(on)s)
SELECT g.payer_id, g.id AS late_bill_id, g.month AS "on", g.month_late::smallint,
       least(g.amount - coalesce(sum(p.amount), 0), w.amount)::bigint AS base
  FROM begun g
  JOIN LATERAL (SELECT sum(jkk + jkm + jht + jp) AS amount FROM contributions_personmonth
                 WHERE bill_id = g.id AND segment = 'PU') w ON true
  LEFT JOIN parts p ON p.bill_id = g.id AND p.dated <= g.since
 WHERE NOT EXISTS (SELECT 1 FROM contributions_penaltyline l
                    WHERE l.late_bill_id = g.id AND l.month_late = g.month_late)
 GROUP BY g.payer_id, g.id, g.month, g.month_late, g.amount, w.amount
HAVING least(g.amount - coalesce(sum(p.amount), 0), w.amount) > 0
"""


@dataclass(frozen=True)
class PenaltyDue:
    """What a payer would be asked: late bills, months begun late on them, rupiah owed of those bills in their last such
    month, and the penalty."""

    payer_id: int
    payer: str
    bills: int
    lines: int
    base: int
    amount: int


def penalties_due(actor: Actor, on: date) -> list[PenaltyDue]:
    """What `assess_penalties` would ask now, by payer, the most first; nothing is changed."""
    actor.require(ASSESS)
    with acting_as(on_behalf(actor)), connection.cursor() as cursor:
        asked = _asked(cursor, on, None)
    names = Payer.objects.in_bulk(asked["payer_id"].unique().to_list())
    sums = (
        asked.sort("month_late")
        .group_by("payer_id", "late_bill_id")
        .agg(pl.len().alias("lines"), pl.col("base").last(), pl.col("amount").sum())
        .group_by("payer_id")
        .agg(pl.len().alias("bills"), pl.col("lines", "base", "amount").sum())
        .sort("amount", "payer_id", descending=[True, False])
    )
    return [
        PenaltyDue(row["payer_id"], names[row["payer_id"]].name, row["bills"], row["lines"], row["base"], row["amount"])
        for row in sums.iter_rows(named=True)
    ]


@transaction.atomic
def propose_penalties(actor: Actor, on: date) -> PenaltyProposal | None:
    """Put before the officer, once a month, what lateness has cost by this day; None when nothing has. Nothing is asked
    of anybody. Again in the same month, the first proposal stands."""
    actor.require(ASSESS)
    month = month_of(on)
    proposed = PenaltyProposal.objects.filter(month=month).first()
    if proposed is not None:
        return proposed
    due = penalties_due(actor, on)
    if not due:
        return None
    made, is_new = PenaltyProposal.objects.get_or_create(
        month=month,
        defaults={
            "dated": on, "payers": len(due), "bills": sum(row.bills for row in due),
            "amount": sum(row.amount for row in due),
        },
    )  # fmt: skip
    if is_new:
        after = {"payers": made.payers, "bills": made.bills, "amount": made.amount}
        record(actor, "contributions.propose_penalties", f"day:{on.isoformat()}", after=after)
    return made


def proposal_waiting() -> PenaltyProposal | None:
    """The newest proposal, while no penalties were asked since its day."""
    newest = PenaltyProposal.objects.order_by("-month").first()
    if newest is None:
        return None
    asked = BillIssue.objects.filter(bill__kind=Bill.Kind.PENALTY, issued_on__gte=newest.dated).exists()
    return None if asked else newest


@transaction.atomic
def assess_penalties(
    actor: Actor, on: date, payer_ids: list[int] | None = None, *, expected: int | None = None
) -> Penalties:
    """Ask the penalties that lateness has cost by this day, of these payers or of all (PP 44/2015 Art 22, PP 46/2015
    Art 20, PP 45/2015 Art 31). For each month begun since a bill was due: the law's penalty on what was then still
    owed, by all its workers wherever they live. Bills of penalties are issued at once, due with the month's
    contributions. Run again, it adds what is new.

    `expected`: the rupiah somebody read before; Conflict when it is another by now."""
    actor.require(ASSESS)
    with acting_as(on_behalf(actor)), connection.cursor() as cursor:
        payers = _late(cursor, on, payer_ids)["payer_id"].unique().to_list()
        lock_payers(payers)
        asked = _asked(cursor, on, payers)  # as it stands now that nobody else changes it
        amount = int(asked["amount"].sum())
        if expected is not None and amount != expected:
            raise _changed(expected, amount)
        if asked.is_empty():
            return Penalties(0, 0, 0)
        bills = _bill(cursor, asked, on, actor)
    record(
        actor,
        "contributions.assess_penalties",
        f"day:{on.isoformat()}",
        after={"bills": bills, "lines": asked.height, "amount": amount},
    )
    return Penalties(bills, asked.height, amount)


def _changed(expected: int, amount: int) -> Conflict:
    return Conflict(
        "penalties_changed",
        _("Denda yang dibaca %(expected)s, sekarang %(amount)s. Belum ada yang ditagih.")
        % {"expected": rupiah(expected), "amount": rupiah(amount)},
        field="amount",
        way_out=_("Buka kembali halaman denda, baca jumlahnya, lalu ulangi."),
    )


def _asked(cursor: CursorWrapper, on: date, payer_ids: list[int] | None) -> pl.DataFrame:
    """The lines there would be, with their penalties."""
    late = _late(cursor, on, payer_ids)
    return (
        late.with_columns(amount=pl.lit(0, pl.Int64)) if late.is_empty() else _priced(late).filter(pl.col("amount") > 0)
    )


def _late(cursor: CursorWrapper, on: date, payer_ids: list[int] | None) -> pl.DataFrame:
    cursor.execute(_LATE, {"on": on, "payers": payer_ids})
    return fetch_frame(
        cursor,
        {"payer_id": pl.Int64, "late_bill_id": pl.Int64, "on": pl.Date, "month_late": pl.Int16, "base": pl.Int64},
    )


def _priced(late: pl.DataFrame) -> pl.DataFrame:
    """With the law's penalty for one month on each base, by the rate of the bill's month."""
    from lindung.law.columns import assess  # starts the compiler

    facts = late.select("on", amount="base", months_late=pl.lit(1), segment=pl.lit("PU")).rechunk()
    judged = assess(facts.to_arrow(), "late_penalty", results=["penalty"])
    if judged.results is None or judged.errors.num_rows:
        raise ValueError("the law gives no penalty for some late bills")
    return late.with_columns(pl.Series("amount", judged.results.column("penalty").to_pylist(), dtype=pl.Int64))


def _bill(cursor: CursorWrapper, asked: pl.DataFrame, on: date, actor: Actor) -> int:
    """Put the lines on new bills, one per payer, and issue those; how many."""
    month = month_of(on)
    with loaded(asked, "asked_penalties", _LINES):
        cursor.execute(
            """
            INSERT INTO contributions_bill (kind, payer_id, month, sequence)
            SELECT 'penalty', payer_id, %(month)s, 1 + coalesce((
                     SELECT max(sequence) FROM contributions_bill b
                      WHERE b.payer_id = a.payer_id AND b.month = %(month)s), 0)
              FROM (SELECT DISTINCT payer_id FROM asked_penalties) a ORDER BY payer_id RETURNING id
            """,
            {"month": month},
        )
        bills = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """
            INSERT INTO contributions_penaltyline (bill_id, late_bill_id, month_late, base, amount)
            SELECT b.id, a.late_bill_id, a.month_late, a.base, a.amount
              FROM asked_penalties a JOIN contributions_bill b ON b.payer_id = a.payer_id AND b.id = ANY(%s)
            """,
            [bills],
        )
    due_on = legal.due_date(legal.PU, month, legal.holidays_around(month))
    cursor.execute(
        """
        INSERT INTO contributions_billissue (bill_id, number, issued_on, due_on, people, amount, content_digest,
                                             issued_by)
        SELECT b.id, %(prefix)s || lpad((%(last)s + row_number() OVER (ORDER BY b.id))::text, 4, '0'), %(on)s, %(due)s,
               t.people, t.amount, t.digest, %(by)s
          FROM unnest(%(bills)s::bigint[]) AS b(id) CROSS JOIN LATERAL contributions_bill_totals(b.id) t
        """,
        {
            "prefix": number_prefix("DND", month),
            "last": last_number("DND", month),
            "on": on,
            "due": due_on,
            "by": actor.name,
            "bills": bills,
        },
    )
    cursor.execute(
        "SELECT contributions_post_bill(id), contributions_apply_credit(payer_id, %s)"
        "  FROM contributions_bill WHERE id = ANY(%s) ORDER BY id",
        [on, bills],
    )
    return len(bills)
