"""The loops that answer a question over columns, written out as Python source from the question's plans.

A block of rows goes through a few simple loops, each without branches so that it becomes vectors: the figures of the
rows' dates, the facts as each segment's plan takes them, what is wrong with the rows, the rules that loop themselves,
at last all other rules and the results. What one loop finds the next reads from `S_x`, columns of one block that stay
in cache. Narrow columns are cleaned apart from the 64-bit ones, since a vector holds eight times as many of them.

Names: `I_x` a column; `vN_x` its value in the row as plan N takes it, or the value of a rule; `P_x` a dated table and
`p_x` the figure that holds; `H_x` all values of a figure; `R_n` where the nth dated plan is refused; `F_x` a rule,
`C_N` a check, `N_N` the test for a lighter variant, `X_N_x` a result that is no rule's; `O_x` a column of results, `T`
totals; `E` the error codes; `again_x` is 1 for a column that no row gives: it has one block, which stands for all, and
`b_x` is where that block begins; `k` the version of the law; `okN` whether the row is of plan N and without fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..form.question import HISTORY, Plan, Step
from .inputs import Column
from .shape import Branch, Shape
from .tables import TABLE, UNIX, Tables

BLOCK = 1024
"""Rows that go through all loops together: few enough for their scratch columns to stay in cache."""

AT = "[i - first]"


def source_of(shape: Shape, tables: Tables) -> str:
    """The source of the loops."""
    passes = [list(_dates(shape, tables))] if shape.by_row else []
    for branch in shape.branches:
        passes += [list(_wide(shape, branch)), list(_narrow(shape, branch)), list(_faults(shape, tables, branch))]
    if len(shape.branches) > 1:
        passes.append(list(_merged(shape)))
    passes += [list(_early(shape, tables)), list(_answers(shape, tables))]
    lines = [f"def kernel({', '.join(shape.arguments)}):", *_indented(_before(shape, tables), 1)]
    # Places are unsigned: else the compiler would look at each whether it counts from the end.
    lines += [
        "    rows = np.uint64(E.size)",
        f"    for first in range(np.uint64(0), rows, np.uint64({BLOCK})):",
        f"        last = min(first + np.uint64({BLOCK}), rows)",
        *(f"        b_{column.name} = first * np.uint64(again_{column.name})" for column in shape.columns),
    ]
    for body in filter(None, passes):
        lines += ["        for i in range(first, last):", *_indented(body, 3)]
    if shape.totals:
        lines += [f"    T[{place}] = t_{result}" for place, result in enumerate(shape.results)]
    return "\n".join([*lines, ""])


def _indented(lines: Iterable[str], depth: int) -> Iterator[str]:
    return (" " * 4 * depth + line for line in lines)


def _before(shape: Shape, tables: Tables) -> Iterator[str]:
    """What is the same for all rows."""
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


def _given_at(column: Column) -> str:
    """A column's value in the row as it was given."""
    return f"I_{column.name}[i - b_{column.name}]"


def _by_column(tables: Tables, name: str) -> str:
    return ".T" if tables.figures[name].ndim == TABLE else ""


def _dates(shape: Shape, tables: Tables) -> Iterator[str]:
    """The figures of each row's date."""
    yield f"place = min(max(np.int64(I_on[i]) - {tables.first}, 0), {len(tables.version_of) - 1})"
    yield "k = np.uint64(version_of[np.uint64(place)])"
    yield f"S_k{AT} = k"
    yield f"S_month{AT} = month_at[np.uint64(place)]"
    yield from (f"S_p_{name}{AT} = P_{name}[k]" for name in shape.by_date)
    yield from (f"S_r_{place}{AT} = R_{place}[k]" for branch in shape.branches for place in branch.dated)


def _wide(shape: Shape, branch: Branch) -> Iterator[str]:
    """What is wrong with the 64-bit columns of a branch."""
    # A later assignment wins, so that the fault reported is that of the first fact, as in a single case.
    yield "e = np.uint8(0)"
    for column in reversed(shape.foreign(branch)):
        if column.dtype == "int64":
            yield f"e = np.uint8({column.error}) if {_given_at(column)} != {column.null} else e"
    for column in reversed(shape.own(branch)):
        if column.dtype == "int64":
            yield from _bad(column, branch)
            yield f"e = np.uint8({column.error}) if bad else e"
    yield f"S_e{branch.tag}{AT} = e"


