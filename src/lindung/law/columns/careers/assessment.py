"""Careers and accounts judged by the table: Arrow in, Arrow out, all cores, a few thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...form.errors import LawError
from ...form.facts import REQUIRED, Fact, Maybe, read_count, read_month
from ...form.figures import history_rows
from ...form.instruments import KNOWN_UNTIL
from ...form.question import HISTORY, Plan
from ...form.reform import Reform
from ...form.rounding import SCALE
from ...form.series import FIRST_YEAR, LAST_YEAR, ByYear, rate_in
from ...jp.questions import NOT_GIVEN, Density
from ...questions import plan_for
from ..assessment import ERRORS, ROW_LIMIT, Assessment
from ..engine import cores, pool
from ..inputs import Column, NotColumnar
from ..reading import NO_DAY, WRONG_DAY, numbers
from ..tables import UNIX, Tables, tables_of
from .build import Loop, loop_of
from .checks import CHECKS, breaks
from .loading import Ragged, column_for, days_in, kind_of, ragged
from .source import BY_YEAR, NO_DATE, UNREADABLE, Career

ROWS = 1 << 12
"""Rows in one call of a loop: at 180 months each, three quarters of a million worker-months."""

YEARS = KNOWN_UNTIL.year - FIRST_YEAR + 1
"""The most years a result by year can have: none is answered beyond the last known day."""


@dataclass(frozen=True)
class CareerRequest:
    """What is asked of every batch: the question, the date of all rows (None: the column `on`), the rates by year that
    hold for all rows (`inflation` or `returns`, in percent), the results wanted, the reform, the threads to use,
    columns that are no facts and only ride along."""

    rule: str = "jp_old_age"
    on: date | None = None
    rates: Mapping[Any, Any] | None = None
    results: Sequence[str] | None = None
    reform: Reform | None = None
    threads: int | None = None
    riding: frozenset[str] = frozenset()


def assess_careers(
    data: pa.Table | pa.RecordBatch,
    rule: str = "jp_old_age",
    *,
    on: date | None = None,
    rates: Mapping[Any, Any] | None = None,
    results: Sequence[str] | None = None,
    reform: Reform | None = None,
    threads: int | None = None,
    riding: Iterable[str] = ("id",),
) -> Assessment:
    """Judge a career or an account in every row of a table whose columns are named after the facts.

    A fact of many parts is a list: `annual_wages` a map from years to wages, or a list of {year, wage}; `monthly_wages`
    a list of wages from `first_month` on, 0 where nothing was paid; `deposits` a list of {on, amount}. Rupiah are
    whole numbers, or decimals with at most two places. `rates` are the same for all rows: inflation or returns, {year:
    percent}; those the law knows may be left out. Dates: `on`, else the column `on`. Results by year are maps. A faulty
    row never stops the others. Raises LawError for what is wrong with the table or the rates, NotColumnar for a
    question that is not about careers.
    """
    request = CareerRequest(rule, on, rates, results, reform, threads, frozenset(riding))
    parts = list(assess_career_batches(data.to_batches() if isinstance(data, pa.Table) else [data], request))
    if not parts:
        parts = [assess_career_batch(pa.RecordBatch.from_pylist([], data.schema), request)]
    batches = [part.results for part in parts if part.results is not None]
    table = pa.Table.from_batches(batches).combine_chunks()
    results_ = (table.to_batches() or [batches[0]])[0]
    totals = {name: sum(part.totals[name] for part in parts) for name in parts[0].totals}
    errors = pa.concat_tables([part.errors for part in parts])
    return Assessment(sum(part.rows for part in parts), results_, errors, totals)


def jht_balances(
    deposits: pa.Table | pa.RecordBatch,
    on: date,
    returns: Mapping[Any, Any] | None = None,
    *,
    results: Sequence[str] | None = None,
    reform: Reform | None = None,
    threads: int | None = None,
    riding: Iterable[str] = ("id",),
) -> Assessment:
    """The JHT accounts of many members on one day (PP 46/2015 Pasal 22 and 27): `balance`, `deposited` and, as a map
    from years to rupiah, `credited_by_year`, all in rupiah. A row of the column `deposits` is one member's list of {on,
    amount}; `returns` are {year: percent}. Raises LawError."""
    return assess_careers(
        deposits,
        "jht_balance",
        on=on,
        rates=returns,
        results=results,
        reform=reform,
        threads=threads,
        riding=riding,
    )


def assess_career_batches(batches: Iterable[pa.RecordBatch], request: CareerRequest) -> Iterator[Assessment]:
    """Judge batches one by one, at most ROW_LIMIT rows at a time; rows are counted through all of them."""
    first = 0
    for batch in batches:
        for start in range(0, batch.num_rows, ROW_LIMIT):
            part = batch.slice(start, ROW_LIMIT)
            yield assess_career_batch(part, request, first)
            first += part.num_rows


def assess_career_batch(batch: pa.RecordBatch, request: CareerRequest, first_row: int = 0) -> Assessment:
    """Judge one batch. Raises LawError for a column that is no fact, or is of a type that is not taken."""
    plan = plan_for(request.rule, dict.fromkeys(batch.schema.names))
    judge = engine_of(plan, request.reform)
    judge.refuse_unknown(batch.schema.names, request)
    run = Run(judge, batch, request)
    starts = range(0, batch.num_rows, ROWS) or [0]
    workers = min(request.threads or cores(), len(starts))
    parts = list(pool(workers).map(run.part, starts)) if workers > 1 else [run.part(start) for start in starts]
    results = pa.Table.from_batches(parts).combine_chunks().to_batches()
    money = [name for name in run.results if run.career.unit(name) == "rupiah"]
    totals = {name: sum(part.column(name).sum().as_py() or 0 for part in parts) for name in money}
    return Assessment(batch.num_rows, results[0] if results else parts[0], run.errors(first_row), totals)


class Engine:
    """One question about careers, by the law as it is or as a reform has it."""

    def __init__(self, plan: Plan, reform: Reform | None) -> None:
        question = plan.question
        if question.check not in CHECKS or question.outcome is not None:
            raise NotColumnar(f"{question.name}: bukan pertanyaan tentang riwayat, atau belum ada bentuk kolomnya")
        self.plan, self.reform = plan, reform
        self.ragged = {fact.name: (fact, kind) for fact in question.facts if (kind := kind_of(fact)) is not None}
        self.given = next(fact for fact in question.facts if fact.unit == "rates_by_year")
        flat = [fact for fact in question.facts if fact.name not in self.ragged and fact is not self.given]
        self.flat = {fact.name: (fact, column_of(fact)) for fact in flat}
        self.tables: Tables = tables_of((plan,), reform)
        self.career = Career(plan, tuple(column for _, column in self.flat.values()))
        self.loop: Loop = loop_of(self.career)
        self._rates: dict[ByYear, dict[str, NDArray[np.int64]]] = {}

    def refuse_unknown(self, names: Iterable[str], request: CareerRequest) -> None:
        """Raises LawError for a column that is no fact, and for a fact that must be there and is not."""
        known = [*self.ragged, *self.flat]
        for name in names:
            if name not in known and name not in request.riding and not (name == "on" and request.on is None):
                message = f"Kolom {name} tidak dikenal di sini; yang ada: on, {', '.join(known)}."
                raise LawError("unknown_fact", message, name)

    def wanted(self, request: CareerRequest) -> tuple[str, ...]:
        """The results a request wants. Raises LawError for one there is not."""
        answers = self.plan.question.answers
        for name in request.results or ():
            if name not in answers:
                raise LawError("unknown_fact", f"Hasil {name} tidak ada; yang ada: {', '.join(answers)}.", name)
        return tuple(answers if request.results is None else request.results)

    def rates(self, given: ByYear) -> dict[str, NDArray[np.int64]]:
        """The arguments that follow from the rates given: as rows, laid over those known, and where they fail."""
        if given not in self._rates:
            self._rates = {given: self._rates_of(given)}
        return self._rates[given]

    def _rates_of(self, given: ByYear) -> dict[str, NDArray[np.int64]]:
        name = self.plan.histories[0]
        history = history_rows(name, self.reform)
        by_year = [rate_in(year, given, history) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
        assert self.plan.question.check is not None
        check = CHECKS[self.plan.question.check]
        broken, why = breaks(check, {self.given.name: given, name + HISTORY: history})
        return {
            f"H_{name}": np.array(by_year, np.int64),
            f"G_{self.given.name}": np.array(given, np.int64).reshape(-1, 2),
            "broken": broken,
            "why": why,
        }


@cache
def known_engine(rule: str, variant: str) -> Engine:
    """The engine of a question by the law as it is, made once."""
    from ...questions import PLANS

    return Engine(PLANS[rule][variant or None], None)


def engine_of(plan: Plan, reform: Reform | None) -> Engine:
    """The engine that answers a plan."""
    if reform is None:
        return known_engine(plan.question.name, plan.question.variant)
    return Engine(plan, reform)


def column_of(fact: Fact) -> Column:
    """The column of a fact that is one number. Raises NotColumnar."""
    if fact.read is read_month:
        return column_for(replace(fact, read=read_count(12, 12 * 10_000)))
    if isinstance(fact.read, Density):
        return column_for(replace(fact, read=Maybe(read_count(0, SCALE), NOT_GIVEN)))
    return column_for(fact)


def read_column(fact: Fact, column: Column, array: pa.Array) -> NDArray[Any]:
    """A column of one number in each row. Raises LawError for a type not taken."""
    if fact.read is read_month:
        since = days_in(array)
        months = since.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
        months[since == NO_DAY] = column.null
        return months.clip(column.null, -column.null - 1).astype(column.dtype)
    if isinstance(fact.read, Density):
        return _densities(fact, column, array)
    return numbers(column, array)[0]


def _densities(fact: Fact, column: Column, array: pa.Array) -> NDArray[np.int32]:
    """Densities, each different value read once, as in a single question."""

    def read(value: Any) -> int:
        try:
            return int(fact.read(value, fact.name))
        except LawError:
            return -2

    if pa.types.is_decimal(array.type):
        array = array.cast(pa.string())
    encoded = array.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    table = np.array([*map(read, words), column.null], np.int32)
    densities: NDArray[np.int32] = table[encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)]
    return densities


class Run:
    """One batch being judged: its columns as numbers, its error codes."""

    def __init__(self, judge: Engine, batch: pa.RecordBatch, request: CareerRequest) -> None:
        self.judge, self.request = judge, request
        self.career, self.results = judge.career, judge.wanted(request)
        self.rows = batch.num_rows
        self.faults = np.zeros(self.rows, np.uint8)
        rates = judge.given.read({} if request.rates is None else request.rates, judge.given.name)
        self.fixed: dict[str, Any] = {f"P_{name}": judge.tables.figures[name] for name in self.career.figures}
        self.fixed |= {"R_0": judge.tables.refused[0], **judge.rates(rates)}
        self.columns: dict[str, NDArray[Any]] = {}
        for name, (fact, column) in judge.flat.items():
            given = name in batch.schema.names
            absent = np.full(self.rows, column.null, column.dtype)
            self.columns[f"I_{name}"] = read_column(fact, column, batch.column(name)) if given else absent
        self.ragged: dict[str, Ragged] = {}
        for name, (fact, kind) in judge.ragged.items():
            array = batch.column(name) if name in batch.schema.names else pa.nulls(self.rows, kind.arrow)
            self.ragged[name] = ragged(fact, kind, array)
            if fact.default is REQUIRED and array.null_count:
                self.faults[array.is_null().to_numpy(zero_copy_only=False)] = self.career.fault(name)
        self._read_dates(batch)

    def _read_dates(self, batch: pa.RecordBatch) -> None:
        """The date of all rows, or of each; one that is missing or cannot be read comes before the facts."""
        tables, on = self.judge.tables, self.request.on
        if on is not None:
            dates = np.full(self.rows, on.toordinal() - UNIX, np.int32)
        elif "on" in batch.schema.names:
            dates = days_in(batch.column("on"), self.judge.plan.question.at_month_end)
        else:
            raise LawError("missing_fact", "Sebutkan tanggal untuk semua baris, atau beri kolom on.", "on")
        self.columns["I_on"] = dates
        self.fixed |= {"version_of": tables.version_of, "month_at": tables.month_at, "first_day": tables.first}
        self.faults[dates == NO_DAY] = NO_DATE
        self.faults[dates == WRONG_DAY] = UNREADABLE

    def part(self, start: int) -> pa.RecordBatch:
        """Judge some rows."""
        rows = slice(start, min(start + ROWS, self.rows))
        count = rows.stop - rows.start
        arguments: dict[str, Any] = self.fixed | {name: column[rows] for name, column in self.columns.items()}
        arguments["E"] = self.faults[rows]
        for name, column in self.ragged.items():
            arguments |= {f"first_{name}": column.first[rows], f"past_{name}": column.past[rows]}
            arguments |= {f"parts_{name}_{i}": part for i, part in enumerate(column.children)}
            arguments[f"scale_{name}"] = column.scale
        for result in self.career.results:
            by_year = self.career.by_year(result)
            arguments[f"O_{result}"] = np.zeros(count * YEARS if by_year else count, np.int64)
            if by_year:
                arguments[f"Y_{result}"] = np.empty(count * YEARS, np.int32)
                arguments[f"N_{result}"] = np.zeros(count + 1, np.int32)
        self.judge.loop(*(arguments[name] for name, *_ in self.career.arguments))
        faulty = arguments["E"] != 0
        mask = pa.array(faulty) if faulty.any() else None
        columns = [self._result(result, arguments, mask) for result in self.results]
        return pa.RecordBatch.from_arrays(columns, list(self.results))

    def _result(self, result: str, arguments: dict[str, Any], mask: pa.BooleanArray | None) -> pa.Array:
        """A result as an Arrow column over the same memory, null in faulty rows."""
        values, unit = arguments[f"O_{result}"], self.career.unit(result)
        if unit in BY_YEAR:
            ends = arguments[f"N_{result}"]
            years, amounts = arguments[f"Y_{result}"][: ends[-1]], values[: ends[-1]]
            # Room was made for the most years there can be: what was not needed is given back.
            return pa.MapArray.from_arrays(ends, years, amounts.copy(), mask=mask)
        if unit == "flag":
            return pa.array(values != 0, mask=None if mask is None else mask.to_numpy(zero_copy_only=False))
        kind = pa.int64()
        if unit == "day":
            values, kind = (values - UNIX).astype(np.int32), pa.date32()
        elif unit == "sen":
            values, kind = np.stack([values, values >> 63], axis=1), pa.decimal128(18, 2)
        valid = None if mask is None else pc.invert(mask).buffers()[1]
        return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)])

    def errors(self, first_row: int) -> pa.Table:
        """Row, code and field of each faulty row."""
        rows = np.flatnonzero(self.faults)
        codes = np.array([code for code, _ in self.career.faults], object)[self.faults[rows]]
        fields = np.array([field for _, field in self.career.faults], object)[self.faults[rows]]
        return pa.table(
            [pa.array(rows + first_row), pa.array(codes, pa.string()), pa.array(fields, pa.string())], ERRORS
        )
