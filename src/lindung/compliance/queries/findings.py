"""Reads of findings: the list by harm, one with its evidence and story, the people behind it, the counts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lindung.compliance.kinds import KINDS
from lindung.compliance.models import FindingEvent, FindingRun, FindingStanding
from lindung.compliance.rules import pension_age
from lindung.contributions.legal import PU, StatusLimits, status_limits
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.log import record_access
from lindung.core.months import add_months, parse_month
from lindung.core.ui.tables import ListQuery, Page

# What harms workers first: kinds that harm now, by who falls out of cover soonest, then by how many.
_HARM = "array_position(%(by_harm)s::text[], s.kind::text)"
_LIST = """
  SELECT s.finding_id, s.kind, s.state, coalesce(y.name, c.name), s.payer_id, v.name, s.people, s.ours, s.theirs,
         s.source, s.source_date, s.objected, f.found_on, p.paid_through
    FROM compliance_findingstanding s JOIN compliance_finding f ON f.id = s.finding_id
    JOIN places_place v ON v.key = s.place_id
    LEFT JOIN payers_payer y ON y.id = s.payer_id
    LEFT JOIN compliance_listedcompany c ON c.id = f.listed_id
    LEFT JOIN LATERAL (
      SELECT min(k.paid_through) AS paid_through FROM contributions_cover k
       WHERE k.payer_id = s.payer_id AND k.paid_through >= %(pu_grace)s
         AND (k.ended_on IS NULL OR k.ended_on >= %(on)s)) p ON s.kind IN ('not_reported', 'leavers')
"""
_SORT = {
    "company": "coalesce(y.name, c.name)", "people": "s.people", "found_on": "f.found_on",
    "source_date": "s.source_date",
}  # fmt: skip


@dataclass(frozen=True)
class FindingRow:
    """A finding in a list. `lost_on`: when the company's first workers fall out of cover, where that hangs on it."""

    id: int
    kind: str
    state: str
    company: str
    payer_id: int | None
    place: str
    people: int
    ours: int
    theirs: int
    source: str
    source_date: date
    objected: bool
    found_on: date
    lost_on: date | None

    @property
    def klass(self) -> str:
        """PWBD, PDS …"""
        return KINDS[self.kind].klass

    @property
    def days_left(self) -> int | None:
        """Days until the first workers fall out of cover."""
        return (self.lost_on - today()).days if self.lost_on else None


