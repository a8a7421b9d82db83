"""The KPJ, the membership's number: YY, a sequence of eight digits, and a check digit.

The check digit is H. M. Damm's (2004): unlike Luhn and ISO 7064 MOD 11,10 it catches every wrong digit and every
exchange of two neighbours with a plain digit. The scheme is ours; the agency's own has not been published."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext as _

from lindung.core.errors import InvalidInput

KPJ_DIGITS = 11
LAST_SEQUENCE = 99_999_999
# Damm's quasigroup of order 10.
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_FLAT = pl.Series([digit for row in _TABLE for digit in row], dtype=pl.Int64)


def make_kpj(sequence: int, year: int) -> str:
    """The KPJ with this number in the year of registration. Raises InvalidInput outside 1 to 99,999,999."""
    if not 1 <= sequence <= LAST_SEQUENCE:
        raise InvalidInput("kpj_sequence", _("Nomor urut KPJ berada di luar 1 sampai 99.999.999."))
    body = f"{year % 100:02d}{sequence:08d}"
    return f"{body}{check_digit(body)}"


def check_kpj(text: str) -> bool:
    """Is this a KPJ without a slip of the pen? Spaces around it do not matter."""
    kpj = text.strip()
    return len(kpj) == KPJ_DIGITS and kpj.isascii() and kpj.isdigit() and check_digit(kpj) == 0


def make_kpjs(sequences: pl.Series, year: int) -> pl.Series:
    """make_kpj for a whole column of sequences."""
    body = sequences.cast(pl.Int64) + (year % 100) * 10**8
    interim = pl.zeros(len(body), dtype=pl.Int64, eager=True)
    for place in range(KPJ_DIGITS - 2, -1, -1):
        interim = _FLAT.gather(interim * 10 + body // 10**place % 10)
    return (body * 10 + interim).cast(pl.String).str.zfill(KPJ_DIGITS).alias("kpj")


def check_digit(digits: str) -> int:
    """Damm's check digit of a body; 0 for a body with its right check digit."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim
