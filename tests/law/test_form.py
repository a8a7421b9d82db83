"""The form of the law: citations resolve, rules keep to the subset, figures are checked, dates agree."""

from __future__ import annotations

import ast
import inspect
import pickle
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, LawFileError, history, law_version, parameters_on, unverified
from lindung.law.form.calendar import add_years, day_number, first_day, last_day, month_of
from lindung.law.form.figures import PARAMETERS, load
from lindung.law.form.instruments import IN_FORCE_SINCE, INSTRUMENTS, KNOWN_UNTIL, instruments_in
from lindung.law.form.question import Question, plan_of
from lindung.law.form.rules import RULES, Rule, rule
from lindung.law.questions import PLANS

FORBIDDEN = (ast.Try, ast.Raise, ast.With, ast.Dict, ast.DictComp, ast.Lambda, ast.Global, ast.JoinedStr, ast.Yield)


@pytest.mark.parametrize("written", RULES.values(), ids=RULES.keys())
def test_every_rule_cites_an_instrument_in_force(written: Rule) -> None:
    for name in instruments_in(written.cites):
        assert INSTRUMENTS[name].in_force <= KNOWN_UNTIL
    assert written.says_id and written.says_en
    assert written.function.__doc__


@pytest.mark.parametrize("written", RULES.values(), ids=RULES.keys())
def test_every_rule_keeps_to_the_subset(written: Rule) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(written.function)))
    body = tree.body[0]
    assert isinstance(body, ast.FunctionDef)
    body.decorator_list.clear()
    for node in ast.walk(body):
        assert not isinstance(node, FORBIDDEN), f"{written.name}: {type(node).__name__}"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), written.name


def test_every_rule_and_parameter_is_used() -> None:
    plans = [plan for by_segment in PLANS.values() for plan in by_segment.values()]
    assert {step.rule.name for plan in plans for step in plan.steps} == set(RULES)
    assert {name for plan in plans for name in (*plan.parameters, *plan.histories)} == set(PARAMETERS)


def test_a_rule_cannot_be_written_twice_or_with_an_unknown_unit() -> None:
    def jkk_pu() -> int:
        return 0

    def new_rule() -> int:
        return 0

    with pytest.raises(ValueError, match="dua kali"):
        rule(cites="PP 44/2015", says_id="a", says_en="a")(jkk_pu)
    with pytest.raises(ValueError, match="tidak dikenal"):
        rule(cites="PP 44/2015", says_id="a", says_en="a", unit="dollar")(new_rule)
    assert "new_rule" not in RULES


def test_a_question_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="melingkar atau tidak ada"):
        plan_of(Question("x", by_month=True, facts=(), answers={"a": "no_such_rule"}))
    circle = {"jkk_pu": "total_pu", "jkm_pu": "total_pu"}
    with pytest.raises(ValueError, match="melingkar"):
        plan_of(Question("x", by_month=True, facts=(), answers={"a": "total_pu"}, bound=circle))


