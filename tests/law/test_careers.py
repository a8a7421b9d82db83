"""Pensions and savings accounts over ragged columns: the same answers as one by one, to the rupiah; faults by row."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numba
import pyarrow as pa
import pytest

from lindung.law import LawError, result_of
from lindung.law.columns import NotColumnar
from lindung.law.columns.careers import (
    CareerRequest,
    assess_career_batches,
    assess_careers,
    assessment,
    jht_balances,
)
from lindung.law.columns.compiling import compiled
from lindung.law.columns.forms import FORMS
from lindung.law.form.calendar import month_of
from lindung.law.form.facts import read_date
from lindung.law.form.reform import read_reform
from lindung.law.form.rounding import share_of

Row = dict[str, Any]
DAY = date(2026, 3, 1)
WAGES = pa.map_(pa.int32(), pa.int64())
DEPOSITS = pa.list_(pa.struct([("on", pa.date32()), ("amount", pa.int64())]))
TYPES = {"annual_wages": WAGES, "deposits": DEPOSITS, "monthly_wages": pa.list_(pa.int64()), "on": pa.string()}
RATES: dict[str, Row] = {
    "known": {},
    "given": {str(year): "3.35" if year % 2 else 12 for year in range(2015, 2027)},
    "falling": {"2018": -50, "2019": "0.001", "2030": 100},
    "doubling": {str(year): 100 for year in range(2015, 2101)},
}


def table_of(rows: list[Row]) -> pa.Table:
    """The rows as Arrow columns; what a row does not say is null."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name == "annual_wages":
            values = [None if value is None else list(value.items()) for value in values]
        columns[name] = pa.array(values, TYPES.get(name))
    return pa.table(columns)


def single(rule: str, row: Row, rates: Row) -> Row | tuple[str, str]:
    """The answer of a single question, or its error: code and field."""
    facts = {name: value for name, value in row.items() if value is not None and name != "on"}
    facts[{"jht_balance": "returns"}.get(rule, "inflation")] = rates
    try:
        if row["on"] is None:
            raise LawError("missing_fact", "", "on")
        return result_of(rule, read_date(row["on"], "on"), facts)
    except LawError as error:
        return error.code, error.field or ""


def plain(row: Row) -> Row:
    """A row of results as a single question gives it."""
    changed = {}
    for name, value in row.items():
        changed[name] = value
        if isinstance(value, date):
            changed[name] = value.isoformat()
        elif isinstance(value, list):
            changed[name] = {str(year): amount for year, amount in value}
        elif isinstance(value, Decimal):
            changed[name] = int(value) if value == int(value) else str(value)
    return changed


def check_equal(rule: str, rows: list[Row], rates: Row) -> float:
    """Judge rows both ways; gives the part that was right."""
    done = assess_careers(table_of(rows), rule, rates=rates)
    assert done.results is not None and done.rows == len(rows)
    faults = {fault["row"]: (fault["code"], fault["field"]) for fault in done.errors.to_pylist()}
    results = done.results.to_pylist()
    for number, row in enumerate(rows):
        wanted = single(rule, row, rates)
        if isinstance(wanted, tuple):
            code, field = faults[number]
            # One by one the year is named too: annual_wages.2014.
            assert (code, field) == wanted or (code, f"{field}.") == (wanted[0], wanted[1][: len(field) + 1]), row
            assert set(results[number].values()) == {None}
        else:
            assert number not in faults, (row, faults[number])
            assert plain(results[number]) == wanted, row
    for name, total in done.totals.items():
        assert total == sum(row[name] for row in results if row[name] is not None)
    return 1 - len(faults) / len(rows)


def some_day(chance: random.Random) -> str | None:
    if chance.random() < 0.01:
        return chance.choice([None, "2015-06-30", "2027-02-01", "2028-01-01", "kemarin", "2026-02-30"])
    return (date(2015, 7, 1) + timedelta(chance.randrange(4232))).isoformat()


def wage_of(chance: random.Random) -> int:
    if chance.random() < 0.001:
        return chance.choice([-1, 1_000_000_001, 2**62])
    return chance.choice([0, 1, 1_000_000_000, chance.randrange(40_000_000), chance.randrange(10_000_000)])


