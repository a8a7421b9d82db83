"""What is about to go wrong: who falls out of cover on which day unless which bill is paid, and the weave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung.contributions import legal, sql
from lindung.core.months import add_months, month_of, month_range
from lindung.core.ui.parts import Tone
from lindung.core.ui.weave import WeaveRow
from lindung.core.ui.words import long_date, long_month, number, rupiah

PLAN_AHEAD_MONTHS = 2  # a plan that ends sooner is an alarm
LOOK_BACK_DAYS = 92  # whoever fell out longer ago is no alarm any more
URGENT_DAYS, NEAR_DAYS = 30, 92


@dataclass(frozen=True)
class Alarm:
    """People of one payer who lose protection (or never get it) unless something is done.

    `kind`: unpaid (bill issued, not settled), not_issued (planned only), not_planned (nothing after `month` - 1),
    first (no month was ever paid). `month` is the month to be paid; `amount` what it takes, in rupiah: the rest of the
    whole bill once it is issued; `bill` its number, empty when not issued; `falls_out_on` the first day without
    protection."""

    kind: str
    payer_id: int
    payer: str
    month: date
    people: int
    bill_id: int | None
    bill: str
    amount: int
    falls_out_on: date
    days_left: int
    tone: Tone

    def sentence(self) -> str:
        """What is said on screen and in messages."""
        words = {
            "people": number(self.people),
            "payer": self.payer,
            "day": long_date(self.falls_out_on),
            "month": long_month(self.month),
            "amount": rupiah(self.amount),
            "last": long_month(add_months(self.month, -1)),
        }
        if self.kind == "first":
            return (
                _(
                    "%(people)s peserta %(payer)s belum terlindungi: iuran pertama (%(month)s, %(amount)s) belum "
                    "dibayar."
                )
                % words
            )
        if self.kind == "not_planned" and self.days_left <= 0:
            return (
                _(
                    "%(people)s peserta %(payer)s sudah keluar dari perlindungan sejak %(day)s: tidak ada rencana "
                    "iuran setelah %(last)s. Mereka terlindungi kembali setelah ada SK atau rencana baru."
                )
                % words
            )
        if self.kind == "not_planned":
            return (
                _(
                    "%(people)s peserta %(payer)s tidak punya rencana iuran setelah %(last)s. Tanpa SK atau rencana "
                    "baru, mereka keluar dari perlindungan pada %(day)s."
                )
                % words
            )
        if self.days_left <= 0:
            return (
                _(
                    "%(people)s peserta %(payer)s sudah keluar dari perlindungan sejak %(day)s. Mereka terlindungi "
                    "kembali bila tunggakan mulai %(month)s (%(amount)s sebulan) dilunasi."
                )
                % words
            )
        if self.kind == "not_issued":
            return (
                _(
                    "%(people)s peserta %(payer)s keluar dari perlindungan pada %(day)s kecuali iuran %(month)s "
                    "(%(amount)s) dibayar. Tagihannya belum diterbitkan."
                )
                % words
            )
        return (
            _(
                "%(people)s peserta %(payer)s keluar dari perlindungan pada %(day)s kecuali tagihan %(month)s "
                "%(amount)s dibayar."
            )
            % words
        )


# Covers that still matter, with the first month not paid.
_LIVE = f"""
  SELECT c.person_id, c.job, c.payer_id, c.segment, c.paid_through,
         (c.paid_through + interval '1 month')::date AS next_month
    FROM contributions_cover c
   WHERE {sql.LASTS} AND c.paid_through >= %(oldest)s AND c.paid_through <= %(latest)s
