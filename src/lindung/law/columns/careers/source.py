"""The loop that answers a question about careers, written out as Python source from the question's plan.

Each row is gone through once: its facts are loaded, its check made, its rules run in the order of the plan.

Names: `first_x`, `past_x`, `parts_x` a column of many parts, `rows_x` where a row's parts are read into; `I_x` a column
of numbers; `v_x` a value in the row; `P_x` a dated table and `p_x` the figure that holds; `H_x` rates by year and
`G_x` the rates given; `F_x` a rule, `L_x` a loader, `C` the check; `O_x` a column of results, and for results by year
`O_x` their amounts, `Y_x` their years, `N_x` where each row's end; `E` the error codes; `k` the version of the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...form.facts import Fact
from ...form.question import HISTORY, Plan
from ...form.rounding import SEN
from ..inputs import FIRST_COLUMN, Column
from ..tables import UNIX
from .checks import CHECKS, Check
from .loading import Kind, kind_of, load_months, money_of

BY_YEAR = ("rupiah_by_year", "sen_by_year")
UNREADABLE = FIRST_COLUMN
NO_DATE = FIRST_COLUMN + 1


@dataclass(frozen=True)
class Career:
    """A question about careers: its plan, and its columns of numbers."""

    plan: Plan
    columns: tuple[Column, ...]

    @property
    def results(self) -> tuple[str, ...]:
        """What can be answered."""
        return tuple(self.plan.question.answers)

    @property
    def ragged(self) -> tuple[tuple[Fact, Kind], ...]:
        """The facts of many parts, and how they are loaded."""
        return tuple((fact, kind) for fact in self.plan.question.facts if (kind := kind_of(fact)) is not None)

    @property
    def given(self) -> str:
        """The fact that is the same for all rows: rates by year."""
        return next(fact.name for fact in self.plan.question.facts if fact.unit == "rates_by_year")

    @property
    def check(self) -> Check:
        """The check, in the form that compiles."""
        assert self.plan.question.check is not None
        return CHECKS[self.plan.question.check]

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures the rules use."""
        return tuple(sorted(set(self.plan.parameters)))

    @cached_property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """What each error code means: (code, field)."""
        found = [("", ""), ("before_law", "on"), ("beyond_known", "on"), ("impossible_value", "on")]
        found += [("missing_fact", "on")]
        for fact in self.plan.question.facts:
            kind = kind_of(fact)
            own = kind.faults if kind else (("impossible_value", ""),)
            found += [("missing_fact", fact.name), *((code, fact.name + part) for code, part in own)]
        return (*found, *self.check.faults)

    def fault(self, name: str) -> int:
        """The error code of a fact that is missing; those of what is wrong with it follow."""
        return self.faults.index(("missing_fact", name), NO_DATE + 1)

    @property
    def first_check(self) -> int:
        """The error code of the check's first fault."""
        return len(self.faults) - len(self.check.faults)

    def unit(self, result: str) -> str:
        """The unit of a result."""
        answer = self.plan.question.answers[result]
        return next(step.rule.unit for step in self.plan.steps if step.rule.name == answer)

    def by_year(self, result: str) -> bool:
        """Whether a result has an amount for every year."""
        return self.unit(result) in BY_YEAR

    @cached_property
    def arguments(self) -> tuple[tuple[str, str, int, bool], ...]:
        """The loop's arguments, in order: name, number type, dimensions (0 a number), whether it is written to."""
        found: list[tuple[str, str, int, bool]] = [("E", "uint8", 1, True)]
        found += [(name, "int32", 1, False) for name in ("I_on", "version_of", "month_at")]
        found.append(("first_day", "int64", 0, False))
        for fact, kind in self.ragged:
            found += [(f"{part}_{fact.name}", "int32", 1, False) for part in ("first", "past")]
            types = ("int32",) * (len(kind.children) - 1) + ("int64",)
            found += [(f"parts_{fact.name}_{i}", dtype, 1, False) for i, dtype in enumerate(types)]
            found.append((f"scale_{fact.name}", "int64", 0, False))
        found += [(f"I_{column.name}", column.dtype, 1, False) for column in self.columns]
        found += [("R_0", "int32", 1, False), *((f"P_{name}", "int64", 1, False) for name in self.figures)]
        found += [(f"H_{name}", "int64", 1, False) for name in self.plan.histories]
        found += [(f"G_{self.given}", "int64", 2, False), ("broken", "int64", 1, False), ("why", "int64", 1, False)]
        for result in self.results:
            found.append((f"O_{result}", "int64", 1, True))
            if self.by_year(result):
                found += [(f"Y_{result}", "int32", 1, True), (f"N_{result}", "int32", 1, True)]
        return tuple(found)


