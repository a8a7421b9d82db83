"""Reads: payers and their agreements. What others ask of employers is gathered here from its own module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lindung.core.errors import NotFound
from lindung.payers.employer_queries import employer_on
from lindung.payers.minimum_wages import minimum_wage, minimum_wages_on
from lindung.payers.models import Agreement, Payer

__all__ = [
    "AgreementRow", "PayerDetail", "PayerRow", "employer_on", "minimum_wage", "minimum_wages_on", "payer", "payers",
]  # fmt: skip


@dataclass(frozen=True)
class PayerRow:
    """A payer in a list. `risk_group` is the JKK group of a company, 1 to 5."""

    id: int
    kind: str
    name: str
    npp: str
    place_id: int
    place: str
    risk_group: int | None


@dataclass(frozen=True)
class AgreementRow:
    """A cooperation agreement, from its first to its last day (None: open)."""

    id: int
    number: str
    subject: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class PayerDetail(PayerRow):
    """A payer with whom to ask, and the agreements, latest first."""

    contact: str
    phone: str
    agreements: list[AgreementRow]


_FIELDS = ("id", "kind", "name", "npp", "place_id", "place__name", "risk_group")


def payers(kind: str = "", text: str = "", most: int = 200) -> list[PayerRow]:
    """Payers by name; of one kind, or whose name or NPP contains the text."""
    rows = Payer.objects.order_by("name", "id")
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(npp__icontains=text)
    return [PayerRow(*row) for row in rows.values_list(*_FIELDS)[:most]]


def payer(payer_id: int) -> PayerDetail:
    """One payer. Raises NotFound."""
    row = Payer.objects.select_related("place").filter(pk=payer_id).first()
    if row is None:
        raise NotFound("payer_not_found", _("Pembayar tidak ditemukan."))
    return PayerDetail(
        id=row.pk, kind=row.kind, name=row.name, npp=row.npp, place_id=row.place_id, place=row.place.name,
        risk_group=row.risk_group, contact=row.contact, phone=row.phone, agreements=_agreements(payer_id),
    )  # fmt: skip


def _agreements(payer_id: int) -> list[AgreementRow]:
    rows = Agreement.objects.filter(payer_id=payer_id).order_by("-valid", "-id")
    return [AgreementRow(row.pk, row.number, row.subject, row.valid.lower, _last_day(row.valid.upper)) for row in rows]


def _last_day(upper: date | None) -> date | None:
    """PostgreSQL keeps the day after the last."""
    return upper - timedelta(days=1) if upper else None