def some_wages(chance: random.Random) -> dict[int, int] | None:
    if chance.random() < 0.01:
        return chance.choice([None, {}, {2014: 1}, {2101: 1}, {2100: 1}, {2026: 1, 2015: 2}])
    earliest = chance.choice([2015, 2020, 2022, 2024])
    years = chance.sample(range(earliest, 2027), chance.randrange(1, chance.choice([2, 3, 2027 - earliest])))
    return {year: wage_of(chance) for year in (years if chance.random() < 0.1 else sorted(years))}


def old_age(chance: random.Random) -> Row:
    months: int | None = chance.choice([0, 179, 180, 780, chance.randrange(600), chance.randrange(600)])
    if chance.random() < 0.01:
        months = chance.choice([None, -1, 781])
    return {"on": some_day(chance), "annual_wages": some_wages(chance), "months": months}


def disabled(chance: random.Random) -> Row:
    density = chance.choice([None, 80, 79, 100, 0, 1, chance.randrange(100), 101 if chance.random() < 0.1 else None])
    return old_age(chance) | {"density": density, "member_months": chance.choice([0, 1, 12, chance.randrange(300)])}


def survivors(chance: random.Random) -> Row:
    row = disabled(chance) | {"relation": chance.choice(["spouse", "child", "parent"])}
    row |= {"after_spouse": chance.choice([None, True, False])}
    row |= {"pension_received": chance.choice([None, None, 0, 1, chance.randrange(6_000_000)])}
    return row | {"annual_wages": None} if chance.random() < 0.1 else row


def by_month(chance: random.Random) -> Row:
    paid = chance.choice([0.5, 0.9, 1])
    level = chance.randrange(1, 30_000_000)
    months = chance.randrange(0, chance.choice([8, 30, 132]))
    wages = [level + chance.randrange(1000) if chance.random() < paid else 0 for _ in range(months)]
    if chance.random() < 0.01:
        wages = chance.choice([[], [0, 0], [-1], [1_000_000_001], [1] * 781, [1] * 780])
    first = f"{chance.randrange(2015, 2027)}-{chance.randrange(1, 13):02d}"
    return {
        "on": some_day(chance),
        "monthly_wages": wages,
        "first_month": first if chance.random() < 0.99 else "2101-01",
    }


def account(chance: random.Random) -> Row:
    first = date(2015, 7, 1) + timedelta(chance.randrange(4000))
    amount = chance.randrange(1_000_000)
    count = chance.randrange(0, chance.choice([3, 12, 40]))
    deposits = [{"on": first + timedelta(31 * i + chance.randrange(9)), "amount": amount + i} for i in range(count)]
    if chance.random() < 0.1:
        chance.shuffle(deposits)
    if chance.random() < 0.02:
        wrong: list[tuple[date | None, int | None]] = [
            (date(2015, 6, 30), 1),
            (DAY, -1),
            (DAY, 1_000_000_001),
            (None, 1),
            (DAY, None),
            (date(9999, 1, 1), 1),
        ]
        day, paid = chance.choice(wrong)
        return {"on": some_day(chance), "deposits": [*deposits, {"on": day, "amount": paid}]}
    return {"on": some_day(chance), "deposits": deposits}


@pytest.mark.parametrize(
    ("rule", "make", "rates", "count"),
    [
        ("jp_old_age", old_age, "known", 50_000),
        ("jp_old_age", old_age, "given", 5_000),
        ("jp_old_age", old_age, "falling", 3_000),
        ("jp_old_age", old_age, "doubling", 2_000),
        ("jp_disability", disabled, "given", 5_000),
        ("jp_survivor", survivors, "given", 8_000),
        ("jp_old_age", by_month, "known", 12_000),
        ("jht_balance", account, "given", 15_000),
        ("jht_balance", account, "known", 2_000),
    ],
)
def test_the_same_as_one_by_one(rule: str, make: Callable[[random.Random], Row], rates: str, count: int) -> None:
    chance = random.Random(f"{rule} {rates}")
    right = check_equal(rule, [make(chance) for _ in range(count)], RATES[rates])
    assert right > 0.03 and 1 - right > 0.01


