"""Lists: the work queue of claims, the deaths, the payout batches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lindung.claims.models import ClaimStanding
from lindung.core.clock import today
from lindung.core.ui.listing import ListQuery, Page


@dataclass(frozen=True)
class ClaimRow:
    """A claim of the work queue. `days_left` counts calendar days to the legal last day while the clock runs."""

    id: int
    number: str
    person_name: str
    village: str
    programme: str
    state: str
    claimant_name: str
    received_on: date
    pay_by: date | None
    days_left: int | None
    amount: int | None
    decision_id: int | None


@dataclass(frozen=True)
class EventRow:
    """A reported death. `standing`: the family was not told (untold), was told, has claimed, or the report was
    withdrawn."""

    id: int
    person_name: str
    village: str
    occurred_on: date
    cause: str
    source: str
    standing: str
    told_on: date | None
    claim_number: str | None


@dataclass(frozen=True)
class BatchRow:
    """A payout batch and how far it has come."""

    id: int
    number: str
    made_on: date
    made_by: str
    people: int
    amount: int
    confirmed: int
    state: str


# What harms someone first: the clock that runs out soonest, then papers that wait; what is closed comes last.
_HARM = "s.urgency, s.pay_by, s.received_on, s.claim_id"
_CLAIM_SORTS = {
    "person_name": "p.name",
    "village": "v.name",
    "received_on": "s.received_on",
    "pay_by": "s.pay_by",
    "amount": "s.amount",
}
# What the page's choice needs besides the standing itself.
_CLAIM = " JOIN claims_claim c ON c.id = s.claim_id"
_PERSON = " JOIN people_person p ON p.id = s.person_id"
_VILLAGE = " JOIN places_place v ON v.key = s.place_id"
_SORT_NEEDS = {"person_name": _PERSON, "village": _VILLAGE}
_CLAIM_ROW = f"""
SELECT s.claim_id AS id, c.number, p.name AS person_name, v.name AS village, s.programme, s.state, c.claimant_name,
       s.received_on, s.pay_by, s.urgency, s.amount, s.decision_id
  FROM chosen s{_CLAIM}{_PERSON}{_VILLAGE}
"""


def claims_page(query: ListQuery) -> Page:
    """Claims within the actor's scope, in the order of harm unless sorted. Filters: state, programme."""
    terms = ["true"]
    needs = [_SORT_NEEDS.get(query.sort or "", "")]
    for name in ("state", "programme"):
        if query.filters.get(name):
            terms.append(f"s.{name} = %({name})s")
    if query.search:
        needs += [_CLAIM, _PERSON]
        terms.append("(p.name ILIKE %(search)s OR c.number ILIKE %(search)s OR c.claimant_name ILIKE %(search)s)")
    order = query.order_sql(_CLAIM_SORTS, "s.claim_id") if query.sort else _HARM
    rows = _claims(
        f"SELECT s.* FROM claims_claimstanding s{_joined(needs)} WHERE {' AND '.join(terms)}",
        order,
        {
            **query.filters,
            "search": f"%{_like(query.search)}%",
            "limit": query.limit,
            "offset": query.offset,
        },
    )
    return Page.of(rows, query)


def payable_claims() -> list[ClaimRow]:
    """Approved claims with money to send that are in no batch yet, the most urgent first."""
    return _claims(
        "SELECT s.* FROM claims_claimstanding s WHERE s.state = 'to_pay'",
        "s.pay_by, s.claim_id",
        {"limit": 1000, "offset": 0},
    )


def _claims(choice: str, order: str, parameters: dict[str, Any]) -> list[ClaimRow]:
    """The rows of a choice of standings: the page is found first, and only its rows are looked up further."""
    rows = _fetch(
        f"""
        WITH chosen AS MATERIALIZED ({choice} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)
        {_CLAIM_ROW} ORDER BY {order}
        """,
        parameters,
    )
    day = today()
    return [_claim_row(row, day) for row in rows]


def _claim_row(row: dict[str, Any], day: date) -> ClaimRow:
    running = row["urgency"] == ClaimStanding.Urgency.CLOCK_RUNS and row["pay_by"] is not None
    return ClaimRow(
        row["id"],
        row["number"],
        row["person_name"],
        row["village"],
        row["programme"],
        row["state"],
        row["claimant_name"],
        row["received_on"],
        row["pay_by"],
        (row["pay_by"] - day).days if running else None,
        row["amount"],
        row["decision_id"],
    )


_EVENT_STANDING = """CASE WHEN EXISTS (SELECT 1 FROM claims_eventwithdrawal w WHERE w.event_id = e.id) THEN 'withdrawn'
  WHEN EXISTS (SELECT 1 FROM claims_claim c WHERE c.event_id = e.id) THEN 'claimed'
  WHEN EXISTS (SELECT 1 FROM claims_heirnotice n WHERE n.event_id = e.id) THEN 'told' ELSE 'untold' END"""
