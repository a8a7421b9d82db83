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
from lindung.core.log import record
from lindung.core.scope import require_payer

JUDGE, OBJECT = "compliance.judge", "compliance.object"
_LOCK_ONE = 7321
_DECISIONS = (FindingEvent.What.CONFIRMED, FindingEvent.What.REFUTED, FindingEvent.What.RESOLVED)
_MAY = {
    FindingEvent.What.CONFIRMED: ("open",),
    FindingEvent.What.REFUTED: ("open", "confirmed"),
    FindingEvent.What.RESOLVED: ("open", "confirmed"),
    FindingEvent.What.OBJECTION: ("open", "confirmed"),
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
def object_to(actor: Actor, finding_id: int, reason: str) -> FindingEvent:
    """Write down the company's own word on a finding; an officer reads it before deciding. The company's staff may do
    this for their own company. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
    actor.require(OBJECT)
    officer(actor)
    reason = need_reason(reason)
    finding = Finding.objects.filter(pk=finding_id).only("payer_id").first()
    if finding is None:
        raise _not_found()
    if finding.payer_id is not None:
        require_payer(actor, finding.payer_id)
    with acting_as(on_behalf(actor) if actor.payers is not None else actor):
        event = _follow(actor, finding_id, FindingEvent.What.OBJECTION, reason)
        record(actor, "compliance.objection", f"finding:{finding_id}", reason)
    return event


def _not_found() -> NotFound:
    return NotFound("finding_not_found", _("Temuan tidak ditemukan."))


def _follow(actor: Actor, finding_id: int, what: str, reason: str) -> FindingEvent:
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
        reason=reason, recorded_by=actor.name, recorded_at=now(),
    )  # fmt: skip
