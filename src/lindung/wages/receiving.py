"""Reports come in: received, checked row by row, mended or withdrawn. Each function is one act and one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.files import XLSX, digest_of, read_file, store_file
from lindung.core.jobs import ProgressFunction, enqueue, silent
from lindung.core.log import record
from lindung.core.months import format_month, month_of
from lindung.core.ui.words import in_official_language
from lindung.formats.errors import FormatError
from lindung.formats.sipp import SippTable, detect, read
from lindung.payers.models import Payer
from lindung.wages.checking import ACCEPTED, check_rows
from lindung.wages.doubts import keep_doubts
from lindung.wages.employers import employer_for, in_turn, rules_for
from lindung.wages.models import WageReport, WageReportRow
from lindung.wages.preparing import CANONICAL, as_written, from_sipp
from lindung.wages.storing import store, stored_rows

REPORT = "wages.report"
BYTES_AT_ONCE = 300_000  # about 1,500 rows of the widest workbook; larger ones are checked in the background
ROWS_AT_ONCE = 2_000  # typed in, or sent by a program
AFTER_ALL = 10_000_000
_BY_ROWS = (
    WageReport.Kind.NEW_WORKERS,
    WageReport.Kind.WAGES,
    WageReport.Kind.LEAVERS,
    WageReport.Kind.CORRECTION,
)


@transaction.atomic
def receive_report(
    actor: Actor, payer_id: int, month: date, content: bytes, name: str, unit_code: str = ""
) -> WageReport:
    """Take in one of the SIPP workbooks and have it checked: small ones now, large ones in the background (`job`).

    What it reports, and in which header version, its columns tell. The same content a second time changes nothing: the
    earlier report comes back with `repeated` set. Raises NotAllowed, NotFound, InvalidInput (no such workbook)."""
    actor.require(REPORT)
    payer = employer_for(actor, payer_id)
    month = _reportable(month)
    kind, version, table = _recognised(content)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        report = _earlier(authority, payer, month, str(kind), digest_of(content))
        if report is not None:
            return report
        report = create_report(
            authority, payer, month, str(kind), digest_of(content), unit_code=unit_code[:20], file_name=name[:200],
            template_version=version, file=store_file(authority, name, content, XLSX),
        )  # fmt: skip
        if table is not None:
            return _checked(authority, report, payer, from_sipp(table), silent)
        from lindung.wages.tasks import check_report_task  # the task calls back into this module

        report.job = enqueue(
            authority, check_report_task, "check_wage_report", _("Pemeriksaan %(name)s") % {"name": name[:90]},
            report_id=report.pk,
        )  # fmt: skip
        report.save(update_fields=["job"])
    return report


def _recognised(content: bytes) -> tuple[str, str, SippTable | None]:
    """What a workbook reports, in which header version, and a small one's rows. Raises InvalidInput."""
    try:
        if len(content) > BYTES_AT_ONCE:
            return (*detect(content), None)
        table = read(content)
        _refuse_empty(table)
    except FormatError as error:
        raise InvalidInput(error.code, error.message, field="file", way_out=error.way_out) from error
    return table.kind, table.version, table


def _refuse_empty(table: SippTable) -> None:
    if table.rows.is_empty():
        raise FormatError(
            "tanpa_baris",
            "Berkas ini tidak berisi satu pekerja pun.",
            "Isi satu pekerja per baris di bawah judul kolom, lalu unggah lagi.",
        )


@transaction.atomic
def receive_rows(
    actor: Actor,
    payer_id: int,
    month: date,
    kind: str,
    rows: Sequence[Mapping[str, str]],
    reason: str = "",
    unit_code: str = "",
) -> WageReport:
    """Take in rows in the canonical columns, from a form or a program, and check them. `correction`: wages of a month
    that is final, with a reason. The same rows a second time change nothing. Raises as `receive_report`."""
    actor.require(REPORT)
    payer = employer_for(actor, payer_id)
    month = _reportable(month)
    _refuse_faulty(kind, rows, reason)
    digest = digest_of(json.dumps([kind, reason, [dict(row) for row in rows]], sort_keys=True).encode())
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        report = _earlier(authority, payer, month, kind, digest)
        if report is not None:
            return report
        report = create_report(authority, payer, month, kind, digest, reason=reason[:250], unit_code=unit_code[:20])
        columns: dict[str, Any] = {name: [row.get(name) or None for row in rows] for name in CANONICAL}
        frame = pl.DataFrame({"row_no": range(1, len(rows) + 1), **columns}, schema_overrides=_AS_TEXT)
        return _checked(authority, report, payer, as_written(frame), silent)


_AS_TEXT = dict.fromkeys(CANONICAL, pl.String)


