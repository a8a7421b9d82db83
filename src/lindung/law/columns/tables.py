"""The dated figures as dense tables: a day gives the number of its version of the law, that number every figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..form.errors import LawError
from ..form.figures import Parameter, history_rows, parameter_of
from ..form.instruments import IN_FORCE_SINCE, KNOWN_UNTIL
from ..form.question import Plan
from ..form.reform import Reform
from .inputs import Fault, NotColumnar

UNIX = date(1970, 1, 1).toordinal()
"""Columns count days from 1 January 1970, as Arrow does; rules count them as `date.toordinal()`."""

TABLE = 3
"""Dimensions of a figure that is a table: it is kept column by column (version, column, row), to be read that way."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Tables:
    """The law through time, for some plans.

    `version_of[day - first]` is the version of the law on a day, `month_at` its month; their first and last entries
    stand for all days before and after. `figures[name][version]` is a figure; `refused[place][version]` is 0, or the
    Fault for which the plan at that place gives no answer. `histories[name]` are all values of a figure.
    """

    first: int
    version_of: NDArray[np.int32]
    month_at: NDArray[np.int32]
    figures: dict[str, Numbers]
    histories: dict[str, Numbers]
    refused: tuple[NDArray[np.int32], ...]

    @property
    def constant(self) -> frozenset[str]:
        """The figures that are the same in every version, so that nothing has to be looked up for them."""
        return frozenset(name for name, table in self.figures.items() if (table == table[0]).all())

    @property
    def tables(self) -> frozenset[str]:
        """The figures that are more than one number."""
        return frozenset(name for name, table in self.figures.items() if table.ndim > 1)

    def version(self, day: date) -> int:
        """The version of the law on a day."""
        place = min(max(day.toordinal() - UNIX - self.first, 0), len(self.version_of) - 1)
        return int(self.version_of[place])


def _starts(parameters: list[Parameter], last: date) -> list[date]:
    """Every day on which some figure begins, or ends without a successor, within the known law."""
    days = {IN_FORCE_SINCE}
    for parameter in parameters:
        days |= {figure.start for figure in parameter.figures}
        days |= {figure.until + timedelta(days=1) for figure in parameter.figures if figure.until is not None}
    return sorted(day for day in days if IN_FORCE_SINCE <= day <= last)


def _value(parameter: Parameter, day: date) -> Any:
    """The figure on a day; on a day without one, any figure: the row is refused, but must not lead astray."""
    try:
        return parameter.on(day).value
    except LawError:
        return parameter.figures[0].value


def _refused(parameters: list[Parameter], day: date) -> Fault:
    try:
        for parameter in parameters:
            parameter.on(day)
    except LawError as error:
        return Fault[error.code.upper()]
    return Fault.NONE


def tables_of(plans: tuple[Plan, ...], reform: Reform | None = None) -> Tables:
    """The tables some plans of one question need. Raises NotColumnar when a table's shape changes over time."""
    question = plans[0].question
    parameters = {name: parameter_of(name, reform) for plan in plans for name in plan.parameters}
    last = date.max if question.looks_ahead else KNOWN_UNTIL
    starts = _starts(list(parameters.values()), last)
    # The versions before the first and after the last stand for the days the law is not known for.
    versions = [IN_FORCE_SINCE, *starts, IN_FORCE_SINCE]
    figures = {}
    for name, parameter in sorted(parameters.items()):
        try:
            table = np.array([_value(parameter, day) for day in versions], np.int64)
        except ValueError as error:
            raise NotColumnar(f"Tabel {name} berganti bentuk menurut waktu, jadi belum ada bentuk kolomnya.") from error
        figures[name] = np.ascontiguousarray(table.transpose(0, 2, 1)) if table.ndim == TABLE else table
    refused = tuple(
        np.array(
            [
                Fault.BEFORE_LAW,
                *(_refused([parameters[name] for name in plan.parameters], day) for day in starts),
                Fault.BEYOND_KNOWN,
            ],
            np.int32,
        )
        for plan in plans
    )
    days = np.arange(np.datetime64(IN_FORCE_SINCE), np.datetime64(last) + 1)
    months = days.astype("datetime64[M]")
    deciding = months.astype(days.dtype) if question.by_month else days
    version = np.searchsorted(np.array(starts, days.dtype), deciding, side="right")
    month_numbers = months.astype(np.int64) + 1970 * 12
    return Tables(
        first=IN_FORCE_SINCE.toordinal() - 1 - UNIX,
        version_of=np.pad(version, 1, constant_values=(0, len(versions) - 1)).astype(np.int32),
        month_at=np.pad(month_numbers, 1, mode="edge").astype(np.int32),
        figures=figures,
        histories={name: np.array(history_rows(name, reform), np.int64) for plan in plans for name in plan.histories},
        refused=refused,
    )
