"""Parquet in, Parquet out, for files larger than memory: a few batches are in memory at a time."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..form.errors import LawError
from .assessment import Assessment, Request, assess_batch, engine_of, result_schema, wanted
from .engine import cores

BATCH = 1 << 17
"""Rows read, judged and written at once."""

SHOWN = 20
"""Faulty rows that are told one by one; the others are counted."""

FAULT = pa.dictionary(pa.int8(), pa.string())
COMPRESSION = "lz4"
Progress = Callable[[int], None]


@dataclass
class Summary:
    """What became of a file: rows, faulty rows by (code, field), the first of them, and the totals of the results."""

    rows: int = 0
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_faults: list[dict[str, Any]] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)

    def add(self, part: Assessment, first_row: int) -> None:
        """Count in a batch whose first row is this row of the file."""
        self.rows += part.rows
        self.totals.update(part.totals)
        if part.errors.num_rows:
            codes, fields = part.errors.column("code").to_pylist(), part.errors.column("field").to_pylist()
            self.faults.update(zip(codes, fields, strict=True))
            for fault in part.errors.slice(0, SHOWN).to_pylist():
                self.first_faults.append(fault | {"row": fault["row"] + first_row})
            self.first_faults = sorted(self.first_faults, key=lambda fault: fault["row"])[:SHOWN]

    def join(self, other: Summary) -> None:
        """Count in what became of another part."""
        self.rows += other.rows
        self.totals.update(other.totals)
        self.faults.update(other.faults)
        self.first_faults = sorted([*self.first_faults, *other.first_faults], key=lambda one: one["row"])[:SHOWN]


def nothing_yet(request: Request) -> Summary:
    """The summary of no rows: zero of each amount that is wanted. Raises LawError for a result there is not."""
    judge = engine_of(request)
    return Summary(totals=Counter({name: 0 for name in wanted(judge, request) if judge.units[name] == "rupiah"}))


def silent(rows: int) -> None:
    """Progress that nobody watches."""


def columns_to_read(source: pq.ParquetFile, request: Request, keep: Sequence[str]) -> list[str]:
    """The columns of a file that matter. Raises LawError for one that is neither a fact nor to be kept."""
    facts = {column.name for column in engine_of(request).columns}
    known = facts | ({"on"} if request.on is None else set()) | set(keep)
    names = source.schema_arrow.names
    for name in names:
        if name not in known and not (name == "on" and request.on is not None):
            kept = ", ".join(keep)
            message = f"Kolom {name} bukan fakta pertanyaan ini ({', '.join(sorted(facts))}) dan bukan {kept}."
            raise LawError("unknown_fact", message, name)
    for name in keep:
        if name not in names and name != "id":
            raise LawError("unknown_fact", f"Kolom {name} tidak ada di berkas.", name)
    return [name for name in names if name in known]


def totals_of_group(source: Path, group: int, names: Sequence[str], request: Request, first_row: int) -> Summary:
    """Judge one row group and add it up: the unit of work of every engine, small to send and safe to repeat."""
    summary = Summary()
    with pq.ParquetFile(source, memory_map=True) as file:
        for batch in file.iter_batches(BATCH, row_groups=[group], columns=list(names), use_threads=False):
            summary.add(assess_batch(batch, request), first_row + summary.rows)
    return summary


def first_rows(file: pq.ParquetFile) -> list[int]:
    """The number of the first row of each row group."""
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    return list(accumulate(sizes[:-1], initial=0)) if sizes else []


def totals_of(source: Path, request: Request, keep: Sequence[str] = ("id",), progress: Progress = silent) -> Summary:
    """Judge a file and only add it up, row groups in parallel. Raises LawError for what is wrong with its columns."""
    with pq.ParquetFile(source, memory_map=True) as file:
        names = columns_to_read(file, request, keep)
        starts = first_rows(file)
    workers = request.threads or cores()
    names = [name for name in names if name not in keep]
    alone = replace(request, totals_only=True, threads=1 if len(starts) > 1 else workers)
    summary = nothing_yet(request)
    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(totals_of_group, source, group, names, alone, row) for group, row in enumerate(starts)]
        for one in waiting:
            part = one.result()
            summary.join(part)
            progress(part.rows)
    return summary


def assess_file(
    source: Path, target: Path, request: Request, keep: Sequence[str] = ("id",), progress: Progress = silent
) -> Summary:
    """Judge a file row by row into another: the columns kept, the results, and `error_code` and `error_field`.

    Results are null where a row is faulty. The target appears when it is whole. Raises LawError as `totals_of`.
    """
    part = target.with_name(target.name + ".part")
    summary = nothing_yet(request)
    try:
        with pq.ParquetFile(source, memory_map=True) as file:
            names = columns_to_read(file, request, keep)
            kept = [name for name in keep if name in names]
            alone = replace(request, threads=1, riding=frozenset(keep))
            schema = schema_of(file.schema_arrow, kept, request)
            with pq.ParquetWriter(part, schema, compression=COMPRESSION, use_dictionary=kept_words(schema)) as writer:
                batches = file.iter_batches(BATCH, columns=names)
                for judged, batch in _in_order(batches, alone, kept, schema, request.threads or cores()):
                    summary.add(judged, summary.rows)
                    writer.write_batch(batch, row_group_size=1 << 20)
                    progress(judged.rows)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return summary


def schema_of(source: pa.Schema, kept: Sequence[str], request: Request) -> pa.Schema:
    """The columns of a file of answers: those kept of the source, the results, the faults."""
    fields = [source.field(name) for name in kept]
    judge = engine_of(request)
    fields += result_schema(judge, wanted(judge, request))
    return pa.schema([*fields, ("error_code", FAULT), ("error_field", FAULT)])


def kept_words(schema: pa.Schema) -> list[str]:
    """The columns worth a dictionary in the file: the words."""
    return [one.name for one in schema if pa.types.is_dictionary(one.type) or pa.types.is_string(one.type)]


def _in_order(
    batches: Iterator[pa.RecordBatch], request: Request, kept: Sequence[str], schema: pa.Schema, workers: int
) -> Iterator[tuple[Assessment, pa.RecordBatch]]:
    """Batches judged by several threads, given in the order of the file, a few at a time."""

    def judged(batch: pa.RecordBatch) -> tuple[Assessment, pa.RecordBatch]:
        done = assess_batch(batch, request)
        return done, written(batch, done, kept, schema)

    waiting: deque[Future[tuple[Assessment, pa.RecordBatch]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for batch in batches:
            waiting.append(pool.submit(judged, batch))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def written(batch: pa.RecordBatch, done: Assessment, kept: Sequence[str], schema: pa.Schema) -> pa.RecordBatch:
    """A batch as it is written: what is kept, the results, the faults."""
    assert done.results is not None
    rows = done.errors.column("row").to_numpy()
    faults = []
    for name in ("code", "field"):
        words = done.errors.column(name).combine_chunks().dictionary_encode()
        places, none = np.zeros(batch.num_rows, np.int8), np.ones(batch.num_rows, bool)
        places[rows] = words.indices.to_numpy(zero_copy_only=False)
        none[rows] = False
        faults.append(pa.DictionaryArray.from_arrays(pa.array(places, mask=none), words.dictionary))
    columns = [batch.column(name) for name in kept] + done.results.columns + faults
    return pa.RecordBatch.from_arrays(columns, schema=schema)
