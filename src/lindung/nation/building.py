"""The nation's wage lines and payers as Parquet: deterministic by seed, written row group by row group.

Lines are sorted by payer, person and job, and a row group never splits a payer: whoever reads a row group can bill it.
Memory is bounded by the list of payers and one row group.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lindung.law.form.words import Payer, Placement, Programme
from lindung.nation.makeup import (
    CATEGORIES,
    RISK,
    Category,
    Integers,
    Regencies,
    firm_size_of,
    read_regencies,
    sizes_of,
    workers_by_category,
)

SEED = 20260201
GROUP = 200_000
"""Lines after which a row group ends, with its last payer's last line."""

FAULTY = 50_000
"""One employed worker's line in so many lacks its wage."""

MOVED = 3
"""Of ten workers, those who changed employer since they were registered: their numbers lie anywhere in the register."""

SECOND_JOBS = 50
"""One line in so many is the second job of somebody who has another line."""


@dataclass(frozen=True)
class Nation:
    """A nation on disk: what it was made from, and how much there is of each category."""

    folder: Path
    seed: int
    workers: int
    payers: int
    lines: dict[str, int]

    def lines_of(self, category: Category) -> Path:
        """The wage lines of a category, for this month."""
        return self.folder / f"lines_{category.name}.parquet"

    @property
    def payers_file(self) -> Path:
        return self.folder / "payers.parquet"


