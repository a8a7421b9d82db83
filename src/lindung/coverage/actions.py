"""The writes of this room: figures from outside, and the summary of what Lindung counts itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from lindung.core.actors import Actor
from lindung.core.log import record
from lindung.core.months import add_months, last_day, month_of
from lindung.coverage.counting import count_day
from lindung.coverage.models import Denominator, ExternalFigure, Summary
from lindung.coverage.published import read_published
from lindung.places.models import Place
from lindung.places.queries import find_place

MONTHS_SHOWN = 12
_LOCK = "SELECT pg_advisory_xact_lock(7316, 8)"


@dataclass(frozen=True)
class RecordedFigures:
    """How many figures and denominators stand, and how many of them this call added."""

    figures: int
    denominators: int
    added: int


def record_published_figures(actor: Actor, regency_key: int) -> RecordedFigures:
    """Store what others published about a regency, with source and date; a second call changes nothing.

    A mended value, label or period in the data file replaces the stored one. Raises NotAllowed, and NotFound for a
    regency without a data file."""
    actor.require("coverage.record_figures")
    regency = find_place(regency_key)
    figures, denominators = read_published(regency.code)
    codes = {row.place for row in denominators} | {regency.code}
    keys = dict(Place.objects.filter(code__in=codes).values_list("code", "key"))
    with transaction.atomic():
        before = ExternalFigure.objects.count() + Denominator.objects.count()
        ExternalFigure.objects.bulk_create(
            [ExternalFigure(place_id=regency.key, **vars(row)) for row in figures],
            update_conflicts=True, unique_fields=["code", "place", "source"],
            update_fields=["label", "value", "unit", "at_least", "as_of", "period"],
        )  # fmt: skip
        known = [row for row in denominators if row.place in keys]
        Denominator.objects.bulk_create(
            [Denominator(**(vars(row) | {"place": None, "place_id": keys[row.place]})) for row in known],
            update_conflicts=True, unique_fields=["place", "kind", "as_of"],
            update_fields=["value", "period", "source"],
        )  # fmt: skip
        added = ExternalFigure.objects.count() + Denominator.objects.count() - before
        if added:
            record(actor, "coverage.record_figures", f"place:{regency.key}", after={"added": added})
    return RecordedFigures(len(figures), len(known), added)


def refresh_summary(actor: Actor, as_of: date) -> int:
    """Count the day anew, and the ends of the eleven months before where none was counted; returns the rows written.

    Repeatable. Earlier days of the same month give way to `as_of`, so that a month keeps one snapshot. What a month's
    end showed stays, also when a payment is entered late. Raises NotAllowed."""
    actor.require("coverage.refresh")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        Summary.objects.filter(as_of__range=(month_of(as_of), as_of)).delete()
        rows = sum(count_day(day) for day in [*_uncounted_month_ends(as_of), as_of])
        record(actor, "coverage.refresh", f"coverage:{as_of.isoformat()}", after={"rows": rows})
    return rows


def _uncounted_month_ends(as_of: date) -> list[date]:
    first = add_months(month_of(as_of), 1 - MONTHS_SHOWN)
    before = month_of(as_of) - timedelta(days=1)
    days = Summary.objects.filter(as_of__range=(first, before)).values_list("as_of", flat=True).distinct()
    counted = {month_of(day) for day in days}
    months = [add_months(first, offset) for offset in range(MONTHS_SHOWN - 1)]
    return [last_day(month) for month in months if month not in counted]
