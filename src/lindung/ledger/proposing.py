"""What one officer asks and another decides: how it is asked."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import now
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.core.log import record
from lindung.ledger.models import Proposal

_PROPOSING = (7320, 0)


@transaction.atomic
def propose(
    actor: Actor, kind: str, subject: str, content: dict[str, Any], reason: str, permission: str = "ledger.propose"
) -> Proposal:
    """Write down what is asked, with its reason. Raises NotAllowed, InvalidInput (no reason), Conflict (the same waits
    already; journals may be asked side by side)."""
    actor.require(permission)
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput("reason_missing", _("Alasan atau sumbernya harus diisi."), field="reason")
    in_turn()
    waiting = Proposal.objects.filter(kind=kind, subject=subject, verdict__isnull=True)
    if kind != Proposal.Kind.JOURNAL and waiting.exists():
        raise Conflict(
            "proposal_waiting",
            _("Usul yang sama masih menunggu petugas kedua."),
            way_out=_("Minta petugas kedua memutuskannya lebih dahulu."),
        )
    proposal = Proposal.objects.create(
        kind=kind, subject=subject, content=content, reason=reason, proposed_by_id=user_of(actor), proposed_at=now()
    )
    record(actor, f"ledger.propose_{kind}", f"ledger_proposal:{proposal.pk}", reason, after={"subject": subject})
    return proposal


def in_turn() -> None:
    """Until the transaction ends, nobody else proposes or notes a payment of JHT."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", _PROPOSING)


def user_of(actor: Actor) -> int:
    """Who answers for the act: a program cannot. Raises NotAllowed."""
    if actor.user_id is None:
        raise NotAllowed("needs_person", _("Tindakan ini harus dilakukan oleh petugas, bukan oleh sistem."))
    return actor.user_id