def check_odd_lists() -> None:
    """Lists that a single question cannot even be asked with, and lists that are too long."""
    wages: list[list[tuple[int | None, int | None]]]
    wages = [[(2020, 1), (2020, 2)], [(2015 + i, 1) for i in range(87)], [(None, 1)], [(2020, None)], [(2020, 1)]]
    lists = [[{"year": year, "wage": wage} for year, wage in row] for row in wages]
    done = assess_careers(pa.table({"annual_wages": lists, "months": [1] * 5}), on=DAY, rates=RATES["given"])
    assert done.errors.to_pylist() == [
        {"row": row, "code": "impossible_value", "field": "annual_wages"} for row in range(4)
    ]
    months = pa.table({"monthly_wages": [[1] * 781, [1] * 120], "first_month": ["2015-07", "2015-07"]})
    done = assess_careers(months, on=DAY)
    assert done.errors.to_pylist() == [{"row": 0, "code": "impossible_value", "field": "monthly_wages"}]
    long = [{"on": DAY, "amount": 1}] * 1201
    deposits = [long, [{"on": DAY, "amount": -1}], [{"on": None, "amount": 1}], long[1:]]
    done = jht_balances(pa.table({"deposits": pa.array(deposits, DEPOSITS)}), DAY, {"2026": 5})
    assert [(fault["row"], fault["field"]) for fault in done.errors.to_pylist()] == [
        (0, "deposits"),
        (1, "deposits.amount"),
        (2, "deposits.on"),
    ]


def test_odd_lists_are_faults() -> None:
    check_odd_lists()
    with pytest.raises(LawError) as refused:
        result_of("jp_old_age", DAY, {"monthly_wages": 1, "first_month": "2020-01"})
    assert (refused.value.code, refused.value.field) == ("impossible_value", "monthly_wages")


@pytest.mark.filterwarnings("ignore:overflow")
def test_the_loops_say_the_same_uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    compiled.cache_clear()
    assessment.known_engine.cache_clear()
    try:
        check_odd_lists()
        chance = random.Random(1)
        for rule, make in (
            ("jp_old_age", old_age),
            ("jp_old_age", by_month),
            ("jp_survivor", survivors),
            ("jht_balance", account),
        ):
            for rates in ("known", "given"):
                check_equal(rule, [make(chance) for _ in range(300)], RATES[rates])
    finally:
        compiled.cache_clear()
        assessment.known_engine.cache_clear()


def pension(table: pa.Table, **options: Any) -> list[Row]:
    results = assess_careers(table, on=DAY, **options).results
    assert results is not None
    return [plain(row) for row in results.to_pylist()]


CAREER = [(2024, 4_000_000), (2025, 5_000_000)]
MONTHS = pa.array([180])


@pytest.mark.parametrize(
    "wages",
    [
        pa.array([CAREER], WAGES),
        pa.array([CAREER[::-1]], pa.map_(pa.int64(), pa.decimal128(14, 1))),
        pa.array([[(year, str(wage)) for year, wage in CAREER]], pa.map_(pa.int16(), pa.string())),
        pa.array([[{"wage": wage, "year": year} for year, wage in CAREER]]),
        pa.array(
            [[{"year": year, "wage": wage} for year, wage in CAREER]],
            pa.large_list(pa.struct([("year", pa.uint64()), ("wage", pa.int32())])),
        ),
    ],
    ids=lambda wages: str(wages.type),
)
def test_a_career_can_be_written_in_several_ways(wages: pa.Array) -> None:
    rates = {"2024": 2, "2025": "3"}
    (row,) = pension(pa.table({"annual_wages": wages, "months": MONTHS}), rates=rates)
    assert (row["average_indexed_wage"], row["monthly"], row["from"]) == (4_676_200, 701_430, "2026-04-01")
    by_year = {str(year): wage for year, wage in CAREER}
    assert row == result_of("jp_old_age", DAY, {"annual_wages": by_year, "months": 180, "inflation": rates})