"""
# A month that cover does not reach lies on a bill that is not settled: few, and found by their index.
_UNSETTLED_UNTIL = """pm.bill_id = ANY(ARRAY(
  SELECT b.id FROM contributions_bill b LEFT JOIN contributions_billissue i ON i.bill_id = b.id
   WHERE b.month BETWEEN %(oldest)s AND {until} AND (i.bill_id IS NULL OR contributions_met(b.id) <> i.amount)))"""
_UNSETTLED = _UNSETTLED_UNTIL.format(until="%(current)s")
_NEXT_UNPAID = f"""
WITH live AS ({_LIVE} AND c.paid_through < %(current)s)
SELECT i.number, pm.bill_id, pm.payer_id, live.segment, pm.month, count(*),
       coalesce(min(i.amount) - contributions_met(pm.bill_id), sum({sql.AMOUNT}))
  FROM live JOIN contributions_personmonth pm
    ON pm.person_id = live.person_id AND pm.job = live.job AND pm.month = live.next_month
  LEFT JOIN contributions_billissue i ON i.bill_id = pm.bill_id
 WHERE pm.month BETWEEN %(oldest)s AND %(current)s AND {_UNSETTLED} AND {sql.STANDS}
 GROUP BY i.number, pm.bill_id, pm.payer_id, live.segment, pm.month
"""
# The last month charged or paid, where nothing follows: charges not yet paid are few or lie ahead; else it is the last
# month paid, and that month's charge says what a month costs.
_PLAN_ENDS = f"""
WITH live AS ({_LIVE}), charged AS (
  SELECT DISTINCT ON (pm.person_id, pm.job) pm.person_id, pm.job, pm.month, pm.payer_id, {sql.AMOUNT} AS amount
    FROM contributions_personmonth pm
   WHERE pm.month BETWEEN %(oldest)s AND %(horizon)s AND {_UNSETTLED_UNTIL.format(until="%(horizon)s")} AND {sql.STANDS}
   ORDER BY pm.person_id, pm.job, pm.month DESC),
ending AS (
  SELECT live.*, c.payer_id AS next_payer, c.amount, greatest(c.month, live.paid_through) AS last_month
    FROM live LEFT JOIN charged c ON c.person_id = live.person_id AND c.job = live.job AND c.month > live.paid_through
   WHERE greatest(c.month, live.paid_through) < %(horizon)s)
SELECT NULL, NULL, coalesce(ending.next_payer, ending.payer_id), ending.segment,
       (ending.last_month + interval '1 month')::date AS month, count(*),
       coalesce(sum(coalesce(ending.amount, {sql.AMOUNT})), 0)
  FROM ending LEFT JOIN LATERAL (
    SELECT jkk, jkm, jht, jp FROM contributions_personmonth
     WHERE ending.amount IS NULL AND month = ending.paid_through AND person_id = ending.person_id AND job = ending.job
       AND entry_no > 0 ORDER BY entry_no DESC LIMIT 1) pm ON true
 GROUP BY 3, ending.segment, 5
"""
_NEVER_PAID = f"""
WITH unpaid AS (
  SELECT DISTINCT ON (pm.person_id, pm.job) pm.person_id, pm.month, pm.payer_id, pm.bill_id, pm.segment,
         {sql.AMOUNT} AS amount
    FROM contributions_personmonth pm
   WHERE pm.month BETWEEN %(oldest)s AND %(current)s AND {_UNSETTLED} AND {sql.STANDS}
     AND NOT EXISTS (SELECT 1 FROM contributions_cover c WHERE c.person_id = pm.person_id AND c.job = pm.job)
     AND NOT EXISTS (SELECT 1 FROM people_lifeevent e WHERE e.person_id = pm.person_id AND e.kind = 'death')
   ORDER BY pm.person_id, pm.job, pm.month)
SELECT i.number, u.bill_id, u.payer_id, u.segment, u.month, count(*),
       coalesce(min(i.amount) - contributions_met(u.bill_id), sum(u.amount))
  FROM unpaid u LEFT JOIN contributions_billissue i ON i.bill_id = u.bill_id
 GROUP BY i.number, u.bill_id, u.payer_id, u.segment, u.month
