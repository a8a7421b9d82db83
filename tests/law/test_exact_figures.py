"""The figures once more, by other roads than the rules take: when they begin, and values that no small case shows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from lindung.law import history, missing_on
from lindung.law.form.figures import PARAMETERS, Figure, Parameter, parameter_of
from lindung.law.form.instruments import IN_FORCE_SINCE, INSTRUMENTS, instruments_in

YEARLY = {"jp_ceiling", "jp_minimum", "jp_maximum", "jp_inflation", "jht_return", "pension_age"}
"""Figures that follow a calendar and not the day of a regulation."""

PANDEMIC = ["2020-08-01", "2021-02-01"]
"""PP 49/2020 speaks of the contributions of August 2020 to January 2021, whatever its own day."""

MONTHS_OF_A_RELIEF = {
    **dict.fromkeys(("covid_share", "pandemic_late_penalty_rate"), PANDEMIC),
    **dict.fromkeys(("due_day", "bpu_due_months_after", "due_before_holiday"), PANDEMIC),
    **dict.fromkeys(("pandemic_jp_share", "jp_deferral_from", "jp_deferral_until"), PANDEMIC[:1]),
    "labour_intensive_share": ["2025-02-01", "2025-08-01", "2026-02-01"],
    "bpu_transport_share": ["2026-01-01", "2027-04-01"],
    "bpu_other_share": ["2026-04-01", "2027-01-01"],
}


def starts(name: str) -> list[str]:
    return [figure["from"] for figure in history(name)]


@pytest.mark.parametrize("name", sorted(PARAMETERS.keys() - YEARLY))
def test_a_figure_begins_with_its_regulation_or_that_months_contributions(name: str) -> None:
    by_relief = MONTHS_OF_A_RELIEF.get(name, [])
    for figure in parameter_of(name, None).figures:
        days = {INSTRUMENTS[cited].in_force for cited in instruments_in(figure.citation)}
        by_regulation = {IN_FORCE_SINCE, *days, *(day.replace(day=1) for day in days)}
        assert figure.start in by_regulation or figure.start.isoformat() in by_relief, figure
    assert set(by_relief) <= set(starts(name))


def test_what_is_paid_for_a_contribution_month_begins_on_its_first_day() -> None:
    for name in ("jkp_contribution_ceiling", "jkp_government_rate", "jkp_from_jkk_rate", "jkp_from_jkm_rate"):
        assert set(starts(name)) <= {"2015-07-01", "2021-02-01", "2025-02-01"}, name
    for name in ("jkp_government_rate", "jkp_from_jkk_rate", "jkp_from_jkm_rate"):
        assert "2025-02-01" in starts(name)
    assert [row["value"] for row in history("jkp_government_rate")] == [0, 220, 220]
    assert [row["value"] for row in history("jkp_from_jkk_rate")] == [0, 140, 140]
    assert [row["value"] for row in history("jkp_from_jkm_rate")] == [0, 100, 0]
    assert [row["value"] for row in history("jkp_contribution_ceiling")] == [0, 5_000_000]


@pytest.mark.parametrize("name", ["jp_inflation", "jht_return"])
def test_a_rate_of_a_year_holds_for_that_calendar_year(name: str) -> None:
    rows = history(name)
    years = [int(row["from"][:4]) for row in rows]
    assert years == list(range(years[0], years[-1] + 1))
    assert [row["from"] for row in rows] == [f"{year}-01-01" for year in years]
    assert rows[-1]["until"] == f"{years[-1]}-12-31"


def test_jp_figures_begin_on_the_first_of_a_month() -> None:
    assert {start[5:] for start in starts("jp_ceiling")[1:]} == {"03-01"}
    for name in ("jp_minimum", "jp_maximum"):
        assert starts(name)[1:11] == [f"{year}-03-01" for year in range(2016, 2026)]
        assert starts(name)[11] == "2026-02-01"
    assert starts("pension_age")[1:] == [f"{year}-01-01" for year in range(2019, 2044, 3)]


def test_what_is_announced_for_a_year_ends_before_the_next_is_due() -> None:
    def last(name: str) -> date:
        return date.fromisoformat(history(name)[-1]["until"])

    assert (last("jp_ceiling") + timedelta(days=1)).strftime("%m-%d") == "03-01"
    for name in ("jp_minimum", "jp_maximum"):
        assert (last(name) + timedelta(days=1)).day == 1
    for name in ("jp_ceiling", "jp_minimum", "jp_maximum"):
        assert name not in {row["name"] for row in missing_on(last(name))}
        missing = {row["name"]: row for row in missing_on(last(name) + timedelta(days=1))}
        assert missing[name] == history(name)[-1]
    for name in ("pandemic_jp_share", "jp_deferral_from", "jp_deferral_until"):
        assert last(name) == date(2021, 1, 31)


def test_nothing_is_missing_of_what_has_not_begun() -> None:
    assert "jkp_first_percent" not in {row["name"] for row in missing_on(date(2020, 12, 31))}


def test_the_rows_of_lampiran_ii_leave_gaps_of_a_thousand_rupiah() -> None:
    (table,) = history("bpu_bases")
    rows = table["value"]
    assert len(rows) == 33
    assert all(upper + 1000 == lower for (_, upper, _), (lower, _, _) in pairwise(rows))
    assert rows[-1] == [20_200_000, -1, 20_700_000]
    assert rows[0] == [0, 1_099_000, 1_000_000]


VALUES: dict[str, list[Any]] = {
    "scholarship_once": [12_000_000, 0],
    "scholarship_yearly": [(0,) * 5, (1_500_000, 1_500_000, 2_000_000, 3_000_000, 12_000_000)],
    "scholarship_most_years": [(0,) * 5, (2, 6, 3, 3, 5)],
    "scholarship_most_children": [1, 2],
    "scholarship_age_end": [0, 23],
    "scholarship_claim_years": [0, 3],
    "jht_tax_brackets": [((0, 0), (50_000_000, 5))],
    "income_tax_brackets": [
        ((0, 5), (50_000_000, 15), (250_000_000, 25), (500_000_000, 30)),
        ((0, 5), (60_000_000, 15), (250_000_000, 25), (500_000_000, 30), (5_000_000_000, 35)),
    ],
    "construction_jkk_slices": [
        ((0, 210), (100_000_000, 170), (500_000_000, 130), (1_000_000_000, 110), (5_000_000_000, 90))
    ],
    "construction_jkm_slices": [
        ((0, 30), (100_000_000, 20), (500_000_000, 20), (1_000_000_000, 10), (5_000_000_000, 10))
    ],
    "jkp_benefit_ceiling": [5_000_000, 5_000_000],
    "jkp_least_months": [12, 12],
    "jkp_consecutive_months": [6, 0],
    "accident_report_hours": [48],
    "jht_return": [7_190, 7_820, 6_260, 6_060, 5_590],
    "jp_inflation": [3_350, 3_020, 3_610, 3_130, 2_720, 1_680, 1_870, 5_510, 2_610, 1_570, 2_920],
    "prosthesis_percent": [140, 140],
    "due_day": [15, 30, 15],
    "due_before_holiday": [False, True, False],
}


@pytest.mark.parametrize("name", VALUES)
def test_values_that_small_cases_do_not_show(name: str) -> None:
    """Limits in the hundred millions, rows that answer nothing, days that a month's end hides."""
    figures = parameter_of(name, None).figures[: len(VALUES[name])]
    assert [figure.value for figure in figures] == VALUES[name]


def test_what_is_known_on_the_first_and_last_day_and_not_beyond() -> None:
    figure = Figure(date(2026, 3, 1), date(2027, 2, 28), 1, "PP 45/2015 Pasal 29", "T", "")
    parameter = Parameter("example", "Contoh", "Example", "rupiah", (figure,))
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2027, 2, 28), date(2027, 3, 1))
    assert [parameter.known_on(day) for day in days] == [False, True, True, False]
