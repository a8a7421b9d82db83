"""A small file of many row groups, what the one machine says of it, and workers that die in the middle."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lindung.law.columns.cluster.tasks import Job, Part, Task, judge
from lindung.law.columns.engine import engine

from .columns_cases import as_table, random_row

ROWS, GROUPS = 6_000, 12


def write_cases(path: Path, first: int = 0, rows: int = ROWS, groups: int = GROUPS) -> Path:
    """A file of rows of every category and date, some of them faulty, whose ids begin with a number."""
    chance = random.Random(20261123 + first)
    judge_all = engine("contributions")
    table = as_table(judge_all, (random_row(chance, judge_all, first + number) for number in range(rows)))
    pq.write_table(table, path, row_group_size=-(-rows // groups))
    return path


def rows_of(folder: Path) -> pa.Table:
    """Every row of a folder of parts, words as plain text, by id."""
    table = pa.concat_tables([plain(pq.read_table(part)) for part in sorted(folder.iterdir())])
    return table.sort_by("id")


def plain(table: pa.Table) -> pa.Table:
    """The same without dictionaries, whose numbers mean nothing."""
    for name in ("error_code", "error_field"):
        column = table.column(name).cast(pa.string())
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def dying(folder: Path, die: Callable[[str], None], before: int = -1, after: int = -1) -> Callable[[Job, Task], Part]:
    """Work at which a worker dies once: before a row group is judged, or when another is judged, written and not yet
    reported. `die` is told which; a file of that name is left behind."""

    def judge_or_die(job: Job, task: Task) -> Part:
        def once(death: str) -> None:
            mark = folder / death
            if not mark.exists():
                mark.touch()
                die(death)

        if task.group == before:
            once("before")
        part = judge(job, task)
        if task.group == after:
            once("after")
        return part

    return judge_or_die
