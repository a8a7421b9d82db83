"""The story's calendar: what day it is, and who acts on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.models import Installation
from lindung.web.demo import cast


def turn_to(day: date) -> None:
    """Let it be this day from now on."""
    with acting_as(SYSTEM):
        Installation.objects.filter(id=1).update(business_date=day)


@contextmanager
def on(day: date, username: str) -> Iterator[Actor]:
    """Act as a user of the demonstration on a day of the story."""
    turn_to(day)
    actor = cast.actor(username)
    with acting_as(actor):
        yield actor
