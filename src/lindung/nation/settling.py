"""A day of payments: what came in, which bills it settles, the books, members' JHT accounts, and cover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

SHARES = 4
"""Cover is written in so many shares of the people, by whichever connection has time for them."""

PAID = """
CREATE TEMP TABLE paid ON COMMIT DROP AS
SELECT b.id AS bill_id, b.payer_id, i.amount, row_number() OVER (ORDER BY b.id) AS n
  FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
 WHERE b.month = %(month)s AND b.sequence = 1 AND b.payer_id %% %(one_in)s = 7 AND i.amount > 0
"""

PAYMENTS = """
WITH payments AS (
  INSERT INTO contributions_payment (payer_id, kind, reference, paid_on, amount, meant_for_id, received_by)
  SELECT payer_id, 'transfer', %(reference)s || payer_id, %(paid_on)s, amount, bill_id, %(by)s FROM paid ORDER BY n
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

# OFFSET 0, here and below: few rows of a large table are looked up one by one, not found by reading the whole.
PAID_ROWS = """
CREATE TEMP TABLE paid_row ON COMMIT DROP AS
SELECT paid.n, pm.bill_id, pm.person_id, pm.job, pm.membership_id, pm.payer_id, pm.place_id, pm.segment,
       pm.jkk, pm.jkm, pm.jht, pm.jp, pm.jkp
  FROM paid CROSS JOIN LATERAL (SELECT * FROM {table} WHERE bill_id = paid.bill_id OFFSET 0) pm
"""

MOVEMENTS = """
INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source)
SELECT membership_id, %(paid_on)s, 'contribution', jht, %(deposit)s FROM paid_row WHERE jht > 0
"""

IN_THE_BOOKS = """
WITH batches AS (SELECT *, (n - 1) / %(batch)s AS batch FROM paid),
saved AS (SELECT (n - 1) / %(batch)s AS batch, sum(jht) AS jht FROM paid_row GROUP BY 1),
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

KNOWN = """
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT DISTINCT person_id FROM paid_row JOIN contributions_cover USING (person_id)
 WHERE person_id %% %(shares)s = ANY(%(mine)s)
"""

# Whoever has no cover yet has this one paid month: what contributions_refresh_cover makes of a run of one month,
# without looking for others. Whoever has cover is left to that function.
NEW_COVER = """
WITH died AS (
  SELECT e.person_id, min(e.occurred_on) AS died_on FROM people_lifeevent e
   WHERE e.kind = 'death' AND NOT e.void
     AND NOT EXISTS (SELECT 1 FROM people_lifeevent c WHERE c.corrects_id = e.id)
   GROUP BY e.person_id),
fresh AS (
  SELECT r.person_id, r.job, r.membership_id, m.place_id, r.payer_id, m.segment,
         greatest(m.registered_on, %(month)s, CASE WHEN m.segment = 'BPU' THEN %(paid_on)s END) AS protected_since,
         died_on,
         CASE WHEN isempty(m.valid) THEN m.registered_on ELSE upper(m.valid) END - 1 AS left_on
    FROM paid_row r
   CROSS JOIN LATERAL (SELECT * FROM membership_membership WHERE id = r.membership_id OFFSET 0) m
    LEFT JOIN died ON died.person_id = r.person_id
   WHERE r.person_id %% %(shares)s = ANY(%(mine)s)
     AND NOT EXISTS (SELECT 1 FROM known WHERE known.person_id = r.person_id)),
judged AS (
  SELECT *, CASE WHEN segment = 'PU' OR %(full_after)s = 0 THEN protected_since
                 WHEN %(full_after)s <= 1 THEN greatest(protected_since, %(paid_on)s) END AS counted_from FROM fresh)
INSERT INTO contributions_cover (person_id, job, membership_id, place_id, payer_id, segment, protected_since,
       paid_through, consecutive_months, jkm_full_from, ended_on)
SELECT person_id, job, membership_id, place_id, payer_id, segment, protected_since, %(month)s, 1,
       CASE WHEN counted_from <= %(full_since)s THEN protected_since ELSE counted_from END, least(died_on, left_on)
  FROM judged ORDER BY person_id, job
"""

OLD_COVER = """
SELECT contributions_refresh_cover(array_agg(person_id), %(this_month)s, %(full_after)s, %(full_since)s)
  FROM known HAVING count(*) > 0
"""

COVERED = """
WITH now_paid AS (
  SELECT place_id / 1000000 * 1000000 AS regency_id, segment, count(*) FILTER (WHERE jkk > 0) AS "JKK",
         count(*) FILTER (WHERE jkm > 0 OR segment = 'PMI') AS "JKM", count(*) FILTER (WHERE jht > 0) AS "JHT",
         count(*) FILTER (WHERE jp > 0) AS "JP", count(*) FILTER (WHERE jkp > 0) AS "JKP"
    FROM paid_row WHERE job = 1 GROUP BY 1, 2)
UPDATE nation.cover_summary s
   SET people_paid = people_paid + CASE s.programme WHEN 'JKK' THEN "JKK" WHEN 'JKM' THEN "JKM" WHEN 'JHT' THEN "JHT"
                                                    WHEN 'JP' THEN "JP" ELSE "JKP" END
  FROM now_paid WHERE s.month = %(month)s AND s.regency_id = now_paid.regency_id AND s.segment = now_paid.segment
"""


def find_paid(connection: Connection[Row], month: date) -> int:
    """Whose bills are paid on the day, and their rows, for the connection's transaction; how many bills."""
    connection.execute(PAID, {"month": month, "one_in": ONE_IN})
    connection.execute("ANALYZE paid")
    connection.execute(PAID_ROWS.format(table=name_of(month)))
    connection.execute("SET LOCAL default_statistics_target = 10")  # as many as the plans need, not a tenth of all rows
    connection.execute("ANALYZE paid_row (n, person_id, membership_id)")
    found = connection.execute("SELECT count(*) FROM paid").fetchone()
    return int(found[0]) if found else 0


def settle(connection: Connection[Row], month: date, paid_on: date) -> int:
    """One payer in twenty pays the month's bill on this day; how many did.

    Raises Conflict when a bill would be settled by more or less than it asks."""
    paid = find_paid(connection, month)
    values = {"paid_on": paid_on, "by": ISSUER, "reference": f"NATION-{format_month(month)}-"}
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute(PAYMENTS, values)
    connection.execute("SET LOCAL session_replication_role = origin")
    wrong, *_ = connection.execute(WRONG).fetchone() or (0,)
    if wrong:
        raise Conflict("settlement_differs", f"{wrong:,} bills are not settled by exactly what they ask.")
    return paid


def post_payments(connection: Connection[Row], month: date, paid_on: date) -> int:
    """The day in the books, and the JHT accounts of those whose bills are settled; how many accounts moved."""
    values = {
        "paid_on": paid_on, "batch": BILLS_OF_ENTRY, "source": f":{format_month(month)}:{paid_on}:",
        # as contributions_credit_jht names them, so that it finds the month credited
        "deposit": f"iuran:{format_month(month)}:{paid_on:%m%d}",
    }  # fmt: skip
    connection.execute(LINES)
    connection.execute(IN_THE_BOOKS, values)
    connection.execute("SELECT ledger_post_many('payments', %s, %s)", [f"Iuran {format_month(month)}", ISSUER])
    return connection.execute(MOVEMENTS, values).rowcount


def count_covered(connection: Connection[Row], month: date) -> None:
    """The day in the cover summary."""
    connection.execute(COVERED, {"month": month})


def cover(
    connection: Connection[Row],
    month: date,
    paid_on: date,
    mine: Sequence[int],
    settled: Callable[[], None] | None = None,
) -> int:
    """Cover of everybody in these shares of the people whose bill is settled on the day; how many covers are new.

    May begin while another connection settles the bills: `settled` waits for it, and what is written here is committed
    only then. People's own rows, which cover names by a foreign key, are not built (see `register`)."""
    law = full_cover(paid_on)
    values = {
        "month": month, "paid_on": paid_on, "this_month": month_of(paid_on), "full_after": law.months,
        "full_since": law.since, "shares": SHARES, "mine": list(mine),
    }  # fmt: skip
    connection.execute(KNOWN, values)
    connection.execute("SET LOCAL session_replication_role = replica")
    covers = connection.execute(NEW_COVER, values).rowcount
    if settled:
        settled()
    connection.execute(OLD_COVER, values)
    connection.execute("SET LOCAL session_replication_role = origin")
    return covers
