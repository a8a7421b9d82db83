"""How the summary is counted: one INSERT … SELECT per kind of figure, over the other rooms' tables.

A person-month is *paid* on a day when its last entry is a charge and that charge's bill was settled by then. Person and
month count for the village the person lived in when it was charged."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from lindung.contributions.legal import BPU, PU, status_limits
from lindung.core.months import month_of

_PAID = """
  SELECT pm.month, pm.person_id, pm.job, pm.membership_id, pm.segment, pm.place_id, pm.payer_id, pm.origin,
         pm.jkk + pm.jkm + pm.jht + pm.jp AS amount
    FROM contributions_personmonth pm
    JOIN contributions_settledbill s ON s.bill_id = pm.bill_id AND s.settled_on <= %(as_of)s
   WHERE pm.month BETWEEN %(first)s AND %(last)s AND pm.entry_no %% 2 = 1
     AND NOT EXISTS (SELECT 1 FROM contributions_personmonth later
                      WHERE later.month = pm.month AND later.person_id = pm.person_id AND later.job = pm.job
                        AND later.entry_no %% 2 = 0 AND later.entry_no = pm.entry_no + 1)
"""

# A person counts once, by the best of his jobs; the payer is the one of its last paid month.
_PEOPLE = f"""
WITH paid AS ({_PAID}),
last_paid AS (SELECT DISTINCT ON (person_id, job) * FROM paid ORDER BY person_id, job, month DESC),
standing AS (
  SELECT l.person_id, l.job, l.month, l.place_id, payer.kind,
         CASE WHEN l.month >= limits.active_from THEN 'people_active' ELSE 'people_grace' END AS metric
    FROM last_paid l
    JOIN (VALUES (%(pu)s, %(pu_active)s::date, %(pu_grace)s::date),
                 (%(bpu)s, %(bpu_active)s::date, %(bpu_grace)s::date))
      AS limits(segment, active_from, grace_from) ON limits.segment = l.segment AND l.month >= limits.grace_from
    JOIN membership_membership m ON m.id = l.membership_id
    JOIN payers_payer payer ON payer.id = l.payer_id
   WHERE (upper_inf(m.valid) OR upper(m.valid) >= %(as_of)s)
     AND NOT EXISTS (SELECT 1 FROM people_lifeevent death
                      WHERE death.person_id = l.person_id AND death.kind = 'death' AND NOT death.void
                        AND death.occurred_on < %(as_of)s
                        AND NOT EXISTS (SELECT 1 FROM people_lifeevent c WHERE c.corrects_id = death.id))),
counted AS (SELECT DISTINCT ON (person_id) * FROM standing ORDER BY person_id, metric, month DESC, job)
INSERT INTO coverage_summary (as_of, place_id, metric, detail, value)
SELECT %(as_of)s, place_id, metric, kind, count(*) FROM counted GROUP BY place_id, metric, kind
"""

_FINANCED = f"""
WITH paid AS MATERIALIZED ({_PAID}),
by_kind AS (SELECT paid.*, payer.kind FROM paid JOIN payers_payer payer ON payer.id = paid.payer_id),
person AS (SELECT DISTINCT ON (person_id, kind) place_id, kind FROM by_kind ORDER BY person_id, kind, month DESC, job)
INSERT INTO coverage_summary (as_of, place_id, metric, detail, since, value)
SELECT %(as_of)s, place_id, 'people_financed', kind, %(first)s, count(*) FROM person GROUP BY place_id, kind
UNION ALL
SELECT %(as_of)s, place_id, 'person_months', kind, %(first)s, count(*) FROM by_kind GROUP BY place_id, kind
UNION ALL
SELECT %(as_of)s, paid.place_id, 'budget_realised', '', %(first)s, sum(paid.amount)
  FROM paid
  JOIN assistance_decree decree ON paid.origin = 'decree:' || decree.id
  JOIN assistance_scheme scheme ON scheme.id = decree.scheme_id AND scheme.fiscal_year = %(year)s
 GROUP BY paid.place_id
"""

_BENEFITS = """
WITH paid AS (
  SELECT p.place_id, claim.programme, c.paid_on, p.amount, claim.id
    FROM claims_payoutconfirmation c
    JOIN claims_payout p ON p.id = c.payout_id
    JOIN claims_decision d ON d.id = p.decision_id
    JOIN claims_claim claim ON claim.id = d.claim_id
   WHERE c.paid_on <= %(as_of)s),
counted AS (
  SELECT place_id, programme, sum(amount) AS amount_ever, count(DISTINCT id) AS claims_ever,
         sum(amount) FILTER (WHERE paid_on >= %(first)s) AS amount,
         count(DISTINCT id) FILTER (WHERE paid_on >= %(first)s) AS claims
    FROM paid GROUP BY place_id, programme)
INSERT INTO coverage_summary (as_of, place_id, metric, detail, since, value)
SELECT %(as_of)s, place_id, f.metric, programme, f.since, f.value
  FROM counted CROSS JOIN LATERAL (VALUES
    ('benefit_paid', %(first)s::date, amount), ('claims_paid', %(first)s::date, claims),
    ('benefit_paid_ever', NULL, amount_ever), ('claims_paid_ever', NULL, claims_ever)) AS f(metric, since, value)
 WHERE f.value > 0
"""

# Always written, also as 0: they show that the day was counted.
_BUDGET = """
WITH scheme AS (
  SELECT s.id, s.budget_ceiling FROM assistance_scheme s JOIN core_installation i ON i.place_key = s.place_id
   WHERE s.fiscal_year = %(year)s),
decree AS (
  SELECT d.total_amount FROM assistance_decree d JOIN scheme ON scheme.id = d.scheme_id
    JOIN assistance_decreedecision o ON o.decree_id = d.id AND o.outcome = 'approved'
   WHERE d.dated <= %(as_of)s)
INSERT INTO coverage_summary (as_of, place_id, metric, since, value, detail)
SELECT %(as_of)s, i.place_key, f.metric, %(first)s, f.value, ''
  FROM core_installation i CROSS JOIN LATERAL (VALUES
    ('budget_ceiling', (SELECT coalesce(sum(budget_ceiling), 0) FROM scheme)),
    ('budget_committed', (SELECT coalesce(sum(total_amount), 0) FROM decree))) AS f(metric, value)
"""


def count_day(as_of: date) -> int:
    """Write the summary of one day; returns the rows written. The caller has cleared the day and holds the lock."""
    year_start, year_end = date(as_of.year, 1, 1), date(as_of.year, 12, 1)
    year: dict[str, Any] = {"as_of": as_of, "first": year_start, "last": year_end, "year": as_of.year}
    people = _limits(as_of) | {"as_of": as_of, "last": month_of(as_of)}
    rows = 0
    with connection.cursor() as cursor:
        for statement, values in ((_PEOPLE, people), (_FINANCED, year), (_BENEFITS, year), (_BUDGET, year)):
            cursor.execute(statement, values)
            rows += cursor.rowcount
    return rows


def _limits(as_of: date) -> dict[str, Any]:
    """The law's limits of active and grace per segment; no older month than the first can still protect."""
    limits = status_limits(as_of)
    return {
        "pu": PU, "pu_active": limits.active_from[PU], "pu_grace": limits.grace_from[PU],
        "bpu": BPU, "bpu_active": limits.active_from[BPU], "bpu_grace": limits.grace_from[BPU],
        "first": min(limits.grace_from.values()),
    }  # fmt: skip
