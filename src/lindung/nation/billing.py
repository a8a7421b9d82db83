"""A month's bills, their issue and their place in the books, for all payers at once; and how many are to be covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import ArrayLike
from psycopg import Connection

from lindung.core.months import format_month
from lindung.nation.assessing import AMOUNTS, Charges
from lindung.nation.digests import digests
from lindung.nation.makeup import Integers
from lindung.nation.rows import Encoder, copying
from lindung.nation.stages import Row

BILLS_OF_ENTRY = 10_000
"""Bills that one entry of the books takes: its lines are numbered up to 32,767."""

ISSUER = "sistem"

CHARGED = """
CREATE TEMP TABLE charged (
  bill_id bigint NOT NULL, payer_id bigint NOT NULL, people integer NOT NULL, jkk bigint NOT NULL, jkm bigint NOT NULL,
  jht bigint NOT NULL, jp bigint NOT NULL, jkp bigint NOT NULL, worker_share bigint NOT NULL,
  pairing bigint NOT NULL, segment varchar(5) NOT NULL, digest text NOT NULL) ON COMMIT DROP
"""

# The row-by-row checks of bills and issues are said of all of them at once, before the transaction ends: `check`.
BILLS = (
    """
INSERT INTO contributions_bill (id, payer_id, month, sequence) SELECT bill_id, payer_id, %(month)s, 1 FROM charged
""",
    """
INSERT INTO contributions_billissue (bill_id, number, issued_on, due_on, people, amount, content_digest, issued_by)
SELECT bill_id, %(prefix)s || lpad((bill_id + %(to_number)s)::text, %(digits)s, '0'), %(issued_on)s,
       CASE WHEN segment IN ('BPU', 'PMI') THEN %(due_bpu)s::date ELSE %(due_pu)s::date END,
       people, jkk + jkm + jht + jp, digest, %(issuer)s
  FROM charged
""",
    """
INSERT INTO contributions_billtally (bill_id, people, amount) SELECT bill_id, people, jkk + jkm + jht + jp FROM charged
""",
)

LINES = """
CREATE TEMP TABLE IF NOT EXISTS ledger_lines (
  source text, dated date, line smallint, account text, payer_id bigint, amount bigint) ON COMMIT DROP
"""

RECEIVABLE = """
WITH funds AS (
  SELECT (bill_id - %(first)s) / %(batch)s AS batch,
         sum(jkk) AS jkk, sum(jkm) AS jkm, sum(jht) AS jht, sum(jp) AS jp, sum(jkp) AS jkp FROM charged GROUP BY 1)
INSERT INTO ledger_lines
SELECT %(source)s || (bill_id - %(first)s) / %(batch)s, %(issued_on)s, (bill_id - %(first)s) %% %(batch)s + 1,
       '1201', payer_id, jkk + jkm + jht + jp FROM charged
 UNION ALL
SELECT %(source)s || batch, %(issued_on)s, %(batch)s + line, account, NULL, -amount
  FROM funds, LATERAL (VALUES (1, '4101', jkk - jkp), (2, '4102', jkm), (3, '4103', jp), (4, '4104', jkp),
                              (5, '2102', jht)) AS fund(line, account, amount)
 WHERE amount <> 0
"""


@dataclass(frozen=True)
class Terms:
    """When a month's bills are issued and due, and the numbers they follow."""

    month: date
    issued_on: date
    due_pu: date
    due_bpu: date
    bills_before: int


