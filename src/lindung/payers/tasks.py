"""Every night: today's risk group of each payer follows what was recorded to hold from today on."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.clock import today
from lindung.payers.employers import follow_risk_groups


@app.periodic(cron="5 17 * * *")  # five past midnight in western Indonesia
@app.task(queueing_lock="follow_risk_groups")
def follow_every_risk_group(timestamp: int) -> None:
    """Run twice, it changes nothing."""
    with acting_as(SYSTEM):
        follow_risk_groups(today())
