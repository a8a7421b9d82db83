"""Many memberships ended at once: an employer's leavers."""

from __future__ import annotations

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import loaded
from lindung.core.clock import now
from lindung.core.errors import Conflict, NotFound
from lindung.core.log import record

_INCOMING = {"membership_id": "bigint", "effective_on": "date", "reason": "text"}
# Locks in one order, so that two lists at the same time do not wait for each other.
_LOCK = """
SELECT count(*) FROM (SELECT m.id FROM membership_membership m JOIN ending_memberships e ON e.membership_id = m.id
                       ORDER BY m.id FOR UPDATE OF m) locked
"""
_FAULTY = """
SELECT count(*) FROM membership_membership m JOIN ending_memberships e ON e.membership_id = m.id
 WHERE e.effective_on < m.registered_on
    OR (NOT upper_inf(m.valid)
        AND (CASE WHEN isempty(m.valid) THEN m.registered_on ELSE upper(m.valid) END) <> e.effective_on)
"""
# The rows that say so come first: the trigger that wants them looks when the transaction ends.
_TELL = """
INSERT INTO membership_membershipchange (membership_id, place_id, kind, effective_on, reason, recorded_by, recorded_at)
SELECT m.id, m.place_id, 'ended', e.effective_on, left(e.reason, 250), %s, %s
  FROM membership_membership m JOIN ending_memberships e ON e.membership_id = m.id WHERE upper_inf(m.valid)
 ORDER BY m.id
"""
_END = """
UPDATE membership_membership m SET valid = daterange(m.registered_on, e.effective_on)
  FROM ending_memberships e WHERE e.membership_id = m.id AND upper_inf(m.valid)
"""


@transaction.atomic
def end_memberships(actor: Actor, frame: pl.DataFrame) -> int:
    """Close memberships, each on its day; returns how many were open until now. The same ends again change nothing.

    `frame`: membership_id, effective_on (the first day on which it no longer stands), reason; a row a membership.
    Raises NotFound (outside the actor's area), Conflict (one ended on another day, or would end before it began)."""
    if frame.is_empty():
        return 0
    with loaded(frame, "ending_memberships", _INCOMING) as cursor:
        cursor.execute(_LOCK)
        if (missing := frame.height - cursor.fetchone()[0]) > 0:
            raise NotFound(
                "membership_not_found",
                _("%(count)d kepesertaan tidak ditemukan di wilayah kerja Anda.") % {"count": missing},
            )
        cursor.execute(_FAULTY)
        if faulty := cursor.fetchone()[0]:
            raise Conflict(
                "membership_ended",
                _("%(count)d kepesertaan sudah berakhir pada tanggal lain, atau mulai sesudah tanggal berakhirnya.")
                % {"count": faulty},
                field="effective_on",
                way_out=_("Periksa tanggal berhenti pada baris itu."),
            )
        cursor.execute(_TELL, [actor.name, now()])
        ended: int = cursor.rowcount
        cursor.execute(_END)
    if ended:
        record(actor, "membership.ended_many", "membership:batch", after={"ended": ended})
    return ended
