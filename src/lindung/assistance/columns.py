"""The first pass over a list: what can be seen in the rows themselves, a whole column at a time. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from rapidfuzz import fuzz

from lindung.formats.proposals import FIELDS
from lindung.formats.words import long_date
from lindung.places.dataset import last_key
from lindung.places.names import normalise
from lindung.places.queries import join_villages, match_in

FINDING = pl.Schema({"row": pl.UInt32, "code": pl.String, "value": pl.String, "other": pl.String, "limit": pl.String})
LABELS = {field.name: field.label for field in FIELDS}
MOST_SUGGESTIONS = 2_000  # different unknown village names for which a likely one is looked up
SAME_REGENCY = 75  # likeness, 0 to 100, from which a regency's name is taken for a misspelling of ours

# Provinces by Kemendagri code, with those of 2022: what an NIK can begin with.
_PROVINCE = r"^(1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_NOT_WORKING = (
    r"(?i)(tidak|tdk|belum|sudah tidak|berhenti)\s*(lagi\s*)?(bisa\s*|dapat\s*|mampu\s*)?(be)?kerja"
    r"|^\s*(tidak|belum)\s*$|\bmenganggur\b|\blumpuh\b|\bstroke\b"
)
_FORMAL = r"(?i)\b(pns|asn|pppk|p3k|tni|polri|pegawai negeri|aparatur sipil)\b"


@dataclass(frozen=True)
class Rules:
    """What a row is measured against: the scheme's criteria and the places."""

    min_age: int
    max_age_exclusive: int
    age_on: date
    regency_name: str
    sender_key: int
    sender_name: str
    villages: pl.DataFrame  # of the regency, as places.queries.village_index gives it


