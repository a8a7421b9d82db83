"""Minimum wages: set by decree, shipped with their sources, and looked up for a place and a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import fetch_frame
from lindung.core.errors import InvalidInput
from lindung.core.log import record
from lindung.core.scope import require_places
from lindung.core.ui.listing import ListQuery, Page
from lindung.payers import identity
from lindung.payers.keeping import record_from
from lindung.payers.models import MinimumWage
from lindung.places.dataset import key_of
from lindung.places.models import Place

SET_WAGE = "payers.set_wage"
_SHIPPED = Path(__file__).parent / "data" / "minimum_wages.yaml"
_LOCK = 42  # of minimum wages, among the locks 7316 of this application
_LEVELS = {"UMP": Place.Kind.PROVINCE, "UMK": Place.Kind.REGENCY, "UMSK": Place.Kind.REGENCY}
_MOST = Decimal(100_000_000)


@dataclass(frozen=True)
class WageOnDay:
    """The minimum wage that holds at a place on a day: rupiah with sen, its kind, and the paper it rests on."""

    amount: Decimal
    kind: str
    place_id: int
    place: str
    sector: str
    valid_from: date
    source: str
    confidence: str


@dataclass(frozen=True)
class WageRow:
    """A minimum wage in a list: rupiah with sen."""

    id: int
    year: int
    place: str
    kind: str
    sector: str
    amount: Decimal
    source: str
    confidence: str


@transaction.atomic
def set_minimum_wage(
    actor: Actor,
    place_id: int,
    kind: str,
    year: int,
    amount: Decimal,
    source: str,
    confidence: str = "S",
    sector: str = "",
    reason: str = "",
) -> tuple[MinimumWage, bool]:
    """The minimum wage of a year, and whether it is new; another amount corrects it, and the first is kept.

    Raises NotAllowed, InvalidInput."""
    actor.require(SET_WAGE)
    require_places(actor, [place_id])
    _refuse_faulty(place_id, kind, year, amount, confidence, sector)
    paper = identity.read_text(source, "source", _("Sumber"), 250)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7316, %s)", [_LOCK])
    subject = {"place_id": place_id, "kind": kind, "sector": " ".join(sector.split())}
    facts = {"amount": amount, "confidence": confidence}
    row, is_new = record_from(
        MinimumWage, subject, date(year, 1, 1), facts, actor, paper, reason.strip()[:250], until=date(year + 1, 1, 1)
    )
    if is_new:
        after = {"kind": kind, "year": year, "amount": str(amount), "sector": subject["sector"]}
        record(actor, "payers.set_minimum_wage", f"place:{place_id}", reason, after=after)
    return row, is_new


def _refuse_faulty(place_id: int, kind: str, year: int, amount: Decimal, confidence: str, sector: str) -> None:
    if kind not in MinimumWage.Kind.values:
        raise InvalidInput("wage_kind", _("Pilih UMP, UMK, atau UMSK."), field="kind")
    place = Place.objects.filter(pk=place_id).first()
    if place is None or place.kind != _LEVELS[kind]:
        raise InvalidInput(
            "wage_place", _("Wilayah ini tidak cocok dengan jenis upah minimum."), field="place",
            way_out=_("UMP ditetapkan untuk provinsi; UMK dan UMSK untuk kabupaten atau kota."),
        )  # fmt: skip
    if not 2000 <= year <= 2100:
        raise InvalidInput("wage_year", _("Tahun diisi 2000 sampai 2100."), field="year")
    if not 0 < amount <= _MOST or amount != round(amount, 2):
        raise InvalidInput(
            "wage_amount", _("Upah minimum lebih dari nol, paling banyak dua angka di belakang koma."), field="amount",
            way_out=_("Contoh 2.646.878,64."),
        )  # fmt: skip
    if confidence not in ("T", "S", "M"):
        raise InvalidInput("confidence", _("Pilih seberapa pasti angka ini."), field="confidence")
    if (kind == "UMSK") != bool(sector.strip()):
        raise InvalidInput(
            "wage_sector", _("Sektor diisi untuk UMSK saja."), field="sector",
            way_out=_("Contoh UMSK: Perkebunan kelapa sawit."),
        )  # fmt: skip


def read_wage(text: str) -> Decimal:
    """`2.646.878,64`, `Rp3.100.000` or `3100000` → rupiah with sen. Raises InvalidInput."""
    plain = text.strip().removeprefix("Rp").strip().replace(".", "").replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal(0)
    if not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
        raise InvalidInput(
            "wage_amount", _("Jumlah «%(text)s» tidak terbaca.") % {"text": text[:30]}, field="amount",
            way_out=_("Contoh 2.646.878,64."),
        )  # fmt: skip
    return amount


@transaction.atomic
def load_minimum_wages(actor: Actor) -> int:
    """Put the shipped figures in where nothing stands for the year yet; how many were new. What an officer recorded is
    never overwritten, and places that this database does not have are left out."""
    actor.require(SET_WAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7316, %s)", [_LOCK])
    places = set(Place.objects.values_list("pk", flat=True).filter(kind__in=["province", "regency"]))
    standing = {
        (row.place_id, row.kind, row.sector, row.valid.lower.year)
        for row in MinimumWage.objects.filter(superseded_at=None)
    }
    rows = [
        row
        for shipped in shipped_wages()
        if (row := _row(shipped, actor)).place_id in places
        and (row.place_id, row.kind, row.sector, shipped["year"]) not in standing
    ]
    MinimumWage.objects.bulk_create(rows)
    if rows:
        record(actor, "payers.load_minimum_wages", "minimum_wages", after={"rows": len(rows)})
    return len(rows)


def shipped_wages() -> list[dict[str, Any]]:
    """The figures that come with Lindung, as written."""
    found: list[dict[str, Any]] = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    return found


def _row(shipped: dict[str, Any], actor: Actor) -> MinimumWage:
    year = shipped["year"]
    return MinimumWage(
        place_id=key_of(shipped["place"]), kind=shipped["kind"], sector=shipped.get("sector", ""),
        amount=Decimal(shipped["amount"]), valid=DateRange(date(year, 1, 1), date(year + 1, 1, 1)),
        source=shipped["source"], confidence=shipped["confidence"], recorded_by=actor.name,
    )  # fmt: skip


# The regency's own wage before the province's; a sector's before both when it is asked for.
_HOLDS = """
  FROM payers_minimumwage w JOIN places_place p ON p.key = w.place_id
 WHERE w.superseded_at IS NULL AND w.valid @> %(on)s
   AND w.place_id IN (a.place_id / 1000000 * 1000000, a.place_id / 100000000 * 100000000)
   AND (w.sector = '' OR w.sector = %(sector)s)
 ORDER BY array_position(ARRAY['UMSK', 'UMK', 'UMP']::varchar[], w.kind) LIMIT 1
