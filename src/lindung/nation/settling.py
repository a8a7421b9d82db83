"""A day of payments: what came in, which bills it settles, the books, members' JHT accounts, and cover."""

from __future__ import annotations

from datetime import date

from psycopg import Connection

from lindung.contributions.legal import full_cover
from lindung.core.errors import Conflict
from lindung.core.months import format_month, month_of
from lindung.nation.billing import BILLS_OF_ENTRY, ISSUER, LINES
from lindung.nation.partition import name_of
from lindung.nation.stages import Row

ONE_IN = 20
"""One payer in so many pays on the day."""

PAID = """
CREATE TEMP TABLE paid ON COMMIT DROP AS
SELECT b.id AS bill_id, b.payer_id, i.amount, row_number() OVER (ORDER BY b.id) AS n
  FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
 WHERE b.month = %(month)s AND b.sequence = 1 AND b.payer_id %% %(one_in)s = 7 AND i.amount > 0
"""

PAYMENTS = """
WITH payments AS (
  INSERT INTO contributions_payment (payer_id, kind, reference, paid_on, amount, received_by)
  SELECT payer_id, 'transfer', %(reference)s || payer_id, %(paid_on)s, amount, %(by)s FROM paid ORDER BY n
  RETURNING id, payer_id)
INSERT INTO contributions_settlement (payment_id, bill_id, amount)
SELECT p.id, paid.bill_id, paid.amount FROM payments p JOIN paid USING (payer_id)
"""

# What the trigger check_settlement says of each one, of all at once.
WRONG = """
SELECT count(*) FROM paid
  LEFT JOIN contributions_settlement s ON s.bill_id = paid.bill_id
  LEFT JOIN contributions_payment p ON p.id = s.payment_id AND p.payer_id = paid.payer_id AND p.amount = s.amount
  LEFT JOIN contributions_met_of(ARRAY(SELECT bill_id FROM paid)) met ON met.bill_id = paid.bill_id
 WHERE p.id IS NULL OR s.amount <> paid.amount OR met.amount <> paid.amount
"""

MOVEMENTS = """
INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source)
SELECT pm.membership_id, %(paid_on)s, 'contribution', pm.jht, 'bill:' || pm.bill_id
  FROM paid JOIN {table} pm USING (bill_id) WHERE pm.jht > 0
"""

IN_THE_BOOKS = """
WITH batches AS (SELECT *, (n - 1) / %(batch)s AS batch FROM paid),
saved AS (
  SELECT b.batch, sum(pm.jht) AS jht FROM batches b JOIN {table} pm USING (bill_id) GROUP BY b.batch),
lines AS (
  SELECT 'payments' AS part, batch, '1101' AS account, NULL::bigint AS payer_id, sum(amount) AS amount
    FROM batches GROUP BY batch
   UNION ALL SELECT 'payments', batch, '2201', payer_id, -amount FROM batches
   UNION ALL SELECT 'settlements', batch, '2201', payer_id, amount FROM batches
   UNION ALL SELECT 'settlements', batch, '1201', payer_id, -amount FROM batches
   UNION ALL SELECT 'settlements', batch, account, NULL, sign * jht FROM saved,
                    (VALUES ('2102', 1), ('2101', -1)) AS moved(account, sign) WHERE jht > 0)
INSERT INTO ledger_lines
SELECT part || %(source)s || batch, %(paid_on)s, row_number() OVER (PARTITION BY part, batch), account, payer_id, amount
  FROM lines
"""

COVERED = """
WITH now_paid AS (
  SELECT pm.place_id / 1000000 * 1000000 AS regency_id, pm.segment, programme, count(*) AS people
    FROM paid JOIN {table} pm USING (bill_id),
         LATERAL (VALUES ('JKK', jkk), ('JKM', CASE WHEN segment = 'PMI' THEN jkk ELSE jkm END), ('JHT', jht),
                         ('JP', jp), ('JKP', jkp)) AS part(programme, owed)
   WHERE owed > 0 AND job = 1 GROUP BY 1, 2, 3)
UPDATE nation.cover_summary s SET people_paid = now_paid.people FROM now_paid
 WHERE s.month = %(month)s AND s.regency_id = now_paid.regency_id AND s.segment = now_paid.segment
   AND s.programme = now_paid.programme
"""


def settle(connection: Connection[Row], month: date, paid_on: date) -> int:
    """One payer in twenty pays the month's bill on this day; how many did.

    Raises Conflict when a bill would be settled by more or less than it asks."""
    values = {
        "month": month, "paid_on": paid_on, "one_in": ONE_IN, "by": ISSUER, "batch": BILLS_OF_ENTRY,
        "reference": f"NATION-{format_month(month)}-", "source": f":{format_month(month)}:{paid_on}:",
    }  # fmt: skip
    connection.execute(PAID, values)
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute(PAYMENTS, values)
    connection.execute("SET LOCAL session_replication_role = origin")
    wrong, *_ = connection.execute(WRONG).fetchone() or (0,)
    if wrong:
        raise Conflict("settlement_differs", f"{wrong:,} bills are not settled by exactly what they ask.")
    return _count(connection)


def _count(connection: Connection[Row]) -> int:
    found = connection.execute("SELECT count(*) FROM paid").fetchone()
    return int(found[0]) if found else 0


def post_payments(connection: Connection[Row], month: date, paid_on: date) -> int:
    """The day in the books, and the JHT accounts of those whose bills are settled; how many accounts moved."""
    values = {"paid_on": paid_on, "batch": BILLS_OF_ENTRY, "source": f":{format_month(month)}:{paid_on}:"}
    connection.execute(LINES)
    connection.execute(IN_THE_BOOKS.format(table=name_of(month)), values)
    connection.execute("SELECT ledger_post_many('payments', %s, %s)", [f"Iuran {format_month(month)}", ISSUER])
    return connection.execute(MOVEMENTS.format(table=name_of(month)), values).rowcount


def cover(connection: Connection[Row], month: date, paid_on: date) -> int:
    """Cover of everybody whose bill was settled, by the function that keeps it; how many people."""
    law = full_cover(paid_on)
    connection.execute("SET LOCAL session_replication_role = replica")  # the people themselves are not built
    people = connection.execute(
        "SELECT contributions_refresh_cover(ARRAY(SELECT contributions_people_of(ARRAY(SELECT bill_id FROM paid))),"
        " %s, %s, %s)",
        [month_of(paid_on), law.months, law.since],
    ).fetchone()
    connection.execute("SET LOCAL session_replication_role = origin")
    connection.execute(COVERED.format(table=name_of(month)), {"month": month})
    return int(people[0]) if people else 0
