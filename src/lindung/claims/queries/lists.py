"""Lists: the work queue of claims, the deaths, the payout batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lindung.claims.states import CLAIM_STATE, RUNNING
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
_HARM = """CASE WHEN state = ANY(%(running)s) THEN 0 WHEN state IN ('documents', 'arrears') THEN 1 ELSE 2 END,
  pay_by NULLS LAST, received_on"""
_CLAIM_SORTS = {
    "person_name": "person_name",
    "village": "village",
    "received_on": "received_on",
    "pay_by": "pay_by",
    "amount": "amount",
}


def claims_page(query: ListQuery) -> Page:
    """Claims within the actor's scope, in the order of harm unless sorted. Filters: state, programme."""
    parameters = {
        "running": list(RUNNING),
        "search": f"%{_like(query.search)}%",
        "state": query.filters.get("state", ""),
        "programme": query.filters.get("programme", ""),
        "limit": query.limit,
        "offset": query.offset,
    }
    order = query.order_sql(_CLAIM_SORTS, "id") if query.sort else f"{_HARM}, id"
    rows = _fetch(
        f"""
        SELECT * FROM ({CLAIM_STATE}) s
         WHERE (%(state)s = '' OR state = %(state)s) AND (%(programme)s = '' OR programme = %(programme)s)
           AND (%(search)s = '%%%%' OR person_name ILIKE %(search)s OR number ILIKE %(search)s
                OR claimant_name ILIKE %(search)s)
         ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
        """,
        parameters,
    )
    day = today()
    return Page.of([_claim_row(row, day) for row in rows], query)


def payable_claims() -> list[ClaimRow]:
    """Approved claims with money to send that are in no batch yet, the most urgent first."""
    rows = _fetch(
        f"SELECT * FROM ({CLAIM_STATE}) s WHERE state = 'to_pay' ORDER BY pay_by NULLS LAST, id LIMIT 1000", {}
    )
    day = today()
    return [_claim_row(row, day) for row in rows]


def _claim_row(row: dict[str, Any], day: date) -> ClaimRow:
    running = row["state"] in RUNNING and row["pay_by"] is not None
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


_EVENTS = """
SELECT e.id, p.name AS person_name, v.name AS village, e.occurred_on, e.cause, e.source,
       n.told_on, c.number AS claim_number,
       CASE WHEN w.event_id IS NOT NULL THEN 'withdrawn' WHEN c.number IS NOT NULL THEN 'claimed'
            WHEN n.told_on IS NOT NULL THEN 'told'
            ELSE 'untold' END AS standing
  FROM claims_insuredevent e
  LEFT JOIN claims_eventwithdrawal w ON w.event_id = e.id
  JOIN people_person p ON p.id = e.person_id
  JOIN places_place v ON v.key = e.place_id
  LEFT JOIN LATERAL (SELECT min(told_on) AS told_on FROM claims_heirnotice WHERE event_id = e.id) n ON true
  LEFT JOIN LATERAL (SELECT min(number) AS number FROM claims_claim WHERE event_id = e.id) c ON true
"""
_EVENT_SORTS = {"person_name": "person_name", "village": "village", "occurred_on": "occurred_on"}


def events_page(query: ListQuery) -> Page:
    """Reported deaths within scope; families not yet told come first unless sorted. Filters: standing, source."""
    order = query.order_sql(_EVENT_SORTS, "id") if query.sort else "standing = 'untold' DESC, occurred_on DESC, id"
    rows = _fetch(
        f"""
        SELECT * FROM ({_EVENTS}) s
         WHERE (%(standing)s = '' OR standing = %(standing)s) AND (%(source)s = '' OR source = %(source)s)
           AND (%(search)s = '%%%%' OR person_name ILIKE %(search)s)
         ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
        """,
        {
            "search": f"%{_like(query.search)}%",
            "standing": query.filters.get("standing", ""),
            "source": query.filters.get("source", ""),
            "limit": query.limit,
            "offset": query.offset,
        },
    )
    return Page.of([EventRow(**row) for row in rows], query)


def batches_page(query: ListQuery) -> Page:
    """Payout batches that hold a payout within scope, newest first."""
    rows = _fetch(
        """
        SELECT b.id, b.number, b.made_on,
               coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) AS made_by,
               b.people, b.amount, count(f.payout_id)::int AS confirmed,
               CASE WHEN r.batch_id IS NULL THEN 'to_release'
                    WHEN count(f.payout_id) < b.people THEN 'at_bank' ELSE 'paid' END AS state
          FROM claims_payoutbatch b
          JOIN core_user u ON u.id = b.made_by_id
          JOIN claims_payout o ON o.batch_id = b.id
          LEFT JOIN claims_payoutrelease r ON r.batch_id = b.id
          LEFT JOIN claims_payoutconfirmation f ON f.payout_id = o.id
         GROUP BY b.id, u.id, r.batch_id ORDER BY b.id DESC LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"limit": query.limit, "offset": query.offset},
    )
    return Page.of([BatchRow(**row) for row in rows], query)


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
        f"SELECT id, number, programme, state, received_on, amount FROM ({CLAIM_STATE}) s"
        " WHERE person_id = %(person)s ORDER BY id",
        {"person": person_id},
    )
    return [PersonClaim(**row) for row in rows]


def count_by_state() -> dict[str, tuple[int, int | None]]:
    """Claims within the actor's scope by state: how many, and the fewest days left to the legal last day."""
    rows = _fetch(f"SELECT state, count(*) AS claims, min(pay_by) AS pay_by FROM ({CLAIM_STATE}) s GROUP BY state", {})
    day = today()
    return {row["state"]: (row["claims"], (row["pay_by"] - day).days if row["pay_by"] else None) for row in rows}


def untold_deaths() -> int:
    """Deaths on record whose family has neither been told nor come."""
    return int(_fetch(f"SELECT count(*) AS n FROM ({_EVENTS}) e WHERE standing = 'untold'", {})[0]["n"])
