"""Charging people: person-months put on the payer's open bills, set-based."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lindung.contributions.locks import lock_payers
from lindung.core.actors import Actor
from lindung.core.bulk import loaded
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.log import record
from lindung.core.months import format_month, month_of
from lindung.core.ui.words import number

# In whole rupiah. `jkp` and `worker_share` are parts of the others.
PROGRAMMES = ("jkk", "jkm", "jht", "jp")
AMOUNTS = (*PROGRAMMES, "jkp", "worker_share")
WHO = {
    "person_id": "bigint",
    "membership_id": "bigint",
    "job": "smallint",
    "place_id": "bigint",
    "segment": "varchar(5)",
}
PLANNED = WHO | {"wage_base": "bigint"} | dict.fromkeys(AMOUNTS, "bigint")

# The newest entry of each wanted person, job and month; an odd one is a charge that stands. Differences are left out.
_NEWEST = """
  SELECT DISTINCT ON (pm.month, pm.person_id, pm.job) pm.*
    FROM contributions_personmonth pm JOIN planned_people p ON p.person_id = pm.person_id AND p.job = pm.job
   WHERE pm.month = ANY(%(months)s) AND pm.entry_no > 0 ORDER BY pm.month, pm.person_id, pm.job, pm.entry_no DESC
"""


def ensure_months(months: list[date]) -> None:
    """Make room for these months' rows. Cheap when it is there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT contributions_ensure_month(m) FROM unnest(%s::date[]) AS m ORDER BY m", [months])


@transaction.atomic
def plan_person_months(actor: Actor, payer_id: int, months: list[date], frame: pl.DataFrame, origin: str) -> int:
    """Charge these people to this payer for each of these months; returns how many rows were added.

    The frame has person_id, membership_id, job, place_id, segment, wage_base and rupiah a month: jkk, jkm, and where
    they are owed jht, jp (both shares), jkp (the part of jkk and jkm for the JKP fund), worker_share. Charges only
    where none stands, so the same plan twice adds nothing. Rows go on the month's open bill; if it is issued, on the
    next supplement.

    Raises InvalidInput for amounts that are no contribution or a person and job named twice; Conflict, naming how
    many, when people already have another payer in one of the months."""
    months = sorted({month_of(month) for month in months})
    if not months or frame.is_empty():
        return 0
    rows = whole_amounts(frame)
    _check_amounts(rows)
    ensure_months(months)
    lock_payers([payer_id])
    with loaded(rows, "planned_people", PLANNED) as cursor:
        _refuse_other_payers(cursor, payer_id, months)
        wanted = _missing(cursor, months)
        bills = open_bills(cursor, payer_id, [month for month, count in wanted.items() if count])
        added, amount = _charge(cursor, payer_id, bills, origin)
    if added != sum(wanted.values()):
        # Somebody else charged the same people just now, or their rows lie outside the actor's area.
        raise Conflict(
            "charged_meanwhile",
            _("%(count)s bulan iuran sudah dicatat oleh pembayar lain pada saat yang sama.")
            % {"count": number(sum(wanted.values()) - added)},
            way_out=_("Periksa kembali daftar, lalu ulangi."),
        )
    if added:
        record(
            actor,
            "contributions.plan",
            f"payer:{payer_id}",
            origin,
            after={
                "rows": added,
                "first": format_month(months[0]),
                "last": format_month(months[-1]),
                "amount": amount,
            },
        )
    return added


def at_price(frame: pl.DataFrame, wage_base: int, **amounts: int) -> pl.DataFrame:
    """The frame with one wage base and one charge a month for everybody: at_price(people, 1_000_000, jkk=10_000)."""
    return frame.with_columns(pl.lit(value).alias(name) for name, value in {"wage_base": wage_base, **amounts}.items())


