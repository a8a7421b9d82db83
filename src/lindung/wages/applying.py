"""Checked reports put into effect: people, employments, wages. Set-based, and the same when it is done twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.clock import now, today
from lindung.core.errors import Conflict
from lindung.core.jobs import ProgressFunction, enqueue, silent
from lindung.core.log import record
from lindung.core.models import Job
from lindung.core.months import add_months, month_of
from lindung.membership.actions import end_memberships, enrol
from lindung.payers.models import Payer
from lindung.people.actions import register_people
from lindung.wages.charging import settle_differences
from lindung.wages.checking import ACCEPTED
from lindung.wages.employers import employer_for, in_turn, rules_for
from lindung.wages.findings import Rules
from lindung.wages.foreigners import with_numbers
from lindung.wages.matching import find_jobs, left_by_default
from lindung.wages.models import WageReport
from lindung.wages.pieces import monthly_wages
from lindung.wages.preparing import prepare, rupiah_text
from lindung.wages.receiving import REPORT, report_for
from lindung.wages.storing import stored_rows

ROWS_AT_ONCE = 1_500  # larger reports are applied in the background

# The village of each post code, or its district where several villages share the code; null where neither is clear.
_PLACES = """
SELECT v.postal_code, CASE WHEN min(v.key) = max(v.key) THEN min(v.key)
                           WHEN min(v.key) / 10000 = max(v.key) / 10000
                           THEN (SELECT d.key FROM places_place d WHERE d.key = min(v.key) / 10000 * 10000) END
  FROM places_place v WHERE v.kind = 'village' AND v.postal_code = ANY(%s) GROUP BY v.postal_code
"""
_HOMES = "SELECT p.id, p.place_id FROM people_person p JOIN incoming_ids i ON i.person_id = p.id"

_JOBS = {
    "membership_id": "bigint", "person_id": "bigint", "employee_no": "text", "status": "text", "country": "text",
    "started_on": "date", "contract_end": "date",
}  # fmt: skip
_EMPLOY = """
INSERT INTO wages_employment (membership_id, person_id, payer_id, place_id, employee_no, unit_code, status, country,
                              started_on, reported_from, contract_end, leave_reason, report_id)
SELECT n.membership_id, n.person_id, %(payer)s, %(place)s, n.employee_no, %(unit)s, n.status, n.country, n.started_on,
       %(month)s, n.contract_end, '', %(report)s
  FROM new_jobs n WHERE NOT EXISTS (SELECT 1 FROM wages_employment e WHERE e.membership_id = n.membership_id)
 ORDER BY n.membership_id
"""
# Of whoever worked here before, what may change: number, contract, unit. What the row leaves blank stays.
_RENEW = """
UPDATE wages_employment e
   SET reported_from = least(e.reported_from, %(month)s),
       employee_no = coalesce(nullif(n.employee_no, ''), e.employee_no),
       unit_code = coalesce(nullif(%(unit)s, ''), e.unit_code), status = coalesce(nullif(n.status, ''), e.status),
       contract_end = CASE WHEN n.status = 'PKWTT' THEN n.contract_end
                           ELSE coalesce(n.contract_end, e.contract_end) END
  FROM new_jobs n WHERE e.membership_id = n.membership_id AND e.report_id IS DISTINCT FROM %(report)s
"""
_WAGES = {"membership_id": "bigint", "wage": "numeric", "kind": "text", "rate": "numeric"}
_PAY = """
INSERT INTO wages_wagerecord (membership_id, payer_id, place_id, month, wage, kind, rate, report_id)
SELECT n.membership_id, %(payer)s, %(place)s, %(month)s, n.wage, n.kind, n.rate, %(report)s
  FROM new_wages n ORDER BY n.membership_id
ON CONFLICT ON CONSTRAINT one_wage_per_report DO NOTHING
"""
_LEAVERS = {"membership_id": "bigint", "left_on": "date", "reason": "text"}
_LEAVE = """
UPDATE wages_employment e SET left_on = l.left_on, leave_reason = left(l.reason, 120), leave_reported_on = %(today)s,
       leave_report_id = %(report)s
  FROM leaving l WHERE e.membership_id = l.membership_id AND e.left_on IS NULL
"""
_ENDS = """
SELECT l.membership_id, greatest(l.left_on + 1, m.registered_on), l.reason
  FROM leaving l JOIN membership_membership m ON m.id = l.membership_id WHERE upper_inf(m.valid)
