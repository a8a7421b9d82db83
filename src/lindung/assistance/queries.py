"""The reads of this room: typed rows for lists, details and figures. Row-level security narrows them to the reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lindung.assistance.decrees import DecreePlan, plan_decree
from lindung.assistance.models import Decree, Proposal, Scheme
from lindung.assistance.reasons import REASONS, Told, retell
from lindung.core.errors import NotFound
from lindung.core.files import read_file
from lindung.core.models import Job
from lindung.core.months import add_months
from lindung.core.ui.listing import ListQuery, Page
from lindung.people.queries import name_key


@dataclass(frozen=True)
class SchemeRow:
    """A scheme with its budget in rupiah and where its people stand."""

    id: int
    name: str
    fiscal_year: int
    payer: str
    monthly_amount: int
    budget_ceiling: int
    decreed_amount: int  # on approved decrees
    people_decreed: int
    people_waiting: int  # accepted, on no approved decree
    rows_to_fix: int  # not mended yet
    first_month: date
    last_month: date
    complete: bool  # false for a reader of a part of the scheme's area, who does not see its decrees

    @property
    def ceiling_left(self) -> int:
        return self.budget_ceiling - self.decreed_amount


@dataclass(frozen=True)
class ProposalSummary:
    """A list that came in, with its outcomes."""

    id: int
    scheme: str
    place: str
    file_name: str
    received_at: datetime
    received_by: str
    state: str
    received: int
    accepted: int
    to_fix: int
    rejected: int
    known: int


@dataclass(frozen=True)
class ProposalDetail(ProposalSummary):
    """A proposal's page; `job` while it is being checked in the background."""

    failure: str
    has_answer: bool
    job: Job | None


@dataclass(frozen=True)
class ReasonCount:
    """How many rows of a proposal carry a reason."""

    code: str
    title: str
    outcome: str
    rows: int


@dataclass(frozen=True)
class RowSummary:
    """One row of a proposal. The NIK is whole: whoever shows it masks it."""

    id: int
    row_no: int
    row_code: str
    status: str
    nik: str
    name: str
    village: str
    occupation: str
    reasons: Sequence[Told]
    corrects: str

    @property
    def told(self) -> str:
        """Reasons and ways out as one text."""
        return " ".join(f"{told['message']} {told['way_out']}" for told in self.reasons)


@dataclass(frozen=True)
class DecreeSummary:
    """A decree: `state` is waiting, returned, approved or enacted; amounts in rupiah."""

    id: int
    scheme: str
    number: str
    dated: date
    first_month: date
    last_month: date
    people: int
    monthly_amount: int
    total_amount: int
    state: str
    proposed_by: str
    proposed_at: datetime


@dataclass(frozen=True)
class DecreeDetail(DecreeSummary):
    """A decree's page: who proposed and decided, the hash, and what came of it."""

    scheme_id: int
    proposed_by_id: int
    content_digest: str
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    enacted_at: datetime | None
    new_memberships: int
    person_months: int
    account_codes: Sequence[str]
    legal_basis: str
    job: Job | None


@dataclass(frozen=True)
class VillageShare:
    """People of one village on a decree or waiting for one."""

    village: str
    people: int


_SCHEMES = """
SELECT s.id, s.name, s.fiscal_year, y.name, s.monthly_amount, s.budget_ceiling, coalesce(d.amount, 0),
       coalesce(d.people, 0), coalesce(r.accepted, 0) - coalesce(d.people, 0), coalesce(r.open, 0),
       lower(s.period), (upper(s.period) - interval '1 month')::date, s.place_id <@ core_scope()
  FROM assistance_scheme s JOIN payers_payer y ON y.id = s.payer_id
  LEFT JOIN (SELECT e.scheme_id, sum(e.total_amount)::bigint AS amount, sum(e.people)::bigint AS people
               FROM assistance_decree e JOIN assistance_decreedecision x ON x.decree_id = e.id
                AND x.outcome = 'approved' GROUP BY e.scheme_id) d ON d.scheme_id = s.id
  LEFT JOIN (SELECT l.scheme_id, sum(t.accepted)::bigint AS accepted, sum(t.open)::bigint AS open
               FROM assistance_rowtally t JOIN assistance_proposal l ON l.id = t.proposal_id
              GROUP BY l.scheme_id) r ON r.scheme_id = s.id
 ORDER BY s.fiscal_year DESC, s.name
"""


