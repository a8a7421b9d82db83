"""How reported workers differ from the register: kept apart from what their employer is told."""

from __future__ import annotations

import polars as pl

from lindung.core.bulk import loaded
from lindung.wages.models import WageReport
from lindung.wages.storing import STANDING

_DOUBT = {"row_no": "integer", "person_id": "bigint", "code": "text"}
_KEEP = f"""
INSERT INTO wages_identitydoubt (row_id, payer_id, place_id, person_id, codes)
SELECT r.id, r.payer_id, r.place_id, d.person_id, array_agg(d.code)
  FROM doubted d JOIN wages_wagereportrow r ON r.report_id = %s AND r.row_no = d.row_no AND {STANDING}
 GROUP BY r.id, d.person_id
"""


def keep_doubts(report: WageReport, doubts: pl.DataFrame) -> None:
    """Write the doubts (`Checked.doubts`) about rows that were just stored."""
    if not doubts.is_empty():
        with loaded(doubts, "doubted", _DOUBT) as cursor:
            cursor.execute(_KEEP, [report.pk])
