"""Facts of many parts, from Arrow lists into the rows a rule reads: told in Python, compiled into the loop.

A loader gets a row's stretch of the children, fills `rows` and gives how many there are; a negative number is a fault,
which counts into the `faults` (code, field) of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...form.calendar import first_day, last_day
from ...form.facts import FIRST_DAY, LAST_DAY, REQUIRED, Fact, Money, impossible
from ...form.instruments import INSTRUMENTS
from ...form.question import Plan, Question
from ...form.series import FIRST_YEAR, LAST_YEAR, PerYear
from ...jht.questions import MOST_DEPOSITS, Deposits
from ...jp.monthly import Monthly
from ...jp.questions import MOST_MONTHS
from ..inputs import SMALL, Column, columns_of
from ..reading import days, numbers
from ..tables import UNIX

YEARS = LAST_YEAR - FIRST_YEAR + 1
Numbers = NDArray[Any]
FIRST_DEPOSIT = INSTRUMENTS["PP 46/2015"].in_force.toordinal()


def load_years(years: Numbers, amounts: Numbers, scale: int, most: int, rows: Numbers) -> int:
    """(year, sen) in the order of the years, each at most once."""
    if len(years) > len(rows):
        return -1
    for i in range(len(years)):
        year, amount = np.int64(years[i]), amounts[i]
        if year < FIRST_YEAR or year > LAST_YEAR or amount < 0 or amount > most:
            return -1
        place = i
        while place > 0 and rows[place - 1, 0] > year:
            rows[place, 0] = rows[place - 1, 0]
            rows[place, 1] = rows[place - 1, 1]
            place -= 1
        if place > 0 and rows[place - 1, 0] == year:
            return -1
        rows[place, 0] = year
        rows[place, 1] = amount * scale
    return len(years)


def load_deposits(on: Numbers, amounts: Numbers, scale: int, most: int, rows: Numbers) -> int:
    """(day, sen) in the order of the days."""
    early = 0
    for i in range(len(on)):
        day, amount = np.int64(on[i]) + UNIX, amounts[i]
        if day < FIRST_DAY or day > LAST_DAY:
            return -2
        if amount < 0 or amount > most:
            return -3
        early += int(day < FIRST_DEPOSIT)
        place = min(i, len(rows) - 1)
        while place > 0 and rows[place - 1, 0] > day:
            rows[place, 0] = rows[place - 1, 0]
            rows[place, 1] = rows[place - 1, 1]
            place -= 1
        rows[place, 0] = day
        rows[place, 1] = amount * scale
    if len(on) > len(rows):
        return -1
    return -4 if early > 0 else len(on)


def load_months(amounts: Numbers, scale: int, most: int, rows: Numbers) -> int:
    """Sen by month."""
    if len(amounts) > len(rows):
        return -1
    lowest = highest = 0
    for i in range(len(amounts)):
        lowest = min(lowest, amounts[i])
        highest = max(highest, amounts[i])
        rows[i] = amounts[i] * scale
    return -1 if lowest < 0 or highest > most else len(amounts)


@dataclass(frozen=True)
class Kind:
    """Facts read one way: the names of a part's fields, the Arrow type of a column that is not given, the loader, the
    rows it can fill and its faults (code, field after the fact's name)."""

    children: tuple[str, ...]
    arrow: pa.DataType
    load: Callable[..., int]
    capacity: int
    faults: tuple[tuple[str, str], ...]


KINDS: Mapping[type, Kind] = {
    PerYear: Kind(("year", "wage"), pa.map_(pa.int32(), pa.int64()), load_years, YEARS, (("impossible_value", ""),)),
    Deposits: Kind(
        ("on", "amount"),
        pa.list_(pa.struct([("on", pa.date32()), ("amount", pa.int64())])),
        load_deposits,
        MOST_DEPOSITS,
        (
            ("impossible_value", ""),
            ("impossible_value", ".on"),
            ("impossible_value", ".amount"),
            ("before_law", ".on"),
        ),
    ),
    Monthly: Kind(("wage",), pa.list_(pa.int64()), load_months, MOST_MONTHS, (("impossible_value", ""),)),
}
"""By how the fact is read one by one."""


def kind_of(fact: Fact) -> Kind | None:
    """How a fact of many parts is loaded; None for a fact that is one number, or the same for all rows."""
    return None if fact.unit == "rates_by_year" else KINDS.get(type(fact.read))


def money_of(fact: Fact) -> Money:
    """How the amount of a part is read one by one."""
    read: Any = fact.read
    money: Money = read.amount if isinstance(read, Deposits) else read.read
    return money


def column_for(fact: Fact) -> Column:
    """The column of a fact that is one number. Raises NotColumnar."""
    return columns_of({None: Plan(Question(fact.name, False, (fact,), {}), (), ())})[0]


def days_in(array: pa.Array, at_month_end: bool = False) -> NDArray[np.int32]:
    """Dates, or text YYYY-MM-DD or YYYY-MM, as days since 1970; NO_DAY and WRONG_DAY where there is none to read."""
    return days(array, day_of=last_day if at_month_end else first_day)


@dataclass(frozen=True)
class Ragged:
    """A column of many parts: for each row the first part and the one past its last, the parts, how many sen one is."""

    first: NDArray[np.int32]
    past: NDArray[np.int32]
    children: tuple[NDArray[Any], ...]
    scale: int


def ragged(fact: Fact, kind: Kind, array: pa.Array) -> Ragged:
    """An Arrow list, or a map, as plain numbers; in place where it can be. Raises LawError for another type."""
    if pa.types.is_large_list(array.type):
        array = array.cast(pa.list_(array.type.value_field))
    parts = _parts(fact, kind, array)
    offsets = array.offsets.to_numpy()
    first, past = offsets[:-1], offsets[1:]
    if array.null_count:
        past = np.where(array.is_null().to_numpy(zero_copy_only=False), first, past)
    amounts, scale = numbers(column_for(replace(fact, unit="sen", read=money_of(fact), default=REQUIRED)), parts[-1])
    return Ragged(first, past, (*(_places(fact, kind, part) for part in parts[:-1]), amounts), scale)


def _parts(fact: Fact, kind: Kind, array: pa.Array) -> list[pa.Array]:
    named = " dan ".join(kind.children)
    if pa.types.is_map(array.type) and len(kind.children) > 1:
        return [array.keys, array.items]
    if pa.types.is_list(array.type):
        values = array.values
        if len(kind.children) == 1:
            return [values]
        if pa.types.is_struct(values.type) and {field.name for field in values.type} == set(kind.children):
            by_name = dict(zip((field.name for field in values.type), values.flatten(), strict=True))
            return [by_name[name] for name in kind.children]
    raise impossible(fact.name, f"Kolom {fact.name} bertipe {array.type}; pakai daftar berisi {named}.")


def _places(fact: Fact, kind: Kind, array: pa.Array) -> NDArray[np.int32]:
    """Years, or days since 1970; what cannot be read becomes a number that is never valid."""
    if kind.load is load_deposits:
        return days_in(array)
    if not pa.types.is_integer(array.type):
        raise impossible(fact.name, f"Tahun di {fact.name} bertipe {array.type}; pakai bilangan bulat.")
    years = array if array.type == pa.int32() else array.cast(pa.int64())
    if array.null_count:
        years = years.fill_null(0)
    whole: Numbers = years.to_numpy(zero_copy_only=False)
    if whole.dtype != np.int32:
        whole = np.clip(whole, 0, SMALL["int32"]).astype(np.int32)
    return whole
