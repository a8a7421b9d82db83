"""Reads: one person, search, possible heirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.log import record_access
from lindung.people.models import LifeEvent, Person, Relative
from lindung.people.names import name_key, name_keys
from lindung.people.nik import mask_nik

__all__ = [
    "HeirRow", "PersonDetail", "PersonSummary", "find_by_nik", "heirs_of", "name_key", "name_keys", "person",
    "search_people",
]  # fmt: skip

SHORTEST_SEARCH = 3
LONGEST_DIGITS_IN_SEARCH = 7  # more would be a NIK, which does not belong into an address


@dataclass(frozen=True)
class PersonSummary:
    """A line of a search result."""

    id: int
    nik_masked: str
    name: str
    birth_date: date
    place_id: int
    village: str


@dataclass(frozen=True)
class HeirRow:
    """A relative. Who comes first is for the law to say (PP 44/2015 Art 40)."""

    id: int
    relation: str
    name: str
    nik: str
    birth_date: date | None
    phone: str
    alive: bool


@dataclass(frozen=True)
class PersonDetail:
    """A person's record. `nik` is whole: show `nik_masked`."""

    id: int
    nik: str
    nik_masked: str
    name: str
    birth_date: date
    birth_place: str
    sex: str
    mother_name: str
    place_id: int
    village: str
    district: str
    address: str
    phone: str
    occupation: str
    died_on: date | None
    relatives: list[HeirRow]


def person(actor: Actor, person_id: int, purpose: str = "view") -> PersonDetail:
    """One person's record; the access is logged with its purpose. Raises NotFound, also outside the actor's area."""
    found = Person.objects.select_related("place__parent").filter(pk=person_id).first()
    if found is None:
        raise NotFound("person_not_found", _("Data orang ini tidak ditemukan di wilayah kerja Anda."))
    record_access(actor, f"person:{person_id}", purpose)
    return PersonDetail(
        id=found.pk,
        nik=found.nik,
        nik_masked=mask_nik(found.nik),
        name=found.name,
        birth_date=found.birth_date,
        birth_place=found.birth_place,
        sex=found.sex,
        mother_name=found.mother_name,
        place_id=found.place_id,
        village=found.place.name,
        district=found.place.parent.name if found.place.parent else "",
        address=found.address,
        phone=found.phone,
        occupation=found.occupation,
        died_on=_died_on(person_id),
        relatives=heirs_of(person_id),
    )


def _died_on(person_id: int) -> date | None:
    return (
        LifeEvent.objects.filter(person_id=person_id, kind=LifeEvent.Kind.DEATH, void=False, lifeevent__isnull=True)
        .values_list("occurred_on", flat=True)
        .first()
    )


def heirs_of(person_id: int) -> list[HeirRow]:
    """The person's family as registered, in the order of registration."""
    fields = ("id", "relation", "name", "nik", "birth_date", "phone", "alive")
    return [HeirRow(*row) for row in Relative.objects.filter(person_id=person_id).order_by("pk").values_list(*fields)]


def search_people(actor: Actor, text: str, most: int = 20) -> list[PersonSummary]:
    """People in the actor's area whose name contains the text, by name. Titles, case and accents do not matter.

    Raises InvalidInput for fewer than three letters, or for a NIK (use find_by_nik)."""
    if sum(letter.isdigit() for letter in text) > LONGEST_DIGITS_IN_SEARCH:
        raise InvalidInput(
            "search_by_nik", _("Pencarian ini memakai nama. Untuk mencari dengan NIK, pakai isian NIK."), field="q"
        )
    wanted = name_key(text)
    if len(wanted) < SHORTEST_SEARCH:
        raise InvalidInput("search_too_short", _("Tulis sedikitnya tiga huruf nama, contoh: siti."), field="q")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.nik, p.name, p.birth_date, p.place_id, v.name FROM people_search(%s, %s) s"
            " JOIN people_person p ON p.id = s.person_id JOIN places_place v ON v.key = p.place_id"
            " ORDER BY p.name_key, p.id", [wanted, most],
        )  # fmt: skip
        return [_summary(*row) for row in cursor.fetchall()]


def find_by_nik(actor: Actor, nik: str) -> PersonSummary:
    """The person with this NIK; the access is logged. Raises NotFound, also outside the actor's area."""
    fields = ("id", "nik", "name", "birth_date", "place_id", "place__name")
    row = Person.objects.filter(nik=nik).values_list(*fields).first()
    if row is None:
        raise NotFound("person_not_found", _("NIK ini tidak ditemukan di wilayah kerja Anda."), field="nik")
    record_access(actor, f"person:{row[0]}", "search")
    return _summary(*row)


def _summary(id: int, nik: str, name: str, birth_date: date, place_id: int, village: str) -> PersonSummary:
    return PersonSummary(id, mask_nik(nik), name, birth_date, place_id, village)
