"""Minimum wages: shipped, set, corrected, and found for a place and a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from world import REGENCY, World

from lindung.core.errors import InvalidInput
from lindung.payers import actions
from lindung.payers.minimum_wages import minimum_wage, minimum_wages_on, read_wage, shipped_wages
from lindung.payers.models import MinimumWage
from payers.conftest import OFFICER

pytestmark = pytest.mark.django_db
PROVINCE = 6100000000
INSERT = (
    "INSERT INTO payers_minimumwage (place_id, amount, confidence, source, reason, recorded_by, recorded_at, kind,"
    " sector, valid) SELECT 6112000000, 1, 'S', '', '', '', now(), * FROM (VALUES"
)
REST = "::daterange)) v"


def amount_on(place: int, day: date, sector: str = "") -> Decimal | None:
    found = minimum_wage(place, day, sector)
    return found.amount if found else None


def test_the_shipped_figures_are_loaded_once(acting: World) -> None:
    here = [row for row in shipped_wages() if row["place"] in ("61", "61.12", "61.71")]  # the little world's places
    assert actions.load_minimum_wages(OFFICER) == len(here)
    assert actions.load_minimum_wages(OFFICER) == 0
    assert amount_on(acting.village, date(2023, 5, 1)) == Decimal("2646878.64")
    assert amount_on(REGENCY, date(2026, 2, 1)) == Decimal(3_100_000)
    assert amount_on(REGENCY, date(2026, 2, 1), "Perkebunan kelapa sawit") == Decimal(3_108_000)


def test_a_year_without_a_regencys_wage_takes_the_provinces(acting: World) -> None:
    actions.load_minimum_wages(OFFICER)
    for year, amount in ((2024, 2_702_616), (2025, 2_878_286)):
        found = minimum_wage(acting.village, date(year, 12, 31))
        assert found is not None and (found.kind, found.amount) == ("UMP", Decimal(amount))
    assert minimum_wage(acting.village, date(2021, 12, 31)) is None
    assert minimum_wage(acting.village, date(2027, 1, 1)) is None


def test_many_places_at_once(acting: World) -> None:
    actions.load_minimum_wages(OFFICER)
    frame = minimum_wages_on([acting.village, 6171000000, PROVINCE, acting.village], date(2026, 2, 1))
    assert frame.select("place_id", "minimum_wage", "kind").rows() == [
        (PROVINCE, Decimal(3_054_552), "UMP"), (acting.village, Decimal(3_100_000), "UMK"),
        (6171000000, Decimal(3_205_220), "UMK"),
    ]  # fmt: skip


def test_what_an_officer_sets_stands_and_a_correction_keeps_the_first(acting: World) -> None:
    first, is_new = actions.set_minimum_wage(OFFICER, REGENCY, "UMK", 2026, Decimal(3_000_000), "SK", "S")
    assert is_new and actions.set_minimum_wage(OFFICER, REGENCY, "UMK", 2026, Decimal(3_000_000), "SK", "S") == (
        first, False,
    )  # fmt: skip
    actions.load_minimum_wages(OFFICER)
    assert amount_on(REGENCY, date(2026, 6, 1)) == Decimal(3_000_000)
    actions.set_minimum_wage(OFFICER, REGENCY, "UMK", 2026, Decimal("3100000.50"), "SK 1355", "T", reason="Salah salin")
    assert amount_on(REGENCY, date(2026, 1, 1)) == Decimal("3100000.50")
    assert amount_on(REGENCY, date(2026, 12, 31)) == Decimal("3100000.50")
    assert MinimumWage.objects.filter(place_id=REGENCY, kind="UMK", valid__startswith=date(2026, 1, 1)).count() == 2


@pytest.mark.parametrize(
    ("place", "kind", "year", "amount", "sector", "field"),
    [
        (REGENCY, "UMP", 2026, "1", "", "place"), (PROVINCE, "UMK", 2026, "1", "", "place"),
        (1, "UMK", 2026, "1", "", "place"), (REGENCY, "UMK", 1026, "1", "", "year"),
        (REGENCY, "UMK", 2026, "0", "", "amount"), (REGENCY, "UMK", 2026, "1.001", "", "amount"),
        (REGENCY, "UMSK", 2026, "1", " ", "sector"), (REGENCY, "UMK", 2026, "1", "sawit", "sector"),
        (REGENCY, "UMR", 2026, "1", "", "kind"),
    ],
)  # fmt: skip
def test_faulty_wages(acting: World, place: int, kind: str, year: int, amount: str, sector: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.set_minimum_wage(OFFICER, place, kind, year, Decimal(amount), "SK", "S", sector)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "amount"), [("2.646.878,64", "2646878.64"), ("Rp3.100.000", "3100000"), (" Rp 3100000 ", "3100000")]
)
def test_wages_as_people_write_them(text: str, amount: str) -> None:
    assert read_wage(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "tiga juta", "1e9", "-5", "NaN", "1,2,3", "²"])
def test_wages_nobody_can_read(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_wage(text)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (f"{INSERT} ('UMK', '', '[2026-12-31,2027-01-01)'{REST}", "one_minimum_wage_at_a_time"),
        ("UPDATE payers_minimumwage SET amount = 1", "are kept"),
        ("DELETE FROM payers_minimumwage", "are kept"),
        (f"{INSERT} ('UMSK', '', '[2030-01-01,)'{REST}", "minimum_wage_sector_if_umsk"),
    ],
)
def test_the_database_refuses(acting: World, run: Any, sql: str, words: str) -> None:
    actions.load_minimum_wages(OFFICER)
    run("RESET ROLE")
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        run(sql)
