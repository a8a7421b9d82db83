"""Names of companies brought to one form, so that `PT. Kapuas Jaya, Tbk` and `KAPUAS JAYA PT` are the same."""

from __future__ import annotations

import polars as pl

KEY_LENGTH = 200
_PLAIN: tuple[tuple[str, str], ...] = (
    (r"\p{M}", ""),
    (r"['’‘`´ʼ]", ""),
    (r"[^a-z0-9]+", " "),
    (r"\b(perseroan terbatas|p t)\b", "pt"),
    (r"\bc v\b", "cv"),
    (r"^ +| +$", ""),
)
_FORMS = r"\b(pt|cv|ud|pd|fa|firma)\b"
_REST = r"\b(tbk|persero|perorangan)\b"


def _plain(names: pl.Series) -> pl.DataFrame:
    text = pl.col("name").fill_null("").str.normalize("NFKD").str.to_lowercase()
    for pattern, replacement in _PLAIN:
        text = text.str.replace_all(pattern, replacement)
    return names.cast(pl.String).to_frame("name").select(text.alias("name"))


def company_keys(names: pl.Series) -> pl.Series:
    """The key of each name without its legal form; a name of nothing else keeps its words, null becomes empty."""
    stem = (
        pl.col("name").str.replace_all(_FORMS, " ").str.replace_all(_REST, " ").str.replace_all(r" +", " ")
        .str.strip_chars()
    )  # fmt: skip
    key = pl.when(stem == "").then("name").otherwise(stem).str.slice(0, KEY_LENGTH)
    return _plain(names).select(key.alias("key"))["key"]


def legal_forms(names: pl.Series) -> pl.Series:
    """`pt`, `cv`, `ud` …; empty when the name says none: PT Maju and CV Maju are two companies."""
    return _plain(names).select(pl.col("name").str.extract(_FORMS).fill_null("").alias("form"))["form"]
