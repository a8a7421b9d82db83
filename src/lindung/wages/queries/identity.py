"""Reads: rows whose worker does not match the register, as the branch sees them and as the employer does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.errors import NotFound
from lindung.core.log import record_access
from lindung.core.ui.listing import ListQuery, Page
from lindung.formats.words import mask_nik
from lindung.wages.identity import DIFFERS, IDENTITY
from lindung.wages.models import IdentityAnswer, IdentityCard, WageReportRow
from lindung.wages.storing import STANDING


@dataclass(frozen=True)
class DoubtLine:
    """A row in doubt that was not answered. `codes`: name_differs, birth_differs, deceased; `sent_on`: the day the
    photo of the card came. `nik` is masked."""

    row_id: int
    report_id: int
    payer_id: int
    payer: str
    month: date
    row_no: int
    name: str
    nik: str
    codes: list[str]
    sent_on: date | None


_WAITING = f"""
SELECT r.id, r.report_id, r.payer_id, y.name, w.month, r.row_no, coalesce(r.data ->> 'name', ''),
       coalesce(r.data ->> 'nik', ''), d.codes, c.sent_on
  FROM wages_identitydoubt d
  JOIN wages_wagereportrow r ON r.id = d.row_id AND {STANDING}
  JOIN wages_wagereport w ON w.id = r.report_id AND w.state IN ('checked', 'applied')
  JOIN payers_payer y ON y.id = r.payer_id
  LEFT JOIN wages_identitycard c ON c.row_id = r.id
 WHERE NOT EXISTS (SELECT 1 FROM wages_identityanswer a WHERE a.row_id = r.id)
"""


def doubts_waiting(actor: Actor, query: ListQuery) -> Page:
    """Rows in doubt within the actor's area as DoubtLine, those with a card first. Filter: card (sent, missing).
    Search: the employer's name. Raises NotAllowed."""
    actor.require(IDENTITY)
    values: dict[str, Any] = {"limit": query.limit, "offset": query.offset}
    terms = {"sent": " AND c.row_id IS NOT NULL", "missing": " AND c.row_id IS NULL"}.get(
        query.filters.get("card", ""), ""
    )
    if query.search:
        terms += " AND strpos(lower(y.name), lower(%(text)s)) > 0"
        values["text"] = query.search
    with connection.cursor() as cursor:
        cursor.execute(f"{_WAITING} {terms} ORDER BY c.sent_on, r.id LIMIT %(limit)s OFFSET %(offset)s", values)
        return Page.of([_line(row) for row in cursor.fetchall()], query)


def cards_waiting() -> int:
    """How many rows in doubt have a card that nobody has answered, within the reader's area."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_WAITING} AND c.row_id IS NOT NULL) w")
        row: tuple[int] = cursor.fetchone()
    return row[0]


def _line(row: tuple[Any, ...]) -> DoubtLine:
    line = DoubtLine(*row)
    return replace(line, nik=mask_nik(line.nik))


@dataclass(frozen=True)
class Comparison:
    """A row in doubt beside the register: what the employer wrote, as it was written, and what is known."""

    line: DoubtLine
    written: dict[str, str]
    name: str
    birth_date: date
    died_on: date | None


_KNOWN = """
SELECT p.id, p.name, p.birth_date,
       (SELECT max(e.occurred_on) FROM people_lifeevent e WHERE e.person_id = p.id AND e.kind = 'death' AND NOT e.void
           AND NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = e.id))
  FROM people_person p JOIN wages_identitydoubt d ON d.person_id = p.id WHERE d.row_id = %s
"""


def doubt(actor: Actor, row_id: int) -> Comparison:
    """One row in doubt for the officer who answers it; the look at the person is logged. Raises NotAllowed, NotFound
    (outside the actor's area, or no longer in doubt)."""
    actor.require(IDENTITY)
    with connection.cursor() as cursor:
        cursor.execute(f"{_WAITING} AND r.id = %s", [row_id])
        found = cursor.fetchone()
    if found is None:
        raise NotFound("doubt_not_found", _("Baris ini tidak menunggu pencocokan."))
    data = WageReportRow.objects.get(pk=row_id).data
    written = {name: str(data.get(name) or "") for name in ("nik", "name", "birth_date", "sex", "started_on")}
    # The person may live in another area than the employer whose report the officer answers for.
    with acting_as(on_behalf(actor)) as authority, connection.cursor() as cursor:
        cursor.execute(_KNOWN, [row_id])
        person_id, *known = cursor.fetchone()
        record_access(authority, f"person:{person_id}", "identity of a reported worker")
    return Comparison(_line(found), written, *known)


@dataclass(frozen=True)
class IdentityStanding:
    """How far the question of a row's identity is, as its employer may know it: `sent_on` the day its card went to the
    branch; `words` what the branch answered."""

    in_doubt: bool
    sent_on: date | None
    words: str


def identity_standing(row_id: int, codes: list[str]) -> IdentityStanding:
    """Of a row that the caller was allowed to see, with the codes of its reasons."""
    if DIFFERS not in codes:
        return IdentityStanding(False, None, "")
    card = IdentityCard.objects.filter(row=row_id).first()
    answer = IdentityAnswer.objects.filter(row=row_id).first()
    return IdentityStanding(True, card.sent_on if card else None, answer.words if answer else "")


def card_file(actor: Actor, row_id: int) -> UUID:
    """The photo of the card, for the branch; the look is logged. Raises NotAllowed, NotFound."""
    actor.require(IDENTITY)
    card = IdentityCard.objects.filter(row=row_id).first()
    if card is None:
        raise NotFound("card_not_found", _("Foto KTP belum dikirim."))
    record_access(actor, f"wage_report_row:{row_id}", "identity card")
    return card.file_id
