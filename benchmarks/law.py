"""The law, one question at a time and over columns, beside NumPy, Polars, OpenFisca-Core and what memory allows.

./run bench law                          all engines; OpenFisca-Core gets a Python of its own the first time
./run bench law -- --no-openfisca        without it
./run bench law -- --sweep               a million random rows one by one and over columns, and every other question
Rates are millions of rows a second, the best of several runs; every engine's sums are compared to the rupiah.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import timeit
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numba
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from law_careers import careers
from law_sweep import sweep

from lindung.law import evaluate, judge, parameters_on, result_of
from lindung.law.columns import Request
from lindung.law.columns.cache import folder
from lindung.law.columns.engine import cores, engine
from lindung.law.columns.files import assess_file, totals_of
from lindung.law.form.words import Segment

ROOT = Path(__file__).parents[1]
ON = date(2025, 3, 1)
CAREERS = 10_000_000
"""Worker-months of the careers."""

UNIX = date(1970, 1, 1).toordinal()
CASES: dict[str, dict[str, Any]] = {
    "PU": {"segment": "PU", "wage": 10_000_000, "risk_group": 1, "firm_size": "large"},
    "BPU": {"segment": "BPU", "income": 1_000_000, "payer": "apbd"},
}
RESULTS = ("jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker", "jkp_government", "jkp_from_jkk")
JKK, JKM, JHT, JP, JKP = 1, 2, 4, 8, 16
SAVINGS = JKK | JKM | JHT
MOST_OPENFISCA = 1_000_000
"""OpenFisca-Core keeps every variable, so it gets rows enough to be at its fastest, and no more."""

Data = dict[str, np.ndarray]
FIGURES = {one["name"]: one["value"] for one in parameters_on(ON)}


def microseconds(call: Callable[[], object]) -> float:
    """The best of seven rounds of a thousand calls."""
    return round(min(timeit.repeat(call, number=1000, repeat=7)) * 1000, 2)


def import_seconds() -> float:
    """What importing the law takes, in a Python that has just started."""
    code = "import time; t = time.perf_counter(); import lindung.law; print(time.perf_counter() - t)"
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return round(float(done.stdout), 3)


def single() -> dict[str, Any]:
    """One question: only the result, with reasons, and from plain data to plain data."""
    found: dict[str, Any] = {"empty_call_us": microseconds(lambda: None)}
    for name, facts in CASES.items():
        question = {"id": 1, "rule": "contributions", "on": "2026-02", "facts": facts}
        on = date(2026, 2, 1)
        found[name] = {
            "result_us": microseconds(lambda on=on, facts=facts: result_of("contributions", on, facts)),  # type: ignore[misc]
            "judge_us": microseconds(lambda on=on, facts=facts: judge("contributions", on, facts)),  # type: ignore[misc]
            "explained_us": microseconds(lambda question=question: evaluate(question)),  # type: ignore[misc]
        }
    found["import_s"] = min(import_seconds() for _ in range(5))
    found["scalar_us"] = max(found[name]["result_us"] for name in CASES)
    found["explained_us"] = max(found[name]["explained_us"] for name in CASES)
    return found


def workers(rows: int) -> Data:
    """Wage earners, seeded: what every engine gets."""
    chance = np.random.default_rng(20261123)
    sets = np.array([JKK | JKM, SAVINGS, SAVINGS | JKP, SAVINGS | JP, SAVINGS | JP | JKP], np.int8)
    return {
        "wage": chance.lognormal(15.2, 0.6, rows).astype(np.int64),
        "risk_group": chance.integers(1, 6, rows).astype(np.int8),
        "labour_intensive_relief": (chance.random(rows) < 0.3).astype(np.int8),
        "programmes": chance.choice(sets, rows, p=(0.1, 0.1, 0.2, 0.1, 0.5)),
    }


def mixed(rows: int) -> tuple[Data, np.ndarray]:
    """Every month since July 2015 but those without a known figure, two wage earners for one without a wage."""
    chance = np.random.default_rng(7)
    one = workers(rows)
    employed = chance.random(rows) < 0.67
    none = np.iinfo(np.int64).min
    columns = {
        "segment": np.where(employed, Segment.PU, Segment.BPU).astype(np.int8),
        "wage": np.where(employed, one["wage"], none),
        "income": np.where(employed, none, one["wage"]),
        "risk_group": np.where(employed, one["risk_group"], -128).astype(np.int8),
        "labour_intensive_relief": np.where(employed, one["labour_intensive_relief"], -128).astype(np.int8),
        "programmes": np.where(employed, one["programmes"], JKK | JKM).astype(np.int8),
    }
    months = [date(2015 + month // 12, month % 12 + 1, 1).toordinal() - UNIX for month in range(6, 6 + 126)]
    return columns, chance.choice(np.array(months, np.int32), rows)


@numba.njit(nogil=True)  # type: ignore[untyped-decorator]
def copied(source, first, second, third, fourth, fifth, sixth, seventh, eighth):  # type: ignore[no-untyped-def]
    """Read one column, write eight, without any arithmetic to speak of."""
    for i in range(source.size):
        value = source[i]
        first[i] = value
        second[i] = value
        third[i] = value
        fourth[i] = value
        fifth[i] = value
        sixth[i] = value
        seventh[i] = value
        eighth[i] = value


def roofline(data: Data, out: Data) -> Callable[[], object]:
    """What the memory allows: the shape of the answer, without the law."""
    threads = cores()
    pool = ThreadPoolExecutor(threads)
    rows, step = len(data["wage"]), 1 << 16
    columns = [out[name] for name in RESULTS]

    def part(start: int) -> None:
        stop = min(start + step, rows)
        copied(data["wage"][start:stop], *(column[start:stop] for column in columns))

    return lambda: list(pool.map(part, range(0, rows, step)))


def rounded(numerator: Any, denominator: int) -> Any:
    """Half up, by whole numbers."""
    return (2 * numerator + denominator) // (2 * denominator)


def by_numpy(data: Data, out: Data, step: int = 1 << 14) -> None:
    """The same rules written for NumPy, in parts that stay in cache."""
    f = FIGURES
    rates = np.array(f["jkk_rates"], np.int64)
    half = np.where(True, rounded(rates * f["labour_intensive_share"], 100), 0)
    for start in range(0, len(data["wage"]), step):
        s = slice(start, start + step)
        wage, programmes = data["wage"][s], data["programmes"][s]
        group = data["risk_group"][s] - 1
        rate = np.where(data["labour_intensive_relief"][s] == 1, half[group], rates[group])
        jkk = out["jkk"][s] = np.where(programmes & JKK, rounded(wage * rate, 100_000), 0)
        out["jkm"][s] = np.where(programmes & JKM, rounded(wage * f["jkm_rate"], 100_000), 0)
        savings = np.where(programmes & JHT, wage, 0)
        out["jht_employer"][s] = rounded(savings * f["jht_employer_rate"], 100_000)
        out["jht_worker"][s] = rounded(savings * f["jht_worker_rate"], 100_000)
        pension = np.where(programmes & JP, np.minimum(wage, f["jp_ceiling"]), 0)
        out["jp_employer"][s] = rounded(pension * f["jp_employer_rate"], 100_000)
        out["jp_worker"][s] = rounded(pension * f["jp_worker_rate"], 100_000)
        member = (programmes & (SAVINGS | JKP)) == (SAVINGS | JKP)
        lost = np.where(member, np.minimum(wage, f["jkp_contribution_ceiling"]), 0)
        out["jkp_government"][s] = rounded(lost * f["jkp_government_rate"], 100_000)
        out["jkp_from_jkk"][s] = np.minimum(rounded(lost * f["jkp_from_jkk_rate"], 100_000), jkk)


def by_polars(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rules as Polars expressions."""
    f, wage, programmes = FIGURES, pl.col("wage"), pl.col("programmes").cast(pl.Int64)

    def of(amount: pl.Expr, rate: Any) -> pl.Expr:
        return (amount * rate + 50_000) // 100_000

    def has(bits: int) -> pl.Expr:
        return (programmes & bits) == bits

    rate: Any = pl.lit(0, pl.Int64)
    for group, full in enumerate(f["jkk_rates"], 1):
        share = rounded(full * f["labour_intensive_share"], 100)
        own = pl.when(pl.col("labour_intensive_relief") == 1).then(share).otherwise(full)
        rate = pl.when(pl.col("risk_group") == group).then(own).otherwise(rate)
    zero = pl.lit(0, pl.Int64)
    savings = pl.when(has(JHT)).then(wage).otherwise(zero)
    pension = pl.when(has(JP)).then(pl.min_horizontal(wage, pl.lit(f["jp_ceiling"]))).otherwise(zero)
    ceiling = pl.lit(f["jkp_contribution_ceiling"])
    lost = pl.when(has(SAVINGS | JKP)).then(pl.min_horizontal(wage, ceiling)).otherwise(zero)
    jkk = pl.when(has(JKK)).then(of(wage, rate)).otherwise(zero)
    return frame.select(
        jkk.alias("jkk"),
        pl.when(has(JKM)).then(of(wage, f["jkm_rate"])).otherwise(zero).alias("jkm"),
        of(savings, f["jht_employer_rate"]).alias("jht_employer"),
        of(savings, f["jht_worker_rate"]).alias("jht_worker"),
        of(pension, f["jp_employer_rate"]).alias("jp_employer"),
        of(pension, f["jp_worker_rate"]).alias("jp_worker"),
        of(lost, f["jkp_government_rate"]).alias("jkp_government"),
        pl.min_horizontal(of(lost, f["jkp_from_jkk_rate"]), jkk).alias("jkp_from_jkk"),
    )


