"""The law over columns: the same answers as one by one, faults named by row, Arrow in and out."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lindung.law import LawError, evaluate
from lindung.law.columns import Buffers, NotColumnar, Request, assess, assess_batches
from lindung.law.columns.checks import CHECKS, STATE_KNOWN_FROM, employer_first, in_jp, raised
from lindung.law.columns.engine import Engine, engine
from lindung.law.columns.forms import MOST_QUOTIENT, contribution_of, percent_of, round_half_up, row_for
from lindung.law.contributions.reading import joins_jp
from lindung.law.form import brackets, rounding
from lindung.law.form.reform import Reform, read_reform
from lindung.law.form.words import CoverStatus, FirmSize, Programme, Segment
from lindung.law.questions import PLANS

from .columns_cases import compare, quickly, random_row

MANY = {"contributions": 20_000, "jkk_death": 4_000, "jkm": 4_000}
OTHERS = ("jkk_limits", "jkk_permanent_total_disability", "construction_contributions", "late_penalty", "pension_age")


@pytest.mark.parametrize("rule", [*MANY, *OTHERS])
def test_every_category_and_date_as_one_by_one(rule: str) -> None:
    judge, chance, many = engine(rule), random.Random(20261123), MANY.get(rule, 1_000)
    right, faulty = compare(rule, [random_row(chance, judge, number) for number in range(many)], quickly)
    assert right > 0.02 * many
    assert faulty > 0.002 * many


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(), st.integers(1, 60), st.floats(0, 0.9))
def test_any_rows_as_one_by_one(seed: int, many: int, faults: float) -> None:
    chance, judge = random.Random(seed), engine("contributions")
    compare("contributions", [random_row(chance, judge, number, faults) for number in range(many)])


FACTS = {"segment": "PU", "wage": 5_000_000, "risk_group": 1, "firm_size": "large"}


def wage_earners(rows: int = 3, **more: Any) -> pa.Table:
    """Wage earners of a large firm."""
    return pa.table({name: [value] * rows for name, value in FACTS.items()} | more)


def alone(on: str, **more: Any) -> dict[str, Any]:
    """The result of the same wage earner as a single question."""
    result: dict[str, Any] = evaluate({"rule": "contributions", "on": on, "facts": FACTS | more})["result"]
    return result


def first_row(done: Any) -> dict[str, Any]:
    """The first row of the results."""
    row: dict[str, Any] = done.results.slice(0, 1).to_pylist()[0]
    return row


def test_one_date_for_all_rows() -> None:
    done = assess(wage_earners(), on=date(2025, 3, 9))
    assert {name: value for name, value in first_row(done).items() if name != "base"} == alone("2025-03")
    assert done.totals["total"] == 3 * alone("2025-03")["total"]
    assert (done.rows, done.errors.num_rows) == (3, 0)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([date(2025, 3, 1)] * 3),
        pa.array(["2025-03", "2025-03-01", "2025-03-31"]),
        pa.array(["2025-03"] * 3).dictionary_encode(),
        pa.array([date(2025, 3, 1)] * 3).cast(pa.timestamp("us")),
    ],
)
def test_dates_of_any_type(column: pa.Array) -> None:
    assert first_row(assess(wage_earners(on=column)))["jp_worker"] == alone("2025-03")["jp_worker"]


@pytest.mark.parametrize(
    "wage",
    [
        pa.array([5_000_000] * 3, pa.int32()),
        pa.array([5_000_000] * 3, pa.uint64()),
        pa.array([Decimal("5000000.0")] * 3),
        pa.array([Decimal("5000000.00")] * 3, pa.decimal128(38, 2)),
        pa.array(["5000000", "5000000.0", "5000000.00"]),
        pa.array(["5000000"] * 3).dictionary_encode(),
        pa.array([0, 5_000_000, 5_000_000, 5_000_000])[1:],
    ],
)
def test_money_of_any_type(wage: pa.Array) -> None:
    done = assess(wage_earners(wage=wage), on=date(2025, 3, 1))
    assert first_row(done)["total"] == alone("2025-03")["total"]
    assert done.totals["total"] == 3 * alone("2025-03")["total"]


@pytest.mark.parametrize(
    ("column", "values", "code"),
    [
        ("wage", pa.array([5_000_000, None, 5_000_000]), "missing_fact"),
        ("wage", pa.array([5_000_000, -1, 5_000_000]), "impossible_value"),
        ("wage", pa.array([1, 2**63, 1], pa.uint64()), "impossible_value"),
        ("wage", pa.array([1, -(2**63), 1], pa.int64()), "impossible_value"),
        ("wage", pa.array([1, 2**63 - 1, 1], pa.int64()), "impossible_value"),
        ("wage", pa.array(["1", "1e3", "1"]), "impossible_value"),
        ("wage", pa.array(["1", "١", "1"]), "impossible_value"),
        ("wage", pa.array(["1", None, "1"]), "missing_fact"),
        ("wage", pa.array([Decimal(1), Decimal(10) ** 30, Decimal(1)], pa.decimal128(38, 0)), "impossible_value"),
        ("wage", pa.array([Decimal(1), None, Decimal(1)], pa.decimal128(18, 2)), "missing_fact"),
        ("wage", pa.nulls(3), "missing_fact"),
        ("age", pa.array([30, -128, 30], pa.int8()), "impossible_value"),
        ("age", pa.array([30, 2**31, 30]), "impossible_value"),
        ("citizenship", pa.array(["ID", "indonesia", None]), "impossible_value"),
        ("firm_size", pa.array(["large", "huge", "large"]), "impossible_value"),
        ("firm_size", pa.array(["large", None, "large"]), "missing_fact"),
        ("programmes", pa.array([["JKK"], [], ["JKK"]]), "impossible_value"),
        ("programmes", pa.array([["JKK"], ["XXX"], None]), "impossible_value"),
        ("income", pa.array([None, 1, None], pa.int64()), "unknown_fact"),
        ("segment", pa.array(["PU", None, "PU"]), "missing_fact"),
        ("segment", pa.array(["PU", "pu", "PU"]), "impossible_value"),
        ("on", pa.array(["2025-03", "2025-13", "2025-03"]), "impossible_value"),
        ("on", pa.array(["2025-03", None, "2025-03"]), "missing_fact"),
        ("on", pa.array(["2025-03", "2015-06", "2025-03"]), "before_law"),
        ("on", pa.array(["2025-03", "2028-01", "2025-03"]), "beyond_known"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_are_right(column: str, values: pa.Array, code: str) -> None:
    table = wage_earners()
    place = table.schema.get_field_index(column)
    table = table.append_column(column, values) if place < 0 else table.set_column(place, column, values)
    done = assess(table, on=None if column == "on" else date(2025, 3, 1))
    assert {"row": 1, "code": code, "field": column} in done.errors.to_pylist()
    assert done.results is not None
    assert done.results.column("total").to_pylist()[1] is None
    if values.null_count < 3:
        assert first_row(done)["total"] is not None
        assert 2 not in done.errors.column("row").to_pylist()


@pytest.mark.parametrize(
    ("table", "more", "code", "field"),
    [
        (wage_earners(shoe_size=[40] * 3), {"on": date(2025, 3, 1)}, "unknown_fact", "shoe_size"),
        (wage_earners(), {}, "missing_fact", "on"),
        (wage_earners(on=[1.5] * 3), {}, "impossible_value", "on"),
        (wage_earners(age=[30.0, float("nan"), 30.0]), {"on": date(2025, 3, 1)}, "impossible_value", "age"),
        (wage_earners(wage=[5e6, float("nan"), 5e6]), {"on": date(2025, 3, 1)}, "impossible_value", "wage"),
        (wage_earners(), {"on": date(2025, 3, 1), "results": ["profit"]}, "unknown_fact", "profit"),
        (wage_earners(), {"on": date(2025, 3, 1), "rule": "horoscope"}, "unknown_rule", "rule"),
    ],
)
def test_a_faulty_table_is_refused(table: pa.Table, more: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(LawError) as refused:
        assess(table, **more)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("rule", ["heirs", "jht_balance", "jht_tax", "jht_withdrawal"])
def test_a_question_without_columns_says_so(rule: str) -> None:
    with pytest.raises(NotColumnar, match="belum ada bentuk kolomnya"):
        Engine(rule)


def test_an_empty_table() -> None:
    done = assess(wage_earners(0), on=date(2025, 3, 1))
    assert (done.rows, done.totals["total"], done.results.num_rows) == (0, 0, 0)
    assert assess(pa.Table.from_batches([], wage_earners(0).schema), on=date(2025, 3, 1)).rows == 0


def test_only_totals_and_many_batches_are_the_same_and_memory_is_used_again() -> None:
    table = wage_earners(200_000, wage=np.arange(200_000) * 997)
    request, totals_only = (Request("contributions", date(2025, 3, 1), totals_only=one) for one in (False, True))
    buffers = Buffers()
    kept = list(assess_batches(table.to_batches(70_000), request, buffers))
    memory = buffers.columns["total"]
    assert [part.rows for part in kept] == [70_000, 70_000, 60_000]
    added = list(assess_batches(table.to_batches(70_000), totals_only, buffers))
    assert added[0].results is None
    whole = assess(table, on=date(2025, 3, 1), threads=1)
    for name in whole.totals:
        assert sum(part.totals[name] for part in kept) == sum(part.totals[name] for part in added) == whole.totals[name]
    list(assess_batches(table.to_batches(70_000), request, buffers))
    assert buffers.columns["total"] is memory


def test_rows_are_counted_through_all_batches() -> None:
    table = wage_earners(10, wage=[-1, *[5] * 8, -1])
    done = assess(pa.Table.from_batches(table.to_batches(4)), on=date(2025, 3, 1))
    assert done.errors.column("row").to_pylist() == [0, 9]


def reform_of(name: str, value: int) -> Reform:
    """A reform of one figure from 2026."""
    head = {"title": "uji", "author": "uji", "reference": "usulan", "leaves_out": "lainnya"}
    return read_reform({**head, "parameters": {name: [{"from": date(2026, 1, 1), "value": value}]}})


def test_a_reform_needs_no_new_loop_for_one_month() -> None:
    reform, on = reform_of("jkm_rate", 500), date(2026, 2, 1)
    assert first_row(assess(wage_earners(), on=on, reform=reform))["jkm"] == 25_000
    assert first_row(assess(wage_earners(), on=on))["jkm"] == 15_000
    results = engine("contributions").results
    shapes = [engine("contributions", one).loop(Segment.PU, False, results, False)[0] for one in (None, reform)]
    assert shapes[0].constant == shapes[1].constant


def test_a_reform_over_mixed_months() -> None:
    table = pa.table({"amount": [100_000] * 3, "months_late": [1] * 3, "on": ["2025-12", "2026-01", "2026-02"]})
    done = assess(table, "late_penalty", reform=reform_of("late_penalty_rate", 1_000))
    assert done.results is not None
    assert done.results.column("penalty").to_pylist() == [2_000, 2_000, 2_000]
    done = assess(table, "late_penalty", reform=reform_of("pandemic_late_penalty_rate", 1_000))
    assert done.results is not None
    assert done.results.column("penalty").to_pylist() == [2_000, 1_000, 1_000]


@pytest.mark.parametrize("day", ["2025-02", "2025-03"])
def test_a_month_for_a_question_of_days_only_where_nothing_changes_in_it(day: str) -> None:
    table = pa.table({"segment": ["BPU"], "months_paid_consecutive": [3], "on": [day]})
    done = assess(table, "jkm")
    answer = evaluate({"rule": "jkm", "on": day, "facts": {"segment": "BPU", "months_paid_consecutive": 3}})
    if "error" in answer:
        assert done.errors.to_pylist() == [{"row": 0, "code": "impossible_value", "field": "on"}]
        assert day == "2025-02"
    else:
        assert first_row(done)["total"] == answer["result"]["total"]


def test_a_month_stands_for_its_last_day_where_the_question_says_so() -> None:
    judge = Engine("jp_ceiling")
    plan = judge.plans[None]
    judge.plans = {None: replace(plan, question=replace(plan.question, at_month_end=True))}
    assert judge.day_of(2024 * 12 + 1) == date(2024, 2, 29).toordinal()


def test_days_and_flags_come_out_as_such() -> None:
    deferral = assess(pa.table({"amount": [1_000_000]}), "jp_deferral", on=date(2020, 9, 1))
    assert first_row(deferral)["settle_from"] == date(2021, 5, 15)
    assert deferral.totals == {"due_now": 10_000, "deferred": 990_000}
    death = assess(pa.table({"segment": ["PU"], "wage": [100_000]}), "jkk_death", on=date(2026, 2, 1))
    assert first_row(death)["minimum_applied"] is True


def test_a_date_as_a_fact() -> None:
    births = pa.array(["1960-02-29", "1990-01-01", "no"])
    done = assess(pa.table({"birth_date": births}), "pension_age", on=date(2026, 2, 1))
    single = evaluate({"rule": "pension_age", "on": "2026-02-01", "facts": {"birth_date": "1990-01-01"}})["result"]
    assert done.results is not None
    row = done.results.slice(1, 1).to_pylist()[0]
    assert (row["age"], row["reached_on"].isoformat()) == (single["age"], single["reached_on"])
    assert done.errors.to_pylist() == [{"row": 2, "code": "impossible_value", "field": "birth_date"}]


@given(
    st.one_of(st.integers(0, 10**13), st.integers(0, 10**6).map(lambda n: n * 5000 + 2500)),
    st.integers(0, 10**5),
    st.integers(0, 100),
)
def test_rounding_as_compiled_is_exact(wage: int, rate: int, share: int) -> None:
    with np.errstate(over="ignore"):
        got = contribution_of(np.int64(wage), np.int64(rate), np.int64(share))
        assert got == rounding.contribution_of(wage, rate, share) <= MOST_QUOTIENT
        assert percent_of(np.int64(wage), np.int64(share)) == rounding.percent_of(wage, share)
    assert round_half_up(np.int64(wage), np.int64(rate + 1)) == rounding.round_half_up(wage, rate + 1)


@given(st.lists(st.integers(1, 100), min_size=1, max_size=40), st.integers(0, 5_000))
def test_the_row_that_fits_as_compiled(steps: list[int], amount: int) -> None:
    rows = [(0, 0), *((sum(steps[: place + 1]), 0) for place in range(len(steps)))]
    assert row_for(np.array(rows), amount) == brackets.row_for(rows, amount)


def test_the_example_in_the_documents() -> None:
    page = Path(__file__).parents[2] / "docs" / "law" / "columns.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, page.name, "exec"), {})


def test_the_documents_name_every_question_with_columns() -> None:
    page = (Path(__file__).parents[2] / "docs" / "law" / "columns.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", page.partition("With columns:")[2].partition("Refusals")[0]))
    columnar = set()
    for rule in PLANS:
        with suppress(NotColumnar):
            columnar.add(Engine(rule).rule)
    assert told == columnar


@given(
    programmes=st.integers(0, 31),
    programme=st.sampled_from(list(Programme)),
    firm_size=st.integers(0, 5),
    month=st.integers(STATE_KNOWN_FROM - 2, STATE_KNOWN_FROM + 2),
    segment=st.sampled_from(list(Segment)),
    months=st.integers(0, 8),
    months_paid_consecutive=st.integers(-1, 5),
    jkm_minimum_months=st.sampled_from([0, 3]),
)
def test_checks_said_again_refuse_the_same(**known: Any) -> None:
    known["migrant_periods"] = ((6, 108_000), (12, 189_000))
    for check, again in CHECKS.items():
        fault = again.function(*(known[name] for name in again.arguments))
        refused = None
        try:
            check(known)
        except LawError as error:
            refused = error.code, error.field
        assert refused == (again.faults[fault - 1] if fault else None)


@pytest.mark.parametrize("programmes", [None, ["JP"], ["JKK"]])
@pytest.mark.parametrize("firm_size", [None, "small", "medium", "large", "state"])
@pytest.mark.parametrize("citizenship", ["ID", "SG"])
def test_the_lighter_variant_is_chosen_alike(programmes: Any, firm_size: Any, citizenship: str) -> None:
    facts = {"programmes": programmes, "firm_size": firm_size, "citizenship": citizenship}
    bits = Programme[programmes[0]] if programmes else 0
    size = FirmSize[firm_size.upper()] if firm_size else 0
    assert bool(in_jp(int(bits), int(size), int(citizenship == "ID"))) == joins_jp(facts)


def test_what_outcomes_add_as_plain_functions() -> None:
    assert employer_first(Segment.PU, CoverStatus.INACTIVE, 5) == 5
    assert employer_first(Segment.BPU, CoverStatus.INACTIVE, 5) == employer_first(Segment.PU, CoverStatus.GRACE, 5) == 0
    assert [raised(1, 4, 5), raised(1, 5, 5), raised(0, 4, 5)] == [True, False, False]


def test_a_fact_of_another_segment_than_the_default_is_unknown() -> None:
    rows = {"income": [463_031, None], "wage": [5_000_000, 5_000_000]}
    for table in (pa.table(rows), pa.table(rows | {"segment": pa.array([None, "PU"], pa.string())})):
        done = assess(table, "jkk_permanent_total_disability", on=date(2026, 2, 1))
        assert done.errors.to_pylist() == [{"row": 0, "code": "unknown_fact", "field": "income"}]
