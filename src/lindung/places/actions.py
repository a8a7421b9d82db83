"""The writes of this room: the places of a decree, and the holidays of a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import holidays
import polars as pl
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lindung.core.actors import Actor
from lindung.core.errors import Conflict
from lindung.core.log import record
from lindung.places.dataset import DECREE, DECREE_DATE, read_places
from lindung.places.models import Holiday

HOLIDAY_SOURCE = "paket holidays (ID)"
_ESTIMATED_MARK = " (perkiraan)"
# Which kind of ours the package's two categories are; the first wins where both name a day.
_CATEGORIES = (("public", Holiday.Kind.PUBLIC), ("government", Holiday.Kind.COLLECTIVE))


@dataclass(frozen=True)
class LoadResult:
    """Rows in the source, and what it changed in the database; the second load of one source changes nothing."""

    total: int
    added: int
    changed: int
    removed: int

    @property
    def unchanged(self) -> bool:
        return not (self.added or self.changed or self.removed)


def load_places(
    actor: Actor, places: pl.DataFrame | None = None, decree: str = DECREE, decree_date: date = DECREE_DATE
) -> LoadResult:
    """Bring the places in line with a decree: by default the one shipped with the code (see data/SOURCE.md).

    Only differences are written. A new name ends the old one on the decree's date; a place that the decree no longer
    has is closed on that date, never deleted (counted as removed). Raises NotAllowed, and Conflict for a decree older
    than one already loaded."""
    actor.require("places.load")
    places = read_places() if places is None else places
    with transaction.atomic(), connection.cursor() as cursor:
        _refuse_older(cursor, decree_date)
        _copy_in(cursor, places)
        _end_old_names(cursor, decree, decree_date)
        cursor.execute(_UPSERT, {"since": decree_date})
        written = [inserted for (inserted,) in cursor.fetchall()]
        cursor.execute(_NEW_NAMES, {"since": decree_date, "decree": decree})
        cursor.execute(_CLOSE, {"since": decree_date})
        removed = cursor.rowcount
        result = LoadResult(places.height, sum(written), len(written) - sum(written), removed)
        if not result.unchanged:
            after = {"decree": decree, "added": result.added, "changed": result.changed, "removed": removed}
            record(actor, "places.load", "places", decree, after=after)
    return result


def _refuse_older(cursor: CursorWrapper, decree_date: date) -> None:
    cursor.execute("SELECT max(lower(valid)) FROM places_placename")
    (newest,) = cursor.fetchone()
    if newest is not None and newest > decree_date:
        raise Conflict(
            "older_decree",
            f"Data wilayah sudah mengikuti keputusan tanggal {newest:%d-%m-%Y}, lebih baru daripada berkas ini.",
            way_out="Muat berkas dari keputusan yang terbaru.",
        )


def _copy_in(cursor: CursorWrapper, places: pl.DataFrame) -> None:
    cursor.execute(
        """
        DROP TABLE IF EXISTS pg_temp.incoming_place;
        CREATE TEMPORARY TABLE incoming_place (
          key bigint PRIMARY KEY, code text, name text, kind text, parent_id bigint, latitude float8, longitude float8,
          population int, area_km2 float8, postal_code text) ON COMMIT DROP
        """
    )
    columns = ("key", "code", "name", "kind", "parent_key", "lat", "lon", "population", "area", "postal_code")
    with cursor.copy("COPY incoming_place FROM STDIN (FORMAT csv)") as copy:
        copy.write(places.select(columns).write_csv(include_header=False))
    cursor.execute("ANALYZE incoming_place")


def _end_old_names(cursor: CursorWrapper, decree: str, decree_date: date) -> None:
    """Names that differ: ended on the decree's date, or put right where they are the same decree's."""
    cursor.execute(
        """
        UPDATE places_placename n SET valid = daterange(lower(n.valid), %(since)s)
        FROM incoming_place i
        WHERE n.place_id = i.key AND upper_inf(n.valid) AND n.name <> i.name AND lower(n.valid) < %(since)s
        """,
        {"since": decree_date},
    )
    cursor.execute(
        """
        UPDATE places_placename n SET name = i.name, source = %(decree)s
        FROM incoming_place i
        WHERE n.place_id = i.key AND upper_inf(n.valid) AND n.name <> i.name AND lower(n.valid) = %(since)s
        """,
        {"since": decree_date, "decree": decree},
    )


_UPSERT = """
INSERT INTO places_place AS p
  (key, code, name, kind, parent_id, valid, latitude, longitude, population, area_km2, postal_code)