@dataclass
class Covered:
    """Person-months and people by regency and programme, counted while the rows pass by. A person with several jobs
    counts once, at the first."""

    regencies: Integers
    rows: dict[tuple[str, str], Integers] = field(default_factory=dict)
    people: dict[tuple[str, str], Integers] = field(default_factory=dict)

    def count(self, segment: str, columns: dict[str, Integers]) -> None:
        """Count in the rows of one segment."""
        regency = np.searchsorted(self.regencies, columns["place_id"] // 1_000_000 * 1_000_000)
        first_job = columns["job"] == 1
        for programme in ("JKK", "JKM", "JHT", "JP", "JKP"):
            # a migrant's one sum is for JKK and JKM
            covered = columns["jkk" if segment == "PMI" and programme == "JKM" else programme.lower()] > 0
            key = (segment, programme)
            for found, rows in ((self.rows, covered), (self.people, covered & first_job)):
                counted = np.bincount(regency[rows], minlength=len(self.regencies))
                found[key] = found.get(key, np.zeros_like(counted)) + counted

    def table(self) -> list[tuple[int, str, str, int, int]]:
        """Regency, segment, programme, person-months and people, where there are any."""
        return [
            (
                int(self.regencies[place]),
                segment,
                programme,
                int(rows[place]),
                int(self.people[segment, programme][place]),
            )
            for (segment, programme), rows in self.rows.items()
            for place in np.flatnonzero(rows)
        ]


@contextmanager
def charging(connection: Connection[Row], terms: Terms, covered: Covered) -> Iterator[Callable[[Charges], Charges]]:
    """While the block runs, what each payer of the rows handed over is charged is written down, in the temporary
    table `charged` of the connection's transaction; the rows are handed back."""
    connection.execute(CHARGED)
    names = _encoder("PU").names
    with connection.cursor() as cursor, copying(cursor, "charged", names) as write:

        def note(part: Charges) -> Charges:
            covered.count(part.category.segment, part.columns)
            write(_encoder(part.category.segment).rows(_of_payers(part, terms), len(part.first)))
            return part

        yield note


def _encoder(segment: str) -> Encoder:
    return Encoder(
        [
            ("bill_id", "i8"), ("payer_id", "i8"), ("people", "i4"), *((name, "i8") for name in AMOUNTS),
            ("pairing", "i8"), ("segment", f"S{len(segment)}"), ("digest", "S64"),
        ]
    )  # fmt: skip


def _of_payers(part: Charges, terms: Terms) -> dict[str, ArrayLike]:
    """What each payer is charged, column by column."""
    amounts: dict[str, ArrayLike] = {name: part.per_payer(part.columns[name]) for name in AMOUNTS}
    return amounts | {
        "bill_id": terms.bills_before + part.bill[part.first],
        "payer_id": part.columns["payer_id"][part.first],
        "people": np.diff(part.first, append=part.rows),
        "pairing": part.per_payer(part.pairing),
        "segment": part.category.segment.encode(),
        "digest": digests(part),
    }


def write_bills(connection: Connection[Row], terms: Terms, covered: Covered) -> int:
    """Bills, their issue and their totals from `charged`, and the cover summary; how many bills there are.

    Triggers that look at one bill at a time do not run; `partition.check` says the same of all bills, in the same
    transaction."""
    prefix = f"TAG-{format_month(terms.month)}-"
    numbers_before, *_ = connection.execute(
        "SELECT coalesce(max(substr(number, %s)::integer), 0) FROM contributions_billissue WHERE number LIKE %s",
        [len(prefix) + 1, f"{prefix}%"],
    ).fetchone() or (0,)
    last, *_ = connection.execute("SELECT coalesce(max(bill_id), 0) FROM charged").fetchone() or (0,)
    to_number = numbers_before - terms.bills_before
    values = {
        "month": terms.month, "issued_on": terms.issued_on, "due_pu": terms.due_pu, "due_bpu": terms.due_bpu,
        "prefix": prefix, "issuer": ISSUER, "to_number": to_number,
        # as many for all, so that numbers come in the order of their index
        "digits": max(4, len(str(last + to_number))),
    }  # fmt: skip
    connection.execute("SET LOCAL session_replication_role = replica")
    for statement in BILLS:
        bills = connection.execute(statement, values).rowcount
    connection.execute("SET LOCAL session_replication_role = origin")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO nation.cover_summary (month, regency_id, segment, programme, person_months, people)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [(terms.month, *row) for row in covered.table()],
        )
    return bills


def post_bills(connection: Connection[Row], terms: Terms) -> int:
    """The bills in the books: receivables by payer against the funds, some thousand bills an entry. How many lines."""
    connection.execute(LINES)
    values = {
        "first": terms.bills_before + 1, "batch": BILLS_OF_ENTRY, "issued_on": terms.issued_on,
        "source": f"bills:{format_month(terms.month)}:",
    }  # fmt: skip
    lines = connection.execute(RECEIVABLE, values).rowcount
    connection.execute("SELECT ledger_post_many('bills', %s, %s)", [f"Iuran {format_month(terms.month)}", ISSUER])
    connection.execute("TRUNCATE ledger_lines")
    return lines
