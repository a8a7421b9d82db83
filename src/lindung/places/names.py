"""How people write place names, brought to one form so that they can be joined."""

from __future__ import annotations

import re

import polars as pl

# Applied in this order, in Python for one name and in Polars for a column; both understand these patterns.
_RULES: tuple[tuple[str, str], ...] = (
    (r"[^a-z0-9]+", " "),
    (r"^ +| +$", ""),
    (r"^(desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab) ", ""),
    (r"\b(sui|sei|sungei|s)\b", "sungai"),
    (r"\b(tanjong|tj|tg)\b", "tanjung"),
    (r"\b(tlk|tl)\b", "teluk"),
    (r" +", ""),
)


def normalise(name: str) -> str:
    """`Ds. SUI. Ambangah` → `sungaiambangah`: no case, spaces, signs, kind of place or usual abbreviations."""
    text = name.lower()
    for pattern, replacement in _RULES:
        text = re.sub(pattern, replacement, text)
    return text


def normalised(names: pl.Expr) -> pl.Expr:
    """The same for a whole column."""
    text = names.str.to_lowercase()
    for pattern, replacement in _RULES:
        text = text.str.replace_all(pattern, replacement)
    return text
