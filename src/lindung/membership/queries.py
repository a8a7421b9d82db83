"""Reads: a person's memberships, their story, and the one with a KPJ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.errors import InvalidInput, NotFound
from lindung.membership.kpj import check_kpj

_SELECT = """
SELECT m.id, m.person_id, m.place_id, m.segment, m.job, m.kpj, m.payer_id, coalesce(p.name, ''), m.occupation,
       m.registered_on, CASE WHEN isempty(m.valid) THEN m.registered_on ELSE upper(m.valid) END
  FROM membership_membership m LEFT JOIN payers_payer p ON p.id = m.payer_id
"""


@dataclass(frozen=True)
class MembershipRow:
    """A membership. `ended_on` is the first day without it; None while it lasts. `payer_name` is the employer (PU)."""

    id: int
    person_id: int
    place_id: int
    segment: str
    job: int
    kpj: str
    payer_id: int | None
    payer_name: str
    occupation: str
    registered_on: date
    ended_on: date | None


@dataclass(frozen=True)
class ChangeRow:
    """What happened to a membership, and why: joined, ended, reopened."""

    membership_id: int
    kpj: str
    kind: str
    effective_on: date
    reason: str
    recorded_by: str


def memberships_of(person_id: int) -> list[MembershipRow]:
    """All memberships of a person, by job."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} WHERE m.person_id = %s ORDER BY m.job", [person_id])
        return [MembershipRow(*row) for row in cursor.fetchall()]


def membership(membership_id: int) -> MembershipRow:
    """One membership. Raises NotFound."""
    return _one("m.id = %s", membership_id)


def membership_by_kpj(kpj: str) -> MembershipRow:
    """The membership with this KPJ, as printed on the card. Raises InvalidInput (a slip of the pen), NotFound."""
    number = kpj.replace(" ", "")
    if not check_kpj(number):
        raise InvalidInput(
            "kpj_wrong", _("KPJ ini salah tulis. KPJ terdiri dari 11 angka; periksa kembali pada kartunya."),
            field="kpj",
        )  # fmt: skip
    return _one("m.kpj = %s", number)


def _one(condition: str, value: int | str) -> MembershipRow:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} WHERE {condition}", [value])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("membership_not_found", _("Kepesertaan tidak ditemukan di wilayah kerja Anda."))
    return MembershipRow(*row)


def changes_of(person_id: int) -> list[ChangeRow]:
    """The story of a person's memberships, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id, m.kpj, c.kind, c.effective_on, c.reason, c.recorded_by FROM membership_membershipchange c"
            " JOIN membership_membership m ON m.id = c.membership_id WHERE m.person_id = %s ORDER BY c.id", [person_id],
        )  # fmt: skip
        return [ChangeRow(*row) for row in cursor.fetchall()]


def ended_afterwards(person_id: int, on: date) -> date | None:
    """The day on which somebody wrote down, after `on`, that a membership had ended on or before that day, and it
    still stands so. An end that appears after a death may take a family's right away: whoever decides looks at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max((c.recorded_at AT TIME ZONE %(zone)s)::date)
              FROM membership_membership m
             CROSS JOIN LATERAL (SELECT kind, effective_on, recorded_at FROM membership_membershipchange
                                  WHERE membership_id = m.id ORDER BY id DESC LIMIT 1) c
             WHERE m.person_id = %(person)s AND c.kind = 'ended' AND c.effective_on <= %(on)s
               AND (c.recorded_at AT TIME ZONE %(zone)s)::date > %(on)s
            """,
            {"person": person_id, "on": on, "zone": settings.TIME_ZONE},
        )
        found = cursor.fetchone()
    return found[0] if found else None
