"""The loop that answers a question over columns, written out as Python source from the question's plans.

A block of rows is gone through once for each segment's plan: every row is worked out and only the segment's own are kept,
so that the loops have no branches and become vectors. Rules that loop themselves come first, into `S_x`, for that reason.

Names: `I_x` a column; `vN_x` its value in the row as plan N takes it, or the value of a rule; `P_x` a dated table and
`p_x` the figure that holds; `H_x` all values of a figure; `R_n` where the nth dated plan is refused; `F_x` a rule,
`C_N` a check, `N_N` the test for a lighter variant; `O_x` a column of results, `T` totals; `E` the error codes; `k` the
version of the law.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from types import FunctionType
from typing import Any

from ..form.question import HISTORY, Plan, Step
from ..form.words import Segment
from .checks import LIGHTER, Check, Lighter, check_of, lighter_plan
from .inputs import FIRST_COLUMN, Column, Limits, Plans
from .tables import TABLE, UNIX, Tables

BLOCK = 1024
"""Rows whose looping rules are worked out before the rest: few enough for their values to stay in cache."""


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
        found.append(Branch(segment, plan, tag, place, fault, check, lighter))
        place = found[-1].dated.stop
        fault += len(check.faults) if check else 0
    return tuple(found)


@dataclass(frozen=True)
class Shape:
    """What one loop is for. `by_row`: each row has its own date; else the whole batch has one version of the law.
    `totals`: add up the results instead of keeping them. `constant`: figures that are the same in every version."""

    rule: str
    branches: tuple[Branch, ...]
    columns: tuple[Column, ...]
    results: tuple[str, ...]
    by_row: bool
    totals: bool
    constant: frozenset[str]

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The loop's arguments, in order; the type of each follows from its first letters."""
        when = ("I_on", "version_of", "month_at") if self.by_row else ("k", "v_on", "v_month")
        columns = (f"I_{column.name}" for column in self.columns)
        scales = (f"scale_{column.name}" for column in self.columns if column.money)
        refused = (f"R_{place}" for branch in self.branches for place in branch.dated)
        figures = (f"P_{name}" for name in self.figures)
        histories = (f"H_{name}" for name in sorted({n for b in self.branches for n in b.plan.histories}))
        early = (f"S_{name}" for name in self.early)
        outputs = ("T",) if self.totals else tuple(f"O_{result}" for result in self.results)
        return ("E", *when, *columns, *scales, *refused, *figures, *histories, *early, *outputs)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures any of the plans uses."""
        return tuple(sorted({name for branch in self.branches for name in branch.plan.parameters}))

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules any of the plans runs."""
        return tuple(dict.fromkeys(step.rule.name for branch in self.branches for step in branch.plan.steps))

    @cached_property
    def early(self) -> tuple[str, ...]:
        """The rules worked out before the others, as `tag_rule`: those that loop."""
        return tuple(
            f"{branch.tag}_{step.rule.name}"
            for branch in self.branches
            for step in branch.plan.steps
            if loops(step.rule.function)
        )


@cache
def loops(function: Callable[..., Any]) -> bool:
    """Whether a function, or one it calls, has a loop."""
    if not isinstance(function, FunctionType):
        return False
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    if any(isinstance(node, ast.For | ast.While) for node in ast.walk(tree)):
        return True
    names = (function.__globals__.get(name) for name in function.__code__.co_names)
    return any(loops(value) for value in names if isinstance(value, FunctionType))


def source_of(shape: Shape, tables: Tables) -> str:
    """The source of the loop."""
    lines = [f"def kernel({', '.join(shape.arguments)}):", *_indented(_before(shape, tables), 1)]
    lines += [f"    for first in range(0, E.size, {BLOCK}):", f"        last = min(first + {BLOCK}, E.size)"]
    if shape.early:
        lines += ["        for i in range(first, last):", *_indented(_early(shape, tables), 3)]
    for branch in shape.branches:
        lines += ["        for i in range(first, last):", *_indented(_row(shape, tables, branch), 3)]
    if shape.totals:
        lines += [f"    T[{place}] = t_{result}" for place, result in enumerate(shape.results)]
    return "\n".join([*lines, "    return faulty", ""])


