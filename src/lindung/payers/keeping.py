"""Facts with a period: recording one from a day on, without losing what was said before."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from lindung.core.actors import Actor
from lindung.payers.models import Kept

K = TypeVar("K", bound=Kept)


def standing_on(model: type[K], subject: dict[str, Any], day: date) -> K | None:
    """The row that holds on a day."""
    return model._default_manager.filter(**subject, superseded_at=None, valid__contains=day).first()


def record_from(
    model: type[K],
    subject: dict[str, Any],
    day: date,
    facts: dict[str, Any],
    actor: Actor,
    source: str,
    reason: str,
    until: date | None = None,
) -> tuple[K, bool]:
    """The fact that holds from a day on, before `until` and before the next later one already recorded; and whether it
    is new. The same fact again changes nothing. The caller holds a lock on the subject."""
    rows = model._default_manager.filter(**subject, superseded_at=None)
    now = rows.filter(valid__contains=day).first()
    if now is not None and all(getattr(now, name) == value for name, value in facts.items()):
        return now, False
    if now is not None:
        end = now.valid.upper
    else:
        later = rows.filter(valid__startswith__gt=day).order_by("valid").first()
        end = later.valid.lower if later else None
    end = min((bound for bound in (end, until) if bound is not None), default=None)
    if now is not None:
        _supersede(now, day, end)
    new = model._default_manager.create(
        **subject, **facts, valid=DateRange(day, end), source=source, reason=reason, recorded_by=actor.name
    )
    return new, True


def _supersede(row: Kept, first: date, end: date | None) -> None:
    """Mark a row as superseded; what it says of the days before `first` and from `end` on stands again."""
    model, lower, upper = type(row), row.valid.lower, row.valid.upper
    model._default_manager.filter(pk=row.pk).update(superseded_at=timezone.now())
    if lower < first:
        _stand_again(row, DateRange(lower, first))
    if end is not None and end != upper:
        _stand_again(row, DateRange(end, upper))


def _stand_again(row: Kept, valid: DateRange) -> None:
    row.pk, row.superseded_at, row.valid = None, None, valid
    row._state.adding = True
    row.save(force_insert=True)
