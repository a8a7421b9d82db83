"""Names brought to one form: `name_key` for equality and search, `sound_key` for the same name spelled differently."""

from __future__ import annotations

import re

import polars as pl

KEY_LENGTH = 150

_TITLES = (
    "h|hj|haji|hajjah|hajah|drs|dra|dr|ir|prof|ust|ustad|ustadz|ustaz|ustadzah|ustazah|kh|kyai|kiai|tgk|habib|alm|almh|"
    "almarhum|almarhumah|bpk|bapak|bp|ibu|sdr|sdri|tn|ny|nn"
)
_DEGREES = (
    r"(s\.\s?[a-z]{1,4}|m\.\s?[a-z]{1,4}|a\.\s?ma|a\.?\s?md|s(pd|ag|sos|kom|hut|km|kep|ip)i?|m(pd|kom|ag|si)|"
    r"lc|b\.?a|b\.?sc)(\.\s?[a-z]{1,4})*\.?"
)
_KEY_RULES: tuple[tuple[str, str], ...] = (
    (r"\p{M}", ""),
    (r",.*$", ""),  # degrees after a comma
    (rf"(\s+{_DEGREES})+\s*$", ""),
    (r"['’‘`´ʼ]", ""),
    (r"[^a-z0-9]+", " "),
    (r"^ +| +$", ""),
    (rf"^(({_TITLES}) )+", ""),
    (r"^(m|mhmd|md) ", "muhammad "),
    (r"\b(mu?h|mohd?|muhd|mhd|moch|m[uo]hamm?[ae]d|m[uo][ck]hamm?ad)\b", "muhammad"),
    (r"\b(achmad|akhmad|akhmat|ahmat|achmat)\b", "ahmad"),
    (r"\b(abd|abdur|abdull?)\b", "abdul"),
    (r"^(sitti|st) ", "siti "),
    (r"^sy ", "syarifah "),
)
_PARTICLES = re.compile(r"(?<=\s)(Bin|Binti|Bt|Bte)\b", re.IGNORECASE)
# Old spellings and the sounds that clerks hear alike; applied to a name key.
_SOUND_RULES: tuple[tuple[str, str], ...] = (
    ("oe|oo", "u"), ("dj", "j"), ("tj", "c"), ("sj", "s"), ("sy", "s"), ("nj", "ny"), ("kh|ch|gh", "h"),
    ("dz|dh|dl", "d"), ("th", "t"), ("ph|v", "f"), ("q", "k"), ("x", "ks"), ("z", "s"), (r"\bju", "yu"), ("i?y", "i"),
    ("ii+", "i"),
    *((f"{letter}{{2,}}", letter) for letter in "abcdefghjklmnoprstuw"),
)  # fmt: skip


def name_key(text: str) -> str:
    """`H. Moh. Yusuf, S.Pd` → `muhammad yusuf`: no case, accents, signs, titles, degrees; abbreviations in full."""
    return str(name_keys(pl.Series([text]))[0])


def name_keys(names: pl.Series) -> pl.Series:
    """The same for a whole column; null becomes the empty text. Never empty for a name with a letter in it."""
    name = pl.col("name")
    plain = name.fill_null("").str.normalize("NFKD").str.to_lowercase()
    key = _replaced(plain, _KEY_RULES)
    bare = plain.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    frame = names.cast(pl.String).to_frame("name")
    chosen = pl.when(key == "").then(bare).otherwise(key).str.slice(0, KEY_LENGTH)
    return frame.select(chosen.alias(names.name))[names.name]


def display_names(names: pl.Series) -> pl.Series:
    """Names as people write them: `AHMAD BIN MU'MIN, S.PD` → `Ahmad bin Mu'min, S.Pd`. A name that is not all in
    capitals was written with care and stays as it is."""
    shouted = names.str.contains(r"\p{L}{2}") & (names == names.str.to_uppercase())
    frame = names.to_frame("name").with_columns(shouted.fill_null(False).alias("shouted"))
    calm = pl.col("name").map_elements(_title_case, return_dtype=pl.String)
    return frame.select(pl.when("shouted").then(calm).otherwise("name").alias(names.name))[names.name]


def _title_case(name: str) -> str:
    text = re.sub(r"[^\W\d_]+(?:['’‘`´ʼ][^\W\d_]+)*", lambda word: _calm_word(word[0]), name)
    return _PARTICLES.sub(lambda word: word[0].lower(), text)


def _calm_word(word: str) -> str:
    """One capital; a second one only after a single letter and an apostrophe (D'Souza, but Mu'min)."""
    return word.title() if word[1:2] in "'’‘`´ʼ" and len(word) > 2 else word.capitalize()


def sound_keys(keys: pl.Expr) -> pl.Expr:
    """Name keys by their sound: `yusuf` and `jusuf`, `nurul` and `noorul`, `zakiyah` and `zakiah` become one."""
    return _replaced(keys, _SOUND_RULES)


def _replaced(text: pl.Expr, rules: tuple[tuple[str, str], ...]) -> pl.Expr:
    for pattern, replacement in rules:
        text = text.str.replace_all(pattern, replacement)
    return text
