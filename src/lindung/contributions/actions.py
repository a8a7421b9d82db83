"""The writes of this room: person-months, their reversal, and cover. Bills and money are in `billing`.

All acts on one payer's bills wait for each other (an advisory lock per payer); everything else runs side by side."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lindung.contributions.billing import (
    PaymentResult,
    issue_bill,
    lock_payers,
    record_payment,
    refresh_cover,
)
from lindung.core.actors import Actor
from lindung.core.bulk import loaded
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.log import record
from lindung.core.months import format_month, month_of
from lindung.core.ui.words import number

__all__ = [
    "PaymentResult",
    "ensure_months",
    "issue_bill",
    "plan_person_months",
    "record_payment",
    "refresh_cover",
    "reverse_person_months",
]

Values = dict[str, list[int] | date | int | None]
PLANNED = {
    "person_id": "bigint",
    "membership_id": "bigint",
    "job": "smallint",
    "place_id": "bigint",
    "segment": "varchar(5)",
}

# The newest entry of each wanted person, job and month; an odd one is a charge that stands.
_NEWEST = """
  SELECT DISTINCT ON (pm.month, pm.person_id, pm.job) pm.*
    FROM contributions_personmonth pm JOIN planned_people p ON p.person_id = pm.person_id AND p.job = pm.job
   WHERE pm.month = ANY(%(months)s) ORDER BY pm.month, pm.person_id, pm.job, pm.entry_no DESC
"""


def ensure_months(months: list[date]) -> None:
    """Make room for these months' rows. Cheap when it is there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT contributions_ensure_month(m) FROM unnest(%s::date[]) AS m ORDER BY m", [months])


@transaction.atomic
def plan_person_months(
    actor: Actor,
    payer_id: int,
    months: list[date],
    frame: pl.DataFrame,
    wage_base: int,
    jkk: int,
    jkm: int,
    origin: str,
) -> int:
    """Charge these people to this payer for these months, at these rupiah a month; returns how many rows were added.

    The frame has person_id, membership_id, job, place_id, segment. Charges only where none stands, so the same plan
    twice adds nothing. Rows go on the month's open bill; if it is issued, on the next supplement.
    Raises Conflict, naming how many, when people already have another payer in one of the months."""
    months = sorted({month_of(month) for month in months})
    if not months or frame.is_empty():
        return 0
    if jkk < 0 or jkm < 0 or jkk + jkm <= 0 or wage_base <= 0:
        raise InvalidInput("amount_not_positive", _("Iuran dan dasar upah harus lebih dari nol, contoh Rp16.800."))
    ensure_months(months)
    lock_payers([payer_id])
    with loaded(frame, "planned_people", PLANNED) as cursor:
        _refuse_other_payers(cursor, payer_id, months)
        wanted = _missing(cursor, months)
        bills = _open_bills(cursor, payer_id, [month for month, count in wanted.items() if count])
        added = _charge(cursor, payer_id, bills, wage_base, jkk, jkm, origin)
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
                "monthly": jkk + jkm,
            },
        )
    return added


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


def _open_bills(cursor: CursorWrapper, payer_id: int, months: list[date]) -> dict[date, int]:
    """The bill of each month that still takes rows; made where there is none."""
    cursor.execute(
        """
        INSERT INTO contributions_bill (payer_id, month, sequence)
        SELECT %(payer)s, m, coalesce((SELECT max(sequence) FROM contributions_bill
                                        WHERE payer_id = %(payer)s AND month = m), 0) + 1
          FROM unnest(%(months)s::date[]) AS m
         WHERE NOT EXISTS (SELECT 1 FROM contributions_bill b LEFT JOIN contributions_billissue i ON i.bill_id = b.id
                            WHERE b.payer_id = %(payer)s AND b.month = m AND i.bill_id IS NULL)
        """,
        {"payer": payer_id, "months": months},
    )
    cursor.execute(
        """
        SELECT b.month, max(b.id) FROM contributions_bill b LEFT JOIN contributions_billissue i ON i.bill_id = b.id
         WHERE b.payer_id = %s AND b.month = ANY(%s) AND i.bill_id IS NULL GROUP BY b.month
        """,
        [payer_id, months],
    )
    return dict(cursor.fetchall())


