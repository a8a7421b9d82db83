"""Writes: an employer's divisions, and whom to ask there."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.payers import identity
from lindung.payers.employers import CHANGE, locked_employer
from lindung.payers.models import Contact, Unit


@transaction.atomic
def add_unit(
    actor: Actor, payer_id: int, code: str, name: str, place_id: int, opened_on: date, closed_on: date | None = None
) -> Unit:
    """A division with its code; the same one again returns the first, and closes it when a day is given.

    Raises NotAllowed, NotFound, InvalidInput, Conflict (the code is another division's)."""
    actor.require(CHANGE)
    payer = locked_employer(actor, payer_id)
    short = identity.read_text(code, "code", _("Kode unit"), 10).upper().replace(" ", "")
    title = identity.read_text(name, "name", _("Nama unit"), 150)
    _check_period(opened_on, closed_on, "closed_on")
    unit, is_new = Unit.objects.get_or_create(
        payer=payer, code=short,
        defaults={"name": title, "place_id": place_id, "valid": DateRange(opened_on, closed_on, "[]")},
    )  # fmt: skip
    if unit.name.casefold() != title.casefold():
        raise Conflict(
            "unit_taken", _("Kode %(code)s sudah dipakai unit %(name)s.") % {"code": short, "name": unit.name},
            field="code", way_out=_("Pakai kode lain."),
        )  # fmt: skip
    if not is_new and closed_on is not None:
        unit.valid = DateRange(unit.valid.lower, closed_on, "[]")
        unit.save(update_fields=["valid"])
    record(actor, "payers.add_unit", f"payer:{payer_id}", after={"unit": short, "closed": str(closed_on or "")})
    return unit


@transaction.atomic
def add_contact(
    actor: Actor,
    payer_id: int,
    name: str,
    role: str,
    phone: str,
    email: str,
    from_day: date,
    unit_id: int | None = None,
) -> Contact:
    """Whom to ask; somebody who already has this role gets the new telephone and address.

    Raises NotAllowed, NotFound, InvalidInput."""
    actor.require(CHANGE)
    payer = locked_employer(actor, payer_id)
    if role not in Contact.Role.values:
        raise InvalidInput("contact_role", _("Pilih bidang kontak."), field="role")
    number, address = identity.read_phone(phone), identity.read_email(email)
    if not number and not address:
        raise InvalidInput("no_way_to_reach", _("Isi nomor telepon, surel, atau keduanya."), field="phone")
    if unit_id is not None and not Unit.objects.filter(pk=unit_id, payer=payer).exists():
        raise NotFound("unit_not_found", _("Unit tidak ditemukan pada pemberi kerja ini."), field="unit_id")
    who = identity.read_text(name, "name", _("Nama kontak"), 150)
    contact, is_new = Contact.objects.update_or_create(
        payer=payer, name=who, role=role, valid__contains=from_day,
        defaults={"phone": number, "email": address, "unit_id": unit_id},
        create_defaults={
            "payer": payer, "name": who, "role": role, "phone": number, "email": address, "unit_id": unit_id,
            "valid": DateRange(from_day, None),
        },
    )  # fmt: skip
    record(actor, "payers.add_contact", f"payer:{payer_id}", after={"contact": contact.pk, "new": is_new})
    return contact


@transaction.atomic
def end_contact(actor: Actor, payer_id: int, contact_id: int, last_day: date) -> None:
    """Somebody is no longer the contact after this day. Raises NotAllowed, NotFound, InvalidInput."""
    actor.require(CHANGE)
    locked_employer(actor, payer_id)
    contact = Contact.objects.filter(pk=contact_id, payer_id=payer_id).first()
    if contact is None:
        raise NotFound("contact_not_found", _("Kontak tidak ditemukan."))
    _check_period(contact.valid.lower, last_day, "last_day")
    contact.valid = DateRange(contact.valid.lower, last_day, "[]")
    contact.save(update_fields=["valid"])
    record(actor, "payers.end_contact", f"payer:{payer_id}", after={"contact": contact_id})


def _check_period(first: date, last: date | None, field_name: str) -> None:
    if last is not None and last < first:
        raise InvalidInput("period", _("Tanggal akhir lebih awal dari tanggal mulai."), field=field_name)
