"""KBLI codes and the law's list of risk groups: what an employer does, and which JKK group that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from lindung import law
from lindung.core.errors import InvalidInput

_DIVISIONS = Path(__file__).parent / "data" / "kbli.yaml"
_MOST_SUGGESTED = 30


@dataclass(frozen=True)
class RiskEntry:
    """An entry of the law's list, such as III.60: its JKK group from 1 to 5, its article, how sure its text is."""

    number: str
    name: str
    group: int
    article: str
    confidence: str


@dataclass(frozen=True)
class Suggestions:
    """What may be meant: entries of the list, best first, and the KBLI division when a code was asked for."""

    entries: list[RiskEntry]
    division: str = ""


@cache
def _divisions() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(_DIVISIONS.read_text(encoding="utf-8"))
    return found


@cache
def _entries() -> dict[str, RiskEntry]:
    return {row["number"]: _entry(row) for row in law.risk_groups()}


def _entry(row: dict[str, Any]) -> RiskEntry:
    return RiskEntry(row["number"], row["name"], row["group"], row["article"], row["confidence"])


def risk_entry(number: str) -> RiskEntry:
    """The entry with this number. Raises InvalidInput."""
    found = _entries().get(number.strip().upper())
    if found is None:
        raise InvalidInput(
            "risk_entry",
            _("Nomor «%(number)s» tidak ada dalam daftar kelompok risiko.") % {"number": number[:20]},
            field="entry",
            way_out=_("Cari menurut kata, contoh «minyak kelapa sawit», lalu pilih salah satu."),
            article="PP 82/2019 Lampiran I",
        )
    return found


def read_kbli(text: str) -> tuple[str, ...]:
    """KBLI codes of five digits, as people write them (`01262; 46.202`), the main one first. Raises InvalidInput."""
    codes = []
    for part in re.split(r"[;,\s]+", text.strip()):
        code = part.replace(".", "")
        if not code:
            continue
        if not re.fullmatch(r"[0-9]{5}", code) or code[:2] not in _divisions():
            raise InvalidInput(
                "kbli_unknown",
                _("Kode KBLI «%(code)s» tidak dikenal.") % {"code": part[:20]},
                field="kbli",
                way_out=_("Isi lima angka seperti pada NIB, contoh 01262 untuk perkebunan kelapa sawit."),
            )
        codes.append(code)
    if len(codes) > 20:
        raise InvalidInput("kbli_many", _("Paling banyak 20 kode KBLI."), field="kbli")
    return tuple(dict.fromkeys(codes))


def division_of(code: str) -> str:
    """The name of a code's division; empty when there is none."""
    return str(_divisions().get(code[:2], {}).get("name", ""))


def suggest(text: str) -> Suggestions:
    """Entries of the list of risk groups for words, or for a KBLI code of two to five digits."""
    asked = text.strip().replace(".", "")
    if re.fullmatch(r"[0-9]{2,5}", asked):
        division = _divisions().get(asked[:2])
        if division is None:
            return Suggestions([])
        found = {row["number"]: _entry(row) for words in division["words"] for row in law.risk_groups(words)}
        return Suggestions(list(found.values())[:_MOST_SUGGESTED], str(division["name"]))
    rows = law.risk_groups(text) if text.strip() else []
    return Suggestions([_entry(row) for row in rows[:_MOST_SUGGESTED]])
