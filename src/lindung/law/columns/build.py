"""Loops made ready: their source written to the cache, compiled once for all processes, then loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from ..form.rules import RULES
from ..judgement import law_version
from .cache import alone, folder, write_once
from .shape import Shape
from .source import source_of
from .tables import Tables

Loop = Callable[..., None]


def loop_of(shape: Shape, tables: Tables) -> Loop:
    """The compiled loop of a shape, from the cache when this version of the law has compiled it before."""
    import numba
    import numpy as np

    from .compiling import compiled, kernel

    text = f"# {shape.rule}, law {law_version()}, numba {numba.__version__}\n{source_of(shape, tables)}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = folder() / f"{shape.rule}-{digest}.py"
    # A loop read from the cache belongs to a module that can be imported again.
    names: dict[str, Any] = {"np": np, "__name__": __name__}
    with alone(path.with_suffix(".lock")):
        write_once(path, text)
        names |= {f"F_{rule}": compiled(RULES[rule].function) for rule in shape.rules}
        names |= {f"C_{one.tag}": compiled(one.check.function) for one in shape.branches if one.check}
        names |= {f"X_{one.tag}_{n}": compiled(x.function) for one in shape.branches for n, x in one.extras.items()}
        names |= {f"N_{one.tag}": compiled(one.lighter.needed) for one in shape.branches if one.lighter}
        exec(compile(text, str(path), "exec"), names)  # nosec B102 (written out of our own rules above)
        loop: Loop = kernel(names["kernel"], _signature(shape, tables))
    return loop


def _signature(shape: Shape, tables: Tables) -> Any:
    from numba import types

    def array(dtype: str, dimensions: int = 1, readonly: bool = True) -> Any:
        return types.Array(getattr(types, dtype), dimensions, "C", readonly=readonly)

    dtypes = {f"I_{column.name}": column.dtype for column in shape.columns}
    dtypes |= {"I_on": "int32", "version_of": "int32", "month_at": "int32"}
    kinds = []
    for name in shape.arguments:
        letter, _, rest = name.partition("_")
        if name in dtypes:
            kinds.append(array(dtypes[name]))
        elif letter == "P":
            kinds.append(array("int64", tables.figures[rest].ndim))
        elif letter == "H":
            kinds.append(array("int64", tables.histories[rest].ndim))
        elif letter == "R":
            kinds.append(array("int32"))
        elif letter == "E":
            kinds.append(array("uint8", readonly=False))
        elif letter == "S":
            kinds.append(array(shape.scratch[name], readonly=False))
        elif letter in ("T", "O"):
            kinds.append(array("int64", readonly=False))
        else:
            kinds.append(types.int64)
    return types.void(*kinds)
