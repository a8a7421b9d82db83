"""A small file of many row groups, what the one machine says of it, and workers that die in the middle."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lindung.law.columns.cluster.tasks import Job, Part, Task, judge

ROWS, GROUPS = 6_000, 12
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("on", pa.date32()),
        ("segment", pa.string()),
        ("income", pa.int64()),
        ("payer", pa.string()),
        ("wage", pa.int64()),
        ("risk_group", pa.int8()),
        ("firm_size", pa.string()),
    ]
)


def write_cases(path: Path, first: int = 0, rows: int = ROWS, groups: int = GROUPS) -> Path:
    """A file of wage earners and others of many dates, some of them faulty, with ids from a number on."""
    chance = random.Random(20261123 + first)
    table = pa.Table.from_pylist([_row(chance, first + number) for number in range(rows)], SCHEMA)
    pq.write_table(table, path, row_group_size=-(-rows // groups))
    return path


def _row(chance: random.Random, number: int) -> dict[str, Any]:
    # From half a year before the law is known: some dates are refused, and some payers and risk groups.
    row = {"id": number, "on": date(2015, 1, 1) + timedelta(chance.randrange(4000))}
    if chance.random() < 0.5:
        payer = chance.choice(("self", "apbd", "nobody"))
        return row | {"segment": "BPU", "income": chance.randrange(20_000_000), "payer": payer}
    row |= {"segment": "PU", "wage": chance.randrange(30_000_000), "risk_group": chance.randint(1, 6)}
    return row | {"firm_size": chance.choice(("micro", "small", "medium", "large"))}


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
