"""Who is calling: access tokens and the signatures of banks.

A partner and its token are remembered for a few seconds in each server process, so that a stream of payments does not
ask the database for them again and again; a bank that is shut out is refused by the booking itself at once."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from threading import Lock

from lindung.banking.codes import Case, SnapError
from lindung.banking.messages import bank_day, read_time, utc_now
from lindung.banking.models import BankPartner, BankToken
from lindung.banking.signature import body_digest, fits_key, fits_secret, token_string, transaction_string
from lindung.core.crypto import decrypt_text
from lindung.core.limits import Window

TOKEN_SECONDS = 900  # the standard's quarter of an hour
SKEW = timedelta(minutes=5)  # how far a bank's clock may differ from ours
REMEMBER_SECONDS = 5.0
MOST_REMEMBERED = 1000
REFUSED = Window(60, 60)  # messages of one address a minute that proved nothing

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Partner:
    """What the path of a payment needs to know of a bank."""

    pk: int
    name: str
    client_id: str
    partner_code: str
    service_id: str
    secret: str
    open_amount: bool
    networks: tuple[Network, ...]

    def may_call_from(self, address: str) -> bool:
        """Whether the address lies in the bank's networks; without any, all do."""
        if not self.networks:
            return True
        try:
            there = ip_address(address)
        except ValueError:
            return False
        return any(there in network for network in self.networks)


@dataclass(frozen=True)
class Headers:
    """The headers of a request, as they came; empty where one is missing."""

    authorization: str
    client_key: str
    timestamp: str
    signature: str
    partner: str
    external: str
    channel: str
    address: str


@dataclass(frozen=True)
class Caller:
    """A bank that proved who it is, and the numbering of its message."""

    partner: Partner
    external_id: str
    channel: str
    digest: str  # of the minified body
    moment: datetime

    @property
    def day(self) -> str:
        return bank_day(self.moment).isoformat()


def token_digest(token: str) -> str:
    """What is kept of an access token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(headers: Headers) -> str:
    """A new access token for the bank whose key signed. Raises SnapError; does not tell an unknown bank from a wrong
    signature of a known one."""
    _refuse_if_full(headers.address)
    _require(headers.client_key, "X-CLIENT-KEY", 64)
    _check_time(headers)
    _require(headers.signature, "X-SIGNATURE", 2048)
    bank = BankPartner.objects.filter(client_id=headers.client_key, active=True).first()
    signed = token_string(headers.client_key, headers.timestamp)
    if bank is None or not fits_key(bank.public_key, signed, headers.signature):
        raise SnapError(Case.UNAUTHORIZED, "Signature")
    if not _snapshot(bank).may_call_from(headers.address):
        raise SnapError(Case.UNAUTHORIZED, "Connection not allowed")
    token, now = secrets.token_urlsafe(32), utc_now()
    BankToken.objects.filter(partner=bank, expires_at__lt=now).delete()
    BankToken.objects.create(
        partner=bank, digest=token_digest(token), expires_at=now + timedelta(seconds=TOKEN_SECONDS)
    )
    return token


def caller_of(headers: Headers, method: str, path: str, body: bytes) -> Caller:
    """The bank that sent this. Raises SnapError: first for the token, then for the time, then for the signature, then
    for the other headers, so that a stranger learns nothing."""
    scheme, _, token = headers.authorization.partition(" ")
    partner = _partner_of(token.strip(), headers.address) if scheme.lower() == "bearer" else None
    if partner is None:
        raise SnapError(Case.INVALID_TOKEN)
    moment = _check_time(headers)
    _require(headers.signature, "X-SIGNATURE", 2048)
    digest = body_digest(body)
    signed = transaction_string(method, path, token.strip(), digest, headers.timestamp)
    if not fits_secret(partner.secret, signed, headers.signature):
        raise SnapError(Case.UNAUTHORIZED, "Signature")
    if not partner.may_call_from(headers.address):
        raise SnapError(Case.UNAUTHORIZED, "Connection not allowed")
    if _require(headers.partner, "X-PARTNER-ID", 36) != partner.partner_code:
        raise SnapError(Case.UNAUTHORIZED, "Unknown client")
    external = _require(headers.external, "X-EXTERNAL-ID", 36)
    if not (external.isascii() and external.isdigit()):
        raise SnapError(Case.FIELD_FORMAT, "X-EXTERNAL-ID")
    channel = _require(headers.channel, "CHANNEL-ID", 5)
    if not (channel.isascii() and channel.isalnum()):
        raise SnapError(Case.FIELD_FORMAT, "CHANNEL-ID")
    return Caller(partner, external, channel, digest, moment)


def _require(text: str, header: str, longest: int) -> str:
    if not text:
        raise SnapError(Case.FIELD_MISSING, header)
    if len(text) > longest:
        raise SnapError(Case.FIELD_FORMAT, header)
    return text


def _check_time(headers: Headers) -> datetime:
    """A signature is good for minutes only, so that an old message cannot be played again."""
    moment = read_time(_require(headers.timestamp, "X-TIMESTAMP", 35), "X-TIMESTAMP")
    if abs(utc_now() - moment) > SKEW:
        raise SnapError(Case.UNAUTHORIZED, "Timestamp")
    return moment


_remembered: dict[str, tuple[float, Partner]] = {}
_lock = Lock()


def forget() -> None:
    """Ask the database again from now on, in this process."""
    with _lock:
        _remembered.clear()


def _partner_of(token: str, address: str) -> Partner | None:
    """The active bank that holds this token, while it lasts. Raises SnapError for an address that offers too many
    tokens unknown to us; one that we know is let through, so that nobody can shut a bank out."""
    digest, now = token_digest(token), time.monotonic()
    known = _remembered.get(digest)
    if known and known[0] > now:
        return known[1]
    if not known:
        _refuse_if_full(address)
    found = BankToken.objects.select_related("partner").filter(digest=digest, partner__active=True).first()
    seconds_left = (found.expires_at - utc_now()).total_seconds() if found else 0
    if found is None or seconds_left <= 0:
        _remembered.pop(digest, None)
        return None
    partner = _snapshot(found.partner)
    with _lock:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        _remembered[digest] = (now + min(seconds_left, REMEMBER_SECONDS), partner)
    return partner


def _refuse_if_full(address: str) -> None:
    if REFUSED.full(address):
        raise SnapError(Case.TOO_MANY)


def _snapshot(bank: BankPartner) -> Partner:
    return Partner(
        pk=bank.pk,
        name=bank.name,
        client_id=bank.client_id,
        partner_code=bank.partner_code,
        service_id=bank.service_id,
        secret=decrypt_text(bank.secret),
        open_amount=bank.amounts == BankPartner.Amounts.OPEN,
        networks=tuple(ip_network(text) for text in bank.allowed_addresses),
    )
