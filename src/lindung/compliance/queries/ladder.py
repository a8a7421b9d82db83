"""Reads of the ladder: payers in arrears, what step is due for whom, a payer's cases with their letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lindung.compliance.arrears import BY_PAYER, Arrears, arrears_of
from lindung.compliance.following import plans
from lindung.compliance.models import LadderStep, PaymentPlan, StepSending
from lindung.compliance.rules import ARREARS_CLASSES, arrears_class, class_limits
from lindung.compliance.steps import BY_CODE, STEPS
from lindung.contributions.legal import PU, StatusLimits, status_limits
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.files import read_file
from lindung.core.ui.tables import ListQuery, Page

# The newest step of each payer's open case.
_LAST = """
  SELECT c.id AS case_id, c.payer_id, c.number AS case_number, s.id AS step_id, s.rank, s.kind, s.number, s.dated,
         d.outcome, g.sent_on, g.deadline_on
    FROM compliance_arrearscase c
    LEFT JOIN compliance_caseclosure x ON x.case_id = c.id
    JOIN LATERAL (SELECT * FROM compliance_ladderstep WHERE case_id = c.id ORDER BY rank DESC, attempt DESC LIMIT 1) s
      ON true
    LEFT JOIN compliance_stepdecision d ON d.step_id = s.id
    LEFT JOIN compliance_stepsending g ON g.step_id = s.id
   WHERE x.case_id IS NULL
"""
# Workers of a payer who are still protected, and the earliest month that their cover is paid through.
_PROTECTED = """
  SELECT count(*) AS people, min(c.paid_through) AS paid_through FROM contributions_cover c
   WHERE c.payer_id = {payer} AND c.paid_through >= least(%(pu_grace)s, %(bpu_grace)s)
     AND (c.ended_on IS NULL OR c.ended_on >= %(on)s)
"""


@dataclass(frozen=True)
class ArrearsRow:
    """A payer in arrears: how much, how old, who loses cover when, and where its ladder stands."""

    payer_id: int
    payer: str
    months: int
    unpaid: int
    amount: int
    since: date
    klass: str
    people: int  # still protected
    lost_on: date | None  # when the first of them fall out of cover
    last_kind: str
    last_number: str
    stage: str  # none, to_decide, to_send, running, due, ends, returned
    deadline_on: date | None
    plan: str  # state of the payment plan, if there is one

    @property
    def days_left(self) -> int | None:
        """Days until the first workers fall out of cover."""
        return (self.lost_on - today()).days if self.lost_on else None


_SORT = {
    "payer": "y.name", "months": "o.months", "amount": "o.amount", "people": "p.people", "lost": "p.paid_through",
    "deadline_on": "l.deadline_on",
}  # fmt: skip


def arrears_rows(query: ListQuery, on: date, limit: int | None = None) -> Page:
    """Payers in arrears; by default those first whose workers lose cover soonest."""
    limits = status_limits(on)
    order = query.order_sql(_SORT, "p.paid_through IS NULL, p.paid_through, p.people DESC, o.amount DESC, o.payer_id")
    values = limits.values() | {
        "payer": None, "q": f"%{query.search}%", "limit": limit or query.limit, "offset": query.offset,
        "klass": query.filters.get("klass", ""), "stage": query.filters.get("stage", ""),
    }  # fmt: skip
    classes = _class_sql(on)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT o.payer_id, y.name, o.months, o.unpaid, o.amount, o.since, p.people, p.paid_through,
                   coalesce(l.kind, ''), coalesce(l.number, ''), {_STAGE} AS stage, l.deadline_on
              FROM ({BY_PAYER}) o JOIN payers_payer y ON y.id = o.payer_id
              LEFT JOIN ({_LAST}) l ON l.payer_id = o.payer_id
              LEFT JOIN LATERAL ({_PROTECTED.format(payer="o.payer_id")}) p ON true
             WHERE (%(q)s = '%%' OR y.name ILIKE %(q)s OR y.npp ILIKE %(q)s)
               AND (%(klass)s = '' OR {classes} = %(klass)s) AND (%(stage)s = '' OR {_STAGE} = %(stage)s)
             ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
            """,
            values,
        )
        rows = cursor.fetchall()
    states = {plan.payer_id: plan.state for plan in reversed(plans(on))}
    return Page.of([_arrears_row(row, on, limits, states.get(row[0], "")) for row in rows], query)