def _narrow(shape: Shape, branch: Branch) -> Iterator[str]:
    """The other columns of a branch: cleaned, and what is wrong with them."""
    narrow = shape.narrow(branch)
    own, foreign = shape.own(branch), shape.foreign(branch)
    yield f"e = S_e{branch.tag}{AT}"
    for column in reversed(foreign):
        if column.dtype != "int64":
            earlier = _unless(own, foreign[: foreign.index(column)])
            yield f"e = np.uint8({column.error}) if ({_given_at(column)} != {column.null}){earlier} else e"
    for column in reversed(narrow):
        limits, value = column.limits[branch.segment], f"S_v{branch.tag}_{column.name}{AT}"
        yield from _bad(column, branch)
        yield f"e = np.uint8({column.error}) if bad{_unless(own[: own.index(column)])} else e"
        # A bad value is replaced by one that does no harm.
        yield f"g = np.{column.dtype}({limits.least}) if bad else g"
        if limits.default is not None:
            yield f"g = np.{column.dtype}({limits.default}) if g == {column.null} else g"
        yield f"{value} = g"
    yield f"S_e{branch.tag}{AT} = e"


def _unless(*earlier: list[Column]) -> str:
    """A condition: none of these columns, which come first, has a fault that was already found."""
    wide = (column.error for columns in earlier for column in columns if column.dtype == "int64")
    return "".join(f" & (e != {error})" for error in wide)


def _bad(column: Column, branch: Branch) -> Iterator[str]:
    """A value as given, `g`, and whether it is `bad`."""
    limits = column.limits[branch.segment]
    most = f"most_{column.name}" if column.money else str(limits.most)
    given = f" & (g != {column.null})" if limits.default is not None else ""
    bits = f" | ((g & {~limits.bits}) != 0)" if limits.bits else ""
    gaps = "".join(f" | (g == {number})" for number in limits.gaps)
    yield f"g = {_given_at(column)}"
    yield f"bad = ((g < {limits.least}) | (g > {most}){bits}{gaps}){given}"


def _faults(shape: Shape, tables: Tables, branch: Branch) -> Iterator[str]:
    """What else is wrong with a row of a branch: its date, then the question's own check."""
    refused = [f"S_r_{place}{AT}" if shape.by_row else f"r_{place}" for place in branch.dated]
    yield f"e = S_e{branch.tag}{AT}"
    yield "ok = e == 0"
    facts = branch.lighter.arguments if branch.lighter else ()
    known = branch.check.arguments if branch.check else ()
    yield from _figures(shape, tables, {*known})
    yield from _given(shape, branch, {*facts, *known}, "ok")
    yield f"r = {refused[0]}"
    if branch.lighter is not None:
        yield f"r = r if N_{branch.tag}({', '.join(_source(name, branch) for name in facts)}) != 0 else {refused[1]}"
    if branch.check is not None:
        yield f"c = C_{branch.tag}({', '.join(_source(name, branch) for name in known)})"
        yield f"c = np.uint8(c + {branch.first_fault - 1}) if c != 0 else np.uint8(0)"
        yield "r = c if r == 0 else r"
    # Written elsewhere than it was read from, so that the loop becomes vectors.
    final = f"S_f{branch.tag}{AT}" if len(shape.branches) > 1 else "E[i]"
    yield f"{final} = r if ok else e"


def _merged(shape: Shape) -> Iterator[str]:
    """Each row's error code: that of its own segment's plan, or that of a segment there is not."""
    segments = next(column for column in shape.columns if column.name == "segment")
    yield from _segment(shape)
    yield f"e = np.uint8({segments.error})"
    for branch in shape.branches:
        yield f"e = S_f{branch.tag}{AT} if s == {int(branch.segment or 0)} else e"
    yield "E[i] = e"


def _segment(shape: Shape) -> Iterator[str]:
    segments = next(column for column in shape.columns if column.name == "segment")
    default = next(iter(segments.limits.values())).default
    yield f"s = {_given_at(segments)}"
    if default is not None:
        yield f"s = np.{segments.dtype}({default}) if s == {segments.null} else s"


def _rows_own(shape: Shape) -> Iterator[str]:
    """Whether a row is of each branch and without fault."""
    if len(shape.branches) == 1:
        yield f"ok{shape.branches[0].tag} = E[i] == 0"
        return
    yield from _segment(shape)
    yield from (f"ok{one.tag} = (E[i] == 0) & (s == {int(one.segment or 0)})" for one in shape.branches)


