"""What the reads of this room return: every figure with its day, unit, denominator and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lindung.core.ui.parts import Text

Unit = Literal["orang", "orang-bulan", "klaim", "rupiah"]


@dataclass(frozen=True)
class DenominatorRow:
    """Workers or inhabitants, with the period and source that somebody published."""

    kind: Literal["workers", "population"]
    value: int
    as_of: date
    period: str
    source: str


@dataclass(frozen=True)
class Figure:
    """One of our counts. `unit`: orang, orang-bulan, rupiah or klaim. `since` is empty for a state on `as_of`, and for
    everything recorded; `detail` names the kind of payer or the programme that the count is of."""

    code: str
    detail: str
    title: str
    value: int
    unit: Unit
    as_of: date
    source: Text
    since: date | None = None
    of: DenominatorRow | None = None

    @property
    def share(self) -> float | None:
        """The part of the denominator; None where there is none."""
        return self.value / self.of.value if self.of and self.of.value else None

    @property
    def missing(self) -> int | None:
        """Those of the denominator who are not counted; None where there is none."""
        return max(self.of.value - self.value, 0) if self.of else None


@dataclass(frozen=True)
class PlaceFigures:
    """The counts of one district or village; rupiah are int. `population` is only known for districts."""

    key: int
    code: str
    name: str
    district_key: int
    district: str
    latitude: float | None
    longitude: float | None
    people: int
    active: int
    grace: int
    financed: int
    person_months: int
    realised: int
    claims: int
    benefit: int
    population: DenominatorRow | None = None

    @property
    def share(self) -> float | None:
        """People protected of all inhabitants (not of workers)."""
        return self.people / self.population.value if self.population and self.population.value else None


@dataclass(frozen=True)
class ProgrammeFigures:
    """Claims and rupiah paid of one programme, this year and since our records begin."""

    programme: str
    claims: int
    amount: int
    claims_ever: int
    amount_ever: int

    @property
    def mean(self) -> int | None:
        """Rupiah per claim this year, rounded down."""
        return self.amount // self.claims if self.claims else None

    @property
    def mean_ever(self) -> int | None:
        """Rupiah per claim since our records begin, rounded down."""
        return self.amount_ever // self.claims_ever if self.claims_ever else None


@dataclass(frozen=True)
class Budget:
    """The contribution assistance of a fiscal year, in rupiah."""

    year: int
    ceiling: int
    committed: int
    realised: int

    @property
    def free(self) -> int:
        """What no decree has bound yet; negative when decrees exceed the ceiling."""
        return self.ceiling - self.committed


@dataclass(frozen=True)
class ExternalRow:
    """A figure somebody else published."""

    code: str
    label: str
    value: int
    unit: str
    at_least: bool
    as_of: date | None
    period: str
    source: str


@dataclass(frozen=True)
class Overview:
    """Everything on the leadership page except the alarms and the figures from outside.

    People protected are `active` and in `grace`; `by_payer` splits the same people by the kind of who pays."""

    as_of: date
    protected: Figure
    active: int
    grace: int
    by_payer: dict[str, int]
    financed: Figure
    person_months: Figure
    programmes: list[ProgrammeFigures]
    budget: Budget
    trend: list[tuple[date, int]]