def prepare(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The list as read, with what the checks need: codes cleaned, village found, sex and age worked out."""
    nik = pl.col("nik")
    frame = join_villages(frame, rules.villages).with_columns(
        pl.col("row_code").str.to_uppercase().str.replace_all(r"\s", ""),
        nik.str.contains(r"^[0-9]{16}$").fill_null(False).alias("nik_ok"),
        pl.col("formula_fields").fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )
    if rules.sender_key % 10_000:  # the sender is a village: a blank village is its own
        blank = pl.col("village").is_null()
        frame = frame.with_columns(
            pl.when(blank).then(rules.sender_key).otherwise(pl.col("village_key")).alias("village_key"),
            pl.when(blank).then(pl.lit(rules.sender_name)).otherwise(pl.col("village")).alias("village"),
        )
    woman = nik.str.slice(6, 2).cast(pl.Int32, strict=False) > 40
    by_nik = pl.when(pl.col("nik_ok") & pl.col("sex_text").is_null()).then(
        pl.when(woman).then(pl.lit("P")).otherwise(pl.lit("L"))
    )
    born = pl.col("birth_date")
    before_birthday = (born.dt.month() * 100 + born.dt.day()) > rules.age_on.month * 100 + rules.age_on.day
    return frame.with_columns(
        pl.coalesce("sex", by_nik).alias("sex"),
        (rules.age_on.year - born.dt.year() - before_birthday.cast(pl.Int32)).alias("age"),
    )


def findings_of_rows(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Everything wrong that a row shows by itself: FINDING columns, one line per row and reason."""
    return pl.concat(
        [*_format_findings(frame), *_age_findings(frame, rules), *_place_findings(frame, rules), *_work_findings(frame)]
    )


def found(
    frame: pl.DataFrame,
    code: str,
    where: pl.Expr | None,
    value: pl.Expr | None = None,
    other: pl.Expr | None = None,
    limit: str = "",
) -> pl.DataFrame:
    """The findings of one reason: the rows `where` it holds; without it, all rows of the frame."""
    empty = pl.lit("")
    rows = frame if where is None else frame.filter(where.fill_null(False))
    return rows.select(
        "row", pl.lit(code).alias("code"), (empty if value is None else value.fill_null("")).alias("value"),
        (empty if other is None else other.fill_null("")).alias("other"), pl.lit(limit).alias("limit"),
    )  # fmt: skip


def _blank(field: str, column: str | None = None) -> pl.Expr:
    """Empty, and not because the cell holds a formula, which is said instead."""
    return pl.col(column or field).is_null() & ~pl.col("formula_fields").list.contains(field)


_WORDS = ("name", "mother_name", "birth_place", "occupation", "address")


def birth_digits(sex: str | None = None) -> pl.Expr:
    """The six digits an NIK should have for the birth date."""
    day = pl.col("birth_date").dt.day().cast(pl.Int32)
    day = day + 40 if sex == "P" else day if sex == "L" else day + pl.when(pl.col("sex") == "P").then(40).otherwise(0)
    return pl.concat_str(day.cast(pl.String).str.zfill(2), pl.col("birth_date").dt.strftime("%m%y"))


def _mismatch() -> pl.Expr:
    """The NIK and the birth date cannot both be right; without a sex, either of its two forms will do."""
    digits = pl.col("nik").str.slice(6, 6)
    fits = pl.when(pl.col("sex").is_null()).then((digits == birth_digits("L")) | (digits == birth_digits("P")))
    known = pl.col("nik_ok") & ~pl.col("nik_lost_digits") & pl.col("birth_date").is_not_null()
    return known & ~fits.otherwise(digits == birth_digits())


def _formulas() -> pl.Expr:
    """The fields that hold a formula, or words that a spreadsheet would take for one."""
    written = [pl.when(pl.col(field).str.contains(r"^\s*[=+@]")).then(pl.lit(field)) for field in _WORDS]
    return pl.col("formula_fields").list.set_union(pl.concat_list(written).list.drop_nulls()).list.sort()


def _format_findings(frame: pl.DataFrame) -> list[pl.DataFrame]:
    nik, lost = pl.col("nik"), pl.col("nik_lost_digits")
    digits = nik.str.contains(r"^[0-9]+$")
    return [
        found(frame, "missing_nik", _blank("nik")),
        found(frame, "nik_number_lost_zeros", lost),
        found(frame, "nik_not_digits", ~lost & ~digits),
        found(frame, "nik_length", ~lost & digits & ~pl.col("nik_ok"), nik.str.len_chars().cast(pl.String)),
        found(frame, "nik_region_unknown", pl.col("nik_ok") & ~nik.str.contains(_PROVINCE), nik.str.slice(0, 2)),
        found(
            frame, "nik_birth_mismatch", _mismatch(), nik.str.slice(6, 6),
            pl.concat_str(pl.col("birth_date").dt.strftime("%d-%m-%Y"), "sex", separator=", ", ignore_nulls=True),
        ),
        found(frame, "missing_name", _blank("name")),
        found(frame, "missing_mother", _blank("mother_name")),
        found(frame, "missing_birth_date", _blank("birth_date", "birth_date_text")),
        found(frame, "birth_date_unreadable", pl.col("birth_date_flag") == "tidak_terbaca", pl.col("birth_date_text")),
        found(frame, "sex_unknown", pl.col("sex").is_null() & pl.col("sex_text").is_not_null(), pl.col("sex_text")),
        found(
            frame, "formula_cell", _formulas().list.len() > 0,
            _formulas().list.eval(pl.element().replace(LABELS)).list.join(", "),
        ),
    ]  # fmt: skip


def _age_findings(frame: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    """Nobody is turned away for an age that the NIK contradicts."""
    sure, age = pl.col("birth_date").is_not_null() & ~_mismatch().fill_null(False), pl.col("age")
    on = pl.lit(long_date(rules.age_on))
    return [
        found(frame, "too_old", sure & (age >= rules.max_age_exclusive), age.cast(pl.String), on,
               str(rules.max_age_exclusive)),
        found(frame, "too_young", sure & (age < rules.min_age), age.cast(pl.String), on, str(rules.min_age)),
    ]  # fmt: skip


def _place_findings(frame: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    ours = normalise(rules.regency_name)
    elsewhere = [
        name
        for name in frame["regency"].drop_nulls().unique()
        if fuzz.ratio(normalise(name).removeprefix("kota"), ours) < SAME_REGENCY
    ]
    unknown = pl.col("village_key").is_null()
    # A village and district of ours under another regency's name is a slip, not a stranger.
    outside = pl.col("regency").is_in(elsewhere).fill_null(False) & unknown
    here = pl.col("village_key").is_between(rules.sender_key, last_key(rules.sender_key))
    return [
        found(frame, "outside_regency", outside, pl.col("regency"), pl.lit(rules.regency_name)),
        found(frame, "missing_village", ~outside & _blank("village")),
        _village_unknown(frame.filter(~outside & unknown & pl.col("village").is_not_null()), rules),
        found(frame, "outside_sender_area", ~unknown & ~here, pl.col("village"), pl.lit(rules.sender_name)),
    ]


def _village_unknown(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Unknown villages with the most likely one; each different spelling is looked up once."""
    written = frame.select("village", "district").unique().head(MOST_SUGGESTIONS)
    likely = []
    for village, district in written.iter_rows():
        best = match_in(rules.villages, village, district or "", 1)
        likely.append(f"{best[0].name}, Kecamatan {best[0].district}" if best else "")
    known = written.with_columns(pl.Series("likely", likely, dtype=pl.String))
    frame = frame.join(known, on=["village", "district"], how="left", nulls_equal=True)
    return found(frame, "village_unknown", None, pl.col("village"), pl.col("likely"))


def _work_findings(frame: pl.DataFrame) -> list[pl.DataFrame]:
    said = pl.coalesce(
        *(pl.when(pl.col(field).str.contains(_NOT_WORKING)).then(pl.col(field)) for field in ("work_status", "note"))
    )
    formal = pl.col("occupation").str.contains(_FORMAL) & ~pl.col("occupation").str.contains(r"(?i)pensiun")
    return [
        found(frame, "not_working", said.is_not_null(), said),
        found(frame, "formal_worker", formal, pl.col("occupation")),
    ]
