"""Writes: register who pays. The other acts of this room are gathered here from the module of their subject."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.log import record
from lindung.core.scope import require_places
from lindung.payers.agreements import add_agreement, renew_agreement
from lindung.payers.collectives import (
    LINE_TYPES,
    add_members,
    end_member,
    record_collective_payment,
    register_agent,
    register_collective,
    withdraw_collective_payment,
)
from lindung.payers.employers import change_employer, follow_risk_groups, register_employer
from lindung.payers.minimum_wages import load_minimum_wages, set_minimum_wage
from lindung.payers.models import Payer
from lindung.payers.projects import amend_project, certify_project, register_project
from lindung.payers.units import add_contact, add_unit, end_contact

__all__ = [
    "LINE_TYPES", "add_agreement", "add_contact", "add_members", "add_unit", "amend_project", "certify_project",
    "change_employer", "end_contact", "end_member", "follow_risk_groups", "load_minimum_wages",
    "record_collective_payment", "register_agent", "register_collective", "register_employer", "register_payer",
    "register_project", "renew_agreement", "set_minimum_wage", "withdraw_collective_payment",
]  # fmt: skip

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