def schemes() -> list[SchemeRow]:
    """All schemes, newest first; people as far as the reader's area goes."""
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMES)
        return [SchemeRow(*row) for row in cursor.fetchall()]


def scheme(scheme_id: int) -> SchemeRow:
    """One scheme. Raises NotFound."""
    for row in schemes():
        if row.id == scheme_id:
            return row
    raise NotFound("scheme_not_found", _("Program bantuan tidak ditemukan."), way_out=_("Pilih program dari daftar."))


def newest_scheme_id() -> int | None:
    """The scheme of the latest fiscal year, which lists are sent for unless another is chosen."""
    return Scheme.objects.order_by("-fiscal_year", "-pk").values_list("pk", flat=True).first()


_NAME = "coalesce(nullif(concat_ws(' ', nullif({0}.first_name, ''), nullif({0}.last_name, '')), ''), {0}.username, '')"
_PROPOSAL = f"""
SELECT p.id, s.name, a.name, p.file_name, p.received_at, {_NAME.format("u")}, p.state,
       p.rows_received, p.rows_accepted, p.rows_to_fix, p.rows_rejected, p.rows_known
  FROM assistance_proposal p JOIN assistance_scheme s ON s.id = p.scheme_id JOIN places_place a ON a.key = p.place_id
  LEFT JOIN core_user u ON u.id = p.received_by_id
"""
_PROPOSAL_ORDER = {
    "id": "p.id", "received_at": "p.received_at", "received": "p.rows_received", "to_fix": "p.rows_to_fix",
}  # fmt: skip


def proposals(query: ListQuery) -> Page:
    """One page of ProposalSummary; filters `scheme` and `state`, search in file and place."""
    where, values = ["true"], dict[str, Any]()
    if wanted := query.filters.get("scheme"):
        where.append("p.scheme_id = %(scheme)s")
        values["scheme"] = int(wanted)
    if state := query.filters.get("state"):
        where.append("p.state = %(state)s")
        values["state"] = state
    if query.search:
        where.append("(p.file_name ILIKE %(search)s OR a.name ILIKE %(search)s)")
        values["search"] = f"%{_plain_like(query.search)}%"
    rows = _page(_PROPOSAL, where, query.order_sql(_PROPOSAL_ORDER, "p.id DESC"), values, query)
    return Page.of([ProposalSummary(*row) for row in rows], query)


def proposal(proposal_id: int) -> ProposalDetail:
    """One proposal. Raises NotFound, also when it lies outside the reader's area."""
    found = Proposal.objects.select_related("job").filter(pk=proposal_id).first()
    with connection.cursor() as cursor:
        cursor.execute(f"{_PROPOSAL} WHERE p.id = %s", [proposal_id])
        row = cursor.fetchone()
    if found is None or row is None:
        raise NotFound("proposal_not_found", _("Usulan tidak ditemukan."), way_out=_("Buka dari daftar usulan."))
    summary = ProposalSummary(*row)
    return ProposalDetail(
        **vars(summary), failure=found.failure, has_answer=found.answer_file_id is not None, job=found.job
    )


def reason_counts(proposal_id: int) -> list[ReasonCount]:
    """The reasons in a proposal, most frequent first, in the words of the active language."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, count(*) FROM assistance_proposalrow, unnest(reason_codes) AS code WHERE proposal_id = %s"
            " AND reason_codes <> '{}' GROUP BY code ORDER BY count(*) DESC, code", [proposal_id],
        )  # fmt: skip
        counted = cursor.fetchall()
    return [ReasonCount(code, str(REASONS[code].title), REASONS[code].outcome, rows) for code, rows in counted
            if code in REASONS]  # fmt: skip


# The page is found first, by an index, and only its rows are looked up further.
_ROWS = """
WITH chosen AS MATERIALIZED (
  SELECT r.id FROM {source} WHERE {where} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)
SELECT r.id, r.row_no, r.row_code, r.status, r.nik, r.name, v.name, r.occupation, r.reasons, coalesce(o.row_code, '')
  FROM chosen JOIN assistance_proposalrow r ON r.id = chosen.id JOIN places_place v ON v.key = r.place_id
  LEFT JOIN assistance_proposalrow o ON o.id = r.corrects_id ORDER BY {order}
