"""Background jobs of this room."""

from __future__ import annotations

from django.urls import reverse
from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.jobs import watched
from lindung.core.models import Job
from lindung.core.ui.words import number, rupiah


@app.task(name="ledger.credit_jht")
def credit_jht_task(job_id: str, year: int) -> None:
    """Credit a year's return to all JHT accounts; begun again after a kill, it has the same effect."""
    from lindung.ledger.crediting import credit_jht

    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            done = credit_jht(SYSTEM, year)
        summary = f"{number(done.accounts)} rekening, {rupiah(done.amount)}"
        progress.finish(Job.State.DONE, summary, reverse("ledger:jht_years"))
