"""Writes: enrol people, end and reopen memberships."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.clock import now
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.scope import require_places
from lindung.membership.ending import end_memberships
from lindung.membership.kpj import make_kpjs
from lindung.membership.models import Membership, MembershipChange

__all__ = ["end_membership", "end_memberships", "enrol", "reopen_membership"]

MOST_JOBS = 20
_INCOMING = {"person_id": "bigint", "place_id": "bigint", "occupation": "text"}
_NEW = {**_INCOMING, "job": "smallint", "kpj": "text"}

# Whoever enrols the same people at the same time waits here, so that nobody gets two memberships for one job.
_LOCK = """
SELECT count(*) FROM (SELECT p.id FROM people_person p JOIN incoming_enrolment i ON i.person_id = p.id
                       ORDER BY p.id FOR NO KEY UPDATE OF p) locked
"""
_WITHOUT_MEMBERSHIP = """
SELECT i.person_id, i.place_id, i.occupation,
       1 + coalesce((SELECT max(m.job) FROM membership_membership m WHERE m.person_id = i.person_id), 0)
  FROM incoming_enrolment i
 WHERE NOT EXISTS (SELECT 1 FROM membership_membership m
                    WHERE m.person_id = i.person_id AND m.segment = %(segment)s AND upper_inf(m.valid)
                      AND m.payer_id IS NOT DISTINCT FROM %(payer)s)
 ORDER BY i.person_id
"""
_INSERT = """
INSERT INTO membership_membership (person_id, place_id, segment, job, kpj, payer_id, occupation, registered_on, valid)
SELECT person_id, place_id, %(segment)s, job, kpj, %(payer)s, occupation, %(on)s, daterange(%(on)s, NULL)
  FROM new_memberships ORDER BY person_id
"""
_JOINED = """
INSERT INTO membership_membershipchange (membership_id, place_id, kind, effective_on, reason, recorded_by,
                                         recorded_at)
SELECT m.id, m.place_id, 'joined', %(on)s, %(reason)s, %(actor)s, %(now)s
  FROM new_memberships n JOIN membership_membership m USING (kpj)
"""
_RESULT = """
SELECT DISTINCT ON (m.person_id) m.person_id, m.id, m.job, m.kpj
  FROM incoming_enrolment i JOIN membership_membership m ON m.person_id = i.person_id
 WHERE m.segment = %(segment)s AND upper_inf(m.valid) AND m.payer_id IS NOT DISTINCT FROM %(payer)s
 ORDER BY m.person_id, m.job
