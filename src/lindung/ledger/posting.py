"""Writing into the books: one entry, or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import loaded
from lindung.core.errors import Conflict, InvalidInput

Line = tuple[str, int, int | None]
"""(account code, rupiah: debit positive, credit negative; payer or None)"""

LINES = {
    "source": "varchar(80)",
    "dated": "date",
    "line": "smallint",
    "account": "varchar(4)",
    "payer_id": "bigint",
    "amount": "bigint",
}


@dataclass(frozen=True)
class Posted:
    """The entry that stands for (kind, source). `repeated`: it stood already, and nothing was changed now."""

    entry_id: int
    repeated: bool


@transaction.atomic
def post(actor: Actor, dated: date, kind: str, source: str, lines: Sequence[Line], note: str = "") -> Posted:
    """Write one balanced entry; lines of zero rupiah are left out. It counts in the month of `dated`, or in the first
    open month after it.

    The same (kind, source) again with the same lines has no effect. Raises InvalidInput when the lines do not balance
    (PostgreSQL refuses it too), Conflict when they differ from what was posted before."""
    if sum(amount for _code, amount, _payer in lines) != 0 or not any(amount for _code, amount, _payer in lines):
        raise InvalidInput(
            "unbalanced",
            _("Debit dan kredit ayat %(source)s tidak sama.") % {"source": source},
            way_out=_("Periksa kembali jumlah setiap baris."),
        )
    accounts, amounts, payers = zip(*lines, strict=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_entry WHERE kind = %s AND source = %s", [kind, source])
        repeated = cursor.fetchone() is not None
        try:
            with transaction.atomic():
                cursor.execute(
                    "SELECT ledger_post(%s, %s, %s, %s::text[], %s::bigint[], %s::bigint[], %s, %s)",
                    [dated, kind, source, list(accounts), list(amounts), list(payers), note, actor.name],
                )
        except IntegrityError as error:
            if getattr(error.__cause__, "sqlstate", "") != "23505":
                raise
            raise Conflict(
                "posted_differently",
                _("%(source)s sudah dibukukan dengan jumlah lain.") % {"source": source},
                way_out=_("Perbaikan dibukukan sebagai ayat baru."),
            ) from error
        return Posted(cursor.fetchone()[0], repeated)


def post_many(actor: Actor, kind: str, lines: pl.DataFrame, note: str = "") -> int:
    """Write many entries of one kind, set-based; returns how many are new. Sources that stand are left as they are.

    The frame has source, dated, line (1, 2, …), account, payer_id, amount. Every source must balance, or PostgreSQL
    refuses the whole when the transaction commits."""
    if lines.is_empty():
        return 0
    with transaction.atomic(), loaded(lines.filter(pl.col("amount") != 0), "ledger_lines", LINES) as cursor:
        cursor.execute("SELECT ledger_post_many(%s, %s, %s)", [kind, note, actor.name])
        row: tuple[int] = cursor.fetchone()
    return row[0]
