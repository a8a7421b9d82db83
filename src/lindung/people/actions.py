"""Writes: register people, record and correct deaths, add relatives, take in the civil registry's death lists."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.scope import require_places
from lindung.people.models import LifeEvent, Person, Relative
from lindung.people.names import display_names, name_key, name_keys
from lindung.people.nik import NIK_DIGITS, clean_nik
from lindung.people.notices import DeathRow, NoticeImport, import_death_notices

__all__ = [
    "DeathRow", "NoticeImport", "add_relative", "correct_death", "import_death_notices", "record_death",
    "register_people",
]  # fmt: skip

_REQUIRED = {"nik": pl.String, "name": pl.String, "birth_date": pl.Date, "sex": pl.String, "place_id": pl.Int64}
# Optional columns with the width of their field: what a list says beyond it is not worth refusing a person for.
_OPTIONAL = {"birth_place": 80, "mother_name": 150, "address": 250, "phone": 20, "occupation": 80}
_INCOMING = {
    "nik": "text", "name": "text", "name_key": "text", "birth_date": "date", "sex": "text", "place_id": "bigint",
    **dict.fromkeys(_OPTIONAL, "text"),
}  # fmt: skip

_INSERT = """
INSERT INTO people_person (nik, name, name_key, birth_date, birth_place, sex, mother_name, place_id, address, phone,
                           occupation)
SELECT nik, name, name_key, birth_date, birth_place, sex, mother_name, place_id, address, phone, occupation
  FROM incoming_people ORDER BY nik
ON CONFLICT (nik) DO NOTHING RETURNING id
"""
# Locks in one order, so that two lists at the same time do not wait for each other.
_FILL = """
WITH gaps AS (
  SELECT p.id, {filled} FROM people_person p JOIN incoming_people i USING (nik)
   WHERE {gaps} ORDER BY p.id FOR NO KEY UPDATE OF p)
