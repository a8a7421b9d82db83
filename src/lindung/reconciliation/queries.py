"""Reads: statements, lines and what they stand for, candidates, proposals, and the agreement day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import NotFound
from lindung.core.ui.listing import ListQuery, Page
from lindung.reconciliation.models import Account, Proposal, Statement

DAYS_SHOWN = 62
MOST_CANDIDATES = 20


@dataclass(frozen=True)
class StatementRow:
    """A statement in a list; balances in whole rupiah. `open_lines`: money in of its lines nobody knows yet."""

    id: int
    account: str
    bank: str
    number: str
    opened_on: date
    closed_on: date
    opening: int
    closing: int
    lines_read: int
    lines_new: int
    open_lines: int
    imported_by: str


@dataclass(frozen=True)
class LineRow:
    """A line and what it stands for. `state`: known, open (money nobody knows), out (money out, not explained)."""

    id: int
    booked_on: date
    amount: int
    sen: int
    reference: str
    text: str
    account: str
    statement_id: int
    row_no: int
    state: str
    how: str
    payer: str
    payer_id: int | None
    payment_reference: str
    waiting: bool


@dataclass(frozen=True)
class Candidate:
    """Something a line may be: a bill for this amount, a payment recorded, an entry of the books."""

    kind: str  # bill, payment, entry
    id: int
    payer_id: int | None
    label: str
    day: date
    named: bool  # the payer's number or name stands in the line


@dataclass(frozen=True)
class DayRow:
    """One day: what the bank says, what we know of it, and what our books moved at the bank. Whole rupiah.

    `difference` is books minus bank: money recorded on another day than the bank's, or not seen by the bank."""

    day: date
    bank_in: int
    bank_out: int
    known: int
    suspense: int
    books: int
    difference: int
    sen: int


@dataclass(frozen=True)
class Gap:
    """An account whose lines do not lead from its first statement to the closing balance of its latest: a statement is
    missing, or movements that look alike were taken for one. `difference` is bank minus lines, in whole rupiah."""

    account: str
    bank: str
    closed_on: date
    difference: int


@dataclass(frozen=True)
class UnseenPayment:
    """A payment recorded in days the statements cover, which no line stands for."""

    id: int
    payer: str
    kind: str
    reference: str
    paid_on: date
    amount: int


@dataclass(frozen=True)
class ProposalRow:
    """What waits for a second person, or was decided."""

    id: int
    kind: str
    line_id: int | None
    payer: str
    amount: int
    day: date
    what: str
    reason: str
    proposed_by: str
    proposed_by_id: int
    outcome: str  # waiting, approved, returned


@dataclass(frozen=True)
class Sp2dRow:
    """A payment order. `state`: paid (recorded as payment), seen (in a bank line only), missing."""

    id: int
    number: str
    dated: date
    amount: int
    payee: str
    account_code: str
    state: str


def accounts() -> list[Account]:
    """Our bank accounts, by bank and number."""
    return list(Account.objects.order_by("bank", "number"))


