"""Leaving and coming back: the end of a membership with what it means for the contributions, and its undoing.

The membership itself is the business of the room below; this one keeps charges and cover in step with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.contributions.actions import plan_person_months, refresh_cover, reverse_person_months
from lindung.contributions.planning import AMOUNTS
from lindung.contributions.queries import MonthRow, months_of
from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.months import add_months, month_of
from lindung.core.ui.words import long_date, long_month
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
    """What an end would do: from this month on nothing is charged; so many unpaid months, in rupiah, are taken back."""

    first_month: date
    months: int
    amount: int


def effect_of_leaving(member: MembershipRow, effective_on: date) -> Effect:
    """What the end of a membership would do. Raises Conflict when a later month is paid: what is paid protects."""
    first = _first_month_without(effective_on)
    later = [row for row in months_of(member.person_id, first) if row.job == member.job]
    _refuse_paid(later)
    return Effect(first, len(later), sum(row.amount for row in later))


def leave(actor: Actor, membership_id: int, effective_on: date, reason: str) -> Departure:
    """End a membership; `effective_on` is the first day on which it no longer stands. Charges of later months are
    taken back, and cover ends with it. The same end again changes nothing.

    Raises NotFound, InvalidInput (no reason, before registration), Conflict (ended on another day, a later month is
    paid)."""
    actor.require(END)
    _require_reason(reason)
    with transaction.atomic():
        effect = effect_of_leaving(membership(membership_id), effective_on)
        ended = end_membership(actor, membership_id, effective_on, reason.strip())
        taken_back = reverse_person_months(
            actor, [ended.person_id], effect.first_month, f"kepesertaan {ended.kpj} berakhir", ended.job
        )
        refresh_cover([ended.person_id])
    return Departure(ended, taken_back)


def come_back(actor: Actor, membership_id: int, reason: str) -> Departure:
    """Undo an end that should not have been: the KPJ goes on, and what was taken back is charged again.

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


def charge_again(actor: Actor, person_id: int) -> int:
    """Charge again what was taken back from a person, as it was, in months in which the membership stands and the
    person lives; returns how many months. For the undoing of an end or of a wrongly recorded death."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_BACK, {"person": person_id})
        plans = cursor.fetchall()
    charged = 0
    for payer_id, origin, months, *row in plans:
        who = pl.DataFrame([row], schema=list(_PLAN), orient="row")
        charged += plan_person_months(actor, payer_id, months, who, origin)
    return charged


def _first_month_without(effective_on: date) -> date:
    """A month begun as a member is still due."""
    return effective_on if effective_on.day == 1 else add_months(month_of(effective_on), 1)


def _refuse_paid(later: list[MonthRow]) -> None:
    paid = [row.month for row in later if row.settled_on is not None]
    if paid:
        first_free = add_months(max(paid), 1)
        raise Conflict(
            "months_paid",
            _("Iuran sudah dibayar sampai %(month)s, dan perlindungan yang dibayar tetap berlaku.")
            % {"month": long_month(max(paid))},
            field="effective_on",
            way_out=_("Isi tanggal %(date)s atau sesudahnya.") % {"date": long_date(first_free)},
        )


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(
            "reason_missing", _("Tulis alasannya, contoh: diterima bekerja di perusahaan."), field="reason"
        )