def test_a_career_by_month_counts_the_months_paid() -> None:
    wages = [3_000_000] * 5 + [0] * 13 + [4_000_001, 4_000_000]
    table = pa.table({"monthly_wages": [wages], "first_month": [date(2015, 8, 20)], "id": ["a"]})
    (row,) = pension(table, results=("average_indexed_wage", "months_counted"))
    by_year = {"2015": 3_000_000, "2017": "4000000.50"}
    facts = {"annual_wages": by_year, "months": 7}
    assert row == {"average_indexed_wage": result_of("jp_old_age", DAY, facts)["average_indexed_wage"]} | {
        "months_counted": 0
    }
    answer = result_of("jp_old_age", DAY, {"monthly_wages": wages, "first_month": "2015-08"})
    assert {name: answer[name] for name in row} == row


@pytest.mark.parametrize(
    ("density", "counted"),
    [
        (pa.array([80]), 180),
        (pa.array([79]), 0),
        (pa.array([0.8]), 180),
        (pa.array([0.799]), 0),
        (pa.array([Decimal("80.000")]), 180),
        (pa.array([None], pa.float64()), 180),
        (pa.array(["0.8"]), 180),
        (pa.array([101]), None),
    ],
    ids=str,
)
def test_a_density_is_read_as_in_a_single_question(density: pa.Array, counted: int | None) -> None:
    table = pa.table({"annual_wages": pa.array([CAREER], WAGES), "months": [12], "density": density})
    done = assess_careers(table.append_column("member_months", pa.array([12])), "jp_disability", on=DAY)
    assert done.results is not None
    assert done.results.column("months_counted").to_pylist() == [counted]
    assert [fault["field"] for fault in done.errors.to_pylist()] == ([] if counted is not None else ["density"])


def test_chunks_slices_and_threads_change_nothing() -> None:
    chance = random.Random(3)
    table = table_of([old_age(chance) for _ in range(20_000)])
    whole = assess_careers(table, threads=1)
    parts = pa.concat_tables([table.slice(0, 7_001), table.slice(7_001, 1), table.slice(7_002)])
    cut = assess_careers(parts, threads=2)
    assert cut.results == whole.results and cut.errors == whole.errors and cut.totals == whole.totals
    request = CareerRequest()
    stream = list(assess_career_batches(iter(parts.to_batches()), request))
    assert [part.rows for part in stream] == [7_001, 1, 12_998]
    assert sum(part.totals["monthly"] for part in stream) == whole.totals["monthly"]
    assert stream[2].errors.column("row").to_pylist() == [row for row in whole.errors["row"].to_pylist() if row > 7_001]
    last = assess_careers(table.to_batches()[0].slice(19_990))
    assert last.results is not None and whole.results is not None
    assert last.results.to_pylist() == whole.results.slice(19_990).to_pylist()


def test_nothing_in_nothing_out() -> None:
    for table in (table_of([{"annual_wages": {}, "months": 1}]).slice(1), pa.table({})):
        done = assess_careers(table, on=DAY)
        assert done.results is not None
        assert (done.rows, done.results.num_rows, done.errors.num_rows) == (0, 0, 0)
        assert done.totals["monthly"] == 0


def test_accounts_of_many_members_in_one_run() -> None:
    start = date(2023, 1, 1)
    members = [[{"on": start, "amount": 20_000_000 + place}] for place in range(10_000)]
    done = jht_balances(pa.table({"id": range(10_000), "deposits": members}), date(2024, 6, 30), {"2023": 5, "2024": 5})
    assert done.results is not None
    rows = done.results.to_pylist()
    assert rows[0] == {
        "balance": 21_525_000,
        "credited_by_year": [(2023, 1_000_000), (2024, 525_000)],
        "deposited": Decimal(20_000_000),
    }
    assert done.totals == {"balance": sum(row["balance"] for row in rows)}
    for row in rows:
        assert row["balance"] == row["deposited"] + sum(amount for _, amount in row["credited_by_year"])


def test_a_reform_changes_careers_too() -> None:
    head = {"title": "coba", "author": "penguji", "reference": "usulan", "leaves_out": "lainnya"}
    values = [{"from": date(2026, 1, 1), "value": 5_000_000}]
    reform = read_reform(head | {"parameters": {"jp_minimum": values}})
    table = pa.table({"annual_wages": pa.array([CAREER], WAGES), "months": MONTHS})
    (row,) = pension(table, reform=reform)
    facts = {"annual_wages": {str(year): wage for year, wage in CAREER}, "months": 180}
    assert row == result_of("jp_old_age", DAY, facts, reform)
    assert row["monthly"] != pension(table)[0]["monthly"]


