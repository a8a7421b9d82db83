"""Writes: register who pays, and the agreements they pay under."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.scope import require_places
from lindung.payers.models import Agreement, Payer

LOWEST_RISK, HIGHEST_RISK = 1, 5  # JKK groups


@transaction.atomic
def register_payer(
    actor: Actor,
    kind: str,
    name: str,
    npp: str,
    place_id: int,
    risk_group: int | None = None,
    contact: str = "",
    phone: str = "",
) -> Payer:
    """A payer by its number (NPP); the same one again returns the first row, unchanged.

    A company needs its JKK risk group, 1 to 5 (PP 44/2015). Raises InvalidInput, NotAllowed (place outside the actor's
    area), Conflict (the number belongs to another payer)."""
    number, title = npp.strip().upper(), " ".join(name.split())
    _refuse_faulty(kind, title, number, risk_group)
    require_places(actor, [place_id])
    payer, is_new = Payer.objects.get_or_create(
        npp=number,
        defaults={
            "kind": kind,
            "name": title,
            "place_id": place_id,
            "risk_group": risk_group,
            "contact": contact.strip(),
            "phone": phone.strip(),
        },
    )
    if is_new:
        record(actor, "payers.register", f"payer:{payer.pk}", after={"kind": kind, "npp": number, "place": place_id})
    elif payer.kind != kind or payer.name.casefold() != title.casefold():
        raise Conflict(
            "npp_taken",
            _("NPP %(npp)s sudah dipakai %(name)s.") % {"npp": number, "name": payer.name},
            field="npp",
            way_out=_("Periksa kembali nomornya, atau pakai pembayar yang sudah terdaftar."),
        )
    return payer


def _refuse_faulty(kind: str, name: str, npp: str, risk_group: int | None) -> None:
    if kind not in Payer.Kind.values:
        raise InvalidInput("payer_kind", _("Jenis pembayar belum dipilih."), field="kind")
    if not name or len(name) > 150:
        raise InvalidInput("payer_name", _("Nama pembayar diisi, paling banyak 150 huruf."), field="name")
    if not npp or len(npp) > 20:
        raise InvalidInput("payer_npp", _("NPP diisi, paling banyak 20 tanda, contoh KR000001."), field="npp")
    needed = kind == Payer.Kind.COMPANY
    if (needed and risk_group is None) or (risk_group is not None and not LOWEST_RISK <= risk_group <= HIGHEST_RISK):
        raise InvalidInput(
            "risk_group",
            _("Kelompok risiko JKK perusahaan diisi 1 sampai 5."),
            field="risk_group",
            article="PP 44/2015",
        )


@transaction.atomic
def add_agreement(
    actor: Actor, payer_id: int, number: str, subject: str, starts_on: date, ends_on: date | None = None
) -> Agreement:
    """A cooperation agreement (PKS) with the branch, both days included; the same number again returns the first row.

    Raises NotFound, InvalidInput, Conflict (the number belongs to another payer's agreement)."""
    payer = Payer.objects.filter(pk=payer_id).first()
    if payer is None:
        raise NotFound("payer_not_found", _("Pembayar tidak ditemukan."))
    if not number.strip():
        raise InvalidInput("agreement_number", _("Nomor perjanjian belum diisi."), field="number")
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput("agreement_period", _("Tanggal akhir lebih awal dari tanggal mulai."), field="ends_on")
    agreement, is_new = Agreement.objects.get_or_create(
        number=number.strip(),
        defaults={"payer": payer, "subject": subject.strip(), "valid": DateRange(starts_on, ends_on, "[]")},
    )
    if agreement.payer_id != payer_id:
        raise Conflict("agreement_taken", _("Nomor perjanjian ini sudah dipakai pembayar lain."), field="number")
    if is_new:
        record(actor, "payers.add_agreement", f"payer:{payer_id}", after={"agreement": agreement.pk})
    return agreement
