"""Every night: compare lists and reports, close what is paid. And the comparison that somebody asked for."""

from __future__ import annotations

from django.urls import reverse
from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.jobs import watched
from lindung.core.models import Job


@app.periodic(cron="40 18 * * *")  # twenty to two at night in western Indonesia, after covers were refreshed
@app.task(name="compliance.every_night", queueing_lock="compliance_every_night")
def every_night(timestamp: int) -> None:
    """Run twice, it changes nothing."""
    from lindung.compliance.actions import close_paid, find
    from lindung.core.clock import today

    with acting_as(SYSTEM):
        close_paid(SYSTEM)
        find(SYSTEM, today())


@app.task(name="compliance.find")
def find_task(job_id: str) -> None:
    """Compare now."""
    from lindung.compliance.actions import close_paid, find
    from lindung.core.clock import today

    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            close_paid(SYSTEM)
            run = find(SYSTEM, today())
        summary = f"{run.opened} temuan baru, {run.changed} angka berubah, {run.resolved} selesai"
        progress.finish(Job.State.DONE, summary, reverse("compliance:findings"))
