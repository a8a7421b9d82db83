"""Figures from outside: stored once, with source and period, never part of our counts."""

from __future__ import annotations

from datetime import date

import pytest
from coverage_history import History
from world import REGENCY, TODAY, World

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import NotAllowed, NotFound
from lindung.coverage import actions, queries
from lindung.coverage.models import Denominator, ExternalFigure, Summary
from lindung.coverage.published import read_published

pytestmark = pytest.mark.django_db


def record_figures() -> actions.RecordedFigures:
    with acting_as(SYSTEM):
        return actions.record_published_figures(SYSTEM, REGENCY)


def test_the_articles_totals_are_as_published(world: World) -> None:
    record_figures()
    rows = {row.code: row for row in queries.external_figures(queries.regency())}
    paid, claims = rows["benefits_paid"], rows["claims_paid"]
    assert (paid.value, paid.unit, paid.at_least) == (59_570_000_000, "rupiah", False)
    assert (claims.value, claims.unit, claims.at_least) == (5_839, "klaim", True)
    for row in (paid, claims):
        assert row.as_of == date(2025, 3, 12) and row.period == "tidak disebutkan sumber"
        assert "Tribun Kaltim" in row.source


def test_recording_twice_changes_nothing(world: World) -> None:
    first = record_figures()
    rows = list(ExternalFigure.objects.order_by("pk").values()), list(Denominator.objects.order_by("pk").values())
    again = record_figures()
    assert first.added == first.figures + first.denominators and again.added == 0
    assert (
        list(ExternalFigure.objects.order_by("pk").values()), list(Denominator.objects.order_by("pk").values())
    ) == rows  # fmt: skip


def test_denominators_newest_first_with_their_period(world: World) -> None:
    record_figures()
    workers = queries.denominators(REGENCY, "workers")
    assert [(row.value, row.period) for row in workers] == [(280_574, "November 2023"), (269_826, "2016")]
    assert queries.denominators(REGENCY, "population")[0].value == 646_091
    assert queries.denominators(world.villages[0], "population") == []


def test_districts_of_2019_add_up_to_the_regency() -> None:
    rows = [row for row in read_published("61.12")[1] if row.kind == "population" and row.period == "2019"]
    assert sum(row.value for row in rows if row.place != "61.12") == 579_331
    assert next(row.value for row in rows if row.place == "61.12") == 579_331
    assert len(rows) == 10


def test_outside_figures_never_enter_ours(history: History) -> None:
    with acting_as(SYSTEM):
        actions.refresh_summary(SYSTEM, TODAY)
        home = queries.regency()
        before = list(Summary.objects.order_by("pk").values_list("metric", "place", "detail", "value"))
        ours = [(f.code, f.detail, f.value) for f in queries.all_figures(queries.overview(home, TODAY))]
        actions.record_published_figures(SYSTEM, REGENCY)
        actions.refresh_summary(SYSTEM, TODAY)
        after = queries.all_figures(queries.overview(home, TODAY))
    assert [(f.code, f.detail, f.value) for f in after] == ours
    assert sorted(Summary.objects.values_list("metric", "place", "detail", "value")) == sorted(before)
    published = {row.value for row in queries.external_figures(home)}
    assert published.isdisjoint(figure.value for figure in after)


def test_a_regency_without_a_file_and_an_actor_without_the_right(world: World) -> None:
    with acting_as(SYSTEM), pytest.raises(NotFound, match="angka luar"):
        actions.record_published_figures(SYSTEM, 6171000000)
    with pytest.raises(NotAllowed):
        actions.record_published_figures(world.officer, REGENCY)
