"""Reads: employers as lists, as one page, and as a frame for assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import fetch_frame
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.months import month_of
from lindung.core.scope import require_payer
from lindung.core.ui.listing import ListQuery, Page
from lindung.payers import legal
from lindung.payers.identity import show_npwp
from lindung.payers.kbli import division_of
from lindung.payers.keeping import standing_on
from lindung.payers.models import (
    Agreement,
    Contact,
    EmployerActivity,
    EmployerChange,
    EmployerProgrammes,
    EmployerScale,
    Payer,
    Unit,
)
from lindung.places.dataset import last_key

EXPIRY_NOTICE = timedelta(days=60)  # how long before its end an agreement asks for renewal

# What holds of a payer on a day; one row of each at most (exclusion constraints).
_ON_DAY = """
  LEFT JOIN payers_employer e ON e.payer_id = p.id
  LEFT JOIN payers_employeractivity a ON a.payer_id = p.id AND a.superseded_at IS NULL AND a.valid @> %(on)s
  LEFT JOIN payers_employerscale s ON s.payer_id = p.id AND s.superseded_at IS NULL AND s.valid @> %(on)s
  LEFT JOIN payers_employerprogrammes c ON c.payer_id = p.id AND c.superseded_at IS NULL AND c.valid @> %(on)s
"""
_SIZE = "coalesce(s.firm_size, CASE WHEN p.kind IN ('regency', 'village') THEN 'state' END)"
ON_DAY_TYPES = {
    "payer_id": pl.Int64, "kind": pl.String, "is_state": pl.Boolean, "place_id": pl.Int64, "risk_group": pl.Int16,
    "firm_size": pl.String, "programmes": pl.List(pl.String), "workers": pl.Int32, "joined_on": pl.Date,
}  # fmt: skip


def employer_on(payer_ids: Sequence[int] | None, on: date) -> pl.DataFrame:
    """What assessment needs to know of payers (all when None) on a day, one statement: `payer_id`, `kind`, `is_state`,
    `place_id`, `risk_group`, `firm_size`, `programmes`, `workers` (declared), `joined_on`, by payer.

    `programmes` is null where the law's own list for the size holds, and a list only where the employer's differs.
    `risk_group` and `firm_size` are null where nobody has recorded them."""
    wanted = "" if payer_ids is None else "WHERE p.id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, p.kind, p.kind IN ('regency', 'village'), p.place_id, coalesce(a.risk_group, p.risk_group),"
            f" {_SIZE}, c.programmes, s.workers, e.joined_on FROM payers_payer p {_ON_DAY} {wanted} ORDER BY p.id",
            {"on": on, "ids": list(payer_ids or ())},
        )
        return fetch_frame(cursor, ON_DAY_TYPES)


@dataclass(frozen=True)
class EmployerRow:
    """An employer in a list. `standing`: complete, partial (a required programme is not taken), unknown (no size)."""

    id: int
    name: str
    npp: str
    nib: str | None
    place_id: int
    place: str
    risk_group: int | None
    firm_size: str | None
    workers: int | None
    joined_on: date
    standing: str
    agreement_ends_on: date | None

    @property
    def is_provisional(self) -> bool:
        """Whether the branch has not given its number yet."""
        return self.nib is not None and self.npp == f"NIB{self.nib}"


_STANDING = f"""CASE WHEN {_SIZE} IS NULL THEN 'unknown' WHEN c.programmes IS NULL THEN 'complete'
  WHEN c.programmes @> CASE {_SIZE} WHEN 'micro' THEN %(micro)s::varchar[] WHEN 'small' THEN %(small)s::varchar[]
       WHEN 'medium' THEN %(medium)s::varchar[] WHEN 'large' THEN %(large)s::varchar[] ELSE %(state)s::varchar[] END
  THEN 'complete' ELSE 'partial' END"""
_LAST_AGREEMENT = (
    "(SELECT CASE WHEN bool_or(upper_inf(g.valid)) THEN NULL ELSE max(upper(g.valid)) - 1 END"
    " FROM payers_agreement g WHERE g.payer_id = p.id)"
)
_ROW = f"""SELECT p.id, p.name, p.npp, e.nib, p.place_id, v.name, coalesce(a.risk_group, p.risk_group), {_SIZE},
  s.workers, e.joined_on, {_STANDING}, {_LAST_AGREEMENT}
  FROM payers_payer p {_ON_DAY} JOIN places_place v ON v.key = p.place_id"""
_SORTS = {"name": "p.name", "workers": "s.workers", "joined_on": "e.joined_on"}


def employers(query: ListQuery) -> Page:
    """One page of employers. Filters: size, standing, place (a district's key), number; search: name, NPP, NIB."""
    terms = ["e.payer_id IS NOT NULL"]
    values = _values(today()) | {"limit": query.limit, "offset": query.offset}
    if query.search:
        digits = "".join(mark for mark in query.search if mark.isdigit())
        terms.append("(p.name ILIKE %(text)s OR p.npp ILIKE %(text)s OR e.nib = %(digits)s)")
        values |= {"text": f"%{_plain(query.search)}%", "digits": digits}
    if size := query.filters.get("size"):
        terms.append(f"{_SIZE} = %(size)s")
        values["size"] = size
    if standing := query.filters.get("standing"):
        terms.append(f"{_STANDING} = %(standing)s")
        values["standing"] = standing
    if place := query.filters.get("place"):
        terms.append("p.place_id BETWEEN %(first)s AND %(last)s")
        values |= {"first": int(place), "last": last_key(int(place))}
    if number := query.filters.get("number"):
        terms.append("p.npp LIKE 'NIB%%'" if number == "waiting" else "p.npp NOT LIKE 'NIB%%'")
    order = query.order_sql(_SORTS, "p.name, p.id")
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values)
        return Page.of([EmployerRow(*row) for row in cursor.fetchall()], query)


