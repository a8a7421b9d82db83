"""Background jobs of this room; each calls one action, which may be called again after a killed worker.

The actions are imported when a job runs: Django loads this module while it starts."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.jobs import watched
from lindung.core.models import Job


@app.task(name="wages.check_report")
def check_report_task(job_id: str, report_id: int) -> None:
    """Check a large workbook."""
    from lindung.wages.receiving import check_report

    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            report = check_report(SYSTEM, report_id, progress)
        if report.state == report.State.FAILED:
            progress.finish(Job.State.FAILED, report.failure)
        else:
            progress.finish(
                Job.State.DONE,
                _("%(accepted)d diterima, %(to_fix)d perlu diperbaiki, %(rejected)d ditolak")
                % {"accepted": report.rows_accepted, "to_fix": report.rows_to_fix, "rejected": report.rows_rejected},
            )


@app.task(name="wages.apply_report")
def apply_report_task(job_id: str, report_id: int) -> None:
    """Put a large report into effect."""
    from lindung.wages.applying import apply_report

    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            report = apply_report(SYSTEM, report_id, progress)
        progress.finish(Job.State.DONE, _("%(rows)d baris diterapkan") % {"rows": report.rows_accepted})


@app.task(name="wages.close_month")
def close_month_task(job_id: str, payer_id: int, month: str, same: bool, by: str) -> None:
    """Close a large employer's month, in the name of whoever asked for it."""
    from lindung.core.months import parse_month
    from lindung.wages.charging import close_month, same_as_last_month

    act, actor = (same_as_last_month if same else close_month), replace(SYSTEM, name=by)
    with watched(job_id) as progress:
        with acting_as(actor):
            closing = act(actor, payer_id, parse_month(month), progress)
        progress.finish(Job.State.DONE, _("%(workers)d pekerja, tagihan terbit") % {"workers": closing.workers})
