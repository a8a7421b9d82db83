"""Months that turn out to have been charged too little or too much: differences, each way on bills of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lindung.contributions.locks import lock_payers
from lindung.contributions.planning import AMOUNTS, PROGRAMMES, ensure_months, open_bills, whole_amounts
from lindung.contributions.reversing import issue_credits, reverse_person_months
from lindung.core.actors import Actor
from lindung.core.bulk import loaded
from lindung.core.errors import InvalidInput
from lindung.core.log import record
from lindung.core.ui.words import long_month, number

_VALUES = ("wage_base", *AMOUNTS)
_WANTED = {"month": "date", "person_id": "bigint", "job": "smallint"} | dict.fromkeys(_VALUES, "bigint")


@dataclass(frozen=True)
class Correction:
    """What a correction came to: rows added, rupiah asked in addition and given back, and the bills they are on. What
    is asked waits to be issued; what is given back is a credit already issued and set off."""

    rows: int
    asked: int
    given_back: int
    bills: tuple[int, ...]


# What is to be, beside what stands: the charge of this payer and the sum of all entries of the month.
_COMPARED = f"""
CREATE TEMP TABLE compared_months ON COMMIT DROP AS
SELECT w.month, w.person_id, w.job, c.entry_no AS charge, c.membership_id, c.place_id, c.segment, c.bill_id,
       i.bill_id IS NOT NULL AS issued, s.least_no,
       coalesce(met.amount = i.amount, false) AS paid,
       {" + ".join(f"w.{name}" for name in PROGRAMMES)} = 0 AS nothing,
       w.wage_base - s.wage_base AS wage_base, {", ".join(f"w.{name} - s.{name} AS {name}" for name in AMOUNTS)}
  FROM wanted_months w
  LEFT JOIN LATERAL (
    SELECT * FROM contributions_personmonth pm
     WHERE pm.month = w.month AND pm.person_id = w.person_id AND pm.job = w.job
     ORDER BY pm.entry_no DESC LIMIT 1) c ON c.entry_no %% 2 = 1 AND c.payer_id = %(payer)s
  LEFT JOIN LATERAL (
    SELECT least(min(entry_no), 1) AS least_no,
           (sum(wage_base) FILTER (WHERE entry_no = c.entry_no OR entry_no < 0))::bigint AS wage_base,
           {", ".join(f"sum({name})::bigint AS {name}" for name in AMOUNTS)}
      FROM contributions_personmonth pm
     WHERE pm.month = w.month AND pm.person_id = w.person_id AND pm.job = w.job) s ON true
  LEFT JOIN contributions_billissue i ON i.bill_id = c.bill_id
  LEFT JOIN contributions_met_of(ARRAY(
    SELECT id FROM contributions_bill WHERE payer_id = %(payer)s AND month IN (SELECT month FROM wanted_months))) met
    ON met.bill_id = c.bill_id
"""
_NET = " + ".join(PROGRAMMES)
# A month in which one programme rises as much as another falls asks the one and gives back the other.
_DIFFERENCES = f"""
CREATE TEMP TABLE differing_months ON COMMIT DROP AS
SELECT month, person_id, job, membership_id, place_id, segment, bill_id, issued, least_no, wage_base,
       {", ".join(AMOUNTS)}, {_NET} AS net
  FROM compared_months WHERE NOT (nothing AND NOT paid) AND {_NET} <> 0
 UNION ALL
SELECT month, person_id, job, membership_id, place_id, segment, bill_id, issued, least_no,
       CASE WHEN up THEN wage_base ELSE 0 END,
       {", ".join(f"CASE WHEN up THEN greatest({name}, 0) ELSE least({name}, 0) END" for name in AMOUNTS)},
       (CASE WHEN up THEN 1 ELSE -1 END) * ({" + ".join(f"greatest({name}, 0)" for name in PROGRAMMES)})
  FROM compared_months, (VALUES (true), (false)) AS way(up)
 WHERE NOT (nothing AND NOT paid) AND {_NET} = 0 AND greatest({", ".join(PROGRAMMES)}) > 0
"""
_ADD = f"""
WITH added AS (
  INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id, place_id,
         segment, wage_base, {", ".join(AMOUNTS)}, origin)
  SELECT d.month, d.person_id, d.job,
         d.least_no - 2 * row_number() OVER (PARTITION BY d.month, d.person_id, d.job ORDER BY d.net DESC),
         d.membership_id, %(payer)s, CASE WHEN d.issued THEN b.bill_id ELSE d.bill_id END, d.place_id, d.segment,
         d.wage_base, {", ".join(f"d.{name}" for name in AMOUNTS)}, %(origin)s
    FROM differing_months d
    LEFT JOIN unnest(%(months)s::date[], %(ups)s::boolean[], %(bills)s::bigint[]) AS b(month, up, bill_id)
      ON b.month = d.month AND b.up = (d.net > 0)
  RETURNING bill_id, {_NET} AS net)
SELECT count(*), coalesce(sum(net) FILTER (WHERE net > 0), 0)::bigint,
       coalesce(-sum(net) FILTER (WHERE net < 0), 0)::bigint, coalesce(array_agg(DISTINCT bill_id), '{{}}') FROM added
