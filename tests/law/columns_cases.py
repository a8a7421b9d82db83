"""Random rows for any question that has columns, the same rows as single questions, and both compared."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from lindung.law import LawError, evaluate, result_of
from lindung.law.columns import assess
from lindung.law.columns.engine import Engine, engine
from lindung.law.columns.inputs import Column
from lindung.law.contributions.reading import Country
from lindung.law.form.facts import Count, Fact, Maybe, Money, Programmes, Word, read_day, read_segment

FIRST, LAST = date(2015, 7, 1), date(2027, 12, 31)
NO_DATE = (None, date(2015, 6, 30), date(2028, 1, 1), date(1, 1, 1), date(9999, 12, 31))
EDGES = (0, 1, 999_999, 1_099_999, 5_000_000, 5_000_001, 10_547_400, 10_547_401, 20_199_999)
Row = dict[str, Any]
Alone = Callable[[str, Row], dict[str, Any]]


def _reader(fact: Fact) -> Any:
    return fact.read.read if isinstance(fact.read, Maybe) else fact.read


def _money(chance: random.Random, most: int) -> Decimal:
    kind = chance.random()
    if kind < 0.1:
        return Decimal(chance.choice((*EDGES, most)))
    return Decimal(chance.randrange(2_000_000_000 if kind < 0.9 else most * 100 + 1)).scaleb(-2)


def value_of(chance: random.Random, fact: Fact) -> Any:
    """A value the fact accepts."""
    read = _reader(fact)
    if isinstance(read, Money):
        return _money(chance, read.most)
    if isinstance(read, Count):
        return chance.choice((read.least, read.most, chance.randint(read.least, min(read.most, read.least + 60))))
    if isinstance(read, Word):
        return chance.choice(list(read.words))
    if isinstance(read, Programmes):
        names = [str(one.name) for one in read.allowed]
        return chance.sample(names, chance.randint(1, len(names)))
    if isinstance(read, Country):
        return chance.choice(("ID", "ID", "SG"))
    if read is read_segment:
        return chance.choice(("PU", "BPU"))
    if read is read_day:
        return date(1950, 1, 1) + timedelta(chance.randrange(29_000))
    return chance.random() < 0.5


def wrong_value(chance: random.Random, fact: Fact) -> Any:
    """A value the fact refuses, or none at all."""
    read = _reader(fact)
    wrong: tuple[Any, ...] = ()
    if isinstance(read, Money):
        wrong = (Decimal("-0.01"), Decimal(read.most) + Decimal("0.01"), Decimal("-9999999999999999"))
    elif isinstance(read, Count):
        wrong = (read.least - 1, read.most + 1, -128, -(2**15), -(2**31), -(2**40), 2**40, 2**63 - 1, -(2**63))
    elif isinstance(read, Word | Country) or read is read_segment:
        wrong = ("", "nobody", "id")
    elif isinstance(read, Programmes):
        wrong = ([], ["JKK", "X"], ["jkk"])
    return chance.choice((None, *wrong))


def random_row(chance: random.Random, judge: Engine, number: int, faults: float = 0.08) -> Row:
    """A row of any category and date; some with values that are missing, impossible or out of place."""
    segment = chance.choice(list(judge.plans))
    row: Row = {"id": number, "on": FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1))}
    for column in judge.columns:
        row[column.name] = None
        if column.name == "segment" and segment is not None:
            row["segment"] = segment.name
        elif segment in column.limits:
            given = column.limits[segment].default is None or chance.random() < 0.7
            row[column.name] = value_of(chance, column.facts[segment]) if given else None
    while chance.random() < faults:
        if not judge.columns or chance.random() < 0.1:
            row["on"] = chance.choice(NO_DATE)
            continue
        column = chance.choice(judge.columns)
        fact = chance.choice(list(column.facts.values()))
        row[column.name] = chance.choice((value_of, wrong_value))(chance, fact)
    return row


def _type(column: Column) -> pa.DataType:
    read = _reader(next(iter(column.facts.values())))
    if column.money:
        return pa.decimal128(18, 2)
    if isinstance(read, Programmes):
        return pa.list_(pa.string())
    if isinstance(read, Count):
        return pa.int64()
    if isinstance(read, Word | Country):
        return pa.string()
    if read is read_segment:
        return pa.dictionary(pa.int8(), pa.string())
    return pa.date32() if column.day else pa.bool_()


def as_table(judge: Engine, rows: Iterable[Row]) -> pa.Table:
    """The rows as columns."""
    columns = [(column.name, _type(column)) for column in judge.columns]
    return pa.Table.from_pylist(list(rows), pa.schema([("id", pa.int64()), ("on", pa.date32()), *columns]))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def single(rule: str, row: Row) -> dict[str, Any]:
    """The row judged alone."""
    facts = {name: _plain(value) for name, value in row.items() if name not in ("id", "on") and value is not None}
    question = {"id": row["id"], "rule": rule, "facts": facts}
    if row["on"] is not None:
        question["on"] = row["on"].isoformat()
    return evaluate(question)


def quickly(rule: str, row: Row) -> dict[str, Any]:
    """The row judged alone, its result without its reasons: three times as fast."""
    facts = {name: _plain(value) for name, value in row.items() if name not in ("id", "on") and value is not None}
    if row["on"] is None:
        return {"error": {"code": "missing_fact", "field": "on"}}
    try:
        return {"result": result_of(rule, row["on"], facts)}
    except LawError as error:
        return {"error": {"code": error.code, "field": error.field}}


def compare(rule: str, rows: list[Row], alone: Alone = single) -> tuple[int, int]:
    """Judge rows both ways: results to the rupiah, errors by row, code and field. Gives how many were right, how many
    faulty."""
    judge = engine(rule)
    done = assess(as_table(judge, rows), rule)
    assert done.results is not None
    columns = {name: done.results.column(name).to_pylist() for name in done.results.schema.names}
    faults = {fault["row"]: (fault["code"], fault["field"]) for fault in done.errors.to_pylist()}
    for number, row in enumerate(rows):
        answer = alone(rule, row)
        got = {name: _plain(values[number]) for name, values in columns.items()}
        if "error" in answer:
            expected = answer["error"]["code"], answer["error"]["field"]
            assert faults.get(number) == expected, (row, faults.get(number), expected)
            assert set(got.values()) <= {None}, row
        else:
            assert number not in faults, (row, faults[number])
            # A result that only another segment's rows have is 0.
            expected = {name: answer["result"].get(name, 0) for name in columns}
            assert got == expected, (row, got, expected)
    return len(rows) - len(faults), len(faults)
