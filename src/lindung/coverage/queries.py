"""The reads of this room. They read the summary, never the history behind it; figures from outside come apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.clock import installation
from lindung.core.errors import NotFound
from lindung.core.months import add_months, month_of
from lindung.core.ui.listing import ListQuery
from lindung.coverage.figures import (
    Budget,
    DenominatorRow,
    ExternalRow,
    Figure,
    Overview,
    PlaceFigures,
    ProgrammeFigures,
    Unit,
)
from lindung.coverage.models import Denominator, ExternalFigure, Summary
from lindung.places.dataset import last_key
from lindung.places.models import Place
from lindung.places.queries import PlaceRow, find_place

PROGRAMMES = ("JKK", "JKM")
PAID_SOURCE = gettext_lazy("iuran yang sudah lunas di Lindung")
BENEFIT_SOURCE = gettext_lazy("konfirmasi pembayaran klaim di Lindung")
BUDGET_SOURCE = gettext_lazy("skema bantuan iuran, SK, dan tagihan lunas di Lindung")
_MONTHS_SHOWN = 12
_APBD = "regency"
Sums = dict[tuple[str, str], int]  # (metric, detail) to value
_PEOPLE = (Summary.Metric.PEOPLE_ACTIVE, Summary.Metric.PEOPLE_GRACE)

# What a list of places can be sorted by.
PLACE_COLUMNS = {
    "name": "p.name", "district": "d.name", "people": "people", "active": "active", "grace": "grace",
    "financed": "financed", "person_months": "person_months", "realised": "realised", "claims": "claims",
    "benefit": "benefit",
}  # fmt: skip

# The day's counts are added up once per place; a village's key begins with its district's.
_PLACES = """
WITH counted AS MATERIALIZED (
  SELECT CASE WHEN %(kind)s = 'district' THEN place_id / 10000 * 10000 ELSE place_id END AS place,
         sum(value) FILTER (WHERE metric = 'people_active')::bigint AS active,
         sum(value) FILTER (WHERE metric = 'people_grace')::bigint AS grace,
         sum(value) FILTER (WHERE metric = 'people_financed' AND detail = 'regency')::bigint AS financed,
         sum(value) FILTER (WHERE metric = 'person_months' AND detail = 'regency')::bigint AS person_months,
         sum(value) FILTER (WHERE metric = 'budget_realised')::bigint AS realised,
         sum(value) FILTER (WHERE metric = 'claims_paid')::bigint AS claims,
         sum(value) FILTER (WHERE metric = 'benefit_paid')::bigint AS benefit
    FROM coverage_summary WHERE as_of = %(as_of)s AND place_id BETWEEN %(first)s AND %(last)s GROUP BY place)
SELECT p.key, p.code, p.name, d.key, d.name, p.latitude, p.longitude,
       coalesce(c.active, 0) + coalesce(c.grace, 0) AS people, coalesce(c.active, 0) AS active,
       coalesce(c.grace, 0) AS grace, coalesce(c.financed, 0) AS financed,
       coalesce(c.person_months, 0) AS person_months, coalesce(c.realised, 0) AS realised,
       coalesce(c.claims, 0) AS claims, coalesce(c.benefit, 0) AS benefit, count(*) OVER ()
  FROM places_place p
  JOIN places_place d ON d.key = CASE WHEN p.kind = 'district' THEN p.key ELSE p.parent_id END
  LEFT JOIN counted c ON c.place = p.key
 WHERE p.key BETWEEN %(first)s AND %(last)s AND p.kind = %(kind)s AND upper_inf(p.valid)
   AND (%(search)s = '' OR p.name ILIKE %(pattern)s OR p.code LIKE %(pattern)s)
   AND (%(with_people)s = '' OR (%(with_people)s = 'yes') = (c.active IS NOT NULL OR c.grace IS NOT NULL))
 ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""


def regency() -> PlaceRow:
    """The regency this installation serves. Raises NotFound before it is set up."""
    served = installation()
    if served is None:
        raise NotFound("not_set_up", _("Aplikasi belum disiapkan untuk satu kabupaten."))
    return find_place(served.place_key)


def district(code: str) -> PlaceRow:
    """A district of our regency by its code (`61.12.01`). Raises NotFound."""
    place, home = find_place(code), regency()
    if place.kind != Place.Kind.DISTRICT or not home.key <= place.key <= home.last_key:
        raise NotFound(
            "district_not_found", _("Kecamatan %(code)s tidak ada di %(regency)s.")
            % {"code": code, "regency": home.name},
            way_out=_("Pilih kecamatan dari halaman Cakupan."),
        )  # fmt: skip
    return place


def latest_day(until: date) -> date | None:
    """The newest day that was counted, not after `until`; None before the first count."""
    return Summary.objects.filter(as_of__lte=until).order_by("-as_of").values_list("as_of", flat=True).first()


