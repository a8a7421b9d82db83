"""Reads: reports as lists, one report, its rows with their reasons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from lindung.core.actors import Actor
from lindung.core.scope import require_payer
from lindung.core.ui.listing import ListQuery, Page
from lindung.formats.words import mask_nik
from lindung.wages.models import WageReport
from lindung.wages.reasons import Told, retell
from lindung.wages.receiving import report_for
from lindung.wages.storing import STANDING


@dataclass(frozen=True)
class ReportLine:
    """A report in a list. `open` rows wait to be mended; `job_id` while it is worked on in the background."""

    id: int
    payer_id: int
    payer: str
    month: date
    sequence: int
    kind: str
    template_version: str
    file_name: str
    unit_code: str
    state: str
    failure: str
    reason: str
    received_at: datetime
    received_by: str
    applied_at: datetime | None
    rows_received: int
    rows_accepted: int
    rows_warned: int
    rows_to_fix: int
    rows_rejected: int
    rows_unapplied: int
    job_id: str | None


_LINE = """
SELECT r.id, r.payer_id, y.name, r.month, r.sequence, r.kind, r.template_version, r.file_name, r.unit_code, r.state,
       r.failure, r.reason, r.received_at, r.received_by, r.applied_at, r.rows_received, r.rows_accepted,
       r.rows_warned, r.rows_to_fix, r.rows_rejected,
       CASE WHEN r.state = 'applied' AND r.rows_accepted > 0 THEN
         (SELECT count(*) FROM wages_wagereportrow w WHERE w.report_id = r.id AND w.id > r.applied_through
             AND w.outcome = 'accepted') ELSE 0 END, r.job_id::text
  FROM wages_wagereport r JOIN payers_payer y ON y.id = r.payer_id
"""
_SORTS = {"month": "r.month", "received_at": "r.received_at"}


def reports(actor: Actor, query: ListQuery, payer_id: int | None = None) -> Page:
    """Reports the actor may see, the newest first, as ReportLine. Filters: state, kind, month (YYYY-MM)."""
    if payer_id is not None:
        require_payer(actor, payer_id)
    terms, values = ["true"], dict[str, Any](limit=query.limit, offset=query.offset, payer=payer_id)
    if payer_id is not None:
        terms.append("r.payer_id = %(payer)s")
    for name in ("state", "kind"):
        if chosen := query.filters.get(name):
            terms.append(f"r.{name} = %({name})s")
            values[name] = chosen
    if month := query.filters.get("month"):
        terms.append("to_char(r.month, 'YYYY-MM') = %(month)s")
        values["month"] = month
    order = query.order_sql(_SORTS, "r.id DESC")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_LINE} WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values
        )
        return Page.of([ReportLine(*row) for row in cursor.fetchall()], query)


def report(actor: Actor, report_id: int) -> ReportLine:
    """One report. Raises NotFound."""
    found: WageReport = report_for(actor, report_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_LINE} WHERE r.id = %s", [found.pk])
        return ReportLine(*cursor.fetchone())


@dataclass(frozen=True)
class RowLine:
    """A row as it stands, with what is wrong and the way out; `nik` is masked. `data` holds every cell as written."""

    id: int
    row_no: int
    outcome: str
    name: str
    nik: str
    kpj: str
    wage: str
    data: dict[str, str]
    reasons: list[Told]
    corrects_id: int | None


def report_rows(actor: Actor, report_id: int, query: ListQuery) -> Page:
    """The standing rows of a report as RowLine, in the file's order. Filters: outcome, code (of a reason), warned.

    Search: name, KPJ, or the row's number. Raises NotFound."""
    found = report_for(actor, report_id)
    terms = ["r.report_id = %(report)s", STANDING]
    values: dict[str, Any] = {"report": found.pk, "limit": query.limit, "offset": query.offset}
    if outcome := query.filters.get("outcome"):
        terms.append("r.outcome = %(outcome)s")
        values["outcome"] = outcome
    if code := query.filters.get("code"):
        terms.append("%(code)s = ANY(r.reason_codes)")
        values["code"] = code
    if query.filters.get("warned"):
        terms.append("r.reason_codes <> '{}'")
    if query.search:
        terms.append("(r.data ->> 'name' ILIKE %(text)s OR r.data ->> 'kpj' = %(exact)s OR r.row_no::text = %(exact)s)")
        plain = query.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values |= {"text": f"%{plain}%", "exact": query.search}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.row_no, r.outcome, r.data, r.reasons, r.corrects_id FROM wages_wagereportrow r"
            f" WHERE {' AND '.join(terms)} ORDER BY r.row_no, r.id LIMIT %(limit)s OFFSET %(offset)s",
            values,
        )
        return Page.of([_row_line(*row) for row in cursor.fetchall()], query)


def _row_line(id: int, row_no: int, outcome: str, data: Any, reasons: Any, corrects_id: int | None) -> RowLine:
    cells = {name: str(value) for name, value in _loaded(data).items() if value not in (None, "", False)}
    return RowLine(
        id=id, row_no=row_no, outcome=outcome, name=cells.get("name", ""), nik=mask_nik(cells.get("nik", "")),
        kpj=cells.get("kpj", ""), wage=cells.get("wage", ""), data=cells | {"nik": mask_nik(cells.get("nik", ""))},
        reasons=[retell(told) for told in _loaded(reasons)], corrects_id=corrects_id,
    )  # fmt: skip


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def reason_counts(actor: Actor, report_id: int) -> dict[str, int]:
    """How many standing rows have each reason. Raises NotFound."""
    found = report_for(actor, report_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT code, count(*) FROM wages_wagereportrow r CROSS JOIN unnest(r.reason_codes) AS code
             WHERE r.report_id = %s AND {STANDING} GROUP BY code ORDER BY count(*) DESC, code
            """,
            [found.pk],
        )
        return dict(cursor.fetchall())