def test_the_largest_amounts_stay_exact() -> None:
    deposits = [{"on": date(2015, 7, 1), "amount": 1_000_000_000}] * 1200
    returns = {str(year): 100 for year in range(2015, 2028)}
    done = jht_balances(pa.table({"deposits": [deposits]}), date(2027, 12, 31), returns)
    assert done.results is not None
    wanted = result_of("jht_balance", date(2027, 12, 31), {"deposits": deposits, "returns": returns})
    assert plain(done.results.to_pylist()[0]) == wanted
    wages = dict.fromkeys(range(2015, 2025), 1000000000)
    table = table_of([{"annual_wages": wages, "months": 780}])
    rates = {str(year): 99 for year in range(2015, 2024)} | {"2024": 0, "2025": 0}
    assert pension(table, rates=rates) == [
        result_of("jp_old_age", DAY, {"annual_wages": wages, "months": 780, "inflation": rates})
    ]


def test_compiled_forms_of_months_and_shares() -> None:
    month, share = numba.njit(FORMS[month_of]), numba.njit(FORMS[share_of])
    days = [*range(1, 3_000), *range(735_000, 770_000), *range(3_650_000, 3_652_000)]
    assert [month(day) for day in days] == [month_of(day) for day in days]
    chance = random.Random(8)
    for _ in range(20_000):
        whole = chance.choice([100_000, 1_200_000])
        parts = chance.choice([0, 1, whole, chance.randrange(2 * whole)])
        amount = chance.randrange(chance.choice([2, whole, 10**12, 4 * 10**18]))
        if amount // whole * parts < 2**62:
            assert share(amount, parts, whole) == share_of(amount, parts, whole)


@pytest.mark.parametrize(
    ("rule", "columns", "options", "code", "field"),
    [
        ("jp_old_age", {"annual_wages": [1]}, {}, "impossible_value", "annual_wages"),
        ("jp_old_age", {"annual_wages": [[1]]}, {}, "impossible_value", "annual_wages"),
        ("jp_old_age", {"annual_wages": [[{"year": 2020, "wage": 1.5}]]}, {}, "impossible_value", "annual_wages"),
        ("jp_old_age", {"annual_wages": [[{"year": "2020", "wage": 1}]]}, {}, "impossible_value", "annual_wages"),
        ("jp_old_age", {"wages": [1]}, {}, "unknown_fact", "wages"),
        ("jp_old_age", {"months": [1], "on": ["2026-03-01"]}, {}, "unknown_fact", "on"),
        ("jp_old_age", {"months": [1]}, {"on": None}, "missing_fact", "on"),
        ("jp_old_age", {"months": [1]}, {"results": ["pension"]}, "unknown_fact", "pension"),
        ("jp_old_age", {"months": [1]}, {"rates": {"2020": 101}}, "impossible_value", "inflation.2020"),
        ("no_such_rule", {"months": [1]}, {}, "unknown_rule", "rule"),
    ],
)
def test_what_is_wrong_with_the_table_is_refused(rule: str, columns: Row, options: Row, code: str, field: str) -> None:
    with pytest.raises(LawError) as refused:
        assess_careers(pa.table(columns), rule, **{"on": DAY, **options})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_only_questions_about_careers() -> None:
    with pytest.raises(NotColumnar):
        assess_careers(pa.table({"monthly": [1], "first_paid": ["2020-01"]}), "jp_adjustment", on=DAY)
    with pytest.raises(NotColumnar):
        assess_careers(pa.table({"amount": [1]}), "jht_tax", on=DAY)


def test_a_column_that_is_missing_is_missing_in_every_row() -> None:
    done = assess_careers(pa.table({"months": [180, 181]}), on=DAY)
    assert [(fault["code"], fault["field"]) for fault in done.errors.to_pylist()] == [
        ("missing_fact", "annual_wages")
    ] * 2


def test_the_page_on_careers_says_what_happens() -> None:
    page = Path(__file__).parents[2] / "docs" / "law" / "careers.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, str(page), "exec"), {})
