"""A question over columns of numbers: the loops it needs, run on all cores."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..form.calendar import first_day, last_day
from ..form.errors import LawError
from ..form.reform import Reform
from ..form.rules import RULES
from ..form.words import Segment
from ..questions import PLANS
from .build import Loop, loop_of
from .checks import plans_of
from .inputs import columns_of
from .shape import Branch, Shape, branches_of, dated_plans
from .source import BLOCK
from .tables import UNIX, tables_of

ROWS = 1 << 18
"""At most so many rows in one call of a loop: enough to make the call cost nothing."""

Columns = Mapping[str, NDArray[Any]]


@cache
def pool(threads: int) -> ThreadPoolExecutor:
    """Threads that run loops; the loops do not hold the interpreter's lock."""
    return ThreadPoolExecutor(threads, thread_name_prefix="law")


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))


class Engine:
    """One question over columns, by the law as it is or as a reform has it.

    `columns` says what goes in, `results` what can come out. Raises LawError unknown_rule, or NotColumnar.
    """

    def __init__(self, rule: str, reform: Reform | None = None) -> None:
        if rule not in PLANS:
            raise LawError("unknown_rule", f"Aturan {rule} tidak ada; yang ada: {', '.join(PLANS)}.", "rule")
        self.rule = rule
        self.plans = plans_of(rule)
        self.columns = columns_of(self.plans)
        self.branches = branches_of(rule, self.plans, self.columns)
        self.tables = tables_of(dated_plans(rule, self.plans), reform)
        self.units = _units(self.branches)
        self.results = tuple(self.units)
        self._absent = {column.name: np.full(BLOCK, column.null, column.dtype) for column in self.columns}
        self._loops: dict[Any, tuple[Shape, Loop]] = {}

    @property
    def by_month(self) -> bool:
        """Whether the month decides, so that every day of it gives the same answer."""
        return next(iter(self.plans.values())).question.by_month

    def day_of(self, month: int) -> int | None:
        """The day that stands for a month when only that is given; None where the day itself decides."""
        question = next(iter(self.plans.values())).question
        first, last = first_day(month), last_day(month)
        if question.at_month_end:
            return last
        if not self.by_month:
            version = self.tables.version
            changes = version(date.fromordinal(first)) != version(date.fromordinal(last))
            if changes or any("on" in step.sources for plan in self.plans.values() for step in plan.steps):
                return None
        return first

    def loop(self, segment: Segment | None, by_row: bool, results: tuple[str, ...], totals: bool) -> tuple[Shape, Loop]:
        """The loop for rows of one segment (None: any), with a date each or one for all."""
        key = segment, by_row, results, totals
        if key not in self._loops:
            branches = tuple(b for b in self.branches if segment is None or b.segment == segment)
            if segment is not None:
                branches = (replace(branches[0], tag=0),)
            columns = tuple(c for c in self.columns if segment is None or (segment in c.limits and c.name != "segment"))
            constant, tables = self.tables.constant if by_row else frozenset(), self.tables.tables
            shape = Shape(self.rule, branches, columns, results, by_row, totals, constant, tables)
            self._loops[key] = shape, loop_of(shape, self.tables)
        return self._loops[key]

    def run(
        self,
        columns: Columns,
        on: date | NDArray[np.int32],
        errors: NDArray[np.uint8],
        out: Columns | None = None,
        *,
        segment: Segment | None = None,
        scales: Mapping[str, int] | None = None,
        results: Sequence[str] | None = None,
        threads: int | None = None,
    ) -> tuple[int, dict[str, int]]:
        """Judge every row: results into `out` (without it they are only added up), error codes into `errors`.

        `columns` have the types of `self.columns`, `null` standing for "not given"; a column left out is given by
        no row. `on` is one date, or days since 1970 for each row; `segment` that of all rows, told only where they
        have one date too. `scales` says how many sen one unit of a money column is (100 unless given). Gives the
        number of faulty rows, and the totals (empty with `out`).
        """
        wanted = tuple(self.results if results is None else results)
        if isinstance(on, date) and segment is None and len(self.plans) > 1:
            # Rows of mixed segments take the loop for mixed dates: fewer loops to compile.
            on = np.full(len(errors), on.toordinal() - UNIX, np.int32)
        shape, loop = self.loop(segment, not isinstance(on, date), wanted, out is None)
        fixed = self._fixed(on, scales or {})
        rows = len(errors)
        inputs: list[tuple[int, NDArray[Any]]] = []
        template: list[Any] = [None] * len(shape.arguments)
        totals_at = -1
        scratch: list[tuple[int, str]] = []
        for place, name in enumerate(shape.arguments):
            letter, _, rest = name.partition("_")
            if name in fixed:
                template[place] = fixed[name]
            elif name == "E":
                inputs.append((place, errors))
            elif name == "I_on":
                assert not isinstance(on, date)
                inputs.append((place, on))
            elif letter == "O":
                assert out is not None
                inputs.append((place, out[rest]))
            elif letter == "S":
                scratch.append((place, shape.scratch[name]))
            elif name == "T":
                totals_at = place
            elif letter == "again":
                template[place] = int(rest not in columns)
            elif rest in columns:
                inputs.append((place, columns[rest]))
            else:
                template[place] = self._absent[rest]

        workers = threads or cores()
        # Few rows are shared evenly too, in whole blocks.
        step = min(ROWS, -(-rows // (workers * BLOCK)) * BLOCK) or ROWS

        def call(start: int) -> tuple[int, NDArray[np.int64] | None]:
            stop = min(start + step, rows)
            arguments = template.copy()
            total = None
            for place, array in inputs:
                arguments[place] = array[start:stop]
            for place, dtype in scratch:
                arguments[place] = np.empty(BLOCK, dtype)
            if totals_at >= 0:
                arguments[totals_at] = total = np.zeros(len(wanted), np.int64)
            loop(*arguments)
            return int(np.count_nonzero(errors[start:stop])), total

        starts = range(0, rows, step)
        workers = min(workers, len(starts))
        done = list(pool(workers).map(call, starts)) if workers > 1 else [call(start) for start in starts]
        totals = {}
        if out is None:
            sums = [total for _, total in done if total is not None]
            totals = {name: sum(int(total[i]) for total in sums) for i, name in enumerate(wanted)}
        return sum(faulty for faulty, _ in done), totals

    def _fixed(self, on: date | NDArray[np.int32], scales: Mapping[str, int]) -> dict[str, Any]:
        """The arguments that are the same for every part of a batch."""
        tables = self.tables
        fixed: dict[str, Any] = {f"P_{name}": table for name, table in tables.figures.items()}
        fixed |= {f"H_{name}": rows for name, rows in tables.histories.items()}
        fixed |= {f"R_{place}": table for place, table in enumerate(tables.refused)}
        fixed |= {f"scale_{column.name}": scales.get(column.name, 100) for column in self.columns if column.money}
        if isinstance(on, date):
            day = on.replace(day=1) if self.by_month else on
            month = day.year * 12 + day.month - 1
            return fixed | {"k": tables.version(on), "v_on": day.toordinal(), "v_month": month}
        return fixed | {"version_of": tables.version_of, "month_at": tables.month_at}


def _units(branches: Sequence[Branch]) -> dict[str, str]:
    """The unit of every result."""
    units: dict[str, str] = {}
    for branch in branches:
        question = branch.plan.question
        units |= {name: RULES[rule].unit for name, rule in question.answers.items()}
        units |= dict.fromkeys((name for name in question.zeros if name not in units), "rupiah")
        units |= {name: extra.unit for name, extra in branch.extras.items()}
    return units


@lru_cache(maxsize=64)
def engine(rule: str, reform: Reform | None = None) -> Engine:
    """The engine of a question, made once."""
    return Engine(rule, reform)
