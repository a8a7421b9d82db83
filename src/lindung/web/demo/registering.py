"""People of the story enter the register, with a membership each."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.core.actors import SYSTEM
from lindung.membership import actions as membership
from lindung.people import actions as people
from lindung.web.demo.population import Person


def register(persons: list[Person], segment: str, payer_id: int | None, on: date) -> pl.DataFrame:
    """Register and enrol from a day on; returns what `plan_person_months` takes, with the NIK. Repeatable."""
    frame = pl.DataFrame([_person_record(person) for person in persons])
    ids = people.register_people(SYSTEM, frame).select("nik", "person_id")
    located = frame.select("nik", "place_id", "occupation").join(ids, on="nik")
    enrolled = membership.enrol(SYSTEM, located, segment, on, payer_id, "Pendaftaran awal (contoh)")
    return located.join(enrolled.select("person_id", "membership_id", "job"), on="person_id").with_columns(
        segment=pl.lit(segment)
    )


def _person_record(person: Person) -> dict[str, object]:
    return {
        "nik": person.nik, "name": person.name, "birth_date": person.birth_date, "birth_place": person.birth_place,
        "sex": person.sex, "mother_name": person.mother, "place_id": person.village.key, "address": person.address,
        "phone": person.phone, "occupation": person.occupation,
    }  # fmt: skip
