"""Finding claims and deaths, and what the acts of this room have in common."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from lindung.claims.models import Claim, EventWithdrawal, InsuredEvent, Payout
from lindung.core.actors import Actor
from lindung.core.errors import Conflict, NotAllowed, NotFound

_LOCK_CLASS = 7317


def lock_claim(claim_id: int) -> None:
    """One act at a time on a claim. Rows of append-only tables cannot be locked, so an advisory lock stands in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, claim_id])


def find_claim(claim_id: int) -> Claim:
    """Raises NotFound, also outside the actor's scope."""
    claim = Claim.objects.select_related("event__person").filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("claim_not_found", _("Klaim tidak ditemukan."))
    return claim


def find_event(event_id: int) -> InsuredEvent:
    """Raises NotFound, also outside the actor's scope."""
    event = InsuredEvent.objects.select_related("person").filter(pk=event_id).first()
    if event is None:
        raise NotFound("event_not_found", _("Laporan kematian tidak ditemukan."))
    return event


def standing_event(person_id: int) -> InsuredEvent | None:
    """The report of a person's death that was not withdrawn."""
    return InsuredEvent.objects.filter(person_id=person_id, withdrawal__isnull=True).first()


def why_not_withdrawn(event: InsuredEvent) -> Conflict | None:
    """What forbids to withdraw a death: money of a claim of it is with the heirs or with the bank."""
    payout = Payout.objects.filter(decision__claim__event=event).select_related("batch").first()
    if payout is None:
        return None
    return Conflict(
        "death_claim_paid",
        _("Santunan kematian ini sudah dibayar atau sudah masuk daftar bayar %(number)s.")
        % {"number": payout.batch.number},
        way_out=_("Sampaikan kepada kantor cabang: uangnya harus diselesaikan lebih dahulu."),
    )


def require_standing(event: InsuredEvent) -> None:
    """Raises Conflict when the death was withdrawn: nothing more is done about it."""
    withdrawal = EventWithdrawal.objects.filter(pk=event.pk).first()
    if withdrawal is not None:
        raise Conflict(
            "death_withdrawn",
            _("Laporan kematian ini sudah dicabut pada %(date)s: %(reason)s")
            % {"date": f"{withdrawal.withdrawn_on:%d-%m-%Y}", "reason": withdrawal.reason},
            way_out=_("Bila orangnya benar meninggal, laporkan kematiannya lagi dengan akta kematian."),
            event_id=event.pk,
        )


def person_of_flesh(actor: Actor) -> int:
    """The id of the user who acts: decisions about money are made by people. Raises NotAllowed for programs."""
    if actor.user_id is None:
        raise NotAllowed("needs_person", _("Tindakan ini harus dilakukan oleh petugas, bukan oleh sistem."))
    return actor.user_id
