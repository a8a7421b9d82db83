"""What PostgreSQL refuses of reports, rows, employments and wages, whoever writes: each statement tries to break it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from wages.conftest import FEBRUARY, Firm
from world import World, make_people

from lindung.core.actors import SYSTEM, acting_as
from lindung.membership.actions import enrol
from lindung.people.actions import register_people
from lindung.wages.models import WageReportRow

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[dict[str, Any]]]

BREAKS = {
    "a second open employment": (
        "INSERT INTO wages_employment (membership_id, person_id, payer_id, place_id, employee_no, unit_code, status,"
        " country, started_on, reported_from, leave_reason) SELECT (SELECT max(id) FROM membership_membership),"
        " person_id, payer_id, place_id, '', '', '', 'ID', started_on + 5, reported_from, '' FROM wages_employment"
        " LIMIT 1"
    ),
    "an employment of another person": (
        "INSERT INTO wages_employment (membership_id, person_id, payer_id, place_id, employee_no, unit_code, status,"
        " country, started_on, reported_from, leave_reason) SELECT membership_id, person_id + 1, payer_id, place_id,"
        " '', '', '', 'ID', '2020-01-01', reported_from, '' FROM wages_employment LIMIT 1"
    ),
    "another start": "UPDATE wages_employment SET started_on = '2020-01-01'",
    "charged from a later month": "UPDATE wages_employment SET reported_from = '2026-05-01'",
    "left before the start": "UPDATE wages_employment SET left_on = '2019-01-01', leave_reported_on = '2026-01-01'",
    "left without a report": "UPDATE wages_employment SET left_on = '2026-02-01'",
    "an employment gone": "DELETE FROM wages_employment",
    "a wage changed": "UPDATE wages_wagerecord SET wage = 1",
    "a wage gone": "DELETE FROM wages_wagerecord",
    "a wage of nothing": (
        "INSERT INTO wages_wagerecord (membership_id, payer_id, place_id, month, wage, kind, report_id)"
        " SELECT membership_id, payer_id, place_id, '2026-02-01', 0, kind, report_id FROM wages_wagerecord LIMIT 1"
    ),
    "two wages of one report": (
        "INSERT INTO wages_wagerecord (membership_id, payer_id, place_id, month, wage, kind, report_id)"
        " SELECT membership_id, payer_id, place_id, month, 5, kind, report_id FROM wages_wagerecord LIMIT 1"
    ),
    "a wage under another employer": (
        "INSERT INTO wages_wagerecord (membership_id, payer_id, place_id, month, wage, kind, report_id)"
        " SELECT membership_id, payer_id + 1, place_id, '2026-02-01', 5, kind, report_id FROM wages_wagerecord LIMIT 1"
    ),
    "a row changed": "UPDATE wages_wagereportrow SET outcome = 'accepted'",
    "an accepted row mended": (
        "INSERT INTO wages_wagereportrow (report_id, payer_id, place_id, row_no, outcome, reason_codes, reasons, data,"
        " corrects_id, written_by) SELECT report_id, payer_id, place_id, row_no, outcome, '{}', '[]', data, id, 'x'"
        " FROM wages_wagereportrow WHERE outcome = 'accepted' LIMIT 1"
    ),
    "a row under another employer": (
        "INSERT INTO wages_wagereportrow (report_id, payer_id, place_id, row_no, outcome, reason_codes, reasons, data,"
        " written_by) SELECT report_id, payer_id + 1, place_id, 99, outcome, '{}', '[]', data, 'x'"
        " FROM wages_wagereportrow LIMIT 1"
    ),
    "a report gone": "DELETE FROM wages_wagereport",
    "reports gone all at once": "TRUNCATE wages_wagereport, wages_wagereportrow CASCADE",
    "a report of another number": "UPDATE wages_wagereport SET id = id + 1000",
    "an employment told by another report": "UPDATE wages_employment SET report_id = NULL",
    "a membership gone": "DELETE FROM membership_membership",
    "a membership of another number": "UPDATE membership_membership SET id = id + 1000",
    "a report withdrawn after it was applied": "UPDATE wages_wagereport SET state = 'withdrawn'",
    "a report of another month": "UPDATE wages_wagereport SET month = '2025-01-01'",
    "a report put back": "UPDATE wages_wagereport SET applied_through = 0",
    "a month closed twice": (
        "INSERT INTO wages_monthclosing (payer_id, place_id, month, workers, wages, closed_on, closed_by)"
        " SELECT payer_id, place_id, month, 0, 0, closed_on, 'x' FROM wages_monthclosing LIMIT 1"
    ),
    "a month open again": "DELETE FROM wages_monthclosing",
}


@pytest.fixture
def settled(firm: Firm, new_rows: Rows) -> Firm:
    firm.tell("new_workers", new_rows(2))
    firm.close()
    return firm


def test_no_statement_breaks_what_was_reported(settled: Firm) -> None:
    """By the tables' owner too: all of these are triggers, keys and checks."""
    broken = []
    for name, statement in BREAKS.items():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                broken.append(name)
                transaction.set_rollback(True)
        except DatabaseError:
            continue
    assert broken == []
    assert WageReportRow.objects.count() == 2