"""
Found = tuple[str | None, int | None, int, str, date, int, int]


@dataclass(frozen=True)
class AlarmCounts:
    """People who have fallen out of cover, who will within URGENT_DAYS, and whose first contribution is due."""

    lapsed: int
    lapsing: int
    never: int


def count_alarms(found: Sequence[Alarm]) -> AlarmCounts:
    """How many people the pressing alarms are about, by what they need."""
    urgent = [alarm for alarm in found if alarm.days_left <= URGENT_DAYS]
    later = [alarm for alarm in urgent if alarm.kind != "first"]
    return AlarmCounts(
        lapsed=sum(alarm.people for alarm in later if alarm.days_left <= 0),
        lapsing=sum(alarm.people for alarm in later if alarm.days_left > 0),
        never=sum(alarm.people for alarm in urgent if alarm.kind == "first"),
    )


def alarms(on: date) -> list[Alarm]:
    """What threatens the people in the actor's area on a day, the nearest first. Seconds for a large regency: pages
    that only mention it ask through `recently`."""
    limits = legal.status_limits(on)
    current = month_of(on)
    values: dict[str, Any] = limits.values() | {
        "oldest": add_months(min(limits.grace_from.values()), -4),
        "current": current,
        "latest": add_months(current, PLAN_AHEAD_MONTHS),
        "horizon": add_months(current, PLAN_AHEAD_MONTHS),
    }
    found: list[tuple[str, Found]] = []
    with connection.cursor() as cursor:
        for kind, statement in (("unpaid", _NEXT_UNPAID), ("not_planned", _PLAN_ENDS), ("first", _NEVER_PAID)):
            cursor.execute(statement, values)
            found += [(kind, row) for row in cursor.fetchall()]
        cursor.execute("SELECT id, name FROM payers_payer WHERE id = ANY(%s)", [[row[2] for _kind, row in found]])
        payers: dict[int, str] = dict(cursor.fetchall())
    listed = [_alarm(kind, row, payers, limits) for kind, row in found]
    recent = on - timedelta(days=LOOK_BACK_DAYS)
    return sorted(
        (alarm for alarm in listed if alarm.kind == "first" or alarm.falls_out_on >= recent),
        key=lambda alarm: (alarm.days_left, -alarm.people, alarm.month),
    )


def _alarm(kind: str, row: Found, payers: dict[int, str], limits: legal.StatusLimits) -> Alarm:
    bill, bill_id, payer_id, segment, month, people, amount = row
    falls_out_on = month if kind == "first" else limits.out_on(segment, add_months(month, -1))
    left = (falls_out_on - limits.on).days
    tone: Tone = "danger" if left <= URGENT_DAYS else "soon" if left <= NEAR_DAYS else "info"
    if kind == "unpaid" and bill is None:
        kind = "not_issued"
    return Alarm(
        kind, payer_id, payers[payer_id], month, people, bill_id, bill or "", int(amount), falls_out_on, left, tone
    )


@dataclass(frozen=True)
class Weave:
    """Villages by months, for one payer."""

    months: Sequence[date]
    rows: Sequence[WeaveRow]


def weave_of(payer_id: int, first: date, last: date, on: date, url: str = "") -> Weave:
    """Share of the people charged to a payer whose month is paid, per village and month. A village without a charge
    after it had taken part shows 0: its people lose their protection. A month after `on` that is planned and not paid
    yet shows nothing, so that only a coming gap is dark. `url` leads on, with the village's key added."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT v.key, v.name, pm.month, count(s.bill_id)::float / count(*)
              FROM contributions_bill b
              JOIN contributions_personmonth pm ON pm.bill_id = b.id AND pm.month = b.month
              JOIN places_place v ON v.key = pm.place_id
              LEFT JOIN contributions_settledbill s ON s.bill_id = b.id
               AND s.bill_id = ANY(ARRAY(SELECT id FROM contributions_bill WHERE payer_id = %(payer)s))
             WHERE b.payer_id = %(payer)s AND b.month BETWEEN %(first)s AND %(last)s
               AND pm.month BETWEEN %(first)s AND %(last)s AND {sql.STANDS}
             GROUP BY v.key, v.name, pm.month ORDER BY v.name, v.key
            """,
            {"payer": payer_id, "first": month_of(first), "last": month_of(last)},
        )
        shares: dict[tuple[int, str], dict[date, float | None]] = {}
        for key, name, month, share in cursor.fetchall():
            waits = month > on and share == 0
            shares.setdefault((key, name), {})[month] = None if waits else share
    months = list(month_range(first, last))
    return Weave(
        months,
        [
            WeaveRow(
                name,
                [by_month.get(month, None if month < min(by_month) else 0.0) for month in months],
                f"{url}{key}" if url else "",
            )
            for (key, name), by_month in shares.items()
        ],
    )
