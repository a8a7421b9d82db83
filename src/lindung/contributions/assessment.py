"""What is owed: a whole list put to the law in one columnar pass."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.core.months import month_of

# The facts of the law's question `contributions` that a list may tell; other columns ride along.
FACTS = (
    "segment", "wage", "income", "payer", "sector", "risk_group", "firm_size", "citizenship", "age",
    "labour_intensive_relief", "programmes", "jp_postponed", "jkp_member", "reliefs",
)  # fmt: skip
ASSESSED = ("wage_base", "jkk", "jkm", "jht", "jp", "jkp", "worker_share")
_OF_WAGE_EARNERS = frozenset(
    {"wage", "risk_group", "firm_size", "citizenship", "age", "labour_intensive_relief", "jp_postponed", "jkp_member"}
)
_OF_OTHERS = frozenset({"income", "payer", "sector"})
_MONEY = ("wage", "income")
_RESULTS = (
    "base", "jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker", "jkp_from_jkk", "jkp_from_jkm",
    "worker_total",
)  # fmt: skip


def assess(frame: pl.DataFrame, month: date) -> pl.DataFrame:
    """The frame with what each row owes for a month, in whole rupiah: wage_base, jkk, jkm, jht and jp (both shares),
    jkp (the part of jkk and jkm that goes to the JKP fund), worker_share; and error_code, error_field.

    A row has segment (PU, BPU) and wage (PU) or income (BPU), exact, with decimals or without; where known risk_group,
    firm_size, programmes, birth_date (or age), citizenship and the law's other facts. Where a fact is empty its default
    holds. A faulty row has its error and no amounts, and never stops the others. The frame's order is kept.

    Raises LawError for what is wrong with the frame itself, such as a column of a type that is no money."""
    from lindung.law.columns import assess as judge  # starts the compiler

    facts = _facts(frame, month_of(month)).rechunk()
    judged = judge(facts.to_arrow(), on=month_of(month), results=_RESULTS)
    found = pl.from_arrow(judged.results) if judged.results is not None else pl.DataFrame()
    assert isinstance(found, pl.DataFrame)
    errors = pl.from_arrow(judged.errors)
    assert isinstance(errors, pl.DataFrame)
    owed = found.select(
        pl.when(facts["segment"].cast(pl.String) == "BPU")
        .then(pl.col("base"))
        .otherwise(_whole(facts))
        .alias("wage_base"),
        "jkk",
        "jkm",
        (pl.col("jht_employer") + pl.col("jht_worker")).alias("jht"),
        (pl.col("jp_employer") + pl.col("jp_worker")).alias("jp"),
        (pl.col("jkp_from_jkk") + pl.col("jkp_from_jkm")).alias("jkp"),
        pl.col("worker_total").alias("worker_share"),
    )
    faults = errors.rename({"code": "error_code", "field": "error_field"})
    told = pl.DataFrame({"row": pl.int_range(frame.height, eager=True)}).join(
        faults, on="row", how="left", maintain_order="left"
    )
    whole = pl.concat(
        [frame.drop(*ASSESSED, "error_code", "error_field", strict=False), owed, told.drop("row")], how="horizontal"
    )
    return whole.with_columns(
        pl.when(pl.col("error_code").is_null()).then(pl.col(name)).alias(name) for name in ASSESSED
    )


def _facts(frame: pl.DataFrame, month: date) -> pl.DataFrame:
    facts = frame.select(name for name in FACTS if name in frame.columns)
    if "birth_date" in frame.columns and "age" not in frame.columns:
        facts = facts.with_columns(age=_age(frame["birth_date"], month))
    # A list of both kinds has the columns of both: to the other kind they say nothing.
    other = pl.col("segment").cast(pl.String) == "BPU"
    facts = facts.with_columns(
        pl.when(other if name in _OF_OTHERS else ~other).then(pl.col(name)).alias(name)
        for name in facts.columns
        if name in _OF_OTHERS | _OF_WAGE_EARNERS
    )
    return facts.with_columns(
        pl.col(name).cast(pl.Decimal(20, 2))
        for name in _MONEY
        if name in facts.columns and facts[name].dtype.is_numeric()
    )


def _age(born: pl.Series, month: date) -> pl.Series:
    """Full years on the first day of the month."""
    days = born.dt.month().cast(pl.Int32) * 100 + born.dt.day()  # months come in eight bits
    had_birthday = days <= month.month * 100 + month.day
    return month.year - born.dt.year() - (~had_birthday).cast(pl.Int32)


def _whole(facts: pl.DataFrame) -> pl.Series:
    """The wage in whole rupiah, half up."""
    if "wage" not in facts.columns:
        return pl.repeat(None, facts.height, dtype=pl.Int64, eager=True)
    sen = (facts["wage"].cast(pl.Decimal(20, 2), strict=False) * 100).cast(pl.Int64, strict=False)
    return (sen + 50) // 100
