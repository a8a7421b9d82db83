"""The reads of this room: places by code or key, villages by the way people write them, working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from lindung.core.errors import NotFound
from lindung.places.dataset import key_of, last_key
from lindung.places.models import Holiday, Place
from lindung.places.names import normalise, normalised

_DISTRICT_WEIGHT = 0.25
_WORTH_SUGGESTING = 75.0


@dataclass(frozen=True)
class PlaceRow:
    """A place as it is today; coordinates in degrees, area in km², population in people."""

    key: int
    code: str
    name: str
    kind: str
    parent_key: int | None
    latitude: float | None
    longitude: float | None
    population: int | None
    area_km2: float | None
    postal_code: str

    @property
    def last_key(self) -> int:
        """The last key of the subtree: what lies in the place has keys from `key` to here."""
        return last_key(self.key)


@dataclass(frozen=True)
class VillageMatch:
    """A village that may be meant, with a likeness from 0 to 100; 100 is the same name in the same district."""

    key: int
    name: str
    district_key: int
    district: str
    likeness: float


def find_place(code: str | int) -> PlaceRow:
    """The place with this code (`61.12.01`, also without dots) or key (6112010000). Raises NotFound."""
    key = code if isinstance(code, int) else _key_or_zero(code)
    rows = _rows(key=key)
    if not rows:
        raise NotFound(
            "place_not_found",
            _("Kode wilayah %(code)s tidak ada.") % {"code": code},
            field="code",
            way_out=_("Periksa kode wilayah Kemendagri, contoh: 61.12.01.2004."),
        )
    return rows[0]


def _key_or_zero(code: str) -> int:
    digits = code.replace(".", "")
    return key_of(code) if digits.isascii() and digits.isdigit() and len(digits) in (2, 4, 6, 10) else 0


def children(key: int) -> list[PlaceRow]:
    """The places directly below, in order of their codes; those that a decree has closed are left out."""
    return _rows(parent=key, valid__endswith=None)


def below(key: int) -> list[PlaceRow]:
    """Every place within a regency, a district or a province, itself not, in order of their codes."""
    return _rows(key__range=(key + 1, last_key(key)), valid__endswith=None)


def search_places(text: str, most: int = 20) -> list[PlaceRow]:
    """Places whose name contains the text, in order of their codes."""
    return _rows(name__icontains=text.replace("\x00", ""), valid__endswith=None)[:most]


def _rows(**conditions: object) -> list[PlaceRow]:
    columns = (
        "key", "code", "name", "kind", "parent_id", "latitude", "longitude", "population", "area_km2", "postal_code",
    )  # fmt: skip
    return [PlaceRow(*row) for row in Place.objects.filter(**conditions).order_by("key").values_list(*columns)]


def village_index(regency_key: int) -> pl.DataFrame:
    """The villages of a regency for joins: `village_key`, `village`, `village_name`, `district_key`, `district`,
    `district_name`. The two without `_name` are normalised as `names.normalised` does; the others are for people."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.key, v.name, d.key, d.name FROM places_place v JOIN places_place d ON d.key = v.parent_id
            WHERE v.key BETWEEN %s AND %s AND v.kind = 'village' AND upper_inf(v.valid) ORDER BY v.key
            """,
            [regency_key, last_key(regency_key)],
        )
        rows = cursor.fetchall()
    schema = {"village_key": pl.Int64, "village_name": pl.String, "district_key": pl.Int64, "district_name": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        normalised(pl.col("village_name")).alias("village"), normalised(pl.col("district_name")).alias("district")
    )


def join_villages(
    frame: pl.DataFrame, index: pl.DataFrame, village: str = "village", district: str = "district"
) -> pl.DataFrame:
    """The frame in its order with `village_key` added: null where no village of the index is surely meant.

    A village is meant when its name and its district's fit, or when the district is blank and only one village of the
    regency has the name. With another district the same name may be a village elsewhere, so it is not taken."""
    keys = frame.select(
        normalised(pl.col(village)).alias("village"), normalised(pl.col(district)).fill_null("").alias("district")
    )
    exact = index.select("village", "district", "village_key")
    alone = index.filter(pl.len().over("village") == 1).select("village", pl.col("village_key").alias("alone_key"))
    found = keys.join(exact, on=["village", "district"], how="left", maintain_order="left").join(
        alone, on="village", how="left", maintain_order="left"
    )
    key = pl.coalesce("village_key", pl.when(pl.col("district") == "").then(pl.col("alone_key")))
    return frame.with_columns(found.select(key.alias("village_key")).to_series())


def match_village(name: str, district_name: str, regency_key: int, limit: int = 3) -> list[VillageMatch]:
    """The villages that may be meant by a name as written, best first; empty when none is near."""
    return match_in(village_index(regency_key), name, district_name, limit)


def match_in(index: pl.DataFrame, name: str, district_name: str, limit: int = 3) -> list[VillageMatch]:
    """`match_village` over an index already read, for many names in a row. A blank district counts for nothing."""
    wanted, in_district = normalise(name), normalise(district_name)
    if not wanted:
        return []
    matches = []
    for row in index.iter_rows(named=True):
        likeness = fuzz.ratio(wanted, row["village"])
        if in_district:
            likeness += _DISTRICT_WEIGHT * (fuzz.ratio(in_district, row["district"]) - likeness)
        if likeness >= _WORTH_SUGGESTING:
            matches.append(
                VillageMatch(
                    row["village_key"], row["village_name"], row["district_key"], row["district_name"],
                    round(likeness, 1),
                )
            )  # fmt: skip
    return sorted(matches, key=lambda match: (-match.likeness, match.key))[:limit]


def holidays_between(first: date, last: date) -> frozenset[date]:
    """The holidays from one day to another, both included."""
    return frozenset(Holiday.objects.filter(date__range=(first, last)).values_list("date", flat=True))
