"""Pieces of SQL that several reads share. `pm` is a person-month, `c` a cover."""

from __future__ import annotations

# A charge that nobody has taken back. The planner guesses half of the rows for a CASE, one in two hundred for `=`.
STANDS = """CASE WHEN pm.entry_no %% 2 = 1 THEN true END AND NOT EXISTS (
  SELECT 1 FROM contributions_personmonth r WHERE r.month = pm.month AND r.person_id = pm.person_id
     AND r.job = pm.job AND r.entry_no %% 2 = 0 AND r.entry_no = pm.entry_no + 1)"""

# Rupiah of all programmes.
AMOUNT = "pm.jkk + pm.jkm + pm.jht + pm.jp"

# With the parameters of legal.StatusLimits.values().
ACTIVE_FROM = "CASE c.segment WHEN 'PU' THEN %(pu_active)s ELSE %(bpu_active)s END"
GRACE_FROM = "CASE c.segment WHEN 'PU' THEN %(pu_grace)s ELSE %(bpu_grace)s END"
# The bound that holds for both segments lets an index find the few.
BEFORE_ACTIVE = f"c.paid_through < greatest(%(pu_active)s, %(bpu_active)s) AND c.paid_through < {ACTIVE_FROM}"
BEFORE_GRACE = f"(c.paid_through < greatest(%(pu_grace)s, %(bpu_grace)s) AND c.paid_through < {GRACE_FROM})"
SINCE_GRACE = f"(c.paid_through >= least(%(pu_grace)s, %(bpu_grace)s) AND c.paid_through >= {GRACE_FROM})"
LASTS = "(c.ended_on IS NULL OR c.ended_on >= %(on)s)"
STATUS = f"""CASE WHEN c.ended_on < %(on)s THEN 'inactive' WHEN c.paid_through >= {ACTIVE_FROM} THEN 'active'
  WHEN c.paid_through >= {GRACE_FROM} THEN 'grace' ELSE 'inactive' END"""

# The state of a bill `b`, its issue `i`, and the rupiah that met it so far.
MET = "contributions_met(b.id)"
BILL_STATE = f"""CASE WHEN i.bill_id IS NULL THEN 'planned' WHEN i.amount < 0 THEN 'credit'
  WHEN {MET} = i.amount THEN 'settled' WHEN i.due_on < %(on)s THEN 'overdue' WHEN {MET} > 0 THEN 'partial'
  ELSE 'issued' END"""

# Beside a join of the view `contributions_settledbill s`: without it, every bill there is would be added up first.
OF_PEOPLE = "s.bill_id = ANY(ARRAY(SELECT bill_id FROM contributions_personmonth WHERE person_id = ANY(%(people)s)))"
