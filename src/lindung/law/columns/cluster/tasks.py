"""The unit of work of every engine: one row group of one file, small to send and safe to repeat.

Tasks share nothing. Each gives back a small `Part`, and writes, where rows are wanted, one file of its own: whole or
not at all, under the same name however often the task is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from ...form.errors import LawError
from ...form.reform import Reform
from ...judgement import law_version
from ..assessment import Request, assess_batch
from ..files import (
    BATCH,
    COMPRESSION,
    Summary,
    columns_to_read,
    first_rows,
    kept_words,
    schema_of,
    totals_of_group,
    written,
)
from .errors import ClusterError

REFORMS: dict[str, Reform] = {}
"""The reforms this process has been sent, by their content: an engine is made once for each, not for every task."""

UNFINISHED = ".unfinished"
"""The folder, beside the parts, of what is still being written."""


@dataclass(frozen=True)
class Task:
    """A row group of a file; `first_row` is counted through all files, `part` names what is written."""

    file: str
    group: int
    first_row: int
    rows: int
    names: tuple[str, ...]
    part: str


@dataclass(frozen=True)
class Job:
    """What every task of a run has in common. `folder`: where parts are written (None: only totals are wanted);
    `law`: the version of the law that must judge, wherever the task runs."""

    request: Request
    keep: tuple[str, ...]
    folder: str | None
    law: str


@dataclass(frozen=True)
class Part:
    """What became of a task, or why its columns are refused: a refusal is an answer, for repeating would not help."""

    task: Task
    summary: Summary
    refusal: LawError | None = None


Work = Callable[[Task], Part]


def files_of(source: Path) -> list[Path]:
    """A file alone, or a folder's Parquet files by name. Raises LawError for a folder without any."""
    if not source.is_dir():
        return [source]
    files = sorted(file for file in source.glob("*.parquet") if not file.name.startswith((".", "_")))
    if not files:
        raise LawError("missing_fact", f"Di folder {source} tidak ada berkas .parquet.")
    return files


def plan(source: Path, job: Job) -> list[Task]:
    """Every row group as a task, in the order of the files. Raises LawError for what is wrong with their columns."""
    tasks: list[Task] = []
    schemas: dict[Path, pa.Schema] = {}
    row = 0
    for path in files_of(source):
        with pq.ParquetFile(path) as file:
            names = tuple(columns_to_read(file, job.request, job.keep))
            schemas[path] = schema_of(file.schema_arrow, kept_of(names, job), job.request)
            starts = [*first_rows(file), file.metadata.num_rows]
        for group, (start, end) in enumerate(pairwise(starts)):
            part = f"{path.stem}-{group:05d}.parquet"
            tasks.append(Task(str(path.resolve()), group, row + start, end - start, names, part))
        row += starts[-1]
    if job.folder is not None:
        _check_alike(schemas)
    return tasks


def _check_alike(schemas: dict[Path, pa.Schema]) -> None:
    """All parts must be one table. Raises LawError naming the first file whose kept columns differ."""
    first, *others = schemas
    for path in others:
        if not schemas[path].equals(schemas[first]):
            message = f"Kolom yang dibawa serta di {path.name} tidak sama jenisnya dengan di {first.name}."
            raise LawError("impossible_value", message)


def kept_of(names: Sequence[str], job: Job) -> list[str]:
    """The columns a file has to be carried over."""
    return [name for name in job.keep if name in names]


def judge(job: Job, task: Task) -> Part:
    """Do a task. Raises ClusterError where another version of the law is installed, OSError for the file."""
    if law_version() != job.law:
        raise ClusterError("Pekerja ini memasang versi Lindung yang lain. Pasang versi yang sama di semua pekerja.")
    if reform := job.request.reform:
        job = replace(job, request=replace(job.request, reform=REFORMS.setdefault(repr(reform), reform)))
    try:
        return Part(task, _totals(job, task) if job.folder is None else _rows(job, task, Path(job.folder)))
    except LawError as refusal:
        return Part(task, Summary(), refusal)


def _totals(job: Job, task: Task) -> Summary:
    names = [name for name in task.names if name not in job.keep]
    request = replace(job.request, totals_only=True, threads=1)
    return totals_of_group(Path(task.file), task.group, names, request, task.first_row)


def _rows(job: Job, task: Task, folder: Path) -> Summary:
    """Judge a row group into its part. A file half-written by a worker that died never bears the part's name."""
    summary = Summary()
    unfinished = folder / UNFINISHED / f"{uuid4().hex}.parquet"
    request = replace(job.request, threads=1, riding=frozenset(job.keep))
    kept = kept_of(task.names, job)
    try:
        with pq.ParquetFile(task.file, memory_map=True) as file:
            schema = schema_of(file.schema_arrow, kept, request)
            with pq.ParquetWriter(
                unfinished, schema, compression=COMPRESSION, use_dictionary=kept_words(schema)
            ) as writer:
                for batch in file.iter_batches(
                    BATCH, row_groups=[task.group], columns=list(task.names), use_threads=False
                ):
                    judged = assess_batch(batch, request)
                    summary.add(judged, task.first_row + summary.rows)
                    writer.write_batch(written(batch, judged, kept, schema), row_group_size=1 << 20)
        unfinished.replace(folder / task.part)
    finally:
        unfinished.unlink(missing_ok=True)
    return summary
