"""Taking back a death that was recorded wrongly: new rows say so, and what had stopped goes on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.claims.actions.booking import book_withdrawal
from lindung.claims.finding import standing_event, why_not_withdrawn
from lindung.claims.models import EventWithdrawal, InsuredEvent
from lindung.contributions.actions import refresh_cover
from lindung.contributions.leaving import charge_again
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import InvalidInput
from lindung.core.log import record
from lindung.people.actions import correct_death

WITHDRAW = "claims.withdraw_death"
SHORTEST_REASON = 5


@dataclass(frozen=True)
class DeathCorrection:
    """What came of it: the report withdrawn (None when the death stood in no report, only in a list), its claims that
    are closed by that, and the months of contributions that are charged again."""

    person_id: int
    event_id: int | None
    claims_closed: int
    months_charged: int


def withdraw_death(actor: Actor, person_id: int, reason: str, source_ref: str = "") -> DeathCorrection:
    """Say that a recorded death did not happen, or not as recorded: the report is withdrawn with its unpaid claims,
    contributions taken back are charged again, and cover comes back. The right death can then be reported anew.

    Raises NotFound (no death stands, or outside the actor's area), InvalidInput (no reason), Conflict once a claim of
    it is paid or with the bank (PostgreSQL refuses it too)."""
    actor.require(WITHDRAW)
    reason, source_ref = reason.strip(), source_ref.strip()[:120]
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput(
            "reason_missing", _("Tulis alasannya, contoh: orangnya masih hidup, akta milik orang lain."), field="reason"
        )
    with transaction.atomic():
        corrected = correct_death(actor, person_id, None, InsuredEvent.Source.OFFICE, source_ref, reason)
        event = standing_event(person_id)
        if event is not None:
            if (problem := why_not_withdrawn(event)) is not None:
                raise problem
            _withdraw(actor, event, reason, source_ref)
            book_withdrawal(actor, event, today())
        charged = charge_again(actor, person_id)
        refresh_cover([person_id])
        result = DeathCorrection(person_id, event.pk if event else None, event.claims.count() if event else 0, charged)
        record(
            actor,
            "claims.withdraw_death",
            f"event:{event.pk}" if event else f"person:{person_id}",
            reason,
            before={"occurred_on": corrected.occurred_on.isoformat()},
            after={"claims_closed": result.claims_closed, "months_charged": charged},
        )
    return result


def _withdraw(actor: Actor, event: InsuredEvent, reason: str, source_ref: str) -> None:
    EventWithdrawal.objects.create(
        event=event,
        place_id=event.place_id,
        reason=reason,
        source_ref=source_ref,
        withdrawn_on=today(),
        withdrawn_by=actor.name,
        recorded_at=now(),
    )
