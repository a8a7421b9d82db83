"""Death lists of the civil registry (Dukcapil): kept row by row, and matched with care to the persons we know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.clock import now
from lindung.core.errors import InvalidInput
from lindung.core.log import record
from lindung.core.scope import require_places
from lindung.people.names import name_keys

MOST_MISTYPED_DIGITS = 2  # a digit misread, or two neighbours exchanged
LIKE_NAME = 0.45  # trigram likeness: the NIK is right and the name only written otherwise


class DeathRow(TypedDict):
    """One row of a death list. `nik`, `name` and `certificate_no` may be "", `birth_date` None."""

    row_no: int
    nik: str
    name: str
    birth_date: date | None
    died_on: date
    certificate_no: str


@dataclass(frozen=True)
class NoticeImport:
    """What came of a list: rows received; (notice, person, day of death) of those we know; rows known before."""

    received: int
    matched: list[tuple[int, int, date]]
    known: int


_SCHEMA: dict[str, Any] = {
    "row_no": pl.Int64, "nik": pl.String, "name": pl.String, "birth_date": pl.Date, "died_on": pl.Date,
    "certificate_no": pl.String,
}  # fmt: skip
_INCOMING = {
    "row_no": "integer", "nik": "text", "name": "text", "name_key": "text", "birth_date": "date", "died_on": "date",
    "certificate_no": "text",
}  # fmt: skip

# The NIK of someone else, typed by mistake, must not call him dead: birth date or name must agree, if either is given.
_CANDIDATES = """
SELECT i.row_no, p.id, p.nik, true FROM incoming_notices i JOIN people_person p ON p.nik = i.nik
 WHERE p.birth_date = i.birth_date OR similarity(p.name_key, i.name_key) >= %s
    OR (i.birth_date IS NULL AND i.name_key = '')
UNION ALL
SELECT i.row_no, p.id, p.nik, false FROM incoming_notices i
  JOIN people_person p ON p.birth_date = i.birth_date AND p.name_key = i.name_key
"""
_NOTICES = """
SELECT DISTINCT ON (i.row_no) i.row_no, n.id FROM incoming_notices i
  JOIN people_deathnotice n ON (n.file_digest = %s AND n.row_no = i.row_no)
                            OR (i.nik <> '' AND n.nik = i.nik AND n.died_on = i.died_on)
 ORDER BY i.row_no, n.id
"""
_INSERT = """
INSERT INTO people_deathnotice (nik, name, birth_date, died_on, certificate_no, person_id, place_id, file_digest,
                                row_no, received_at)
SELECT nik, name, birth_date, died_on, certificate_no, person_id, %s, %s, row_no, %s
  FROM incoming_new_notices ORDER BY row_no
"""


@transaction.atomic
def import_death_notices(actor: Actor, rows: Sequence[DeathRow], place_id: int, file_digest: str) -> NoticeImport:
    """Keep the rows of a death list and say whom we know among them: by NIK (with birth date or name agreeing), or by
    name and birth date where the list's NIK is missing or mistyped and only one person fits.

    A row that came before, in this file or another, is not kept twice, but is matched again: the person may have been
    registered since. Raises InvalidInput (a row without day of death), NotAllowed (place outside the scope)."""
    require_places(actor, [place_id])
    frame = _prepared(rows)
    with loaded(frame, "incoming_notices", _INCOMING) as cursor:
        cursor.execute(_CANDIDATES, [LIKE_NAME])
        types = {"row_no": pl.Int64, "person_id": pl.Int64, "person_nik": pl.String, "by_nik": pl.Boolean}
        matches = _decide(frame, fetch_frame(cursor, types))
        known = _notice_ids(cursor, file_digest)
        fresh = frame.join(known, on="row_no", how="anti").join(matches, on="row_no", how="left")
        with loaded(fresh, "incoming_new_notices", _INCOMING | {"person_id": "bigint"}) as writer:
            writer.execute(_INSERT, [place_id, file_digest, now()])
        notices = _notice_ids(cursor, file_digest)
    found = matches.join(notices, on="row_no").join(frame, on="row_no").sort("row_no")
    found = found.unique("person_id", keep="first", maintain_order=True).select("notice_id", "person_id", "died_on")
    repeated = len(rows) - frame.height
    result = NoticeImport(len(rows), list(found.iter_rows()), known.height + repeated)
    record(
        actor,
        "people.import_death_notices",
        f"file:{file_digest[:16]}",
        _("Daftar kematian Dukcapil"),
        after={"received": result.received, "matched": len(result.matched), "known": result.known},
    )
    return result


def _prepared(rows: Sequence[DeathRow]) -> pl.DataFrame:
    """The rows with name keys; a death that stands twice in the list only once."""
    frame = pl.DataFrame([[row[name] for name in _SCHEMA] for row in rows], schema=_SCHEMA, orient="row")  # type: ignore[literal-required]
    widths = {"nik": 16, "certificate_no": 60, "name": 150}
    frame = frame.with_columns(pl.col(name).fill_null("").str.slice(0, width) for name, width in widths.items())
    faulty = frame.filter(pl.col("died_on").is_null())["row_no"].to_list()
    if faulty:
        numbers = ", ".join(str(number) for number in faulty[:10])
        raise InvalidInput(
            "death_row_incomplete", _("Tanggal meninggal kosong pada baris %(rows)s.") % {"rows": numbers},
            field="died_on", way_out=_("Lengkapi baris itu, atau hapus dari daftar, lalu unggah kembali."),
        )  # fmt: skip
    identity = pl.when(pl.col("nik") == "").then(pl.format("row {}", "row_no")).otherwise("nik")
    frame = frame.with_columns(identity.alias("identity")).unique(
        ["identity", "died_on"], keep="first", maintain_order=True
    )
    return frame.drop("identity").with_columns(name_keys(frame["name"]).alias("name_key"))


def _decide(frame: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """DataFrame[row_no, person_id]: by NIK where possible; else by name and birth date, if the NIKs do not contradict
    each other and one person alone fits."""
    by_nik = candidates.filter("by_nik").select("row_no", "person_id")
    rest = candidates.join(by_nik, on="row_no", how="anti").join(frame.select("row_no", "nik"), on="row_no")
    agreeing = [
        not well_formed(nik) or mistyped(nik, other) for nik, other in rest.select("nik", "person_nik").iter_rows()
    ]
    by_name = rest.filter(pl.Series(agreeing, dtype=pl.Boolean)).filter(pl.len().over("row_no") == 1)
    return pl.concat([by_nik, by_name.select("row_no", "person_id")])


def well_formed(nik: str) -> bool:
    """Sixteen digits."""
    return len(nik) == 16 and nik.isascii() and nik.isdigit()


def mistyped(nik: str, other: str) -> bool:
    """Could one be a slip of the pen for the other?"""
    return sum(a != b for a, b in zip(nik, other, strict=False)) + abs(len(nik) - len(other)) <= MOST_MISTYPED_DIGITS


def _notice_ids(cursor: Any, file_digest: str) -> pl.DataFrame:
    cursor.execute(_NOTICES, [file_digest])
    return fetch_frame(cursor, {"row_no": pl.Int64, "notice_id": pl.Int64})
