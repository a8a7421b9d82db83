"""The pages of an employer: this month's list, workbooks and their rows, workers, bills. Officers see them too."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.contributions.billing import payment_code
from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.downloads import download
from lindung.core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from lindung.core.files import PDF, XLSX
from lindung.core.models import Job
from lindung.core.months import add_months, month_of, parse_month
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.core.ui.words import long_month, rupiah
from lindung.formats.sipp import MAX_ROWS
from lindung.wages import accidents, actions, queries
from lindung.wages.employers import employer_for
from lindung.wages.forms import AccidentForm, LeaverForm, RowForm, UploadForm
from lindung.wages.queries.identity import identity_standing
from lindung.wages.queries.mending import month_to_do, row_to_mend, worker_of

VIEW, REPORT = "wages.view", "wages.report"
KINDS = {
    "new_workers": Badge(_("Pekerja baru"), "info"),
    "wages": Badge(_("Upah"), "info"),
    "leavers": Badge(_("Pekerja berhenti"), "info"),
    "same_as_last": Badge(_("Sama seperti bulan lalu"), "neutral"),
    "correction": Badge(_("Koreksi"), "soon"),
}
REPORT_STATES = {
    "received": Badge(_("Sedang diperiksa"), "info"),
    "checked": Badge(_("Menunggu diterapkan"), "soon"),
    "applied": Badge(_("Sudah diterapkan"), "ok"),
    "withdrawn": Badge(_("Ditarik"), "neutral"),
    "failed": Badge(_("Tidak terbaca"), "danger"),
}
OUTCOMES = {
    "accepted": Badge(_("Diterima"), "ok"),
    "to_fix": Badge(_("Perlu diperbaiki"), "soon"),
    "rejected": Badge(_("Ditolak"), "danger"),
}
STANDINGS = {
    "joined": Badge(_("Baru"), "info"),
    "working": Badge(_("Bekerja"), "ok"),
    "leaves": Badge(_("Berhenti bulan ini"), "soon"),
    "left": Badge(_("Sudah berhenti"), "neutral"),
}
WHY_GONE = {
    "contract_over": _("Kontraknya sudah berakhir"),
    "died": _("Tercatat meninggal dunia"),
    "ended": _("Kepesertaannya sudah diakhiri"),
}
SOURCE = _("laporan upah perusahaan")
ZIP = "application/zip"


def _choices(badges: dict[str, Badge]) -> list[tuple[str, Any]]:
    return [(code, badge.label) for code, badge in badges.items()]


def _asked_month(request: HttpRequest, actor: Actor, payer_id: int) -> date:
    """`?bulan=YYYY-MM`, else the month there is something to do for."""
    given = request.POST.get("bulan") or request.GET.get("bulan") or ""
    try:
        return parse_month(given)
    except InvalidInput:
        return month_to_do(actor, payer_id, today())


def _month_page(payer_id: int, month: date) -> HttpResponse:
    return redirect(f"{reverse('wages:month', args=[payer_id])}?bulan={month:%Y-%m}")


@require_safe
@requires(VIEW)
def start(request: HttpRequest) -> HttpResponse:
    """An employer's staff come to their month; officers to the list of reports."""
    actor = actor_of(request)
    if actor.payers:
        return redirect("wages:month", actor.payers[0])
    if actor.payers is not None:
        raise NotFound(
            "no_employer",
            gettext("Akun ini belum dihubungkan dengan perusahaan."),
            way_out=gettext("Minta kantor cabang menghubungkan akun Bapak/Ibu dengan NPP perusahaan."),
        )
    return redirect("wages:reports")