# Two rows in one statement each; the second names what is not there.
_STRANGE = "CASE WHEN row_number() OVER (ORDER BY id) = 2 THEN 1000000 ELSE {} END"
_WAITING = "(SELECT max(id) FROM wages_wagereport)"
_ROW = (
    "INSERT INTO wages_wagereportrow (report_id, corrects_id, payer_id, place_id, row_no, outcome, reason_codes,"
    " reasons, data, written_by) SELECT {}, {}, payer_id, place_id, 99, outcome, '{{}}', '[]', data, 'x'"
    " FROM wages_wagereportrow"
)
_WAGE = (
    "INSERT INTO wages_wagerecord (report_id, membership_id, payer_id, place_id, month, wage, kind)"
    " SELECT {}, {}, payer_id, place_id, '2026-02-01', 5, kind FROM wages_wagerecord"
)
NAMES_NOTHING = {
    "a row of no report": _ROW.format(_STRANGE.format("report_id"), "NULL"),
    "a row that mends none": _ROW.format("report_id", _STRANGE.format("NULL::bigint")),
    "a wage of no report": _WAGE.format(_STRANGE.format(_WAITING), "membership_id"),
    "a wage of no membership": _WAGE.format(_WAITING, _STRANGE.format("membership_id")),
    "an employment of no report": (
        "INSERT INTO wages_employment (membership_id, person_id, payer_id,"
        " place_id, employee_no, unit_code, status, country, started_on, reported_from, leave_reason,"
        " report_id) SELECT id, person_id, payer_id, place_id, '', '', '', 'ID', '2026-01-01', '2026-01-01', '',"
        " 1000000 FROM membership_membership m WHERE NOT EXISTS (SELECT 1 FROM wages_employment e"
        " WHERE e.membership_id = m.id)"
    ),
}


@pytest.mark.parametrize("statement", NAMES_NOTHING.values(), ids=NAMES_NOTHING)
def test_what_a_row_names_is_there(settled: Firm, new_rows: Rows, world: World, statement: str) -> None:
    """Looked up once for the whole statement, and by no foreign key."""
    waiting = settled.send("wages", [{"nik": row["nik"], "wage": "3600000"} for row in new_rows(2)], FEBRUARY)
    assert (waiting.rows_accepted, waiting.state) == (2, "checked")
    with acting_as(SYSTEM):  # a membership that has no employment yet
        known = register_people(SYSTEM, make_people(1, 77))
        people = known.select("person_id", pl.lit(world.regency).alias("place_id"))
        enrol(SYSTEM, people, "PU", date(2026, 1, 1), settled.payer.pk)
    with pytest.raises(IntegrityError, match="does not exist"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