def _refuse_faulty(kind: str, rows: Sequence[Mapping[str, str]], reason: str) -> None:
    if kind not in _BY_ROWS:
        raise InvalidInput("kind_unknown", _("Jenis laporan belum dipilih."), field="kind")
    if not rows or len(rows) > ROWS_AT_ONCE:
        raise InvalidInput(
            "row_count",
            _("Kirim 1 sampai %(most)d baris sekali kirim.") % {"most": ROWS_AT_ONCE},
            field="rows",
            way_out=_("Untuk lebih banyak pekerja, unggah berkasnya."),
        )
    unknown = sorted({name for row in rows for name in row} - set(CANONICAL))
    if unknown:
        raise InvalidInput(
            "column_unknown",
            _("Kolom %(columns)s tidak dikenal.") % {"columns": ", ".join(unknown[:5])},
            field="rows",
            way_out=_("Kolom yang ada: %(columns)s.") % {"columns": ", ".join(CANONICAL)},
        )
    if kind == WageReport.Kind.CORRECTION and not reason.strip():
        raise InvalidInput(
            "reason_missing",
            _("Tulis alasan koreksinya, contoh: kenaikan upah berlaku surut."),
            field="reason",
        )


def _reportable(month: date) -> date:
    """A month that has begun, or the next one. Raises InvalidInput."""
    month = month_of(month)
    if (month.year - today().year) * 12 + month.month - today().month > 1:
        raise InvalidInput(
            "month_in_future",
            _("Bulan %(month)s belum dapat dilaporkan.") % {"month": format_month(month)},
            field="month",
            way_out=_("Pilih bulan ini atau bulan sebelumnya."),
        )
    return month


def _earlier(actor: Actor, payer: Payer, month: date, kind: str, digest: str) -> WageReport | None:
    """The report with this very content, marked as repeated."""
    earlier = (
        WageReport.objects.filter(payer=payer, month=month, kind=kind, digest=digest)
        .exclude(state__in=[WageReport.State.WITHDRAWN, WageReport.State.FAILED])
        .first()
    )
    if earlier is not None:
        earlier.repeated = True
        record(actor, "wages.repeat_report", f"wage_report:{earlier.pk}", after={"digest": digest})
    return earlier


def create_report(actor: Actor, payer: Payer, month: date, kind: str, digest: str, **more: Any) -> WageReport:
    """A report with the next number of its employer and month. Needs the employer's turn."""
    last = WageReport.objects.filter(payer=payer, month=month).order_by("-sequence").first()
    report = WageReport.objects.create(
        payer=payer, place_id=payer.place_id, month=month, sequence=last.sequence + 1 if last else 1, kind=kind,
        digest=digest, received_at=now(), received_by=actor.name, **more,
    )  # fmt: skip
    record(
        actor,
        "wages.receive_report",
        f"wage_report:{report.pk}",
        after={"payer": payer.pk, "month": format_month(month), "kind": kind, "digest": digest},
    )
    return report


def report_for(actor: Actor, report_id: int) -> WageReport:
    """A report that the actor may act on. Raises NotFound."""
    report = WageReport.objects.select_related("payer").filter(pk=report_id).first()
    if report is None or (actor.payers is not None and report.payer_id not in actor.payers):
        raise NotFound("report_not_found", _("Laporan tidak ditemukan."))
    return report


@transaction.atomic
def check_report(actor: Actor, report_id: int, progress: ProgressFunction = silent) -> WageReport:
    """Check every row of a received workbook; one that was checked is left as it is. A workbook that cannot be read
    ends `failed`, with the way to mend it. Raises NotAllowed, NotFound."""
    actor.require(REPORT)
    payer = employer_for(actor, report_for(actor, report_id).payer_id)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        report = WageReport.objects.select_for_update(of=("self",)).get(pk=report_id)
        if report.state != WageReport.State.RECEIVED:
            return report
        try:
            table = read(_content(report))
            _refuse_empty(table)
        except FormatError as error:
            report.state, report.failure = WageReport.State.FAILED, f"{error.message} {error.way_out}"
            report.save(update_fields=["state", "failure"])
            record(authority, "refused", f"wage_report:{report.pk}", error.message, after={"code": error.code})
            return report
        return _checked(authority, report, payer, from_sipp(table), progress)


def _content(report: WageReport) -> bytes:
    if report.file_id is None:
        raise NotFound("file_not_found", _("Berkas tidak ditemukan."))
    return read_file(report.file_id)[1]