"""


@transaction.atomic
def correct_person_months(actor: Actor, payer_id: int, frame: pl.DataFrame, origin: str, reason: str) -> Correction:
    """Bring months this payer was charged for to what they should have been.

    The frame has month, person_id, job and the new full values: wage_base, jkk, jkm, jht, jp, jkp, worker_share;
    nothing but zeros says that nothing is owed any more. What a charge still open lacks or has too much goes on its own
    bill. Else too little is asked on the month's open bill or next supplement, and too much is given back on a credit,
    issued and set off at once (PP 44/2015 Art 23). A month that is not owed and not paid is reversed; one that is paid
    is given back, and stays covered. The same correction twice adds nothing.

    Raises InvalidInput for impossible amounts, a month named twice, or months without a charge of this payer."""
    if frame.is_empty():
        return Correction(0, 0, 0, ())
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Alasan harus diisi, contoh: upah Maret salah catat."), field="reason")
    wanted = whole_amounts(frame).with_columns(pl.col("month").dt.truncate("1mo"))
    _check(wanted)
    ensure_months(wanted["month"].unique().to_list())
    lock_payers([payer_id])
    with loaded(wanted, "wanted_months", _WANTED) as cursor:
        cursor.execute(_COMPARED, {"payer": payer_id})
        _refuse_uncharged(cursor)
        gone = _not_owed(cursor)
        cursor.execute(_DIFFERENCES)
        done, credits = _add(cursor, payer_id, origin)
        cursor.execute("DROP TABLE compared_months; DROP TABLE differing_months")
    issue_credits(actor, credits)
    reversed_rows = sum(
        reverse_person_months(actor, people, month, reason, job, until=month) for month, job, people, _amount in gone
    )
    if done.rows:
        record(
            actor,
            "contributions.correct",
            f"payer:{payer_id}",
            reason.strip(),
            after={"rows": done.rows, "asked": done.asked, "given_back": done.given_back, "origin": origin},
        )
    return Correction(done.rows + reversed_rows, done.asked, done.given_back + sum(row[3] for row in gone), done.bills)


def _check(wanted: pl.DataFrame) -> None:
    wrong = wanted.filter(
        (pl.min_horizontal(_VALUES) < 0)
        | (pl.col("jkp") > pl.col("jkk") + pl.col("jkm"))
        | (pl.col("worker_share") > pl.sum_horizontal(PROGRAMMES))
    )
    if wrong.height:
        raise InvalidInput(
            "amount_negative",
            _("Nilai baru tidak boleh kurang dari nol; tidak demikian pada %(rows)s baris.")
            % {"rows": number(wrong.height)},
        )
    if wanted.select("month", "person_id", "job").is_duplicated().any():
        raise InvalidInput(
            "person_twice",
            _("Satu orang tercantum dua kali untuk bulan dan pekerjaan yang sama."),
            way_out=_("Satukan barisnya, lalu ulangi."),
        )


def _refuse_uncharged(cursor: CursorWrapper) -> None:
    cursor.execute(
        "SELECT count(*), min(month), (array_agg(DISTINCT person_id))[:20] FROM compared_months"
        " WHERE charge IS NULL AND NOT nothing"
    )
    rows, month, people = cursor.fetchone()
    if rows:
        raise InvalidInput(
            "not_charged",
            _("%(rows)s baris belum pernah ditagihkan kepada pembayar ini, yang pertama %(month)s.")
            % {"rows": number(rows), "month": long_month(month)},
            way_out=_("Laporkan sebagai peserta baru untuk bulan itu, bukan sebagai koreksi."),
            people=people,
        )
    cursor.execute("DELETE FROM compared_months WHERE charge IS NULL")


def _not_owed(cursor: CursorWrapper) -> list[tuple[date, int, list[int], int]]:
    """Unpaid months of which nothing is owed: month, job, people, and the rupiah they came to."""
    cursor.execute(
        f"""
        SELECT month, job, array_agg(person_id), (-sum({_NET}))::bigint FROM compared_months WHERE nothing AND NOT paid
         GROUP BY month, job ORDER BY month, job
        """
    )
    return list(cursor.fetchall())


def _add(cursor: CursorWrapper, payer_id: int, origin: str) -> tuple[Correction, list[int]]:
    """The rows added, and the credits made for what is given back of issued bills."""
    cursor.execute("SELECT DISTINCT month, net > 0 FROM differing_months WHERE issued ORDER BY 1")
    ways = cursor.fetchall()
    asking = open_bills(cursor, payer_id, [month for month, up in ways if up])
    giving = _new_bills(cursor, payer_id, [month for month, up in ways if not up])
    bills = [(month, True, bill) for month, bill in asking.items()] + [
        (month, False, bill) for month, bill in giving.items()
    ]
    cursor.execute(
        _ADD,
        {
            "payer": payer_id,
            "origin": origin,
            "months": [row[0] for row in bills],
            "ups": [row[1] for row in bills],
            "bills": [row[2] for row in bills],
        },
    )
    rows, asked, given_back, touched = cursor.fetchone()
    return Correction(rows, asked, given_back, tuple(sorted(touched))), list(giving.values())


def _new_bills(cursor: CursorWrapper, payer_id: int, months: list[date]) -> dict[date, int]:
    cursor.execute(
        """
        INSERT INTO contributions_bill (payer_id, month, sequence)
        SELECT %(payer)s, m, 1 + (SELECT max(sequence) FROM contributions_bill WHERE payer_id = %(payer)s AND month = m)
          FROM unnest(%(months)s::date[]) AS m RETURNING month, id
        """,
        {"payer": payer_id, "months": months},
    )
    return dict(cursor.fetchall())