def _values(on: date) -> dict[str, Any]:
    required = legal.required_by_size(month_of(on))
    return {"on": on} | {size: list(required.get(size, ())) for size in legal.SIZES}


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class UnitRow:
    """A division; `ends_on` is its last day."""

    id: int
    code: str
    name: str
    place: str
    ends_on: date | None


@dataclass(frozen=True)
class ContactRow:
    """Whom to ask."""

    id: int
    name: str
    role: str
    unit: str
    phone: str
    email: str


@dataclass(frozen=True)
class AgreementState:
    """An agreement with its state: running, ending (asks for renewal), ended, renewed, coming."""

    id: int
    number: str
    subject: str
    starts_on: date
    ends_on: date | None
    state: str
    days_left: int | None


@dataclass(frozen=True)
class Past:
    """Something recorded of an employer: the period it was said of, by whom, why; `superseded` when it no longer
    stands."""

    recorded_at: datetime
    part: str
    facts: dict[str, Any]
    starts_on: date
    ends_on: date | None
    source: str
    reason: str
    recorded_by: str
    superseded: bool


@dataclass(frozen=True)
class EmployerDetail:
    """All that is known of an employer today. `npwp` is as shown."""

    row: EmployerRow
    kind: str
    npwp: str
    owner: str
    email: str
    phone: str
    address: str
    registered_by: str
    activity: EmployerActivity | None
    scale: EmployerScale | None
    required: tuple[str, ...]
    chosen: tuple[str, ...] | None
    units: list[UnitRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    agreements: list[AgreementState] = field(default_factory=list)

    @property
    def programmes(self) -> tuple[str, ...]:
        """Those taken."""
        return self.chosen if self.chosen is not None else self.required

    @property
    def missing(self) -> tuple[str, ...]:
        """Required and not taken."""
        return tuple(programme for programme in self.required if programme not in self.programmes)

    @property
    def kbli(self) -> list[tuple[str, str]]:
        """Codes with the names of their divisions."""
        return [(code, division_of(code)) for code in (self.activity.kbli if self.activity else ())]


def employer(actor: Actor, payer_id: int) -> EmployerDetail:
    """One employer as of today. Raises NotFound."""
    require_payer(actor, payer_id)
    day = today()
    payer = Payer.objects.select_related("employer").filter(pk=payer_id, employer__isnull=False).first()
    if payer is None:
        raise NotFound("employer_not_found", _("Pemberi kerja tidak ditemukan."))
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE p.id = %(id)s", _values(day) | {"id": payer_id})
        row = EmployerRow(*cursor.fetchone())
    subject = {"payer": payer}
    choice = standing_on(EmployerProgrammes, subject, day)
    return EmployerDetail(
        row=row, kind=payer.kind, npwp=show_npwp(payer.employer.npwp), owner=payer.employer.owner,
        email=payer.employer.email, phone=payer.phone, address=payer.employer.address,
        registered_by=payer.employer.registered_by, activity=standing_on(EmployerActivity, subject, day),
        scale=standing_on(EmployerScale, subject, day),
        required=legal.required_programmes(row.firm_size or "", month_of(day)) or (),
        chosen=tuple(choice.programmes) if choice is not None and choice.programmes is not None else None,
        units=_units(payer_id), contacts=_contacts(payer_id, day), agreements=_agreements(payer_id, day),
    )  # fmt: skip


def _units(payer_id: int) -> list[UnitRow]:
    rows = Unit.objects.filter(payer_id=payer_id).select_related("place").order_by("code")
    return [UnitRow(row.pk, row.code, row.name, row.place.name, _last_day(row.valid.upper)) for row in rows]


def _contacts(payer_id: int, day: date) -> list[ContactRow]:
    rows = (
        Contact.objects.filter(payer_id=payer_id, valid__contains=day).select_related("unit").order_by("role", "name")
    )
    return [
        ContactRow(row.pk, row.name, row.role, row.unit.code if row.unit else "", row.phone, row.email) for row in rows
    ]


def _agreements(payer_id: int, day: date) -> list[AgreementState]:
    rows = Agreement.objects.filter(payer_id=payer_id).select_related("renewed_by").order_by("-valid", "-id")
    return [_agreement(row, day) for row in rows]


def _agreement(row: Agreement, day: date) -> AgreementState:
    ends_on = _last_day(row.valid.upper)
    left = (ends_on - day).days if ends_on else None
    if hasattr(row, "renewed_by"):
        state = "renewed"
    elif row.valid.lower > day:
        state = "coming"
    elif left is None or left > EXPIRY_NOTICE.days:
        state = "running"
    else:
        state = "ending" if left >= 0 else "ended"
    return AgreementState(row.pk, row.number, row.subject, row.valid.lower, ends_on, state, left)


def history(actor: Actor, payer_id: int) -> list[Past]:
    """Everything ever recorded of an employer, the newest first. Raises NotFound."""
    require_payer(actor, payer_id)
    past = [
        Past(
            row.recorded_at, "identity", {"before": row.before, "after": row.after}, row.effective_on, None, "",
            row.reason, row.recorded_by, superseded=False,
        )
        for row in EmployerChange.objects.filter(payer_id=payer_id)
    ]  # fmt: skip
    kept: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
        ("activity", EmployerActivity, ("risk_group", "entry", "kbli", "description", "decided_by")),
        ("scale", EmployerScale, ("firm_size", "basis", "capital", "annual_sales", "workers")),
        ("programmes", EmployerProgrammes, ("programmes",)),
    )
    for part, model, names in kept:
        past += [
            Past(
                row.recorded_at, part, {name: getattr(row, name) for name in names}, row.valid.lower,
                _last_day(row.valid.upper), row.source, row.reason, row.recorded_by, row.superseded_at is not None,
            )
            for row in model.objects.filter(payer_id=payer_id)
        ]  # fmt: skip
    return sorted(past, key=lambda item: (item.recorded_at, item.starts_on), reverse=True)


def _last_day(upper: date | None) -> date | None:
    """PostgreSQL keeps the day after the last."""
    return upper - timedelta(days=1) if upper else None