@in_official_language
def _checked(
    actor: Actor, report: WageReport, payer: Payer, written: pl.DataFrame, progress: ProgressFunction
) -> WageReport:
    total = written.height
    progress(total // 4, total, "Berkas dibaca")
    checked = check_rows(written, rules_for(payer, report.kind, report.month), payer.pk)
    progress(total * 3 // 4, total, "Baris diperiksa")
    report.state = WageReport.State.CHECKED
    store(report, written, checked, actor.name)
    keep_doubts(report, checked.doubts)
    report.save()
    record(
        actor,
        "wages.check_report",
        f"wage_report:{report.pk}",
        after={name: getattr(report, f"rows_{name}") for name in ("received", "accepted", "to_fix", "rejected")},
    )
    progress(total, total, "Selesai")
    return report


@transaction.atomic
def correct_row(actor: Actor, row_id: int, changes: Mapping[str, str]) -> WageReportRow:
    """Mend a row that was not accepted: a new row with these cells changed stands in its place and is checked anew.

    The same changes again return the row they made. Raises NotFound, InvalidInput (no such cell), Conflict (accepted,
    or mended by somebody else)."""
    actor.require(REPORT)
    old = WageReportRow.objects.filter(pk=row_id).first()
    if old is None:
        raise NotFound("row_not_found", _("Baris tidak ditemukan."))
    report = report_for(actor, old.report_id)
    payer = employer_for(actor, report.payer_id)
    unknown = sorted(changes.keys() - set(CANONICAL))
    if unknown or not changes:
        raise InvalidInput("column_unknown", _("Isi sedikitnya satu kolom yang ada pada baris ini."), field="changes")
    data = {**old.data, **{name: text.strip() for name, text in changes.items()}}
    data.pop("formulas", None)
    if "nik" in changes:
        data.pop("nik_lost_digits", None)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        report = WageReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        later = WageReportRow.objects.filter(corrects=old).first()
        if later is not None and {k: v for k, v in later.data.items() if v} == {k: v for k, v in data.items() if v}:
            return later
        _refuse_settled(old, later, report)
        return stored_anew(authority, report, payer, old, data)


def _refuse_settled(old: WageReportRow, later: WageReportRow | None, report: WageReport) -> None:
    if later is not None:
        raise Conflict(
            "row_mended", _("Baris ini sudah diperbaiki."), way_out=_("Muat ulang halaman, lalu lihat baris yang baru.")
        )
    if old.outcome == ACCEPTED:
        raise Conflict(
            "row_accepted",
            _("Baris ini sudah diterima."),
            way_out=_("Untuk mengubah upah yang sudah diterima, laporkan koreksinya."),
        )
    if report.state == WageReport.State.WITHDRAWN:
        raise Conflict("report_withdrawn", _("Laporan ini sudah ditarik."), way_out=_("Unggah berkasnya lagi."))


@in_official_language
def stored_anew(
    actor: Actor, report: WageReport, payer: Payer, old: WageReportRow, data: Mapping[str, Any], confirmed: bool = False
) -> WageReportRow:
    """The mended row, checked together with the rows of the report that were accepted: one worker stands once. With
    `confirmed` the branch has seen the identity card. Needs the employer's turn."""
    columns = {name: [data.get(name)] for name in CANONICAL}
    frame = pl.DataFrame({"row_no": [old.row_no], **columns}, schema_overrides=_AS_TEXT)
    written = as_written(frame.with_columns(pl.lit(bool(data.get("nik_lost_digits"))).alias("nik_lost_digits")))
    others = stored_rows(report.pk, [ACCEPTED]).drop("row_id")
    last = old.row_no + AFTER_ALL  # of two rows for one worker the accepted one stays
    together = pl.concat([others, written.with_columns(pl.lit(last, pl.Int64).alias("row_no"))])
    named = pl.col("nik") == (data.get("nik") or ""), pl.col("kpj") == (data.get("kpj") or "")
    asked = together.filter(pl.any_horizontal(*named) | (pl.col("row_no") == last))
    rules = rules_for(payer, report.kind, report.month)
    checked = check_rows(asked, rules, payer.pk, [last] if confirmed else []).only(last, old.row_no)
    store(report, written, checked, actor.name, corrects=old.pk)
    keep_doubts(report, checked.doubts)
    report.save()
    record(actor, "wages.correct_row", f"wage_report:{report.pk}", after={"row": old.row_no})
    return WageReportRow.objects.get(corrects=old)


@transaction.atomic
def withdraw_report(actor: Actor, report_id: int, reason: str) -> WageReport:
    """Take back a report that was not applied yet; withdrawn again, it stays as it is. Raises Conflict, NotFound."""
    actor.require(REPORT)
    payer = employer_for(actor, report_for(actor, report_id).payer_id)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        report = WageReport.objects.select_for_update(of=("self",)).get(pk=report_id)
        if report.state in (WageReport.State.WITHDRAWN, WageReport.State.FAILED):
            return report
        if report.state == WageReport.State.APPLIED:
            raise Conflict(
                "report_applied",
                _("Laporan ini sudah diterapkan."),
                way_out=_("Laporkan koreksinya: upah yang benar, atau pekerja yang berhenti."),
            )
        report.state, report.reason = WageReport.State.WITHDRAWN, reason[:250]
        report.save(update_fields=["state", "reason"])
        record(authority, "wages.withdraw_report", f"wage_report:{report_id}", reason)
    return report
