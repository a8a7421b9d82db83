"""Small errors put into the law on purpose, one at a time and in memory: what `tools/mutation.py` runs the tests on."""

from __future__ import annotations
import __future__

import ast
import builtins
import copy
import functools
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

LAW = Path(__file__).resolve().parent.parent / "src" / "lindung" / "law"
COMPILED = LAW / "columns"
"""Runs the rules compiled, so it cannot see a change made in memory; it is held to the rules by tests of its own."""

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = {"annotation", "returns", "args", "decorator_list"}
"""Parts of a function that compute nothing when it runs."""
READERS = {"form/figures.py:parameter_of", "form/figures.py:history"}
"""Functions that read one figure, the one called `name`."""

Memory = dict[int, tuple[CodeType, list[FunctionType]]]


@dataclass(frozen=True)
class Mutant:
    """One error. `subject`: where it counts; `place`: a function or figure; `reads`: what a test of it touches."""

    subject: str
    place: str
    change: str
    reads: frozenset[str]
    apply: Callable[[], None]

    @property
    def name(self) -> str:
        """What identifies it from one run to the next."""
        return f"{self.place}: {self.change}"


def source_files() -> list[Path]:
    """The files of the law that run as they are written."""
    return sorted(path for path in LAW.rglob("*.py") if COMPILED not in path.parents)


def subject_of(path: Path) -> str:
    """A file's folder within the law; `law` for those that lie in none."""
    folder = path.relative_to(LAW).parts[0]
    return folder if (LAW / folder).is_dir() else "law"


def function_of(code: CodeType) -> str:
    """The function or method a piece of code belongs to, as `jht/tax.py:jht_tax`."""
    path = Path(code.co_filename).relative_to(LAW).as_posix()
    return f"{path}:{code.co_qualname.partition('.<locals>')[0]}"


def functions_in_memory() -> Memory:
    """Every function of the law that exists now, by the identity of its code: more than one where it is a closure."""
    wanted = {str(path) for path in source_files()}
    found: Memory = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in wanted:
            found.setdefault(id(thing.__code__), (thing.__code__, []))[1].append(thing)
    return found


def caches_in_memory() -> list[functools._lru_cache_wrapper[Any]]:
    """What the law keeps of what it computed."""
    kept = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    return [cache for cache in kept if cache.__module__.startswith("lindung.law")]


