"""Reads: a person's memberships, and open memberships of many people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.bulk import fetch_frame
from lindung.core.errors import NotFound

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
    """What happened to a membership, and why."""

    membership_id: int
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
    """The membership with this KPJ. Raises NotFound."""
    return _one("m.kpj = %s", kpj.strip())


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
            "SELECT c.membership_id, c.kind, c.effective_on, c.reason, c.recorded_by FROM membership_membershipchange c"
            " JOIN membership_membership m ON m.id = c.membership_id WHERE m.person_id = %s ORDER BY c.id", [person_id],
        )  # fmt: skip
        return [ChangeRow(*row) for row in cursor.fetchall()]


def open_memberships(person_ids: Sequence[int]) -> pl.DataFrame:
    """The memberships these people have now: DataFrame[person_id, membership_id, job, segment, kpj, payer_id]."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, id, job, segment, kpj, payer_id FROM membership_membership"
            " WHERE person_id = ANY(%s) AND upper_inf(valid) ORDER BY person_id, job", [list(person_ids)],
        )  # fmt: skip
        types = {
            "person_id": pl.Int64, "membership_id": pl.Int64, "job": pl.Int16, "segment": pl.String, "kpj": pl.String,
            "payer_id": pl.Int64,
        }  # fmt: skip
        return fetch_frame(cursor, types)
