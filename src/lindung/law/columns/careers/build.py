"""Loops over careers made ready, with the same cache and compiler as the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ...judgement import law_version
from ..cache import alone, folder, write_once
from .source import Career, source_of

Loop = Callable[..., int]


def loop_of(career: Career) -> Loop:
    """The compiled loop, from the cache when this version of the law has compiled it before."""
    import numba
    import numpy as np

    from ..compiling import compiled, kernel

    question = career.plan.question.name
    text = f"# {question}, law {law_version()}, numba {numba.__version__}\n{source_of(career)}"
    digest = hashlib.sha256((text + _own_source()).encode()).hexdigest()[:16]
    path = folder() / f"{question}-{digest}.py"
    names: dict[str, Any] = {"np": np, "__name__": __name__, "C": compiled(career.check.function)}
    with alone(path.with_suffix(".lock")):
        write_once(path, text)
        names |= {f"F_{step.rule.name}": compiled(step.rule.function) for step in career.plan.steps}
        names |= {f"L_{fact.name}": compiled(kind.load) for fact, kind in career.ragged}
        exec(compile(text, str(path), "exec"), names)  # nosec B102 (written out of our own rules above)
        loop: Loop = kernel(names["kernel"], _signature(career))
    return loop


@cache
def _own_source() -> str:
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    return "".join(path.read_text(encoding="utf-8") for path in files)


def _signature(career: Career) -> Any:
    from numba import types

    def kind(dtype: str, dimensions: int, written: bool) -> Any:
        number = getattr(types, dtype)
        return types.Array(number, dimensions, "C", readonly=not written) if dimensions else number

    return types.int64(*(kind(dtype, dimensions, written) for _, dtype, dimensions, written in career.arguments))