SELECT key, code, name, kind, parent_id, daterange(%(since)s, NULL), latitude, longitude, population, area_km2,
       coalesce(postal_code, '')
FROM incoming_place
ON CONFLICT (key) DO UPDATE SET
  code = excluded.code, name = excluded.name, kind = excluded.kind, parent_id = excluded.parent_id,
  valid = daterange(lower(p.valid), NULL), latitude = excluded.latitude, longitude = excluded.longitude,
  population = excluded.population, area_km2 = excluded.area_km2, postal_code = excluded.postal_code
WHERE (p.code, p.name, p.kind, p.parent_id, upper_inf(p.valid), p.latitude, p.longitude, p.population, p.area_km2,
       p.postal_code)
  IS DISTINCT FROM (excluded.code, excluded.name, excluded.kind, excluded.parent_id, true, excluded.latitude,
       excluded.longitude, excluded.population, excluded.area_km2, excluded.postal_code)
RETURNING xmax = 0  -- true for a row that was inserted
"""
_NEW_NAMES = """
INSERT INTO places_placename (place_id, name, valid, source)
SELECT i.key, i.name, daterange(%(since)s, NULL), %(decree)s
FROM incoming_place i
WHERE NOT EXISTS (SELECT 1 FROM places_placename n WHERE n.place_id = i.key AND upper_inf(n.valid))
"""
_CLOSE = """
WITH closed AS (
  UPDATE places_place p SET valid = daterange(lower(p.valid), %(since)s)
  WHERE upper_inf(p.valid) AND lower(p.valid) < %(since)s
    AND NOT EXISTS (SELECT 1 FROM incoming_place i WHERE i.key = p.key)
  RETURNING p.key),
names AS (
  UPDATE places_placename n SET valid = daterange(lower(n.valid), %(since)s)
  FROM closed WHERE n.place_id = closed.key AND upper_inf(n.valid))
SELECT key FROM closed
"""


def load_holidays(actor: Actor, years: Iterable[int]) -> LoadResult:
    """Bring the holidays of these years in line with the `holidays` package: public ones and collective leave.

    Days from another source (an officer's entry after a decree) stay as they are. Days that the package took by
    calculation are marked as estimated. Raises NotAllowed."""
    actor.require("places.load")
    wanted = sorted(set(years))
    days = _package_days(wanted)
    parameters: dict[str, Any] = {
        "dates": list(days), "names": [name for name, _, _ in days.values()],
        "kinds": [kind for _, kind, _ in days.values()], "estimated": [is_guess for _, _, is_guess in days.values()],
        "source": HOLIDAY_SOURCE, "years": wanted,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HOLIDAYS_GONE, parameters)
        removed = cursor.rowcount
        cursor.execute(_HOLIDAYS, parameters)
        written = [inserted for (inserted,) in cursor.fetchall()]
        result = LoadResult(len(days), sum(written), len(written) - sum(written), removed)
        if not result.unchanged:
            after = {"years": wanted, "added": result.added, "changed": result.changed, "removed": removed}
            record(actor, "places.load_holidays", "holidays", HOLIDAY_SOURCE, after=after)
    return result


def _package_days(years: list[int]) -> dict[date, tuple[str, str, bool]]:
    """date → (name, kind, estimated)."""
    days: dict[date, tuple[str, str, bool]] = {}
    for category, kind in _CATEGORIES:
        for day, name in holidays.country_holidays("ID", years=years, categories=(category,), language="id").items():
            days.setdefault(day, (name.replace(_ESTIMATED_MARK, ""), kind.value, _ESTIMATED_MARK in name))
    return days


_HOLIDAYS_GONE = """
DELETE FROM places_holiday
WHERE source = %(source)s AND extract(year FROM date)::int = ANY(%(years)s) AND date <> ALL(%(dates)s::date[])
"""
_HOLIDAYS = """
INSERT INTO places_holiday AS h (date, name, kind, estimated, source)
SELECT day, name, kind, estimated, %(source)s
FROM unnest(%(dates)s::date[], %(names)s::text[], %(kinds)s::text[], %(estimated)s::bool[])
  AS d(day, name, kind, estimated)
ON CONFLICT (date) DO UPDATE SET name = excluded.name, kind = excluded.kind, estimated = excluded.estimated
WHERE h.source = excluded.source
  AND (h.name, h.kind, h.estimated) IS DISTINCT FROM (excluded.name, excluded.kind, excluded.estimated)
RETURNING xmax = 0
"""
