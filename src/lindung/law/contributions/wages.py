"""The monthly wage of those paid by the day or the piece: PP 44/2015 Pasal 19, PP 46/2015 Pasal 17.

Wages are in sen: at most 100 billion rupiah (10^13 sen) a month, so twelve of them stay within 64 bits.
"""

from __future__ import annotations

from ..form.rounding import round_half_up
from ..form.rules import rule

JP_TOO = (
    "PP 45/2015 Pasal 29 tidak mengatur upah harian atau borongan; untuk JP dipakai dasar yang sama dengan JKK dan JHT."
)


@rule(
    cites="PP 44/2015 Pasal 19 ayat (3); PP 46/2015 Pasal 17 ayat (3)",
    says_id="Upah sebulan dari upah harian adalah upah sehari kali 25.",
    says_en="The monthly wage of a worker paid by the day is the daily wage times 25.",
    unit="sen",
    choice=JP_TOO,
)
def wage_of_days(daily_wage: int, wage_days: int) -> int:
    """Monthly wage from a daily wage."""
    return daily_wage * wage_days


@rule(
    cites="PP 44/2015 Pasal 19 ayat (4)-(5); PP 46/2015 Pasal 17 ayat (4)-(5)",
    says_id="Upah sebulan dari upah borongan adalah rata-rata 3 bulan terakhir, atau 12 bulan terakhir bila pekerjaan "
    "tergantung cuaca.",
    says_en="The monthly wage of piece work is the average of the last 3 months, or of the last 12 where work depends "
    "on the weather.",
    unit="sen",
    choice="Rata-rata dibulatkan ke sen terdekat. " + JP_TOO,
)
def wage_of_pieces(
    piece_wages: tuple[int, ...], weather_dependent: bool, piece_months: int, piece_months_weather: int
) -> int:
    """Average of the last months, the oldest first in `piece_wages`."""
    months = piece_months
    if weather_dependent:
        months = piece_months_weather
    total = 0
    for i in range(len(piece_wages) - months, len(piece_wages)):
        total += piece_wages[i]
    return round_half_up(total, months)
