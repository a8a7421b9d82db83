"""Every hour: lines nobody knew are looked at again, and the books follow what lines stand for."""

from __future__ import annotations

from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.reconciliation.actions import match_again


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="reconciliation_match_again")
def match_open_lines(timestamp: int) -> None:
    """Run twice, it changes nothing."""
    with acting_as(SYSTEM):
        match_again(SYSTEM)
