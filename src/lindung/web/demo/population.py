"""Synthetic people, one at a time. Every NIK has the right shape and a serial of 9xxx, which real ones hardly reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from lindung.places.dataset import read_places
from lindung.web.demo.names import ALL_COMMUNITIES, MUSLIM_COMMUNITIES, Sex, community, full_name

REGENCY_CODE: Final = "61.12"
REGENCY_NAME: Final = "Kubu Raya"
REGENCY_DIGITS: Final = REGENCY_CODE.replace(".", "")

KORAN_TEACHER, FARDU_KIFAYAH, RT_RW_HEAD, POSYANDU_CADRE = (
    "koran_teacher", "fardu_kifayah", "rt_rw_head", "posyandu_cadre",
)  # fmt: skip
PLANTATION_WORKER, HOUSEHOLD = "plantation_worker", "household"

OCCUPATIONS: Final = {
    KORAN_TEACHER: "Guru ngaji", FARDU_KIFAYAH: "Pekerja fardu kifayah", RT_RW_HEAD: "Ketua RT",
    POSYANDU_CADRE: "Kader posyandu", PLANTATION_WORKER: "Pekerja kebun", HOUSEHOLD: "",
}  # fmt: skip
_SHARE_OF_WOMEN: Final = {
    KORAN_TEACHER: 0.56, FARDU_KIFAYAH: 0.28, RT_RW_HEAD: 0.08, POSYANDU_CADRE: 0.97, PLANTATION_WORKER: 0.3,
    HOUSEHOLD: 0.5,
}  # fmt: skip
_YOUNGEST_BIRTH, _OLDEST_BIRTH = date(2004, 12, 31), date(1963, 1, 1)
_BIRTH_DAYS: Final = (_YOUNGEST_BIRTH - _OLDEST_BIRTH).days
_BIRTH_PLACES: Final = (
    "Sungai Raya", "Pontianak", "Kubu Raya", "Rasau Jaya", "Teluk Pakedai", "Kubu", "Batu Ampar", "Sungai Kakap",
    "Mempawah", "Sambas", "Ketapang", "Singkawang", "Sanggau", "Bangkalan", "Sampang", "Jember", "Wajo",
)  # fmt: skip
_STREETS: Final = (
    "Jl. Adisucipto", "Jl. Parit Haji Husin", "Jl. Sungai Raya Dalam", "Jl. Merdeka", "Jl. Pendidikan", "Jl. Masjid",
    "Jl. Rasau Jaya Umum", "Jl. Poros Desa", "Gg. Keluarga", "Gg. Amanah", "Gg. Karya", "Parit Bugis", "Parit Masigi",
    "Parit Sembin", "Parit Wak Gatak", "Dusun Karya Baru", "Dusun Mekar", "Dusun Sejahtera",
)  # fmt: skip
_MOSQUES: Final = (
    "Al-Ikhlas", "Nurul Huda", "Baiturrahman", "Darussalam", "Al-Muttaqin", "Nurul Iman", "At-Taqwa", "Babussalam",
    "Miftahul Jannah", "Al-Hidayah", "Raudhatul Jannah", "Sabilal Muhtadin", "Al-Falah", "Nurul Yaqin",
)  # fmt: skip
_POSYANDU: Final = (
    "Melati", "Mawar", "Anggrek", "Kenanga", "Flamboyan", "Dahlia", "Cempaka", "Teratai", "Seroja", "Bougenville",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Village:
    """A village with the district above it; keys are those of `places`."""

    key: int
    code: str
    name: str
    district: str
    district_digits: str  # the two that stand in the NIK


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic person as the identity card and the office know him or her."""

    nik: str
    name: str
    sex: Sex
    birth_place: str
    birth_date: date
    mother: str
    address: str
    rt: int
    rw: int
    village: Village
    group: str
    occupation: str
    workplace: str
    phone: str


@cache
def villages(regency: str = REGENCY_CODE) -> tuple[Village, ...]:
    """The villages of a regency, in order of their codes."""
    places = read_places(regency).select("key", "code", "kind", "name", "parent_key")
    districts = {key: name for key, _, kind, name, _ in places.iter_rows() if kind == "district"}
    return tuple(
        Village(key, code, name, districts[parent], code[6:8])
        for key, code, kind, name, parent in places.iter_rows()
        if kind == "village"
    )


class Population:
    """Makes people who do not collide: no NIK twice, no name twice on one birth date."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._niks: set[str] = set()
        self._names: set[tuple[str, date]] = set()

    def nik(self, village: Village, birth_date: date, sex: Sex) -> str:
        """A new NIK: 6112 CC DDMMYY 9NNN, the day plus 40 for women, never ending in 0.

        A last 0 is what Excel leaves of a NIK typed as a number, so a right one would be taken for a spoilt one."""
        prefix = f"{REGENCY_DIGITS}{village.district_digits}{nik_date(birth_date, sex)}9"
        while True:
            nik = f"{prefix}{self.rng.randrange(1000):03d}"
            if nik[-1] != "0" and nik not in self._niks:
                self._niks.add(nik)
                return nik

    def nik_beside(self, nik: str) -> str:
        """A new NIK that differs from another in one digit of the serial."""
        while True:
            at, digit = self.rng.randrange(13, 16), self.rng.choice("123456789")
            beside = nik[:at] + digit + nik[at + 1 :]
            if beside not in self._niks:
                self._niks.add(beside)
                return beside

    def person(
        self,
        group: str,
        village: Village,
        *,
        name: str | None = None,
        sex: Sex | None = None,
        birth_date: date | None = None,
    ) -> Person:
        """Someone of a group in a village; what is not given is drawn."""
        rng = self.rng
        of = community(rng, MUSLIM_COMMUNITIES if group in (KORAN_TEACHER, FARDU_KIFAYAH) else ALL_COMMUNITIES)
        sex = sex or ("P" if rng.random() < _SHARE_OF_WOMEN[group] else "L")
        given, born = name, birth_date
        while True:
            birth_date = born or _OLDEST_BIRTH + timedelta(rng.randrange(_BIRTH_DAYS))
            name = given or full_name(rng, of, sex)
            if given or (name, birth_date) not in self._names:
                break
        self._names.add((name, birth_date))
        return Person(
            nik=self.nik(village, birth_date, sex),
            name=name,
            sex=sex,
            birth_place=rng.choice(_BIRTH_PLACES),
            birth_date=birth_date,
            mother=full_name(rng, of, "P"),
            address=f"{rng.choice(_STREETS)} No. {rng.randrange(1, 120)}",
            rt=rng.randrange(1, 25),
            rw=rng.randrange(1, 10),
            village=village,
            group=group,
            occupation=OCCUPATIONS[group],
            workplace=self._workplace(group, village),
            phone=f"0800{rng.randrange(10**7):08d}",  # no Indonesian operator has 0800 mobile numbers
        )

    def _workplace(self, group: str, village: Village) -> str:
        if group == KORAN_TEACHER:
            return f"TPA {self.rng.choice(_MOSQUES)}"
        if group == FARDU_KIFAYAH:
            return f"Masjid {self.rng.choice(_MOSQUES)}"
        if group == POSYANDU_CADRE:
            return f"Posyandu {self.rng.choice(_POSYANDU)}"
        return f"Desa {village.name}" if group == RT_RW_HEAD else ""


def nik_date(birth_date: date, sex: Sex) -> str:
    """The six digits of the NIK that hold the birth date."""
    day = birth_date.day + (40 if sex == "P" else 0)
    return f"{day:02d}{birth_date.month:02d}{birth_date.year % 100:02d}"