"""


@dataclass(frozen=True)
class Applied:
    """What a report did: whom it touches, from which month on; how many are new here."""

    memberships: list[int]
    from_month: date
    joined: int = 0
    left: int = 0
    wages: int = 0


def begin_applying(actor: Actor, report_id: int) -> WageReport | Job:
    """Apply a report: small ones now, large ones in the background. Raises as `apply_report`."""
    report = report_for(actor, report_id)
    if report.rows_accepted <= ROWS_AT_ONCE:
        return apply_report(actor, report_id)
    from lindung.wages.tasks import apply_report_task  # the task calls back into this module

    actor.require(REPORT)
    employer_for(actor, report.payer_id)
    subject = _("Penerapan laporan %(month)s nomor %(number)d") % {
        "month": f"{report.month:%m-%Y}",
        "number": report.sequence,
    }
    with acting_as(on_behalf(actor)) as authority:
        return enqueue(authority, apply_report_task, "apply_wage_report", subject, report_id=report_id)


@transaction.atomic
def apply_report(actor: Actor, report_id: int, progress: ProgressFunction = silent) -> WageReport:
    """Put the accepted rows of a checked report into effect; rows mended after that, when it is called again.

    New workers become people, members and employments with a wage; wages count from the report's month on; leavers'
    memberships end. In months that are final already, the difference is charged or given back at once. Called again
    without new rows it changes nothing. Raises NotAllowed, NotFound, Conflict (not checked, nothing accepted, or
    what it rests on has changed since it was checked)."""
    actor.require(REPORT)
    payer = employer_for(actor, report_for(actor, report_id).payer_id)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        report = WageReport.objects.select_for_update(of=("self",)).get(pk=report_id)
        _refuse_unfit(report)
        rows = stored_rows(report.pk, [ACCEPTED], report.applied_through)
        if rows.is_empty():
            return report
        applied = _put_into_effect(authority, report, payer, rows, progress)
        report.state, report.applied_at = WageReport.State.APPLIED, now()
        report.applied_through = int(rows["row_id"].to_numpy().max())
        report.save(update_fields=["state", "applied_at", "applied_through"])
        record(
            authority,
            "wages.apply_report",
            f"wage_report:{report_id}",
            report.reason,
            after={"rows": rows.height, "joined": applied.joined, "left": applied.left, "wages": applied.wages},
        )
        settle_differences(
            authority, payer, applied.from_month, applied.memberships, f"wage_report:{report_id}", report.reason
        )
        progress(rows.height, rows.height, "Selesai")
    return report


def _refuse_unfit(report: WageReport) -> None:
    if report.state not in (WageReport.State.CHECKED, WageReport.State.APPLIED):
        raise Conflict(
            "report_not_checked",
            _("Laporan ini belum diperiksa, atau sudah ditarik."),
            way_out=_("Tunggu pemeriksaannya selesai, atau unggah lagi."),
        )
    if not report.rows_accepted:
        raise Conflict(
            "nothing_accepted",
            _("Belum ada baris yang dapat diterima."),
            way_out=_("Perbaiki baris yang ditandai, lalu terapkan."),
        )


def _put_into_effect(
    actor: Actor, report: WageReport, payer: Payer, rows: pl.DataFrame, progress: ProgressFunction
) -> Applied:
    rules = rules_for(payer, report.kind, report.month)
    prepared = prepare(rows)
    try:
        with transaction.atomic():
            if rules.hires:
                return _hire(actor, report, payer, rules, prepared, progress)
            if rules.pays:
                return _pay(report, payer, rules, prepared)
            return _leave(actor, report, payer, rules, prepared)
    except IntegrityError as error:
        if "one_employment_at_a_time" not in str(error):
            raise
        raise _changed(1) from error


def _changed(rows: int) -> Conflict:
    return Conflict(
        "changed_since_check",
        _("Keadaan %(rows)d pekerja berubah sejak laporan ini diperiksa.") % {"rows": rows},
        way_out=_("Tarik laporan ini, lalu unggah lagi berkas yang sama: barisnya diperiksa dengan keadaan terbaru."),
        rows=rows,
    )


def _hire(
    actor: Actor, report: WageReport, payer: Payer, rules: Rules, rows: pl.DataFrame, progress: ProgressFunction
) -> Applied:
    rows = with_numbers(rows, register=True)
    progress(rows.height // 5, rows.height, "Mendaftarkan pekerja")
    people = rows.join(_addresses(rows, payer), on="row_no", maintain_order="left").with_columns(
        pl.col("sex_code").alias("sex")
    )
    known = register_people(actor, people)
    progress(rows.height * 2 // 5, rows.height, "Membuat kepesertaan")
    start = pl.coalesce("started_on", pl.lit(report.month))
    jobs = rows.join(known, on="nik", maintain_order="left").with_columns(
        start.alias("started_on"), pl.max_horizontal(start, pl.lit(report.month)).alias("registered_on")
    )
    members = _enrolled(actor, jobs.join(_homes(known), on="person_id", maintain_order="left"), payer, report)
    jobs = jobs.join(members.select("person_id", "membership_id"), on="person_id", maintain_order="left")
    progress(rows.height * 3 // 5, rows.height, "Mencatat pekerjaan dan upah")
    joined = _employed(jobs, report)
    wages = _recorded(jobs, report)
    return Applied(jobs["membership_id"].to_list(), report.month, joined=joined, wages=wages)


def _addresses(rows: pl.DataFrame, payer: Payer) -> pl.DataFrame:
    """The place of residence by post code: the village, or its district where several villages share the code, else
    the employer's place. Whoever is known already stays where they are."""
    asked = rows.select("row_no", pl.col("postal_code").str.slice(0, 5))
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [asked["postal_code"].drop_nulls().unique().to_list()])
        places = fetch_frame(cursor, {"postal_code": pl.String, "place_id": pl.Int64})
    return asked.join(places, on="postal_code", how="left", maintain_order="left").select(
        "row_no", pl.col("place_id").fill_null(payer.place_id)
    )


