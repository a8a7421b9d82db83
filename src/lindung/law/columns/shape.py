"""What one loop is for: whose plans, which columns and results, and from that its arguments in order."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import FunctionType
from typing import Any

from ..form.question import Plan, Step
from ..form.words import Segment
from .checks import LIGHTER, Check, Extra, Lighter, check_of, extras_of, lighter_plan
from .inputs import FIRST_COLUMN, Column, Plans


@dataclass(frozen=True)
class Branch:
    """One segment's plan in the loop: its tag in names, its dated plans' places, the first error code of its check."""

    segment: Segment | None
    plan: Plan
    tag: int
    place: int
    first_fault: int
    check: Check | None
    lighter: Lighter | None
    extras: Mapping[str, Extra]

    @property
    def dated(self) -> range:
        """The places of its own plan and the lighter variant it may have."""
        return range(self.place, self.place + (1 if self.lighter is None else 2))


def dated_plans(rule: str, plans: Plans) -> tuple[Plan, ...]:
    """Each segment's plan, followed by its lighter variant if it has one."""
    found = []
    for segment, plan in plans.items():
        lighter = lighter_plan(rule, segment)
        found += [plan] if lighter is None else [plan, lighter]
    return tuple(found)


def branches_of(rule: str, plans: Plans, columns: tuple[Column, ...]) -> tuple[Branch, ...]:
    """The branches of a question. Raises NotColumnar."""
    found: list[Branch] = []
    place, fault = 0, FIRST_COLUMN + len(columns)
    for tag, (segment, plan) in enumerate(plans.items()):
        check, lighter = check_of(plan), LIGHTER.get((rule, segment))
        found.append(Branch(segment, plan, tag, place, fault, check, lighter, extras_of(plan)))
        place = found[-1].dated.stop
        fault += len(check.faults) if check else 0
    return tuple(found)


@dataclass(frozen=True)
class Shape:
    """What one loop is for. `by_row`: each row has its own date; else the whole batch has one version of the law.
    `totals`: add up the results instead of keeping them. `constant`: figures that are the same in every version;
    `tables`: figures that are more than one number."""

    rule: str
    branches: tuple[Branch, ...]
    columns: tuple[Column, ...]
    results: tuple[str, ...]
    by_row: bool
    totals: bool
    constant: frozenset[str]
    tables: frozenset[str]

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The loop's arguments, in order; the type of each follows from its first letters."""
        when = ("I_on", "version_of", "month_at") if self.by_row else ("k", "v_on", "v_month")
        columns = (f"I_{column.name}" for column in self.columns)
        again = (f"again_{column.name}" for column in self.columns)
        scales = (f"scale_{column.name}" for column in self.columns if column.money)
        refused = (f"R_{place}" for branch in self.branches for place in branch.dated)
        figures = (f"P_{name}" for name in self.figures)
        histories = (f"H_{name}" for name in sorted({n for b in self.branches for n in b.plan.histories}))
        outputs = ("T",) if self.totals else tuple(f"O_{result}" for result in self.results)
        return ("E", *when, *columns, *again, *scales, *refused, *figures, *histories, *self.scratch, *outputs)

    @cached_property
    def scratch(self) -> dict[str, str]:
        """Columns of one block that its loops hand on to each other, and their types."""
        found: dict[str, str] = {}
        if self.by_row:
            found |= {"S_k": "int32", "S_month": "int32"}
            found |= {f"S_r_{place}": "uint8" for branch in self.branches for place in branch.dated}
            found |= {f"S_p_{name}": "int64" for name in self.by_date}
        for branch in self.branches:
            found |= {f"S_v{branch.tag}_{column.name}": column.dtype for column in self.narrow(branch)}
            found |= {f"S_v{branch.tag}_{step.rule.name}": "int64" for step in self.early(branch)}
            found[f"S_e{branch.tag}"] = "uint8"
            if len(self.branches) > 1:
                found[f"S_f{branch.tag}"] = "uint8"
        return found

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures any of the plans uses."""
        return tuple(sorted({name for branch in self.branches for name in branch.plan.parameters}))

    @property
    def by_date(self) -> tuple[str, ...]:
        """The single numbers that have to be looked up for each row's date."""
        return tuple(name for name in self.figures if self.by_row and name not in self.constant | self.tables)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules any of the plans runs."""
        return tuple(dict.fromkeys(step.rule.name for branch in self.branches for step in branch.plan.steps))

    def own(self, branch: Branch) -> list[Column]:
        """The columns a branch takes, in the order in which a single case reads them; not the segment it is of."""
        names = [fact.name for fact in branch.plan.question.facts]
        columns = [column for column in self.columns if branch.segment in column.limits]
        chosen = [column for column in columns if column.name != "segment" or branch.segment is None]
        return sorted(chosen, key=lambda column: names.index(column.name))

    def foreign(self, branch: Branch) -> list[Column]:
        """The columns a branch's rows must leave empty."""
        return [column for column in self.columns if branch.segment not in column.limits]

    def narrow(self, branch: Branch) -> list[Column]:
        """The branch's columns that are cleaned in a loop of their own, many at once: all but the 64-bit ones."""
        return [column for column in self.own(branch) if column.dtype != "int64"]

    def early(self, branch: Branch) -> list[Step]:
        """The branch's rules that are worked out before the others: those that loop."""
        return [step for step in branch.plan.steps if loops(step.rule.function)]


@cache
def loops(function: Callable[..., Any]) -> bool:
    """Whether a function, or one it calls, has a loop."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    if any(isinstance(node, ast.For | ast.While) for node in ast.walk(tree)):
        return True
    names = (function.__globals__.get(name) for name in function.__code__.co_names)
    return any(loops(value) for value in names if isinstance(value, FunctionType))
