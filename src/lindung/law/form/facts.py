"""Facts of a question: how each is read from plain data into the whole numbers the rules work on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from .calendar import first_day
from .errors import LawError
from .rounding import SEN
from .words import CoverStatus, Programme, Relation, Segment

MOST_RUPIAH = 100_000_000_000
"""A technical limit: a monthly wage above a hundred billion rupiah is taken for a slip of the keyboard."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()

MOST_ROWS = 2000
"""A technical limit: more than a hundred years of months; a longer list is not about one person."""

REQUIRED = object()
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
MONEY = re.compile(r"\d{1,15}(?:\.(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its name, its unit, how it is read, and its plain value when it is not given."""

    name: str
    unit: str
    read: Callable[[Any, str], Any]
    default: Any = REQUIRED


def impossible(field: str, message: str) -> LawError:
    """The error for a value that cannot be."""
    return LawError("impossible_value", message, field)


@dataclass(frozen=True, slots=True)
class Money:
    """Reads rupiah, a whole number or text with at most two decimals, in sen; the limit (rupiah) is open to see."""

    most: int

    def __call__(self, value: Any, field: str) -> int:
        sen = -1
        if isinstance(value, int) and not isinstance(value, bool):
            sen = value * SEN
        elif isinstance(value, str) and (match := MONEY.fullmatch(value)):
            sen = int(value.partition(".")[0]) * SEN + int((match[1] or "0").ljust(2, "0"))
        if not 0 <= sen <= self.most * SEN:
            raise impossible(
                field,
                f"{field} harus rupiah dari 0 sampai {self.most // 10**9} miliar, bilangan bulat atau teks, "
                "contoh 1500000 atau “1500000.50”.",
            )
        return sen


read_money = Money(MOST_RUPIAH)


@dataclass(frozen=True, slots=True)
class Maybe:
    """Reads a fact that may be left out: null, as when it is not given, is `unstated`."""

    read: Callable[[Any, str], int]
    unstated: int = 0

    def __call__(self, value: Any, field: str) -> int:
        return self.unstated if value is None else self.read(value, field)


def read_flag(value: Any, field: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise impossible(field, f"{field} harus true atau false.")
    return value


@dataclass(frozen=True, slots=True)
class Count:
    """Reads whole numbers within limits; the limits are open to see for columns."""

    least: int
    most: int

    def __call__(self, value: Any, field: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise impossible(field, f"{field} harus bilangan bulat {self.least} sampai {self.most}.")
        return value


def read_count(least: int, most: int) -> Count:
    """A reader of whole numbers within limits."""
    return Count(least, most)


@dataclass(frozen=True, slots=True)
class Word:
    """Reads one word out of a closed set; the set is open to see for columns. Of synonyms the first is the name."""

    words: Mapping[str, int]

    def __call__(self, value: Any, field: str) -> int:
        if not isinstance(value, str) or value not in self.words:
            names: dict[int, str] = {}
            for word, number in self.words.items():
                names.setdefault(number, word)
            raise impossible(field, f"{field} harus salah satu dari: {', '.join(names.values())}.")
        return self.words[value]


def read_word(words: type[IntEnum]) -> Word:
    """A reader of one word out of a closed set, written as it is outside (lower case)."""
    return Word({word.name.lower(): word for word in words})


def read_segment(value: Any, field: str) -> Segment:
    """PU or BPU."""
    if not isinstance(value, str) or value not in Segment.__members__:
        raise impossible(field, f"{field} harus PU (penerima upah) atau BPU (bukan penerima upah).")
    return Segment[value]


def one_programme(*programmes: Programme) -> Word:
    """A reader of the name of one of these programmes."""
    return Word({str(programme.name): programme for programme in programmes})


@dataclass(frozen=True, slots=True)
class Programmes:
    """Reads a list of programmes as bits; those that may be in it are open to see."""

    allowed: Programme

    def __call__(self, value: Any, field: str) -> int:
        if not isinstance(value, list | tuple) or not value:
            raise impossible(field, f"{field} harus daftar program, contoh [“JKK”, “JKM”].")
        bits = 0
        for name in value:
            programme = Programme.__members__.get(name) if isinstance(name, str) else None
            if programme is None or programme not in self.allowed:
                names = ", ".join(str(programme.name) for programme in self.allowed)
                raise impossible(field, f"{field}: “{name}” tidak ada di sini; yang ada: {names}.")
            bits |= int(programme)
        return bits


def read_date(value: Any, field: str) -> date:
    """A date, or text YYYY-MM-DD."""
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise impossible(field, f"{field} harus tanggal, contoh 2026-02-27.")


def check_year(year: int, field: str) -> None:
    """Refuse a year no living person's papers can hold: the months and years added to it must stay dates."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise impossible(field, f"{field} harus antara tahun {FIRST_YEAR} dan {LAST_YEAR}.")


def read_day(value: Any, field: str) -> int:
    """A date as its day number."""
    day = read_date(value, field)
    check_year(day.year, field)
    return day.toordinal()


def read_days(value: Any, field: str) -> tuple[int, ...]:
    """A list of dates as day numbers."""
    if not isinstance(value, list | tuple) or len(value) > MOST_ROWS:
        raise impossible(field, f"{field} harus daftar tanggal, contoh [“2026-03-19”], paling banyak {MOST_ROWS}.")
    return tuple(read_day(day, field) for day in value)


def read_month(value: Any, field: str) -> int:
    """YYYY-MM, or any date of the month, as a month number."""
    if type(value) is date:
        return value.year * 12 + value.month - 1
    match = MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] == "0000":
        raise impossible(field, f"{field} harus bulan, contoh 2026-02.")
    return int(match[1]) * 12 + int(match[2]) - 1


def read_day_or_month(value: Any, field: str) -> int:
    """A date as its day number; YYYY-MM is the first day of the month."""
    if isinstance(value, str) and len(value) == 7:
        return first_day(read_month(value, field))
    return read_day(value, field)


def read_payments(value: Any, field: str) -> tuple[tuple[int, int, int], ...]:
    """Payments {"from", "to", "on"} as (first month, last month, day paid), the oldest months first."""
    payments = []
    for payment in read_rows(value, field, required={"from", "to", "on"}, allowed={"from", "to", "on"}):
        first, last = read_month(payment["from"], f"{field}.from"), read_month(payment["to"], f"{field}.to")
        check_year(first // 12, f"{field}.from")
        check_year(last // 12, f"{field}.to")
        if last < first:
            raise impossible(f"{field}.to", f"{field}: bulan akhir lebih awal daripada bulan awal.")
        payments.append((first, last, read_day(payment["on"], f"{field}.on")))
    return tuple(sorted(payments))


RELATION = Word({name.lower(): relation for name, relation in Relation.__members__.items()})


def read_relatives(value: Any, field: str) -> tuple[tuple[int, bool], ...]:
    """Relatives {"relation", "name"?, "alive"?}, or only the word for the relation, as (relation, alive)."""
    if isinstance(value, list | tuple):
        value = [{"relation": relative} if isinstance(relative, str) else relative for relative in value]
    return tuple(
        (
            RELATION(relative["relation"], f"{field}.relation"),
            read_flag(relative.get("alive", True), f"{field}.alive"),
        )
        for relative in read_rows(value, field, required={"relation"}, allowed={"relation", "name", "alive"})
    )


def read_rows(value: Any, field: str, required: set[str], allowed: set[str]) -> list[Mapping[str, Any]]:
    """A list of objects that have what is required and nothing unknown."""
    if not isinstance(value, list | tuple) or len(value) > MOST_ROWS:
        raise impossible(field, f"{field} harus daftar, paling banyak {MOST_ROWS} baris.")
    for row in value:
        if not isinstance(row, Mapping):
            raise impossible(field, f"Setiap isi {field} harus berisi {', '.join(sorted(required or allowed))}.")
        for name in sorted(required - row.keys()):
            raise LawError("missing_fact", f"{field}: {name} belum diisi.", f"{field}.{name}")
        for name in row.keys() - allowed:
            raise LawError("unknown_fact", f"{field}: {name} tidak dikenal.", f"{field}.{name}")
    return list(value)


def read_facts(expected: tuple[Fact, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """All facts of a question as whole numbers. Raises unknown_fact, missing_fact, impossible_value."""
    known: dict[str, Any] = {}
    for fact in expected:
        value = given.get(fact.name, fact.default)
        if value is REQUIRED:
            raise LawError("missing_fact", f"Fakta {fact.name} belum diisi.", fact.name)
        known[fact.name] = fact.read(value, fact.name)
    for name in given:
        if name not in known:
            names = ", ".join(fact.name for fact in expected)
            raise LawError("unknown_fact", f"Fakta {name} tidak dikenal di sini; yang ada: {names}.", str(name))
    return known


SEGMENT = Fact("segment", "segment", read_segment)
PROGRAMMES = Fact("programmes", "programmes", Programmes(Programme.JKK | Programme.JKM), ("JKK", "JKM"))
HOLIDAYS = Fact("holidays", "days", read_days, ())
COVER = (
    Fact("cover", "cover", read_word(CoverStatus), "active"),
    Fact("arrears_settled", "flag", read_flag, False),
)
