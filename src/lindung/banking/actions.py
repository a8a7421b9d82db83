"""The writes of this room that officers do: agreeing with a bank, changing its key or secret, shutting it out.

What banks themselves write is in `booking`."""

from __future__ import annotations

import re
import secrets
from ipaddress import ip_network

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.banking.models import BankPartner
from lindung.banking.signature import SMALLEST_KEY_BITS, public_key
from lindung.core.actors import Actor
from lindung.core.crypto import encrypt_text
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record

MANAGE = "banking.manage"


@transaction.atomic
def add_partner(
    actor: Actor,
    name: str,
    service_id: str,
    public_pem: str,
    *,
    client_id: str = "",
    partner_code: str = "",
    open_amount: bool = False,
    days_after_due: int | None = None,
    allowed_addresses: list[str] | None = None,
) -> tuple[BankPartner, str]:
    """A bank that may collect for us, and the client secret to hand to it: shown this once, kept encrypted.

    Raises InvalidInput, Conflict."""
    actor.require(MANAGE)
    name, service_id = name.strip(), service_id.strip()
    _check(name, service_id, public_pem, days_after_due)
    clash = BankPartner.objects.filter(name=name) | BankPartner.objects.filter(service_id=service_id)
    if clash.exists():
        raise Conflict(
            "bank_exists",
            _("Bank dengan nama atau kode layanan ini sudah ada."),
            field="service_id",
            way_out=_("Pakai kode layanan lain, atau ubah bank yang ada."),
        )
    secret = secrets.token_urlsafe(32)
    partner = BankPartner.objects.create(
        name=name,
        client_id=client_id.strip() or secrets.token_hex(16),
        partner_code=partner_code.strip() or service_id,
        service_id=service_id,
        public_key=public_pem,
        secret=encrypt_text(secret),
        amounts=BankPartner.Amounts.OPEN if open_amount else BankPartner.Amounts.CLOSED,
        days_after_due=days_after_due,
        allowed_addresses=_networks(allowed_addresses or []),
    )
    record(actor, "banking.add_partner", f"bank:{partner.pk}", after={"name": name, "service_id": service_id})
    return partner, secret


@transaction.atomic
def renew_secret(actor: Actor, partner_id: int, public_pem: str = "") -> str:
    """A new client secret, and a new key if one is given; the old ones and all tokens are worthless at once (within
    seconds in a server that runs). Raises NotFound, InvalidInput."""
    actor.require(MANAGE)
    partner = _partner(partner_id)
    if public_pem:
        _check_key(public_pem)
        partner.public_key = public_pem
    secret = secrets.token_urlsafe(32)
    partner.secret = encrypt_text(secret)
    partner.save(update_fields=["secret", "public_key"])
    partner.tokens.all().delete()
    record(actor, "banking.renew_secret", f"bank:{partner.pk}", after={"new_key": bool(public_pem)})
    return secret


@transaction.atomic
def set_active(actor: Actor, partner_id: int, active: bool, reason: str) -> BankPartner:
    """Shut a bank out, or let it in again. Said twice, it changes nothing. Raises NotFound, InvalidInput."""
    actor.require(MANAGE)
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Alasan harus diisi, contoh: perjanjian berakhir."), field="reason")
    partner = _partner(partner_id)
    if partner.active != active:
        partner.active = active
        partner.save(update_fields=["active"])
        if not active:
            partner.tokens.all().delete()
        record(actor, "banking.set_active", f"bank:{partner.pk}", reason, after={"active": active})
    return partner


def _partner(partner_id: int) -> BankPartner:
    partner = BankPartner.objects.select_for_update().filter(pk=partner_id).first()
    if partner is None:
        raise NotFound("bank_not_found", _("Bank tidak ditemukan."))
    return partner


def _check(name: str, service_id: str, public_pem: str, days_after_due: int | None) -> None:
    if not name or len(name) > 80:
        raise InvalidInput("name_missing", _("Nama bank harus diisi, paling panjang 80 huruf."), field="name")
    if not re.fullmatch(r"[0-9]{1,8}", service_id):
        raise InvalidInput(
            "service_id_format",
            _("Kode layanan (partnerServiceId) terdiri dari 1 sampai 8 angka, contoh 88899."),
            field="service_id",
        )
    if days_after_due is not None and not 0 <= days_after_due <= 366:
        raise InvalidInput(
            "days_after_due_range", _("Masa berlaku sesudah jatuh tempo: 0 sampai 366 hari."), field="days_after_due"
        )
    _check_key(public_pem)


def _check_key(public_pem: str) -> None:
    try:
        public_key(public_pem)
    except ValueError as error:
        raise InvalidInput(
            "public_key_format",
            _("Kunci publik bank harus RSA paling kecil %(bits)s bit dalam bentuk PEM.") % {"bits": SMALLEST_KEY_BITS},
            field="public_key",
            way_out=_("Minta bank mengirim berkas .pem yang diawali «-----BEGIN PUBLIC KEY-----»."),
        ) from error


def _networks(addresses: list[str]) -> list[str]:
    try:
        return [str(ip_network(address.strip())) for address in addresses]
    except ValueError as error:
        raise InvalidInput(
            "address_format",
            _("Alamat jaringan tidak dapat dibaca. Contoh: 203.0.113.0/28 atau 203.0.113.7."),
            field="allowed_addresses",
        ) from error
