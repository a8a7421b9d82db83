"""Lists: participants with their cover, bills, the lines of a bill, payments.

A page of participants is found first, by an index, and only its people are looked up further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lindung.contributions import legal, sql
from lindung.core.actors import current_actor
from lindung.core.clock import installation, today
from lindung.core.errors import NotFound
from lindung.core.months import add_months, month_of
from lindung.core.ui.listing import ListQuery, Page
from lindung.people.queries import name_key
from lindung.places.dataset import last_key

Parameters = dict[str, Any]
_MOST_FOUND = 600
_KPJ_DIGITS = 11
_RIBBON_BACK, _RIBBON_AHEAD = 9, 2
_FEW = 4_000  # about as long to put in order as to find a page among one in a hundred


@dataclass(frozen=True)
class ParticipantRow:
    """A membership in the list: who, and how protected. `status` registered means no month paid yet.

    `months`: (month, payer, issued, paid) of each charge around today, and the day's `limits`, for the ribbon."""

    id: int
    person_id: int
    name: str
    nik: str
    village: str
    kpj: str
    payer: str
    status: str
    protected_since: date | None
    paid_through: date | None
    jkm_full_from: date | None
    months: Sequence[tuple[date, str, bool, bool]]
    limits: legal.StatusLimits
    died: bool = False


@dataclass(frozen=True)
class _Terms:
    """What a question asks of a person `p`, a membership `m` and a cover `c`; and, where the question may have few
    answers, the statement that finds them as (person_id, job). `searched` are never many, and found by it alone."""

    person: Sequence[str]
    membership: Sequence[str]
    cover: Sequence[str]
    few: str
    searched: bool


def participants(query: ListQuery) -> Page:
    """One page of participants inside the actor's area. Filters: status, payer, district, village.

    A few are found by the filter and then put in order; many, by walking through the names until a page is full."""
    limits = legal.status_limits(today())
    terms, values = _participant_terms(query, limits)
    statement = _found_and_ordered(terms, query) if terms.few else _walked(terms, query)
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"limit": query.limit, "offset": query.offset})
        ids = [row[0] for row in cursor.fetchall()]
    shown = Page.of(ids, query)
    return Page(participant_rows(list(shown.rows), limits), None, shown.has_next)


def _order(query: ListQuery, name: str, person: str, job: str) -> str:
    way = "DESC" if query.descending else "ASC"  # both columns the same way, as the index has them
    return f"ORDER BY {name} {way}, {person} {way}, {job} LIMIT %(limit)s OFFSET %(offset)s"


def _walked(terms: _Terms, query: ListQuery, condition: str = "true") -> str:
    cover = "JOIN contributions_cover c ON c.person_id = m.person_id AND c.job = m.job" if terms.cover else ""
    where = " AND ".join([condition, *terms.person, *terms.membership, *terms.cover])
    return f"""
        SELECT m.id FROM people_person p JOIN membership_membership m ON m.person_id = p.id {cover}
         WHERE {where} {_order(query, "p.name_key", "p.id", "m.job")}
    """


def _found_and_ordered(terms: _Terms, query: ListQuery) -> str:
    """Beyond the name, only what fills the page is looked up of the few: hence LATERAL."""
    covered = " AND ".join(["c.person_id = k.person_id", "c.job = k.job", *terms.cover])
    cover = f", LATERAL (SELECT 1 FROM contributions_cover c WHERE {covered}) c" if terms.cover else ""
    return f"""
        WITH few AS MATERIALIZED ({terms.few} LIMIT {_FEW + 1}), them AS (SELECT count(*) <= {_FEW} AS whole FROM few)
        (SELECT m.id FROM (SELECT f.person_id, f.job, p.name_key FROM few f JOIN people_person p ON p.id = f.person_id
                            WHERE {" AND ".join(["(SELECT whole FROM them)", *terms.person])}
                            ORDER BY p.name_key, f.person_id, f.job) k,
                LATERAL (SELECT m.id FROM membership_membership m
                          WHERE {" AND ".join(["m.person_id = k.person_id", "m.job = k.job", *terms.membership])}) m
                {cover} {_order(query, "k.name_key", "k.person_id", "k.job")})
        {"" if terms.searched else f"UNION ALL ({_walked(terms, query, 'NOT (SELECT whole FROM them)')})"}
    """


