"""The columns a question takes: which facts, in which small whole numbers, within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from ..contributions.reading import Country
from ..form.facts import (
    FIRST_DAY,
    LAST_DAY,
    REQUIRED,
    Count,
    Fact,
    Maybe,
    Money,
    Programmes,
    Word,
    read_day,
    read_flag,
    read_segment,
)
from ..form.question import Plan
from ..form.rounding import SEN
from ..form.words import Segment

SMALL = {"int8": 2**7 - 1, "int16": 2**15 - 1, "int32": 2**31 - 1, "int64": 2**63 - 1}


class Fault(IntEnum):
    """What an error code can mean before the columns' own codes, which follow in the order of the columns."""

    NONE = 0
    BEFORE_LAW = 1
    BEYOND_KNOWN = 2


FIRST_COLUMN = len(Fault)

Plans = Mapping[Segment | None, Plan]


class NotColumnar(ValueError):
    """A question, or a fact of it, that has no form over columns."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one plan accepts of a fact. `default` None: required. `bits` not 0: a set, not empty, within these bits.
    `gaps`: numbers between the limits that are no word."""

    least: int
    most: int
    default: int | None
    bits: int = 0
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its number type, its error code, what each segment's plan accepts of it and how it reads it.

    Money is in its own units, days count from 1 January of the year 1, as `date.toordinal()` does."""

    name: str
    dtype: str
    error: int
    money: bool
    day: bool
    limits: Mapping[Segment | None, Limits]
    facts: Mapping[Segment | None, Fact]

    @property
    def null(self) -> int:
        """The number that stands for "not given"."""
        return -SMALL[self.dtype] - 1


def _limits(fact: Fact) -> Limits:
    read = fact.read.read if isinstance(fact.read, Maybe) else fact.read
    least, most, bits = 0, 1, 0
    words: tuple[int, ...] = ()
    if isinstance(read, Money):
        most = read.most * SEN
    elif isinstance(read, Count):
        least, most = read.least, read.most
    elif isinstance(read, Programmes):
        least, most, bits = 1, int(read.allowed), int(read.allowed)
    elif isinstance(read, Word):
        words = tuple(sorted({int(word) for word in read.words.values()}))
        least, most = words[0], words[-1]
    elif read is read_segment:
        least, most = min(Segment), max(Segment)
    elif read is read_day:
        least, most = FIRST_DAY, LAST_DAY
    elif read is not read_flag and not isinstance(read, Country):
        raise NotColumnar(f"Fakta {fact.name} belum ada bentuk kolomnya; tanyakan satu per satu (evaluate).")
    default = None if fact.default is REQUIRED else int(fact.read(fact.default, fact.name))
    gaps = tuple(sorted(set(range(least, most)) - set(words))) if words else ()
    return Limits(least, most, default, bits, gaps)


def columns_of(plans: Plans) -> tuple[Column, ...]:
    """Every fact of the plans once, in order. Raises NotColumnar."""
    facts: dict[str, dict[Segment | None, Fact]] = {}
    for segment, plan in plans.items():
        for fact in plan.question.facts:
            facts.setdefault(fact.name, {})[segment] = fact
    columns = []
    for place, (name, by_segment) in enumerate(facts.items()):
        limits = {segment: _limits(fact) for segment, fact in by_segment.items()}
        money = any(isinstance(fact.read, Money) for fact in by_segment.values())
        day = any(fact.unit == "day" for fact in by_segment.values())
        most = 2**40 if money else max(limit.most for limit in limits.values())
        least = min(limit.least for limit in limits.values())
        # Room for a number beyond either limit, and for the least one, which stands for "not given".
        dtype = next(dtype for dtype, top in SMALL.items() if most < top and least > -top)
        columns.append(Column(name, dtype, FIRST_COLUMN + place, money, day, limits, by_segment))
    return tuple(columns)
