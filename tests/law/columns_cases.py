"""Random rows for contributions over columns, and the same rows as single questions."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from lindung.law import evaluate

PROGRAMMES = ("JKK", "JKM", "JHT", "JP", "JKP")
FIRST, LAST = date(2015, 7, 1), date(2027, 12, 31)
WAGES = (0, 1, 999_999, 5_000_000, 5_000_001, 10_547_400, 1_099_999, 20_199_999, 100_000_000_000)

SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("on", pa.date32()),
        ("segment", pa.dictionary(pa.int8(), pa.string())),
        ("wage", pa.decimal128(15, 2)),
        ("income", pa.decimal128(15, 2)),
        ("risk_group", pa.int64()),
        ("firm_size", pa.string()),
        ("citizenship", pa.string()),
        ("age", pa.int16()),
        ("labour_intensive_relief", pa.bool_()),
        ("programmes", pa.list_(pa.string())),
        ("jp_postponed", pa.bool_()),
        ("jkp_member", pa.bool_()),
        ("reliefs", pa.bool_()),
        ("payer", pa.string()),
        ("sector", pa.string()),
    ]
)


def _maybe(chance: random.Random, value: Any) -> Any:
    return value if chance.random() < 0.7 else None


def _money(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.1:
        return f"{chance.choice(WAGES)}.00"
    sen = chance.randrange(2_000_000_000 if kind < 0.9 else 10_000_000_000_001)
    return f"{sen // 100}.{sen % 100:02d}"


def random_row(chance: random.Random, number: int, faults: float = 0.05) -> dict[str, Any]:
    """A row of any category and date; some of them with a value that is missing, impossible or out of place."""
    wage_earner = chance.random() < 0.6
    row: dict[str, Any] = {
        "id": number,
        "on": FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1)),
        "segment": "PU" if wage_earner else "BPU",
        "reliefs": _maybe(chance, chance.random() < 0.5),
        "programmes": _maybe(chance, chance.sample(PROGRAMMES[: 5 if wage_earner else 3], chance.randint(1, 3))),
    }
    if wage_earner:
        row |= {
            "wage": _money(chance),
            "risk_group": chance.randint(1, 5),
            "firm_size": _maybe(chance, chance.choice(("micro", "small", "medium", "large", "state"))),
            "citizenship": _maybe(chance, chance.choice(("ID", "ID", "SG"))),
            "age": _maybe(chance, chance.randint(15, 70)),
            "labour_intensive_relief": _maybe(chance, chance.random() < 0.5),
            "jp_postponed": _maybe(chance, chance.random() < 0.5),
            "jkp_member": _maybe(chance, chance.random() < 0.5),
        }
    else:
        row |= {
            "income": _money(chance),
            "payer": _maybe(chance, chance.choice(("self", "apbn", "apbd", "village", "company"))),
            "sector": _maybe(chance, chance.choice(("transport", "other"))),
        }
    if chance.random() < faults:
        row |= chance.choice(
            (
                {"segment": None},
                {"segment": "XX"},
                {"wage": None},
                {"income": None},
                {"income": "5.00"},
                {"risk_group": 6},
                {"risk_group": -(2**40)},
                {"risk_group": None},
                {"firm_size": "huge"},
                {"citizenship": "indonesia"},
                {"age": 121},
                {"programmes": []},
                {"programmes": ["JKK", "X"]},
                {"programmes": ["JP"]},
                {"payer": "nobody"},
                {"on": date(2015, 6, 30)},
                {"on": date(2028, 1, 1)},
                {"on": date(1, 1, 1)},
                {"on": None},
                {"wage": "100000000000.01"},
                {"wage": "-0.01"},
            )
        )
    return row


def as_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """The rows as columns."""
    from decimal import Decimal

    money = ("wage", "income")
    plain = [{k: Decimal(v) if k in money and v is not None else v for k, v in row.items()} for row in rows]
    return pa.Table.from_pylist(plain, SCHEMA)


def single(row: dict[str, Any]) -> dict[str, Any]:
    """The row judged alone."""
    facts = {name: value for name, value in row.items() if name not in ("id", "on") and value is not None}
    question = {"id": row["id"], "rule": "contributions", "facts": facts}
    if row.get("on") is not None:
        question["on"] = row["on"].isoformat()
    return evaluate(question)