def _charge(
    cursor: CursorWrapper, payer_id: int, bills: dict[date, int], wage_base: int, jkk: int, jkm: int, origin: str
) -> int:
    cursor.execute(
        """
        INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
               place_id, segment, wage_base, jkk, jkm, origin)
        SELECT r.month, r.person_id, r.job, r.entry_no, r.membership_id, %s, b.bill_id, r.place_id, r.segment,
               %s, %s, %s, %s
          FROM planned_rows r JOIN unnest(%s::date[], %s::bigint[]) AS b(month, bill_id) ON b.month = r.month
        ON CONFLICT DO NOTHING
        """,
        [payer_id, wage_base, jkk, jkm, origin, list(bills), list(bills.values())],
    )
    added: int = cursor.rowcount
    cursor.execute("DROP TABLE planned_rows")
    return added


# Charges that stand and are not paid yet, of some people from a month on.
_UNPAID = """
  SELECT pm.*, i.bill_id IS NOT NULL AS issued
    FROM contributions_personmonth pm
    LEFT JOIN contributions_billissue i ON i.bill_id = pm.bill_id
   WHERE pm.person_id = ANY(%(people)s) AND pm.month >= %(first)s AND pm.entry_no %% 2 = 1
     AND (%(job)s::smallint IS NULL OR pm.job = %(job)s::smallint)
     AND NOT EXISTS (SELECT 1 FROM contributions_personmonth r WHERE r.month = pm.month
                       AND r.person_id = pm.person_id AND r.job = pm.job AND r.entry_no = pm.entry_no + 1)
     AND NOT EXISTS (SELECT 1 FROM contributions_settledbill s WHERE s.bill_id = pm.bill_id)
"""
_REVERSE = """
  INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id, place_id,
         segment, wage_base, jkk, jkm, origin)
  SELECT u.month, u.person_id, u.job, u.entry_no + 1, u.membership_id, u.payer_id, {bill}, u.place_id, u.segment,
         u.wage_base, -u.jkk, -u.jkm, u.origin
"""


@transaction.atomic
def reverse_person_months(
    actor: Actor, person_ids: list[int], from_month: date, reason: str, job: int | None = None
) -> int:
    """Take back every charge of these people (of one job only, if named) from a month on that is not paid yet; returns
    how many.

    On a bill still open the row is undone there. For an issued bill a credit is made, issued and set off against what
    the payer owes (PP 44/2015 Art 23 (4)). Paid months stay: they are refunded, not reversed."""
    if not reason.strip():
        raise InvalidInput(
            "reason_missing", _("Alasan harus diisi, contoh: meninggal 3 Februari 2026."), field="reason"
        )
    first = month_of(from_month)
    values: Values = {"people": person_ids, "first": first, "job": job}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT payer_id FROM ({_UNPAID}) u ORDER BY payer_id", values)
        payers = [row[0] for row in cursor.fetchall()]
        if not payers:
            return 0
        lock_payers(payers)
        cursor.execute(f"{_REVERSE.format(bill='u.bill_id')} FROM ({_UNPAID}) u WHERE NOT u.issued", values)
        undone: int = cursor.rowcount
        credits = _make_credits(cursor, values)
        cursor.execute(
            f"""{_REVERSE.format(bill="c.bill_id")} FROM ({_UNPAID}) u
                 JOIN unnest(%(credits)s::bigint[]) AS c(bill_id) ON true
                 JOIN contributions_bill b ON b.id = c.bill_id AND b.payer_id = u.payer_id AND b.month = u.month
                WHERE u.issued""",
            values | {"credits": credits},
        )
        undone += cursor.rowcount
    for bill_id in credits:
        issue_bill(actor, bill_id)
    record(
        actor,
        "contributions.reverse",
        f"month:{format_month(first)}",
        reason,
        after={"rows": undone, "people": len(person_ids), "credits": credits},
    )
    return undone


def _make_credits(cursor: CursorWrapper, values: Values) -> list[int]:
    """One new bill per payer and month for what is taken back from issued bills."""
    cursor.execute(
        f"""
        INSERT INTO contributions_bill (payer_id, month, sequence)
        SELECT w.payer_id, w.month, 1 + (SELECT max(sequence) FROM contributions_bill b
                                          WHERE b.payer_id = w.payer_id AND b.month = w.month)
          FROM (SELECT DISTINCT payer_id, month FROM ({_UNPAID}) u WHERE issued) w ORDER BY w.payer_id, w.month
        RETURNING id
        """,
        values,
    )
    return [row[0] for row in cursor.fetchall()]
