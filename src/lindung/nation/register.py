"""The register that a month is checked against: payers and memberships, loaded once, before any month is timed.

Only what the month reads: people's names are not, so people are not built, and of the memberships' indexes only the two
keys are. Rows are not checked one by one by triggers, as they are when people are registered one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from psycopg import Connection, sql

from lindung.core.errors import Conflict
from lindung.membership.kpj import make_kpjs
from lindung.nation.building import KEYS, Nation
from lindung.nation.makeup import CATEGORIES, Category
from lindung.nation.rows import Encoder, copied, day_number
from lindung.nation.stages import Row, Stages

REGISTERED = date(2024, 1, 1)
SINCE = b"\x12\x00\x00\x00\x04" + day_number(REGISTERED).to_bytes(4, "big")
"""The range [2024-01-01,) as PostgreSQL sends it."""


def load_register(stages: Stages, nation: Nation) -> None:
    """Load payers and memberships, each in one transaction; what is loaded already stays."""
    connection = stages.connection
    if "payers" not in stages.done:
        with connection.transaction(), stages.stage("payers") as mark:
            connection.execute("SET LOCAL session_replication_role = replica")
            mark.rows = _load_payers(connection, nation)
            connection.execute("SELECT setval(pg_get_serial_sequence('payers_payer', 'id'), %s)", [nation.payers])
    if "memberships" not in stages.done:
        with connection.transaction(), stages.stage("memberships") as mark:
            connection.execute("SET LOCAL session_replication_role = replica")
            mark.rows = _load_memberships(connection, nation)
            connection.execute(
                "SELECT setval(pg_get_serial_sequence('membership_membership', 'id'), %s)", [nation.workers]
            )
    if "statistics" not in stages.done:
        with stages.stage("statistics"):
            _check_places(connection)
            connection.execute("VACUUM ANALYZE payers_payer")
            connection.execute("VACUUM ANALYZE membership_membership")
            connection.execute("CHECKPOINT")


def _load_payers(connection: Connection[Row], nation: Nation) -> int:
    payers = pq.read_table(nation.payers_file)
    for number, category in enumerate(CATEGORIES):
        these = payers.filter(np.asarray(payers["category"]) == number)
        ids = these["payer_id"].to_numpy()
        if not len(ids):
            continue
        is_company = category.kind == "company"
        encoder = Encoder(
            [
                ("id", "i8"), ("kind", f"S{len(category.kind)}"), ("name", "S16"), ("npp", "S9"), ("place_id", "i8"),
                ("contact", "S0"), ("phone", "S0"), *([("risk_group", "i2")] if is_company else []),
            ]
        )  # fmt: skip
        digits = np.char.zfill(ids.astype("S8"), 8)
        values = {
            "id": ids,
            "kind": category.kind.encode(),
            "name": np.char.add(b"Pembayar", digits),
            "npp": np.char.add(b"N", digits),
            "place_id": these["place_id"].to_numpy(),
            "risk_group": these["risk_group"].to_numpy(),
        }
        with connection.cursor() as cursor:
            copied(cursor, "payers_payer", encoder.names, [encoder.rows(values, len(ids))])
    return nation.payers


def _load_memberships(connection: Connection[Row], nation: Nation) -> int:
    _drop_indexes(connection)
    for category in CATEGORIES:
        encoder = Encoder(
            [
                ("id", "i8"), ("person_id", "i8"), ("place_id", "i8"), ("segment", f"S{len(category.segment)}"),
                ("job", "i2"), ("kpj", "S11"), ("occupation", "S0"), ("registered_on", "i4"), ("valid", "S9"),
                *([("payer_id", "i8")] if category.segment != "BPU" else []),
            ]
        )  # fmt: skip
        with connection.cursor() as cursor:
            copied(cursor, "membership_membership", encoder.names, _memberships(nation, category, encoder))
    connection.execute(
        "ALTER TABLE membership_membership ADD CONSTRAINT one_membership_per_job UNIQUE (person_id, job)"
    )
    return nation.workers


def _check_places(connection: Connection[Row]) -> None:
    """The places of the register, which its rows' foreign keys would have refused one by one. Raises Conflict."""
    missing, *_ = connection.execute(
        "SELECT count(*) FROM (SELECT place_id FROM payers_payer UNION SELECT place_id FROM membership_membership) used"
        " WHERE NOT EXISTS (SELECT 1 FROM places_place p WHERE p.key = used.place_id)"
    ).fetchone() or (0,)
    if missing:
        raise Conflict("place_missing", f"{missing:,} places of the register do not exist.")


def _drop_indexes(connection: Connection[Row]) -> None:
    """All indexes of memberships but the primary key, on which others rest."""
    connection.execute("ALTER TABLE membership_membership DROP CONSTRAINT one_membership_per_job")
    found = connection.execute(
        "SELECT i.relname, c.conname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.conrelid = x.indrelid"
        " WHERE x.indrelid = 'membership_membership'::regclass AND NOT x.indisprimary"
    ).fetchall()
    for index, constraint in found:
        form = "ALTER TABLE membership_membership DROP CONSTRAINT {}" if constraint else "DROP INDEX {}"
        connection.execute(sql.SQL(form).format(sql.Identifier(str(constraint or index))))


def _memberships(nation: Nation, category: Category, encoder: Encoder) -> Iterator[memoryview]:
    """The memberships behind a category's lines."""
    with pq.ParquetFile(nation.lines_of(category)) as file:
        for group in range(file.num_row_groups):
            keys = file.read_row_group(group, columns=[name for name, _ in KEYS], use_threads=False)
            ids = keys["membership_id"].to_numpy()
            kpjs = make_kpjs(pl.Series(ids), REGISTERED.year)
            values = {
                "id": ids,
                "person_id": keys["person_id"].to_numpy(),
                "place_id": keys["place_id"].to_numpy(),
                "segment": category.segment.encode(),
                "job": keys["job"].to_numpy(),
                "kpj": np.array(kpjs.to_list(), "S11"),
                "registered_on": day_number(REGISTERED),
                "valid": SINCE,
                "payer_id": keys["payer_id"].to_numpy(),
            }
            yield encoder.rows(values, len(ids))
