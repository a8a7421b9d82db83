"""What the database knows of the rows of a report: one statement for each question, never one for each row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.backends.utils import CursorWrapper

from lindung.core.bulk import fetch_frame, loaded
from lindung.people.matching import NAME_LIKENESS, TOKEN_LIKENESS, likeness_of_names
from lindung.people.names import sound_keys
from lindung.wages.findings import FINDING, JUMP, Rules, day_text, found, monthly_sen, rupiah
from lindung.wages.foreigners import with_numbers

_TABLE = "reported_rows"
_COLUMNS = {"row_no": "bigint", "nik": "text", "kpj": "text"}

_PERSONS = f"""
SELECT r.row_no, p.id, p.name_key, p.birth_date FROM {_TABLE} r JOIN people_person p ON p.nik = r.nik
"""
_DEAD = f"""
SELECT DISTINCT r.row_no FROM {_TABLE} r JOIN people_person p ON p.nik = r.nik
  JOIN people_lifeevent e ON e.person_id = p.id AND e.kind = 'death' AND NOT e.void
 WHERE NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = e.id)
"""
# The employment a row is about: the one of its month if there is one, else the latest.
_EMPLOYMENT = """
SELECT DISTINCT ON (r.row_no) r.row_no, e.id, e.membership_id, m.person_id, p.name_key, m.kpj, e.started_on, e.left_on
  FROM {table} r {join}
  JOIN wages_employment e ON e.membership_id = m.id AND e.payer_id = %(payer)s
  JOIN people_person p ON p.id = m.person_id
 ORDER BY r.row_no, (e.started_on <= %(last)s AND (e.left_on IS NULL OR e.left_on >= %(month)s)) DESC, e.started_on DESC
"""
_BY_NIK = _EMPLOYMENT.format(
    table=_TABLE,
    join="JOIN people_person q ON q.nik = r.nik"
    " JOIN membership_membership m ON m.person_id = q.id AND m.payer_id = %(payer)s",
)
_BY_KPJ = _EMPLOYMENT.format(table=_TABLE, join="JOIN membership_membership m ON m.kpj = r.kpj")
_DEATHS = """
SELECT e.person_id, min(e.occurred_on) FROM people_lifeevent e
 WHERE e.person_id = ANY(%(people)s) AND e.kind = 'death' AND NOT e.void
   AND NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = e.id) GROUP BY e.person_id
"""
_LAST_WAGES = """
SELECT r.row_no, (w.wage * 100)::bigint FROM reported_jobs r
 CROSS JOIN LATERAL (SELECT wage FROM wages_wagerecord w WHERE w.membership_id = r.membership_id AND w.month < %(month)s
                      ORDER BY month DESC, id DESC LIMIT 1) w
"""
_EMPLOYED = {
    "row_no": pl.Int64, "employment_id": pl.Int64, "membership_id": pl.Int64, "person_id": pl.Int64,
    "known_key": pl.String, "known_kpj": pl.String, "since": pl.Date, "until": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Matches:
    """`jobs`: row_no, employment_id, membership_id … of the employment that a row is about; `findings` as there;
    `doubts`: row_no, person_id, code of how a new worker differs from the person of this NIK: not for the employer."""

    jobs: pl.DataFrame
    findings: pl.DataFrame
    doubts: pl.DataFrame


def find_jobs(rows: pl.DataFrame, rules: Rules, payer_id: int) -> pl.DataFrame:
    """The employment that each row is about, by NIK or else by KPJ: row_no, employment_id, membership_id, since …"""
    values: dict[str, Any] = {"payer": payer_id, "month": rules.month, "last": rules.last}
    with loaded(rows, _TABLE, _COLUMNS) as cursor:
        return _either(_ask(cursor, _BY_NIK, values, _EMPLOYED), _ask(cursor, _BY_KPJ, values, _EMPLOYED))


def _either(by_nik: pl.DataFrame, by_kpj: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([by_nik, by_kpj]).unique("row_no", keep="first", maintain_order=True)


def match(rows: pl.DataFrame, rules: Rules, payer_id: int) -> Matches:
    """Ask about the prepared rows. Needs a scope over the whole country and an open transaction."""
    rows = with_numbers(rows)
    values: dict[str, Any] = {"payer": payer_id, "month": rules.month, "last": rules.last}
    row = {"row_no": pl.Int64}
    with loaded(rows, _TABLE, _COLUMNS) as cursor:
        persons = _ask(cursor, _PERSONS, values, row | {"id": pl.Int64, "known_key": pl.String, "born": pl.Date})
        by_nik = _ask(cursor, _BY_NIK, values, _EMPLOYED)
        by_kpj = _ask(cursor, _BY_KPJ, values, _EMPLOYED)
        dead = _ask(cursor, _DEAD, values, row) if rules.hires else None
        jobs = _either(by_nik, by_kpj)
        people = {"people": [] if rules.pays else jobs["person_id"].to_list()}
        deaths = _ask(cursor, _DEATHS, people, {"person_id": pl.Int64, "died_on": pl.Date})
    joined = rows.join(jobs, on="row_no", how="left", maintain_order="left")
    doubts = pl.DataFrame(schema=FINDING | {"person_id": pl.Int64})
    if dead is not None:
        doubts = pl.concat([_names(rows, persons), _birthdays(rows, persons), found(dead, "deceased", pl.lit(True))])
        doubts = doubts.join(persons.select("row_no", pl.col("id").alias("person_id")), on="row_no")
        findings = [found(doubts.unique("row_no"), "identity_differs", pl.lit(True)), *_joining(joined)]
    else:
        findings = [_names(rows, jobs), _crossed(rows, by_nik, by_kpj)]
        findings += _paying(joined, rules) if rules.pays else _leaving(joined, deaths, rules)
    if rules.pays:
        findings.append(_jumps(joined, rules))
    return Matches(jobs, pl.concat(findings), doubts.select("row_no", "person_id", "code"))


def _ask(cursor: CursorWrapper, statement: str, values: dict[str, Any], types: dict[str, Any]) -> pl.DataFrame:
    cursor.execute(statement, values)
    return fetch_frame(cursor, types)


def _names(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rows whose name is not that of the person found, however it is spelled. A row without a name is not compared."""
    pairs = rows.select("row_no", "name", "name_key").join(known.select("row_no", "known_key"), on="row_no")
    pairs = pairs.filter((pl.col("name_key") != "") & (pl.col("name_key") != pl.col("known_key")))
    pairs = pairs.with_columns(sound_keys(pl.col("name_key")), sound_keys(pl.col("known_key")))
    alike = [_alike(left, right) for left, right in pairs.select("name_key", "known_key").iter_rows()]
    return found(pairs.filter(~pl.Series(alike, dtype=pl.Boolean)), "name_differs", pl.lit(True), pl.col("name"))


