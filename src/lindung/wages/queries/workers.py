"""Reads: an employer's workers in a month, their wages, and those who left without a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.clock import today
from lindung.core.months import add_months
from lindung.core.scope import require_payer
from lindung.core.ui.listing import ListQuery, Page
from lindung.formats.words import mask_nik

# An employer reports a change within 7 working days (PP 44/2015 Art 9 (2)); Lindung asks after seven days.
REPORT_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class WorkerLine:
    """A worker of a month; `wage` in rupiah, None where none was ever reported. `nik` is masked. `standing`: joined
    (this month), working, leaves (this month), left."""

    employment_id: int
    membership_id: int
    person_id: int
    employee_no: str
    kpj: str
    nik: str
    name: str
    unit_code: str
    status: str
    started_on: date
    contract_end: date | None
    left_on: date | None
    leave_reason: str
    wage: Decimal | None
    wage_kind: str
    wage_month: date | None
    standing: str


_STANDING = """CASE WHEN e.left_on < %(month)s THEN 'left' WHEN e.left_on < %(next)s THEN 'leaves'
  WHEN e.started_on >= %(month)s OR e.reported_from = %(month)s THEN 'joined' ELSE 'working' END"""
WORKERS = f"""
SELECT e.id, e.membership_id, e.person_id, e.employee_no, m.kpj, p.nik, p.name, e.unit_code, e.status, e.started_on,
       e.contract_end, e.left_on, e.leave_reason, w.wage, coalesce(w.kind, ''), w.month, {_STANDING}
  FROM wages_employment e
  JOIN membership_membership m ON m.id = e.membership_id
  JOIN people_person p ON p.id = e.person_id
  LEFT JOIN LATERAL (SELECT r.wage, r.kind, r.month FROM wages_wagerecord r WHERE r.membership_id = e.membership_id
                        AND r.month <= %(month)s ORDER BY r.month DESC, r.id DESC LIMIT 1) w ON true
 WHERE e.payer_id = %(payer)s AND e.started_on < %(next)s
"""
_SORTS = {"name": "p.name", "wage": "w.wage", "started_on": "e.started_on", "contract_end": "e.contract_end"}


def workers(actor: Actor, payer_id: int, month: date, query: ListQuery) -> Page:
    """An employer's workers of a month as WorkerLine, by name; who left before it only with the filter standing=left.

    Filters: standing, unit. Search: name, KPJ, employee number. Raises NotFound (another employer)."""
    require_payer(actor, payer_id)
    values: dict[str, Any] = {
        "payer": payer_id, "month": month, "next": add_months(month, 1), "limit": query.limit,
        "offset": query.offset,
    }  # fmt: skip
    terms = ""
    if standing := query.filters.get("standing"):
        terms += f" AND {_STANDING} = %(standing)s"
        values["standing"] = standing
    else:
        terms += " AND (e.left_on IS NULL OR e.left_on >= %(month)s)"
    if unit := query.filters.get("unit"):
        terms += " AND e.unit_code = %(unit)s"
        values["unit"] = unit
    if query.search:
        plain = query.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        terms += " AND (p.name ILIKE %(text)s OR m.kpj = %(exact)s OR e.employee_no = %(exact)s)"
        values |= {"text": f"%{plain}%", "exact": query.search}
    order = query.order_sql(_SORTS, "p.name, e.id")
    with connection.cursor() as cursor:
        cursor.execute(f"{WORKERS} {terms} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values)
        rows = [replace(line, nik=mask_nik(line.nik)) for line in (WorkerLine(*row) for row in cursor.fetchall())]
    return Page.of(rows, query)


@dataclass(frozen=True)
class WageLine:
    """A wage as it was reported: rupiah; `rate` of a day or of the month's pieces."""

    month: date
    wage: Decimal
    kind: str
    rate: Decimal | None
    report_id: int
    received_on: date
    counts: bool


def wages_of(actor: Actor, payer_id: int, membership_id: int) -> list[WageLine]:
    """All that was ever reported of a worker's wage here, the newest first; `counts`: it stands for its month."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.month, w.wage, w.kind, w.rate, w.report_id, w.created_at::date,
                   row_number() OVER (PARTITION BY w.month ORDER BY w.id DESC) = 1
              FROM wages_wagerecord w WHERE w.payer_id = %s AND w.membership_id = %s ORDER BY w.month DESC, w.id DESC
            """,
            [payer_id, membership_id],
        )
        return [WageLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Unreported:
    """A worker who has probably left. `why`: contract_over, died, ended (the membership was ended elsewhere);
    `since`: the day it happened."""

    employment_id: int
    payer_id: int
    payer: str
    membership_id: int
    name: str
    nik: str
    employee_no: str
    why: str
    since: date
    days: int


_UNREPORTED = """
SELECT id, payer_id, payer, membership_id, name, nik, employee_no, why, since, %(today)s - since FROM (
  SELECT e.id, e.payer_id, y.name AS payer, e.membership_id, p.name, p.nik, e.employee_no, f.why, f.since,
         row_number() OVER (PARTITION BY e.id ORDER BY f.since) AS turn
    FROM wages_employment e
    JOIN payers_payer y ON y.id = e.payer_id
    JOIN people_person p ON p.id = e.person_id
    JOIN membership_membership m ON m.id = e.membership_id
    CROSS JOIN LATERAL (
      SELECT 'contract_over', e.contract_end WHERE e.contract_end < %(by)s
      UNION ALL
      SELECT 'ended', upper(m.valid) - 1 WHERE upper(m.valid) <= %(today)s
      UNION ALL
      SELECT 'died', d.occurred_on FROM people_lifeevent d
       WHERE d.person_id = e.person_id AND d.kind = 'death' AND NOT d.void AND d.occurred_on <= %(today)s
         AND NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = d.id)) AS f(why, since)
   WHERE e.left_on IS NULL AND (%(payer)s::bigint IS NULL OR e.payer_id = %(payer)s)) found
 WHERE turn = 1 ORDER BY since, id LIMIT %(most)s
"""


def leavers_unreported(actor: Actor, payer_id: int | None = None, most: int = 500) -> list[Unreported]:
    """Who has probably left and was not reported: the contract ended more than seven days ago, the person has died, or
    the membership was ended elsewhere. Of one employer, or (officers) of all; the longest ago first."""
    if payer_id is not None:
        require_payer(actor, payer_id)
    elif actor.payers is not None:
        return [line for own in actor.payers for line in leavers_unreported(actor, own, most)]
    day = today()
    values = {"today": day, "by": day - REPORT_WITHIN, "payer": payer_id, "most": most}
    # An employer's staff may not read the register of deaths; of their own workers they are told.
    with acting_as(on_behalf(actor) if actor.payers is not None else actor), connection.cursor() as cursor:
        cursor.execute(_UNREPORTED, values)
        return [replace(line, nik=mask_nik(line.nik)) for line in (Unreported(*row) for row in cursor.fetchall())]


def late_leavers(actor: Actor, payer_id: int, year: int) -> int:
    """How many leavers of a year were reported later than seven days after the last working day."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM wages_employment WHERE payer_id = %s AND left_on >= %s AND left_on < %s"
            " AND leave_reported_on - left_on > %s",
            [payer_id, date(year, 1, 1), date(year + 1, 1, 1), REPORT_WITHIN.days],
        )
        row: tuple[int] = cursor.fetchone()
    return row[0]
