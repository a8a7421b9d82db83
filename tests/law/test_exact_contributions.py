"""Contributions at their very edges: the steps of those who owe nothing, halves, and what is just refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lindung.law import LawError, judge, load_reform, result_of
from lindung.law.contributions.programmes import LARGE, SMALL, STATE, programmes_due
from lindung.law.contributions.reading import read_wages
from lindung.law.form.words import Programme

MARCH = date(2026, 3, 1)
PU: dict[str, Any] = {"segment": "PU", "wage": 10_000_000, "risk_group": 1, "firm_size": "large"}


def steps(on: date, facts: dict[str, Any]) -> dict[str, Any]:
    return {step.rule: step.value for step in judge("contributions", on, facts).steps}


def test_a_worker_past_the_age_has_no_base_in_jp_and_jkp() -> None:
    taken = steps(MARCH, PU | {"age": 60})
    assert (taken["jp_due"], taken["jkp_due"]) == (False, False)
    assert (taken["jp_wage"], taken["jkp_wage"]) == (0, 0)


def test_programmes_by_the_size_of_the_firm() -> None:
    savings = Programme.JKK | Programme.JKM | Programme.JHT
    assert programmes_due(0, SMALL, 1) == savings | Programme.JKP
    assert programmes_due(0, LARGE, 1) == savings | Programme.JP | Programme.JKP
    assert programmes_due(0, STATE, 1) == programmes_due(0, LARGE, 0) == savings


def test_a_state_worker_with_jp_named_gets_no_jkp() -> None:
    assert result_of("contributions", MARCH, PU | {"firm_size": "state"})["jkp_government"] == 0


@pytest.mark.parametrize(("last", "average"), [("1.01", 1), ("1.02", "1.01")])
def test_the_average_of_piece_wages_is_rounded_to_the_nearest_sen(last: str, average: int | str) -> None:
    facts = {key: value for key, value in PU.items() if key != "wage"} | {"piece_wages": ["1", "1", last]}
    assert steps(MARCH, facts)["wage_of_pieces"] == average


def test_half_a_rupiah_of_construction_is_rounded_up() -> None:
    result = result_of("construction_contributions", MARCH, {"contract_value": 5_000})
    assert (result["jkk"], result["jkm"]) == (11, 2)  # 0.21% is 10.5; 0.03% is 1.5


def test_piece_wages_are_one_to_twelve_amounts_in_a_list() -> None:
    assert read_wages([1], "x") == (100,)
    assert read_wages([1] * 12, "x") == (100,) * 12
    assert read_wages([100_000_000_000], "x") == (10_000_000_000_000,)
    for wrong in ([], [1] * 13, "12", [100_000_000_001]):
        with pytest.raises(LawError) as refused:
            read_wages(wrong, "x")
        assert refused.value.code == "impossible_value"


def test_the_largest_amounts() -> None:
    most = {"contract_value": 100_000_000_000_000}
    assert result_of("construction_contributions", MARCH, most)["total"] > 0
    with pytest.raises(LawError):
        result_of("construction_contributions", MARCH, {"contract_value": 100_000_000_000_001})
    assert result_of("contributions", MARCH, PU | {"wage": 100_000_000_000})["jkk"] == 240_000_000


def test_a_figure_that_begins_within_a_month_holds_from_the_next(tmp_path: Path) -> None:
    file = tmp_path / "reform.yaml"
    head = "title: JKM 0,5%\nauthor: uji\nreference: usulan\nleaves_out: tidak ada\nparameters:\n"
    file.write_text(f"{head}  jkm_rate:\n    - {{from: 2026-03-02, value: 500}}\n", "utf-8")
    reform = load_reform(file)
    assert result_of("contributions", MARCH, PU, reform)["jkm"] == 30_000
    assert result_of("contributions", date(2026, 4, 1), PU, reform)["jkm"] == 50_000