_EVENT_SORTS = {"person_name": "p.name", "village": "v.name", "occurred_on": "occurred_on"}
_EVENT_PERSON = " JOIN people_person p ON p.id = e.person_id"
_EVENT_VILLAGE = " JOIN places_place v ON v.key = e.place_id"
_EVENT_NEEDS = {"person_name": _EVENT_PERSON, "village": _EVENT_VILLAGE}


def events_page(query: ListQuery) -> Page:
    """Reported deaths within scope; families not yet told come first unless sorted. Filters: standing, source."""
    order = (
        query.order_sql(_EVENT_SORTS, "e.id") if query.sort else "(standing = 'untold') DESC, occurred_on DESC, e.id"
    )
    needs = [_EVENT_NEEDS.get(query.sort or "", "")]
    terms = ["true"]
    if query.filters.get("standing"):
        terms.append("standing = %(standing)s")
    if query.filters.get("source"):
        terms.append("source = %(source)s")
    if query.search:
        needs.append(_EVENT_PERSON)
        terms.append("p.name ILIKE %(search)s")
    rows = _fetch(
        f"""
        WITH chosen AS MATERIALIZED (
          SELECT e.* FROM (SELECT e.id, e.person_id, e.place_id, e.occurred_on, e.cause, e.source,
                                  {_EVENT_STANDING} AS standing FROM claims_insuredevent e) e{_joined(needs)}
           WHERE {" AND ".join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)
        SELECT e.id, p.name AS person_name, v.name AS village, e.occurred_on, e.cause, e.source, e.standing,
               (SELECT min(told_on) FROM claims_heirnotice WHERE event_id = e.id) AS told_on,
               (SELECT min(number) FROM claims_claim WHERE event_id = e.id) AS claim_number
          FROM chosen e{_EVENT_PERSON}{_EVENT_VILLAGE} ORDER BY {order}
        """,
        {**query.filters, "search": f"%{_like(query.search)}%", "limit": query.limit, "offset": query.offset},
    )
    return Page.of([EventRow(**row) for row in rows], query)


def batches_page(query: ListQuery) -> Page:
    """Payout batches that hold a payout within scope, newest first."""
    rows = _fetch(
        """
        WITH chosen AS MATERIALIZED (
          SELECT b.* FROM claims_payoutbatch b
           WHERE EXISTS (SELECT 1 FROM claims_payout o WHERE o.batch_id = b.id)
           ORDER BY b.id DESC LIMIT %(limit)s OFFSET %(offset)s)
        SELECT b.id, b.number, b.made_on,
               coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) AS made_by,
               b.people, b.amount, f.confirmed,
               CASE WHEN r.batch_id IS NULL THEN 'to_release'
                    WHEN f.confirmed < b.people THEN 'at_bank' ELSE 'paid' END AS state
          FROM chosen b
          JOIN core_user u ON u.id = b.made_by_id
          LEFT JOIN claims_payoutrelease r ON r.batch_id = b.id
          CROSS JOIN LATERAL (
            SELECT count(*)::int AS confirmed FROM claims_payout o
              JOIN claims_payoutconfirmation f ON f.payout_id = o.id WHERE o.batch_id = b.id) f
         ORDER BY b.id DESC
        """,
        {"limit": query.limit, "offset": query.offset},
    )
    return Page.of([BatchRow(**row) for row in rows], query)


def _joined(needs: list[str]) -> str:
    """Each join once."""
    return "".join(dict.fromkeys(needs))


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _fetch(sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True)
class PersonClaim:
    """A claim on a person's page."""

    id: int
    number: str
    programme: str
    state: str
    received_on: date
    amount: int | None


def claims_of(person_id: int) -> list[PersonClaim]:
    """All claims that a person's death gave rise to."""
    rows = _fetch(
        f"SELECT s.claim_id AS id, c.number, s.programme, s.state, s.received_on, s.amount"
        f" FROM claims_claimstanding s{_CLAIM} WHERE s.person_id = %(person)s ORDER BY s.claim_id",
        {"person": person_id},
    )
    return [PersonClaim(**row) for row in rows]


def count_by_state(states: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """Claims within the actor's scope in these states: how many, and the fewest days left to the legal last day."""
    rows = _fetch(
        "SELECT state, count(*) AS claims, min(pay_by) AS pay_by FROM claims_claimstanding"
        " WHERE state = ANY(%(states)s) GROUP BY state",
        {"states": list(states)},
    )
    day = today()
    return {row["state"]: (row["claims"], (row["pay_by"] - day).days if row["pay_by"] else None) for row in rows}


def untold_deaths() -> int:
    """Deaths on record whose family has neither been told nor come."""
    sql = """
    SELECT count(*) AS n FROM claims_insuredevent e
     WHERE NOT EXISTS (SELECT 1 FROM claims_claim c WHERE c.event_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM claims_heirnotice n WHERE n.event_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM claims_eventwithdrawal w WHERE w.event_id = e.id)
    """
    return int(_fetch(sql, {})[0]["n"])
