"""Writes: cooperation agreements (PKS) with the branch, and their renewal."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.scope import require_payer
from lindung.payers.models import Agreement, Payer

AGREE = "payers.agree"


@transaction.atomic
def add_agreement(
    actor: Actor, payer_id: int, number: str, subject: str, starts_on: date, ends_on: date | None = None
) -> Agreement:
    """A cooperation agreement (PKS) with the branch, both days included; the same number again returns the first row.

    Raises NotAllowed, NotFound, InvalidInput, Conflict (the number belongs to another payer's agreement)."""
    actor.require(AGREE)
    require_payer(actor, payer_id)
    payer = Payer.objects.filter(pk=payer_id).first()
    if payer is None:
        raise NotFound("payer_not_found", _("Pembayar tidak ditemukan."))
    return _agreement(actor, payer, number, subject, starts_on, ends_on, None)


@transaction.atomic
def renew_agreement(
    actor: Actor, agreement_id: int, number: str, starts_on: date, ends_on: date | None = None
) -> Agreement:
    """The agreement that follows another, from the day after its last or later; the same number returns the first.

    Raises NotAllowed, NotFound, InvalidInput, Conflict (renewed already, number taken)."""
    actor.require(AGREE)
    old = Agreement.objects.select_for_update(of=("self",)).select_related("payer").filter(pk=agreement_id).first()
    if old is None:
        raise NotFound("agreement_not_found", _("Perjanjian tidak ditemukan."))
    require_payer(actor, old.payer_id)
    known = Agreement.objects.filter(renews=old).first()
    if known is not None and known.number != number.strip():
        raise Conflict(
            "agreement_renewed",
            _("Perjanjian ini sudah diperpanjang dengan nomor %(number)s.") % {"number": known.number},
            field="number", way_out=_("Perpanjang perjanjian yang terakhir."),
        )  # fmt: skip
    if old.valid.upper is None or starts_on < old.valid.upper:
        raise InvalidInput(
            "agreement_overlap", _("Perjanjian lama masih berlaku pada tanggal mulai ini."), field="starts_on",
            way_out=_("Isi hari sesudah perjanjian lama berakhir."),
        )  # fmt: skip
    return _agreement(actor, old.payer, number, old.subject, starts_on, ends_on, old)


def _agreement(
    actor: Actor, payer: Payer, number: str, subject: str, starts_on: date, ends_on: date | None, old: Agreement | None
) -> Agreement:
    if not number.strip() or len(number.strip()) > 80:
        raise InvalidInput("agreement_number", _("Nomor perjanjian belum diisi."), field="number")
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput("agreement_period", _("Tanggal akhir lebih awal dari tanggal mulai."), field="ends_on")
    agreement, is_new = Agreement.objects.get_or_create(
        number=number.strip(),
        defaults={
            "payer": payer, "subject": subject.strip()[:250], "valid": DateRange(starts_on, ends_on, "[]"),
            "renews": old,
        },
    )  # fmt: skip
    if agreement.payer_id != payer.pk or (old is not None and agreement.renews_id != old.pk):
        raise Conflict("agreement_taken", _("Nomor perjanjian ini sudah dipakai."), field="number")
    if is_new:
        after = {"agreement": agreement.pk, "renews": old.pk if old else None}
        record(actor, "payers.add_agreement", f"payer:{payer.pk}", after=after)
    return agreement