@require_safe
@requires(VIEW)
def month(request: HttpRequest, payer_id: int) -> HttpResponse:
    """One employer's month: what is done, what is to do, what it costs."""
    actor = actor_of(request)
    asked = _asked_month(request, actor, payer_id)
    found = queries.checklist(actor, payer_id, asked)
    estimate, problem = None, None
    if not found.state.closed:
        try:
            estimate = queries.month_estimate(actor, payer_id, asked)
        except InvalidInput as error:
            problem = error
    context = {
        "list": found,
        "state": found.state,
        "estimate": estimate,
        "problem": problem,
        "day": today(),
        "earlier": add_months(asked, -1),
        "later": add_months(asked, 1) if asked < month_of(today()) else None,
        "gone": [(line, WHY_GONE[line.why]) for line in found.unreported[:20]],
        "may_report": actor.may(REPORT),
        "bills": [(bill, payment_code(bill.id)) for bill in found.state.bills],
        "waiting": queries.reports(
            actor, ListQuery(filters={"state": "checked", "month": f"{asked:%Y-%m}"}), payer_id
        ).rows,
    }
    return render(request, "wages/month.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REPORT)
def upload(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Send one of the SIPP workbooks."""
    actor = actor_of(request)
    payer = employer_for(actor, payer_id)
    asked = _asked_month(request, actor, payer_id)
    form = UploadForm(today(), request.POST or None, request.FILES or None, initial={"month": asked.isoformat()})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = actions.receive_report(actor, payer_id, form.cleaned_data["month"], file.read(), file.name)
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error("file", f"{error.message} {error.way_out}")
        else:
            if report.repeated:
                messages.info(
                    request, gettext("Berkas yang sama persis sudah dikirim sebelumnya; tidak ada yang berubah.")
                )
            return redirect("wages:report", report.pk)
    return render(
        request, "wages/upload.html", {"form": form, "payer": payer, "month": asked}, status=422 if form.errors else 200
    )


class ReportList(Requires, TableView):
    """The reports that came in: of one employer, or for officers of all."""

    permission = VIEW
    title = _("Laporan upah")
    lead = _("Berkas SIPP dan isian yang dikirim perusahaan, dengan hasil pemeriksaannya.")
    search_hint = None
    columns = (
        Column("month", _("Bulan"), kind="month", sortable=True),
        Column("file", _("Laporan"), kind="link", value=lambda row: row.file_name or KINDS[row.kind].label),
        Column("payer", _("Perusahaan"), priority=2),
        Column("kind", _("Jenis"), kind="badge", badges=KINDS, priority=2),
        Column("received_at", _("Diterima"), kind="datetime", sortable=True, priority=2),
        Column("state", _("Keadaan"), kind="badge", badges=REPORT_STATES),
        Column("rows_received", _("Baris"), kind="number"),
        Column("rows_to_fix", _("Perlu diperbaiki"), kind="number"),
        Column("rows_rejected", _("Ditolak"), kind="number", priority=3),
    )
    filters = (
        Filter("state", _("Keadaan"), _choices(REPORT_STATES)),
        Filter("kind", _("Jenis"), _choices(KINDS)),
    )
    source = SOURCE
    filename = "laporan-upah"
    empty_title = _("Belum ada laporan")
    empty_text = _("Mulai dengan mengunggah berkas SIPP bulan ini.")

    def rows(self, query: ListQuery) -> Page:
        return queries.reports(actor_of(self.request), query, self.kwargs.get("payer_id"))

    def row_url(self, row: queries.ReportLine) -> str:
        return reverse("wages:report", args=[row.id])


class ReportPage(Requires, TableView):
    """One report: how its rows ended, each with what is wrong and the way out, mended in place."""

    permission = VIEW
    search_hint = _("Nama, KPJ, atau nomor baris")
    columns = (
        Column("name", _("Nama"), kind="link"),
        Column("row_no", _("Baris"), kind="number"),
        Column("nik", "NIK", kind="nik", priority=2, value=lambda row: row.nik),
        Column("wage", _("Upah"), priority=2, value=lambda row: as_rupiah(row.wage)),
        Column("outcome", _("Hasil"), kind="badge", badges=OUTCOMES),
        Column("told", _("Alasan dan cara memperbaiki"), width="wide", value=lambda row: told(row.reasons)),
    )
    filters = (Filter("outcome", _("Hasil"), _choices(OUTCOMES)),)
    above_template = "wages/report_above.html"
    source = SOURCE
    back = _("Bulan laporan")
    empty_title = _("Belum ada baris")
    report: queries.ReportLine

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.report = queries.report(actor_of(request), kwargs["report_id"])
        self.back_url = f"{reverse('wages:month', args=[self.report.payer_id])}?bulan={self.report.month:%Y-%m}"
        kind = KINDS[self.report.kind].label
        self.title = f"{kind} {long_month(self.report.month)} – {REPORT_STATES[self.report.state].label}"
        self.lead = f"{self.report.payer} · {self.report.file_name}" if self.report.file_name else self.report.payer
        self.filename = f"laporan-upah-{self.report.month:%Y-%m}-{self.report.sequence}"
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return queries.report_rows(actor_of(self.request), self.report.id, query)

    def row_url(self, row: queries.RowLine) -> str | None:
        mendable = row.outcome != "accepted" and self.report.state in ("checked", "applied")
        return reverse("wages:mend", args=[row.id]) if mendable and actor_of(self.request).may(REPORT) else None

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        report, actor = self.report, actor_of(self.request)
        job = Job.objects.filter(pk=report.job_id).first() if report.job_id and report.state == "received" else None
        return {
            "report": report,
            "job": job,
            "may_apply": actor.may(REPORT)
            and report.rows_accepted > 0
            and (report.state == "checked" or report.rows_unapplied > 0),
            "may_withdraw": actor.may(REPORT) and report.state == "checked",
        }


def as_rupiah(written: str) -> str:
    """A wage as it was written, in the way amounts are shown; whatever is no number stays as it is."""
    try:
        return rupiah(round(Decimal(written)))
    except (InvalidOperation, ValueError, OverflowError):
        return written


def told(reasons: list[Any]) -> str:
    """A row's reasons in one line: what is wrong, then the way out."""
    return " ".join(f"{reason['message']} {reason['way_out']}".strip() for reason in reasons)


@require_POST
@requires(REPORT)
def apply(request: HttpRequest, report_id: int) -> HttpResponse:
    """Put the accepted rows into effect."""
    done = actions.begin_applying(actor_of(request), report_id)
    if isinstance(done, Job):
        return redirect("job", done.pk)
    messages.success(request, gettext("Laporan diterapkan."))
    return _month_page(done.payer_id, done.month)


@require_POST
@requires(REPORT)
def withdraw(request: HttpRequest, report_id: int) -> HttpResponse:
    """Take a report back that was not applied."""
    report = actions.withdraw_report(actor_of(request), report_id, request.POST.get("reason", ""))
    return _month_page(report.payer_id, report.month)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REPORT)
def mend(request: HttpRequest, row_id: int) -> HttpResponse:
    """Mend one row where it stands; what is wrong comes back beside it."""
    actor = actor_of(request)
    row = row_to_mend(actor, row_id)
    form = RowForm(row.kind, row.data, request.POST or None, initial=row.data)
    if request.method == "POST" and form.is_valid():
        try:
            mended = actions.correct_row(actor, row_id, form.changes())
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(None, f"{error.message} {error.way_out}")
        else:
            if mended.outcome == "accepted":
                messages.success(request, gettext("Baris %(row)d sekarang diterima.") % {"row": mended.row_no})
                return redirect("wages:report", row.report_id)
            return redirect("wages:mend", mended.pk)
    for reason in row.reasons if request.method != "POST" else []:
        if reason["field"] in form.fields:
            form.fields[reason["field"]].help_text = f"{reason['message']} {reason['way_out']}"
    context = {"form": form, "row": row, "identity": identity_standing(row.id, [told["code"] for told in row.reasons])}
    return render(request, "wages/mend.html", context, status=422 if form.errors else 200)


@require_POST
@requires(REPORT)
def same(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Nothing has changed since last month: report and close in one act."""
    actor = actor_of(request)
    asked = _asked_month(request, actor, payer_id)
    done = actions.begin_closing(actor, payer_id, asked, same=True)
    if isinstance(done, Job):
        return redirect("job", done.pk)
    messages.success(request, gettext("Laporan sama seperti bulan lalu tersimpan, dan tagihannya terbit."))
    return _month_page(payer_id, asked)


@require_POST
@requires(REPORT)
def close(request: HttpRequest, payer_id: int) -> HttpResponse:
    """The month's report is complete: charge and bill."""
    actor = actor_of(request)
    asked = _asked_month(request, actor, payer_id)
    done = actions.begin_closing(actor, payer_id, asked)
    if isinstance(done, Job):
        return redirect("job", done.pk)
    messages.success(request, gettext("Laporan ditutup, dan tagihannya terbit."))
    return _month_page(payer_id, asked)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REPORT)
def leaver(request: HttpRequest, payer_id: int, employment_id: int) -> HttpResponse:
    """Report one worker who has stopped working."""
    actor = actor_of(request)
    line = worker_of(actor, payer_id, employment_id, today())
    form = LeaverForm(request.POST or None, initial={"left_on": line.contract_end or today()})
    if request.method == "POST" and form.is_valid():
        left_on: date = form.cleaned_data["left_on"]
        row = {
            "kpj": line.kpj,
            "name": line.name,
            "reason": form.cleaned_data["reason"],
            "left_on": f"{left_on:%d-%m-%Y}",
        }
        report = actions.receive_rows(actor, payer_id, month_of(left_on), "leavers", [row])
        if report.rows_accepted and report.state == "checked":
            actions.apply_report(actor, report.pk)
            messages.success(request, gettext("%(name)s dilaporkan berhenti.") % {"name": line.name})
            return _month_page(payer_id, month_of(left_on))
        return redirect("wages:report", report.pk)
    context = {"form": form, "line": line, "payer_id": payer_id}
    return render(request, "wages/leaver.html", context, status=422 if form.errors else 200)


class Workers(Requires, TableView):
    """An employer's workers of a month."""

    permission = VIEW
    search_hint = _("Nama, KPJ, atau nomor pegawai")
    columns = (
        Column("name", _("Nama"), kind="link", sortable=True),
        Column("kpj", "KPJ"),
        Column("nik", "NIK", kind="nik", priority=3),
        Column("employee_no", _("Nomor pegawai"), priority=3),
        Column(
            "wage",
            _("Upah sebulan"),
            kind="rupiah",
            sortable=True,
            value=lambda row: round(row.wage) if row.wage else None,
        ),
        Column("started_on", _("Mulai"), kind="date", sortable=True, priority=2),
        Column("contract_end", _("Akhir kontrak"), kind="date", sortable=True, priority=2),
        Column("standing", _("Keadaan"), kind="badge", badges=STANDINGS),
    )
    filters = (Filter("standing", _("Keadaan"), _choices(STANDINGS)),)
    default_sort = "name"
    source = SOURCE
    back = _("Bulan ini")
    empty_title = _("Belum ada pekerja")
    empty_text = _("Mulai dengan mengunggah berkas pekerja baru (Data TK Baru).")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor, payer_id = actor_of(request), kwargs["payer_id"]
        payer = employer_for(actor, payer_id)
        self.month = _asked_month(request, actor, payer_id)
        self.title = gettext("Pekerja %(payer)s, %(month)s") % {"payer": payer.name, "month": long_month(self.month)}
        self.back_url = f"{reverse('wages:month', args=[payer_id])}?bulan={self.month:%Y-%m}"
        self.filename = f"pekerja-{payer.npp}-{self.month:%Y-%m}"
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return queries.workers(actor_of(self.request), self.kwargs["payer_id"], self.month, query)

    def row_url(self, row: queries.WorkerLine) -> str:
        return reverse("wages:worker", args=[self.kwargs["payer_id"], row.employment_id])


@require_safe
@requires(VIEW)
def worker(request: HttpRequest, payer_id: int, employment_id: int) -> HttpResponse:
    """One worker: contract, wages as reported, and what can be reported."""
    actor = actor_of(request)
    line = worker_of(actor, payer_id, employment_id, today())
    context = {
        "line": line,
        "payer_id": payer_id,
        "standing": STANDINGS[line.standing],
        "wages": queries.wages_of(actor, payer_id, line.membership_id),
        "may_report": actor.may(REPORT) and line.left_on is None,
    }
    return render(request, "wages/worker.html", context)


@require_safe
@requires(VIEW)
def history(request: HttpRequest, payer_id: int) -> HttpResponse:
    """The months that are final."""
    actor = actor_of(request)
    payer = employer_for(actor, payer_id)
    return render(request, "wages/history.html", {"payer": payer, "months": queries.history(actor, payer_id)})


@require_safe
@requires(VIEW)
def sipp(request: HttpRequest, payer_id: int, kind: str) -> HttpResponse:
    """The very workbook SIPP takes; several of them as one archive."""
    actor = actor_of(request)
    files = queries.sipp_files(
        actor, payer_id, _asked_month(request, actor, payer_id), kind, request.GET.get("versi", queries.VERSIONS[0])
    )
    if len(files) == 1:
        return download(files[0].name, files[0].content, XLSX)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return download(f"sipp-{kind}-{MAX_ROWS}.zip", packed.getvalue(), ZIP)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REPORT)
def accident(request: HttpRequest, payer_id: int, employment_id: int) -> HttpResponse:
    """Tell of a work accident; the first report is ready to print at once."""
    actor = actor_of(request)
    line = worker_of(actor, payer_id, employment_id, today())
    form = AccidentForm(request.POST or None, initial={"happened_on": today()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            accidents.report_accident(
                actor,
                employment_id,
                said["happened_on"],
                said["happened_at"],
                said["place"],
                said["story"],
                said["hospital"],
            )
        except InvalidInput as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("wages:accident", payer_id, employment_id)
    notices = accidents.notices_of(actor, payer_id, employment_id)
    context = {"form": form, "line": line, "payer_id": payer_id, "notices": notices}
    return render(request, "wages/accident.html", context, status=422 if form.errors else 200)


@require_safe
@requires(REPORT)
def accident_form(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The first report as PDF."""
    return download(f"laporan-kecelakaan-{notice_id}.pdf", accidents.accident_form(actor_of(request), notice_id), PDF)
