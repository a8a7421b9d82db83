"""The same figures as JSON: each with its unit, day, denominator and source."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.ui.listing import ListQuery
from lindung.coverage import queries
from lindung.coverage.figures import Figure

router = Router(tags=["coverage"])
REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
MOST_PLACES = 500


class DenominatorOut(Schema):
    """Workers or inhabitants of the place, as published."""

    kind: Literal["workers", "population"]
    value: int
    as_of: date
    period: str
    source: str


class FigureOut(Schema):
    """A count by Lindung. `since` is null for a state on `as_of` and for everything on record."""

    code: str
    detail: str
    title: str
    value: int
    unit: Literal["orang", "orang-bulan", "klaim", "rupiah"]
    as_of: date
    since: date | None
    source: str
    denominator: DenominatorOut | None
    share: float | None


class SummaryOut(Schema):
    """The counts of the regency on the newest day counted."""

    place_code: str
    place_name: str
    as_of: date
    figures: list[FigureOut]


class CoveragePlaceOut(Schema):
    """The counts of one district or village. Villages have no denominator: none is published."""

    code: str
    name: str
    district: str
    figures: list[FigureOut]


class PlacesOut(Schema):
    """Districts or villages; `total` counts all that match."""

    as_of: date
    level: Literal["district", "village"]
    total: int
    places: list[CoveragePlaceOut]


class PlacesQuery(Schema):
    """Which places, and which page of at most 500."""

    level: Literal["district", "village"] = "district"
    page: int = 1


class ExternalOut(Schema):
    """A figure somebody else published; never part of Lindung's counts. `at_least`: the source says «more than»."""

    code: str
    label: str
    value: int
    unit: str
    at_least: bool
    as_of: date | None
    period: str
    source: str


@router.get("/summary", response={200: SummaryOut, **REFUSALS}, summary="Counts of the regency")
def summary(request: HttpRequest) -> SummaryOut:
    """People protected, financed, person-months, benefits, claims and budget."""
    api_actor(request, "coverage.view")
    home, day = queries.regency(), _counted_day()
    figures = [_figure(figure) for figure in queries.all_figures(queries.overview(home, day))]
    return SummaryOut(place_code=home.code, place_name=home.name, as_of=day, figures=figures)


@router.get("/places", response={200: PlacesOut, **REFUSALS}, summary="Counts by district or village")
def places(request: HttpRequest, asked: Query[PlacesQuery]) -> PlacesOut:
    """Districts have their published population as denominator, villages none."""
    api_actor(request, "coverage.view")
    day = _counted_day()
    query = ListQuery(page=min(max(asked.page, 1), 1_000_000), size=MOST_PLACES)
    rows, total = queries.place_figures(queries.regency(), day, asked.level, query)
    listed = [
        CoveragePlaceOut(
            code=row.code, name=row.name, district=row.district,
            figures=[_figure(figure) for figure in queries.figures_of_place(row, day)],
        )
        for row in rows[:MOST_PLACES]
    ]  # fmt: skip
    return PlacesOut(as_of=day, level=asked.level, total=total, places=listed)


@router.get("/external", response={200: list[ExternalOut], **REFUSALS}, summary="Figures published by others")
def external(request: HttpRequest) -> list[ExternalOut]:
    """With their source and period; kept apart from Lindung's own counts."""
    api_actor(request, "coverage.view")
    return [ExternalOut(**vars(row)) for row in queries.external_figures(queries.regency())]


def _counted_day() -> date:
    day = queries.latest_day(today())
    if day is None:
        raise NotFound(
            "not_counted", _("Angka cakupan belum pernah dihitung."),
            way_out=_("Tunggu perhitungan berkala, paling lama satu jam."),
        )  # fmt: skip
    return day


def _figure(figure: Figure) -> FigureOut:
    of = figure.of
    return FigureOut(
        code=figure.code, detail=figure.detail, title=figure.title, value=figure.value, unit=figure.unit,
        as_of=figure.as_of, since=figure.since, source=str(figure.source), share=figure.share,
        denominator=DenominatorOut(**vars(of)) if of else None,
    )  # fmt: skip
