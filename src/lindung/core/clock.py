"""The date that business rules go by. A demonstration database carries its own, so that its story stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from lindung.core.models import Installation

_read: ContextVar[list[Installation | None] | None] = ContextVar("lindung_installation", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within the block the installation is read at most once: a request asks for the date many times."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def installation() -> Installation | None:
    """Which regency this database serves; None before it is set up."""
    read = _read.get()
    if read:
        return read[0]
    found = Installation.objects.filter(id=1).first()
    if read is not None:
        read.append(found)
    return found


def today() -> date:
    """The business date: the installation's own if it has one, else today in the regency's time zone."""
    return _chosen() or _machine_now().date()


def is_demonstration() -> bool:
    """Whether this database tells the demonstration's story."""
    return _chosen() is not None


def now() -> datetime:
    """The moment by the business date's clock, in the regency's time zone: a demonstration's day, with the present
    time of day. What happened by this clock is told by it; the action log keeps the machine's."""
    moment = _machine_now()
    return datetime.combine(_chosen() or moment.date(), moment.timetz())


def _chosen() -> date | None:
    served = installation()
    return served.business_date if served else None


def _machine_now() -> datetime:
    return timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
