"""Careers over ragged columns: pensions (JP) and savings accounts (JHT), beside NumPy and what memory allows.

A worker-month is one month of one worker's career, read as one wage from that worker's list (`monthly_wages`) or as one
deposit (`deposits`). Rates are millions of worker-months a second from Arrow to Arrow, the best of several runs.

- careers: JP told month by month, 1 to 240 months from July 2015 on; each year's wage rises and is rounded every year.
- annual: the same careers with a wage for each year (`annual_wages`): the months are counted, a twelfth of them read.
- accounts: JHT, 1 to 126 monthly deposits; both: JHT and JP of those workers one after the other, a month counted once.
- numpy: the average indexed wage alone of `careers`, year by year for all workers; roofline: its lists read once.

Sums are compared to the rupiah.
"""

from __future__ import annotations

import argparse
import json
import os
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numba
import numpy as np
import pyarrow as pa

from lindung.law.columns.careers import assess_careers, jht_balances
from lindung.law.columns.engine import cores

ON = date(2026, 2, 27)
LONGEST = 240
PAID = 126
"""Months from July 2015 to December 2025: the longest account."""

FIRST_YEAR, FIRST_MONTH = 2015, 6
RATES = {str(year): f"{1.5 + year % 7 / 4:.2f}" for year in range(FIRST_YEAR, 2036)}
RETURNS = {str(year): f"{5 + year % 5 / 4:.2f}" for year in range(FIRST_YEAR, 2028)}
PART = 1 << 12
Numbers = np.ndarray


@dataclass(frozen=True)
class Careers:
    """Seeded careers: where each worker's months begin, the months' wages, the tables made of them."""

    offsets: Numbers
    wages: Numbers
    monthly: pa.Table
    annual: pa.Table


def made(worker_months: int, longest: int = LONGEST) -> Careers:
    """About so many worker-months."""
    chance = np.random.default_rng(20261123)
    lengths = chance.integers(1, longest + 1, 2 * worker_months // longest)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    wages = chance.lognormal(15.2, 0.6, offsets[-1]).astype(np.int64)
    first = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(lengths), np.int8)), pa.array(["2015-07"]))
    monthly = pa.table({"monthly_wages": pa.ListArray.from_arrays(offsets, wages), "first_month": first})
    starts, years, workers = by_year(offsets)
    of_year = rounded(np.add.reduceat(wages, starts), np.diff(np.append(starts, len(wages))))
    ends = np.concatenate([[0], np.cumsum(np.bincount(workers, minlength=len(lengths)))]).astype(np.int32)
    annual = pa.MapArray.from_arrays(ends, pa.array(years.astype(np.int32)), pa.array(of_year))
    return Careers(offsets, wages, monthly, pa.table({"annual_wages": annual, "months": lengths}))