def _arrears_row(row: tuple[Any, ...], on: date, limits: StatusLimits, plan: str) -> ArrearsRow:
    *owed, people, paid_through, kind, number, stage, deadline = row
    lost_on = limits.out_on(PU, paid_through) if paid_through else None
    klass = arrears_class(owed[2], on)
    return ArrearsRow(*(*owed, klass, people, lost_on, kind, number, stage, deadline, plan))


_STAGE = f"""CASE WHEN l.case_id IS NULL THEN 'none' WHEN l.outcome = 'returned' THEN 'returned'
  WHEN l.sent_on IS NULL AND l.rank >= {LadderStep.FIRST_WITH_SECOND} AND l.outcome IS NULL THEN 'to_decide'
  WHEN l.sent_on IS NULL THEN 'to_send' WHEN l.deadline_on >= %(on)s THEN 'running'
  WHEN l.rank = {len(STEPS)} THEN 'ends' ELSE 'due' END"""


def _class_sql(on: date) -> str:
    lancar, kurang, diragukan = class_limits(on)
    return (
        f"CASE WHEN o.months <= {lancar:d} THEN 'lancar' WHEN o.months <= {kurang:d} THEN 'kurang_lancar'"
        f" WHEN o.months <= {diragukan:d} THEN 'diragukan' ELSE 'macet' END"
    )


@dataclass(frozen=True)
class DueStep:
    """What should be done next about a payer, and why now. `act`: propose, decide or send."""

    payer_id: int
    payer: str
    act: str
    kind: str  # the step it is about
    months: int
    klass: str
    amount: int
    people: int
    lost_on: date | None


def due_steps(on: date) -> list[DueStep]:
    """What the ladder asks for on a day: letters to decide and to send, and the next step for whoever has let the time
    go by. A payer who keeps a payment plan is left in peace. Those first whose workers lose cover soonest."""
    everything = arrears_rows(ListQuery(size=10_000), on).rows
    found = []
    for row in everything:
        waiting = row.stage in ("to_decide", "to_send")
        if not waiting and (row.stage in ("running", "ends") or row.plan in ("waiting", "kept", "late")):
            continue
        rank = BY_CODE[row.last_kind].rank if row.last_kind else 0
        step = row.last_kind if waiting or row.stage == "returned" else STEPS[rank].code
        act = {"to_decide": "decide", "to_send": "send"}.get(row.stage, "propose")
        found.append(
            DueStep(row.payer_id, row.payer, act, str(step), row.months, row.klass, row.amount, row.people, row.lost_on)
        )
    return found


def waiting_decisions(actor: Actor) -> int:
    """How many letters and payment plans wait for this officer: those that somebody else proposed."""
    own = actor.user_id or 0
    letters = LadderStep.objects.filter(
        rank__gte=LadderStep.FIRST_WITH_SECOND, decision__isnull=True, case__closure__isnull=True
    )
    agreements = PaymentPlan.objects.filter(decision__isnull=True)
    return letters.exclude(proposed_by_id=own).count() + agreements.exclude(proposed_by_id=own).count()


