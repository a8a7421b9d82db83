"""The legal instruments this law rests on, each with the date it came into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Instrument:
    """One regulation. `in_force` is a date; `confidence` says how that date was learnt (T, S, M or C)."""

    name: str
    about: str
    in_force: date
    confidence: str
    note: str = ""


_ALL = (
    Instrument("PP 44/2015", "Penyelenggaraan program JKK dan JKM", date(2015, 7, 1), "T"),
    Instrument("PP 82/2019", "Perubahan atas PP 44/2015: manfaat JKK dan JKM", date(2019, 12, 2), "T"),
    Instrument(
        "PP 49/2020",
        "Penyesuaian iuran selama bencana COVID-19",
        date(2020, 9, 1),
        "S",
        "Berlaku untuk iuran bulan Agustus 2020 sampai Januari 2021.",
    ),
    Instrument(
        "PP 7/2025",
        "Penyesuaian iuran JKK bagi industri padat karya",
        date(2025, 2, 1),
        "S",
        "Bulan iuran pertama yang diatur; tanggal pengundangannya belum dibaca.",
    ),
    Instrument(
        "PP 36/2025",
        "Perpanjangan PP 7/2025 sampai iuran Januari 2026",
        date(2025, 8, 1),
        "M",
        "Bulan iuran pertama yang diatur; tanggal pengundangannya belum dibaca.",
    ),
    Instrument("PP 50/2025", "Penyesuaian iuran JKK dan JKM bagi peserta BPU", date(2025, 12, 22), "S"),
    Instrument("Permenaker 1/2025", "Perubahan atas Permenaker 5/2021", date(2025, 2, 24), "S"),
)

INSTRUMENTS = {instrument.name: instrument for instrument in _ALL}

IN_FORCE_SINCE = INSTRUMENTS["PP 44/2015"].in_force
"""Before this day none of the rules here was law."""

KNOWN_UNTIL = date(2027, 12, 31)
"""Our choice: the texts were read in November 2026, so no answer is given beyond the next budget year."""


def instruments_in(citation: str) -> tuple[str, ...]:
    """The instruments a citation names, in order; its parts are separated by semicolons."""
    found = []
    for part in citation.split(";"):
        name = " ".join(part.split()[:2])
        if name not in INSTRUMENTS:
            raise ValueError(f"“{part.strip()}”: instrumen hukum ini tidak ada di daftar law/instruments.py")
        found.append(name)
    return tuple(found)