def statements(query: ListQuery) -> Page:
    """Statements, the latest first."""
    rows = _rows(
        StatementRow,
        """
        SELECT s.id, a.number, a.bank, s.number, s.opened_on, s.closed_on, trunc(s.opening_sen / 100.0)::bigint,
               trunc(s.closing_sen / 100.0)::bigint, s.lines_read, s.lines_new,
               (SELECT count(*) FROM reconciliation_line l WHERE l.statement_id = s.id AND l.amount > 0
                   AND NOT EXISTS (SELECT 1 FROM reconciliation_standing t WHERE t.line_id = l.id))::integer,
               s.imported_by
          FROM reconciliation_statement s JOIN reconciliation_account a ON a.id = s.account_id
         WHERE (%(account)s = '' OR a.number = %(account)s) ORDER BY s.closed_on DESC, s.id DESC
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"account": query.filters.get("account", ""), "limit": query.limit, "offset": query.offset},
    )
    return Page.of(rows, query)


def statement(statement_id: int) -> StatementRow:
    """One statement. Raises NotFound."""
    row = Statement.objects.select_related("account").filter(pk=statement_id).first()
    if row is None:
        raise NotFound("statement_not_found", _("Rekening koran tidak ditemukan."))
    return StatementRow(
        row.pk, row.account.number, row.account.bank, row.number, row.opened_on, row.closed_on,
        int(row.opening_sen / 100), int(row.closing_sen / 100), row.lines_read, row.lines_new, 0, row.imported_by,
    )  # fmt: skip


_LINE = """
SELECT l.id, l.booked_on, l.amount, l.sen::integer, l.reference, l.text, a.number, l.statement_id, l.row_no,
       CASE WHEN t.line_id IS NOT NULL OR l.amount = 0 THEN 'known' WHEN l.amount > 0 THEN 'open' ELSE 'out' END,
       coalesce(t.how, ''), coalesce(y.name, ''), y.id, coalesce(p.reference, ''),
       EXISTS (SELECT 1 FROM reconciliation_proposal q LEFT JOIN reconciliation_verdict v ON v.proposal_id = q.id
                WHERE q.line_id = l.id AND v.proposal_id IS NULL)
  FROM reconciliation_line l JOIN reconciliation_account a ON a.id = l.account_id
  LEFT JOIN reconciliation_standing t ON t.line_id = l.id
  LEFT JOIN contributions_payment p ON p.id = t.payment_id
  LEFT JOIN payers_payer y ON y.id = p.payer_id
"""


def lines(query: ListQuery, statement_id: int | None = None) -> Page:
    """Lines, the latest first: all, of one statement's days, or those in one state."""
    where = """
     WHERE (%(statement)s::bigint IS NULL OR EXISTS (
             SELECT 1 FROM reconciliation_statement s WHERE s.id = %(statement)s AND s.account_id = l.account_id
                AND l.booked_on BETWEEN s.opened_on AND s.closed_on))
       AND (%(state)s = '' OR %(state)s = CASE WHEN t.line_id IS NOT NULL OR l.amount = 0 THEN 'known'
                                               WHEN l.amount > 0 THEN 'open' ELSE 'out' END)
       AND (%(search)s = '' OR strpos(upper(l.text || ' ' || l.reference), upper(%(search)s)) > 0
            OR l.amount::text = regexp_replace(%(search)s, '[^0-9]', '', 'g'))
     ORDER BY l.booked_on DESC, l.id DESC LIMIT %(limit)s OFFSET %(offset)s
    """
    values = {
        "statement": statement_id,
        "state": query.filters.get("state", ""),
        "search": query.search or "",
        "limit": query.limit,
        "offset": query.offset,
    }
    return Page.of(_rows(LineRow, _LINE + where, values), query)


def line(line_id: int) -> LineRow:
    """One line. Raises NotFound."""
    found = _rows(LineRow, _LINE + " WHERE l.id = %(id)s", {"id": line_id})
    if not found:
        raise NotFound("line_not_found", _("Baris rekening koran tidak ditemukan."))
    row: LineRow = found[0]
    return row


def candidates(line_id: int) -> list[Candidate]:
    """What a line may be: bills that ask exactly this amount, payments and entries of this amount that no line stands
    for; those whose payer is named in the line first, then the nearest in time."""
    return _rows(
        Candidate,
        """
        WITH l AS (SELECT *, ' ' || regexp_replace(upper(reference || ' ' || text), '[^A-Z0-9]+', ' ', 'g') || ' '
                          AS words FROM reconciliation_line WHERE id = %(id)s),
        bills AS (  -- the nearest of this amount, and all of whoever is named by number
          (SELECT i.bill_id FROM contributions_billissue i JOIN l ON i.amount = l.amount AND l.amount > 0
            ORDER BY abs(i.issued_on - l.booked_on) LIMIT 60)
          UNION
          SELECT i.bill_id FROM l CROSS JOIN LATERAL regexp_split_to_table(trim(l.words), ' ') AS t(word)
            JOIN payers_payer y ON y.npp = t.word JOIN contributions_bill b ON b.payer_id = y.id
            JOIN contributions_billissue i ON i.bill_id = b.id AND i.amount >= l.amount WHERE l.amount > 0),
        found AS (
          SELECT 'bill' AS kind, b.id, b.payer_id, i.number AS label, i.issued_on AS day
            FROM l CROSS JOIN bills JOIN contributions_billissue i USING (bill_id)
            JOIN contributions_bill b ON b.id = bill_id WHERE i.amount - contributions_met(b.id) = l.amount
          UNION ALL
          SELECT 'payment', p.id, p.payer_id, p.reference, p.paid_on FROM l
            JOIN contributions_payment p ON p.amount = l.amount AND abs(p.paid_on - l.booked_on) <= 31
           WHERE NOT EXISTS (SELECT 1 FROM reconciliation_standing s WHERE s.payment_id = p.id)
             AND NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                              WHERE d.payment_id = p.id AND d.outcome = 'approved')
          UNION ALL
          SELECT 'entry', e.id, NULL, e.kind || ' ' || e.source, e.dated FROM l
            JOIN ledger_entry e ON e.dated BETWEEN l.booked_on - 31 AND l.booked_on + 31
                               AND e.month >= date_trunc('month', l.booked_on - 31)
                               AND e.kind NOT IN ('payment', 'suspense')
            JOIN ledger_posting g ON g.entry_id = e.id AND g.month = e.month AND g.account_id = '1101'
                                 AND g.amount = l.amount
           WHERE NOT EXISTS (SELECT 1 FROM reconciliation_standing s WHERE s.entry_id = e.id))
        SELECT f.kind, f.id, f.payer_id, concat_ws(' – ', y.name, f.label), f.day,
               coalesce(strpos(l.words, ' ' || regexp_replace(upper(y.npp), '[^A-Z0-9]+', '', 'g') || ' ') > 0
                 OR strpos(l.words, ' ' || trim(regexp_replace(upper(y.name), '[^A-Z0-9]+', ' ', 'g')) || ' ') > 0,
                 false) AS named
          FROM found f CROSS JOIN l LEFT JOIN payers_payer y ON y.id = f.payer_id
         ORDER BY named DESC, abs(f.day - l.booked_on), f.kind, f.id LIMIT %(most)s
        """,
        {"id": line_id, "most": MOST_CANDIDATES},
    )


def days(last: date, count: int = DAYS_SHOWN) -> list[DayRow]:
    """The agreement of bank and books, day by day, the latest first; days on which nothing moved are left out."""
    return _rows(
        DayRow,
        """
        WITH bank AS (
          SELECT l.booked_on AS day, sum(greatest(l.amount, 0)) AS bank_in, sum(least(l.amount, 0)) AS bank_out,
                 sum(l.amount) FILTER (WHERE t.line_id IS NOT NULL) AS known,
                 sum(l.amount) FILTER (WHERE t.line_id IS NULL) AS suspense, sum(l.sen) AS sen
            FROM reconciliation_line l LEFT JOIN reconciliation_standing t ON t.line_id = l.id
           WHERE l.booked_on BETWEEN %(first)s AND %(last)s GROUP BY 1),
        books AS (
          SELECT e.dated AS day, sum(g.amount) AS moved FROM ledger_entry e
            JOIN ledger_posting g ON g.entry_id = e.id AND g.month = e.month AND g.account_id = '1101'
           WHERE e.dated BETWEEN %(first)s AND %(last)s AND e.month >= date_trunc('month', %(first)s::date)
           GROUP BY 1)
        SELECT day, coalesce(bank_in, 0)::bigint, coalesce(bank_out, 0)::bigint, coalesce(known, 0)::bigint,
               coalesce(suspense, 0)::bigint, coalesce(moved, 0)::bigint,
               (coalesce(moved, 0) - coalesce(bank_in, 0) - coalesce(bank_out, 0))::bigint, coalesce(sen, 0)::integer
          FROM bank FULL JOIN books USING (day) ORDER BY day DESC
        """,
        {"first": last - timedelta(days=count - 1), "last": last},
    )


def gaps() -> list[Gap]:
    """Accounts with movements that no file told of, so far as balances show it."""
    return _rows(
        Gap,
        """
        SELECT a.number, a.bank, latest.closed_on,
               trunc((latest.closing_sen - first.opening_sen - moved.sen) / 100.0)::bigint
          FROM reconciliation_account a
          JOIN LATERAL (SELECT opening_sen FROM reconciliation_statement WHERE account_id = a.id
                         ORDER BY opened_on, id LIMIT 1) first ON true
          JOIN LATERAL (SELECT closing_sen, closed_on FROM reconciliation_statement WHERE account_id = a.id
                         ORDER BY closed_on DESC, lines_new = 0, id DESC LIMIT 1) latest ON true
          CROSS JOIN LATERAL (SELECT coalesce(sum(amount * 100 + sen), 0) AS sen FROM reconciliation_line
                               WHERE account_id = a.id) moved
         WHERE latest.closing_sen <> first.opening_sen + moved.sen ORDER BY a.number
        """,
        {},
    )


def unseen_payments(last: date, count: int = DAYS_SHOWN) -> list[UnseenPayment]:
    """Payments of days that statements cover, which no line stands for: not yet at the bank, or recorded twice."""
    return _rows(
        UnseenPayment,
        """
        SELECT p.id, y.name, p.kind, p.reference, p.paid_on, p.amount
          FROM contributions_payment p JOIN payers_payer y ON y.id = p.payer_id
         WHERE p.paid_on BETWEEN %(first)s AND %(last)s
           AND EXISTS (SELECT 1 FROM reconciliation_statement s WHERE p.paid_on BETWEEN s.opened_on AND s.closed_on)
           AND NOT EXISTS (SELECT 1 FROM reconciliation_standing t WHERE t.payment_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                            WHERE d.payment_id = p.id AND d.outcome = 'approved')
         ORDER BY p.paid_on DESC, p.id DESC LIMIT 200
        """,
        {"first": last - timedelta(days=count - 1), "last": last},
    )


def proposals(query: ListQuery) -> Page:
    """Proposals: those that wait first, then the latest."""
    found = _proposals()
    state = query.filters.get("state", "")
    if state == "waiting":
        found = found.filter(verdict__isnull=True)
    elif state:
        found = found.filter(verdict__outcome=state)
    rows = found.order_by(F("verdict__decided_at").desc(nulls_first=True), "-id")[
        query.offset : query.offset + query.limit
    ]
    return Page.of([_proposal(row) for row in rows], query)


def proposals_to_decide(actor: Actor) -> int:
    """How many proposals wait for this officer: those that somebody else made."""
    return Proposal.objects.filter(verdict__isnull=True).exclude(proposed_by_id=actor.user_id or 0).count()


def proposal(proposal_id: int) -> ProposalRow:
    """One proposal. Raises NotFound."""
    row = _proposals().filter(pk=proposal_id).first()
    if row is None:
        raise NotFound("proposal_not_found", _("Usulan tidak ditemukan."))
    return _proposal(row)


def proposal_of_line(line_id: int) -> ProposalRow | None:
    """The proposal that waits for this line."""
    row = _proposals().filter(line_id=line_id, verdict__isnull=True).first()
    return _proposal(row) if row else None


def _proposals() -> QuerySet[Proposal]:
    return Proposal.objects.select_related(
        "payer", "line", "payment__payer", "entry", "bill__issue", "proposed_by", "verdict"
    )


def _proposal(row: Proposal) -> ProposalRow:
    payer = row.payer or (row.payment.payer if row.payment else None)
    what = row.reference or (row.payment.reference if row.payment else "")
    if row.bill is not None and hasattr(row.bill, "issue"):
        what = row.bill.issue.number
    if row.entry is not None:
        what = row.entry.note or row.entry.source
    return ProposalRow(
        id=row.pk,
        kind=row.kind,
        line_id=row.line_id,
        payer=payer.name if payer else "",
        amount=row.amount or (row.line.amount if row.line else 0),
        day=row.paid_on or (row.line.booked_on if row.line else row.proposed_at.date()),
        what=what,
        reason=row.reason,
        proposed_by=row.proposed_by.display_name,
        proposed_by_id=row.proposed_by_id,
        outcome=row.verdict.outcome if hasattr(row, "verdict") else "waiting",
    )


def sp2d(query: ListQuery) -> Page:
    """The treasury's orders, the latest first, and whether the money is recorded or seen at the bank."""
    rows = _rows(
        Sp2dRow,
        """
        SELECT * FROM (
          SELECT o.id, o.number, o.dated, o.amount, o.payee, o.account_code,
                 CASE WHEN EXISTS (SELECT 1 FROM contributions_payment p
                                    WHERE p.reference = o.number AND p.amount = o.amount) THEN 'paid'
                      WHEN EXISTS (SELECT 1 FROM reconciliation_line l
                                    WHERE l.amount = o.amount AND l.booked_on BETWEEN o.dated - 7 AND o.dated + 31
                                      AND strpos(upper(l.reference || ' ' || l.text), upper(o.number)) > 0) THEN 'seen'
                      ELSE 'missing' END AS state
            FROM reconciliation_sp2d o) found
         WHERE (%(state)s = '' OR state = %(state)s) ORDER BY dated DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"state": query.filters.get("state", ""), "limit": query.limit, "offset": query.offset},
    )
    return Page.of(rows, query)


def _rows(made: type[Any], statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [made(*row) for row in cursor.fetchall()]