def source_of(career: Career) -> str:
    """The source of the loop."""
    lines = [f"def kernel({', '.join(name for name, *_ in career.arguments)}):"]
    lines += _indented(_before(career), 1)
    lines += ["    for i in range(E.size):", *_indented(_row(career), 2)]
    return "\n".join([*lines, "    return 0", ""])


def _indented(lines: Iterable[str], depth: int) -> Iterator[str]:
    return (" " * 4 * depth + line for line in lines)


def _before(career: Career) -> Iterator[str]:
    for fact, kind in career.ragged:
        shape = kind.capacity if kind.load is load_months else (kind.capacity, 2)
        yield f"rows_{fact.name} = np.empty({shape}, np.int64)"
        yield f"most_{fact.name} = {money_of(fact).most * SEN} // scale_{fact.name}"
    for result in career.results:
        if career.by_year(result):
            yield f"used_{result} = 0"


def _row(career: Career) -> Iterator[str]:
    for result in career.results:
        if career.by_year(result):
            yield f"N_{result}[i + 1] = used_{result}"
    yield from _stop("E[i] != 0")
    yield "place = min(max(np.int64(I_on[i]) - first_day, 0), len(version_of) - 1)"
    yield "k = version_of[place]"
    yield "v_month = np.int64(month_at[place])"
    yield f"v_on = np.int64(I_on[i]) + {UNIX}"
    by_name = {column.name: column for column in career.columns}
    kinds = {fact.name: kind for fact, kind in career.ragged}
    for fact in career.plan.question.facts:
        if fact.name in kinds:
            yield from _parts(fact, kinds[fact.name], career.fault(fact.name))
        elif fact.name in by_name:
            yield from _number(by_name[fact.name], career.fault(fact.name))
    yield from _stop("R_0[k] != 0", "R_0[k]")
    yield from (f"p_{name} = P_{name}[k]" for name in career.figures)
    yield from _judged(career)
    for result in career.results:
        value = f"v_{career.plan.question.answers[result]}"
        if career.by_year(result):
            yield f"for j in range(len({value})):"
            yield f"    Y_{result}[used_{result}] = {value}[j, 0]"
            yield f"    O_{result}[used_{result}] = {value}[j, 1]"
            yield f"    used_{result} += 1"
            yield f"N_{result}[i + 1] = used_{result}"
        else:
            yield f"O_{result}[i] = np.int64({value})"


def _stop(condition: str, code: str = "") -> Iterator[str]:
    """End the row when it has a fault: its results stay 0."""
    yield f"if {condition}:"
    if code:
        yield f"    E[i] = np.uint8({code})"
    yield "    continue"


def _parts(fact: Fact, kind: Kind, missing: int) -> Iterator[str]:
    name = fact.name
    here = f"first_{name}[i]:past_{name}[i]"
    parts = ", ".join(f"parts_{name}_{number}[{here}]" for number in range(len(kind.children)))
    yield f"n = L_{name}({parts}, scale_{name}, most_{name}, rows_{name})"
    yield from _stop("n < 0", f"{missing} - n")
    yield f"v_{name} = rows_{name}[:n]"


def _number(column: Column, missing: int) -> Iterator[str]:
    limits, name = column.limits[None], column.name
    yield f"v_{name} = np.int64(I_{name}[i])"
    yield f"if v_{name} == {column.null}:"
    if limits.default is None:
        yield f"    E[i] = np.uint8({missing})"
        yield "    continue"
    else:
        yield f"    v_{name} = np.int64({limits.default})"
    yield f"elif v_{name} < {limits.least} or v_{name} > {limits.most}:"
    yield f"    E[i] = np.uint8({missing + 1})"
    yield "    continue"


def _judged(career: Career) -> Iterator[str]:
    """The rules, and the check as soon as all it looks at is known."""
    check = career.check
    rules = [step.rule.name for step in career.plan.steps]
    after = max((rules.index(source) + 1 for source in check.sources if source in rules), default=0)
    known = ", ".join(_source(name, career) for name in check.sources)
    for place in range(len(rules) + 1):
        if place == after:
            yield f"c = C({known}, broken, why)"
            yield from _stop("c != 0", f"c + {career.first_check - 1}")
        if place < len(rules):
            step = career.plan.steps[place]
            sources = ", ".join(_source(source, career) for source in step.sources)
            yield f"v_{step.rule.name} = F_{step.rule.name}({sources})"


def _source(name: str, career: Career) -> str:
    if name in career.figures:
        return f"p_{name}"
    if name == career.given:
        return f"G_{name}"
    if name.removesuffix(HISTORY) in career.plan.histories:
        return f"H_{name.removesuffix(HISTORY)}"
    return f"v_{name}"
