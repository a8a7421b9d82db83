"""Reads for a company's own staff: what was found about it, with the story, and the letters that were sent to it.

PostgreSQL shows them their own company's rows and no others; nothing here asks on anybody's behalf but for a letter's
file, once the letter is known to be theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from lindung.compliance.queries.findings import FindingDetail, FindingRow, story_of
from lindung.compliance.queries.ladder import letter
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.errors import NotFound
from lindung.core.scope import require_payer

_FINDINGS = """
SELECT s.finding_id, s.kind, s.state, y.name, s.payer_id, v.name, s.people, s.ours, s.theirs, s.source, s.source_date,
       s.objected, f.found_on, NULL::date
  FROM compliance_findingstanding s
  JOIN compliance_finding f ON f.id = s.finding_id
  JOIN payers_payer y ON y.id = s.payer_id
  JOIN places_place v ON v.key = s.place_id
 WHERE s.payer_id = %(payer)s AND s.person_id IS NULL
"""


def own_findings(actor: Actor, payer_id: int) -> list[FindingRow]:
    """What was found about a company: what stands first, then what is closed, the newest first. Raises NotFound."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_FINDINGS} ORDER BY s.state NOT IN ('open', 'confirmed'), f.found_on DESC, s.finding_id DESC LIMIT 500",
            {"payer": payer_id},
        )
        return [FindingRow(*row) for row in cursor.fetchall()]


def own_finding(actor: Actor, payer_id: int, finding_id: int) -> FindingDetail:
    """One finding about a company, with its story. Raises NotFound."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_FINDINGS} AND s.finding_id = %(finding)s", {"payer": payer_id, "finding": finding_id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("finding_not_found", _("Temuan tidak ditemukan."))
    nobody, contact, address = None, "", ""
    return FindingDetail(*(*row, nobody, contact, address, story_of(finding_id)))


@dataclass(frozen=True)
class OwnLetter:
    """A letter that was sent to a company about its arrears, and the last day to answer it."""

    step_id: int
    kind: str
    number: str
    amount: int
    sent_on: date
    deadline_on: date
    closed: bool


_LETTERS = """
SELECT s.id, s.kind, s.number, s.amount, g.sent_on, g.deadline_on, x.case_id IS NOT NULL
  FROM compliance_ladderstep s
  JOIN compliance_arrearscase c ON c.id = s.case_id
  JOIN compliance_stepsending g ON g.step_id = s.id
  LEFT JOIN compliance_caseclosure x ON x.case_id = c.id
 WHERE c.payer_id = %(payer)s
"""


def own_letters(actor: Actor, payer_id: int) -> list[OwnLetter]:
    """The letters that were sent, the newest first; what is still a draft is not shown. Raises NotFound."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_LETTERS} ORDER BY g.sent_on DESC, s.id DESC", {"payer": payer_id})
        return [OwnLetter(*row) for row in cursor.fetchall()]


def own_letter(actor: Actor, payer_id: int, step_id: int) -> tuple[str, bytes]:
    """A letter that was sent: file name and PDF. Raises NotFound."""
    require_payer(actor, payer_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_LETTERS} AND s.id = %(step)s", {"payer": payer_id, "step": step_id})
        if cursor.fetchone() is None:
            raise NotFound("step_not_found", _("Surat penagihan tidak ditemukan."))
    with acting_as(on_behalf(actor)):
        return letter(step_id)