UPDATE people_person p SET {sets} FROM gaps WHERE gaps.id = p.id
""".format(
    filled=", ".join(f"coalesce(nullif(p.{name}, ''), i.{name}) AS {name}" for name in _OPTIONAL),
    gaps=" OR ".join(f"(p.{name} = '' AND i.{name} <> '')" for name in _OPTIONAL),
    sets=", ".join(f"{name} = gaps.{name}" for name in _OPTIONAL),
)


def register_people(actor: Actor, frame: pl.DataFrame) -> pl.DataFrame:
    """Make sure that everyone of a list is a person: DataFrame[nik, person_id, is_new], one row per NIK.

    `frame`: nik, name, birth_date, sex, place_id, and optionally birth_place, mother_name, address, phone, occupation.
    Whoever is known by the NIK stays as they are; only empty fields are filled. Repeating it changes nothing.
    Raises InvalidInput (a required field is missing), NotAllowed (outside the actor's area), Conflict (known in another
    area)."""
    people = _prepared(frame)
    require_places(actor, people["place_id"].unique())
    with transaction.atomic(), loaded(people, "incoming_people", _INCOMING, joined_on=("nik",)) as cursor:
        cursor.execute(_INSERT)
        added = fetch_frame(cursor, {"person_id": pl.Int64})
        cursor.execute(_FILL)
        filled = cursor.rowcount
        cursor.execute("SELECT p.nik, p.id FROM incoming_people i JOIN people_person p USING (nik)")
        known = fetch_frame(cursor, {"nik": pl.String, "person_id": pl.Int64})
        _refuse_people_elsewhere(people.height - known.height)
        record(
            actor,
            "people.register",
            "people:batch",
            _("Daftar penduduk"),
            after={"received": people.height, "added": added.height, "filled": filled},
        )
    return known.with_columns(is_new=pl.col("person_id").is_in(added["person_id"].implode()))


def _prepared(frame: pl.DataFrame) -> pl.DataFrame:
    """Typed, trimmed, one row per NIK, with the name key. Raises InvalidInput."""
    texts = [
        (
            pl.col(name).fill_null("").str.strip_chars().str.slice(0, width) if name in frame.columns else pl.lit("")
        ).alias(name)
        for name, width in _OPTIONAL.items()
    ]
    people = frame.select(*(pl.col(name).cast(kind) for name, kind in _REQUIRED.items()), *texts)
    people = people.with_columns(pl.col("name").str.strip_chars().str.slice(0, 150))
    people = people.with_columns(display_names(people[column]) for column in ("name", "mother_name", "birth_place"))
    _refuse_faulty(people)
    people = people.unique("nik", keep="first", maintain_order=True)
    return people.with_columns(name_keys(people["name"]).alias("name_key"))


def _refuse_faulty(people: pl.DataFrame) -> None:
    checks = {
        "nik": (
            pl.col("nik").str.contains(rf"^[0-9]{{{NIK_DIGITS}}}$"),
            _("NIK harus 16 angka, contoh 6112034107850001."),
        ),
        "name": (pl.col("name") != "", _("Nama belum diisi.")),
        "birth_date": (pl.col("birth_date").is_not_null(), _("Tanggal lahir belum diisi, contoh 12-03-1985.")),
        "sex": (pl.col("sex").is_in(["L", "P"]), _("Jenis kelamin diisi L atau P.")),
        "place_id": (pl.col("place_id").is_not_null(), _("Desa tempat tinggal belum dikenali.")),
    }
    for field, (right, message) in checks.items():
        faulty = people.filter(~right.fill_null(False)).height
        if faulty:
            raise InvalidInput(
                "person_incomplete",
                _("%(count)d baris: %(problem)s") % {"count": faulty, "problem": message},
                field=field,
                rows=faulty,
            )


def _refuse_people_elsewhere(count: int) -> None:
    if count:
        raise Conflict(
            "person_elsewhere", _("%(count)d orang sudah terdaftar di luar wilayah kerja Anda.") % {"count": count},
            field="nik", way_out=_("Minta petugas kabupaten memeriksa alamat mereka."), people=count,
        )  # fmt: skip


@transaction.atomic
def record_death(actor: Actor, person_id: int, died_on: date, source: str, source_ref: str = "") -> LifeEvent:
    """Note that a person has died. Told again with the same date, it returns the first record.

    Raises NotFound, InvalidInput (a day to come, or before birth), Conflict (another date stands)."""
    person = _locked(person_id)
    _refuse_impossible_death(person, died_on)
    standing = _standing_death(person_id)
    if standing is not None:
        if standing.occurred_on == died_on:
            return standing
        recorded = f"{standing.occurred_on:%d-%m-%Y}"
        raise Conflict(
            "death_recorded", _("Kematian sudah tercatat pada tanggal %(date)s.") % {"date": recorded},
            field="died_on", way_out=_("Bila tanggal itu keliru, koreksi catatan kematiannya dengan akta kematian."),
            event=standing.pk,
        )  # fmt: skip
    event = _life_event(actor, person, died_on, source, source_ref)
    record(actor, "people.record_death", f"person:{person_id}", source, after={"died_on": died_on.isoformat()})
    return event


@transaction.atomic
def correct_death(
    actor: Actor, person_id: int, died_on: date | None, source: str, source_ref: str = "", reason: str = ""
) -> LifeEvent:
    """Put another date in place of the recorded one, or (None) say that the person has not died.

    Raises NotFound when no death stands, InvalidInput."""
    person = _locked(person_id)
    standing = _standing_death(person_id)
    if standing is None:
        raise NotFound("no_death", _("Belum ada catatan kematian yang dapat dikoreksi."))
    if died_on is not None:
        _refuse_impossible_death(person, died_on)
    event = _life_event(actor, person, died_on or standing.occurred_on, source, source_ref, standing, died_on is None)
    record(
        actor,
        "people.correct_death",
        f"person:{person_id}",
        reason or source,
        before={"died_on": standing.occurred_on.isoformat()},
        after={"died_on": died_on and died_on.isoformat()},
    )
    return event


@transaction.atomic
def add_relative(
    actor: Actor,
    person_id: int,
    relation: str,
    name: str,
    nik: str = "",
    birth_date: date | None = None,
    phone: str = "",
) -> Relative:
    """A member of the person's family. The same one again returns the first row. Raises NotFound, InvalidInput."""
    if relation not in Relative.Relation.values:
        raise InvalidInput("relation_unknown", _("Hubungan keluarga belum dipilih."), field="relation")
    if not name.strip():
        raise InvalidInput("name_missing", _("Nama anggota keluarga belum diisi."), field="name")
    number = clean_nik(nik)
    if number and not (len(number) == NIK_DIGITS and number.isascii() and number.isdigit()):
        raise InvalidInput("nik_length", _("NIK harus 16 angka, contoh 6112034107850001."), field="nik")
    person = _locked(person_id)
    for known in person.relatives.filter(relation=relation):
        if (number and known.nik == number) or (
            name_key(known.name) == name_key(name) and known.birth_date == birth_date and number in ("", known.nik)
        ):
            return known
    relative = Relative.objects.create(
        person=person,
        place_id=person.place_id,
        relation=relation,
        name=display_names(pl.Series([name.strip()[:150]]))[0],
        nik=number,
        birth_date=birth_date,
        phone=phone.strip()[:20],
    )
    record(actor, "people.add_relative", f"person:{person_id}", after={"relative": relative.pk, "relation": relation})
    return relative


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound("person_not_found", _("Data orang ini tidak ditemukan di wilayah kerja Anda."))
    return person


def _standing_death(person_id: int) -> LifeEvent | None:
    return (
        LifeEvent.objects.filter(person_id=person_id, kind=LifeEvent.Kind.DEATH, void=False, lifeevent__isnull=True)
        .order_by("pk")
        .first()
    )


def _life_event(
    actor: Actor,
    person: Person,
    on: date,
    source: str,
    source_ref: str,
    corrects: LifeEvent | None = None,
    void: bool = False,
) -> LifeEvent:
    return LifeEvent.objects.create(
        person=person,
        place_id=person.place_id,
        kind=LifeEvent.Kind.DEATH,
        occurred_on=on,
        source=source,
        source_ref=source_ref,
        recorded_by=actor.name,
        recorded_at=now(),
        corrects=corrects,
        void=void,
    )


def _refuse_impossible_death(person: Person, died_on: date) -> None:
    if died_on > today():
        raise InvalidInput(
            "death_in_future",
            _("Tanggal meninggal belum terjadi. Periksa kembali pada akta kematian."),
            field="died_on",
        )
    if died_on < person.birth_date:
        raise InvalidInput("death_before_birth", _("Tanggal meninggal lebih awal dari tanggal lahir."), field="died_on")