def _altered(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in place of one node."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            if type(operator) in OPERATORS:
                yield _with(node, ops=[*node.ops[:i], OPERATORS[type(operator)](), *node.ops[i + 1 :]])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield _with(node, id=NAMES[node.id])


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    altered = copy.copy(node)
    for name, value in fields.items():
        setattr(altered, name, value)
    return altered


def _in_turn(node: ast.AST) -> Iterator[None]:
    """Alter a tree in one place, hand over, put it back; and so on through all of its places."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED:
            continue
        for i, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            choices = list(_altered(child))
            if field == "test" and isinstance(child, ast.Name | ast.Call | ast.Subscript | ast.Attribute):
                choices.append(ast.UnaryOp(ast.Not(), child))
            for choice in choices:
                setattr(node, field, [*value[:i], choice, *value[i + 1 :]] if isinstance(value, list) else choice)
                yield
                setattr(node, field, value)
            yield from _in_turn(child)


def _functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            inner = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            yield from ((f"{node.name}.{part.name}", part) for part in inner)


def _code_of(text: str | ast.Module, path: Path) -> CodeType:
    flags = __future__.annotations.compiler_flag
    whole = compile(text, str(path), "exec", flags=flags, dont_inherit=True)
    return next(part for part in whole.co_consts if isinstance(part, CodeType))


def _put(old: CodeType, new: CodeType, memory: Memory) -> None:
    """Let every function that was written with some code run other code, and so for the functions inside it."""
    for function in memory.get(id(old), (old, []))[1]:
        function.__code__ = new
    parts = [[part for part in code.co_consts if isinstance(part, CodeType)] for code in (old, new)]
    for inner, altered in zip(*parts, strict=False):
        _put(inner, altered, memory)


def _written(memory: Memory) -> Iterator[tuple[Path, str, ast.FunctionDef, CodeType]]:
    """Every function: its file, its name as `function_of` gives it, its text and its code."""
    whole = [code for code, _ in memory.values() if "<locals>" not in code.co_qualname and not code.co_freevars]
    codes = {function_of(code): code for code in whole}
    for path in source_files():
        for name, node in _functions(path):
            place = f"{path.relative_to(LAW).as_posix()}:{name}"
            node.decorator_list = []
            if place in codes:
                yield path, place, node, codes[place]


@contextmanager
def noted(memory: Memory) -> Iterator[set[str]]:
    """While it lasts, every function adds its name to the set when it is called, every figure when it is read."""
    touched: set[str] = set()
    builtins.__dict__["_touched"] = touched
    originals = []
    for path, place, node, code in _written(memory):
        for inner in ast.walk(node):
            if isinstance(inner, ast.FunctionDef):
                inner.body.insert(0, ast.parse(f"_touched.add({place!r})").body[0])
        if place in READERS:
            node.body.insert(0, ast.parse("_touched.add(name)").body[0])
        originals.append(code)
        watched = _code_of(ast.fix_missing_locations(ast.Module([node], [])), path)
        _put(code, watched.replace(co_firstlineno=code.co_firstlineno), memory)
    yield touched
    for code in originals:
        _put(code, code, memory)


def of_functions(memory: Memory) -> Iterator[Mutant]:
    """Errors in what functions compute."""
    for path, place, node, code in _written(memory):
        lines = ast.unparse(node).splitlines()
        for _ in _in_turn(node):
            altered = ast.unparse(node)
            was, now = next(pair for pair in zip(lines, altered.splitlines(), strict=True) if pair[0] != pair[1])
            apply = functools.partial(_replace, code, altered, path, memory)
            yield Mutant(subject_of(path), place, f"{was.strip()}  ->  {now.strip()}", frozenset({place}), apply)


def _replace(old: CodeType, text: str, path: Path, memory: Memory) -> None:
    _put(old, _code_of(text, path), memory)


def of_constants(memory: Memory) -> Iterator[Mutant]:
    """Errors in whole numbers that a file names once and its functions, or another file's, read."""
    for path in source_files():
        module = sys.modules.get(".".join(("lindung", "law", *path.relative_to(LAW).with_suffix("").parts)))
        for name, value in vars(module).items() if module else ():
            assigned = f"\n{name} = " in path.read_text("utf-8")
            if type(value) is not int or not assigned:
                continue
            reads = {
                function_of(code)
                for code, functions in memory.values()
                if name in code.co_names and functions[0].__globals__.get(name) is value
            }
            for other in (value + 1, value - 1):
                place = f"{path.relative_to(LAW).as_posix()}:{name}"
                apply = functools.partial(_rename, name, value, other)
                yield Mutant(subject_of(path), place, f"{value}  ->  {other}", frozenset(reads), apply)


def _rename(name: str, value: int, other: int) -> None:
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("lindung.law") and vars(module).get(name) is value:
            setattr(module, name, other)


def of_figures() -> Iterator[Mutant]:
    """Errors in the figures of the law: a value one more or one less, a period that begins or ends too soon or late."""
    from lindung.law.form.figures import PARAMETERS

    for name, parameter in PARAMETERS.items():
        for i, figure in enumerate(parameter.figures):
            for change, figures in _altered_figures(parameter.figures, i, parameter.unit):
                apply = functools.partial(PARAMETERS.__setitem__, name, replace(parameter, figures=figures))
                yield Mutant("figures", f"{name} {figure.start}", change, frozenset({name}), apply)


def _altered_figures(figures: tuple[Any, ...], i: int, unit: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    from lindung.law.form.instruments import IN_FORCE_SINCE

    figure = figures[i]
    for change, value in _altered_values(figure.value):
        yield change, (*figures[:i], replace(figure, value=value), *figures[i + 1 :])
    if figure.start > IN_FORCE_SINCE:
        for start in (_month_before(figure.start), figure.start + timedelta(days=1)):
            before = [replace(figures[i - 1], until=start - timedelta(days=1))] if i else []
            later = replace(figure, start=start)
            yield f"from {figure.start}  ->  {start}", (*figures[: max(0, i - 1)], *before, later, *figures[i + 1 :])
    if figure.until is not None and i == len(figures) - 1:
        for until in (figure.until - timedelta(days=1), figure.until + timedelta(days=1)):
            yield f"until {figure.until}  ->  {until}", (*figures[:i], replace(figure, until=until))


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=min(day.day, 28))


def _altered_values(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        for i, part in enumerate(value):
            for change, altered in _altered_values(part):
                yield f"[{i}] {change}", (*value[:i], altered, *value[i + 1 :])
    elif isinstance(value, bool):
        yield f"{value}  ->  {not value}", not value
    else:
        for other in (value + 1, value - 1):
            yield f"{value}  ->  {other}", other
