"""Leaving and coming back: the end of a membership with what it means for the contributions, and its undoing.

The membership itself is the business of the room below; this one keeps charges and cover in step with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.contributions.actions import (
    correct_person_months,
    plan_person_months,
    refresh_cover,
    reverse_person_months,
)
from lindung.contributions.planning import AMOUNTS
from lindung.contributions.queries import months_of
from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.months import add_months, month_of
from lindung.core.ui.words import long_date
from lindung.membership.actions import end_membership, reopen_membership
from lindung.membership.models import Membership
from lindung.membership.queries import MembershipRow, membership

END = "membership.end"  # may end memberships, and undo that
SHORTEST_REASON = 5


@dataclass(frozen=True)
class Departure:
    """A membership after its end or its return; `months` were taken back, or charged again."""

    membership: Membership
    months: int


@dataclass(frozen=True)
class Effect:
    """What an end would do: from this month on nothing is charged. So many months, in rupiah, are not paid and taken
    back; so many are paid and given back to their payers as a credit."""

    first_month: date
    months: int
    amount: int
    paid_months: int = 0
    paid_amount: int = 0


def effect_of_leaving(member: MembershipRow, effective_on: date) -> Effect:
    """What the end of a membership would do. Raises Conflict when the person died protected by a paid later month."""
    first = _first_month_without(effective_on)
    later = [row for row in months_of(member.person_id, first) if row.job == member.job]
    unpaid = [row for row in later if row.settled_on is None]
    paid = [row for row in later if row.settled_on is not None and row.amount]
    if paid:
        _refuse_after_death(member.person_id, effective_on)
    return Effect(
        first, len(unpaid), sum(row.amount for row in unpaid), len(paid), sum(row.amount for row in paid)
    )  # fmt: skip


def leave(actor: Actor, membership_id: int, effective_on: date, reason: str) -> Departure:
    """End a membership; `effective_on` is the first day on which it no longer stands. Charges of later months are
    taken back, paid ones given back to their payers as a credit (PP 44/2015 Art 23 (4)), and cover ends with it. The
    same end again changes nothing.

    Raises NotFound, InvalidInput (no reason, before registration), Conflict (ended on another day, or died protected by
    a later month that is paid)."""
    actor.require(END)
    _require_reason(reason)
    with transaction.atomic():
        effect = effect_of_leaving(membership(membership_id), effective_on)
        ended = end_membership(actor, membership_id, effective_on, reason.strip())
        why = f"kepesertaan {ended.kpj} berakhir"
        taken_back = reverse_person_months(actor, [ended.person_id], effect.first_month, why, ended.job)
        taken_back += _give_back(actor, ended, effect.first_month, why)
        refresh_cover([ended.person_id])
    return Departure(ended, taken_back)


# The charges that stand of a person's job, with the sum of what was charged and given back for the month.
_STANDING = f"""
SELECT c.payer_id, c.month, c.person_id, c.job, c.membership_id, c.wage_base,
       {", ".join(f"c.{name}" for name in AMOUNTS)}, t.left_over
  FROM (SELECT DISTINCT ON (month, job) * FROM contributions_personmonth
         WHERE person_id = %(person)s AND entry_no > 0 ORDER BY month, job, entry_no DESC) c
 CROSS JOIN LATERAL (
   SELECT sum(jkk + jkm + jht + jp) AS left_over FROM contributions_personmonth t
    WHERE t.month = c.month AND t.person_id = c.person_id AND t.job = c.job) t
 WHERE c.entry_no %% 2 = 1
