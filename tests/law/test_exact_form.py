"""The form of the law at its edges: readers, figures and reforms that are just right, or just wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lindung.law import LawError, LawFileError, evaluate, judge, load_reform
from lindung.law.explanation import as_html, as_text
from lindung.law.form.brackets import row_for
from lindung.law.form.facts import Money
from lindung.law.form.figures import as_value, load
from lindung.law.form.instruments import read_instruments
from lindung.law.form.question import plan_of
from lindung.law.form.reform import read_reform
from lindung.law.form.rules import RULES, rule
from lindung.law.form.series import PerYear, Rate
from lindung.law.questions import PLANS
from lindung.law.tables.search import rank

FIVE = [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("rupiah", 0),
        ("per_100000_by_risk_group", FIVE),
        ("rupiah_by_school_level", [0, 2, 3, 4, 5]),
        ("bracket_table", [[0, 9, 1], [10, -1, 2]]),
        ("step_table", [[0, 0], [1, 5]]),
    ],
)
def test_values_of_a_figure(unit: str, value: Any) -> None:
    plain = tuple(tuple(row) if isinstance(row, list) else row for row in value) if isinstance(value, list) else value
    assert as_value(unit, value) == plain


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("per_100000_by_risk_group", FIVE[:4]),
        ("per_100000_by_risk_group", [*FIVE, 6]),
        ("per_100000_by_risk_group", [1, 2, 3, 4, 0.5]),
        ("per_100000_by_risk_group", "12345"),
        ("rupiah_by_school_level", FIVE[:4]),
        ("rupiah_by_school_level", [*FIVE, 6]),
        ("rupiah_by_school_level", [1, 2, 3, 4, -1]),
        ("rupiah_by_school_level", [1, 2, 3, 4, True]),
        ("rupiah_by_school_level", "12345"),
        ("bracket_table", [[0, 9, 1], [10, 2]]),
        ("bracket_table", [[0, 9, 1], [9, -1, 2]]),
        ("bracket_table", [[0, 9, 1], [20, 29, 2], [25, -1, 3]]),
        ("bracket_table", [[-1, 9, 1], [10, -1, 2]]),
        ("bracket_table", [[5, 0, 1]]),
        ("bracket_table", [[5, 9, 0]]),
        ("bracket_table", 1),
        ("step_table", [[0, 0], [1]]),
        ("step_table", [[0, 0], [1, -5]]),
        ("step_table", [[0, 0], [2, 1], [1, 2]]),
        ("step_table", []),
        ("step_table", "ab"),
        ("step_table", 1),
    ],
)
def test_values_no_figure_has(unit: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"value harus|baris harus"):
        as_value(unit, value)


def figures(tmp_path: Path, *values: str) -> list[tuple[str, str | None]]:
    file = tmp_path / "figures.yaml"
    head = "- name: example\n  about_id: Contoh\n  about_en: Example\n  unit: rupiah\n  values:\n"
    rest = ", value: 1, citation: PP 44/2015 Pasal 1, confidence: T}\n"
    file.write_text(head + "".join(f"    - {{{value}{rest}" for value in values), "utf-8")
    found = load([file])["example"].figures
    return [(figure.start.isoformat(), figure.until and figure.until.isoformat()) for figure in found]


def test_a_figure_may_hold_for_one_day_and_end_right_before_the_next(tmp_path: Path) -> None:
    assert figures(tmp_path, "from: 2020-01-01, until: 2020-01-01", "from: 2020-01-02") == [
        ("2020-01-01", "2020-01-01"),
        ("2020-01-02", None),
    ]


def test_what_lists_the_instruments_is_checked() -> None:
    known = {"name": "PP 1/2020", "about": "Contoh", "in_force": date(2020, 1, 1), "confidence": "T"}
    until, found = read_instruments({"known_until": date(2027, 12, 31), "instruments": [known, known | {"name": "x"}]})
    assert (until, list(found), found["x"].note) == (date(2027, 12, 31), ["PP 1/2020", "x"], "")


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("isinya harus", []),
        ("isinya harus", {"instruments": []}),
        ("known_until harus tanggal", {"known_until": "2027", "instruments": []}),
        ("instruments daftar", {"known_until": date(2027, 12, 31), "instruments": {}}),
        ("harus berisi", 1),
        ("harus berisi", {"about": ...}),
        ("boleh note", {"why": "?"}),
        ("in_force harus tanggal", {"in_force": 2020}),
        ("bukan T, S, M", {"confidence": "X"}),
    ],
)
def test_a_faulty_list_of_instruments_is_refused(message: str, change: Any) -> None:
    whole = change
    if not isinstance(change, list) and (change == 1 or "instruments" not in change):
        entry = {"name": "PP 1/2020", "about": "Contoh", "in_force": date(2020, 1, 1), "confidence": "T", "note": "-"}
        changed = change if change == 1 else {k: v for k, v in (entry | change).items() if v is not ...}
        whole = {"known_until": date(2027, 12, 31), "instruments": [changed]}
    with pytest.raises(ValueError, match=message):
        read_instruments(whole)


def test_an_instrument_is_listed_once() -> None:
    entry = {"name": "PP 1/2020", "about": "Contoh", "in_force": date(2020, 1, 1), "confidence": "T"}
    with pytest.raises(ValueError, match="dua kali"):
        read_instruments({"known_until": date(2027, 12, 31), "instruments": [entry, dict(entry)]})


def reform(*values: dict[str, Any], name: str = "jkm_lump_sum") -> list[tuple[str, str | None, int]]:
    head = {"title": "a", "author": "b", "reference": "c", "leaves_out": "d"}
    found = read_reform({**head, "parameters": {name: list(values)}}).parameters[name].figures
    return [(figure.start.isoformat(), figure.until and figure.until.isoformat(), figure.value) for figure in found]


def test_a_reform_cuts_the_figures_around_it_to_the_day() -> None:
    first, second, last = ("2015-07-01", "2019-12-01", 16_200_000), "2019-12-02", 20_000_000
    proposed = {"from": date(2027, 1, 1), "until": date(2027, 1, 1), "value": 1, "note": "sehari"}
    assert reform(proposed) == [
        first,
        (second, "2026-12-31", last),
        ("2027-01-01", "2027-01-01", 1),
        ("2027-01-02", None, last),
    ]
    assert reform({"from": date(2015, 7, 1), "value": 1}) == [("2015-07-01", None, 1)]
    assert reform({"from": date(2019, 12, 2), "value": 1}) == [first, (second, None, 1)]
    assert reform({"from": date(2015, 7, 1), "until": date(2019, 12, 1), "value": 1}) == [
        ("2015-07-01", "2019-12-01", 1),
        (second, None, last),
    ]


def test_a_reform_that_begins_before_the_first_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="lebih awal daripada angka pertama"):
        reform({"from": date(2015, 6, 30), "value": 1})


def test_a_reform_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match="none"):
        load_reform(tmp_path / "none.yaml")


def test_percentages_and_years_up_to_their_limits() -> None:
    read = PerYear(Rate(-50, 100))
    assert read({"2015": -50, "2100": "100"}, "x") == ((2015, -50_000), (2100, 100_000))
    for wrong in ({"2015": -50.001}, {"2015": 100.001}, {"2101": 1}, {"2014": 1}, {"15": 1}, {2015: 1, "2015": 1}):
        with pytest.raises(LawError):
            read(wrong, "x")


def test_money_up_to_its_limit() -> None:
    read = Money(5)
    assert (read(0, "x"), read("5.00", "x")) == (0, 500)
    for wrong in (-1, "5.01", 6):
        with pytest.raises(LawError):
            read(wrong, "x")


@pytest.mark.parametrize("value", ["BPJS", 5, ["JKK"]])
def test_a_programme_that_is_none(value: Any) -> None:
    answer = evaluate({"id": 1, "rule": "service_clock", "on": "2026-02-27", "facts": {"programme": value}})
    assert answer["error"]["code"] == "impossible_value"


def test_a_plan_is_the_same_when_it_is_made_again() -> None:
    for plans in PLANS.values():
        for plan in plans.values():
            assert plan_of(plan.question) == plan


def test_a_rule_with_an_unknown_confidence_is_refused() -> None:
    def new_rule() -> int:
        return 0

    with pytest.raises(ValueError, match="tidak dikenal"):
        rule(cites="PP 44/2015", says_id="a", says_en="a", confidence="X")(new_rule)
    assert rule(cites="PP 44/2015", says_id="a", says_en="a", confidence="M")(new_rule) is new_rule
    assert RULES.pop("new_rule").confidence == "M"


def test_the_row_that_fits() -> None:
    rows = ((5, 1), (9, 2), (12, 3))
    assert [row_for(rows, amount) for amount in (4, 5, 8, 9, 11, 12, 13)] == [0, 0, 0, 1, 1, 2, 2]
    assert row_for(rows[:1], 4) == 0


def test_a_word_in_the_name_counts_twice() -> None:
    assert (rank(("a",), ("a",), ()), rank(("a",), ("ab",), ()), rank(("a",), ("ba",), ("a",))) == (6, 4, 3)
    assert rank(("a", "z"), ("a",), ()) == 0


def test_marks_stand_at_the_steps_they_belong_to_and_no_others() -> None:
    judged = judge("contributions", date(2026, 2, 1), {"segment": "BPU", "income": 1_000_000})
    unverified = [step.confidence in "SM" for step in judged.steps]
    chosen = [step.choice is not None for step in judged.steps]
    assert {*unverified} == {*chosen} == {True, False}
    numbered = as_text(judged).split("\n")
    heads = [line for line in numbered if line.startswith("     = ")]
    assert [line.endswith("[belum terverifikasi]") for line in heads] == unverified
    assert sum(line.startswith("     pilihan kami: ") for line in numbered) == sum(chosen)
    items = as_html(judged).split("<li>")[1:]
    assert ["belum terverifikasi" in item for item in items] == unverified
    assert ["pilihan kami" in item for item in items] == chosen


def test_children_are_shown_as_they_were_given() -> None:
    ages = [0, 1, None]
    children = [{"remaining": {"sd": 1}} | ({} if age is None else {"age": age}) for age in ages]
    facts = {"cause": "work", "months_contributed": 1, "children": children}
    answer = evaluate({"id": 1, "rule": "scholarship", "on": "2026-02-27", "facts": facts})
    shown = next(step["inputs"]["children"] for step in answer["steps"] if "children" in step["inputs"])
    assert [child["age"] for child in shown] == ages
