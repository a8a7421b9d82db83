"""Wage lines judged by the law, a row group at a time: what each person-month owes, and what each payer's bill says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lindung.law.columns import Assessment, Buffers, Request, assess_batch
from lindung.law.form.words import Segment
from lindung.nation.building import KEYS, Nation
from lindung.nation.makeup import CATEGORIES, Category, Integers

AMOUNTS = ("jkk", "jkm", "jht", "jp", "jkp", "worker_share")
MONTHLY = (
    "jkk",
    "jkm",
    "jht_employer",
    "jht_worker",
    "jp_employer",
    "jp_worker",
    "jkp_from_jkk",
    "jkp_from_jkm",
    "worker_total",
    "total",
    "base",
)

SPREAD = 40_503
"""Numbers next to each other, times this, differ in many of their digits."""


@dataclass(frozen=True)
class Charges:
    """Person-months of whole payers, sorted by payer. `first`: where each payer's begin; `bill`: each one's bill,
    numbered from 1 in the order of the payers."""

    category: Category
    columns: dict[str, Integers]
    first: Integers
    bills_before: int

    @property
    def rows(self) -> int:
        return len(self.columns["payer_id"])

    @property
    def bill(self) -> Integers:
        """Each row's bill."""
        counts = np.diff(self.first, append=self.rows)
        found: Integers = np.repeat(self.bills_before + 1 + np.arange(len(self.first)), counts)
        return found

    @property
    def pairing(self) -> Integers:
        """Who stands beside whom in each row: added up, it differs where two rows changed a number with one another."""
        columns = self.columns
        person = columns["person_id"] * 8 + columns["job"]
        paired: Integers = columns["membership_id"] * SPREAD ^ person ^ columns["place_id"]
        return paired

    def is_sorted(self) -> bool:
        """Whether the rows are in the order of payer, person and job."""
        payer, person, job = (np.diff(self.columns[name]) for name in ("payer_id", "person_id", "job"))
        return bool(((payer > 0) | (payer == 0) & ((person > 0) | (person == 0) & (job > 0))).all())

    def per_payer(self, values: NDArray[np.int64] | NDArray[np.bool_]) -> Integers:
        """A column added up for each payer."""
        found: Integers = np.add.reduceat(values.astype(np.int64), self.first)
        return found


@dataclass
class Judged:
    """What the law said of all lines: rows charged, faulty lines left out, rupiah by kind."""

    rows: int = 0
    faulty: int = 0
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*AMOUNTS, "total"), 0))

    def count(self, done: Assessment, amounts: dict[str, Integers]) -> None:
        """Count in a row group: the law's own total beside ours."""
        self.rows += done.rows - done.errors.num_rows
        self.faulty += done.errors.num_rows
        self.totals["total"] += done.totals["total"]
        for name in AMOUNTS:
            self.totals[name] += int(amounts[name].sum())


def assessed(nation: Nation, month: date, judged: Judged | None = None) -> Iterator[Charges]:
    """Judge all wage lines of a month, a row group at a time. Faulty lines are counted and left out.

    Raises ValueError when a file is not sorted by payer and person, a payer's lines in one row group."""
    buffers, bills, last_payer = Buffers(), 0, 0
    for category in CATEGORIES:
        with pq.ParquetFile(nation.lines_of(category)) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, use_threads=False)
                charges = _charges(table, category, month, buffers, bills, judged or Judged())
                if not charges.rows:
                    continue
                if charges.columns["payer_id"][0] <= last_payer or not charges.is_sorted():
                    raise ValueError(
                        f"{nation.lines_of(category)}: row group {group} is not sorted by payer and person"
                    )
                yield charges
                bills, last_payer = bills + len(charges.first), int(charges.columns["payer_id"][-1])


def _charges(table: pa.Table, category: Category, month: date, buffers: Buffers, bills: int, judged: Judged) -> Charges:
    """A row group judged, without its faulty lines."""
    lines = table.combine_chunks()
    keys = {name: lines.column(name).to_numpy().astype(np.int64) for name, _ in KEYS}
    facts = lines.select([name for name in lines.column_names if name not in keys])
    done, amounts = (_migrants if category.segment == "PMI" else _monthly)(facts, category, month, buffers)
    judged.count(done, amounts)
    columns = keys | amounts
    if done.errors.num_rows:
        good = np.ones(done.rows, bool)
        good[done.errors.column("row").to_numpy()] = False
        columns = {name: values[good] for name, values in columns.items()}
    first = np.flatnonzero(np.diff(columns["payer_id"], prepend=-1))
    return Charges(category, columns, first, bills)


def _batch(facts: pa.Table) -> pa.RecordBatch:
    batches = facts.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], facts.schema)


def _monthly(
    facts: pa.Table, category: Category, month: date, buffers: Buffers
) -> tuple[Assessment, dict[str, Integers]]:
    """Wage earners, projects by their workers' wages, and those without a wage: the question `contributions`."""
    segment = Segment.BPU if category.segment == "BPU" else Segment.PU
    given = facts.append_column("segment", pa.array(np.full(facts.num_rows, int(segment), np.int8)))
    done = assess_batch(_batch(given), Request("contributions", month, MONTHLY, threads=1), buffers)
    assert done.results is not None
    found = {name: _numbers(done, name) for name in MONTHLY}
    return done, {
        "wage_base": found["base"] if segment == Segment.BPU else _wages(facts),
        "jkk": found["jkk"],
        "jkm": found["jkm"],
        "jht": found["jht_employer"] + found["jht_worker"],
        "jp": found["jp_employer"] + found["jp_worker"],
        "jkp": found["jkp_from_jkk"] + found["jkp_from_jkm"],
        "worker_share": found["worker_total"],
    }


def _migrants(
    facts: pa.Table, category: Category, month: date, buffers: Buffers
) -> tuple[Assessment, dict[str, Integers]]:
    """Migrants pay once, before they leave. The regulation names one sum for JKK and JKM; it is booked under JKK."""
    done = assess_batch(_batch(facts), Request("migrant_contributions", month, ("total",), threads=1), buffers)
    total, none = _numbers(done, "total").copy(), np.zeros(facts.num_rows, np.int64)
    return done, {"jkk": total, "worker_share": total} | dict.fromkeys(("wage_base", "jkm", "jht", "jp", "jkp"), none)


def _wages(facts: pa.Table) -> Integers:
    wages: Integers = facts.column("wage").fill_null(0).to_numpy()
    return wages


def _numbers(done: Assessment, name: str) -> Integers:
    """A result as numbers, over the same memory; what stands in faulty rows means nothing."""
    assert done.results is not None
    array = done.results.column(name)
    numbers: Integers = np.frombuffer(array.buffers()[1], np.int64, count=len(array))
    return numbers
