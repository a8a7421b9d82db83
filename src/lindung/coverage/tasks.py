"""Background work of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.clock import today
from lindung.coverage import actions


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="coverage_refresh", name="coverage.refresh_summary")
def refresh_summary(timestamp: int) -> None:
    """Every hour: the figures of today."""
    with acting_as(SYSTEM):
        actions.refresh_summary(SYSTEM, today())
