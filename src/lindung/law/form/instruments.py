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
    Instrument("Perpres 109/2013", "Penahapan kepesertaan menurut skala usaha", date(2013, 12, 27), "M"),
    Instrument("PP 45/2015", "Penyelenggaraan program JP", date(2015, 7, 1), "T"),
    Instrument("PP 46/2015", "Penyelenggaraan program JHT", date(2015, 7, 1), "T"),
    Instrument("PP 37/2021", "Penyelenggaraan program JKP", date(2021, 2, 2), "T"),
    Instrument("PP 6/2025", "Perubahan atas PP 37/2021: iuran dan manfaat JKP", date(2025, 2, 7), "S"),
    Instrument("Permenaker 4/2023", "Jaminan sosial pekerja migran Indonesia", date(2023, 2, 22), "S"),
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
        date(2025, 2, 7),
        "S",
        "Diundangkan 7 Februari 2025 (berita); mengatur iuran sejak bulan Februari 2025.",
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
    Instrument("PP 68/2009", "Tarif PPh Pasal 21 atas JHT yang dibayarkan sekaligus", date(2009, 11, 16), "T"),
    Instrument("UU 36/2008", "Pajak penghasilan: lapisan tarif Pasal 17", date(2009, 1, 1), "S"),
    Instrument("UU 7/2021", "Harmonisasi peraturan perpajakan: lapisan tarif Pasal 17", date(2022, 1, 1), "S"),
    Instrument("PP 60/2015", "Perubahan atas PP 46/2015: pembayaran JHT", date(2015, 8, 12), "T"),
    Instrument(
        "Permenaker 19/2015",
        "Pembayaran JHT",
        date(2015, 8, 12),
        "M",
        "Tanggal PP 60/2015 yang dilaksanakannya; tanggal pengundangannya belum dibaca.",
    ),
    Instrument("Permenaker 4/2022", "Tata cara dan persyaratan pembayaran manfaat JHT", date(2022, 4, 26), "S"),
    Instrument(
        "Permenaker 29/2015",
        "Pembayaran manfaat JP",
        date(2015, 7, 1),
        "M",
        "Tanggal PP 45/2015 yang dilaksanakannya; tanggal pengundangannya belum dibaca.",
    ),
    Instrument("Permenaker 2/2025", "Pemberian manfaat JKP: masa peralihan", date(2025, 2, 7), "T"),
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