def _homes(known: pl.DataFrame) -> pl.DataFrame:
    with loaded(known.select("person_id"), "incoming_ids", {"person_id": "bigint"}) as cursor:
        cursor.execute(_HOMES)
        return fetch_frame(cursor, {"person_id": pl.Int64, "place_id": pl.Int64})


def _enrolled(actor: Actor, jobs: pl.DataFrame, payer: Payer, report: WageReport) -> pl.DataFrame:
    """Members from the day work began, though not from before the report's month."""
    reason = f"Laporan upah {report.month:%m-%Y} nomor {report.sequence}"
    parts = [
        enrol(actor, part.select("person_id", "place_id"), "PU", day, payer.pk, reason)
        for (day,), part in sorted(jobs.partition_by("registered_on", as_dict=True).items())
    ]
    return pl.concat(parts)


def _values(report: WageReport) -> dict[str, Any]:
    return {
        "payer": report.payer_id, "place": report.place_id, "month": report.month, "report": report.pk,
        "unit": report.unit_code, "today": today(),
    }  # fmt: skip


def _employed(jobs: pl.DataFrame, report: WageReport) -> int:
    """Write the employments; returns how many are new."""
    frame = jobs.select(
        "membership_id",
        "person_id",
        pl.col("employee_no").fill_null("").str.slice(0, 30),
        pl.col("status_code").fill_null("").alias("status"),
        pl.col("country_code").replace("", "ID").alias("country"),
        "started_on",
        "contract_end",
    )
    with loaded(frame, "new_jobs", _JOBS, joined_on=("membership_id",)) as cursor:
        cursor.execute(_EMPLOY, _values(report))
        joined: int = cursor.rowcount
        cursor.execute(_RENEW, _values(report))
    return joined


def _recorded(jobs: pl.DataFrame, report: WageReport) -> int:
    """Write the wages of the month; returns how many."""
    priced = monthly_wages(jobs.select("membership_id", "wage_sen", "wage_kind_code"), report.month)
    monthly = pl.col("wage_kind_code") == "monthly"
    frame = priced.select(
        "membership_id",
        rupiah_text(pl.col("monthly_sen")).alias("wage"),
        pl.col("wage_kind_code").alias("kind"),
        pl.when(~monthly).then(rupiah_text(pl.col("wage_sen"))).alias("rate"),
    )
    with loaded(frame, "new_wages", _WAGES, joined_on=("membership_id",)) as cursor:
        cursor.execute(_PAY, _values(report))
        added: int = cursor.rowcount
    return added


def _jobs_of(payer: Payer, rules: Rules, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the employments they are about. Raises Conflict when one is not there any more."""
    found = find_jobs(with_numbers(rows), rules, payer.pk)
    jobs = rows.join(found, on="row_no", maintain_order="left")
    if jobs.height < rows.height:
        raise _changed(rows.height - jobs.height)
    return jobs


def _pay(report: WageReport, payer: Payer, rules: Rules, rows: pl.DataFrame) -> Applied:
    jobs = _jobs_of(payer, rules, rows)
    gone = jobs.filter((pl.col("until") < rules.month) | (pl.col("since") > rules.last)).height
    if gone:
        raise _changed(gone)
    return Applied(jobs["membership_id"].to_list(), report.month, wages=_recorded(jobs, report))


def _leave(actor: Actor, report: WageReport, payer: Payer, rules: Rules, rows: pl.DataFrame) -> Applied:
    jobs = _jobs_of(payer, rules, rows).with_columns(left_by_default(report.month).alias("left_on"))
    jobs = jobs.filter(pl.col("until").is_null())
    early = jobs.filter(pl.col("left_on") < pl.col("since")).height
    if early:
        raise _changed(early)
    if jobs.is_empty():
        return Applied([], report.month)
    with loaded(jobs, "leaving", _LEAVERS) as cursor:
        cursor.execute(_LEAVE, _values(report))
        left: int = cursor.rowcount
        cursor.execute(_ENDS)
        ends = fetch_frame(cursor, {"membership_id": pl.Int64, "effective_on": pl.Date, "reason": pl.String})
    end_memberships(actor, ends)
    first = month_of(min(jobs["left_on"].to_list()))
    return Applied(jobs["membership_id"].to_list(), add_months(first, 1), left=left)