"""
# The few villages that the list names, among all of the country.
_VILLAGES = "assistance_rowtally t JOIN places_place v ON v.key = t.place_id AND t.proposal_id = %(proposal)s"
# Village by village in the order asked for, until the page is full; OFFSET 0 keeps the planner from mixing them.
_BY_VILLAGE = f"""(SELECT v.key, v.name FROM {_VILLAGES} ORDER BY v.name {{way}}, v.key {{way}} OFFSET 0) v
  CROSS JOIN LATERAL (SELECT * FROM {{source}} WHERE r.place_id = v.key OFFSET 0) r"""
# Every column the same way, as the indexes have them; none is ever empty.
_ROW_ORDER = {
    "row_no": ("r.row_no",), "name": ("r.name_key", "r.row_no"), "village": ("v.name", "v.key", "r.row_no"),
    "status": ("r.status", "r.row_no"),
}  # fmt: skip
_FEW_FOUND = 1_000
_FEW = """(SELECT * FROM assistance_proposalrow WHERE proposal_id = %(proposal)s AND row_no = ANY(%(found)s::int[])
  OFFSET 0) r"""
_MANY = "(r.name_key LIKE %(pattern)s OR r.place_id = ANY(%(villages)s::bigint[]) OR r.row_code = %(code)s)"


def proposal_rows(proposal_id: int, query: ListQuery) -> Page:
    """One page of RowSummary; filters `status` and `reason`, search in name, village and row code."""
    where = ["r.proposal_id = %(proposal)s"]
    values: dict[str, Any] = {"proposal": proposal_id, "limit": query.limit, "offset": query.offset}
    if status := query.filters.get("status"):
        where.append("r.status = %(status)s")
        values["status"] = status
    if reason := query.filters.get("reason"):
        where.append("r.reason_codes <> '{}' AND r.reason_codes @> ARRAY[%(reason)s]::varchar[]")
        values["reason"] = reason
    way = "DESC" if query.descending else "ASC"
    order = ", ".join(f"{column} {way}" for column in _ROW_ORDER[query.sort or "row_no"])
    with connection.cursor() as cursor:
        source = "assistance_proposalrow r"
        if query.search and _found_few(cursor, query.search, values):
            source = _FEW
        elif query.search:
            where.append(_MANY)
        if query.sort == "village":
            source = _BY_VILLAGE.format(way=way, source=source)
        cursor.execute(_ROWS.format(source=source, where=" AND ".join(where), order=order), values)
        rows = cursor.fetchall()
    return Page.of([RowSummary(*_row_values(row)) for row in rows], query)


def _found_few(cursor: Any, search: str, values: dict[str, Any]) -> bool:
    """Whether few rows match, which are then named one by one; where many match, a page of them is soon found in the
    order asked for. Adds the values of either condition."""
    key = name_key(search)
    values["pattern"] = f"%{_plain_like(key)}%" if key else None
    values |= {"code": search.upper(), "village": f"%{_plain_like(search)}%", "most": _FEW_FOUND + 1}
    cursor.execute(f"SELECT t.place_id FROM {_VILLAGES} WHERE v.name ILIKE %(village)s", values)
    values["villages"] = [place for (place,) in cursor.fetchall()]
    cursor.execute(
        "SELECT row_no FROM assistance_search(%(proposal)s, %(pattern)s, %(code)s, %(villages)s::bigint[], %(most)s)",
        values,
    )
    values["found"] = [row_no for (row_no,) in cursor.fetchall()]
    return len(values["found"]) <= _FEW_FOUND


def _row_values(row: Sequence[Any]) -> list[Any]:
    values = list(row)
    values[8] = [retell(told) for told in json.loads(values[8])]
    return values


def answer_file(proposal_id: int) -> tuple[str, bytes]:
    """The answer workbook: name and content. Raises NotFound."""
    return _file(Proposal.objects.filter(pk=proposal_id).values_list("answer_file_id", flat=True).first())


def decree_file(decree_id: int, kind: str) -> tuple[str, bytes]:
    """A decree's attachment, `pdf` or `xlsx`, as approved or else as drafted: name and content. Raises NotFound."""
    made = Decree.objects.filter(pk=decree_id).values_list(f"decision__{kind}_id", f"{kind}_id").first()
    return _file((made[0] or made[1]) if made else None)


def _file(file_id: UUID | None) -> tuple[str, bytes]:
    if file_id is None:
        raise NotFound("file_not_found", _("Berkas belum ada."), way_out=_("Tunggu sampai pemeriksaan selesai."))
    stored, content = read_file(file_id)
    return stored.name, content


