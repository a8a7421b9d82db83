"""The NIK: 6 digits of region, birth date DDMMYY with 40 added to a woman's day, 4 digits of serial.

Source of the shape: Law 24/2013 on civil administration and the registry's own explanation. The region is the one where
the number was first issued, so it need not be where the person lives."""

from __future__ import annotations

from functools import cache

import polars as pl

from lindung.formats.words import mask_nik
from lindung.places.dataset import read_places

__all__ = ["NIK_DIGITS", "clean_nik", "mask_nik", "problem_code"]

NIK_DIGITS = 16
WOMEN_DAY_OFFSET = 40


def clean_nik(text: str) -> str:
    """Without the spaces, dots, hyphens and apostrophes that people put between the digits."""
    return "".join(letter for letter in text if letter not in " .-'’`\u00a0")


def problem_code(nik: pl.Expr, birth_date: pl.Expr, sex: pl.Expr) -> pl.Expr:
    """For whole columns: the code of the first problem, null where there is none. A null date or sex is not compared.

    Codes: nik_missing, nik_not_digits, nik_length, nik_region, nik_birth_date, nik_serial, nik_birth_mismatch,
    nik_sex_mismatch."""
    day = _digits(nik, 6, 2)
    woman = day > WOMEN_DAY_OFFSET
    birth_day = day - pl.when(woman).then(WOMEN_DAY_OFFSET).otherwise(0)
    return (
        pl.when(nik.fill_null("") == "").then(pl.lit("nik_missing"))
        .when(~nik.str.contains(r"^[0-9]+$")).then(pl.lit("nik_not_digits"))
        .when(nik.str.len_chars() != NIK_DIGITS).then(pl.lit("nik_length"))
        .when(~_region_is_plausible(nik)).then(pl.lit("nik_region"))
        .when(~_date_exists(birth_day, _digits(nik, 8, 2), _digits(nik, 10, 2))).then(pl.lit("nik_birth_date"))
        .when(nik.str.slice(12) == "0000").then(pl.lit("nik_serial"))
        .when(
            birth_date.is_not_null()
            & ((birth_date.dt.day() != birth_day) | (nik.str.slice(8, 4) != birth_date.dt.strftime("%m%y")))
        ).then(pl.lit("nik_birth_mismatch"))
        .when(sex.is_not_null() & ((sex == "P") != woman)).then(pl.lit("nik_sex_mismatch"))
        .alias("nik_problem")
    )  # fmt: skip


def _digits(nik: pl.Expr, start: int, count: int) -> pl.Expr:
    return nik.str.slice(start, count).cast(pl.Int32, strict=False)


def _region_is_plausible(nik: pl.Expr) -> pl.Expr:
    """A known province; regency and district count from 01. Their own codes have changed too often to compare."""
    return nik.str.slice(0, 2).is_in(_province_codes()) & (nik.str.slice(2, 2) != "00") & (nik.str.slice(4, 2) != "00")


@cache
def _province_codes() -> list[str]:
    return read_places().filter(pl.col("kind") == "province")["code"].to_list()


def _date_exists(day: pl.Expr, month: pl.Expr, year: pl.Expr) -> pl.Expr:
    """In the 20th or the 21st century: 29 February 00 exists, in 2000."""
    longest = (
        pl.when(month.is_in([4, 6, 9, 11])).then(30)
        .when(month == 2).then(pl.when(year % 4 == 0).then(29).otherwise(28))
        .otherwise(31)
    )  # fmt: skip
    return month.is_between(1, 12) & (day >= 1) & (day <= longest)