def rate(rows: int, call: Callable[[], object], repeat: int) -> float:
    """Millions of rows a second, the best of several runs after one to warm up."""
    return rates(rows, {"": call}, repeat)[""]


def rates(rows: int, calls: dict[str, Callable[[], object]], repeat: int) -> dict[str, float]:
    """The same of several calls, run by turns, so that all meet the machine as it is."""
    for call in calls.values():
        call()
    times = [{name: timeit.timeit(call, number=1) for name, call in calls.items()} for _ in range(repeat)]
    return {name: round(rows / min(one[name] for one in times) / 1e6, 1) for name in calls}


def sums(columns: Any) -> dict[str, int]:
    """What every engine must agree on."""
    return {name: int(columns[name].sum()) for name in RESULTS}


def over_columns(rows: int, repeat: int, openfisca: bool) -> dict[str, Any]:
    """All engines over the same rows."""
    data, judge_all = workers(rows), engine("contributions")
    out = {name: np.zeros(rows, np.int64) for name in RESULTS}
    errors = np.zeros(rows, np.uint8)

    def one_month() -> object:
        return judge_all.run(data, ON, errors, out, segment=Segment.PU, results=RESULTS)

    many, on = mixed(rows)
    spare = {name: np.zeros(rows, np.int64) for name in RESULTS}

    def mixed_months() -> object:
        return judge_all.run(many, on, errors, spare, results=RESULTS)

    found: dict[str, Any] = {"rows": rows, "cores": cores(), "load": round(os.getloadavg()[0], 1)}
    calls = {"roofline": roofline(data, spare), "one_month": one_month, "mixed_months": mixed_months}
    found |= rates(rows, calls, repeat)
    found["of_roofline"] = round(found["one_month"] / found["roofline"], 2)
    assert not errors.any()
    expected = sums(out)
    found["numpy"] = rate(rows, lambda: by_numpy(data, out), min(repeat, 3))
    assert sums(out) == expected, "NumPy differs"
    frame = pl.DataFrame(data)
    found["polars"] = rate(rows, lambda: by_polars(frame), min(repeat, 3))
    assert sums(by_polars(frame)) == expected, "Polars differs"
    found["openfisca"] = None
    if openfisca:
        found["openfisca"] = run_openfisca(openfisca_python(), min(rows, MOST_OPENFISCA))["rate"]
        found["times_openfisca"] = round(found["one_month"] / found["openfisca"], 1)
    found["cases"] = cases(rows, repeat)
    found["careers"] = careers(CAREERS, min(repeat, 3))
    return found


