"""Rules as the compiler takes them: the same code objects, with the names they use made compilable."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from enum import EnumMeta
from functools import cache
from types import FunctionType
from typing import Any

import numba
from numba.core.compiler import Compiler

from .forms import FORMS

ROOM = __package__.rpartition(".")[0]


OPTIONS: dict[str, Any] = {
    "forceinline": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


class Apart(Compiler):
    """The usual compiler, told that no two columns share memory (`run.py` sees to it), so that loops become vectors."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)  # type: ignore[no-untyped-call]
        self.state.flags.noalias = True


@cache
def compiled(function: Callable[..., Any]) -> Any:
    """A rule, or a function a rule calls, as a compiled function that is always inlined."""
    function = FORMS.get(function, function)
    assert isinstance(function, FunctionType)
    code, names = function.__code__, function.__globals__
    own = {"__name__": function.__module__} | {n: _compilable(names[n]) for n in code.co_names if n in names}
    copy = FunctionType(code, own, function.__name__, function.__defaults__)
    return numba.njit(**OPTIONS)(copy)


def _compilable(value: Any) -> Any:
    if isinstance(value, FunctionType) and value.__module__.startswith(ROOM):
        return compiled(value)
    if isinstance(value, EnumMeta):
        words = {word.name: int(word.value) for word in value}  # type: ignore[var-annotated]
        return namedtuple(value.__name__, words)(**words)
    return value


def kernel(function: Callable[..., Any], signature: Any) -> Any:
    """The generated loop, compiled at once for its one signature; its file's neighbour keeps the result."""
    return numba.njit(signature, nogil=True, error_model="numpy", cache=True, pipeline_class=Apart)(function)
