"""The date that business rules go by. A demonstration database carries its own, so that its story stays the same."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from lindung.core.models import Installation


def today() -> date:
    """The business date: the installation's own if it has one, else today in the regency's time zone."""
    chosen = Installation.objects.filter(id=1).values_list("business_date", flat=True).first()
    return chosen or now().date()


def is_demonstration() -> bool:
    """Whether this database tells the demonstration's story."""
    return Installation.objects.filter(id=1, business_date__isnull=False).exists()


def now() -> datetime:
    """The moment, in the regency's time zone."""
    return timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
