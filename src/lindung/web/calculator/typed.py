"""What people type into an answer, read forgivingly: `Rp 2.000.000,-`, `1,5 juta`, `3 tahun`. What could mean two
things is asked again with an example; nothing is guessed."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from lindung.core.ui import words

TOO_LONG = 40
SCALES = {
    "ribu": 1_000, "rb": 1_000, "thousand": 1_000,
    "juta": 1_000_000, "jt": 1_000_000, "million": 1_000_000,
    "miliar": 1_000_000_000, "milyar": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
WHOLE = re.compile(r"\d{1,15}|\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3}){0,4}", re.ASCII)
CENTS = re.compile(r"[.,](?:00?|-|–|=)$")
SCALED = re.compile(rf"(\d{{1,6}})(?:[.,](\d{{1,2}}))?\s*({'|'.join(SCALES)})", re.ASCII)
SEN = re.compile(r"(?:\d{1,3}(?:[.,]\d{3})+|\d+)[.,]\d{1,2}", re.ASCII)
MONTHS = re.compile(
    r"(?:(\d{1,3})\s*(?:tahun|thn|th|years?))?\s*(?:(\d{1,4})\s*(?:bulan|bln|months?)?)?", re.ASCII
)  # fmt: skip


def rupiah(text: str, least: int, most: int) -> int:
    """An amount in whole rupiah; raises ValueError that says what to write instead."""
    plain = CENTS.sub("", _plain(text).removeprefix("rp").lstrip(". ").strip())
    if scaled := SCALED.fullmatch(plain):
        whole, part, scale = scaled.groups()
        hundredths = int(whole) * 100 + int((part or "0").ljust(2, "0"))
        return _between(hundredths * SCALES[scale] // 100, least, most)
    if SEN.fullmatch(plain) and not WHOLE.fullmatch(plain):
        raise ValueError(_("Tulis rupiah bulat tanpa sen, contoh 1.500.000."))
    return _between(_whole(plain, "1.500.000"), least, most)


def number(text: str, least: int, most: int, unit: str) -> int:
    """A whole number, with or without its unit; raises ValueError that says what to write instead."""
    plain = _plain(text).removesuffix(unit.casefold()).strip()
    return _between(_whole(plain, str(max(least, 12))), least, most)


def months(text: str, least: int, most: int) -> int:
    """Months, also as years: `36`, `3 tahun`, `2 tahun 6 bulan`; raises ValueError that says what to write instead."""
    plain = _plain(text)
    found = MONTHS.fullmatch(plain)
    if not plain or found is None:
        raise ValueError(_("Tulis banyaknya bulan dengan angka, contoh 36, atau 3 tahun."))
    years, single = found.groups()
    return _between(int(years or 0) * 12 + int(single or 0), least, most)


def _plain(text: str) -> str:
    return " ".join(text[:TOO_LONG].casefold().split())


def _whole(plain: str, example: str) -> int:
    if not WHOLE.fullmatch(plain):
        raise ValueError(_("Tulis dengan angka saja, contoh %(example)s.") % {"example": example})
    return int(re.sub(r"\D", "", plain, flags=re.ASCII))


def _between(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise ValueError(
            _("Tulis angka dari %(least)s sampai %(most)s.")
            % {"least": words.number(least), "most": words.number(most)}
        )
    return value