def build_nation(folder: Path, workers: int, seed: int = SEED) -> Nation:
    """Write the nation, or find the same one already written. A killed build begins again: the list comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "nation.json"
    if made.exists():
        told = json.loads(made.read_text())
        if (told["workers"], told["seed"]) == (workers, seed):
            return Nation(folder, **told)
        made.unlink()
    regencies = read_regencies(seed)
    lines = workers_by_category(workers)
    first_payer, first_line = 1, 0
    with pq.ParquetWriter(folder / "payers.parquet", PAYERS, compression="zstd") as payers:
        for number, category in enumerate(CATEGORIES):
            chance = np.random.default_rng([seed, 2, number])
            sizes = sizes_of(category, lines[category.name], regencies, chance)
            draft = Draft(number, category, sizes, regencies, seed, workers, first_payer, first_line)
            payers.write_table(draft.payers(chance))
            with pq.ParquetWriter(
                folder / f"lines_{category.name}.parquet", draft.schema, compression="zstd", compression_level=1
            ) as writer:
                for group in draft.groups():
                    writer.write_table(group, row_group_size=len(group) or 1)
            first_payer, first_line = first_payer + len(sizes), first_line + int(sizes.sum())
    nation = Nation(folder, seed, workers, first_payer - 1, lines)
    part = made.with_suffix(".part")
    part.write_text(json.dumps({name: value for name, value in asdict(nation).items() if name != "folder"}))
    part.replace(made)
    return nation


PAYERS = pa.schema(
    [
        ("payer_id", pa.int64()),
        ("category", pa.int8()),
        ("place_id", pa.int64()),
        ("regency", pa.int16()),
        ("people", pa.int32()),
        ("risk_group", pa.int8()),
    ]
)
KEYS = [
    ("payer_id", pa.int64()),
    ("membership_id", pa.int64()),
    ("person_id", pa.int64()),
    ("job", pa.int8()),
    ("place_id", pa.int64()),
]
FACTS = {
    "PU": [("wage", pa.int64()), ("risk_group", pa.int8()), ("firm_size", pa.int8()), ("age", pa.int8())],
    "JAKON": [("wage", pa.int64()), ("risk_group", pa.int8()), ("programmes", pa.int8())],
    "BPU": [("income", pa.int64()), ("payer", pa.int8()), ("programmes", pa.int8())],
    "PMI": [("placement", pa.int8()), ("months", pa.int8())],
}
DEATH_AND_INJURY = int(Programme.JKK | Programme.JKM)


@dataclass
class Draft:
    """A category while it is written."""

    number: int
    category: Category
    sizes: Integers
    regencies: Regencies
    seed: int
    workers: int
    first_payer: int
    first_line: int

    def __post_init__(self) -> None:
        self.schema = pa.schema([*KEYS, *FACTS[self.category.segment]])
        self.regency: Integers = np.empty(0, np.int64)
        self.risk: Integers = np.empty(0, np.int64)

    def payers(self, chance: np.random.Generator) -> pa.Table:
        """The category's payers, each in a regency drawn by population."""
        count = len(self.sizes)
        if self.category.name == "assisted":
            self.regency = np.arange(count)
        else:
            self.regency = np.searchsorted(np.cumsum(self.regencies.weight), chance.random(count) * 0.999999)
        self.risk = chance.choice(len(RISK), count, p=RISK) + 1
        if self.category.name == "construction":
            self.risk[:] = len(RISK)  # 1.74% of the wage, as PP 44/2015 Pasal 54 (1) has it for projects
        columns = {
            "payer_id": self.first_payer + np.arange(count),
            "category": np.full(count, self.number),
            "place_id": self.regencies.key[self.regency],
            "regency": self.regency,
            "people": self.sizes,
            "risk_group": self.risk,
        }
        return pa.table([pa.array(columns[one.name], one.type) for one in PAYERS], PAYERS)

    def groups(self) -> Iterator[pa.Table]:
        """Whole payers, about GROUP lines at a time."""
        ends = np.cumsum(self.sizes)
        begin, done = 0, 0
        while begin < len(self.sizes):
            end = max(begin + 1, int(np.searchsorted(ends, done + GROUP)))
            yield self._group(begin, end, done)
            done, begin = int(ends[end - 1]), end

    def _group(self, begin: int, end: int, done: int) -> pa.Table:
        """The lines of payers begin to end, the first of which is the category's line `done`."""
        chance = np.random.default_rng([self.seed, 3, self.number, begin])
        payer = np.repeat(np.arange(begin, end), self.sizes[begin:end])
        line = self.first_line + done + np.arange(len(payer))
        second = line % SECOND_JOBS == SECOND_JOBS - 1
        second &= line < self.workers // SECOND_JOBS * SECOND_JOBS
        person = membership_of(np.where(second, first_job_of(line, self.workers), line), self.workers)
        job = np.where(second, 2, 1)
        order = np.lexsort((job, person, payer))
        columns = {
            "payer_id": self.first_payer + payer,
            "membership_id": membership_of(line, self.workers)[order],
            "person_id": person[order],
            "job": job[order],
            "place_id": self.regencies.villages_of(self.regency[payer], chance),
            **self._facts(payer, chance),
        }
        arrays = [pa.array(columns[one.name], one.type) for one in self.schema]
        if self.category.name == "employed":
            faulty = line % FAULTY == FAULTY // 2
            arrays[self.schema.get_field_index("wage")] = pa.array(columns["wage"], pa.int64(), mask=faulty)
        return pa.table(arrays, self.schema)

    def _facts(self, payer: Integers, chance: np.random.Generator) -> dict[str, Integers]:
        count = len(payer)
        whole = np.ones(count, np.int64)
        if self.category.segment == "PMI":
            return {"placement": whole * Placement.AGENCY, "months": whole * 24}
        minimum = self.regencies.minimum_wage[self.regency[payer]]
        if self.category.segment == "BPU":
            if self.category.name == "assisted":
                return {
                    "income": whole * 1_000_000,
                    "payer": whole * Payer.APBD,
                    "programmes": whole * DEATH_AND_INJURY,
                }
            saving = chance.random(count) < 0.07  # BPU in JHT, 2023: 0.63 of 9.19 million
            income = minimum * chance.lognormal(-0.5, 0.45, count)
            programmes = np.where(saving, DEATH_AND_INJURY | int(Programme.JHT), DEATH_AND_INJURY)
            return {"income": income.astype(np.int64), "payer": whole * Payer.SELF, "programmes": programmes}
        wage = (minimum * chance.lognormal(0.12, 0.30, count)).astype(np.int64)
        if self.category.segment == "JAKON":
            return {"wage": wage, "risk_group": self.risk[payer], "programmes": whole * DEATH_AND_INJURY}
        firm = firm_size_of(self.sizes)[payer].astype(np.int64)
        age = np.clip(chance.normal(36, 10, count), 18, 64).astype(np.int64)
        return {"wage": wage, "risk_group": self.risk[payer], "firm_size": firm, "age": age}


def membership_of(line: Integers, workers: int) -> Integers:
    """The membership's number of a line: in the lines' order, save for those who moved, whose numbers lie anywhere.

    One to one: lines whose last digit is below MOVED change places among those with the same last digit."""
    tens = workers // 10
    place, digit = line // 10, line % 10
    moved = (digit < MOVED) & (place < tens)
    return np.where(moved, _elsewhere(place, tens) * 10 + digit, line) + 1


def first_job_of(line: Integers, workers: int) -> Integers:
    """The line of the first job of those who have their second job here: one to one, and never itself a second job."""
    blocks = workers // SECOND_JOBS
    return _elsewhere(line // SECOND_JOBS, blocks) * SECOND_JOBS + SECOND_JOBS // 2


def _elsewhere(place: Integers, places: int) -> Integers:
    """A number below `places` for each number below it, one to one, far from the first."""
    if places < 2:
        return place
    step = int(places * 0.6180339887) | 1
    while np.gcd(step, places) != 1:
        step += 2
    return (place * step + places // 3) % places