"""
_CHARGE = ("payer_id", "month", "person_id", "job", "wage_base", *AMOUNTS)
_CHARGES = f"SELECT {', '.join(f's.{name}' for name in _CHARGE)} FROM ({_STANDING}) s"


def _give_back(actor: Actor, member: Membership, first: date, why: str) -> int:
    """Give back what was paid for months from `first` on; returns how many months."""
    values = {"person": member.person_id, "job": member.job, "first": first}
    paid = _charges("WHERE s.job = %(job)s AND s.month >= %(first)s AND s.left_over > 0", values)
    nothing = paid.with_columns(pl.lit(0).alias(name) for name in ("wage_base", *AMOUNTS))
    return _corrected(actor, nothing, f"membership:{member.pk}", why)


def _charges(terms: str, values: dict[str, Any]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(f"{_CHARGES} {terms}", values)
        return pl.DataFrame(cursor.fetchall(), schema=list(_CHARGE), orient="row")


def _corrected(actor: Actor, months: pl.DataFrame, origin: str, why: str) -> int:
    """Bring charges to these values, payer by payer in the order in which they are locked."""
    for (payer_id,), part in sorted(months.partition_by("payer_id", as_dict=True).items()):
        correct_person_months(actor, payer_id, part.drop("payer_id"), origin, why)
    return months.height


def come_back(actor: Actor, membership_id: int, reason: str) -> Departure:
    """Undo an end that should not have been: the KPJ goes on, and what was taken or given back is charged again.

    Raises NotFound, InvalidInput (no reason), Conflict (another membership of this kind is open by now)."""
    actor.require(END)
    _require_reason(reason)
    with transaction.atomic():
        opened = reopen_membership(actor, membership_id, reason.strip())
        charged = charge_again(actor, opened.person_id)
        refresh_cover([opened.person_id])
    return Departure(opened, charged)


_PLAN = ("person_id", "membership_id", "job", "place_id", "segment", "wage_base", *AMOUNTS)
_TAKEN_BACK = f"""
SELECT r.payer_id, r.origin, array_agg(r.month ORDER BY r.month), r.person_id, r.membership_id, r.job, r.place_id,
       r.segment, r.wage_base, {", ".join(f"-r.{name}" for name in AMOUNTS)}
  FROM (SELECT DISTINCT ON (month, job) * FROM contributions_personmonth
         WHERE person_id = %(person)s AND entry_no > 0 ORDER BY month, job, entry_no DESC) r
  JOIN membership_membership m ON m.id = r.membership_id
   AND m.valid && daterange(r.month, (r.month + interval '1 month')::date)
 WHERE r.entry_no %% 2 = 0
   AND NOT EXISTS (SELECT 1 FROM people_standingdeath d WHERE d.person_id = %(person)s AND d.died_on < r.month)
 GROUP BY {", ".join(f"r.{name}" for name in ("payer_id", "origin", *_PLAN))} ORDER BY r.payer_id, r.job
"""


_GIVEN_BACK = """
  JOIN membership_membership m ON m.id = s.membership_id
   AND m.valid && daterange(s.month, (s.month + interval '1 month')::date)
 WHERE s.left_over = 0 AND s.jkk + s.jkm + s.jht + s.jp > 0
   AND NOT EXISTS (SELECT 1 FROM people_standingdeath d WHERE d.person_id = s.person_id AND d.died_on < s.month)
"""


def charge_again(actor: Actor, person_id: int) -> int:
    """Charge again what was taken or given back from a person, as it was, in months in which the membership stands and
    the person lives; returns how many months. For the undoing of an end or of a wrongly recorded death."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_BACK, {"person": person_id})
        plans = cursor.fetchall()
    charged = 0
    for payer_id, origin, months, *row in plans:
        who = pl.DataFrame([row], schema=list(_PLAN), orient="row")
        charged += plan_person_months(actor, payer_id, months, who, origin)
    given_back = _charges(_GIVEN_BACK, {"person": person_id})
    return charged + _corrected(actor, given_back, f"person:{person_id}", "kepesertaan berjalan lagi")


def _first_month_without(effective_on: date) -> date:
    """A month begun as a member is still due."""
    return effective_on if effective_on.day == 1 else add_months(month_of(effective_on), 1)


def _refuse_after_death(person_id: int, effective_on: date) -> None:
    """Whoever died protected by a paid month stays protected: an end told afterwards takes no right from the family."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT died_on FROM people_standingdeath WHERE person_id = %s AND died_on >= %s", [person_id, effective_on]
        )
        found = cursor.fetchone()
    if found:
        raise Conflict(
            "died_protected",
            _("Orang ini tercatat meninggal %(date)s, pada masa yang iurannya sudah dibayar.")
            % {"date": long_date(found[0])},
            field="effective_on",
            way_out=_("Isi tanggal sesudah itu: hak keluarga atas santunan tetap ada."),
        )


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(
            "reason_missing", _("Tulis alasannya, contoh: diterima bekerja di perusahaan."), field="reason"
        )