"""


def minimum_wage(place_id: int, on: date, sector: str = "") -> WageOnDay | None:
    """The minimum wage at a place (any level) on a day: the regency's, or the province's in a year without one; None
    where neither is recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.* FROM (SELECT %(place)s::bigint AS place_id) a, LATERAL (SELECT w.amount, w.kind, w.place_id,"
            f" p.name, w.sector, lower(w.valid), w.source, w.confidence {_HOLDS}) w",
            {"place": place_id, "on": on, "sector": sector},
        )
        row = cursor.fetchone()
    return WageOnDay(*row) if row else None


def minimum_wages_on(place_ids: Sequence[int], on: date) -> pl.DataFrame:
    """`place_id`, `minimum_wage` (rupiah with sen), `kind`, `source` of many places at once; places of which nothing is
    recorded are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.place_id, w.amount, w.kind, w.source FROM (SELECT DISTINCT unnest(%(places)s::bigint[]) AS"
            f" place_id) a, LATERAL (SELECT w.amount, w.kind, w.source {_HOLDS}) w ORDER BY 1",
            {"places": list(place_ids), "on": on, "sector": ""},
        )
        types = {"place_id": pl.Int64, "minimum_wage": pl.Decimal(14, 2), "kind": pl.String, "source": pl.String}
        return fetch_frame(cursor, types)


def wages(query: ListQuery) -> Page:
    """One page of the minimum wages that stand. Filters: kind, year; search: place, sector."""
    terms = ["w.superseded_at IS NULL"]
    values: dict[str, str | int] = {"limit": query.limit, "offset": query.offset}
    if query.search:
        terms.append("concat_ws(E'\\n', p.name, w.sector) ILIKE %(text)s")
        values["text"] = f"%{query.search}%"
    if kind := query.filters.get("kind"):
        terms.append("w.kind = %(kind)s")
        values["kind"] = kind
    if year := query.filters.get("year"):
        terms.append("extract(year FROM lower(w.valid)) = %(year)s")
        values["year"] = int(year)
    order = query.order_sql({"year": "lower(w.valid)", "place": "p.name", "amount": "w.amount"}, "p.key, w.kind, w.id")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.id, extract(year FROM lower(w.valid))::integer, p.name, w.kind, w.sector, w.amount, w.source,"
            " w.confidence FROM payers_minimumwage w JOIN places_place p ON p.key = w.place_id"
            f" WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s",
            values,
        )
        return Page.of([WageRow(*row) for row in cursor.fetchall()], query)


def wage_years() -> list[int]:
    """The years of which something is recorded, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT extract(year FROM lower(valid))::integer FROM payers_minimumwage"
            " WHERE superseded_at IS NULL ORDER BY 1 DESC"
        )
        return [row[0] for row in cursor.fetchall()]
