"""Reads of the books: trial balance, funds, accounts, entries, periods, JHT accounts.

Balances are sums of `ledger_turnover`: closed months as they were fixed, open ones added up by an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.months import add_months, last_day, month_of, month_range
from lindung.core.ui.listing import ListQuery, Page
from lindung.ledger.models import Account, Entry, PeriodClose, Proposal
from lindung.people.queries import name_key

_NATURAL_DEBIT = frozenset({Account.Kind.ASSET, Account.Kind.EXPENSE})
_KPJ_DIGITS = 11


@dataclass(frozen=True)
class AccountRow:
    """An account in a month, in rupiah. `opening` and `closing` are positive for debit, negative for credit."""

    code: str
    name: str
    kind: str
    programme: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        return self.opening + self.debit - self.credit

    @property
    def balance(self) -> int:
        """The closing balance on the side where the account usually stands: positive there."""
        return self.closing if self.kind in _NATURAL_DEBIT else -self.closing


def trial_balance(month: date, last: date | None = None) -> list[AccountRow]:
    """Every account of the chart in a month, or from that month to `last`: opening, debit, credit, closing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.code, c.name, c.kind, c.programme,
                   coalesce(sum(t.debit - t.credit) FILTER (WHERE t.month < %(first)s), 0)::bigint,
                   coalesce(sum(t.debit) FILTER (WHERE t.month >= %(first)s), 0)::bigint,
                   coalesce(sum(t.credit) FILTER (WHERE t.month >= %(first)s), 0)::bigint
              FROM ledger_account c LEFT JOIN ledger_turnover t ON t.account_id = c.code AND t.month <= %(last)s
             GROUP BY c.code ORDER BY c.code
            """,
            {"first": month, "last": last or month},
        )
        return [AccountRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class FundRow:
    """A programme's fund over some months, in rupiah. For JHT, contributions are what was received for the members'
    accounts (less what was given back), benefits what members took out; interest credited moves inside the fund."""

    programme: str
    opening: int
    contributions: int
    returns: int
    benefits: int
    other: int

    @property
    def closing(self) -> int:
        return self.opening + self.contributions + self.returns - self.benefits + self.other


FUNDS = ("JKK", "JKM", "JHT", "JP", "JKP")
_JHT_MEMBERS, _JHT_BILLED, _JHT_TAKEN, _JHT_INTEREST = "2101", "2102", "2103", "5105"


def fund_statements(first: date, last: date) -> list[FundRow]:
    """What each programme's fund was, took in, gave out and is, from the month `first` to the month `last`."""
    accounts = trial_balance(first, last)
    return [_fund(programme, accounts) for programme in FUNDS]


def _fund(programme: str, accounts: Sequence[AccountRow]) -> FundRow:
    own = [row for row in accounts if row.programme == programme and row.code != _JHT_BILLED]
    moved = {row.code: row.credit - row.debit for row in own}  # what made the fund grow
    returns = sum(amount for code, amount in moved.items() if code.startswith("431"))
    if programme == "JHT":
        contributions = moved[_JHT_MEMBERS] + moved[_JHT_INTEREST]
        benefits = -moved[_JHT_TAKEN]
    else:
        contributions = sum(amount for code, amount in moved.items() if code.startswith("41"))
        benefits = -sum(amount for code, amount in moved.items() if code.startswith("51"))
    other = sum(amount for code, amount in moved.items() if code.startswith("31"))
    return FundRow(programme, -sum(row.opening for row in own), contributions, returns, benefits, other)


def account(code: str) -> Account:
    """Raises NotFound."""
    found = Account.objects.filter(pk=code).first()
    if found is None:
        raise NotFound("account_not_found", _("Akun tidak ditemukan."))
    return found


def account_choices() -> list[tuple[str, str]]:
    """The chart as choices, by code."""
    return [(row.code, f"{row.code} {row.name}") for row in Account.objects.order_by("code")]


@dataclass(frozen=True)
class PostingRow:
    """A posting with the entry it belongs to. `debit` and `credit` are rupiah, one of them 0."""

    entry_id: int
    dated: date
    month: date
    kind: str
    source: str
    note: str
    account: str
    account_name: str
    payer: str | None
    debit: int
    credit: int


