"""A reform: figures of the law as somebody proposes them, laid over the law that is known.

    title: JKM Rp50 juta mulai 2027
    author: Dinas Tenaga Kerja
    reference: usulan, belum menjadi peraturan
    leaves_out: beasiswa tidak diubah
    parameters:
      jkm_lump_sum:
        - {from: 2027-01-01, value: 28000000}

Without `until` a value holds for as long as the law is known; the figures before and after it stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .figures import PARAMETERS, Figure, Parameter, as_value
from .files import read_file

HEAD = ("title", "author", "reference", "leaves_out")
DATED = {"from", "until", "value", "note"}


@dataclass(frozen=True, eq=False)
class Reform:
    """What is proposed, by whom, on what ground, and what it leaves out; the changed figures by name."""

    title: str
    author: str
    reference: str
    leaves_out: str
    parameters: Mapping[str, Parameter]


def load_reform(path: Path) -> Reform:
    """Read a reform. Raises LawFileError: file, parameter, what is wrong."""
    return read_file(path, read_reform)


def read_reform(raw: Any) -> Reform:
    """A reform from plain data. Raises ValueError with what to mend."""
    if not isinstance(raw, dict) or set(raw) != {*HEAD, "parameters"}:
        raise ValueError(f"isinya harus {', '.join(HEAD)}, parameters")
    if not all(isinstance(raw[name], str) and raw[name].strip() for name in HEAD):
        raise ValueError(f"{', '.join(HEAD)} harus diisi")
    if not isinstance(raw["parameters"], dict) or not raw["parameters"]:
        raise ValueError("parameters kosong")
    changed = {}
    for name, values in raw["parameters"].items():
        if name not in PARAMETERS:
            raise ValueError(f"parameter “{name}” tidak ada")
        try:
            changed[name] = _overlaid(PARAMETERS[name], values, raw["reference"])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return Reform(raw["title"], raw["author"], raw["reference"], raw["leaves_out"], changed)


def _overlaid(parameter: Parameter, values: Any, reference: str) -> Parameter:
    if not isinstance(values, list) or not values:
        raise ValueError("harus daftar {from, value}")
    figures = list(parameter.figures)
    for value in values:
        figures = _with(figures, _proposed(parameter.unit, value, reference))
    return replace(parameter, figures=tuple(figures))


def _proposed(unit: str, raw: Any, reference: str) -> Figure:
    if not isinstance(raw, dict) or not {"from", "value"} <= raw.keys() <= DATED:
        raise ValueError("setiap isi harus berisi from dan value, boleh until dan note")
    start, until = raw["from"], raw.get("until")
    if not isinstance(start, date) or not isinstance(until, date | None):
        raise ValueError("from dan until harus tanggal, contoh 2027-01-01")
    if until is not None and until < start:
        raise ValueError(f"until {until} lebih awal daripada from {start}")
    return Figure(start, until, as_value(unit, raw["value"]), reference, "C", raw.get("note", ""))


def _with(figures: list[Figure], new: Figure) -> list[Figure]:
    """The figures with a new one laid over them: what it covers goes, what it cuts keeps its ends."""
    if new.start < figures[0].start:
        raise ValueError(f"from {new.start} lebih awal daripada angka pertama, {figures[0].start}")
    kept = []
    for figure in figures:
        if figure.start < new.start:
            end = new.start - timedelta(days=1)
            kept.append(figure if figure.until is not None and figure.until < new.start else replace(figure, until=end))
        if new.until is not None and (figure.until is None or figure.until > new.until):
            kept.append(replace(figure, start=max(figure.start, new.until + timedelta(days=1))))
    return sorted([*kept, new], key=lambda figure: figure.start)
