"""Background work: forget the answers of those who never registered."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.selfpay.visits import forget_unfinished


@app.periodic(cron="41 18 * * *")
@app.task(name="selfpay.forget_unfinished", queueing_lock="forget_unfinished")
def forget(timestamp: int) -> None:
    """Once a night."""
    with acting_as(SYSTEM):
        forget_unfinished()
