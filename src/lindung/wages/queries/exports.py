"""What goes on to SIPP: the very workbooks it takes, of what was reported and accepted here for a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.bulk import fetch_frame
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.months import add_months, format_month, month_of
from lindung.formats.sipp import MAX_ROWS, Kind, file_name, write_leavers, write_new_workers, write_wages
from lindung.wages.employers import employer_for
from lindung.wages.models import WageReport
from lindung.wages.preparing import PASSPORT, prepare
from lindung.wages.storing import stored_rows

VERSIONS = ("lengkap-30", "tiga-nama-32", "rapel-33")  # of new workers

_WORKER = """
SELECT {nik} AS nik, m.kpj, e.employee_no, p.name, p.birth_date {more}
  FROM wages_employment e
  JOIN membership_membership m ON m.id = e.membership_id
  JOIN people_person p ON p.id = e.person_id
  LEFT JOIN wages_foreignidentity f ON f.nik = p.nik
"""
_WAGES = (
    _WORKER.format(nik="coalesce(f.passport, p.nik)", more=", w.wage")
    + """
  JOIN LATERAL (SELECT r.wage FROM wages_wagerecord r WHERE r.membership_id = e.membership_id AND r.month <= %(month)s
                 ORDER BY r.month DESC, r.id DESC LIMIT 1) w ON true
 WHERE e.payer_id = %(payer)s AND e.reported_from <= %(month)s AND e.started_on < %(next)s
   AND (e.left_on IS NULL OR e.left_on >= %(month)s) ORDER BY p.name, e.id
"""
)
_LEAVERS = (
    _WORKER.format(nik="coalesce(f.passport, p.nik)", more=", e.leave_reason, e.left_on")
    + """
  JOIN wages_wagereport r ON r.id = e.leave_report_id AND r.month = %(month)s
 WHERE e.payer_id = %(payer)s ORDER BY p.name, e.id
"""
)
_PERSON = {
    "nik": pl.String, "kpj": pl.String, "employee_no": pl.String, "name": pl.String, "birth_date": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class SippFile:
    """A workbook to hand in at SIPP under this very name."""

    name: str
    content: bytes
    rows: int


def sipp_files(actor: Actor, payer_id: int, month: date, kind: str, version: str = "lengkap-30") -> list[SippFile]:
    """The files of a month for SIPP: what was accepted of new workers, everybody's wages, or who was
    reported to have left. More than 10,000 rows become several files. The export is kept in the log.

    Raises NotFound (nothing to hand in), InvalidInput (kind, version)."""
    payer = employer_for(actor, payer_id)
    month = month_of(month)
    if kind not in tuple(Kind) or version not in VERSIONS:
        raise InvalidInput("kind_unknown", _("Jenis berkas belum dipilih."), field="kind")
    values: dict[str, Any] = {"payer": payer.pk, "month": month, "next": add_months(month, 1)}
    with acting_as(on_behalf(actor)) as authority:
        rows = _ROWS[Kind(kind)](values)
        if rows.is_empty():
            raise NotFound("nothing_to_export", _("Tidak ada yang perlu dikirim untuk bulan ini."))
        record(
            authority,
            "wages.export_sipp",
            f"payer:{payer.pk}",
            after={"month": format_month(month), "kind": kind, "rows": rows.height},
        )
    if kind == Kind.WAGES:
        rows = rows.with_columns(pl.lit(month).alias("month"), pl.lit(payer.npp).alias("npp"))
    files = []
    parts = [rows.slice(start, MAX_ROWS) for start in range(0, rows.height, MAX_ROWS)]
    for place, part in enumerate(parts, start=1):
        name = file_name(Kind(kind), payer.npp)
        folder = f"{place:02d}/" if len(parts) > 1 else ""  # SIPP wants its own file name back
        files.append(SippFile(f"{folder}{name}", _written(Kind(kind), part, version), part.height))
    return files


def _written(kind: Kind, rows: pl.DataFrame, version: str) -> bytes:
    if kind is Kind.NEW_WORKERS:
        return write_new_workers(rows, version)
    return write_wages(rows) if kind is Kind.WAGES else write_leavers(rows)


def _joined(values: dict[str, Any]) -> pl.DataFrame:
    """The accepted rows of the month's reports on new workers, as they were told; of a worker the last."""
    reports = WageReport.objects.filter(
        payer_id=values["payer"], month=values["month"], kind=WageReport.Kind.NEW_WORKERS,
        state=WageReport.State.APPLIED,
    ).order_by("sequence")  # fmt: skip
    told = [stored_rows(report.pk, ["accepted"]) for report in reports]
    if not told:
        return pl.DataFrame()
    rows = prepare(pl.concat(told)).unique("nik", keep="last", maintain_order=True)
    return rows.with_columns(
        pl.when("foreign").then(pl.lit(PASSPORT)).otherwise(pl.lit("KTP")).alias("id_type"),
        (pl.col("wage_sen") / 100).cast(pl.Decimal(15, 2)).alias("wage"),
        pl.col("sex_code").alias("sex"),
        pl.col("status_code").alias("employment_status"),
        pl.col("country_code").alias("country"),
        pl.col("nik").alias("id_number"),
    )


def _paid(values: dict[str, Any]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(_WAGES, values)
        return fetch_frame(cursor, _PERSON | {"wage": pl.Decimal(15, 2)})


def _left(values: dict[str, Any]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(_LEAVERS, values)
        return fetch_frame(cursor, _PERSON | {"reason": pl.String, "left_on": pl.Date})


_ROWS = {Kind.NEW_WORKERS: _joined, Kind.WAGES: _paid, Kind.LEAVERS: _left}
