"""The action log: every act has an actor, a time and a reason, chained by hash so that tampering shows.

Entries are chained when their transaction commits (a deferred trigger), so the chain's lock is held only then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from lindung.core.actors import Actor
from lindung.core.errors import DomainError
from lindung.core.models import AccessEntry, ActionEntry


def record(
    actor: Actor,
    action: str,
    subject: str,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> ActionEntry:
    """Write one act into the log, inside the act's own transaction. No NIK, no bank account: subjects are ids."""
    return ActionEntry.objects.create(
        actor_id=actor.user_id,
        actor_name=actor.name,
        role=actor.role,
        action=action,
        subject=subject,
        reason=reason,
        before=before,
        after=after,
    )


def record_refusal(actor: Actor, attempted: str, error: DomainError) -> None:
    """Leave a trace of an act that a rule refused, after what the act did was rolled back."""
    record(actor, "refused", attempted[:120], str(error.message), after={"code": error.code})


def record_access(actor: Actor, subject: str, purpose: str) -> None:
    """Note that someone looked at a person's record."""
    AccessEntry.objects.create(
        actor_id=actor.user_id, actor_name=actor.name, role=actor.role, subject=subject, purpose=purpose
    )


# As the index has it (migration 0003): a search finds nothing across the lines.
_SOUGHT = "upper(action || E'\\n' || actor_name || E'\\n' || subject) LIKE upper(%s)"


def entries(search: str, limit: int, offset: int) -> list[ActionEntry]:
    """Entries of the log, newest first; `search` looks in act, actor and subject."""
    found = ActionEntry.objects.all()
    if search:
        plain = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = found.extra(where=[_SOUGHT], params=[f"%{plain}%"])  # nosec B610: a constant; the text is a parameter
    return list(found.order_by("-id")[offset : offset + limit])


@dataclass(frozen=True)
class ChainReport:
    """Result of reading the whole chain: how many entries, and the first that does not fit (None when sound)."""

    entries: int
    broken_at: int | None
    problem: str


def verify_chain() -> ChainReport:
    """Recompute every hash from the entries as they stand now, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chain AS (
              SELECT l.sequence, l.previous, l.digest, e.id AS entry_id,
                     lag(l.digest, 1, repeat('0', 64)) OVER (ORDER BY l.sequence) AS expected_previous,
                     CASE WHEN e.id IS NULL THEN NULL ELSE core_entry_digest(e, l.previous) END AS recomputed,
                     row_number() OVER (ORDER BY l.sequence) AS position
              FROM core_actionlink l LEFT JOIN core_actionentry e ON e.id = l.entry_id)
            SELECT (SELECT count(*) FROM chain),
                   (SELECT min(sequence) FROM chain WHERE previous <> expected_previous OR recomputed IS NULL
                       OR digest <> recomputed OR position <> sequence),
                   (SELECT count(*) FROM core_actionentry e
                     WHERE NOT EXISTS (SELECT 1 FROM core_actionlink l WHERE l.entry_id = e.id))
            """
        )
        count, broken, unchained = cursor.fetchone()
    if broken is not None:
        return ChainReport(count, broken, "an entry was changed, removed or put in between")
    if unchained:
        return ChainReport(count, count + 1, f"{unchained} entries are not in the chain")
    return ChainReport(count, None, "")