def deaths(rows: int) -> tuple[Data, np.ndarray]:
    """Deaths on any day since July 2015, of both segments, with cover of every kind."""
    chance = np.random.default_rng(11)
    employed, none = chance.random(rows) < 0.5, np.iinfo(np.int64).min
    wage = chance.lognormal(15.2, 0.6, rows).astype(np.int64)
    columns = {
        "segment": np.where(employed, Segment.PU, Segment.BPU).astype(np.int8),
        "wage": np.where(employed, wage, none),
        "income": np.where(employed, none, wage),
        "cover": chance.integers(0, 3, rows).astype(np.int8),
        "arrears_settled": chance.integers(0, 2, rows).astype(np.int8),
        "months_paid_consecutive": chance.integers(0, 60, rows).astype(np.int16),
    }
    return columns, (date(2015, 7, 1).toordinal() - UNIX + chance.integers(0, 3800, rows)).astype(np.int32)


def cases(rows: int, repeat: int) -> float:
    """Deaths by work and others: every row judged by both questions, all their results kept."""
    columns, on = deaths(rows)
    errors = np.zeros(rows, np.uint8)
    seconds = 0.0
    for question in ("jkk_death", "jkm"):
        judge = engine(question)
        out = {name: np.zeros(rows, np.int64) for name in judge.results}
        taken = {column.name for column in judge.columns}
        own = {name: column for name, column in columns.items() if name in taken}
        seconds += rows / rate(rows, lambda: judge.run(own, on, errors, out), repeat)  # noqa: B023
        assert not errors.any()
    return round(2 * rows / seconds, 1)


