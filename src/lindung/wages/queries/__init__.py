"""The reads of this room, by subject."""

from __future__ import annotations

from lindung.wages.queries.exports import VERSIONS, SippFile, sipp_files
from lindung.wages.queries.months import (
    Checklist,
    ClosedMonth,
    MonthBill,
    MonthState,
    Task,
    checklist,
    history,
    month_estimate,
    month_state,
)
from lindung.wages.queries.reports import ReportLine, RowLine, reason_counts, report, report_rows, reports
from lindung.wages.queries.workers import (
    Unreported,
    WageLine,
    WorkerLine,
    late_leavers,
    leavers_unreported,
    wages_of,
    workers,
)

__all__ = [
    "VERSIONS",
    "Checklist",
    "ClosedMonth",
    "MonthBill",
    "MonthState",
    "ReportLine",
    "RowLine",
    "SippFile",
    "Task",
    "Unreported",
    "WageLine",
    "WorkerLine",
    "checklist",
    "history",
    "late_leavers",
    "leavers_unreported",
    "month_estimate",
    "month_state",
    "reason_counts",
    "report",
    "report_rows",
    "reports",
    "sipp_files",
    "wages_of",
    "workers",
]
