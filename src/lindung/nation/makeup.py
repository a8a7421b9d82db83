"""What the synthetic nation is made of: who pays for whom, how large employers are, where people work, what they earn.

Shares of 2024: 45.2 million active, of whom 29.3 wage earners (PU), 9.9 without a wage (BPU), 6.0 in construction
(Jakon) and migrants (PMI); 901,912 employers (BPJS Ketenagakerjaan, 2023 and 2024). How BPU and the last group divide
further is not published: those shares, sizes and wages are synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lindung.law.form.words import FirmSize
from lindung.places.dataset import key_of, read_places

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Category:
    """People whose contributions are paid in one way. `share` of 452 workers; `mean`: people of one payer."""

    name: str
    segment: str
    kind: str  # of payer
    share: int
    mean: int


CATEGORIES = (
    Category("employed", "PU", "company", 293, 32),
    Category("construction", "JAKON", "company", 59, 60),
    Category("assisted", "BPU", "regency", 35, 0),  # one office in each regency, by its population
    Category("collective", "BPU", "donor", 53, 80),
    Category("self_paid", "BPU", "self", 11, 1),
    Category("migrants", "PMI", "company", 1, 40),
)

# Least and most people of a class, payers in a thousand, and the exponent of the tail within it.
EMPLOYERS = (
    (FirmSize.MICRO, 1, 4, 520, 0.6),
    (FirmSize.SMALL, 5, 19, 310, 1.0),
    (FirmSize.MEDIUM, 20, 99, 130, 1.1),
    (FirmSize.LARGE, 100, 60_000, 40, 1.05),
)
RISK = (0.30, 0.28, 0.24, 0.12, 0.06)
"""Share of employers in the risk groups 1 to 5."""

MINIMUM_WAGES = {
    "61.12": 3_100_000,
    "61.04": 3_561_801,
    "61.11": 3_370_586,
    "61.07": 3_252_580,
    "61.72": 3_247_387,
    "61.02": 3_220_801,
    "61.08": 3_211_256,
    "61.71": 3_205_220,
}
"""Minimum wages of 2026 that are known (West Kalimantan, SK Gubernur 1355/NAKERTRAN/2025); every other is synthetic."""

LEAST_SYNTHETIC, MOST_SYNTHETIC = 2_200_000, 5_400_000


@dataclass(frozen=True)
class Regencies:
    """Regencies and cities with their villages: row r has villages[first[r] : first[r] + count[r]]."""

    key: Integers
    weight: NDArray[np.float64]  # adds up to 1
    minimum_wage: Integers
    villages: Integers
    first: Integers
    count: Integers

    def villages_of(self, regency: Integers, chance: np.random.Generator) -> Integers:
        """A village in each of these regencies."""
        place = (chance.random(len(regency)) * self.count[regency]).astype(np.int64)
        found: Integers = self.villages[self.first[regency] + place]
        return found


def read_regencies(seed: int) -> Regencies:
    """Indonesia's 514 regencies and cities, with a minimum wage each."""
    places = read_places()
    regencies = places.filter(pl.col("kind") == "regency").sort("key")
    keys: Integers = regencies["key"].to_numpy()
    people = regencies["population"].fill_null(100_000).to_numpy().astype(float)
    villages: Integers = places.filter(pl.col("kind") == "village")["key"].sort().to_numpy()
    first = np.searchsorted(villages, keys)
    count = np.searchsorted(villages, keys + 1_000_000) - first
    wages = np.random.default_rng([seed, 1]).integers(LEAST_SYNTHETIC, MOST_SYNTHETIC, len(keys))
    for code, wage in MINIMUM_WAGES.items():
        wages[np.searchsorted(keys, key_of(code))] = wage
    return Regencies(keys, people / people.sum(), wages, villages, first, count)


def workers_by_category(workers: int) -> dict[str, int]:
    """How many of so many workers are in each category: the shares of the nation, to the last worker."""
    whole = sum(one.share for one in CATEGORIES)
    found = {one.name: workers * one.share // whole for one in CATEGORIES}
    found[CATEGORIES[0].name] += workers - sum(found.values())
    return found


def sizes_of(category: Category, workers: int, regencies: Regencies, chance: np.random.Generator) -> Integers:
    """People of each payer of a category: they add up to `workers`, and nobody has none."""
    if category.name == "assisted":
        return _adding_up(regencies.weight * workers, workers, zeros=True)
    payers = max(1, workers // category.mean) if workers else 0
    if category.mean == 1:
        return np.ones(payers, np.int64)
    if category.name == "employed":
        return _adding_up(_employer_sizes(payers, chance), workers)
    return _adding_up(chance.lognormal(0, 0.9, payers), workers)


def firm_size_of(sizes: Integers) -> NDArray[np.int8]:
    """The class an employer of so many people falls into."""
    limits = [least for _, least, *_ in EMPLOYERS]
    return np.array([int(size) for size, *_ in EMPLOYERS], np.int8)[np.searchsorted(limits, sizes, "right") - 1]


def _employer_sizes(payers: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Sizes drawn within their classes from bounded Pareto tails."""
    classes = chance.choice(len(EMPLOYERS), payers, p=[one[3] / 1000 for one in EMPLOYERS])
    drawn = chance.random(payers)
    sizes = np.empty(payers)
    for number, (_, least, most, _, tail) in enumerate(EMPLOYERS):
        here = classes == number
        low, high = least**-tail, (most + 1) ** -tail
        sizes[here] = (low - drawn[here] * (low - high)) ** (-1 / tail)
    return sizes


def _adding_up(wanted: NDArray[np.float64], total: int, *, zeros: bool = False) -> Integers:
    """Whole numbers in the proportion of `wanted` that add up to `total`, each at least 1 (or 0)."""
    if not len(wanted):
        return np.empty(0, np.int64)
    least = 0 if zeros else 1
    spare = total - least * len(wanted)
    edges = np.floor(np.cumsum(wanted) / wanted.sum() * spare + 0.5).astype(np.int64)
    edges[-1] = spare
    found: Integers = np.diff(edges, prepend=0) + least
    return found
