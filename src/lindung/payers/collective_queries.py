"""Reads: collectives, their members and payments, the proof for each person, and agents."""

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
from lindung.core.log import record_access
from lindung.core.scope import require_payer
from lindung.core.ui.listing import ListQuery, Page
from lindung.payers.models import Agent, Payer

Values = dict[str, int | str | date]


@dataclass(frozen=True)
class CollectiveRow:
    """A collective in a list; `paid` is rupiah of all payments that stand."""

    id: int
    name: str
    npp: str
    code: str
    agent: str | None
    agent_id: int | None
    place: str
    members: int
    last_paid_on: date | None
    paid: int


@dataclass(frozen=True)
class AgentRow:
    """An agent in a list; `last_joined_on` is when the newest member of the agent's collectives joined."""

    id: int
    number: str
    name: str
    place: str
    phone: str
    ends_on: date | None
    collectives: int
    members: int
    last_joined_on: date | None
    state: str


@dataclass(frozen=True)
class MemberRow:
    """A member, and through which month it is paid for (None: never)."""

    id: int
    name: str
    nik: str
    village: str
    joined_on: date
    paid_through: date | None
    paid: int


@dataclass(frozen=True)
class PaymentRow:
    """A payment of a collective; `withdrawn` payments count no more."""

    id: int
    reference: str
    paid_on: date
    amount: int
    people: int
    months: int
    recorded_by: str
    withdrawn: bool

    @property
    def id_text(self) -> str:
        """For the name of its dialog."""
        return str(self.id)


@dataclass(frozen=True)
class ProofLine:
    """A month of one person in a payment."""

    month: date
    amount: int
    bill_code: str


@dataclass(frozen=True)
class Proof:
    """What a collective's payment pays for one person. `nik` is whole: show it masked."""

    payment_id: int
    person_id: int
    reference: str
    paid_on: date
    recorded_at: datetime
    withdrawn: bool
    collective: str
    code: str
    agent: str
    name: str
    nik: str
    village: str
    lines: list[ProofLine]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


_PAID = """SELECT max(y.paid_on) AS last_on, coalesce(sum(y.amount), 0)::bigint AS amount
  FROM payers_collectivepayment y
 WHERE y.collective_id = c.payer_id
   AND NOT EXISTS (SELECT 1 FROM payers_collectivewithdrawal w WHERE w.payment_id = y.id)"""
_COLLECTIVE = f"""SELECT c.payer_id, p.name, p.npp, c.code, g.name, c.agent_id, v.name,
  (SELECT count(*) FROM payers_collectivemember m WHERE m.collective_id = c.payer_id AND m.valid @> %(on)s),
  d.last_on, d.amount
  FROM payers_collective c JOIN payers_payer p ON p.id = c.payer_id JOIN places_place v ON v.key = p.place_id
  LEFT JOIN payers_agent g ON g.id = c.agent_id CROSS JOIN LATERAL ({_PAID}) d"""


def collectives(query: ListQuery) -> Page:
    """One page of collectives. Filters: code, agent; search: name, NPP, agent."""
    terms = ["true"]
    values: Values = {"on": today(), "limit": query.limit, "offset": query.offset}
    if query.search:
        terms.append("concat_ws(E'\\n', p.name, p.npp, g.name) ILIKE %(text)s")
        values["text"] = f"%{query.search}%"
    if code := query.filters.get("code"):
        terms.append("c.code = %(code)s")
        values["code"] = code
    order = query.order_sql({"name": "p.name", "last_paid_on": "d.last_on", "paid": "d.amount"}, "p.name, p.id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_COLLECTIVE} WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values
        )
        return Page.of([CollectiveRow(*row) for row in cursor.fetchall()], query)


def collective(actor: Actor, payer_id: int) -> CollectiveRow:
    """Raises NotFound."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLLECTIVE} WHERE c.payer_id = %(id)s", {"on": today(), "id": payer_id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("collective_not_found", _("Wadah tidak ditemukan."))
    return CollectiveRow(*row)


def members(payer_id: int, query: ListQuery) -> Page:
    """One page of a collective's members of today, by name; search by name."""
    values: Values = {
        "id": payer_id,
        "on": today(),
        "text": f"%{query.search}%",
        "limit": query.limit,
        "offset": query.offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.id, p.name, p.nik, v.name, lower(m.valid), d.through, d.paid
              FROM payers_collectivemember m JOIN people_person p ON p.id = m.person_id
              JOIN places_place v ON v.key = p.place_id
              CROSS JOIN LATERAL (
                SELECT max(l.month) AS through, coalesce(sum(l.amount), 0)::bigint AS paid
                  FROM payers_collectivepaymentline l WHERE l.collective_id = m.collective_id
                   AND l.person_id = m.person_id
                   AND NOT EXISTS (SELECT 1 FROM payers_collectivewithdrawal w WHERE w.payment_id = l.payment_id)) d
             WHERE m.collective_id = %(id)s AND m.valid @> %(on)s AND p.name ILIKE %(text)s
             ORDER BY p.name_key, p.id LIMIT %(limit)s OFFSET %(offset)s
            """,
            values,
        )
        return Page.of([MemberRow(*row) for row in cursor.fetchall()], query)


def members_in(payer_id: int, month: date) -> list[int]:
    """The people who are members in a month, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT m.person_id FROM payers_collectivemember m JOIN people_person p ON p.id = m.person_id"
            " WHERE m.collective_id = %s AND m.valid && daterange(%s, (%s + interval '1 month')::date) ORDER BY 1",
            [payer_id, month, month],
        )
        return [row[0] for row in cursor.fetchall()]


