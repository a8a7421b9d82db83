"""Dated parameters: the figures of the law, read from `parameters/*.yaml` and checked on load."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import LawError
from .files import read_file
from .instruments import IN_FORCE_SINCE, KNOWN_UNTIL, instruments_in
from .rules import CONFIDENCE
from .units import PARAMETER_UNITS, SHOW

if TYPE_CHECKING:
    from .reform import Reform

FOLDER = Path(__file__).parents[1] / "parameters"

NAMED = {"name", "about_id", "about_en", "unit", "values"}
DATED = {"from", "until", "value", "citation", "confidence", "note"}
DATED_REQUIRED = {"from", "value", "citation", "confidence"}

SETTLED = re.compile(r"\b([Pp]eriksa|[Dd]ipastikan)\b")
"""How the note of a figure of confidence S or M says what would settle it: look there, or made certain by that."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a parameter, in force from `start` to `until` (both days count; None: not ended)."""

    start: date
    until: date | None
    value: Any
    citation: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named figure of the law through time, oldest first, without gap or overlap."""

    name: str
    about_id: str
    about_en: str
    unit: str
    figures: tuple[Figure, ...]

    def known_on(self, day: date) -> bool:
        """Whether a value is known for a day."""
        last = self.figures[-1].until
        return self.figures[0].start <= day and (last is None or day <= last)

    def on(self, day: date) -> Figure:
        """The figure in force on a day. Raises LawError before_law or beyond_known, never guesses."""
        if day < self.figures[0].start:
            raise LawError("before_law", f"{self.about_id} belum diatur pada {day.isoformat()}.", "on")
        figure = next(figure for figure in reversed(self.figures) if figure.start <= day)
        if figure.until is not None and day > figure.until:
            message = f"{self.about_id} sesudah {figure.until.isoformat()} belum diketahui."
            raise LawError("beyond_known", message, "on")
        return figure


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def as_value(unit: str, value: Any) -> Any:
    """A value as whole numbers of its unit; raises ValueError with what is wrong."""
    if unit == "day":
        if not isinstance(value, date):
            raise ValueError("value harus tanggal, contoh 2025-02-24")
        return value.toordinal()
    if unit == "flag":
        if not isinstance(value, bool):
            raise ValueError("value harus true atau false")
        return value
    if unit == "per_100000_by_risk_group":
        if not (isinstance(value, list) and len(value) == 5 and all(map(_is_whole, value))):
            raise ValueError("value harus lima bilangan bulat, satu untuk tiap kelompok risiko")
        return tuple(value)
    if unit == "bracket_table":
        return _table(value)
    if unit == "step_table":
        return _steps(value)
    if unit in ("rupiah_by_school_level", "years_by_school_level"):
        if not (
            isinstance(value, list) and len(value) == 5 and all(_is_whole(amount) and amount >= 0 for amount in value)
        ):
            raise ValueError("value harus lima bilangan bulat, satu untuk tiap jenjang sekolah")
        return tuple(value)
    if not _is_whole(value) or value < 0:
        raise ValueError("value harus bilangan bulat, tidak negatif")
    return value


def _table(value: Any) -> tuple[tuple[int, int, int], ...]:
    rows_of_three = isinstance(value, list) and all(
        isinstance(row, list) and len(row) == 3 and all(map(_is_whole, row)) for row in value
    )
    if not rows_of_three or not value:
        raise ValueError("value harus baris [batas bawah, batas atas, dasar], bilangan bulat")
    if value[0][0] != 0 or any(low[1] >= high[0] for low, high in pairwise(value)):
        raise ValueError("baris harus mulai dari 0 dan naik tanpa tumpang tindih")
    return tuple((row[0], row[1], row[2]) for row in value)


def _steps(value: Any) -> tuple[tuple[int, int], ...]:
    rows_of_two = isinstance(value, list) and all(
        isinstance(row, list) and len(row) == 2 and all(_is_whole(number) and number >= 0 for number in row)
        for row in value
    )
    if not rows_of_two or not value or any(low[0] >= high[0] for low, high in pairwise(value)):
        raise ValueError("value harus baris [mulai dari, nilai], bilangan bulat, dengan batas yang naik")
    return tuple((row[0], row[1]) for row in value)


def _figure(unit: str, raw: Any) -> Figure:
    if not isinstance(raw, dict):
        raise ValueError("setiap isi values harus berisi from, value, citation, confidence")
    if missing := DATED_REQUIRED - raw.keys():
        raise ValueError(f"kurang {', '.join(sorted(missing))}")
    if unknown := raw.keys() - DATED:
        raise ValueError(f"kunci tidak dikenal: {', '.join(sorted(map(str, unknown)))}")
    start, until = raw["from"], raw.get("until")
    if not isinstance(start, date) or not isinstance(until, date | None):
        raise ValueError("from dan until harus tanggal, contoh 2015-07-01")
    if until is not None and until < start:
        raise ValueError(f"until {until} lebih awal daripada from {start}")
    if not isinstance(raw["citation"], str) or not raw["citation"].strip():
        raise ValueError("citation kosong")
    instruments_in(raw["citation"])
    if not isinstance(raw["confidence"], str) or raw["confidence"] not in list(CONFIDENCE):
        raise ValueError(f"confidence {raw['confidence']!r} bukan T, S, M, atau C")
    note = raw.get("note", "")
    if raw["confidence"] in "SM" and not (isinstance(note, str) and SETTLED.search(note)):
        raise ValueError("note harus menyebut apa yang memastikan angka S atau M: “Periksa …” atau “Dipastikan …”")
    return Figure(start, until, as_value(unit, raw["value"]), raw["citation"], raw["confidence"], note)


def _in_order(figures: list[Figure]) -> tuple[Figure, ...]:
    """Oldest first; an open end is closed by the next figure; overlap and gap are refused."""
    figures.sort(key=lambda figure: figure.start)
    closed = []
    for figure, following in zip(figures, [*figures[1:], None], strict=True):
        until = figure.until
        if following is not None:
            day_before = following.start - timedelta(days=1)
            if following.start == figure.start or (until is not None and until > day_before):
                raise ValueError(f"masa berlaku tumpang tindih pada {following.start}")
            if until is not None and until < day_before:
                raise ValueError(f"ada masa tanpa angka sesudah {until}")
            until = day_before
        closed.append(replace(figure, until=until))
    return tuple(closed)


def _parameter(raw: Any) -> Parameter:
    """Check one entry of a parameter file; raises ValueError that says what to mend."""
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
        raise ValueError("setiap parameter harus punya name")
    name = raw["name"]
    try:
        if missing := NAMED - raw.keys():
            raise ValueError(f"kurang {', '.join(sorted(missing))}")
        if unknown := raw.keys() - NAMED:
            raise ValueError(f"kunci tidak dikenal: {', '.join(sorted(map(str, unknown)))}")
        if raw["unit"] not in PARAMETER_UNITS:
            raise ValueError(f"unit {raw['unit']!r} tidak dikenal")
        if not isinstance(raw["values"], list) or not raw["values"]:
            raise ValueError("values kosong")
        figures = _in_order([_figure(raw["unit"], value) for value in raw["values"]])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    return Parameter(name, raw["about_id"], raw["about_en"], raw["unit"], figures)


def load(files: Iterable[Path]) -> dict[str, Parameter]:
    """Read and check parameter files. Raises LawFileError: file, parameter, what is wrong."""
    parameters: dict[str, Parameter] = {}

    def add(entries: Any) -> None:
        if not isinstance(entries, list):
            raise ValueError("isi berkas harus daftar parameter")
        for parameter in map(_parameter, entries):
            if parameter.name in parameters:
                raise ValueError(f"{parameter.name}: nama dipakai dua kali")
            parameters[parameter.name] = parameter

    for path in sorted(files):
        read_file(path, add)
    return parameters


PARAMETERS = load(FOLDER.glob("*.yaml"))


def check_known(day: date) -> None:
    """Refuse a day before the law or after the last day it was read for (LawError)."""
    if day < IN_FORCE_SINCE:
        message = f"{day.isoformat()} sebelum PP 44/2015 berlaku ({IN_FORCE_SINCE.isoformat()})."
        raise LawError("before_law", message, "on")
    if day > KNOWN_UNTIL:
        message = f"Aturan sesudah {KNOWN_UNTIL.isoformat()} belum diketahui, jadi tidak dihitung."
        raise LawError("beyond_known", message, "on")


def parameter_of(name: str, reform: Reform | None) -> Parameter:
    """A parameter, as a reform has it when there is one that changes it."""
    return PARAMETERS[name] if reform is None else reform.parameters.get(name, PARAMETERS[name])


@lru_cache(maxsize=4096)
def figures_on(
    names: tuple[str, ...], day: date, looks_ahead: bool = False, reform: Reform | None = None
) -> dict[str, Figure]:
    """The figures of some parameters in force on a day; the dict is shared, do not change it.

    With `looks_ahead` the day may lie beyond the last one the law was read for: the text itself names later days.
    """
    check_known(min(day, KNOWN_UNTIL) if looks_ahead else day)
    return {name: parameter_of(name, reform).on(day) for name in names}


@lru_cache(maxsize=256)
def history_rows(name: str, reform: Reform | None = None) -> tuple[tuple[int, int, Any], ...]:
    """All values of a parameter as (first day, last day or 0, value), oldest first: what a rule reads."""
    return tuple(
        (figure.start.toordinal(), figure.until.toordinal() if figure.until else 0, figure.value)
        for figure in parameter_of(name, reform).figures
    )


def _plain(parameter: Parameter, figure: Figure) -> dict[str, Any]:
    table = parameter.unit == "bracket_table"
    return {
        "name": parameter.name,
        "unit": parameter.unit,
        "from": figure.start.isoformat(),
        "until": figure.until.isoformat() if figure.until else None,
        "value": [list(row) for row in figure.value] if table else SHOW[parameter.unit](figure.value),
        "citation": figure.citation,
        "confidence": figure.confidence,
        "note": figure.note,
    }


def parameters_on(day: date) -> list[dict[str, Any]]:
    """Every parameter with a value on a day, as plain data. Raises LawError outside the known law."""
    check_known(day)
    return [_plain(parameter, parameter.on(day)) for parameter in PARAMETERS.values() if parameter.known_on(day)]


def missing_on(day: date) -> list[dict[str, Any]]:
    """The last value, as plain data, of every parameter that has ended by a day with nothing to follow."""
    return [
        _plain(parameter, parameter.figures[-1])
        for parameter in PARAMETERS.values()
        if parameter.figures[0].start <= day and not parameter.known_on(day)
    ]


def history(name: str) -> list[dict[str, Any]]:
    """All values of one parameter, oldest first, as plain data. Raises LawError for an unknown name."""
    if name not in PARAMETERS:
        raise LawError("unknown_parameter", f"Parameter “{name}” tidak ada.", "name")
    return [_plain(PARAMETERS[name], figure) for figure in PARAMETERS[name].figures]


def unverified_figures() -> list[dict[str, Any]]:
    """Every figure known only from a secondary source or from memory (confidence S or M), as plain data."""
    return [
        _plain(parameter, figure)
        for parameter in PARAMETERS.values()
        for figure in parameter.figures
        if figure.confidence in "SM"
    ]
