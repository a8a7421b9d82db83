"""The legal instruments this law rests on, and the last day it was read for: `instruments.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .files import read_file
from .rules import CONFIDENCE

FILE = Path(__file__).parents[1] / "instruments.yaml"
REQUIRED = {"name", "about", "in_force", "confidence"}


@dataclass(frozen=True)
class Instrument:
    """One regulation. `in_force` is a date; `confidence` says how that date was learnt (T, S, M or C)."""

    name: str
    about: str
    in_force: date
    confidence: str
    note: str = ""


def _instrument(raw: Any) -> Instrument:
    if not isinstance(raw, dict) or not raw.keys() >= REQUIRED or raw.keys() - REQUIRED - {"note"}:
        raise ValueError(f"setiap peraturan harus berisi {', '.join(sorted(REQUIRED))}, boleh note")
    if type(raw["in_force"]) is not date:
        raise ValueError(f"{raw['name']}: in_force harus tanggal, contoh 2015-07-01")
    if raw["confidence"] not in list(CONFIDENCE):
        raise ValueError(f"{raw['name']}: confidence {raw['confidence']!r} bukan T, S, M, atau C")
    return Instrument(**raw)


def read_instruments(raw: Any) -> tuple[date, dict[str, Instrument]]:
    """The last known day and the instruments by name. Raises ValueError with what to mend."""
    if not isinstance(raw, dict) or raw.keys() != {"known_until", "instruments"}:
        raise ValueError("isinya harus known_until dan instruments")
    if type(raw["known_until"]) is not date or not isinstance(raw["instruments"], list):
        raise ValueError("known_until harus tanggal, contoh 2027-12-31, dan instruments daftar")
    found: dict[str, Instrument] = {}
    for instrument in map(_instrument, raw["instruments"]):
        if found.setdefault(instrument.name, instrument) is not instrument:
            raise ValueError(f"{instrument.name}: ditulis dua kali")
    return raw["known_until"], found


KNOWN_UNTIL, INSTRUMENTS = read_file(FILE, read_instruments)
"""No answer is given beyond the last day; a citation names one of the instruments."""

IN_FORCE_SINCE = INSTRUMENTS["PP 44/2015"].in_force
"""Before this day none of the rules here was law."""


def instruments_in(citation: str) -> tuple[str, ...]:
    """The instruments a citation names, in order; its parts are separated by semicolons."""
    found = []
    for part in citation.split(";"):
        name = " ".join(part.split()[:2])
        if name not in INSTRUMENTS:
            raise ValueError(f"“{part.strip()}”: instrumen hukum ini tidak ada di daftar law/instruments.yaml")
        found.append(name)
    return tuple(found)