def people_by_nik(niks: Sequence[str]) -> dict[str, int]:
    """Who has these numbers, as far as the reader may see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik, id FROM people_person WHERE nik = ANY(%s)", [list(niks)])
        return dict(cursor.fetchall())


def payments(payer_id: int, most: int = 100) -> list[PaymentRow]:
    """A collective's payments, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT y.id, y.reference, y.paid_on, y.amount, count(DISTINCT l.person_id), count(DISTINCT l.month),
                   y.recorded_by, EXISTS (SELECT 1 FROM payers_collectivewithdrawal w WHERE w.payment_id = y.id)
              FROM payers_collectivepayment y JOIN payers_collectivepaymentline l ON l.payment_id = y.id
             WHERE y.collective_id = %s GROUP BY y.id ORDER BY y.paid_on DESC, y.id DESC LIMIT %s
            """,
            [payer_id, most],
        )
        return [PaymentRow(*row) for row in cursor.fetchall()]


def payment_lines(actor: Actor, payment_id: int, query: ListQuery) -> tuple[int, Page]:
    """The collective of a payment, and one page of the people it pays for. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT collective_id FROM payers_collectivepayment WHERE id = %s", [payment_id])
        found = cursor.fetchone()
        if found is None:
            raise NotFound("payment_not_found", _("Pembayaran tidak ditemukan."))
        require_payer(actor, found[0])
        cursor.execute(
            """
            SELECT p.id, p.name, p.nik, v.name, min(l.month), max(l.month), sum(l.amount)::bigint
              FROM payers_collectivepaymentline l JOIN people_person p ON p.id = l.person_id
              JOIN places_place v ON v.key = p.place_id
             WHERE l.payment_id = %(id)s AND p.name ILIKE %(text)s
             GROUP BY p.id, v.name ORDER BY p.name_key, p.id LIMIT %(limit)s OFFSET %(offset)s
            """,
            {"id": payment_id, "text": f"%{query.search}%", "limit": query.limit, "offset": query.offset},
        )
        return found[0], Page.of([MemberRow(*row) for row in cursor.fetchall()], query)


def proof(actor: Actor, payment_id: int, person_id: int) -> Proof:
    """One person's part of a payment; the access to the person is logged. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT y.id, p.id, y.reference, y.paid_on, y.recorded_at,
                   EXISTS (SELECT 1 FROM payers_collectivewithdrawal w WHERE w.payment_id = y.id),
                   q.name, c.code, coalesce(g.name, ''), p.name, p.nik, v.name, y.collective_id
              FROM payers_collectivepayment y JOIN payers_collective c ON c.payer_id = y.collective_id
              JOIN payers_payer q ON q.id = c.payer_id LEFT JOIN payers_agent g ON g.id = c.agent_id
              JOIN people_person p ON p.id = %s JOIN places_place v ON v.key = p.place_id WHERE y.id = %s
            """,
            [person_id, payment_id],
        )
        head = cursor.fetchone()
        cursor.execute(
            "SELECT month, amount, bill_code FROM payers_collectivepaymentline WHERE payment_id = %s AND person_id = %s"
            " ORDER BY month", [payment_id, person_id],
        )  # fmt: skip
        lines = [ProofLine(*row) for row in cursor.fetchall()]
    if head is None or not lines:
        raise NotFound("proof_not_found", _("Pembayaran untuk orang ini tidak ditemukan."))
    require_payer(actor, head[-1])
    record_access(actor, f"person:{person_id}", "proof of payment")
    return Proof(*[*head[:-1], lines])


_AGENT_STATE = "CASE WHEN g.valid @> %(on)s THEN 'active' WHEN lower(g.valid) > %(on)s THEN 'coming' ELSE 'ended' END"


def agents(query: ListQuery) -> Page:
    """One page of agents. Filters: state; search: name, number."""
    terms = ["true"]
    values: Values = {"on": today(), "limit": query.limit, "offset": query.offset}
    if query.search:
        terms.append("concat_ws(E'\\n', g.name, g.number) ILIKE %(text)s")
        values["text"] = f"%{query.search}%"
    if state := query.filters.get("state"):
        terms.append(f"{_AGENT_STATE} = %(state)s")
        values["state"] = state
    order = query.order_sql({"name": "g.name", "members": "d.members"}, "g.name, g.id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT g.id, g.number, g.name, v.name, g.phone, upper(g.valid) - 1, d.collectives, d.members, d.last_on,
                   {_AGENT_STATE}
              FROM payers_agent g JOIN places_place v ON v.key = g.place_id CROSS JOIN LATERAL (
                SELECT count(DISTINCT c.payer_id) AS collectives, count(m.id) FILTER (WHERE m.valid @> %(on)s)
                         AS members, max(lower(m.valid)) AS last_on
                  FROM payers_collective c LEFT JOIN payers_collectivemember m ON m.collective_id = c.payer_id
                 WHERE c.agent_id = g.id) d
             WHERE {" AND ".join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
            """,
            values,
        )
        return Page.of([AgentRow(*row) for row in cursor.fetchall()], query)


def agent_choices() -> list[tuple[str, Any]]:
    """Agents on duty today, for a form."""
    rows = Agent.objects.filter(valid__contains=today()).order_by("name").values_list("pk", "name", "number")
    return [(str(key), f"{name} ({number})") for key, name, number in rows[:500]]


def payer_choices() -> list[tuple[str, Any]]:
    """Payers that may collect for others and do not yet, for a form."""
    rows = Payer.objects.exclude(kind=Payer.Kind.SELF).filter(collective__isnull=True).order_by("name")
    return [(str(key), f"{name} ({npp})") for key, name, npp in rows.values_list("pk", "name", "npp")[:500]]