def _indented(lines: Iterable[str], depth: int) -> Iterator[str]:
    return (" " * 4 * depth + line for line in lines)


def _before(shape: Shape, tables: Tables) -> Iterator[str]:
    yield "faulty = np.int64(0)"
    for name in shape.figures:
        if name in shape.constant:
            yield f"p_{name} = P_{name}[0]{_by_column(tables, name)}"
        elif not shape.by_row:
            yield f"p_{name} = P_{name}[k]{_by_column(tables, name)}"
    if not shape.by_row:
        yield from (f"r_{place} = np.uint8(R_{place}[k])" for branch in shape.branches for place in branch.dated)
    for column in shape.columns:
        if column.money:
            most = max(limits.most for limits in column.limits.values())
            yield f"most_{column.name} = {most} // scale_{column.name}"
    if shape.totals:
        yield from (f"t_{result} = np.int64(0)" for result in shape.results)


def _version(shape: Shape, tables: Tables, plans: Iterable[Plan]) -> Iterator[str]:
    """What follows from the row's date."""
    if shape.by_row:
        names = {name for plan in plans for name in plan.parameters} - shape.constant
        yield f"place = min(max(np.int64(I_on[i]) - {tables.first}, 0), {len(tables.version_of) - 1})"
        yield "k = version_of[place]"
        yield "v_month = np.int64(month_at[place])"
        yield f"v_on = np.int64(I_on[i]) + {UNIX}"
        yield from (f"p_{name} = P_{name}[k]{_by_column(tables, name)}" for name in sorted(names))


def _by_column(tables: Tables, name: str) -> str:
    return ".T" if tables.figures[name].ndim == TABLE else ""


def _early(shape: Shape, tables: Tables) -> Iterator[str]:
    """The rules that loop, with whatever they rest on, into their own columns."""
    yield from _version(shape, tables, (branch.plan for branch in shape.branches))
    for branch in shape.branches:
        wanted = {name.partition("_")[2] for name in shape.early if name.startswith(f"{branch.tag}_")}
        steps = _needed(branch.plan, wanted)
        used = {source for step in steps for source in step.sources}
        for column in shape.columns:
            if column.name in used and branch.segment in column.limits and not _is_segment(column, branch):
                yield from _value(column, column.limits[branch.segment], branch.tag)
        if branch.segment is not None:
            yield f"v{branch.tag}_segment = np.int64({int(branch.segment)})"
        for step in steps:
            yield _called(step, branch)
            if step.rule.name in wanted:
                yield f"S_{branch.tag}_{step.rule.name}[i - first] = v{branch.tag}_{step.rule.name}"


def _needed(plan: Plan, wanted: set[str]) -> list[Step]:
    """The steps that some rules rest on, those rules included, in order."""
    found = []
    names = set(wanted)
    for step in reversed(plan.steps):
        if step.rule.name in names:
            names |= set(step.sources)
            found.append(step)
    return found[::-1]


def _row(shape: Shape, tables: Tables, branch: Branch) -> Iterator[str]:
    """One row by one plan, kept where the row is of the plan's segment."""
    yield from _version(shape, tables, [branch.plan])
    yield from _judged(shape, branch)
    e, own, first, last = f"e{branch.tag}", "True", branch is shape.branches[0], branch is shape.branches[-1]
    if len(shape.branches) > 1:
        segments = next(column for column in shape.columns if column.name == "segment")
        default = next(iter(segments.limits.values())).default
        numbers = [int(one.segment or 0) for one in shape.branches]
        own = f"s == {int(branch.segment or 0)}"
        yield "s = np.int64(I_segment[i])"
        if default is not None:
            yield f"s = np.int64({default}) if s == {segments.null} else s"
        if first:
            yield f"other = np.uint8(0) if {' or '.join(f's == {n}' for n in numbers)} else np.uint8({segments.error})"
    for result in shape.results:
        rule = branch.plan.question.answers.get(result)
        value = f"np.int64(v{branch.tag}_{rule})" if rule else "np.int64(0)"
        kept = f"{value} if ({own}) & ({e} == 0) else np.int64(0)"
        if shape.totals:
            yield f"t_{result} += {kept}"
        elif first:
            yield f"O_{result}[i] = {kept}"
        elif rule:
            yield f"O_{result}[i] = ({value} if {e} == 0 else np.int64(0)) if {own} else O_{result}[i]"
    if len(shape.branches) > 1:
        yield f"{e} = {e} if {own} else {'other' if first else 'E[i]'}"
    yield f"E[i] = {e}"
    if last:
        yield f"faulty += np.int64({e} != 0)"