def overview(place: PlaceRow, as_of: date) -> Overview:
    """The leadership page of a regency on a counted day."""
    months_back = _sums(place, as_of)
    totals = months_back.get(as_of, {})
    metric = Summary.Metric
    active, grace = _by_detail(totals, metric.PEOPLE_ACTIVE), _by_detail(totals, metric.PEOPLE_GRACE)
    by_payer = {kind: active.get(kind, 0) + grace.get(kind, 0) for kind in {*active, *grace}}
    people = sum(by_payer.values())
    workers = denominators(place.key, Denominator.Kind.WORKERS)
    since = date(as_of.year, 1, 1)
    financed, months = totals.get((metric.PEOPLE_FINANCED, _APBD), 0), totals.get((metric.PERSON_MONTHS, _APBD), 0)
    return Overview(
        as_of=as_of,
        protected=Figure(
            "people_protected", "", _("Orang terlindungi"), people, "orang", as_of, PAID_SOURCE,
            of=workers[0] if workers else None,
        ),
        active=sum(active.values()),
        grace=sum(grace.values()),
        by_payer=dict(sorted(by_payer.items(), key=lambda item: (-item[1], item[0]))),
        financed=Figure(
            "people_financed", _APBD, _("Pekerja dibiayai APBD"), financed, "orang", as_of, PAID_SOURCE, since
        ),
        person_months=Figure(
            "person_months", _APBD, _("Iuran dibayar APBD"), months, "orang-bulan", as_of, PAID_SOURCE, since
        ),
        programmes=_programmes(totals),
        budget=_budget(totals, as_of),
        trend=_trend(months_back),
    )  # fmt: skip


def all_figures(found: Overview) -> list[Figure]:
    """The overview as a flat list, each figure with its unit, day, denominator and source."""
    day, since = found.as_of, date(found.as_of.year, 1, 1)

    def people(code: str, detail: str, title: str, value: int) -> Figure:
        return Figure(code, detail, title, value, "orang", day, PAID_SOURCE, of=found.protected.of)

    figures = [
        found.protected,
        people("people_active", "", _("Orang aktif"), found.active),
        people("people_grace", "", _("Orang dalam masa tenggang"), found.grace),
        *(people("people_protected", kind, _("Orang terlindungi"), count) for kind, count in found.by_payer.items()),
        found.financed, found.person_months,
    ]  # fmt: skip
    for row in found.programmes:
        counts: tuple[tuple[str, str, int, Unit, date | None], ...] = (
            ("claims_paid", _("Klaim dibayar"), row.claims, "klaim", since),
            ("benefit_paid", _("Santunan dibayar"), row.amount, "rupiah", since),
            ("claims_paid_ever", _("Klaim dibayar sejak awal pencatatan"), row.claims_ever, "klaim", None),
            ("benefit_paid_ever", _("Santunan dibayar sejak awal pencatatan"), row.amount_ever, "rupiah", None),
        )
        figures += [Figure(code, row.programme, title, value, unit, day, BENEFIT_SOURCE, start)
                    for code, title, value, unit, start in counts]  # fmt: skip
    for code, title, value in (
        ("budget_ceiling", _("Pagu anggaran"), found.budget.ceiling),
        ("budget_committed", _("Terikat SK"), found.budget.committed),
        ("budget_realised", _("Terealisasi"), found.budget.realised),
    ):
        figures.append(Figure(code, "", title, value, "rupiah", day, BUDGET_SOURCE, since))
    return figures


def figures_of_place(row: PlaceFigures, as_of: date) -> list[Figure]:
    """The counts of a district or village as figures. Its people are a share of inhabitants, not of workers."""
    since = date(as_of.year, 1, 1)

    def people(code: str, title: str, value: int) -> Figure:
        return Figure(code, "", title, value, "orang", as_of, PAID_SOURCE, of=row.population)

    return [
        people("people_protected", _("Orang terlindungi"), row.people),
        people("people_active", _("Orang aktif"), row.active),
        people("people_grace", _("Orang dalam masa tenggang"), row.grace),
        Figure(
            "people_financed", _APBD, _("Pekerja dibiayai APBD"), row.financed, "orang", as_of, PAID_SOURCE, since
        ),
        Figure(
            "person_months", _APBD, _("Iuran dibayar APBD"), row.person_months, "orang-bulan", as_of, PAID_SOURCE, since
        ),
        Figure("budget_realised", "", _("Terealisasi"), row.realised, "rupiah", as_of, BUDGET_SOURCE, since),
        Figure("claims_paid", "", _("Klaim dibayar"), row.claims, "klaim", as_of, BENEFIT_SOURCE, since),
        Figure("benefit_paid", "", _("Santunan dibayar"), row.benefit, "rupiah", as_of, BENEFIT_SOURCE, since),
    ]  # fmt: skip


