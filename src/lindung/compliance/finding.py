"""One run compares all lists and reports, and moves the findings on: new ones open with their evidence, evidence that
changed is added, what no longer holds is resolved. The same run twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lindung.compliance.comparisons import COMPARISONS, DROP_FACTS, FACTS, FOUND_NOW
from lindung.compliance.matching import match_lists, oldest_list
from lindung.compliance.models import FindingRun
from lindung.compliance.rules import SECTORS, pension_age, rule
from lindung.contributions.actions import ensure_months
from lindung.contributions.legal import PU, due_date, holidays_around
from lindung.core.actors import EVERYWHERE, Actor, acting_as
from lindung.core.clock import now
from lindung.core.log import record
from lindung.core.months import add_months, last_day, month_of
from lindung.law.contributions.programmes import programmes_due
from lindung.law.form.words import FirmSize, Programme

FIND = "compliance.judge"
RECENT_MONTHS = 2  # before the month that is due: a company's newest report is looked for among these
LOCK_FIND, RUNS = 7320, 3  # the advisory lock of a run

_NEW = """
  INSERT INTO compliance_finding (kind, subject, payer_id, listed_id, person_id, place_id, found_on)
  SELECT kind, subject, payer_id, listed_id, person_id, place_id, %(on)s FROM found_now ORDER BY place_id, subject
  ON CONFLICT (kind, subject) DO NOTHING
"""
# One event for every finding that has something new to tell. What was refuted comes back only when it has grown: more
# workers, or figures farther apart.
_EVENTS = """
  INSERT INTO compliance_findingevent (finding_id, number, what, dated, people, ours, theirs, source, source_date,
         detail, reason, recorded_by, recorded_at)
  SELECT f.id, coalesce(s.number, 0) + 1,
         CASE WHEN s.finding_id IS NULL THEN 'found' WHEN s.state IN ('open', 'confirmed') THEN 'evidence'
              ELSE 'reopened' END,
         %(on)s, n.people, n.ours, n.theirs, n.source, n.source_date, n.detail, '', %(by)s, %(at)s
    FROM found_now n JOIN compliance_finding f ON f.kind = n.kind AND f.subject = n.subject
    LEFT JOIN compliance_findingstanding s ON s.finding_id = f.id
    LEFT JOIN compliance_findingevent e ON e.finding_id = f.id AND e.number = s.number
   WHERE s.finding_id IS NULL
      OR (s.state IN ('open', 'confirmed') AND (s.people, s.ours, s.theirs, s.source, s.source_date, e.detail)
                                               IS DISTINCT FROM
                                               (n.people, n.ours, n.theirs, n.source, n.source_date, n.detail))
      OR s.state = 'resolved'
      OR (s.state = 'refuted' AND (n.people > s.people OR abs(n.theirs - n.ours) > abs(s.theirs - s.ours)))
  RETURNING what
"""
_RESOLVE = """
  INSERT INTO compliance_findingevent (finding_id, number, what, dated, people, ours, theirs, source, source_date,
         detail, reason, recorded_by, recorded_at)
  SELECT s.finding_id, s.number + 1, 'resolved', %(on)s, s.people, s.ours, s.theirs, s.source, s.source_date, e.detail,
         %(gone)s, %(by)s, %(at)s
    FROM compliance_findingstanding s JOIN compliance_finding f ON f.id = s.finding_id
    JOIN compliance_findingevent e ON e.finding_id = s.finding_id AND e.number = s.number
   WHERE s.state IN ('open', 'confirmed')
     AND NOT EXISTS (SELECT 1 FROM found_now n WHERE n.kind = f.kind AND n.subject = f.subject)
"""
GONE = "Pada pencocokan berikutnya kedua angka tidak lagi berselisih."


@transaction.atomic
def find(actor: Actor, on: date) -> FindingRun:
    """Compare everything as of a day, over all places. The same data on the same day a second time adds no event.

    Raises NotAllowed."""
    actor.require(FIND)
    values = _values(actor, on)
    ensure_months([values["due"]])
    with acting_as(replace(actor, scope=EVERYWHERE)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_FIND, RUNS])
        match_lists(on)
        counts = _compare(cursor, values)
        cursor.execute(_NEW, values)
        cursor.execute(_EVENTS, values)
        told = [row[0] for row in cursor.fetchall()]
        cursor.execute(_RESOLVE, values | {"gone": GONE})
        resolved: int = cursor.rowcount
        cursor.execute(DROP_FACTS)
        run = FindingRun.objects.create(
            on=on, counts=counts, opened=len(told) - told.count("evidence"), changed=told.count("evidence"),
            resolved=resolved, ran_at=now(), ran_by=actor.name,
        )  # fmt: skip
        record(
            actor, "compliance.find", f"run:{run.pk}",
            after={"on": on.isoformat(), "opened": run.opened, "changed": run.changed, "resolved": resolved},
        )  # fmt: skip
    return run


def _compare(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, int]:
    """Fill `found_now`; how many of each kind hold."""
    cursor.execute(FOUND_NOW)
    for statement in FACTS.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)
    for comparison in COMPARISONS:
        cursor.execute(f"INSERT INTO found_now {comparison}", values)
    cursor.execute("ANALYZE found_now")
    cursor.execute("SELECT kind, count(*) FROM found_now GROUP BY kind")
    return dict(cursor.fetchall())


def due_month(on: date) -> date:
    """The newest month whose report and contribution were due before a day."""
    month = month_of(on)
    while due_date(PU, month, holidays_around(month)) >= on:
        month = add_months(month, -1)
    return month


def _values(actor: Actor, on: date) -> dict[str, Any]:
    due = due_month(on)
    sizes = {size: programmes_due(0, int(size), 1) for size in FirmSize}
    return {
        "on": on, "by": actor.name, "at": now(), "due": due, "after_due": last_day(due) + timedelta(days=1),
        "first": add_months(due, -rule("silent_months", on).value), "last": month_of(on),
        "recent": add_months(due, -RECENT_MONTHS), "oldest": oldest_list(on),
        "joined_by": on - timedelta(days=rule("registration_days", on).value),
        "tolerance": rule("other_list_tolerance", on).value, "flat_least": rule("flat_least_workers", on).value,
        "sectors": [sector for sector, _kbli in SECTORS], "sector_kbli": [kbli for _sector, kbli in SECTORS],
        "flat_share": rule("flat_share", on).value,
        "exempts_small": bool(rule("minimum_wage_exempts_small", on).value),
        "pension_age": pension_age(on),
        "sizes": [size.name.lower() for size in sizes],
        "needs_jht": [bool(due_bits & int(Programme.JHT)) for due_bits in sizes.values()],
        "needs_jp": [bool(due_bits & int(Programme.JP)) for due_bits in sizes.values()],
    }  # fmt: skip
