"""Taking charges back: a reversal on the open bill, or a credit for an issued one; differences go along."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lindung.contributions import sql
from lindung.contributions.billing import issue_bill
from lindung.contributions.locks import lock_payers
from lindung.contributions.planning import AMOUNTS, PROGRAMMES
from lindung.core.actors import Actor
from lindung.core.errors import InvalidInput
from lindung.core.log import record
from lindung.core.months import format_month, month_of

Values = dict[str, list[int] | date | int | None]

# Charges that stand and are not paid yet, of some people from a month on.
_UNPAID = f"""
  SELECT pm.*, i.bill_id IS NOT NULL AS issued
    FROM contributions_personmonth pm
    LEFT JOIN contributions_billissue i ON i.bill_id = pm.bill_id
   WHERE pm.person_id = ANY(%(people)s) AND pm.month >= %(first)s AND pm.month <= %(last)s AND pm.entry_no %% 2 = 1
     AND (%(job)s::smallint IS NULL OR pm.job = %(job)s::smallint)
     AND NOT EXISTS (SELECT 1 FROM contributions_personmonth r WHERE r.month = pm.month
                       AND r.person_id = pm.person_id AND r.job = pm.job AND r.entry_no = pm.entry_no + 1)
     AND NOT EXISTS (SELECT 1 FROM contributions_settledbill s
                      WHERE s.bill_id = pm.bill_id AND {sql.OF_PEOPLE})
"""
_ROWS = f"""
INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id, place_id,
       segment, wage_base, {", ".join(AMOUNTS)}, origin)
"""
# One statement, so that PostgreSQL sees the month come to nothing: each charge is undone, and the differences of its
# month with it, on their own bill while that is open, else together on the bill that takes the charge back.
_REVERSE = f"""
WITH unpaid AS MATERIALIZED ({_UNPAID}),
undone AS (
  SELECT u.*, CASE WHEN u.issued THEN c.id ELSE u.bill_id END AS onto
    FROM unpaid u LEFT JOIN contributions_bill c ON c.id = ANY(%(credits)s::bigint[]) AND u.issued
     AND c.payer_id = u.payer_id AND c.month = u.month),
differing AS (
  SELECT u.month, u.person_id, u.job, u.membership_id, u.payer_id, u.place_id, u.segment, u.origin,
         CASE WHEN i.bill_id IS NULL THEN d.bill_id ELSE u.onto END AS onto,
         sum(d.wage_base)::bigint AS wage_base, {", ".join(f"sum(d.{name})::bigint AS {name}" for name in AMOUNTS)}
    FROM undone u JOIN contributions_personmonth d ON d.month = u.month AND d.person_id = u.person_id AND d.job = u.job
     AND d.entry_no < 0 LEFT JOIN contributions_billissue i ON i.bill_id = d.bill_id
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9),
earlier AS (
  SELECT d.month, d.person_id, d.job, min(e.entry_no) AS entry_no
    FROM (SELECT DISTINCT month, person_id, job FROM differing) d
    JOIN contributions_personmonth e USING (month, person_id, job) GROUP BY 1, 2, 3),
opposite AS (
  SELECT d.*, e.entry_no - 2 * row_number() OVER (PARTITION BY d.month, d.person_id, d.job ORDER BY d.onto) AS entry_no
    FROM differing d JOIN earlier e USING (month, person_id, job)
   WHERE {" + ".join(f"d.{name}" for name in PROGRAMMES)} <> 0),
added AS ({_ROWS}
  SELECT month, person_id, job, entry_no + 1, membership_id, payer_id, onto, place_id, segment, wage_base,
         {", ".join(f"-{name}" for name in AMOUNTS)}, origin FROM undone
   UNION ALL
  SELECT month, person_id, job, entry_no, membership_id, payer_id, onto, place_id, segment, -wage_base,
         {", ".join(f"-{name}" for name in AMOUNTS)}, origin FROM opposite
  RETURNING entry_no)
SELECT count(*) FILTER (WHERE entry_no > 0) FROM added
"""


@transaction.atomic
def reverse_person_months(
    actor: Actor,
    person_ids: list[int],
    from_month: date,
    reason: str,
    job: int | None = None,
    until: date = date.max,
) -> int:
    """Take back every charge of these people (of one job only, if named) from a month on (to a month, if named) that is
    not paid yet, and the differences of those months; returns how many charges.

    On a bill still open the row is undone there. For an issued bill a credit is made, issued and set off against what
    the payer owes (PP 44/2015 Art 23 (4)). Paid months stay: they are refunded, not reversed."""
    if not reason.strip():
        raise InvalidInput(
            "reason_missing", _("Alasan harus diisi, contoh: meninggal 3 Februari 2026."), field="reason"
        )
    first = month_of(from_month)
    values: Values = {"people": person_ids, "first": first, "last": until, "job": job}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT payer_id FROM ({_UNPAID}) u ORDER BY payer_id", values)
        payers = [row[0] for row in cursor.fetchall()]
        if not payers:
            return 0
        lock_payers(payers)
        credits = _make_credits(cursor, values)
        cursor.execute(_REVERSE, values | {"credits": credits})
        undone: int = cursor.fetchone()[0]
    issued = issue_credits(actor, credits)
    record(
        actor,
        "contributions.reverse",
        f"month:{format_month(first)}",
        reason,
        after={"rows": undone, "people": len(person_ids), "credits": issued},
    )
    return undone


def _make_credits(cursor: CursorWrapper, values: Values) -> list[int]:
    """One new bill per payer and month for what is taken back from issued bills."""
    cursor.execute(
        f"""
        INSERT INTO contributions_bill (payer_id, month, sequence)
        SELECT w.payer_id, w.month, 1 + (SELECT max(sequence) FROM contributions_bill b
                                          WHERE b.payer_id = w.payer_id AND b.month = w.month)
          FROM (SELECT DISTINCT payer_id, month FROM ({_UNPAID}) u WHERE issued) w ORDER BY w.payer_id, w.month
        RETURNING id
        """,
        values,
    )
    return [row[0] for row in cursor.fetchall()]


def issue_credits(actor: Actor, bill_ids: list[int]) -> list[int]:
    """Issue these bills, which give back; one on which everything cancels out stays empty and is not issued."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bill_id FROM contributions_billtally WHERE bill_id = ANY(%s) AND amount < 0", [bill_ids])
        giving = sorted(row[0] for row in cursor.fetchall())
    for bill_id in giving:
        issue_bill(actor, bill_id)
    return giving
