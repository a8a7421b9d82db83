"""What a report is checked and assessed against: the employer, the law of the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from lindung import law
from lindung.core.actors import Actor
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.months import last_day
from lindung.core.scope import require_payer, require_places
from lindung.payers.employer_queries import employer_on
from lindung.payers.minimum_wages import minimum_wage
from lindung.payers.models import Payer
from lindung.wages.findings import Rules

_EMPLOYER_LOCK = 7320  # first key of the advisory lock that all acts on one employer's reports take in turn


def employer_for(actor: Actor, payer_id: int) -> Payer:
    """The employer, for its own staff or an officer of its place. Raises NotFound, NotAllowed."""
    require_payer(actor, payer_id)
    payer = Payer.objects.select_related("place").filter(pk=payer_id).first()
    if payer is None:
        raise NotFound("payer_not_found", _("Pemberi kerja tidak ditemukan."), field="payer_id")
    if actor.payers is None:
        require_places(actor, [payer.place_id])
    return payer


def in_turn(payer_id: int) -> None:
    """Until the transaction ends, nobody else receives, applies or closes for this employer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_EMPLOYER_LOCK, payer_id])


def rules_for(payer: Payer, kind: str, month: date) -> Rules:
    """Read once for a whole report."""
    figures = {row["name"]: row["value"] for row in law.parameters_on(month)}
    lowest = minimum_wage(payer.place_id, month)
    return Rules(
        kind=kind,
        month=month,
        npp=payer.npp,
        minimum_wage=None if lowest is None else int(lowest.amount * 100),
        pension_age=int(figures["pension_age"]),
        wage_days=int(figures["wage_days"]),
    )


@dataclass(frozen=True)
class EmployerFacts:
    """What the law asks of an employer's month: JKK group 1 to 5, size (None: not known), programmes (None: as the law
    asks of the size)."""

    risk_group: int
    firm_size: str | None
    programmes: list[str] | None


def facts_of(payer: Payer, month: date) -> EmployerFacts:
    """As they stand on the month's last day. Raises InvalidInput when the registration lacks what the law needs."""
    row = employer_on([payer.pk], last_day(month)).row(0, named=True)
    if row["risk_group"] is None or (row["firm_size"] is None and row["programmes"] is None):
        raise InvalidInput(
            "employer_incomplete",
            _("Pendaftaran %(name)s belum lengkap: kelompok risiko JKK dan ukuran usahanya diperlukan.")
            % {"name": payer.name},
            field="payer_id",
            way_out=_("Lengkapi pada halaman perusahaan, lalu ulangi."),
        )
    return EmployerFacts(row["risk_group"], row["firm_size"], row["programmes"])