def _alike(left: str, right: str) -> bool:
    worst, whole = likeness_of_names(left, right)
    return worst >= TOKEN_LIKENESS and whole >= NAME_LIKENESS


def _birthdays(rows: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    pairs = rows.select("row_no", "birth_date").join(persons.select("row_no", "born"), on="row_no")
    return found(pairs, "birth_differs", pl.col("birth_date") != pl.col("born"))


def _joining(rows: pl.DataFrame) -> list[pl.DataFrame]:
    until, start = pl.col("until"), pl.col("started_on")
    back = until.is_not_null()
    return [
        found(rows, "already_employed", pl.col("employment_id").is_not_null() & until.is_null()),
        found(rows, "start_before_leaving", back & (start <= until), day_text("started_on"), day_text("until")),
        found(rows, "rehired", back & (start > until), day_text("until")),
    ]


def _crossed(rows: pl.DataFrame, by_nik: pl.DataFrame, by_kpj: pl.DataFrame) -> pl.DataFrame:
    """The KPJ written is neither that of the person written, nor of an earlier job here of the same person."""
    both = rows.filter((pl.col("kpj") != "") & (pl.col("nik").fill_null("") != "")).select("row_no")
    pairs = both.join(by_kpj.select("row_no", "person_id"), on="row_no", how="left").join(
        by_nik.select("row_no", pl.col("person_id").alias("named")), on="row_no", how="left"
    )
    return found(pairs, "kpj_of_another", pl.col("person_id") != pl.col("named"))


def _paying(rows: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    known = pl.col("employment_id").is_not_null()
    return [
        found(rows, "worker_unknown", ~known),
        found(rows, "worker_left", known & (pl.col("until") < rules.month), day_text("until")),
        found(rows, "worker_not_yet", known & (pl.col("since") > rules.last), day_text("since")),
    ]


def _leaving(rows: pl.DataFrame, deaths: pl.DataFrame, rules: Rules) -> list[pl.DataFrame]:
    known, until = pl.col("employment_id").is_not_null(), pl.col("until")
    left, since = pl.col("left_on"), pl.col("since")
    rows = rows.with_columns(left_by_default(rules.month).alias("assumed"))
    rows = rows.join(deaths, on="person_id", how="left", maintain_order="left")
    robbed = until.is_null() & (pl.col("assumed") < pl.col("died_on"))  # the family would lose the cover of that day
    blank = (pl.col("left_on_flag") == "kosong") & known & until.is_null()
    return [
        found(rows, "worker_unknown", ~known),
        found(rows, "left_by_month", blank & (pl.col("assumed") >= since), day_text("assumed")),
        found(rows, "left_before_start", blank & (pl.col("assumed") < since), day_text("assumed"), day_text("since")),
        found(rows, "left_before_start", until.is_null() & (left < since), day_text("left_on"), day_text("since")),
        found(rows, "left_before_death", robbed, day_text("assumed"), day_text("died_on")),
        found(rows, "already_left", until.is_not_null() & (left.is_null() | (left == until)), day_text("until")),
        found(rows, "left_on_differs", until.is_not_null() & (left != until), day_text("left_on"), day_text("until")),
    ]


def left_by_default(month: date) -> pl.Expr:
    """Whoever is reported to have left in a month, without a day, worked until the end of the month before."""
    return pl.coalesce("left_on", pl.lit(month) - pl.duration(days=1)).cast(pl.Date)


def _jumps(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Wages that are far from the last ones."""
    asked = rows.filter(pl.col("membership_id").is_not_null()).select("row_no", "membership_id")
    if asked.is_empty():
        return pl.DataFrame(schema=FINDING)
    with loaded(asked, "reported_jobs", {"row_no": "bigint", "membership_id": "bigint"}) as cursor:
        last = _ask(cursor, _LAST_WAGES, {"month": rules.month}, {"row_no": pl.Int64, "last_sen": pl.Int64})
    now = rows.select("row_no", monthly_sen(rules).alias("now"), "wage_kind_code").join(last, on="row_no")
    now = now.filter((pl.col("now") > 0) & (pl.col("wage_kind_code") != "piece"))
    far = (pl.col("now") > pl.col("last_sen") * JUMP) | (pl.col("now") * JUMP < pl.col("last_sen"))
    return found(now, "wage_jump", far, rupiah(pl.col("now")), rupiah(pl.col("last_sen")))
