"""How facts of contributions are read, and what cannot be asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..form.errors import LawError
from ..form.facts import MOST_RUPIAH, Money, Programmes, impossible
from ..form.instruments import INSTRUMENTS
from ..form.question import Known
from ..form.words import Programme, Segment
from .programmes import STATE

COUNTRY = re.compile("[A-Z]{2}", re.ASCII)
EVERY = Programmes(Programme.JKK | Programme.JKM | Programme.JHT | Programme.JP | Programme.JKP)
WITHOUT_WAGE = Programmes(Programme.JKK | Programme.JKM | Programme.JHT)
MOST_CONTRACT = 100_000_000_000_000
MOST_TOTAL = 10_000_000_000_000


@dataclass(frozen=True, slots=True)
class Country:
    """Reads a country code of two letters (ISO 3166-1): 1 for Indonesia, 0 for any other."""

    def __call__(self, value: Any, field: str) -> int:
        if not isinstance(value, str) or not COUNTRY.fullmatch(value):
            raise impossible(field, f"{field} harus kode negara dua huruf besar, contoh ID.")
        return int(value == "ID")


def read_wages(value: Any, field: str) -> tuple[int, ...]:
    """Up to twelve monthly wages, the oldest first, in sen."""
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= 12:
        raise impossible(field, f"{field} harus daftar upah bulanan, yang terlama lebih dulu, paling banyak 12.")
    return tuple(Money(MOST_RUPIAH)(wage, field) for wage in value)


def check_employed(known: Known) -> None:
    """Programmes or the size of the firm must be given; before 2025 the text on state bodies was not read."""
    if known["programmes"]:
        return
    if not known["firm_size"]:
        raise LawError(
            "missing_fact",
            "Fakta firm_size belum diisi: micro, small, medium, large, atau state (atau sebutkan programmes).",
            "firm_size",
        )
    since = INSTRUMENTS["Permenaker 1/2025"].in_force
    if known["firm_size"] == STATE and known["month"] < since.year * 12 + since.month - 1:
        raise LawError(
            "before_law",
            f"Program wajib pekerja non-ASN sebelum {since:%Y-%m} belum dibaca; sebutkan programmes.",
            "programmes",
        )


def check_piece_wages(known: Known) -> None:
    """The months that are averaged must be there."""
    check_employed(known)
    months = known["piece_months_weather" if known["weather_dependent"] else "piece_months"]
    if len(known["piece_wages"]) < months:
        raise impossible("piece_wages", f"piece_wages harus berisi sedikitnya {months} upah bulanan.")


def check_due(known: Known) -> None:
    """Those without a wage are not in JP and JKP."""
    if known["segment"] == Segment.BPU and known["programme"] not in WITHOUT_WAGE.allowed:
        raise impossible("programme", "Bukan penerima upah tidak mengikuti JP dan JKP.")


def check_migrant(known: Known) -> None:
    """The table starts with its shortest contract."""
    shortest = known["migrant_periods"][0][0]
    if known["months"] < shortest:
        raise impossible("months", f"Iuran untuk perjanjian kerja di bawah {shortest} bulan tidak diatur.")


def joins_jp(facts: Mapping[str, Any]) -> bool:
    """Whether JP is among the programmes, as the facts stand before they are read."""
    programmes = facts.get("programmes")
    if programmes is not None:
        return isinstance(programmes, list | tuple) and "JP" in programmes
    return facts.get("firm_size") in ("medium", "large") and facts.get("citizenship", "ID") == "ID"


def employed(wage_fact: str, jp: bool) -> Callable[[Mapping[str, Any]], bool]:
    """A test of the facts: a wage earner whose wage is given by this fact, in JP or not."""

    def holds(facts: Mapping[str, Any]) -> bool:
        given = wage_fact in facts
        if wage_fact == "wage" and not given:
            given = "daily_wage" not in facts and "piece_wages" not in facts
        return given and facts.get("segment") == "PU" and joins_jp(facts) == jp

    return holds


def by_wage_bill(facts: Mapping[str, Any]) -> bool:
    """Whether a project's wages are given."""
    return "wage_bill" in facts


def by_sales(facts: Mapping[str, Any]) -> bool:
    """Whether an employer's yearly sales are given."""
    return "annual_sales" in facts