def _participant_terms(query: ListQuery, limits: legal.StatusLimits) -> tuple[_Terms, Parameters]:
    values: Parameters = limits.values()
    person, membership, cover, few = _area_terms(query), [], [], ""
    if status := query.filters.get("status"):
        if status in _STATUS_TERMS:
            cover.append(_STATUS_TERMS[status])
        else:
            membership.append("m.id IN (SELECT membership_id FROM contributions_neverpaid)")
            few = (
                "SELECT m.person_id, m.job FROM contributions_neverpaid n"
                " JOIN membership_membership m ON m.id = n.membership_id"
            )
    if payer := query.filters.get("payer"):
        cover.append("c.payer_id = %(payer)s")
        values["payer"] = int(payer)
    if cover and (payer or status != "active"):
        few = f"SELECT c.person_id, c.job FROM contributions_cover c WHERE {' AND '.join(cover)}"
    if query.search:
        digits = query.search.replace(" ", "")
        if digits.isdigit() and len(digits) == _KPJ_DIGITS:
            membership.append("m.kpj = %(kpj)s")
            values["kpj"] = digits
            few = "SELECT m.person_id, m.job FROM membership_membership m WHERE m.kpj = %(kpj)s"
        else:
            values |= {"name": name_key(query.search), "most": _MOST_FOUND}
            few = (
                "SELECT m.person_id, m.job FROM people_search(%(name)s, %(most)s) s"
                " JOIN membership_membership m ON m.person_id = s.person_id"
            )
    return _Terms(person, membership, cover, few, bool(query.search)), values


_STATUS_TERMS = {
    "active": f"{sql.LASTS} AND c.paid_through >= {sql.ACTIVE_FROM}",
    "grace": f"{sql.LASTS} AND {sql.BEFORE_ACTIVE} AND {sql.SINCE_GRACE}",
    "inactive": f"(c.ended_on < %(on)s OR {sql.BEFORE_GRACE})",
}


def _area_terms(query: ListQuery) -> list[str]:
    """Row-level security says where; said again in plain terms, the planner knows how few that leaves, and reads one
    village by its own index."""
    areas = [(low, high) for low, high in current_actor().scope if not _holds_everybody(low, high)]
    if place := query.filters.get("village") or query.filters.get("district"):
        areas = [(int(place), last_key(int(place)))]
    terms = [
        f"p.place_id = {low:d}" if low == high else f"p.place_id BETWEEN {low:d} AND {high:d}" for low, high in areas
    ]
    return [f"({' OR '.join(terms)})"] if terms else []


# Whether a death of the membership `m`'s person stands.
_DIED = """EXISTS (SELECT 1 FROM people_lifeevent e
                            WHERE e.person_id = m.person_id AND e.kind = 'death' AND NOT e.void
                              AND NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = e.id))"""


def _holds_everybody(low: int, high: int) -> bool:
    served = installation()
    return served is not None and low <= served.place_key and last_key(served.place_key) <= high