_DECREE = f"""
SELECT e.id, s.name, e.number, e.dated, lower(e.period), (upper(e.period) - interval '1 month')::date, e.people,
       e.monthly_amount, e.total_amount,
       CASE WHEN n.decree_id IS NOT NULL THEN 'enacted' WHEN x.outcome IS NULL THEN 'waiting' ELSE x.outcome END,
       {_NAME.format("u")}, e.proposed_at
"""
_DECREE_FROM = """
  FROM assistance_decree e JOIN assistance_scheme s ON s.id = e.scheme_id JOIN core_user u ON u.id = e.proposed_by_id
  LEFT JOIN assistance_decreedecision x ON x.decree_id = e.id LEFT JOIN core_user w ON w.id = x.decided_by_id
  LEFT JOIN assistance_enactment n ON n.decree_id = e.id
"""
_DECREE_MORE = f""", e.scheme_id, e.proposed_by_id, e.content_digest, {_NAME.format("w")}, x.decided_at,
       coalesce(x.reason, ''), n.enacted_at, coalesce(n.new_memberships, 0), coalesce(n.person_months, 0),
       s.account_codes, s.legal_basis
"""
_DECREE_FIELDS = [field.name for field in fields(DecreeDetail) if field.name != "job"]
_DECREE_ORDER = {"number": "e.number", "dated": "e.dated", "people": "e.people", "total_amount": "e.total_amount"}
_STATES = {
    "waiting": "x.outcome IS NULL", "returned": "x.outcome = 'returned'", "enacted": "n.decree_id IS NOT NULL",
    "approved": "x.outcome = 'approved' AND n.decree_id IS NULL",
}  # fmt: skip


def decrees(query: ListQuery) -> Page:
    """One page of DecreeSummary; filter `state`, search in number and scheme."""
    where, values = ["true"], dict[str, Any]()
    if state := query.filters.get("state"):
        where.append(_STATES[state])
    if query.search:
        where.append("(e.number ILIKE %(search)s OR s.name ILIKE %(search)s)")
        values["search"] = f"%{_plain_like(query.search)}%"
    rows = _page(_DECREE + _DECREE_FROM, where, query.order_sql(_DECREE_ORDER, "e.id DESC"), values, query)
    return Page.of([DecreeSummary(*row) for row in rows], query)


def decree(decree_id: int) -> DecreeDetail:
    """One decree. Raises NotFound, also when it lies outside the reader's area."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_DECREE}{_DECREE_MORE}{_DECREE_FROM} WHERE e.id = %s", [decree_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("decree_not_found", _("SK tidak ditemukan."), way_out=_("Buka dari daftar SK."))
    # The job of a large decree, found by the name it was given.
    job = Job.objects.filter(kind="enact_decree", subject=f"Pelaksanaan SK {row[2]}").order_by("-created_at").first()
    return DecreeDetail(**dict(zip(_DECREE_FIELDS, row, strict=True)), job=job)


def decree_villages(decree_id: int) -> list[VillageShare]:
    """The people on a decree by village, most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.name, count(*) FROM assistance_decreeline l JOIN places_place v ON v.key = l.place_id"
            " WHERE l.decree_id = %s GROUP BY v.key, v.name ORDER BY count(*) DESC, v.name", [decree_id],
        )  # fmt: skip
        return [VillageShare(*row) for row in cursor.fetchall()]


def preview_decree(scheme_id: int, first: date | None = None, last: date | None = None) -> DecreePlan:
    """What a decree would mean for these months (by default the scheme's). Raises NotFound, InvalidInput."""
    found = Scheme.objects.select_related("payer", "place").filter(pk=scheme_id).first()
    if found is None:
        raise NotFound(
            "scheme_not_found", _("Program bantuan tidak ditemukan."), way_out=_("Pilih program dari daftar.")
        )
    return plan_decree(found, first or found.period.lower, last or add_months(found.period.upper, -1))


def waiting_decree(scheme_id: int) -> Decree | None:
    """The draft of a scheme that waits for its decision, if any."""
    return Decree.objects.filter(scheme_id=scheme_id, decision__isnull=True).first()


def _page(
    select: str, where: Sequence[str], order: str, values: dict[str, Any], query: ListQuery
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{select} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s",
            values | {"limit": query.limit, "offset": query.offset},
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _plain_like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
