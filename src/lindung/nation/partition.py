"""The month's own table, filled before anybody sees it, then attached to the whole of person-months.

Loading rows into a table that has neither indexes nor triggers, and that the same transaction made, is the fastest way
PostgreSQL has. What the indexes, keys and triggers of the whole would have refused is checked over all rows before the
table is attached.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice
from pathlib import Path

from numpy.typing import ArrayLike
from psycopg import Connection

from lindung.core.errors import Conflict
from lindung.core.months import add_months, format_month
from lindung.nation.assessing import AMOUNTS, SPREAD, Charges
from lindung.nation.pipes import sent
from lindung.nation.rows import Encoder, day_number
from lindung.nation.stages import Row

WHOLE = "contributions_personmonth"
CHUNK = 16_384
"""Rows encoded at once: few enough to stay in the processor's memory."""


def name_of(month: date) -> str:
    """The month's table."""
    return f"{WHOLE}_{month:%Y_%m}"


def make(connection: Connection[Row], month: date) -> None:
    """An empty table of the month, with the rules for a row and without indexes. Raises Conflict for one in use."""
    name = name_of(month)
    if connection.execute("SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(%s)", [name]).fetchone():
        raise Conflict("month_exists", f"Person-months of {format_month(month)} are there already.")
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    connection.execute(f"CREATE TABLE {name} (LIKE {WHOLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    connection.execute(
        f"ALTER TABLE {name} ADD CONSTRAINT of_its_month CHECK (month = '{month}'),"
        f" ALTER month SET DEFAULT '{month}', ALTER entry_no SET DEFAULT 1, ALTER origin SET DEFAULT '{origin(month)}'"
    )


def encoder_of(segment: str) -> Encoder:
    """Rows of person-months of a segment, without what all rows of the month's table share: its defaults say that."""
    return Encoder(
        [
            ("person_id", "i8"), ("job", "i2"), ("membership_id", "i8"), ("payer_id", "i8"), ("bill_id", "i8"),
            ("place_id", "i8"), ("segment", f"S{len(segment)}"), ("wage_base", "i8"),
            *((name, "i8") for name in AMOUNTS),
        ]
    )  # fmt: skip


def whole_encoder_of(segment: str, month: date) -> Encoder:
    """The same rows for a table that has no defaults of its own."""
    own = encoder_of(segment).columns
    return Encoder([("month", "i4"), ("entry_no", "i2"), *own, ("origin", f"S{len(origin(month))}")])


def origin(month: date) -> str:
    """Where the month's rows come from, as each of them says."""
    return f"nation:{format_month(month)}"


def encoded(
    charges: Iterable[Charges], month: date, bills_before: int, encoder_for: Callable[[str], Encoder] = encoder_of
) -> Iterator[bytes]:
    """Person-months as binary rows."""
    encoders: dict[str, Encoder] = {}
    for part in charges:
        segment = part.category.segment
        encoder = encoders.setdefault(segment, encoder_for(segment))
        columns = part.columns | {"bill_id": part.bill + bills_before}
        same: dict[str, ArrayLike] = {
            "month": day_number(month), "entry_no": 1, "segment": segment.encode(), "origin": origin(month).encode(),
        }  # fmt: skip
        for start in range(0, part.rows, CHUNK):
            own = {name: values[start : start + CHUNK] for name, values in columns.items()}
            yield bytes(encoder.rows(same | own, min(CHUNK, part.rows - start)))


def ahead(parts: Iterable[bytes], pool: ThreadPoolExecutor, most: int = 8, batches: int = 3) -> Iterator[bytes]:
    """The same parts, made by another thread some batches ahead, so that neither waits while the other has a long one
    to do."""
    source = iter(parts)

    def some() -> list[bytes]:
        return list(islice(source, most))

    coming = deque(pool.submit(some) for _ in range(batches))
    while found := coming.popleft().result():
        coming.append(pool.submit(some))
        yield from found


def fill(connection: Connection[Row], month: date, bills_before: int, charges: Iterator[Charges], folder: Path) -> int:
    """COPY rows into the month's table, which this transaction made: one processor encodes, PostgreSQL stores on the
    other. How many, as PostgreSQL counted them; `folder` is where the server reads them from."""
    names = encoder_of("PU").names
    with ThreadPoolExecutor(1) as pool:
        rows = ahead(encoded(charges, month, bills_before), pool)
        return sent(connection, name_of(month), names, rows, folder / "rows.pipe")


