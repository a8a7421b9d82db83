"""A file judged on a cluster: what one worker takes, what two take, and what this process takes alone.

./run bench law_cluster                                  Dask, on this machine
./run bench law_cluster -- --engine spark --workers 1,2  Spark on this machine; its start counts in every run
Seconds are the best of several runs; every run's totals are compared to the rupiah.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lindung.law.columns import Request
from lindung.law.columns.cluster import Engine, assess_on
from lindung.law.columns.files import Summary, assess_file, totals_of
from lindung.law.form.words import FirmSize, Segment

ON = date(2025, 3, 1)
GROUP = 1 << 19
"""Rows in a row group, and so in a task."""


def write_workers(path: Path, rows: int) -> None:
    """A month of wage earners."""
    chance = np.random.default_rng(20261123)
    columns = {
        "id": np.arange(rows),
        "segment": np.full(rows, Segment.PU, np.int8),
        "wage": chance.integers(1_000_000, 30_000_000, rows),
        "risk_group": chance.integers(1, 6, rows, dtype=np.int8),
        "firm_size": np.full(rows, FirmSize.LARGE, np.int8),
        "age": chance.integers(18, 70, rows, dtype=np.int8),
    }
    pq.write_table(pa.table(columns), path, row_group_size=GROUP, compression="zstd", compression_level=1)


def best(call: Callable[[], Summary], repeat: int, expected: Summary | None = None) -> tuple[float, Summary]:
    """Seconds of the best of several runs, after one to warm up, and what came out. All must come out the same."""
    found, taken = call(), []
    for _ in range(repeat):
        begun = time.perf_counter()
        found = call()
        taken.append(time.perf_counter() - begun)
        assert expected is None or (found.totals, found.rows) == (expected.totals, expected.rows)
    return round(min(taken), 2), found


@contextmanager
def address_of(engine: Engine, workers: int) -> Iterator[str | None]:
    """Dask's cluster stands ready before the clock runs; Spark starts its own for every file."""
    if engine == "spark":
        yield None
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


def measured(engine: Engine, workers: list[int], rows: int, repeat: int) -> dict[str, Any]:
    """Seconds for totals and for rows: alone with one thread, and on the engine with so many workers."""
    request = Request("contributions", ON)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out"
        write_workers(source, rows)
        alone = replace(request, threads=1)
        totals, expected = best(lambda: totals_of(source, alone), repeat)
        assert not expected.faults
        written, _ = best(lambda: assess_file(source, target.with_suffix(".parquet"), alone), repeat, expected)
        found: dict[str, Any] = {"engine": engine, "million_rows": rows / 1e6, "tasks": -(-rows // GROUP)}
        found |= {"alone_totals_s": totals, "alone_rows_s": written}
        for count in workers:
            asked = replace(request, threads=count)
            with address_of(engine, count) as address:

                def to_totals(asked: Request = asked, address: str | None = address) -> Summary:
                    return assess_on(engine, source, None, asked, address=address)

                def to_rows(asked: Request = asked, address: str | None = address) -> Summary:
                    shutil.rmtree(target, ignore_errors=True)
                    return assess_on(engine, source, target, asked, address=address)

                found[f"totals_{count}_s"], _ = best(to_totals, repeat, expected)
                found[f"rows_{count}_s"], _ = best(to_rows, repeat, expected)
    first, *_, last = workers
    for kind in ("totals", "rows"):
        found[f"{kind}_speedup"] = round(found[f"{kind}_{first}_s"] / found[f"{kind}_{last}_s"], 2)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", choices=("dask", "spark"), default="dask")
    parser.add_argument("--workers", default="1,2", help="numbers of workers, the fewest first")
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    workers = [int(count) for count in options.workers.split(",")]
    result = measured(options.engine, workers, options.rows, options.repeat)
    print(json.dumps(result) if options.json else json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