def test_import_brings_neither_engine_nor_framework() -> None:
    """How long the import takes is measured by `./run bench law`."""
    code = (
        "import lindung.law, sys; "
        "heavy = {'django', 'numba', 'numpy', 'pyarrow', 'polars', 'psycopg'}; "
        "print(heavy & {m.split('.')[0] for m in sys.modules}, "
        "[m for m in sys.modules if m.startswith('lindung.') and not m.startswith('lindung.law')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set() []"


def test_a_single_question_needs_no_engine_of_columns() -> None:
    code = (
        "import sys; from lindung.law import evaluate; answer = evaluate({'rule': 'jp_ceiling', 'on': '2026-03'}); "
        "heavy = {'numba', 'numpy', 'pyarrow', 'polars', 'django'} & {m.split('.')[0] for m in sys.modules}; "
        "print(answer['result']['ceiling'], sorted(heavy))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "11086300 []"


def test_law_version_is_stable_within_a_version() -> None:
    assert law_version() == law_version()
    assert len(law_version()) == 16


def test_the_two_dates_of_the_first_months_rule_agree() -> None:
    starts = [figure["from"] for figure in history("jkm_minimum_months")]
    assert starts[1] == history("jkm_minimum_months_from")[0]["value"] == "2025-02-24"


def test_figures_as_plain_data() -> None:
    on = {figure["name"]: figure for figure in parameters_on(date(2026, 2, 27))}
    assert on["bpu_transport_share"] == {
        "name": "bpu_transport_share",
        "unit": "percent",
        "from": "2026-01-01",
        "until": "2027-03-31",
        "value": 50,
        "citation": "PP 50/2025 Pasal 4 ayat (1)",
        "confidence": "S",
        "note": "Dipastikan dengan membaca PP 50/2025.",
    }
    assert [f["value"] for f in history("jkm_lump_sum")] == [16_200_000, 20_000_000]
    with pytest.raises(LawError, match="tidak ada"):
        history("no_such_figure")
    with pytest.raises(LawError) as early:
        parameters_on(date(2015, 6, 30))
    assert early.value.code == "before_law"


def test_all_that_is_not_verified_is_listed_with_what_would_settle_it() -> None:
    listed = unverified()
    assert all(row["confidence"] in "SM" and row["citation"] for row in listed)
    assert [row for row in listed if "eriksa" not in row["note"] and "ipastikan" not in row["note"]] == []
    assert all(row.keys() == listed[0].keys() for row in listed)
    names = {kind: {row["name"] for row in listed if row["kind"] == kind} for kind in ("figure", "rule")}
    every = [row for name in PARAMETERS for row in history(name)]
    assert names["figure"] == {row["name"] for row in every if row["confidence"] in "SM"}
    assert names["rule"] == {name for name, written in RULES.items() if written.confidence in "SM"}
    dates = {row["name"]: row["value"] for row in listed if row["kind"] == "instrument"}
    assert dates["PP 50/2025"] == "2025-12-22"
    assert "PP 44/2015" not in dates
    assert {row["name"]: row["value"] for row in listed if row["kind"] == "table"} == {
        "jkk-risk-groups.csv": 191,
        "jkk-disability-table.csv": 46,
    }


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_history_of_every_figure_is_without_gap_and_agrees_with_each_day(name: str) -> None:
    rows = history(name)
    for before, after in pairwise(rows):
        assert date.fromisoformat(before["until"]) + timedelta(days=1) == date.fromisoformat(after["from"])
    for row in rows:
        day = max(date.fromisoformat(row["from"]), IN_FORCE_SINCE)
        if day <= KNOWN_UNTIL and (row["until"] is None or day.isoformat() <= row["until"]):
            assert {figure["name"]: figure for figure in parameters_on(day)}[name] == row


def figure(**changes: Any) -> str:
    keys = {"from": "2015-07-01", "value": "1", "citation": "PP 44/2015 Pasal 1", "confidence": "T"} | changes
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items() if value is not None) + "}"


def parameter(*figures: str, unit: str | None = "rupiah", name: str = "example", extra: str = "") -> str:
    head = f"- name: {name}\n  about_id: Contoh\n  about_en: Example\n{extra}"
    unit_line = f"  unit: {unit}\n" if unit else ""
    return f"{head}{unit_line}  values: [{', '.join(figures)}]\n"


WRONG = {
    "tumpang tindih": parameter(figure(until="2020-01-01"), figure(**{"from": "2020-01-01"})),
    "tumpang tindih pada 2015-07-01": parameter(figure(), figure()),
    "tanpa angka sesudah 2019-12-31": parameter(figure(until="2019-12-31"), figure(**{"from": "2020-01-02"})),
    "kurang citation": parameter(figure(citation=None)),
    "citation kosong": parameter(figure(citation="''")),
    "tidak ada di daftar": parameter(figure(citation="PP 99/1999 Pasal 1")),
    "kurang confidence": parameter(figure(confidence=None)),
    "bukan T, S, M": parameter(figure(confidence="X")),
    "memastikan angka S atau M": parameter(figure(confidence="M")),
    "“Periksa …” atau “Dipastikan …”": parameter(figure(confidence="S", note="sudah diperiksa orang lain")),
    "kurang unit": parameter(figure(), unit=None),
    "unit 'dollar' tidak dikenal": parameter(figure(), unit="dollar"),
    "values kosong": parameter(),
    "example: kunci tidak dikenal: why": parameter(figure(), extra="  why: no\n"),
    "kunci tidak dikenal: untill": parameter(figure(untill="2020-01-01")),
    "harus tanggal": parameter(figure(**{"from": "kemarin"})),
    "lebih awal": parameter(figure(until="2015-06-30")),
    "tidak negatif": parameter(figure(value="-1")),
    "bilangan bulat, tidak": parameter(figure(value="0.24")),
    "lima bilangan": parameter(figure(value="[1, 2]"), unit="per_100000_by_risk_group"),
    "contoh 2025-02-24": parameter(figure(), unit="day"),
    "true atau false": parameter(figure(), unit="flag"),
    "batas bawah": parameter(figure(value="[[1, 2]]"), unit="bracket_table"),
    "harus baris": parameter(figure(value="[]"), unit="bracket_table"),
    "mulai dari, nilai": parameter(figure(value="[[1, 2], [1, 3]]"), unit="step_table"),
    "harus mulai dari 0": parameter(figure(value="[[1, 2, 3]]"), unit="bracket_table"),
    "harus berisi from": parameter("1"),
    "dipakai dua kali": parameter(figure()) * 2,
    "harus punya name": "- 1\n",
    "harus daftar": "name: x\n",
    "wrong.yaml": "- [\n",
}


@pytest.mark.parametrize(("message", "text"), WRONG.items(), ids=WRONG.keys())
def test_a_faulty_parameter_file_is_refused(tmp_path: Path, message: str, text: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LawFileError) as refused:
        load([path])
    assert message in str(refused.value)
    assert "wrong.yaml" in str(refused.value)


def test_a_figure_without_a_successor_is_refused_beyond_its_end(tmp_path: Path) -> None:
    path = tmp_path / "ceiling.yaml"
    later = figure(**{"from": "2026-03-01", "until": "2027-02-28", "value": "2"})
    path.write_text(parameter(later, figure()), encoding="utf-8")
    ceiling = load([path])["example"]
    assert ceiling.on(date(2026, 2, 28)).value == 1
    assert ceiling.on(date(2027, 2, 28)).value == 2
    with pytest.raises(LawError) as beyond:
        ceiling.on(date(2027, 3, 1))
    assert beyond.value.code == "beyond_known"
    with pytest.raises(LawError) as early:
        ceiling.on(date(2015, 6, 30))
    assert early.value.code == "before_law"


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_day_and_month_numbers_agree_with_the_calendar(day: date) -> None:
    assert day_number(day.year, day.month, day.day) == day.toordinal()
    month = month_of(day.toordinal())
    assert month == day.year * 12 + day.month - 1
    assert first_day(month) == day.replace(day=1).toordinal()
    assert date.fromordinal(last_day(month) + 1).day == 1


@given(st.dates(date(2015, 7, 1), date(2027, 12, 31)), st.integers(1, 10))
def test_years_later_is_the_same_day_or_the_last_of_february(day: date, years: int) -> None:
    later = date.fromordinal(add_years(day.toordinal(), years))
    assert (later.year, later.month) == (day.year + years, day.month)
    assert later.day == day.day or (day.month, day.day, later.day) == (2, 29, 28)


def test_a_refusal_travels_between_processes_whole() -> None:
    refusal = LawError("missing_fact", "Fakta wage belum diisi.", "wage")
    arrived = pickle.loads(pickle.dumps(refusal))
    assert (arrived.code, arrived.message, arrived.field) == ("missing_fact", "Fakta wage belum diisi.", "wage")
