"""The loop that answers a question over columns, written out as Python source from the question's plans.

Names in the loop: `I_x` a column, `v_x` its value in the row, or that of a rule; `P_x` a dated table, `p_x` the figure
that holds; `H_x` all values of a figure; `R_n` where plan n is refused; `F_x` a rule, `C_n` a check; `O_x` a column of
results, `T` totals; `E` the error codes; `k` the version of the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..form.question import HISTORY, Plan
from ..form.words import Segment
from .checks import LIGHTER, Check, check_of, lighter_plan
from .inputs import Column, Limits, Plans
from .tables import UNIX, Tables


@dataclass(frozen=True)
class Shape:
    """What one loop is for. `by_row`: each row has its own date; else the whole batch has one version of the law.
    `totals`: add up the results instead of keeping them."""

    rule: str
    plans: Plans
    columns: tuple[Column, ...]
    results: tuple[str, ...]
    by_row: bool
    totals: bool

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The loop's arguments, in order; the type of each follows from its first letters."""
        when = ("I_on", "version_of", "month_at") if self.by_row else ("k", "v_on", "v_month")
        columns = (f"I_{column.name}" for column in self.columns)
        scales = (f"scale_{column.name}" for column in self.columns if column.money)
        refused = (f"R_{place}" for place in range(len(self.dated)))
        figures = (f"P_{name}" for name in self.names(self.plans.values()))
        histories = (f"H_{name}" for name in sorted({n for plan in self.plans.values() for n in plan.histories}))
        outputs = ("T",) if self.totals else tuple(f"O_{result}" for result in self.results)
        return ("E", *when, *columns, *scales, *refused, *figures, *histories, *outputs)

    @cached_property
    def dated(self) -> tuple[Plan, ...]:
        """The plans whose dates are told apart: each segment's own, then the lighter variant it may have."""
        return dated_plans(self.rule, self.plans)

    @cached_property
    def checks(self) -> dict[Segment | None, Check]:
        """The checks of the plans that have one."""
        checks = {segment: check_of(plan) for segment, plan in self.plans.items()}
        return {segment: check for segment, check in checks.items() if check is not None}

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules any of the plans runs."""
        return tuple(dict.fromkeys(step.rule.name for plan in self.plans.values() for step in plan.steps))

    def names(self, plans: Iterable[Plan]) -> list[str]:
        """The figures some plans use."""
        return sorted({name for plan in plans for name in plan.parameters})


def dated_plans(rule: str, plans: Plans) -> tuple[Plan, ...]:
    """Each segment's plan, followed by its lighter variant if it has one."""
    found = []
    for segment, plan in plans.items():
        lighter = lighter_plan(rule, segment)
        found += [plan] if lighter is None else [plan, lighter]
    return tuple(found)


def faults_of(columns: tuple[Column, ...], plans: Plans) -> list[tuple[Segment | None, int, str, str]]:
    """The faults the checks can find: segment, error code, code for programs, field. They follow the columns'."""
    number = columns[-1].error + 1 if columns else len(plans)
    found = []
    for segment, plan in plans.items():
        check = check_of(plan)
        for code, field in check.faults if check else ():
            found.append((segment, number, code, field))
            number += 1
    return found


def source_of(shape: Shape, tables: Tables, all_columns: tuple[Column, ...]) -> str:
    """The source of the loop. Raises NotColumnar."""
    first_fault = all_columns[-1].error + 1 if all_columns else 0
    lines = [f"def kernel({', '.join(shape.arguments)}):", *_indented(_before(shape), 1)]
    lines += ["    for i in range(E.size):", *_indented(_row(shape, tables, first_fault), 2)]
    lines += ["        E[i] = e", "        faulty += np.int64(e != 0)"]
    if shape.totals:
        lines += [f"    T[{place}] = t_{result}" for place, result in enumerate(shape.results)]
    return "\n".join([*lines, "    return faulty", ""])


def _indented(lines: Iterable[str], depth: int) -> Iterator[str]:
    return (" " * 4 * depth + line for line in lines)


def _before(shape: Shape) -> Iterator[str]:
    yield "faulty = np.int64(0)"
    if not shape.by_row:
        yield from (f"p_{name} = P_{name}[k]" for name in shape.names(shape.plans.values()))
        yield from (f"r_{place} = R_{place}[k]" for place in range(len(shape.dated)))
    for column in shape.columns:
        if column.money:
            most = max(limits.most for limits in column.limits.values())
            yield f"most_{column.name} = {most} // scale_{column.name}"
    if shape.totals:
        yield from (f"t_{result} = np.int64(0)" for result in shape.results)


