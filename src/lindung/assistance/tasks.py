"""Background jobs of this room; each calls one action, which may be called again after a killed worker.

The actions are imported when a job runs: Django loads this module while it starts."""

from __future__ import annotations

from django.urls import reverse
from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.jobs import watched
from lindung.core.models import Job


@app.task(name="assistance.check_proposal")
def check_proposal_task(job_id: str, proposal_id: int) -> None:
    """Check a large list."""
    from lindung.assistance.proposals import check_proposal

    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            proposal = check_proposal(SYSTEM, proposal_id, progress)
        url = reverse("assistance:proposal", args=[proposal_id])
        if proposal.state == proposal.State.FAILED:
            progress.finish(Job.State.FAILED, proposal.failure, url)
        else:
            summary = f"{proposal.rows_accepted} diterima, {proposal.rows_to_fix} perlu diperbaiki, " \
                      f"{proposal.rows_rejected} ditolak, {proposal.rows_known} sudah ada"  # fmt: skip
            progress.finish(Job.State.DONE, summary, url)


@app.task(name="assistance.enact_decree")
def enact_decree_task(job_id: str, decree_id: int) -> None:
    """Put a large decree into effect."""
    from lindung.assistance.decrees import enact_decree

    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            enactment = enact_decree(SYSTEM, decree_id, progress)
        progress.finish(
            Job.State.DONE, f"{enactment.people} orang, {enactment.person_months} orang-bulan",
            reverse("assistance:decree", args=[decree_id]),
        )  # fmt: skip
