"""Five families whose stories the demonstration tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lindung.web.demo.names import Sex
from lindung.web.demo.population import (
    FARDU_KIFAYAH,
    HOUSEHOLD,
    KORAN_TEACHER,
    Person,
    Population,
    Village,
    villages,
)


@dataclass(frozen=True)
class Relative:
    """A member of a protagonist's family; `relation` is wife, husband or child."""

    person: Person
    relation: str


@dataclass(frozen=True)
class Protagonist:
    """Someone whose story the demonstration tells. Months are their firsts; `paid_until` is None while paid on."""

    person: Person
    family: tuple[Relative, ...]
    died_on: date
    cause: str  # illness or work_accident
    paid_from: date
    paid_until: date | None = None


def village_of(district: str, number: int) -> Village:
    """The village at that place in the district's list."""
    return [village for village in villages() if village.district == district][number]


def _family(population: Population, village: Village, *members: tuple[str, str, Sex, date]) -> tuple[Relative, ...]:
    """(relation, name, sex, birth date) of each member."""
    return tuple(
        Relative(population.person(HOUSEHOLD, village, name=name, sex=sex, birth_date=born), relation)
        for relation, name, sex, born in members
    )


def protagonists(population: Population) -> dict[str, Protagonist]:
    """The five, by their role."""
    kuala_dua = next(village for village in villages() if village.name == "Kuala Dua")
    rasau, kakap = village_of("Rasau Jaya", 0), village_of("Sungai Kakap", 0)
    raya, pakedai = village_of("Sungai Raya", 2), village_of("Teluk Pakedai", 0)
    scheme_2025, scheme_2026 = date(2025, 1, 1), date(2026, 1, 1)
    return {
        "veteran": Protagonist(
            population.person(KORAN_TEACHER, kuala_dua, name="Abdul Hamid", sex="L", birth_date=date(1979, 8, 17)),
            _family(
                population,
                kuala_dua,
                ("wife", "Siti Rohani", "P", date(1983, 4, 12)),
                ("child", "Nur Azizah", "P", date(2011, 6, 3)),
                ("child", "Muhammad Ilham", "L", date(2016, 11, 25)),
            ),
            date(2026, 2, 11),
            "illness",
            scheme_2025,
        ),
        "newcomer": Protagonist(
            population.person(KORAN_TEACHER, rasau, name="Nurlela Hidayati", sex="P", birth_date=date(1988, 3, 9)),
            _family(population, rasau, ("husband", "Sukardi", "L", date(1984, 1, 30))),
            date(2026, 2, 14),
            "illness",
            scheme_2026,
        ),
        "registry_death": Protagonist(
            population.person(KORAN_TEACHER, kakap, name="Suparman", sex="L", birth_date=date(1971, 12, 2)),
            _family(population, kakap, ("wife", "Painem", "P", date(1974, 7, 21))),
            date(2026, 2, 6),
            "illness",
            scheme_2025,
        ),
        "work_death": Protagonist(
            population.person(FARDU_KIFAYAH, raya, name="Marzuki Usman", sex="L", birth_date=date(1976, 5, 28)),
            _family(
                population,
                raya,
                ("wife", "Zubaidah", "P", date(1980, 9, 14)),
                ("child", "Rizky Ramadhan", "L", date(2009, 2, 8)),
            ),
            date(2026, 2, 18),
            "work_accident",
            scheme_2025,
        ),
        "uncovered": Protagonist(
            population.person(KORAN_TEACHER, pakedai, name="Jumadi Arsyad", sex="L", birth_date=date(1968, 10, 5)),
            _family(population, pakedai, ("wife", "Halimah", "P", date(1972, 2, 19))),
            date(2026, 2, 10),
            "illness",
            scheme_2025,
            date(2025, 8, 1),
        ),
    }
