"""What a row shows by itself, a whole column at a time. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from lindung.core.months import last_day
from lindung.formats.words import long_date
from lindung.people.nik import problem_code
from lindung.wages.models import WageReport
from lindung.wages.preparing import wage_in_sen

FINDING = pl.Schema({"row_no": pl.Int64, "code": pl.String, "value": pl.String, "other": pl.String})
# A wage outside of these is a slip of the pen, whatever the law says; in sen.
LEAST_WAGE, MOST_WAGE = 10_000_00, 1_000_000_000_00
LEAST_AGE, MOST_AGE = 13, 90  # outside of these a birth date is a slip of the pen
JUMP = 3  # a wage so many times the last one, or one in so many of it, is worth a look
LATE_DAYS = 30  # an employer registers a worker within 30 days of the start of work (PP 45/2015 Art 5)
_NIK_CODES = ("not_digits", "length", "region", "birth_date", "serial", "birth_mismatch", "sex_mismatch")


@dataclass(frozen=True)
class Rules:
    """What a row is measured against. Wages are in sen; `minimum_wage` None: none is known for the month."""

    kind: str
    month: date
    npp: str
    minimum_wage: int | None
    pension_age: int
    wage_days: int

    @cached_property
    def last(self) -> date:
        return last_day(self.month)

    @property
    def hires(self) -> bool:
        return self.kind == WageReport.Kind.NEW_WORKERS

    @property
    def pays(self) -> bool:
        return self.kind != WageReport.Kind.LEAVERS


def found(
    rows: pl.DataFrame, code: str, where: pl.Expr, value: pl.Expr | None = None, other: pl.Expr | None = None
) -> pl.DataFrame:
    """The findings of one reason: the rows `where` it holds."""
    empty = pl.lit("")
    return rows.filter(where.fill_null(False)).select(
        "row_no",
        pl.lit(code).alias("code"),
        (empty if value is None else value.fill_null("")).alias("value"),
        (empty if other is None else other.fill_null("")).alias("other"),
    )


def day_text(name: str) -> pl.Expr:
    """A date as people read it, worked out once for each different day."""
    return pl.col(name).map_batches(_long_dates, return_dtype=pl.String)


def _long_dates(days: pl.Series) -> pl.Series:
    different = days.drop_nulls().unique().to_list()
    words = [long_date(day) for day in different]
    return days.replace_strict(different, words, default=None, return_dtype=pl.String)


def rupiah(sen: pl.Expr) -> pl.Expr:
    """Sen as Rp3.100.000, sen left out where there are none."""
    whole = (sen.abs() // 100).cast(pl.String)
    dotted = whole.str.reverse().str.replace_all(r"(\d{3})", "${1}.").str.reverse().str.strip_chars_start(".")
    cents = pl.when(sen % 100 != 0).then(pl.lit(",") + (sen.abs() % 100).cast(pl.String).str.zfill(2))
    sign = pl.when(sen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, pl.lit("Rp"), dotted, cents.otherwise(pl.lit("")))


def findings_of_rows(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Everything wrong that the prepared rows show by themselves: FINDING columns, one line per row and reason."""
    parts = [*_identity(rows, rules), *_file(rows, rules)]
    if rules.hires:
        parts += [*_person(rows, rules), *_work(rows, rules)]
    if rules.pays:
        parts += _wage(rows, rules)
    else:
        parts += _leaving(rows, rules)
    return pl.concat(parts)