"""
_RESULT_TYPES = {"person_id": pl.Int64, "membership_id": pl.Int64, "job": pl.Int16, "kpj": pl.String}


def enrol(
    actor: Actor, frame: pl.DataFrame, segment: str, registered_on: date, payer_id: int | None = None, reason: str = ""
) -> pl.DataFrame:
    """Register people with BPJS Ketenagakerjaan: DataFrame[person_id, membership_id, job, kpj, is_new], a row a person.

    `frame`: person_id, place_id, occupation. BPU: whoever has an open BPU membership keeps it, KPJ and all, whoever
    paid before (continuity). PU: the same for an open membership with this employer (`payer_id`, required). Everyone
    else gets the next free job number and a KPJ. Repeating it changes nothing.
    Raises InvalidInput, NotAllowed (place outside the actor's area), NotFound (a person is not there), Conflict (more
    than 20 jobs)."""
    employer = _employer(segment, payer_id)
    people = _prepared(actor, frame)
    values = {
        "segment": segment, "payer": employer, "on": registered_on, "reason": reason[:250], "actor": actor.name,
        "now": now(),
    }  # fmt: skip
    with transaction.atomic(), loaded(people, "incoming_enrolment", _INCOMING) as cursor:
        cursor.execute(_LOCK)
        if (missing := people.height - cursor.fetchone()[0]) > 0:
            raise NotFound(
                "person_not_found",
                _("%(count)d orang tidak ditemukan di wilayah kerja Anda.") % {"count": missing},
                field="person_id",
            )
        cursor.execute(_WITHOUT_MEMBERSHIP, values)
        fresh = _numbered(
            fetch_frame(
                cursor, {"person_id": pl.Int64, "place_id": pl.Int64, "occupation": pl.String, "job": pl.Int64}
            ),
            registered_on.year,
        )
        with loaded(fresh, "new_memberships", _NEW) as writer:
            writer.execute(_INSERT, values)
            writer.execute(_JOINED, values)
        cursor.execute(_RESULT, values)
        result = fetch_frame(cursor, _RESULT_TYPES)
        record(
            actor,
            "membership.enrol",
            "membership:batch",
            reason,
            after={"people": people.height, "new": fresh.height, "segment": segment, "payer": employer},
        )
    return result.with_columns(is_new=pl.col("kpj").is_in(fresh["kpj"].implode()))


def _employer(segment: str, payer_id: int | None) -> int | None:
    """The employer of a PU membership; a BPU membership has none, who pays is said month by month."""
    if segment not in Membership.Segment.values:
        raise InvalidInput("segment_unknown", _("Segmen kepesertaan diisi PU atau BPU."), field="segment")
    if segment == Membership.Segment.BPU:
        return None
    if payer_id is None:
        raise InvalidInput("employer_missing", _("Kepesertaan PU memerlukan pemberi kerja."), field="payer_id")
    return payer_id


def _prepared(actor: Actor, frame: pl.DataFrame) -> pl.DataFrame:
    occupation = pl.col("occupation") if "occupation" in frame.columns else pl.lit("")
    people = frame.select(
        pl.col("person_id").cast(pl.Int64),
        pl.col("place_id").cast(pl.Int64),
        occupation.fill_null("").cast(pl.String).str.slice(0, 80).alias("occupation"),
    )
    if people.select(pl.any_horizontal(pl.col("person_id", "place_id").is_null().any())).item():
        raise InvalidInput("enrolment_incomplete", _("Setiap orang memerlukan nomor dan desa."), field="person_id")
    require_places(actor, people["place_id"].unique())
    return people.unique("person_id", keep="first", maintain_order=True)


def _numbered(people: pl.DataFrame, year: int) -> pl.DataFrame:
    """With a KPJ each, from the running number of the database."""
    if people.height and people.select(pl.col("job").max()).item() > MOST_JOBS:
        raise Conflict("too_many_jobs", _("Seseorang sudah memiliki %(most)d kepesertaan.") % {"most": MOST_JOBS})
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('membership_kpj') FROM generate_series(1, %s)", [people.height])
        sequences = fetch_frame(cursor, {"sequence": pl.Int64})["sequence"]
    return people.with_columns(make_kpjs(sequences, year))


@transaction.atomic
def end_membership(actor: Actor, membership_id: int, effective_on: date, reason: str) -> Membership:
    """Close a membership: `effective_on` is the first day on which it no longer stands. The same end again changes
    nothing. Raises NotFound, InvalidInput (before registration), Conflict (ended on another day)."""
    membership = _locked(membership_id)
    if effective_on < membership.registered_on:
        raise InvalidInput(
            "end_before_start", _("Tanggal berakhir lebih awal dari tanggal pendaftaran (%(date)s).")
            % {"date": f"{membership.registered_on:%d-%m-%Y}"}, field="effective_on",
        )  # fmt: skip
    ended_on = _ended_on(membership.valid, membership.registered_on)
    if ended_on == effective_on:
        return membership
    if ended_on is not None:
        raise Conflict(
            "membership_ended", _("Kepesertaan sudah berakhir pada %(date)s.") % {"date": f"{ended_on:%d-%m-%Y}"},
            field="effective_on", way_out=_("Buka kembali kepesertaan ini, lalu akhiri dengan tanggal yang benar."),
        )  # fmt: skip
    return _changed(
        actor,
        membership,
        DateRange(membership.registered_on, effective_on),
        MembershipChange.Kind.ENDED,
        effective_on,
        reason,
    )


@transaction.atomic
def reopen_membership(actor: Actor, membership_id: int, reason: str) -> Membership:
    """Undo an end that should not have been; the KPJ goes on. An open one stays as it is. Raises NotFound, Conflict
    (the person has another open membership of this kind by now)."""
    membership = _locked(membership_id)
    ended_on = _ended_on(membership.valid, membership.registered_on)
    if ended_on is None:
        return membership
    others = Membership.objects.filter(
        person_id=membership.person_id, segment=membership.segment, payer=membership.payer, valid__upper_inf=True
    )
    if others.exists():
        raise Conflict("other_membership_open", _("Orang ini sudah memiliki kepesertaan lain yang masih berjalan."))
    return _changed(
        actor, membership, DateRange(membership.registered_on, None), MembershipChange.Kind.REOPENED, ended_on, reason
    )


def _ended_on(valid: Any, registered_on: date) -> date | None:
    """The first day without membership; None while it lasts. One that ended as it began is an empty range."""
    ended: date | None = registered_on if valid.isempty else valid.upper
    return ended


def _locked(membership_id: int) -> Membership:
    membership = Membership.objects.select_for_update().filter(pk=membership_id).first()
    if membership is None:
        raise NotFound("membership_not_found", _("Kepesertaan tidak ditemukan di wilayah kerja Anda."))
    return membership


def _changed(
    actor: Actor, membership: Membership, valid: DateRange, kind: MembershipChange.Kind, effective_on: date, reason: str
) -> Membership:
    membership.valid = valid
    membership.save(update_fields=["valid"])
    MembershipChange.objects.create(
        membership=membership,
        place_id=membership.place_id,
        kind=kind,
        effective_on=effective_on,
        reason=reason[:250],
        recorded_by=actor.name,
        recorded_at=now(),
    )
    record(
        actor,
        f"membership.{kind}",
        f"membership:{membership.pk}",
        reason,
        after={"effective_on": effective_on.isoformat()},
    )
    return membership