def participant_rows(membership_ids: list[int], limits: legal.StatusLimits) -> list[ParticipantRow]:
    """The rows of these memberships, in their order, as things stand on the day of `limits`."""
    month = month_of(limits.on)
    values: Parameters = limits.values() | {"ids": membership_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id, m.person_id, p.name, p.nik, v.name, m.kpj, coalesce(y.name, ''),
                   CASE WHEN c.person_id IS NULL THEN 'registered' ELSE {sql.STATUS} END, c.protected_since,
                   c.paid_through, c.jkm_full_from, {_DIED}
              FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted(id, place_in_page)
              JOIN membership_membership m ON m.id = wanted.id JOIN people_person p ON p.id = m.person_id
              JOIN places_place v ON v.key = m.place_id
              LEFT JOIN contributions_cover c ON c.person_id = m.person_id AND c.job = m.job
              LEFT JOIN payers_payer y ON y.id = c.payer_id ORDER BY wanted.place_in_page
            """,
            values,
        )
        rows = cursor.fetchall()
        months = _charged_months(cursor, [row[1] for row in rows], month)
    return [_participant(row, months.get(row[0], []), limits) for row in rows]


def _charged_months(
    cursor: CursorWrapper, person_ids: list[int], current: date
) -> dict[int, list[tuple[date, str, bool, bool]]]:
    """The charges that stand around a month, ascending, by membership: of an entry, the last tells whether it stands.

    Charges and bills come as two kinds of rows, to be put together here: joined there, the planner may compare each
    charge with each bill."""
    cursor.execute(
        """
        WITH charged AS MATERIALIZED (
          SELECT DISTINCT ON (person_id, job, month) membership_id, month, payer_id, bill_id, entry_no
            FROM contributions_personmonth WHERE person_id = ANY(%(people)s) AND month BETWEEN %(first)s AND %(last)s
           ORDER BY person_id, job, month, entry_no DESC),
        billed AS MATERIALIZED (SELECT DISTINCT bill_id, payer_id FROM charged)
        SELECT b.bill_id, NULL::bigint, NULL::date, y.name, i.bill_id IS NOT NULL,
               coalesce(met.amount = i.amount, false)
          FROM billed b JOIN payers_payer y ON y.id = b.payer_id
          LEFT JOIN contributions_billissue i ON i.bill_id = b.bill_id
          LEFT JOIN contributions_met_of(ARRAY(SELECT bill_id FROM billed)) met ON met.bill_id = b.bill_id
         UNION ALL
        (SELECT bill_id, membership_id, month, NULL, NULL, NULL FROM charged WHERE entry_no %% 2 = 1 ORDER BY month)
        """,
        {
            "people": person_ids,
            "first": add_months(current, -_RIBBON_BACK - 4),
            "last": add_months(current, _RIBBON_AHEAD),
        },
    )
    bills: dict[int, tuple[str, bool, bool]] = {}
    months: dict[int, list[tuple[date, str, bool, bool]]] = {}
    for bill_id, membership, month, *bill in cursor.fetchall():
        if membership is None:
            bills[bill_id] = (bill[0], bill[1], bill[2])
        elif bill_id in bills:
            months.setdefault(membership, []).append((month, *bills[bill_id]))
    return months


def _participant(
    row: tuple[Any, ...], months: list[tuple[date, str, bool, bool]], limits: legal.StatusLimits
) -> ParticipantRow:
    """Somebody not yet protected is shown with whoever is to pay."""
    key, person_id, name, nik, village, kpj, payer, status, since, through, full_from, died = row
    payer = payer or (months[-1][1] if months else "")
    return ParticipantRow(
        key, person_id, name, nik, village, kpj, payer, status, since, through, full_from, months, limits, died
    )


def ribbon_span(day: date) -> tuple[date, date]:
    """First and last month of the small ribbon."""
    return add_months(month_of(day), -_RIBBON_BACK), add_months(month_of(day), _RIBBON_AHEAD)


@dataclass(frozen=True)
class BillRow:
    """A bill: planned, issued, partial, overdue, settled, or a credit. `met` is what has come in or was set off."""

    id: int
    payer_id: int
    payer: str
    month: date
    sequence: int
    number: str | None
    issued_on: date | None
    due_on: date | None
    people: int
    amount: int
    met: int
    state: str

    @property
    def left(self) -> int:
        """Rupiah still to come; 0 for a credit."""
        return max(self.amount - self.met, 0)


_BILLS = f"""
SELECT b.id, b.payer_id, y.name, b.month, b.sequence, i.number, i.issued_on, i.due_on,
       coalesce(i.people, abs(t.people), 0), coalesce(i.amount, t.amount, 0), {sql.MET}, {sql.BILL_STATE}
  FROM contributions_bill b JOIN payers_payer y ON y.id = b.payer_id
  LEFT JOIN contributions_billissue i ON i.bill_id = b.id LEFT JOIN contributions_billtally t ON t.bill_id = b.id
"""
BILL_SORTS = {"month": "b.month", "payer": "y.name", "number": "i.number", "due_on": "i.due_on"}


def bills(query: ListQuery) -> Page:
    """One page of bills. Filters: state, payer, year; search by number or payer's name."""
    values: Parameters = {"on": today(), "limit": query.limit, "offset": query.offset}
    terms = ["true"]
    if query.search:
        terms.append("(i.number ILIKE %(text)s OR y.name ILIKE %(text)s)")
        values["text"] = f"%{query.search}%"
    if state := query.filters.get("state"):
        terms.append(f"({sql.BILL_STATE}) = %(state)s")
        values["state"] = state
    if payer := query.filters.get("payer"):
        terms.append("b.payer_id = %(payer)s")
        values["payer"] = int(payer)
    if year := query.filters.get("year"):
        terms.append("b.month BETWEEN %(first)s AND %(last)s")
        values |= {"first": date(int(year), 1, 1), "last": date(int(year), 12, 1)}
    order = query.order_sql(BILL_SORTS, "b.month DESC, y.name, b.sequence")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_BILLS} WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values
        )
        return Page.of([BillRow(*row) for row in cursor.fetchall()], query)