_POSTINGS = """
  SELECT e.id, e.dated, e.month, e.kind, e.source, e.note, c.code, c.name, y.name, greatest(p.amount, 0),
         greatest(-p.amount, 0)
    FROM {found} p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account c ON c.code = p.account_id
    LEFT JOIN payers_payer y ON y.id = p.payer_id ORDER BY {order}
"""


def account_postings(code: str, month: date, query: ListQuery) -> Page:
    """One page of an account's postings in a month, the newest first."""
    found = """(SELECT * FROM ledger_posting WHERE account_id = %s AND month = %s
                 ORDER BY entry_id DESC, line LIMIT %s OFFSET %s)"""
    with connection.cursor() as cursor:
        cursor.execute(
            _POSTINGS.format(found=found, order="p.entry_id DESC, p.line"), [code, month, query.limit, query.offset]
        )
        return Page.of([PostingRow(*row) for row in cursor.fetchall()], query)


@dataclass(frozen=True)
class EntryDetail:
    """An entry with its lines."""

    entry: Entry
    lines: Sequence[PostingRow]
    closed: bool

    @property
    def amount(self) -> int:
        """Rupiah on each side."""
        return sum(line.debit for line in self.lines)


def entry_detail(entry_id: int) -> EntryDetail:
    """Raises NotFound."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("entry_not_found", _("Ayat tidak ditemukan."))
    with connection.cursor() as cursor:
        found = "(SELECT * FROM ledger_posting WHERE entry_id = %s)"
        cursor.execute(_POSTINGS.format(found=found, order="p.line"), [entry_id])
        lines = [PostingRow(*row) for row in cursor.fetchall()]
    closed = closed_through()
    return EntryDetail(entry, lines, closed is not None and entry.month <= closed)


@dataclass(frozen=True)
class EntryRow:
    """An entry in the list; `amount` is what it moves, in rupiah."""

    id: int
    dated: date
    month: date
    kind: str
    source: str
    note: str
    posted_by: str
    amount: int


def entries(month: date, query: ListQuery) -> Page:
    """One page of a month's entries, the newest first; a search finds one by its whole source, in any month."""
    where = "month = %s"
    values: list[Any] = [month]
    if query.search:
        where, values = "source = %s", [query.search.strip()]
    if kind := query.filters.get("kind"):
        where, values = f"{where} AND kind = %s", [*values, kind]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT e.id, e.dated, e.month, e.kind, e.source, e.note, e.posted_by,
                   (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting p
                     WHERE p.entry_id = e.id AND p.amount > 0)
              FROM (SELECT * FROM ledger_entry WHERE {where} ORDER BY id DESC LIMIT %s OFFSET %s) e ORDER BY e.id DESC
            """,
            [*values, query.limit, query.offset],
        )
        return Page.of([EntryRow(*row) for row in cursor.fetchall()], query)


def payer_balances(payer_id: int) -> dict[str, int]:
    """What a payer's accounts add up to, by account code: 1201 and 1202 owed to us, 2201 paid ahead (negative)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, sum(amount)::bigint FROM ledger_posting WHERE payer_id = %s GROUP BY 1", [payer_id]
        )
        return dict(cursor.fetchall())


# --- Periods ---


def closed_through() -> date | None:
    """The last closed month."""
    return PeriodClose.objects.order_by("-month").values_list("month", flat=True).first()


@dataclass(frozen=True)
class Period:
    """A month of the books. `state`: closed, asked (a proposal waits), next (can be closed now), open."""

    month: date
    state: str
    closed_at: datetime | None
    closed_by: str
    proposal_id: int | None


