"""Reads of the lists that came in: versions, and their lines with faults and matches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung.compliance.models import CompanyList
from lindung.core.errors import NotFound
from lindung.core.ui.tables import ListQuery, Page


@dataclass(frozen=True)
class ListRow:
    """A version of a list."""

    id: int
    kind: str
    version: int
    source: str
    as_of: date
    file_name: str
    companies: int
    faulty: int
    matched: int
    received_at: datetime


def list_rows(query: ListQuery) -> Page:
    """Lists that came in, the newest first."""
    order = query.order_sql(
        {"received_at": "l.received_at", "as_of": "l.as_of", "companies": "l.companies"}, "l.id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT l.id, l.kind, l.version, l.source, l.as_of, l.file_name, l.companies, l.faulty,
                   (SELECT count(*) FROM compliance_listmatch m JOIN compliance_listedcompany c ON c.id = m.listed_id
                     WHERE c.company_list_id = l.id), l.received_at
              FROM compliance_companylist l
             WHERE (%(kind)s = '' OR l.kind = %(kind)s)
               AND (%(q)s = '%%' OR l.source ILIKE %(q)s OR l.file_name ILIKE %(q)s)
             ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
            """,
            {
                "kind": query.filters.get("kind", ""),
                "q": f"%{query.search}%",
                "limit": query.limit,
                "offset": query.offset,
            },
        )
        return Page.of([ListRow(*row) for row in cursor.fetchall()], query)


def company_list(list_id: int) -> CompanyList:
    """One list. Raises NotFound."""
    found = CompanyList.objects.filter(pk=list_id).first()
    if found is None:
        raise NotFound("list_not_found", _("Daftar tidak ditemukan."))
    return found


@dataclass(frozen=True)
class LineRow:
    """A line of a list: what was read, what is wrong with it, which payer it is."""

    id: int
    row_no: int
    name: str
    nib: str
    place: str
    workers: int | None
    wage_average: int | None
    faults: list[str]
    usable: bool
    written: dict[str, Any] | None
    payer_id: int | None
    payer: str
    by: str
    likeness: float | None


def lines(list_id: int, query: ListQuery) -> Page:
    """The lines of a list in the order of the file; those with faults, or without a payer, by filter."""
    order = query.order_sql({"row_no": "c.row_no", "name": "c.name", "workers": "c.workers"}, "c.row_no")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.id, c.row_no, c.name, c.nib, c.place_text, c.workers, c.wage_average, c.faults, c.usable,
                   c.written, m.payer_id, coalesce(y.name, ''), coalesce(m.by, ''), m.likeness
              FROM compliance_listedcompany c LEFT JOIN compliance_listmatch m ON m.listed_id = c.id
              LEFT JOIN payers_payer y ON y.id = m.payer_id
             WHERE c.company_list_id = %(list)s
               AND (%(show)s = '' OR (%(show)s = 'faulty' AND c.faults <> '{{}}')
                    OR (%(show)s = 'matched' AND m.payer_id IS NOT NULL)
                    OR (%(show)s = 'unmatched' AND m.payer_id IS NULL AND c.usable))
               AND (%(q)s = '%%' OR c.name ILIKE %(q)s OR c.nib LIKE %(q)s OR c.npwp LIKE %(q)s)
             ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
            """,
            {
                "list": list_id,
                "show": query.filters.get("show", ""),
                "q": f"%{query.search}%",
                "limit": query.limit,
                "offset": query.offset,
            },
        )
        return Page.of([_line(row) for row in cursor.fetchall()], query)


def _line(row: tuple[Any, ...]) -> LineRow:
    *read, written, payer_id, payer, by, likeness = row
    cells = json.loads(written) if written else None
    return LineRow(*(*read, cells, payer_id, payer, by, likeness))