def openfisca_python() -> Path:
    """A Python that has OpenFisca-Core: one of its own beside our compiled loops, made the first time."""
    home, pins = folder().parent / "openfisca", ROOT / "requirements" / "openfisca.txt"
    python, made = home / "bin" / "python", home / "pins.txt"
    if not made.exists() or made.read_bytes() != pins.read_bytes():
        venv.create(home, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", pins], check=True)
        made.write_bytes(pins.read_bytes())
    return python


def run_openfisca(python: Path, rows: int) -> dict[str, Any]:
    """The same rules in OpenFisca-Core, whole numbers forced, in a Python of its own."""
    data = workers(rows)
    with tempfile.TemporaryDirectory() as folder:
        for name, column in data.items():
            np.save(Path(folder) / f"{name}.npy", column)
        (Path(folder) / "figures.json").write_text(json.dumps(FIGURES, default=str))
        script = Path(__file__).with_name("law_openfisca.py")
        done = subprocess.run([python, str(script), folder], check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    out = {name: np.zeros(rows, np.int64) for name in RESULTS}
    engine("contributions").run(data, ON, np.zeros(rows, np.uint8), out, segment=Segment.PU, results=RESULTS)
    assert answer["sums"] == sums(out), "OpenFisca-Core differs"
    return answer


def over_files(rows: int, repeat: int) -> dict[str, Any]:
    """Parquet to totals, and Parquet to Parquet."""
    request = Request("contributions", ON, RESULTS)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        columns = {"segment": np.full(rows, Segment.PU, np.int8), **workers(rows)}
        pq.write_table(pa.table(columns), source, row_group_size=1 << 20, compression="zstd", compression_level=1)
        return {
            "parquet_to_totals": rate(rows, lambda: totals_of(source, request), repeat),
            "parquet_to_parquet": rate(rows, lambda: assess_file(source, target, request), min(repeat, 3)),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, help="4 million unless given (a million for the sweep)")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--no-openfisca", action="store_true", help="leave OpenFisca-Core out")
    parser.add_argument("--sweep", action="store_true", help="no rates: one by one and over columns, the same?")
    options = parser.parse_args()
    if options.sweep:
        print(json.dumps(sweep(options.rows or 1_000_000)))
        return
    rows = options.rows or 4_000_000
    result = over_columns(rows, options.repeat, not options.no_openfisca)
    result |= over_files(rows, options.repeat)
    result |= single()
    print(json.dumps(result) if options.json else json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