def finding_rows(query: ListQuery, payer_id: int | None = None) -> Page:
    """Findings, by default those first that harm workers soonest."""
    on = today()
    limits = status_limits(on)
    harm = sorted(KINDS, key=lambda kind: KINDS[kind].harm)
    ranks = [KINDS[kind].harm for kind in harm]
    order = query.order_sql(
        _SORT, f"(%(ranks)s::integer[])[{_HARM}], p.paid_through IS NULL, p.paid_through, s.people DESC, s.finding_id"
    )
    values = limits.values() | {
        "by_harm": [str(kind) for kind in harm], "ranks": ranks, "q": f"%{query.search}%", "payer": payer_id,
        "kind": query.filters.get("kind", ""), "state": query.filters.get("state", ""),
        "klass": [str(kind) for kind in KINDS if KINDS[kind].klass == query.filters.get("klass")] or None,
        "limit": query.limit, "offset": query.offset,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{_LIST}
             WHERE (%(q)s = '%%' OR y.name ILIKE %(q)s OR c.name ILIKE %(q)s OR c.nib LIKE %(q)s)
               AND (%(kind)s = '' OR s.kind = %(kind)s) AND (%(state)s = '' OR s.state = %(state)s)
               AND (%(klass)s::text[] IS NULL OR s.kind = ANY(%(klass)s::text[]))
               AND (%(payer)s::bigint IS NULL OR s.payer_id = %(payer)s)
             ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s""",
            values,
        )
        rows = [FindingRow(*(*row[:-1], _lost_on(limits, row[-1]))) for row in cursor.fetchall()]
    return Page.of(rows, query)


@dataclass(frozen=True)
class EventRow:
    """What happened to a finding, with the figures of that moment; `file_id` of the paper that came with it."""

    id: int

    what: str
    dated: date
    people: int
    ours: int
    theirs: int
    source: str
    source_date: date
    detail: dict[str, Any]
    reason: str
    file_id: UUID | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class FindingDetail(FindingRow):
    """A finding with its story, the newest event last."""

    person_id: int | None
    contact: str
    address: str
    events: list[EventRow]

    @property
    def latest(self) -> EventRow:
        """The newest figures."""
        return self.events[-1]


def finding(finding_id: int) -> FindingDetail:
    """One finding. Raises NotFound, also outside the reader's area."""
    limits = status_limits(today())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT l.*, f.person_id, 
                       concat_ws(', ', nullif(c.contact, ''), nullif(c.phone, ''), nullif(c.email, '')), c.address
                  FROM ({_LIST} WHERE s.finding_id = %(finding)s) l
                  JOIN compliance_finding f ON f.id = l.finding_id
                  LEFT JOIN compliance_listedcompany c ON c.id = f.listed_id""",
            limits.values() | {"finding": finding_id},
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("finding_not_found", _("Temuan tidak ditemukan."))
    *shown, paid_through, person_id, contact, address = row
    lost_on = _lost_on(limits, paid_through)
    return FindingDetail(*(*shown, lost_on, person_id, contact or "", address or "", story_of(finding_id)))


def story_of(finding_id: int) -> list[EventRow]:
    """A finding's events, the newest last."""
    events = FindingEvent.objects.filter(finding_id=finding_id).order_by("number")
    return [EventRow(*(getattr(event, field.name) for field in fields(EventRow))) for event in events]


def answer_file(actor: Actor, event_id: int) -> UUID:
    """The paper that came with a company's answer, for officers; the look is logged. Raises NotFound."""
    event = FindingEvent.objects.filter(pk=event_id, file__isnull=False).first()
    if event is None or event.file_id is None or not FindingStanding.objects.filter(pk=event.finding_id).exists():
        raise NotFound("answer_file_not_found", _("Berkas jawaban tidak ditemukan."))
    record_access(actor, f"finding:{event.finding_id}", "company's answer")
    return event.file_id


def _lost_on(limits: StatusLimits, paid_through: date | None) -> date | None:
    return limits.out_on(PU, paid_through) if paid_through else None


@dataclass(frozen=True)
class PersonRow:
    """A worker a finding is about; what is odd about the worker is in `figure` (rupiah) where it is a wage."""

    person_id: int
    name: str
    nik: str
    kpj: str
    figure: int | None


# The people behind a finding, from the reports of its month: these never change, corrections are added.
_WAGES = """
  SELECT m.person_id, m.job, sum(CASE WHEN m.entry_no > 0 AND m.entry_no %% 2 = 0 THEN -m.wage_base ELSE m.wage_base
         END)::bigint AS wage, sum(m.jht) AS jht, sum(m.jp) AS jp, max(m.membership_id) AS membership_id
    FROM contributions_personmonth m
   WHERE m.payer_id = %(payer)s AND m.month = %(month)s AND m.segment = 'PU'
   GROUP BY m.person_id, m.job HAVING sum(m.jkk + m.jkm + m.jht + m.jp) > 0
"""
_BEHIND = {
    "pds_minimum": f"SELECT person_id, membership_id, wage FROM ({_WAGES}) w WHERE wage < %(theirs)s",
    "pds_flat": f"SELECT person_id, membership_id, wage FROM ({_WAGES}) w WHERE wage = %(ours)s",
    "pds_programme": f"""SELECT person_id, membership_id, wage FROM ({_WAGES}) w JOIN people_person k
       ON k.id = person_id WHERE (%(no_jht)s AND jht = 0) OR (%(no_jp)s AND jp = 0
         AND age(%(month)s, k.birth_date) < make_interval(years => %(pension_age)s))""",
    "assisted": f"SELECT person_id, membership_id, wage FROM ({_WAGES}) w WHERE person_id = %(person)s",
    "leavers": f"""SELECT m.person_id, m.id, NULL::bigint FROM membership_membership m
       WHERE m.payer_id = %(payer)s AND m.segment = 'PU' AND m.valid @> %(on)s::date AND m.registered_on < %(after)s
         AND NOT EXISTS (SELECT 1 FROM ({_WAGES}) w WHERE w.person_id = m.person_id AND w.job = m.job)""",
}


def people_behind(found: FindingDetail, most: int = 500) -> list[PersonRow]:
    """The workers whom a finding is about, by name; empty for kinds that are about numbers only."""
    statement = _BEHIND.get(found.kind)
    if statement is None:
        return []
    month = parse_month(found.latest.detail["month"])
    values = {
        "payer": found.payer_id, "month": month, "theirs": found.theirs, "ours": found.ours, "person": found.person_id,
        "on": today(), "after": add_months(month, 1), "most": most, "no_jht": bool(found.latest.detail.get("no_jht")),
        "no_jp": bool(found.latest.detail.get("no_jp")), "pension_age": pension_age(found.latest.dated),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.id, p.name, p.nik, m.kpj, b.figure FROM ({statement}) b(person_id, membership_id, figure)
                  JOIN people_person p ON p.id = b.person_id JOIN membership_membership m ON m.id = b.membership_id
                 ORDER BY p.name, p.id LIMIT %(most)s""",
            values,
        )
        return [PersonRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class KindCount:
    """Findings of a kind that stand: how many are open and confirmed, and the workers they are about."""

    kind: str
    open: int
    confirmed: int
    objected: int
    people: int


def counts() -> list[KindCount]:
    """The findings that stand in the reader's area, by kind, all kinds in the order of their harm."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'confirmed'),
                      count(*) FILTER (WHERE objected), coalesce(sum(people), 0)::bigint
                 FROM compliance_findingstanding WHERE state IN ('open', 'confirmed') GROUP BY kind"""
        )
        found = {row[0]: KindCount(*row) for row in cursor.fetchall()}
    return [found.get(str(kind), KindCount(str(kind), 0, 0, 0, 0)) for kind in KINDS]


def last_run() -> FindingRun | None:
    """The newest comparison."""
    return FindingRun.objects.order_by("-id").first()