def bill(bill_id: int) -> BillRow:
    """Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_BILLS} WHERE b.id = %(id)s", {"id": bill_id, "on": today()})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("bill_not_found", _("Tagihan tidak ditemukan."))
    return BillRow(*row)


def bill_years() -> list[int]:
    """The years that have bills, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT extract(year FROM month)::integer FROM contributions_bill ORDER BY 1 DESC")
        return [row[0] for row in cursor.fetchall()]


_WITH_BILLS = "EXISTS (SELECT 1 FROM contributions_bill b WHERE b.payer_id = y.id)"
_OF_THE_AREA = "y.id IN (SELECT c.payer_id FROM contributions_cover c)"


def payer_choices(also: str = "", *, of_area: bool = False) -> list[tuple[str, str]]:
    """Payers that have bills, by name, or with `of_area` those who pay for people in the actor's area; the one in
    `also` comes first when there are too many. Who pays for himself is found by his name instead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT y.id::text, y.name FROM payers_payer y"
            f" WHERE y.kind <> 'self' AND {_OF_THE_AREA if of_area else _WITH_BILLS}"
            " ORDER BY (y.id::text = %s) DESC, y.name LIMIT 200",
            [also],
        )
        return sorted(cursor.fetchall(), key=lambda choice: str(choice[1]))


@dataclass(frozen=True)
class BillLine:
    """A person on a bill, in rupiah; negative on a credit."""

    id: int
    name: str
    nik: str
    village: str
    kpj: str
    jkk: int
    jkm: int
    jht: int = 0
    jp: int = 0
    worker_share: int = 0  # what the worker bears of it

    @property
    def amount(self) -> int:
        return self.jkk + self.jkm + self.jht + self.jp


def bill_lines(bill_row: BillRow, query: ListQuery) -> Page:
    """One page of the people on a bill, village by village."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH lines AS (
              SELECT person_id, job, place_id, max(membership_id) AS membership_id, sum(jkk)::bigint AS jkk,
                     sum(jkm)::bigint AS jkm, sum(jht)::bigint AS jht, sum(jp)::bigint AS jp,
                     sum(worker_share)::bigint AS worker_share
                FROM contributions_personmonth WHERE month = %s AND bill_id = %s
               GROUP BY place_id, person_id, job HAVING sum(jkk + jkm + jht + jp) <> 0
               ORDER BY place_id, person_id, job LIMIT %s OFFSET %s)
            SELECT l.person_id, p.name, p.nik, v.name, m.kpj, l.jkk, l.jkm, l.jht, l.jp, l.worker_share
              FROM lines l JOIN people_person p ON p.id = l.person_id JOIN places_place v ON v.key = l.place_id
              JOIN membership_membership m ON m.id = l.membership_id ORDER BY l.place_id, l.person_id, l.job
            """,
            [bill_row.month, bill_row.id, query.limit, query.offset],
        )
        return Page.of([BillLine(*row) for row in cursor.fetchall()], query)


@dataclass(frozen=True)
class Receipt:
    """Money, or a credit, that lessened a bill."""

    reference: str
    kind: str  # sp2d, transfer, credit
    on: date
    amount: int
    by: str


def receipts_of(bill_id: int) -> list[Receipt]:
    """What meets a bill, by date; not what a reversed payment had paid."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.reference, p.kind, p.paid_on, s.amount, p.received_by FROM contributions_standingsettlement s
              JOIN contributions_payment p ON p.id = s.payment_id WHERE s.bill_id = %(bill)s
             UNION ALL
            SELECT i.number, 'credit', o.dated, o.amount, i.issued_by FROM contributions_setoff o
              JOIN contributions_billissue i ON i.bill_id = o.credit_id WHERE o.bill_id = %(bill)s
             ORDER BY 3, 1
            """,
            {"bill": bill_id},
        )
        return [Receipt(*row) for row in cursor.fetchall()]


def waiting_for(bill_id: int) -> int:
    """How many people on a bill are not protected for its month by anything paid so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*) FROM contributions_personmonth pm
              LEFT JOIN contributions_cover c ON c.person_id = pm.person_id AND c.job = pm.job
             WHERE pm.bill_id = %(bill)s AND (c.paid_through IS NULL OR c.paid_through < pm.month) AND {sql.STANDS}
            """,
            {"bill": bill_id},
        )
        row: tuple[int] = cursor.fetchone()
    return row[0]
