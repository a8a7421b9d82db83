"""The nation's month stage by stage, beside a bare COPY of the same rows and indexes, for several sizes.

./run bench nation                                       1, 2 and 5 million workers
./run bench nation -- --workers 20000000 --rounds 1      one size, once
./run bench nation --write -- --workers 1000000,2000000,5000000,10000000,20000000 --dir /data
Each round runs in a new database; the bare COPY comes before the month in one round and after it in the next. The figures
of a size are those of its round with the middle ratio, of two the higher.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-c", "from lindung.web.cli import main; main()", "nation", "--json"]


def once(workers: int, limit_first: bool, folder: Path) -> dict[str, Any]:
    """One run in a process and a database of its own, both gone afterwards. Raises CalledProcessError."""
    where = Path(tempfile.mkdtemp(prefix="lindung-nation-", dir=folder))
    where.chmod(0o755)
    options = ["--workers", str(workers), "--dir", str(where), *(["--limit-first"] if limit_first else [])]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    try:
        done = subprocess.run([*COMMAND, *options], check=True, stdout=subprocess.PIPE, text=True, env=environment)
    finally:
        shutil.rmtree(where, ignore_errors=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(workers: int, rounds: int, folder: Path) -> dict[str, Any]:
    """The round with the middle ratio (of two, the higher), and the ratios of all."""
    runs = [once(workers, number % 2 == 1, folder) for number in range(rounds)]
    runs.sort(key=lambda run: run["ratio_to_copy"])
    chosen = runs[len(runs) // 2]
    return chosen | {"ratios": [run["ratio_to_copy"] for run in runs]}


def slope(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds that each further million workers takes, and what the largest size takes for each worker, of what the
    smallest does: 1 is linear."""
    millions = [run["workers"] / 1e6 for run in runs]
    found = {}
    for name in ("month_seconds", "copy_seconds"):
        seconds = [run[name] for run in runs]
        found[f"{name}_per_million"] = round(statistics.linear_regression(millions, seconds).slope, 3)
        found[f"{name}_largest_to_smallest"] = round((seconds[-1] / millions[-1]) / (seconds[0] / millions[0]), 3)
    return found


def page(run: dict[str, Any]) -> dict[str, Any]:
    """A size as a row of a table."""
    return {
        "workers": run["workers"],
        "month s": run["month_seconds"],
        "COPY s": run["copy"]["copy"],
        "indexes s": run["copy"]["indexes"],
        "ratio": run["ratio_to_copy"],
        "before payments": run["ratio_to_copy_before_payments"],
        "ratios": " ".join(str(one) for one in run["ratios"]),
        "peak MiB": run["peak_rss_mb"],
        "without server": run["peak_rss_without_server_mb"],
        **{name: stage["seconds"] for name, stage in run["stages"].items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--workers", default="1000000,2000000,5000000", help="sizes, the smallest first")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--dir", type=Path, default=Path(tempfile.gettempdir()), help="where the databases go")
    options = parser.parse_args()
    runs = []
    for workers in [int(size) for size in options.workers.split(",")]:
        runs.append(measured(workers, options.rounds, options.dir))
        if not options.json:
            show(runs[-1])
    result: dict[str, Any] = {"bytes_per_worker": runs[-1]["bytes_per_worker"], "totals": runs[-1]["totals"]}
    if len(runs) > 1:
        result |= slope(runs)
    result["pages"] = [page(run) for run in runs]
    print(json.dumps(result) if options.json else json.dumps(slope(runs) if len(runs) > 1 else {}))


def show(run: dict[str, Any]) -> None:
    """A size, stage by stage beside the bare COPY."""
    copy = run["copy_seconds"]
    print(
        f"{run['workers']:,} workers: {run['month_seconds']} s, {run['ratio_to_copy']} times COPY and indexes ({copy} s)"
    )
    for name, stage in run["stages"].items():
        print(f"  {name:20} {stage['seconds']:9.2f} s {stage['seconds'] / copy:6.2f} of COPY {stage['rows']:13,} rows")
    for name, seconds in run["copy"].items():
        print(f"  bare {name:15} {seconds:9.2f} s")
    print(f"  at most {run['peak_rss_mb']:,} MiB, {run['peak_rss_without_server_mb']:,} without the server", flush=True)


if __name__ == "__main__":
    main()
