"""What people decide about a finding: confirm, refute, resolve; and what the company says to it."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.compliance.finding import LOCK_FIND, RUNS
from lindung.compliance.ladder import need_reason, officer
from lindung.compliance.models import Finding, FindingEvent, FindingStanding
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.files import document_type, store_file
from lindung.core.log import record
from lindung.core.models import StoredFile
from lindung.core.scope import require_payer

JUDGE, OBJECT, OWN = "compliance.judge", "compliance.object", "compliance.own"
ACCEPTED = "Kami terima dan perbaiki."  # what a company says that adds no words of its own
_LOCK_ONE = 7321
_DECISIONS = (FindingEvent.What.CONFIRMED, FindingEvent.What.REFUTED, FindingEvent.What.RESOLVED)
_MAY = {
    FindingEvent.What.CONFIRMED: ("open",),
    FindingEvent.What.REFUTED: ("open", "confirmed"),
    FindingEvent.What.RESOLVED: ("open", "confirmed"),
    FindingEvent.What.OBJECTION: ("open", "confirmed"),
    FindingEvent.What.ACCEPTED: ("open", "confirmed"),
}


@transaction.atomic
def judge_finding(actor: Actor, finding_id: int, outcome: str, reason: str) -> FindingEvent:
    """Confirm, refute or resolve a finding, with the reason; the same outcome twice is once.

    Raises NotAllowed, NotFound, InvalidInput, Conflict (the finding's state does not allow it)."""
    actor.require(JUDGE)
    officer(actor)
    reason = need_reason(reason)
    if outcome not in _DECISIONS:
        raise InvalidInput("outcome", _("Pilih: benar, disangkal, atau selesai."), field="outcome")
    event = _follow(actor, finding_id, outcome, reason)
    record(
        actor, f"compliance.{outcome}", f"finding:{finding_id}", reason, after={"people": event.people}
    )  # fmt: skip
    return event


@transaction.atomic
def object_to(actor: Actor, finding_id: int, reason: str, proof: tuple[str, bytes] | None = None) -> FindingEvent:
    """Write down the company's own word on a finding, with a paper (name, content) that shows it; an officer reads both
    before deciding. The company's staff may do this for their own company. No deadline stops by it.

    Raises NotAllowed, NotFound, InvalidInput (no reason; no PDF or picture), Conflict."""
    return _answer(actor, finding_id, FindingEvent.What.OBJECTION, need_reason(reason), proof)


@transaction.atomic
def accept_finding(actor: Actor, finding_id: int, words: str = "") -> FindingEvent:
    """The company agrees with a finding and says that it will mend it; it stays open until an officer, or the next
    comparison, finds it mended. Raises NotAllowed, NotFound, Conflict."""
    return _answer(actor, finding_id, FindingEvent.What.ACCEPTED, words.strip()[:500] or ACCEPTED, None)


def _answer(
    actor: Actor, finding_id: int, what: FindingEvent.What, reason: str, proof: tuple[str, bytes] | None
) -> FindingEvent:
    """What the company answers, told by its own staff or written down by an officer."""
    actor.require(OBJECT if actor.payers is None else OWN)
    officer(actor)
    finding = Finding.objects.filter(pk=finding_id).only("payer_id").first()
    if finding is None:
        raise _not_found()
    if finding.payer_id is not None:
        require_payer(actor, finding.payer_id)
    media_type = document_type(proof[1]) if proof else ""
    with acting_as(on_behalf(actor) if actor.payers is not None else actor):
        file = store_file(actor, *proof, media_type) if proof else None
        event = _follow(actor, finding_id, what, reason, file)
        record(actor, f"compliance.{what}", f"finding:{finding_id}", reason)
    return event


def _not_found() -> NotFound:
    return NotFound("finding_not_found", _("Temuan tidak ditemukan."))


def _follow(actor: Actor, finding_id: int, what: str, reason: str, file: StoredFile | None = None) -> FindingEvent:
    """The next event of a finding, with the figures as they stand."""
    with connection.cursor() as cursor:  # beside other decisions, but not beside a run
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK_FIND, RUNS])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [_LOCK_ONE, finding_id])
    if not Finding.objects.filter(pk=finding_id).exists():
        raise _not_found()
    standing = FindingStanding.objects.get(pk=finding_id)
    last = FindingEvent.objects.get(finding_id=finding_id, number=standing.number)
    if last.what == what and last.reason == reason:
        return last
    if standing.state not in _MAY[FindingEvent.What(what)]:
        raise Conflict(
            "finding_state",
            _("Temuan ini sudah ditutup atau sudah diputuskan demikian."),
            way_out=_("Buka kembali halamannya untuk melihat keadaan terbaru."),
        )
    return FindingEvent.objects.create(
        finding_id=finding_id, number=standing.number + 1, what=what, dated=today(), people=last.people,
        ours=last.ours, theirs=last.theirs, source=last.source, source_date=last.source_date, detail=last.detail,
        reason=reason, file=file, recorded_by=actor.name, recorded_at=now(),
    )  # fmt: skip
