"""How a payment plan is kept: what came in since the agreement against what was due by each date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection

from lindung.compliance.rules import rule

PlanState = Literal["waiting", "returned", "kept", "late", "broken", "done"]


@dataclass(frozen=True)
class Instalment:
    """One instalment. `paid`: the rupiah of it that came in; `state` kept, due (not yet), late, broken."""

    number: int
    due_on: date
    amount: int
    paid: int
    state: str


# What came in for the plan's bills since the agreement. Of all plans that are wanted, in one statement.
PLANS = """
  SELECT p.id, p.payer_id, p.number, p.agreed_on, p.amount, d.outcome, coalesce(paid.amount, 0) AS paid,
         p.company_signer, p.company_title, p.reason, p.proposed_by_id, p.proposed_by_name, d.decided_by_name, d.reason
    FROM compliance_paymentplan p LEFT JOIN compliance_plandecision d ON d.plan_id = p.id
    LEFT JOIN LATERAL (
      SELECT sum(b.amount - least(b.amount, greatest(i.amount - contributions_met(b.bill_id), 0)))::bigint AS amount
        FROM compliance_planbill b JOIN contributions_billissue i ON i.bill_id = b.bill_id WHERE b.plan_id = p.id) paid
      ON true
"""


@dataclass(frozen=True)
class Plan:
    """A payment plan and how it is kept on a day, in rupiah."""

    id: int
    payer_id: int
    number: str
    agreed_on: date
    amount: int
    paid: int
    state: PlanState
    instalments: list[Instalment]
    company_signer: str
    company_title: str
    reason: str
    proposed_by_id: int
    proposed_by: str
    decided_by: str
    decision_reason: str

    @property
    def next_due(self) -> Instalment | None:
        """The first instalment that is not paid in full."""
        return next((instalment for instalment in self.instalments if instalment.state != "kept"), None)


def plans(on: date, payer_id: int | None = None) -> list[Plan]:
    """Payment plans with how they are kept on a day, the newest first; of one payer, or all that are not returned."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{PLANS} WHERE p.payer_id = %(payer)s"
            " OR (%(payer)s::bigint IS NULL AND d.outcome IS DISTINCT FROM 'returned')"
            " ORDER BY p.agreed_on DESC, p.id DESC",
            {"payer": payer_id},
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT plan_id, number, due_on, amount FROM compliance_planinstalment WHERE plan_id = ANY(%s)"
            " ORDER BY plan_id, number",
            [[row[0] for row in rows]],
        )
        parts: dict[int, list[tuple[int, date, int]]] = {}
        for plan_id, *part in cursor.fetchall():
            parts.setdefault(plan_id, []).append((part[0], part[1], part[2]))
    return [_plan(row, parts.get(row[0], []), on) for row in rows]


def _plan(row: tuple[Any, ...], parts: list[tuple[int, date, int]], on: date) -> Plan:
    *agreed, outcome, paid, signer, title, reason, proposer_id, proposer, decider, decided = row
    instalments = follow(parts, paid, on)
    state = _state(outcome, instalments)
    return Plan(
        *(*agreed, paid, state, instalments, signer, title, reason, proposer_id, proposer, decider or "", decided or "")
    )


def follow(parts: list[tuple[int, date, int]], paid: int, on: date) -> list[Instalment]:
    """Money pays the instalments in their order. One that is not paid is due, then late, then broken."""
    grace = rule("plan_late_days", on).value
    found, left = [], paid
    for number, due_on, amount in parts:
        part = min(left, amount)
        left -= part
        days = (on - due_on).days
        state = "kept" if part == amount else "due" if days <= 0 else "late" if days <= grace else "broken"
        found.append(Instalment(number, due_on, amount, part, state))
    return found


def _state(outcome: str | None, instalments: list[Instalment]) -> PlanState:
    if outcome is None:
        return "waiting"
    if outcome == "returned":
        return "returned"
    states = {instalment.state for instalment in instalments}
    if states == {"kept"}:
        return "done"
    return "broken" if "broken" in states else "late" if "late" in states else "kept"


def running_plan(payer_id: int, on: date) -> str | None:
    """The number of the approved plan that the payer keeps (a late instalment within its days included)."""
    return next((plan.number for plan in plans(on, payer_id) if plan.state in ("kept", "late")), None)
