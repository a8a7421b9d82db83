"""Persons over HTTP. NIKs come masked, and never stand in an address: the search by NIK is a POST."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from lindung.core.access import api_actor
from lindung.core.api_schemas import ErrorOut
from lindung.people import queries
from lindung.people.nik import clean_nik

router = Router(tags=["people"])
MOST_RESULTS = 50


class PersonSummaryOut(Schema):
    """A search result."""

    id: int
    nik_masked: str
    name: str
    birth_date: date
    place_id: int
    village: str


class RelativeOut(Schema):
    """A member of the family, a possible heir."""

    id: int
    relation: str
    name: str
    birth_date: date | None
    alive: bool


class PersonOut(PersonSummaryOut):
    """A person's record, without the whole NIK."""

    birth_place: str
    sex: str
    district: str
    address: str
    occupation: str
    died_on: date | None
    relatives: list[RelativeOut]


class NikIn(Schema):
    """The NIK, in the body so that it stays out of addresses and logs."""

    nik: str


@router.get("", response={200: list[PersonSummaryOut], 403: ErrorOut, 422: ErrorOut}, summary="Search people by name")
def search(request: HttpRequest, q: str, limit: int = 20) -> list[queries.PersonSummary]:
    actor = api_actor(request, "people.view")
    return queries.search_people(actor, q, max(1, min(limit, MOST_RESULTS)))


@router.post(
    "/find", response={200: PersonSummaryOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}, summary="Find one by NIK"
)
def find(request: HttpRequest, wanted: NikIn) -> queries.PersonSummary:
    actor = api_actor(request, "people.view")
    return queries.find_by_nik(actor, clean_nik(wanted.nik))


@router.get(
    "/{person_id}", response={200: PersonOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}, summary="One person"
)
def person(request: HttpRequest, person_id: int) -> queries.PersonDetail:
    actor = api_actor(request, "people.view")
    return queries.person(actor, person_id, "api")
