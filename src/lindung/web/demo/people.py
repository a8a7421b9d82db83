"""The cast of the demonstration: who is on which list, and what is wrong with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from lindung.web.demo.families import Protagonist, protagonists, village_of
from lindung.web.demo.listing import (
    MENDABLE,
    OUTSIDE_REGENCIES,
    ListRow,
    mistyped_row,
    right_row,
    typed,
)
from lindung.web.demo.names import respelled
from lindung.web.demo.population import (
    FARDU_KIFAYAH,
    HOUSEHOLD,
    KORAN_TEACHER,
    PLANTATION_WORKER,
    POSYANDU_CADRE,
    RT_RW_HEAD,
    Person,
    Population,
    Village,
    villages,
)

KORAN_TEACHERS, FARDU_KIFAYAH_WORKERS = 1_066, 490
LISTED_VILLAGES, RT_PER_VILLAGE, RW_PER_VILLAGE, CADRES_PER_VILLAGE = 12, 20, 5, 13
RENEWING_SHARE: Final = 0.6
NOT_RENEWED = 30
EMPLOYEES, SPONSORED = 60, 25

# How many rows of the list carry each fault.
FAULTS: Final = {
    "nik_length": 14, "nik_number_lost_zeros": 9, "nik_birth_mismatch": 16, "missing_mother": 18, "missing_name": 2,
    "village_unknown": 10, "birth_date_unreadable": 6, "formula_cell": 2, "not_working": 5, "too_old": 13,
    "too_young": 3, "outside_regency": 6, "covered_by_employer": 12, "other_sponsor": 8, "deceased": 7,
    "duplicate_in_file": 11, "duplicate_person": 8,
}  # fmt: skip
_OF_THE_PERSON = (
    "not_working", "too_old", "too_young", "outside_regency", "covered_by_employer", "other_sponsor", "deceased",
)  # fmt: skip


@dataclass(frozen=True)
class RegisteredDeath:
    """A death as the civil registry knows it."""

    person: Person
    died_on: date
    certificate: str


@dataclass(frozen=True)
class Employee:
    """A wage earner with the monthly wage in rupiah."""

    person: Person
    wage: int
    started_on: date


@dataclass(frozen=True)
class Employer:
    """A company whose workers its wage report covers."""

    name: str
    village: Village
    employees: tuple[Employee, ...]


@dataclass(frozen=True)
class VillageSponsor:
    """A village that pays for its RT heads from its own budget."""

    village: Village
    people: tuple[Person, ...]


@dataclass(frozen=True)
class DemoData:
    """Everything one seed gives. `expected` counts the rows of the list by the reason each should be given."""

    seed: int
    rows: tuple[ListRow, ...]
    renewing: tuple[Person, ...]
    not_renewed: tuple[Person, ...]
    employer: Employer
    village_sponsor: VillageSponsor
    known_dead: tuple[RegisteredDeath, ...]
    death_list: tuple[RegisteredDeath, ...]
    veteran: Protagonist
    newcomer: Protagonist
    registry_death: Protagonist
    work_death: Protagonist
    uncovered: Protagonist
    expected: dict[str, int]


def generate(seed: int = 2026) -> DemoData:
    """The same seed gives the same people, rows and faults."""
    rng = Random(seed)
    population = Population(rng)
    cast = protagonists(population)
    listed = [cast[role].person for role in ("veteran", "newcomer", "registry_death", "work_death")]
    entries = _entries(population, listed)
    faults = _choose(rng, entries, {person.nik for person in listed})
    rows = [
        _row(rng, _altered(population, person, faults.get(at)), section, faults.get(at))
        for at, (section, person) in enumerate(entries)
    ]
    rows = _with_repetitions(population, rows, {person.nik for person in listed})
    having = {code: [row.person for row in rows if row.fault == code] for code in _OF_THE_PERSON}
    return DemoData(
        seed=seed,
        rows=tuple(rows),
        renewing=_renewing(rng, rows, listed, cast["newcomer"].person),
        not_renewed=(cast["uncovered"].person, *_strangers(population, KORAN_TEACHER, NOT_RENEWED - 1)),
        employer=_employer(population, having["covered_by_employer"]),
        village_sponsor=_sponsor(population, having["other_sponsor"]),
        known_dead=tuple(_death(rng, person, date(2025, 9, 1), 110) for person in having["deceased"]),
        death_list=_death_list(population, [cast["registry_death"], cast["veteran"]]),
        expected=dict(Counter(row.fault for row in rows if row.fault)),
        **cast,
    )


# The list


def _entries(population: Population, listed: Sequence[Person]) -> list[tuple[str, Person]]:
    """(group title, person) of the whole list, in the order in which the office writes it."""
    by_district: dict[str, list[Village]] = {}
    for village in villages():
        by_district.setdefault(village.district, []).append(village)
    entries: list[tuple[str, Person]] = []
    for group, size, title in (
        (KORAN_TEACHER, KORAN_TEACHERS, "GURU NGAJI"),
        (FARDU_KIFAYAH, FARDU_KIFAYAH_WORKERS, "PEKERJA FARDU KIFAYAH"),
    ):
        cast = [person for person in listed if person.group == group]
        people = cast + [population.person(group, population.rng.choice(villages())) for _ in range(size - len(cast))]
        for district in by_district:
            here = [person for person in people if person.village.district == district]
            population.rng.shuffle(here)
            entries += [(f"{title} KECAMATAN {district.upper()}", person) for person in here]
    for village in _listed_villages(population.rng):
        entries += _village_entries(population, village)
    return entries


def _listed_villages(rng: Random) -> list[Village]:
    return sorted(rng.sample(villages(), LISTED_VILLAGES), key=lambda village: village.key)


def _village_entries(population: Population, village: Village) -> list[tuple[str, Person]]:
    heads = []
    for number in range(RT_PER_VILLAGE + RW_PER_VILLAGE):
        person = population.person(RT_RW_HEAD, village)
        if number < RT_PER_VILLAGE:
            heads.append(replace(person, rt=number + 1, occupation=f"Ketua RT {number + 1:02d}"))
        else:
            area = number - RT_PER_VILLAGE + 1
            heads.append(replace(person, rw=area, occupation=f"Ketua RW {area:02d}"))
    cadres = [population.person(POSYANDU_CADRE, village) for _ in range(CADRES_PER_VILLAGE)]
    name = f"{village.name.upper()} KECAMATAN {village.district.upper()}"
    return [(f"RT/RW DESA {name}", person) for person in heads] + [
        (f"KADER POSYANDU DESA {name}", person) for person in cadres
    ]


def _choose(rng: Random, entries: Sequence[tuple[str, Person]], spared: set[str]) -> dict[int, str]:
    """Which entry gets which fault; nobody gets two, and the protagonists none."""
    free = [at for at, (_, person) in enumerate(entries) if person.nik not in spared]
    rng.shuffle(free)
    sponsor = next(person.village.key for _, person in entries if person.group == RT_RW_HEAD)
    chosen: dict[int, str] = {}
    # Those who ask most of the person choose first.
    for fault in (
        "other_sponsor",
        "covered_by_employer",
        *(code for code in FAULTS if code not in _CHOSEN_FIRST),
    ):
        if fault in _REPEATED:
            continue
        fitting = [at for at in free if at not in chosen and _fits(entries[at][1], fault, sponsor)]
        chosen |= dict.fromkeys(fitting[: FAULTS[fault]], fault)
    return chosen


_CHOSEN_FIRST = ("other_sponsor", "covered_by_employer")
_REPEATED = ("duplicate_in_file", "duplicate_person")


def _fits(person: Person, fault: str, sponsor: int) -> bool:
    if fault == "other_sponsor":
        return person.village.key == sponsor and person.occupation.startswith("Ketua RT")
    if fault == "formula_cell":
        return " " in person.name
    return fault != "covered_by_employer" or person.group in (KORAN_TEACHER, FARDU_KIFAYAH)


def _altered(population: Population, person: Person, fault: str | None) -> Person:
    """The person with the age or the home that the fault needs."""
    rng = population.rng
    if fault == "too_old":
        # 65 on 1 January 2026 at the latest; the first is 65 on that very day.
        born = date(1961, 1, 1) - timedelta(rng.choice((0, rng.randrange(1, 4_000))))
    elif fault == "too_young":
        born = date(2008, 1, 2) + timedelta(rng.randrange(60, 900))
    elif fault == "outside_regency":
        return replace(person, village=rng.choice(villages(rng.choice(OUTSIDE_REGENCIES))))
    else:
        return person
    return replace(person, birth_date=born, nik=population.nik(person.village, born, person.sex))


def _row(rng: Random, person: Person, section: str, fault: str | None) -> ListRow:
    if fault is None:
        return right_row(rng, person, section)
    if fault in MENDABLE:
        return mistyped_row(rng, person, section, fault)
    cells = typed(rng, person)
    if fault == "not_working":
        cells["remark"] = "sakit, tidak bekerja"
    return ListRow(person, section, cells, fault)


def _with_repetitions(population: Population, rows: list[ListRow], spared: set[str]) -> list[ListRow]:
    """Koran teachers who come again further down: with the same NIK, or spelt and numbered a little differently."""
    rng = population.rng
    once = [row for row in rows if row.person.group == KORAN_TEACHER and not row.fault and row.person.nik not in spared]
    rng.shuffle(once)
    spelt = [row for row in once if respelled(row.person.name)][: FAULTS["duplicate_person"]]
    same = [row for row in once if row not in spelt][: FAULTS["duplicate_in_file"]]
    again = [_repeated(rng, row.person, row.person, "duplicate_in_file", rows) for row in same]
    again += [_repeated(rng, row.person, _misread(population, row.person), "duplicate_person", rows) for row in spelt]
    for extra in again:
        last = max(at for at, row in enumerate(rows) if row.section == extra.section)
        rows = [*rows[: last + 1], extra, *rows[last + 1 :]]
    return rows


def _misread(population: Population, person: Person) -> Person:
    """The same person as another clerk copied the card: name respelt, one digit of the serial different."""
    return replace(
        person,
        name=respelled(person.name) or person.name,
        nik=population.nik_beside(person.nik),
    )


def _repeated(rng: Random, original: Person, again: Person, fault: str, rows: Sequence[ListRow]) -> ListRow:
    """The person once more, under a later group title, without another fault of typing."""
    later = rng.choice([row for row in rows if row.person.group in (FARDU_KIFAYAH, POSYANDU_CADRE)])
    section = later.section
    cells = typed(rng, again) | {"nik": again.nik, "occupation": later.person.occupation}
    return ListRow(original, section, cells, fault)


def _renewing(rng: Random, rows: Iterable[ListRow], listed: Sequence[Person], newcomer: Person) -> tuple[Person, ...]:
    """Those of the two large groups who were in the scheme of 2025 as well."""
    groups = (KORAN_TEACHER, FARDU_KIFAYAH)
    old = [person for person in listed if person != newcomer]
    possible = [
        row.person
        for row in rows
        if row.person.group in groups and row.fault not in (*_OF_THE_PERSON, *_REPEATED) and row.person not in listed
    ]
    size = round((KORAN_TEACHERS + FARDU_KIFAYAH_WORKERS) * RENEWING_SHARE) - len(old)
    return (*old, *rng.sample(possible, size))


# Others who pay, and the civil registry


def _strangers(population: Population, group: str, count: int) -> list[Person]:
    return [population.person(group, population.rng.choice(villages())) for _ in range(count)]


def _employer(population: Population, listed: Sequence[Person]) -> Employer:
    rng = population.rng
    workers = [*listed, *_strangers(population, PLANTATION_WORKER, EMPLOYEES - len(listed))]
    employees = tuple(
        Employee(
            worker,
            rng.randrange(3_100_000, 6_200_000, 10_000),
            date(2022, 1, 1) + timedelta(rng.randrange(1_200)),
        )
        for worker in workers
    )
    return Employer("PT Contoh Kapuas Sawit Lestari", village_of("Kuala Mandor B", 0), employees)


def _sponsor(population: Population, listed: Sequence[Person]) -> VillageSponsor:
    village = listed[0].village
    others = [
        replace(population.person(RT_RW_HEAD, village), occupation=f"Ketua RT {RT_PER_VILLAGE + number:02d}")
        for number in range(1, SPONSORED - len(listed) + 1)
    ]
    return VillageSponsor(village, (*listed, *others))


def _death(rng: Random, person: Person, first: date, days: int) -> RegisteredDeath:
    return _certified(rng, person, first + timedelta(rng.randrange(days)))


def _certified(rng: Random, person: Person, died_on: date) -> RegisteredDeath:
    return RegisteredDeath(person, died_on, f"6112-KM-{died_on:%d%m%Y}-9{rng.randrange(1000):03d}")


def _death_list(population: Population, known: Sequence[Protagonist]) -> tuple[RegisteredDeath, ...]:
    """The civil registry's list of February 2026: two participants among twenty others."""
    rng = population.rng
    others = [_death(rng, person, date(2026, 1, 20), 34) for person in _strangers(population, HOUSEHOLD, 20)]
    deaths = others + [_certified(rng, one.person, one.died_on) for one in known]
    return tuple(sorted(deaths, key=lambda death: (death.died_on, death.person.nik)))