def _sums(place: PlaceRow, as_of: date) -> dict[date, Sums]:
    """What each metric and detail adds up to, at the end of each of the last twelve months, the last one so far."""
    sums: dict[date, Sums] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT as_of, metric, detail, coalesce(sum(value) FILTER (WHERE place_id BETWEEN %s AND %s), 0)::bigint
              FROM coverage_summary WHERE as_of BETWEEN %s AND %s GROUP BY as_of, metric, detail ORDER BY as_of
            """,
            [place.key, place.last_key, add_months(month_of(as_of), 1 - _MONTHS_SHOWN), as_of],
        )
        for day, metric, detail, value in cursor.fetchall():
            sums.setdefault(day, {})[metric, detail] = value
    return sums


def _by_detail(totals: Sums, metric: str) -> dict[str, int]:
    return {detail: value for (name, detail), value in totals.items() if name == metric}


def _programmes(totals: Sums) -> list[ProgrammeFigures]:
    metric = Summary.Metric
    return [
        ProgrammeFigures(
            code, totals.get((metric.CLAIMS_PAID, code), 0), totals.get((metric.BENEFIT_PAID, code), 0),
            totals.get((metric.CLAIMS_PAID_EVER, code), 0), totals.get((metric.BENEFIT_PAID_EVER, code), 0),
        )
        for code in PROGRAMMES
    ]  # fmt: skip


def _budget(totals: Sums, as_of: date) -> Budget:
    metric = Summary.Metric
    wanted = (metric.BUDGET_CEILING, metric.BUDGET_COMMITTED, metric.BUDGET_REALISED)
    return Budget(as_of.year, *(totals.get((name, ""), 0) for name in wanted))


def _trend(sums: dict[date, Sums]) -> list[tuple[date, int]]:
    """People protected at the end of each month; months by their first."""
    return [
        (month_of(day), sum(value for (metric, _detail), value in found.items() if metric in _PEOPLE))
        for day, found in sums.items()
    ]


def denominators(place_key: int, kind: str) -> list[DenominatorRow]:
    """What a share of this place may be a share of, newest first."""
    rows = Denominator.objects.filter(place_id=place_key, kind=kind).order_by("-as_of")
    return [_denominator(row) for row in rows]


def external_figures(place: PlaceRow) -> list[ExternalRow]:
    """What others published about the regency, in the order it was recorded. Never mixed with ours."""
    rows = ExternalFigure.objects.filter(place__key__range=(place.key, place.last_key)).order_by("pk")
    return [ExternalRow(r.code, r.label, r.value, r.unit, r.at_least, r.as_of, r.period, r.source) for r in rows]


def districts(place: PlaceRow, as_of: date) -> list[PlaceFigures]:
    """Every district of the regency, most people first, with its newest published population."""
    query = ListQuery(sort="people", descending=True, size=1000)
    return place_figures(place, as_of, Place.Kind.DISTRICT, query)[0]


def district_figures(place: PlaceRow, as_of: date) -> PlaceFigures:
    """One district with its newest published population."""
    return place_figures(place, as_of, Place.Kind.DISTRICT, ListQuery(size=1))[0][0]


def villages(place: PlaceRow, as_of: date, query: ListQuery) -> tuple[list[PlaceFigures], int]:
    """One page of the villages of a regency or district, and how many there are in all."""
    return place_figures(place, as_of, Place.Kind.VILLAGE, query)


def place_figures(place: PlaceRow, as_of: date, kind: str, query: ListQuery) -> tuple[list[PlaceFigures], int]:
    """Districts or villages within a place with their counts, in one statement, and the number that match."""
    area = place
    if chosen := query.filters.get("district"):
        area = find_place(int(chosen))
    values: dict[str, Any] = {
        "as_of": as_of, "first": area.key, "last": last_key(area.key), "kind": kind, "search": query.search,
        "pattern": f"%{_escaped(query.search)}%", "with_people": query.filters.get("with_people", ""),
        "limit": query.limit, "offset": query.offset,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLACES.format(order=query.order_sql(PLACE_COLUMNS, "p.key")), values)
        rows = cursor.fetchall()
    listed = [PlaceFigures(*row[:-1]) for row in rows]
    if kind == Place.Kind.DISTRICT:
        known = _populations(place)
        listed = [replace(row, population=known.get(row.key)) for row in listed]
    return listed, rows[0][-1] if rows else 0


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _populations(place: PlaceRow) -> dict[int, DenominatorRow]:
    """The newest population of each place within the regency."""
    found: dict[int, DenominatorRow] = {}
    rows = Denominator.objects.filter(place__key__range=(place.key, place.last_key), kind=Denominator.Kind.POPULATION)
    for row in rows.order_by("as_of"):
        found[row.place_id] = _denominator(row)
    return found


def _denominator(row: Denominator) -> DenominatorRow:
    kind: Literal["workers", "population"] = "workers" if row.kind == Denominator.Kind.WORKERS else "population"
    return DenominatorRow(kind, row.value, row.as_of, row.period, row.source)


def district_choices() -> list[tuple[str, str]]:
    """The districts for a filter: key and name."""
    home = regency()
    rows = Place.objects.filter(parent_id=home.key, valid__endswith=None).order_by("name").values_list("key", "name")
    return [(str(key), name) for key, name in rows]
