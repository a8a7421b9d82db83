"""The date that business rules go by. A demonstration database carries its own, so that its story stays the same."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from lindung.core.models import Installation


def today() -> date:
    """The business date: the installation's own if it has one, else today in the regency's time zone."""
    return _chosen() or _machine_now().date()


def is_demonstration() -> bool:
    """Whether this database tells the demonstration's story."""
    return Installation.objects.filter(id=1, business_date__isnull=False).exists()


def now() -> datetime:
    """The moment by the business date's clock, in the regency's time zone: a demonstration's day, with the present
    time of day. What happened by this clock is told by it; the action log keeps the machine's."""
    moment = _machine_now()
    return datetime.combine(_chosen() or moment.date(), moment.timetz())


def _chosen() -> date | None:
    return Installation.objects.filter(id=1).values_list("business_date", flat=True).first()


def _machine_now() -> datetime:
    return timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
