"""Every night: room for the months to come, and cover as the new day sees it."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lindung.contributions.actions import ensure_months, refresh_cover, refresh_pending
from lindung.contributions.penalties import propose_penalties
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.clock import today
from lindung.core.months import add_months, month_of, month_range

MONTHS_AHEAD = 15


@app.periodic(cron="10 17 * * *")  # ten past midnight in western Indonesia
@app.task(queueing_lock="refresh_cover")
def refresh_every_cover(timestamp: int) -> None:
    """Months paid ahead begin to count when they begin. Run twice, it changes nothing."""
    with acting_as(SYSTEM):
        month = month_of(today())
        ensure_months(list(month_range(month, add_months(month, MONTHS_AHEAD))))
        refresh_cover(None)


@app.periodic(cron="50 18 18 * *")  # the 19th before dawn: the month's contributions were due on the 15th or soon after
@app.task(name="contributions.propose_penalties", queueing_lock="propose_penalties")
def propose_penalties_task(timestamp: int) -> None:
    """Once a month the officer finds what lateness has cost. Run twice, it changes nothing."""
    with acting_as(SYSTEM):
        propose_penalties(SYSTEM, today())


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="refresh_pending")
def refresh_pending_cover(timestamp: int) -> None:
    """Every few seconds: cover and JHT follow the payments that came in."""
    with acting_as(SYSTEM):
        refresh_pending()