def _given(shape: Shape, branch: Branch, names: set[str], ok: str) -> Iterator[str]:
    """The facts of these names as the branch takes them; 64-bit ones are 0 where the row is not `ok`."""
    tag = branch.tag
    if shape.by_row:
        yield f"v_month = np.int64(S_month{AT})"
        yield f"v_on = np.int64(I_on[i]) + {UNIX}"
    if branch.segment is not None and "segment" in names:
        yield f"v{tag}_segment = np.int64({int(branch.segment)})"
    narrow = shape.narrow(branch)
    for column in shape.own(branch):
        if column.name not in names:
            continue
        if column in narrow:
            yield f"v{tag}_{column.name} = np.int64(S_v{tag}_{column.name}{AT})"
            continue
        default = column.limits[branch.segment].default
        yield f"g = {_given_at(column)} if {ok} else np.int64(0)"
        yield f"v{tag}_{column.name} = {f'g * scale_{column.name}' if column.money else 'g'}"
        if default is not None:
            yield f"v{tag}_{column.name} = np.int64({default}) if g == {column.null} else v{tag}_{column.name}"


def _figures(shape: Shape, tables: Tables, names: set[str]) -> Iterator[str]:
    """The figures of these names that hold on the row's date."""
    for name in shape.figures:
        if shape.by_row and name in names and name not in shape.constant:
            row = f"P_{name}[np.uint64(S_k{AT})]{_by_column(tables, name)}"
            yield f"p_{name} = {row if name in shape.tables else f'S_p_{name}{AT}'}"


def _early(shape: Shape, tables: Tables) -> Iterator[str]:
    """The rules that loop, with whatever they rest on, into their own columns."""
    looping = [branch for branch in shape.branches if shape.early(branch)]
    if looping:
        yield from _rows_own(shape)
    for branch in looping:
        ok, early = f"ok{branch.tag}", {step.rule.name for step in shape.early(branch)}
        steps = _needed(branch.plan, early)
        used = {source for step in steps for source in step.sources}
        yield from (f"S_v{branch.tag}_{name}{AT} = 0" for name in sorted(early))
        yield f"if {ok}:"
        yield from _indented(_figures(shape, tables, used), 1)
        yield from _indented(_given(shape, branch, used, ok), 1)
        for step in steps:
            yield f"    {_called(step, branch)}"
            if step.rule.name in early:
                yield f"    S_v{branch.tag}_{step.rule.name}{AT} = v{branch.tag}_{step.rule.name}"


def _needed(plan: Plan, wanted: set[str]) -> list[Step]:
    """The steps that some rules rest on, those rules included, in order."""
    found = []
    names = set(wanted)
    for step in reversed(plan.steps):
        if step.rule.name in names:
            names |= set(step.sources)
            found.append(step)
    return found[::-1]


def _answers(shape: Shape, tables: Tables) -> Iterator[str]:
    """All other rules, and the results: each of the row's own plan, 0 where it is faulty."""
    yield from _rows_own(shape)
    for branch in shape.branches:
        used = {source for step in branch.plan.steps for source in step.sources}
        used |= {name for extra in branch.extras.values() for name in extra.arguments}
        yield from _figures(shape, tables, used)
        yield from _given(shape, branch, used, f"ok{branch.tag}")
        early = shape.early(branch)
        for step in branch.plan.steps:
            name = f"v{branch.tag}_{step.rule.name}"
            yield f"{name} = S_{name}{AT}" if step in early else _called(step, branch)
        for name, extra in branch.extras.items():
            answers = branch.plan.question.answers
            known = ", ".join(_source(answers.get(one, one), branch) for one in extra.arguments)
            yield f"v{branch.tag}_{name} = X_{branch.tag}_{name}({known})"
    for result in shape.results:
        value = "np.int64(0)"
        for branch in shape.branches:
            if rule := branch.plan.question.answers.get(result, result if result in branch.extras else ""):
                value = f"np.int64(v{branch.tag}_{rule}) if ok{branch.tag} else {value}"
        yield f"t_{result} += {value}" if shape.totals else f"O_{result}[i] = {value}"


def _called(step: Step, branch: Branch) -> str:
    sources = ", ".join(_source(source, branch) for source in step.sources)
    return f"v{branch.tag}_{step.rule.name} = F_{step.rule.name}({sources})"


def _source(name: str, branch: Branch) -> str:
    if name in branch.plan.parameters:
        return f"p_{name}"
    if name.removesuffix(HISTORY) in branch.plan.histories:
        return f"H_{name.removesuffix(HISTORY)}"
    return f"v_{name}" if name in ("on", "month") else f"v{branch.tag}_{name}"
