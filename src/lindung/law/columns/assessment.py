"""Arrow in, Arrow out: a batch judged, its faulty rows named, its totals added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..form.errors import LawError
from ..form.facts import impossible, read_date, read_month
from ..form.reform import Reform
from ..form.words import Segment
from .engine import Engine, engine
from .inputs import FIRST_COLUMN, Column, Fault
from .reading import NO_DAY, WRONG_DAY, days, numbers
from .tables import UNIX

ROW_LIMIT = 1 << 20
"""Rows judged at once: what bounds the memory taken."""

ERRORS = pa.schema([("row", pa.int64()), ("code", pa.string()), ("field", pa.string())])


@dataclass(frozen=True)
class Assessment:
    """A batch judged. `results`: a column for each result, in the order of the input, null in faulty rows: whole
    numbers of 64 bits, flags, dates; `errors`: row (from 0), code and field of each faulty row; `totals`: the sums of
    what is in rupiah."""

    rows: int
    results: pa.RecordBatch | None
    errors: pa.Table
    totals: dict[str, int]


@dataclass
class Buffers:
    """Memory for results that is used again: what an earlier batch gave is overwritten by the next one."""

    columns: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def of(self, names: Iterable[str], rows: int) -> dict[str, NDArray[np.int64]]:
        """A column for each name, of so many rows."""
        for name in names:
            if name not in self.columns or len(self.columns[name]) < rows:
                self.columns[name] = np.empty(rows, np.int64)
        return {name: self.columns[name][:rows] for name in names}


@dataclass(frozen=True)
class Request:
    """What is asked of every batch: the question, the date of all rows (None: the column `on`), the results wanted,
    whether only their totals are, the reform, the threads to use, columns that are not facts and only ride along."""

    rule: str = "contributions"
    on: date | None = None
    results: Sequence[str] | None = None
    totals_only: bool = False
    reform: Reform | None = None
    threads: int | None = None
    riding: frozenset[str] = frozenset()


def assess(
    data: pa.Table | pa.RecordBatch,
    rule: str = "contributions",
    *,
    on: date | None = None,
    results: Sequence[str] | None = None,
    reform: Reform | None = None,
    threads: int | None = None,
    riding: Iterable[str] = ("id",),
) -> Assessment:
    """Judge every row of a table whose columns are named after the facts.

    Dates: `on` for all rows, else the column `on` (a date, or text YYYY-MM-DD or YYYY-MM). A fact's default holds where
    its column is missing or null. Money is a whole number of rupiah, a decimal with at most two places, or text; words
    are text, a dictionary, or their numbers in `form/words.py`; programmes a list of words, or their bits added up.
    A faulty row never stops the others. Raises LawError for what is wrong with the table itself.
    """
    request = Request(rule, on, results, False, reform, threads, frozenset(riding))
    parts = list(assess_batches(data.to_batches() if isinstance(data, pa.Table) else [data], request))
    return joined(parts, engine_of(request), request)


def assess_batches(
    batches: Iterable[pa.RecordBatch], request: Request, buffers: Buffers | None = None
) -> Iterator[Assessment]:
    """Judge batches one by one, at most ROW_LIMIT rows at a time; rows are counted through all of them."""
    first = 0
    for batch in batches:
        for start in range(0, batch.num_rows, ROW_LIMIT):
            part = batch.slice(start, ROW_LIMIT)
            yield assess_batch(part, request, buffers, first)
            first += part.num_rows


def joined(parts: Sequence[Assessment], judge: Engine, request: Request) -> Assessment:
    """Several assessments as one."""
    names = wanted(judge, request)
    schema = result_schema(judge, names)
    table = pa.Table.from_batches([part.results for part in parts if part.results is not None], schema)
    batches = table.combine_chunks().to_batches()
    results = batches[0] if batches else pa.RecordBatch.from_pylist([], schema)
    errors = pa.concat_tables([part.errors for part in parts]) if parts else ERRORS.empty_table()
    totals = {name: sum(part.totals[name] for part in parts) for name in names if judge.units[name] == "rupiah"}
    return Assessment(sum(part.rows for part in parts), results, errors, totals)


def day_asked(text: str, rule: str, reform: Reform | None = None) -> date:
    """The date that stands for all rows, from YYYY-MM-DD or YYYY-MM. Raises LawError where a month does not tell it."""
    if len(text) != len("YYYY-MM"):
        return read_date(text, "on")
    day = engine(rule, reform).day_of(read_month(text, "on"))
    if day is None:
        raise impossible("on", "Tulis tanggal lengkap untuk pertanyaan ini, contoh 2026-02-27.")
    return date.fromordinal(day)


def engine_of(request: Request) -> Engine:
    """The engine that answers a request."""
    return engine(request.rule, request.reform)


def wanted(judge: Engine, request: Request) -> tuple[str, ...]:
    """The results a request wants. Raises LawError for one there is not."""
    names = tuple(judge.results if request.results is None else request.results)
    for name in names:
        if name not in judge.results:
            known = ", ".join(judge.results)
            raise LawError("unknown_fact", f"Hasil {name} tidak ada; yang ada: {known}.", name)
    return names


def assess_batch(
    batch: pa.RecordBatch, request: Request, buffers: Buffers | None = None, first_row: int = 0
) -> Assessment:
    """Judge one batch. Raises LawError for a column that is no fact, or is of a type that is not taken."""
    judge = engine_of(request)
    names, rows = wanted(judge, request), batch.num_rows
    by_name = {column.name: column for column in judge.columns}
    columns: dict[str, NDArray[Any]] = {}
    scales: dict[str, int] = {}
    for name in batch.schema.names:
        if name in by_name:
            columns[name], scale = numbers(by_name[name], batch.column(name))
            if by_name[name].money:
                scales[name] = scale
        elif name not in request.riding and not (name == "on" and request.on is None):
            known = ", ".join(by_name)
            raise LawError("unknown_fact", f"Kolom {name} tidak dikenal di sini; yang ada: on, {known}.", name)
    dates = _dates(judge, batch, request)
    on = _one_date(dates) if isinstance(dates, np.ndarray) and rows else dates
    errors = np.empty(rows, np.uint8)
    out = None if request.totals_only else (buffers or Buffers()).of(names, rows)
    faulty, totals = judge.run(
        columns,
        on,
        errors,
        out,
        segment=_one_segment(judge, columns) if isinstance(on, date) else None,
        scales=scales,
        results=names,
        threads=request.threads,
    )
    if out is not None:
        totals = {name: int(column.sum()) for name, column in out.items()}
    totals = {name: total for name, total in totals.items() if judge.units[name] == "rupiah"}
    return Assessment(
        rows,
        None if out is None else _results(judge, out, errors, faulty),
        _errors(judge, columns, dates, errors, first_row) if faulty else ERRORS.empty_table(),
        totals,
    )


def _dates(judge: Engine, batch: pa.RecordBatch, request: Request) -> date | NDArray[np.int32]:
    if request.on is not None:
        return request.on
    if "on" not in batch.schema.names:
        raise LawError("missing_fact", "Sebutkan bulan atau tanggal untuk semua baris, atau beri kolom on.", "on")
    return days(batch.column("on"), "on", judge.day_of)


def _one_date(dates: NDArray[np.int32]) -> date | NDArray[np.int32]:
    """The date all rows have, if they have one, for then nothing has to be looked up in each row."""
    first = int(dates[0])
    if first in (NO_DAY, WRONG_DAY) or not 1 <= first + UNIX <= date.max.toordinal() or not (dates == first).all():
        return dates
    return date.fromordinal(first + UNIX)


def _one_segment(judge: Engine, columns: dict[str, NDArray[Any]]) -> Segment | None:
    """The segment all rows have, if they have one and no column of another segment is given."""
    given = columns.get("segment")
    if len(judge.plans) == 1 or given is None or not len(given):
        return None
    segment = next((one for one in judge.plans if one is not None and given[0] == one), None)
    if segment is None or not (given == given[0]).all():
        return None
    foreign = [column for column in judge.columns if segment not in column.limits and column.name in columns]
    return None if any((columns[column.name] != column.null).any() for column in foreign) else segment


def _results(
    judge: Engine, out: dict[str, NDArray[np.int64]], errors: NDArray[np.uint8], faulty: int
) -> pa.RecordBatch:
    """The results as Arrow columns, null in faulty rows: numbers over the same memory, flags, and dates."""
    valid = pa.py_buffer(np.packbits(errors == 0, bitorder="little")) if faulty else None
    arrays = []
    for name, column in out.items():
        if judge.units[name] == "flag":
            arrays.append(pa.array(column != 0, mask=errors != 0))
        elif judge.units[name] == "day":
            since = (column - UNIX).astype(np.int32)
            arrays.append(pa.array(since, pa.date32(), mask=(errors != 0) | (column == 0)))
        else:
            buffers = [valid, pa.py_buffer(column)]
            arrays.append(pa.Array.from_buffers(pa.int64(), len(column), buffers, null_count=faulty))
    return pa.RecordBatch.from_arrays(arrays, schema=result_schema(judge, out))


def result_schema(judge: Engine, names: Iterable[str]) -> pa.Schema:
    """Names and types of results as columns."""
    kinds = {"flag": pa.bool_(), "day": pa.date32()}
    return pa.schema([(name, kinds.get(judge.units[name], pa.int64())) for name in names])


def _errors(
    judge: Engine,
    columns: dict[str, NDArray[Any]],
    dates: date | NDArray[np.int32],
    errors: NDArray[np.uint8],
    first_row: int,
) -> pa.Table:
    """Code and field of each faulty row: the loop tells the field, and here it is told why."""
    rows = np.flatnonzero(errors)
    numbers_ = errors[rows]
    codes, fields = np.empty(len(rows), object), np.empty(len(rows), object)
    for fault in np.unique(numbers_):
        here = numbers_ == fault
        if fault in (Fault.BEFORE_LAW, Fault.BEYOND_KNOWN):
            codes[here], fields[here] = Fault(fault).name.lower(), "on"
        elif fault < FIRST_COLUMN + len(judge.columns):
            column = judge.columns[fault - FIRST_COLUMN]
            codes[here], fields[here] = _column_codes(judge, column, columns, rows[here]), column.name
        else:
            branch = max((b for b in judge.branches if b.check and b.first_fault <= fault), key=lambda b: b.first_fault)
            assert branch.check is not None
            codes[here], fields[here] = branch.check.faults[fault - branch.first_fault]
    if isinstance(dates, np.ndarray):
        # As in a single case: a date that is not given comes first, one that cannot be read after the segment.
        given = dates[rows]
        unreadable = (given == WRONG_DAY) & ((fields != "segment") | (len(judge.plans) == 1))
        for here, code in ((given == NO_DAY, "missing_fact"), (unreadable, "impossible_value")):
            codes[here], fields[here] = code, "on"
    return pa.table([pa.array(rows + first_row), pa.array(codes, pa.string()), pa.array(fields, pa.string())], ERRORS)


def _column_codes(
    judge: Engine, column: Column, columns: dict[str, NDArray[Any]], rows: NDArray[np.intp]
) -> NDArray[Any]:
    """Why a column's value was refused in some rows: not given, of another segment, or impossible."""
    codes = np.full(len(rows), "impossible_value", object)
    given = columns.get(column.name)
    null = np.full(len(rows), True) if given is None else given[rows] == column.null
    codes[null] = "missing_fact"
    if column.name != "segment" and len(judge.plans) > 1:
        segments = _segments(judge, columns, rows)
        for segment in judge.plans:
            if segment not in column.limits and segment is not None:
                codes[segments == int(segment)] = "unknown_fact"
    return codes


def _segments(judge: Engine, columns: dict[str, NDArray[Any]], rows: NDArray[np.intp]) -> NDArray[Any]:
    """The segment of some rows, the default one where none is given."""
    column = next(one for one in judge.columns if one.name == "segment")
    given, default = columns.get("segment"), next(iter(column.limits.values())).default
    segments = np.full(len(rows), column.null) if given is None else given[rows]
    return segments if default is None else np.where(segments == column.null, default, segments)