def _is_segment(column: Column, branch: Branch) -> bool:
    return column.name == "segment" and branch.segment is not None


def _judged(shape: Shape, branch: Branch) -> Iterator[str]:
    """One row by one plan: its facts, its rules, and what is wrong with it."""
    tag, e = branch.tag, f"e{branch.tag}"
    yield f"{e} = np.uint8(0)"
    # A later assignment wins, so that the fault reported is that of the first fact, as in a single case.
    for column in reversed(shape.columns):
        if branch.segment not in column.limits:
            yield f"{e} = np.uint8({column.error}) if I_{column.name}[i] != {column.null} else {e}"
    for column in reversed(shape.columns):
        if branch.segment in column.limits and not _is_segment(column, branch):
            yield from _value(column, column.limits[branch.segment], tag)
            yield f"{e} = np.uint8({column.error}) if bad else {e}"
    if branch.segment is not None:
        yield f"v{tag}_segment = np.int64({int(branch.segment)})"
    for step in branch.plan.steps:
        early = f"{tag}_{step.rule.name}"
        yield f"v{early} = S_{early}[i - first]" if early in shape.early else _called(step, branch)
    if shape.by_row:
        yield from (f"r_{place} = np.uint8(R_{place}[k])" for place in branch.dated)
    refused = f"r_{branch.place}"
    if branch.lighter is not None:
        facts = ", ".join(f"v{tag}_{name}" for name in branch.lighter.arguments)
        yield f"r = r_{branch.place} if N_{tag}({facts}) != 0 else r_{branch.place + 1}"
        refused = "r"
    if branch.check is not None:
        known = ", ".join(_source(name, branch) for name in branch.check.arguments)
        yield f"c = C_{tag}({known})"
        yield f"c = np.uint8(c + {branch.first_fault - 1}) if c != 0 else np.uint8(0)"
        yield f"c = {refused} if {refused} != 0 else c"
        refused = "c"
    yield f"{e} = {refused} if {e} == 0 else {e}"


def _called(step: Step, branch: Branch) -> str:
    sources = ", ".join(_source(source, branch) for source in step.sources)
    return f"v{branch.tag}_{step.rule.name} = F_{step.rule.name}({sources})"


def _source(name: str, branch: Branch) -> str:
    if name in branch.plan.parameters:
        return f"p_{name}"
    if name.removesuffix(HISTORY) in branch.plan.histories:
        return f"H_{name.removesuffix(HISTORY)}"
    return f"v_{name}" if name in ("on", "month") else f"v{branch.tag}_{name}"


def _value(column: Column, limits: Limits, tag: int) -> Iterator[str]:
    """A fact's value in the row, and whether it is `bad`; a bad one is replaced by one that does no harm."""
    name = column.name
    most = f"most_{name}" if column.money else str(limits.most)
    given = f" & (g != {column.null})" if limits.default is not None else ""
    bits = f" | ((g & {~limits.bits}) != 0)" if limits.bits else ""
    yield f"g = np.int64(I_{name}[i])"
    yield f"bad = ((g < {limits.least}) | (g > {most}){bits}){given}"
    yield f"v{tag}_{name} = np.int64({limits.least}) if bad else {f'g * scale_{name}' if column.money else 'g'}"
    if limits.default is not None:
        yield f"v{tag}_{name} = np.int64({limits.default}) if g == {column.null} else v{tag}_{name}"