def by_year(offsets: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Where each year of each worker begins, which year it is, and whose."""
    lengths = np.diff(offsets)
    in_career = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    starts = np.flatnonzero((in_career == 0) | ((in_career + FIRST_MONTH) % 12 == 0))
    workers = np.repeat(np.arange(len(lengths)), (lengths + FIRST_MONTH - 1) // 12 + 1)
    return starts, FIRST_YEAR + (in_career[starts] + FIRST_MONTH) // 12, workers


def rounded(numerator: Any, denominator: Any) -> Any:
    """Half up, by whole numbers."""
    return (2 * numerator + denominator) // (2 * denominator)


def by_numpy(careers: Careers) -> int:
    """The average indexed wages in NumPy, year by year for all workers at once; gives their sum."""
    starts, years, workers = by_year(careers.offsets)
    counts = np.diff(np.append(starts, len(careers.wages)))
    value = rounded(np.add.reduceat(careers.wages * 100, starts), counts) * 10_000
    # Payable in 2026, wages of later years are planned ones: indexed to the year of the last.
    until = np.maximum(years[np.cumsum(np.bincount(workers)) - 1], ON.year - 1)[workers]
    for year in range(FIRST_YEAR, int(until.max()) + 1):
        here = np.flatnonzero((years <= year) & (until >= year))
        parts, old = 100_000 + round(float(RATES[str(year)]) * 1000), value[here]
        value[here] = old // 100_000 * parts + rounded(old % 100_000 * parts, 100_000)
    total = np.bincount(workers)
    return int(rounded(np.add.reduceat(rounded(value, 1_000_000), np.cumsum(total) - total), total).sum())


@numba.njit(nogil=True)  # type: ignore[untyped-decorator]
def added(offsets, wages, sums):  # type: ignore[no-untyped-def]
    """Read every list once."""
    for i in range(sums.size):
        total = 0
        for j in range(offsets[i], offsets[i + 1]):
            total += wages[j]
        sums[i] = total


def roofline(careers: Careers) -> Callable[[], object]:
    """What the memory allows: the lists read once on all cores."""
    pool, sums = ThreadPoolExecutor(cores()), np.zeros(len(careers.offsets) - 1, np.int64)

    def part(start: int) -> None:
        stop = min(start + PART, len(sums))
        added(careers.offsets[start : stop + 1], careers.wages, sums[start:stop])

    return lambda: list(pool.map(part, range(0, len(sums), PART)))


def accounts(careers: Careers) -> pa.Table:
    """The same months as deposits of 5.7% of the wage, on the 15th."""
    months = [FIRST_YEAR * 12 + FIRST_MONTH + place for place in range(PAID)]
    days = np.array([date(m // 12, m % 12 + 1, 15).toordinal() - date(1970, 1, 1).toordinal() for m in months])
    in_career = np.arange(careers.offsets[-1]) - np.repeat(careers.offsets[:-1], np.diff(careers.offsets))
    on = pa.array(days[in_career].astype(np.int32)).cast(pa.date32())
    paid = pa.StructArray.from_arrays([on, pa.array(rounded(careers.wages * 57, 1000))], ["on", "amount"])
    return pa.table({"deposits": pa.ListArray.from_arrays(careers.offsets, paid)})


def seconds(call: Callable[[], object], repeat: int) -> float:
    """The best of several runs after one to warm up."""
    call()
    return min(timeit.repeat(call, number=1, repeat=repeat))


def pensions(table: pa.Table, threads: int | None = None) -> dict[str, int]:
    """JP over a table; gives the totals."""
    done = assess_careers(table, on=ON, rates=RATES, threads=threads)
    assert done.errors.num_rows == 0
    return done.totals


def careers(rows: int, repeat: int) -> float:
    """JP of so many worker-months told month by month: million worker-months a second."""
    made_ = made(rows)
    return round(len(made_.wages) / seconds(lambda: pensions(made_.monthly), repeat) / 1e6, 1)


def measured(rows: int, repeat: int) -> dict[str, Any]:
    """Everything, over the same careers."""
    all_ = made(rows)
    months = len(all_.wages)
    paid = made(rows, PAID)
    deposits = accounts(paid)
    assert by_numpy(all_) == pensions(all_.monthly)["average_indexed_wage"], "NumPy differs"
    times = {
        "roofline": seconds(roofline(all_), repeat),
        "careers": seconds(lambda: pensions(all_.monthly), repeat),
        "one_thread": seconds(lambda: pensions(all_.monthly, 1), repeat),
        "annual": seconds(lambda: pensions(all_.annual), repeat),
        "numpy": seconds(lambda: by_numpy(all_), 1),
    }
    saved = seconds(lambda: jht_balances(deposits, ON, RETURNS), repeat)
    both = saved + seconds(lambda: pensions(paid.monthly), repeat)
    found: dict[str, Any] = {"workers": len(all_.offsets) - 1, "worker_months": months, "cores": cores()}
    found["load"] = round(os.getloadavg()[0], 1)
    found |= {name: round(months / time / 1e6, 1) for name, time in times.items()}
    found |= {name: round(len(paid.wages) / time / 1e6, 1) for name, time in (("accounts", saved), ("both", both))}
    found["of_roofline"] = round(times["roofline"] / times["careers"], 3)
    found["times_numpy"] = round(times["numpy"] / times["careers"], 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, default=24_000_000, help="worker-months")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    result = measured(options.rows, options.repeat)
    print(json.dumps(result) if options.json else json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
