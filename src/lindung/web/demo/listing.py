"""How a clerk types a person into the list, and the usual ways in which a row goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from lindung.places.names import normalise
from lindung.web.demo.population import REGENCY_CODE, REGENCY_NAME, Person, Village, nik_date, villages

# The columns of the list, in order: field → (group heading, heading, width in characters).
COLUMNS: Final = {
    "nik": ("IDENTITAS SESUAI KTP", "NIK", 20),
    "name": ("IDENTITAS SESUAI KTP", "Nama Lengkap", 30),
    "birth_place": ("IDENTITAS SESUAI KTP", "Tempat Lahir", 16),
    "birth_date": ("IDENTITAS SESUAI KTP", "Tanggal Lahir", 18),
    "sex": ("IDENTITAS SESUAI KTP", "L/P", 5),
    "mother": ("IDENTITAS SESUAI KTP", "Nama Ibu Kandung", 26),
    "address": ("ALAMAT DOMISILI", "Alamat", 32),
    "rt_rw": ("ALAMAT DOMISILI", "RT/RW", 9),
    "village": ("ALAMAT DOMISILI", "Desa/Kelurahan", 22),
    "district": ("ALAMAT DOMISILI", "Kecamatan", 18),
    "regency": ("ALAMAT DOMISILI", "Kabupaten/Kota", 18),
    "occupation": ("PEKERJAAN", "Pekerjaan", 22),
    "workplace": ("PEKERJAAN", "Tempat Tugas", 26),
    "phone": ("PEKERJAAN", "No. HP", 15),
    "remark": ("PEKERJAAN", "Keterangan", 24),
}
MONTH_NAMES: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula, with the result Excel last showed."""

    text: str
    result: str


Cell = str | int | date | Formula
Cells = Mapping[str, Cell]


@dataclass(frozen=True)
class ListRow:
    """One row as typed. `fault` is the reason the check is expected to give; `mended` is the row as the office sends
    it back, None where nothing is wrong or nothing can be mended."""

    person: Person
    section: str
    cells: Cells
    fault: str | None = None
    mended: Cells | None = None


def birth_date_cell(rng: Random, day: date) -> Cell:
    """A date in one of the ways found in one and the same file."""
    styles: tuple[Cell, ...] = (
        day, day, day, f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d-%m-%Y}",
        f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}", f"{day:%Y-%m-%d}", f"{day.day}/{day.month}/{day.year}",
    )  # fmt: skip
    return rng.choice(styles)


def nik_cell(rng: Random, nik: str) -> Cell:
    """Text, a few in groups of four."""
    return " ".join(nik[start : start + 4] for start in range(0, 16, 4)) if rng.random() < 0.03 else nik


def typed(rng: Random, person: Person) -> dict[str, Cell]:
    """A right row, with the freedom of spelling that clerks take."""
    home = person.village
    capitals = rng.random() < 0.45
    outside = not home.code.startswith(REGENCY_CODE)
    return {
        "nik": nik_cell(rng, person.nik),
        "name": person.name.upper() if capitals else person.name,
        "birth_place": person.birth_place,
        "birth_date": birth_date_cell(rng, person.birth_date),
        "sex": person.sex,
        "mother": person.mother.upper() if capitals else person.mother,
        "address": person.address,
        "rt_rw": f"{person.rt:03d}/{person.rw:03d}",
        "village": _spelled(rng, home.name, "Desa ", "Ds. "),
        "district": _spelled(rng, home.district, "Kec. ", "Kecamatan "),
        "regency": _OUTSIDE[home.code[:5]] if outside else rng.choice((REGENCY_NAME, f"Kab. {REGENCY_NAME}")),
        "occupation": person.occupation,
        "workplace": person.workplace,
        "phone": person.phone,
        "remark": rng.choice(("", "", "", "aktif bekerja", "Aktif")),
    }


def _spelled(rng: Random, name: str, long: str, short: str) -> str:
    """`Sungai Raya` also as SUNGAI RAYA, Desa Sungai Raya, Sui. Raya."""
    chance = rng.random()
    if chance < 0.2:
        return name.upper()
    if chance < 0.3:
        return rng.choice((long, short)) + name
    return name.replace("Sungai ", "Sui. ") if chance < 0.36 else name


_OUTSIDE: Final = {"61.71": "Kota Pontianak", "61.02": "Kab. Mempawah"}
OUTSIDE_REGENCIES: Final = tuple(_OUTSIDE)


# Faults of typing: each gives the cells that differ from a right row.


def _short_nik(rng: Random, person: Person) -> dict[str, Cell]:
    gap = rng.randrange(6, 16)
    return {"nik": person.nik[:gap] + person.nik[gap + 1 :]}


def _number_nik(_: Random, person: Person) -> dict[str, Cell]:
    """Excel keeps 15 significant digits of a number: the last of 16 becomes 0."""
    return {"nik": int(person.nik[:15] + "0")}


def _mismatched_birth_date(rng: Random, person: Person) -> dict[str, Cell]:
    """A woman's NIK without its 40, or a birth date of another year."""
    if person.sex == "P" and rng.random() < 0.6:
        return {"nik": person.nik[:6] + nik_date(person.birth_date, "L") + person.nik[12:]}
    shift = 1 if person.birth_date.year < 1990 else -1
    return {"birth_date": date(person.birth_date.year + shift, person.birth_date.month, min(person.birth_date.day, 28))}


def _misspelt_village(rng: Random, person: Person) -> dict[str, Cell]:
    return {"village": misspelt(rng, person.village)}


def _impossible_date(rng: Random, person: Person) -> dict[str, Cell]:
    year = person.birth_date.year
    return {"birth_date": rng.choice((f"31/02/{year}", f"31-04-{year}", f"00/00/{year}"))}


def _formula(_: Random, person: Person) -> dict[str, Cell]:
    first, rest = person.name.split(" ", 1)
    return {"name": Formula(f'=CONCATENATE("{first}"," ","{rest}")', person.name)}


MENDABLE: Final[Mapping[str, Callable[[Random, Person], dict[str, Cell]]]] = {
    "nik_length": _short_nik,
    "nik_number_lost_zeros": _number_nik,
    "nik_birth_mismatch": _mismatched_birth_date,
    "missing_mother": lambda _, person: {"mother": ""},
    "missing_name": lambda _, person: {"name": ""},
    "village_unknown": _misspelt_village,
    "birth_date_unreadable": _impossible_date,
    "formula_cell": _formula,
}


def misspelt(rng: Random, village: Village) -> str:
    """A consonant too many, in a way that is no other village's name: Kuala Dua → Kualla Dua."""
    known = {normalise(other.name) for other in villages()}
    places = [at for at, letter in enumerate(village.name) if at and letter in "lmnprtkb"]
    rng.shuffle(places)
    for at in places or [1]:
        wrong = village.name[:at] + village.name[at] + village.name[at:]
        if normalise(wrong) not in known:
            return wrong
    return f"{village.name}x"


def right_row(rng: Random, person: Person, section: str) -> ListRow:
    """A row without a fault."""
    return ListRow(person, section, typed(rng, person))


def mistyped_row(rng: Random, person: Person, section: str, fault: str) -> ListRow:
    """A row with a fault of typing, and the row as it will be mended (NIK and birth date plainly typed)."""
    cells = typed(rng, person) | {"nik": person.nik}
    mended = dict(cells) | {"birth_date": f"{person.birth_date:%d/%m/%Y}", "village": person.village.name}
    return ListRow(person, section, cells | MENDABLE[fault](rng, person), fault, mended)
