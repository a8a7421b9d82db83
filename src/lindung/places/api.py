"""Places over HTTP: one by its code, what lies directly below, search by name."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.places import queries

router = Router(tags=["places"])


class PlaceOut(Schema):
    """A place with its Kemendagri code; coordinates in degrees, area in km², population in people."""

    key: int
    code: str
    name: str
    kind: Literal["province", "regency", "district", "village"]
    parent_key: int | None
    latitude: float | None
    longitude: float | None
    population: int | None
    area_km2: float | None
    postal_code: str


class PlaceQuery(Schema):
    """A part of the name, at least three letters."""

    q: str = Field(min_length=3, max_length=100)
    limit: int = Field(20, ge=1, le=100)


@router.get("", response={200: list[PlaceOut], 403: ErrorOut, 422: ErrorOut}, summary="Search places by name")
def search(request: HttpRequest, wanted: Query[PlaceQuery]) -> list[queries.PlaceRow]:
    """Districts and villages whose name contains the text, in order of their codes."""
    api_actor(request, "places.view")
    return queries.search_places(wanted.q, wanted.limit)


@router.get("/{code}", response={200: PlaceOut, 403: ErrorOut, 404: ErrorOut}, summary="One place by its code")
def place(request: HttpRequest, code: str) -> queries.PlaceRow:
    """`61.12.01.2004`, also without dots."""
    api_actor(request, "places.view")
    return queries.find_place(code)


@router.get(
    "/{code}/children", response={200: list[PlaceOut], 403: ErrorOut, 404: ErrorOut}, summary="Places directly below"
)
def children(request: HttpRequest, code: str) -> list[queries.PlaceRow]:
    """In order of their codes; those that a decree has closed are left out."""
    api_actor(request, "places.view")
    return queries.children(queries.find_place(code).key)