def indexes_wanted(connection: Connection[Row], table: str) -> dict[str, str]:
    """The key and the indexes that the whole has, as statements for a table, by the name they get there; the dearest
    first. The key is a unique index at first, which does not keep others from reading the table."""
    found = connection.execute(
        "SELECT i.relname, x.indisprimary, x.indisunique, pg_get_indexdef(x.indexrelid) FROM pg_index x"
        " JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = %s::regclass"
        " ORDER BY x.indpred IS NOT NULL, NOT x.indisprimary,"
        " (SELECT sum(attlen) FROM pg_attribute a WHERE a.attrelid = x.indexrelid) DESC",
        [WHOLE],
    ).fetchall()
    own = f"{table.rpartition('.')[2]}_"
    return {
        f"{own}{'pkey' if primary else name}": f"CREATE {'UNIQUE ' if unique else ''}INDEX"
        f" {own}{'pkey' if primary else name} ON {table} USING {definition.partition(' USING ')[2]}"
        for name, primary, unique, definition in found
    }


class Indexes:
    """The indexes a table still needs. Several connections may build them side by side, each taking the next one."""

    def __init__(self, connection: Connection[Row], table: str) -> None:
        there = connection.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", [table]
        )
        built = {str(name).rpartition(".")[2] for (name,) in there.fetchall()}
        wanted = indexes_wanted(connection, table)
        self._waiting = deque(statement for name, statement in wanted.items() if name not in built)

    def build(self, connection: Connection[Row]) -> int:
        """Build what nobody has taken yet; how many that were."""
        count = 0
        while True:
            try:
                statement = self._waiting.popleft()
            except IndexError:
                return count
            connection.execute(statement)
            count += 1


PAIRING = f"(membership_id * {SPREAD}) # (person_id * 8 + job) # place_id"
"""`Charges.pairing` as the database works it out."""

CHECK = """
SELECT count(*), min(coalesce(found.bill_id, c.bill_id)) FROM (
  SELECT bill_id, payer_id, segment, count(*) AS people, {sums} FROM {table} GROUP BY bill_id, payer_id, segment) found
  FULL JOIN charged c ON c.bill_id = found.bill_id AND c.payer_id = found.payer_id AND c.segment = found.segment
 WHERE (found.people, {found}) IS DISTINCT FROM (c.people, {told})
"""


def check(connection: Connection[Row], month: date) -> int:
    """What the triggers of the whole say of a bill's rows, of all bills at once, read from the table itself: they are
    of the bill's payer, in its segment, as many as it says and of its amounts, and name the memberships, people, jobs
    and places that were held against the register before they were sent (`registered`). How many bills.

    Raises Conflict with the first bill of which something else is true."""
    sums = {name: f"sum({name})" for name in AMOUNTS} | {"pairing": f"sum({PAIRING})"}
    statement = CHECK.format(
        table=name_of(month),
        sums=", ".join(f"{each} AS {name}" for name, each in sums.items()),
        found=", ".join(f"found.{name}" for name in sums),
        told=", ".join(f"c.{name}" for name in sums),
    )
    wrong, first = connection.execute(statement).fetchone() or (0, None)
    if wrong:
        raise Conflict(
            "month_differs", f"The rows of {wrong:,} bills are not what the bills say, the first is {first}."
        )
    found = connection.execute("SELECT count(*) FROM charged").fetchone()
    return int(found[0]) if found else 0


def attach(connection: Connection[Row], month: date) -> None:
    """Make the month part of the whole, guarded like every other part (contributions_ensure_month)."""
    name = name_of(month)
    connection.execute(f"ALTER TABLE {name} ADD CONSTRAINT {name}_pkey PRIMARY KEY USING INDEX {name}_pkey")
    connection.execute(
        f"ALTER TABLE {WHOLE} ATTACH PARTITION {name} FOR VALUES FROM ('{month}') TO ('{add_months(month, 1)}')"
    )
    connection.execute(
        f"ALTER TABLE {name} ALTER month DROP DEFAULT, ALTER entry_no DROP DEFAULT, ALTER origin DROP DEFAULT"
    )
    connection.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    connection.execute(
        f"CREATE TRIGGER no_direct_write BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION contributions_forbid_direct()"
    )
    connection.execute("SET LOCAL default_statistics_target = 10")
    connection.execute(f"ANALYZE {name} (month, person_id, bill_id, payer_id, membership_id)")
