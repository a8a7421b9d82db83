"""Reads: one row as it was written, for whoever mends it; who works where, for pages about one worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import NotFound
from lindung.core.log import record_access
from lindung.core.months import add_months, month_of
from lindung.core.scope import require_payer
from lindung.formats.words import mask_nik
from lindung.wages.models import Employment, MonthClosing, WageReportRow
from lindung.wages.queries.workers import WORKERS, WorkerLine
from lindung.wages.reasons import Told, retell
from lindung.wages.receiving import report_for


@dataclass(frozen=True)
class RowToMend:
    """A row with every cell as written, unmasked: whoever mends it must see the slip."""

    id: int
    report_id: int
    payer_id: int
    kind: str
    row_no: int
    outcome: str
    data: dict[str, str]
    reasons: list[Told]
    mended: bool


def row_to_mend(actor: Actor, row_id: int) -> RowToMend:
    """One row; the look is logged. Raises NotFound."""
    row = WageReportRow.objects.filter(pk=row_id).first()
    if row is None:
        raise NotFound("row_not_found", _("Baris tidak ditemukan."))
    report = report_for(actor, row.report_id)
    record_access(actor, f"wage_report_row:{row.pk}", "mend")
    data: dict[str, Any] = row.data
    return RowToMend(
        row.pk, report.pk, report.payer_id, report.kind, row.row_no, row.outcome,
        {name: str(value) for name, value in data.items() if value not in (None, "", False)},
        [retell(told) for told in row.reasons], WageReportRow.objects.filter(corrects=row).exists(),
    )  # fmt: skip


def month_to_do(actor: Actor, payer_id: int, today: date) -> date:
    """The month an employer has to deal with: the one before this while it is not closed, else this one."""
    require_payer(actor, payer_id)
    this, before = month_of(today), add_months(month_of(today), -1)
    begun = Employment.objects.filter(payer_id=payer_id, reported_from__lte=before).exists()
    closed = MonthClosing.objects.filter(payer_id=payer_id, month=before).exists()
    return before if begun and not closed else this


def worker_of(actor: Actor, payer_id: int, employment_id: int, on: date) -> WorkerLine:
    """One worker of an employer as of a day; the look is logged. Raises NotFound."""
    require_payer(actor, payer_id)
    month = month_of(on)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{WORKERS} AND e.id = %(employment)s",
            {"payer": payer_id, "month": month, "next": add_months(month, 1), "employment": employment_id},
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("worker_not_found", _("Pekerja tidak ditemukan pada perusahaan ini."))
    line = WorkerLine(*row)
    record_access(actor, f"person:{line.person_id}", "employer")
    return replace(line, nik=mask_nik(line.nik))