def _identity(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    """NIK or passport; a worker who is known already may be named by KPJ alone."""
    born = pl.col("birth_date") if rules.hires else pl.lit(None, dtype=pl.Date)
    sex = pl.col("sex_code") if rules.hires else pl.lit(None, dtype=pl.String)
    rows = rows.with_columns(problem_code(pl.col("nik"), born, sex).alias("problem"))
    lost, domestic = pl.col("nik_lost_digits"), ~pl.col("foreign")
    unnamed = pl.lit(True) if rules.hires else pl.col("kpj").is_null()
    sound = domestic & ~lost
    values = {
        "length": pl.col("nik").str.len_chars().cast(pl.String),
        "birth_mismatch": day_text("birth_date"),
        "sex_mismatch": pl.col("sex_code"),
    }
    parts = [
        found(rows, "missing_nik", (pl.col("problem") == "nik_missing") & unnamed),
        found(rows, "nik_number_lost_zeros", domestic & lost & unnamed),
        *(
            found(rows, f"nik_{code}", sound & (pl.col("problem") == f"nik_{code}") & unnamed, values.get(code))
            for code in _NIK_CODES
        ),
    ]
    if rules.hires:
        parts += [
            found(rows, "id_type_unknown", pl.col("id_kind").is_null(), pl.col("id_type")),
            found(
                rows, "passport_format",
                pl.col("foreign") & ~pl.col("nik").fill_null("").str.contains(r"^[A-Z0-9]{6,12}$"), pl.col("nik"),
            ),
            found(rows, "country_missing", pl.col("foreign") & pl.col("country_code").is_in(["", "ID"])),
        ]  # fmt: skip
    return parts


def _file(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    """The file is of this employer and month, and holds values."""
    npp = pl.col("npp").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    own = "".join(letter for letter in rules.npp.upper() if letter.isalnum())
    month = pl.col("month_on")
    return [
        found(rows, "formula_cell", pl.col("formulas").is_not_null(), pl.col("formulas")),
        found(rows, "npp_differs", npp != own, pl.col("npp"), pl.lit(rules.npp)),
        found(
            rows, "month_differs", pl.col("month").is_not_null() & month.ne_missing(rules.month), pl.col("month"),
            pl.lit(f"{rules.month:%m-%Y}"),
        ),
        found(rows, "back_pay", wage_in_sen("back_pay") != 0, pl.col("back_pay")),
    ]  # fmt: skip


def _person(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    flag, age = pl.col("birth_date_flag"), _age_on(rules.month)
    odd = ~age.is_between(LEAST_AGE, MOST_AGE)
    return [
        found(rows, "missing_name", pl.col("name_key") == ""),
        found(rows, "missing_birth_date", flag == "kosong"),
        found(rows, "birth_date_unreadable", flag == "tidak_terbaca", pl.col("birth_date_text")),
        found(rows, "birth_date_doubtful", flag == "meragukan", pl.col("birth_date_text"), day_text("birth_date")),
        found(rows, "birth_date_implausible", odd, age.cast(pl.String)),
        found(rows, "sex_unknown", pl.col("sex_code").is_null(), pl.col("sex")),
        found(
            rows, "no_pension", (age >= rules.pension_age) & ~odd, age.cast(pl.String),
            pl.lit(str(rules.pension_age)),
        ),
    ]  # fmt: skip


def _age_on(day: date) -> pl.Expr:
    born = pl.col("birth_date")
    before_birthday = (born.dt.month().cast(pl.Int32) * 100 + born.dt.day()) > day.month * 100 + day.day
    return day.year - born.dt.year() - before_birthday.cast(pl.Int32)


def _work(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    start, end, born = pl.col("started_on"), pl.col("contract_end"), pl.col("birth_date")
    status = pl.col("status_code")
    late = start < rules.month - pl.duration(days=LATE_DAYS)
    return [
        found(rows, "start_missing", pl.col("started_on_flag") == "kosong"),
        found(rows, "start_unreadable", pl.col("started_on_flag") == "tidak_terbaca", pl.col("started_on_text")),
        found(rows, "start_in_future", start > rules.last, day_text("started_on")),
        found(
            rows, "start_before_birth", start.dt.year() - born.dt.year() < LEAST_AGE, day_text("started_on")
        ),
        found(rows, "late_registration", late, day_text("started_on")),
        found(
            rows, "contract_unreadable", pl.col("contract_end_flag") == "tidak_terbaca", pl.col("contract_end_text")
        ),
        found(rows, "contract_before_start", end < start, day_text("contract_end"), day_text("started_on")),
        found(rows, "contract_over", (end >= start) & (end < rules.month), day_text("contract_end")),
        found(rows, "contract_missing", (status == "PKWT") & end.is_null() & (pl.col("contract_end_flag") == "kosong")),
        found(
            rows, "status_unknown", status.is_not_null() & ~status.is_in(["PKWT", "PKWTT"]),
            pl.col("employment_status"),
        ),
    ]  # fmt: skip


def monthly_sen(rules: Rules) -> pl.Expr:
    """The monthly wage in sen as far as the row tells it: of a daily wage, times the law's days."""
    return pl.col("wage_sen") * pl.when(pl.col("wage_kind_code") == "daily").then(rules.wage_days).otherwise(1)


def _wage(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    wage, monthly = pl.col("wage_sen"), monthly_sen(rules)
    parts = [
        found(rows, "missing_wage", pl.col("wage").is_null()),
        found(rows, "wage_unreadable", pl.col("wage").is_not_null() & wage.is_null(), pl.col("wage")),
        found(rows, "wage_not_positive", wage <= 0, rupiah(wage)),
        found(rows, "wage_too_small", (wage > 0) & (monthly < LEAST_WAGE), rupiah(wage)),
        found(rows, "wage_too_large", monthly > MOST_WAGE, rupiah(wage)),
        found(rows, "wage_kind_unknown", pl.col("wage_kind_code").is_null(), pl.col("wage_kind")),
    ]
    if rules.minimum_wage is not None:
        low = (monthly >= LEAST_WAGE) & (monthly < rules.minimum_wage)
        parts.append(found(rows, "below_minimum", low, rupiah(monthly), rupiah(pl.lit(rules.minimum_wage))))
    return parts


def _leaving(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    flag = pl.col("left_on_flag")
    return [
        found(rows, "left_unreadable", flag == "tidak_terbaca", pl.col("left_on_text")),
        found(rows, "left_in_future", pl.col("left_on") > rules.last, day_text("left_on")),
        found(rows, "missing_leave_reason", pl.col("reason").is_null()),
        found(rows, "died", pl.col("reason").str.to_lowercase().str.contains("meninggal|wafat")),
    ]


def duplicates(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The same worker more than once: a row that says the same is passed over, one that differs must be decided on."""
    key = pl.coalesce(pl.when(pl.col("nik") != "").then("nik"), "kpj")
    said = ["wage_sen", "wage_kind_code"] if rules.pays else ["left_on", "reason"]
    named = rows.with_columns(key.alias("key")).filter(pl.col("key").is_not_null())
    first = pl.col("row_no").min().over("key")
    several = named.with_columns(first.alias("first")).filter(pl.len().over("key") > 1)
    same = pl.all_horizontal(
        pl.col(column).n_unique().over("key") == 1 for column in (*said, *(["name_key"] if rules.hires else []))
    )
    last = pl.col("row_no").max().over("key")
    several = several.with_columns(same.alias("same"), last.alias("last"))
    other = pl.when(pl.col("row_no") == pl.col("first")).then("last").otherwise("first").cast(pl.String)
    return pl.concat(
        [
            found(several, "duplicate_in_file", pl.col("same") & (pl.col("row_no") > pl.col("first")), None, other),
            found(several, "duplicate_differs", ~pl.col("same"), None, other),
        ]
    )