def _row(shape: Shape, tables: Tables, first_fault: int) -> Iterator[str]:
    if shape.by_row:
        yield f"place = min(max(np.int64(I_on[i]) - {tables.first}, 0), {len(tables.version_of) - 1})"
        yield "k = version_of[place]"
        yield "v_month = month_at[place]"
        yield f"v_on = np.int64(I_on[i]) + {UNIX}"
    place, branches = 0, []
    for segment, plan in shape.plans.items():
        branches.append((segment, plan, place, first_fault))
        place += len(dated_plans(shape.rule, {segment: plan}))
        check = shape.checks.get(segment)
        first_fault += len(check.faults) if check else 0
    if len(branches) == 1:
        yield from _judged(shape, *branches[0])
        return
    segments = next(column for column in shape.columns if column.name == "segment")
    yield "g = np.int64(I_segment[i])"
    default = next(iter(segments.limits.values())).default
    if default is not None:
        yield f"g = np.int64({default}) if g == {segments.null} else g"
    for turn, branch in enumerate(branches):
        yield f"{'elif' if turn else 'if'} g == {number(branch[0])}:"
        yield from _indented(_judged(shape, *branch), 1)
    yield "else:"
    yield f"    e = np.uint8({segments.error})"
    if not shape.totals:
        yield from (f"    O_{result}[i] = 0" for result in shape.results)


def number(segment: Segment | None) -> int:
    """A segment in a name."""
    return 0 if segment is None else int(segment)


def _judged(shape: Shape, segment: Segment | None, plan: Plan, place: int, first_fault: int) -> Iterator[str]:
    """One row by one plan: its facts, its figures, its rules, its results."""
    yield "e = np.uint8(0)"
    # A later assignment wins, so that the fault reported is that of the first fact, as in a single case.
    for column in reversed(shape.columns):
        if segment not in column.limits:
            yield f"e = np.uint8({column.error}) if I_{column.name}[i] != {column.null} else e"
    for column in reversed(shape.columns):
        if segment in column.limits and not (column.name == "segment" and segment is not None):
            yield from _fact(column, column.limits[segment])
    if segment is not None:
        yield f"v_segment = np.int64({number(segment)})"
    if shape.by_row:
        yield from (f"p_{name} = P_{name}[k]" for name in shape.names([plan]))
        turns = range(place, place + len(dated_plans(shape.rule, {segment: plan})))
        yield from (f"r_{turn} = R_{turn}[k]" for turn in turns)
    for step in plan.steps:
        sources = ", ".join(_source(source, plan) for source in step.sources)
        yield f"v_{step.rule.name} = F_{step.rule.name}({sources})"
    lighter = LIGHTER.get((shape.rule, segment))
    refused = f"r_{place}"
    if lighter is not None:
        needed = f"N_{place}({', '.join(f'v_{name}' for name in lighter.arguments)})"
        refused = f"(r_{place} if {needed} != 0 else r_{place + 1})"
    check = shape.checks.get(segment)
    if check is not None:
        yield f"c = C_{number(segment)}({', '.join(f'v_{name}' for name in check.arguments)})"
        yield f"c = np.uint8(c + {first_fault - 1}) if c != 0 else np.uint8(0)"
        yield f"c = {refused} if {refused} != 0 else c"
        yield "e = c if e == 0 else e"
    else:
        yield f"e = {refused} if e == 0 else e"
    for result in shape.results:
        rule = plan.question.answers.get(result)
        value = f"np.int64(v_{rule}) if e == 0 else np.int64(0)" if rule else "np.int64(0)"
        yield f"t_{result} += {value}" if shape.totals else f"O_{result}[i] = {value}"


def _source(name: str, plan: Plan) -> str:
    if name in plan.parameters:
        return f"p_{name}"
    if name.removesuffix(HISTORY) in plan.histories:
        return f"H_{name.removesuffix(HISTORY)}"
    return f"v_{name}"


def _fact(column: Column, limits: Limits) -> Iterator[str]:
    name = column.name
    most = f"most_{name}" if column.money else str(limits.most)
    given = f" & (g != {column.null})" if limits.default is not None else ""
    bits = f" | ((g & {~limits.bits}) != 0)" if limits.bits else ""
    yield f"g = np.int64(I_{name}[i])"
    yield f"bad = ((g < {limits.least}) | (g > {most}){bits}){given}"
    yield f"v_{name} = np.int64({limits.least}) if bad else {f'g * scale_{name}' if column.money else 'g'}"
    if limits.default is not None:
        yield f"v_{name} = np.int64({limits.default}) if g == {column.null} else v_{name}"
    yield f"e = np.uint8({column.error}) if bad else e"