def whole_amounts(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every amount there, as whole rupiah: a programme that is not named is not owed."""
    missing = [pl.lit(0).alias(name) for name in AMOUNTS if name not in frame.columns]
    return frame.with_columns(missing).with_columns(pl.col("wage_base", *AMOUNTS).cast(pl.Int64))


def _check_amounts(frame: pl.DataFrame) -> None:
    total = pl.sum_horizontal(PROGRAMMES)
    wrong = frame.filter(
        (pl.min_horizontal("wage_base", *AMOUNTS) < 0)
        | (total <= 0)
        | (pl.col("wage_base") <= 0)
        | (pl.col("jkp") > pl.col("jkk") + pl.col("jkm"))
        | (pl.col("worker_share") > total)
    )
    if wrong.height:
        raise InvalidInput(
            "amount_not_positive",
            _("Iuran dan dasar upah harus lebih dari nol, contoh Rp16.800. Tidak demikian pada %(rows)s baris.")
            % {"rows": number(wrong.height)},
            people=wrong["person_id"].to_list()[:20],
        )
    if frame.select("person_id", "job").is_duplicated().any():
        raise InvalidInput(
            "person_twice",
            _("Satu orang tercantum dua kali untuk pekerjaan yang sama."),
            way_out=_("Satukan barisnya, lalu ulangi."),
        )


def _refuse_other_payers(cursor: CursorWrapper, payer_id: int, months: list[date]) -> None:
    cursor.execute(
        f"""
        SELECT count(DISTINCT n.person_id), min(n.month), max(n.month), min(y.name), count(DISTINCT n.payer_id)
          FROM ({_NEWEST}) n JOIN payers_payer y ON y.id = n.payer_id
         WHERE n.entry_no %% 2 = 1 AND n.payer_id <> %(payer)s
        """,
        {"months": months, "payer": payer_id},
    )
    people, first, last, name, payers = cursor.fetchone()
    if people:
        raise Conflict(
            "another_payer",
            _("%(people)s orang sudah punya pembayar lain (%(name)s) pada %(first)s sampai %(last)s.")
            % {
                "people": number(people),
                "first": format_month(first),
                "last": format_month(last),
                "name": name if payers == 1 else _("%(name)s dan lainnya") % {"name": name},
            },
            way_out=_(
                "Keluarkan mereka dari daftar, atau mulai dari bulan sesudahnya. Satu orang hanya punya satu "
                "pembayar per bulan."
            ),
            people=people,
        )


def _missing(cursor: CursorWrapper, months: list[date]) -> dict[date, int]:
    """Put the rows to add, with their entry numbers, into `planned_rows`; how many there are per month."""
    cursor.execute(
        f"""
        CREATE TEMP TABLE planned_rows ON COMMIT DROP AS
        SELECT m.month, p.*, coalesce(n.entry_no, 0) + 1 AS entry_no
          FROM planned_people p CROSS JOIN unnest(%(months)s::date[]) AS m(month)
          LEFT JOIN ({_NEWEST}) n ON n.month = m.month AND n.person_id = p.person_id AND n.job = p.job
         WHERE coalesce(n.entry_no, 0) %% 2 = 0
        """,
        {"months": months},
    )
    cursor.execute("SELECT month, count(*) FROM planned_rows GROUP BY month")
    return dict(cursor.fetchall())


def open_bills(cursor: CursorWrapper, payer_id: int, months: list[date]) -> dict[date, int]:
    """The bill of each month that still takes contributions; made where there is none."""
    cursor.execute(
        """
        INSERT INTO contributions_bill (payer_id, month, sequence)
        SELECT %(payer)s, m, coalesce((SELECT max(sequence) FROM contributions_bill
                                        WHERE payer_id = %(payer)s AND month = m), 0) + 1
          FROM unnest(%(months)s::date[]) AS m
         WHERE NOT EXISTS (SELECT 1 FROM contributions_bill b LEFT JOIN contributions_billissue i ON i.bill_id = b.id
                            WHERE b.payer_id = %(payer)s AND b.month = m AND b.kind = 'contribution'
                              AND i.bill_id IS NULL)
        """,
        {"payer": payer_id, "months": months},
    )
    cursor.execute(
        """
        SELECT b.month, max(b.id) FROM contributions_bill b LEFT JOIN contributions_billissue i ON i.bill_id = b.id
         WHERE b.payer_id = %s AND b.month = ANY(%s) AND b.kind = 'contribution' AND i.bill_id IS NULL GROUP BY b.month
        """,
        [payer_id, months],
    )
    return dict(cursor.fetchall())


def _charge(cursor: CursorWrapper, payer_id: int, bills: dict[date, int], origin: str) -> tuple[int, int]:
    """Rows added, and the rupiah they come to."""
    columns = ", ".join(AMOUNTS)
    cursor.execute(
        f"""
        WITH added AS (
          INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
                 place_id, segment, wage_base, {columns}, origin)
          SELECT r.month, r.person_id, r.job, r.entry_no, r.membership_id, %s, b.bill_id, r.place_id, r.segment,
                 r.wage_base, {columns}, %s
            FROM planned_rows r JOIN unnest(%s::date[], %s::bigint[]) AS b(month, bill_id) ON b.month = r.month
          ON CONFLICT DO NOTHING RETURNING {" + ".join(PROGRAMMES)} AS amount)
        SELECT count(*), coalesce(sum(amount), 0)::bigint FROM added
        """,
        [payer_id, origin, list(bills), list(bills.values())],
    )
    added: tuple[int, int] = cursor.fetchone()
    cursor.execute("DROP TABLE planned_rows")
    return added
