"""How amounts, dates, names and numbers are written in Indonesian documents."""

from datetime import date

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

# First characters that make a spreadsheet take a text for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def number(value: int) -> str:
    """5839 -> "5.839"."""
    return f"{value:,}".replace(",", ".")


def rupiah(value: int) -> str:
    """Whole rupiah: 16800 -> "Rp16.800", -500 -> "−Rp500"."""
    return f"−Rp{number(-value)}" if value < 0 else f"Rp{number(value)}"


def long_date(value: date) -> str:
    """2025-03-12 -> "12 Maret 2025"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month_name(value: date) -> str:
    """2025-03-01 -> "Maret 2025"."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def mask_nik(nik: str) -> str:
    """ "6112034107850001" -> "6112********0001"; anything shorter than 8 is hidden whole."""
    return nik[:4] + "*" * (len(nik) - 8) + nik[-4:] if len(nik) > 8 else "*" * len(nik)


def mask_account(account: str) -> str:
    """Bank account: only the last four digits stay."""
    return "*" * max(len(account) - 4, 0) + account[-4:]


def safe_text(value: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before =, +, -, @, tab."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


_UNITS = (
    "", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1_000, "ribu"), (100, "ratus"))


def in_words(value: int) -> str:
    """Terbilang: 42000000 -> "empat puluh dua juta", 1100 -> "seribu seratus". Zero or more."""
    return _words(value) or "nol"


def _words(value: int) -> str:
    if value < 12:
        return _UNITS[value]
    if value < 20:
        return f"{_UNITS[value - 10]} belas"
    if value < 100:
        return f"{_UNITS[value // 10]} puluh {_words(value % 10)}".rstrip()
    for scale, word in _SCALES:
        if value >= scale:
            count, rest = divmod(value, scale)
            head = f"se{word}" if count == 1 and scale <= 1_000 else f"{_words(count)} {word}"
            return f"{head} {_words(rest)}".rstrip()
    raise AssertionError(value)


def late(sex: str) -> str:
    """How someone who has died is called: by sex as on the KTP, L or P; both words where it is not known."""
    return {"L": "Almarhum", "P": "Almarhumah"}.get(sex, "Almarhum/almarhumah")