@dataclass(frozen=True)
class StepRow:
    """A step with its letter, decision and sending."""

    id: int
    kind: str
    number: str
    dated: date
    amount: int
    months: int
    klass: str
    reason: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    outcome: str
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    sent_on: date | None
    deadline_on: date | None
    channel: str
    proof: str
    has_proof_file: bool
    digest: str

    @property
    def stage(self) -> str:
        """to_decide, returned, to_send or sent."""
        if self.outcome == "returned":
            return "returned"
        if self.sent_on:
            return "sent"
        return "to_decide" if BY_CODE[self.kind].second_officer and not self.outcome else "to_send"


@dataclass(frozen=True)
class CaseRow:
    """A case with its steps, the oldest first."""

    id: int
    number: str
    opened_on: date
    closed_on: date | None
    why: str
    closing_reason: str
    steps: list[StepRow]


def cases_of(payer_id: int) -> list[CaseRow]:
    """A payer's cases with their letters, the newest case first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id, c.number, c.opened_on, x.closed_on, coalesce(x.why, ''), coalesce(x.reason, '')
              FROM compliance_arrearscase c LEFT JOIN compliance_caseclosure x ON x.case_id = c.id
             WHERE c.payer_id = %s ORDER BY c.id DESC
            """,
            [payer_id],
        )
        cases = cursor.fetchall()
        cursor.execute(
            """
            SELECT s.case_id, s.id, s.kind, s.number, s.dated, s.amount, s.months, s.arrears_class, s.reason,
                   s.proposed_by_id, s.proposed_by_name, s.proposed_at, coalesce(d.outcome, ''),
                   coalesce(d.decided_by_name, ''), d.decided_at, coalesce(d.reason, ''), g.sent_on, g.deadline_on,
                   coalesce(g.channel, ''), coalesce(g.proof, ''), g.proof_file_id IS NOT NULL, s.digest
              FROM compliance_ladderstep s LEFT JOIN compliance_stepdecision d ON d.step_id = s.id
              LEFT JOIN compliance_stepsending g ON g.step_id = s.id
             WHERE s.case_id = ANY(%s) ORDER BY s.rank, s.attempt
            """,
            [[case[0] for case in cases]],
        )
        steps: dict[int, list[StepRow]] = {}
        for case_id, *step in cursor.fetchall():
            steps.setdefault(case_id, []).append(StepRow(*step))
    return [CaseRow(*(*case, steps.get(case[0], []))) for case in cases]


def letter(step_id: int) -> tuple[str, bytes]:
    """The letter of a step: file name and PDF. Raises NotFound."""
    step = LadderStep.objects.filter(pk=step_id).only("letter_id").first()
    if step is None:
        raise NotFound("step_not_found", _("Surat penagihan tidak ditemukan."))
    stored, content = read_file(step.letter_id)
    return stored.name, content


def proof_file(step_id: int) -> UUID:
    """The paper that shows that a step's letter was sent. Raises NotFound."""
    sending = StepSending.objects.filter(step=step_id, proof_file__isnull=False).first()
    if sending is None or sending.proof_file_id is None:
        raise NotFound("proof_not_found", _("Bukti kirim tidak ditemukan."))
    return sending.proof_file_id


def owed_by(payer_id: int) -> Arrears | None:
    """What a payer owes today; None when nothing is overdue."""
    return arrears_of(payer_id, today())


@dataclass(frozen=True)
class ClassTotal:
    """Payers in arrears of one class: how many, what they owe, and how many of their workers are still protected."""

    klass: str
    payers: int
    amount: int
    people: int


def arrears_by_class(on: date) -> list[ClassTotal]:
    """All four classes, lancar first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_class_sql(on)}, count(*), sum(o.amount)::bigint, sum(p.people)::bigint
                  FROM ({BY_PAYER}) o LEFT JOIN LATERAL ({_PROTECTED.format(payer="o.payer_id")}) p ON true
                 GROUP BY 1""",
            status_limits(on).values() | {"payer": None},
        )
        found = {row[0]: ClassTotal(*row) for row in cursor.fetchall()}
    return [found.get(name, ClassTotal(name, 0, 0, 0)) for name in ARREARS_CLASSES]