def months() -> list[date]:
    """Every month of the books, the newest first: from the first entry to the business date's month or beyond it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(month), max(month) FROM ledger_entry")
        first, last = cursor.fetchone()
    now = month_of(today())
    return sorted(month_range(first or now, max(last or now, now)), reverse=True)


def periods() -> list[Period]:
    """The months of the books, the newest first, each with what can be done about it."""
    closes = {
        close.month: close for close in PeriodClose.objects.select_related("verdict__decided_by", "verdict__proposal")
    }
    waiting = dict(Proposal.objects.filter(kind=Proposal.Kind.CLOSE, verdict__isnull=True).values_list("subject", "pk"))
    following = next_to_close()
    found = []
    for month in months():
        close = closes.get(month)
        proposal = close.verdict.proposal_id if close else waiting.get(f"{month:%Y-%m}")
        state = "closed" if close else "asked" if proposal else "next" if month == following else "open"
        by = close.verdict.decided_by.display_name if close else ""
        found.append(Period(month, state, close.closed_at if close else None, by, proposal))
    return found


def next_to_close() -> date | None:
    """The earliest open month with entries, when it is over."""
    closed = closed_through()
    later = Entry.objects.filter(month__gt=closed) if closed else Entry.objects.all()
    month = later.order_by("month").values_list("month", flat=True).first()
    return month if month and last_day(month) < today() else None


@dataclass(frozen=True)
class ClosePreview:
    """What a month holds before it is closed. `unidentified`: rupiah received whose sender is not known."""

    month: date
    accounts: Sequence[AccountRow]
    entries: int
    unidentified: int

    @property
    def turnover(self) -> int:
        """Rupiah on each side."""
        return sum(row.debit for row in self.accounts)

    @property
    def opens_with(self) -> date:
        """The month in which anything late will count."""
        return add_months(self.month, 1)


def close_preview(month: date) -> ClosePreview:
    """What closing a month fixes."""
    accounts = trial_balance(month)
    count = Entry.objects.filter(month=month).count()
    unidentified = next(row.balance for row in accounts if row.code == "2301")
    return ClosePreview(month, accounts, count, unidentified)


def proposals_waiting() -> list[Proposal]:
    """What waits for a second officer, the oldest first."""
    return list(Proposal.objects.filter(verdict__isnull=True).select_related("proposed_by").order_by("id"))


def proposals_to_decide(actor: Actor) -> int:
    """How many proposals wait for this officer: those that somebody else made."""
    return Proposal.objects.filter(verdict__isnull=True).exclude(proposed_by_id=actor.user_id or 0).count()


def proposal(proposal_id: int) -> Proposal:
    """A proposal with its verdict, if any. Raises NotFound."""
    found = (
        Proposal.objects.select_related("proposed_by", "verdict__decided_by", "verdict__payment")
        .filter(pk=proposal_id)
        .first()
    )
    if found is None:
        raise NotFound("proposal_not_found", _("Usul tidak ditemukan."))
    return found


# --- JHT ---


@dataclass(frozen=True)
class JhtAccountRow:
    """A JHT account in the list: whose, how much it holds, when it last moved."""

    id: int
    person_id: int
    name: str
    nik: str
    kpj: str
    balance: int
    last_moved: date


def jht_accounts(query: ListQuery) -> Page:
    """One page of the JHT accounts in the actor's area; a search finds by KPJ or the beginning of a name."""
    where, value = _sought(query.search)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id, p.id, p.name, p.nik, m.kpj, b.balance, b.last_moved
              FROM (SELECT m.* FROM membership_membership m JOIN people_person p ON p.id = m.person_id
                     WHERE {where} AND EXISTS (SELECT 1 FROM ledger_jhtmovement j WHERE j.membership_id = m.id)
                     ORDER BY m.id LIMIT %(limit)s OFFSET %(offset)s) m
              JOIN people_person p ON p.id = m.person_id
              CROSS JOIN LATERAL (SELECT (sum(amount) + coalesce((
                                            SELECT sum(r.amount) FROM ledger_jhtcrediting c JOIN ledger_jhtreturn r
                                                ON r.year = c.year AND r.run = c.run AND r.membership_id = m.id
                                          ), 0))::bigint AS balance, max(dated) AS last_moved
                                    FROM ledger_jhtmovement j WHERE j.membership_id = m.id) b
             ORDER BY m.id
            """,
            {"sought": value, "limit": query.limit, "offset": query.offset},
        )
        return Page.of([JhtAccountRow(*row) for row in cursor.fetchall()], query)


def _sought(search: str) -> tuple[str, str]:
    text = search.strip()
    if not text:
        return "true", ""
    if text.isascii() and text.isdigit() and len(text) == _KPJ_DIGITS:
        return "m.kpj = %(sought)s", text
    return "p.name_key LIKE %(sought)s", f"{name_key(text)}%"
