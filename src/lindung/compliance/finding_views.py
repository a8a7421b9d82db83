"""Pages of findings: the work list, the findings, one finding with its evidence, the regent's summary."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lindung.compliance import actions
from lindung.compliance.following import plans
from lindung.compliance.kinds import KINDS
from lindung.compliance.ladder import DECIDE
from lindung.compliance.letters import finding_letter, issuer, written
from lindung.compliance.pages import (
    CLASSES,
    EVENTS,
    FINDING_STATES,
    KIND_BADGES,
    SOURCE,
    document_answer,
    pdf_answer,
    tabs,
)
from lindung.compliance.queries import findings as reads
from lindung.compliance.queries import ladder
from lindung.compliance.rules import ARREARS_CLASSES, rules
from lindung.compliance.steps import BY_CODE
from lindung.core.access import Requires, actor_of, requires
from lindung.core.clock import today
from lindung.core.files import read_file
from lindung.core.jobs import enqueue
from lindung.core.log import record, record_access
from lindung.core.ui import words
from lindung.core.ui.charts import Bar, bars
from lindung.core.ui.parts import QueueItem, TimelineItem, Tone
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView
from lindung.formats.compliance_letters import company_letter_pdf

MOST = 25
_TONES: dict[str, Tone] = {
    "confirmed": "danger",
    "refuted": "ok",
    "resolved": "ok",
    "objection": "info",
    "accepted": "info",
}


@require_safe
@requires("compliance.view")
def worklist(request: HttpRequest) -> HttpResponse:
    """What is to be done first: who loses cover soonest, then who is harmed most."""
    on, actor = today(), actor_of(request)
    open_findings = [row for row in reads.finding_rows(ListQuery(size=200)).rows if row.state in ("open", "confirmed")][
        :MOST
    ]
    steps = [_step_item(step, actor.may(DECIDE)) for step in ladder.due_steps(on)[:MOST]]
    context = {
        "tabs": tabs("worklist"), "findings": [_finding_item(row) for row in open_findings], "steps": steps,
        "plans": [_plan_item(plan) for plan in plans(on) if plan.state in ("waiting", "late", "broken")][:MOST],
        "run": reads.last_run(), "may_find": actor.may("compliance.judge"), "as_of": on,
    }  # fmt: skip
    return render(request, "compliance/worklist.html", context)


def _finding_item(row: reads.FindingRow) -> QueueItem:
    kind = KINDS[row.kind]
    tone: Tone = "danger" if kind.harm == 1 and row.days_left is not None else "soon" if kind.harm < 3 else "info"
    note = _("%(klass)s · %(source)s") % {"klass": kind.klass, "source": row.source}
    if row.objected:
        note = _("Perusahaan sudah menjawab. %(note)s") % {"note": note}
    return QueueItem(
        f"{row.company} – {kind.title}", row.people, reverse("compliance:finding", args=[row.id]), row.days_left, tone,
        note,
    )  # fmt: skip


def _step_item(step: ladder.DueStep, may_decide: bool) -> QueueItem:
    decide = _("%(payer)s – putuskan: %(step)s") if may_decide else _("%(payer)s – menunggu keputusan: %(step)s")
    title = {
        "propose": _("%(payer)s – usulkan: %(step)s"),
        "decide": decide,
        "send": _("%(payer)s – kirim: %(step)s"),
    }[step.act] % {"payer": step.payer, "step": BY_CODE[step.kind].title}
    days = (step.lost_on - today()).days if step.lost_on else None
    note = _("%(amount)s, %(months)s bulan") % {
        "amount": words.rupiah(step.amount), "months": words.number(step.months)
    }  # fmt: skip
    return QueueItem(
        title, step.people, reverse("compliance:company", args=[step.payer_id]), days,
        "danger" if days is not None and days <= 30 else "soon", note,
    )  # fmt: skip


def _plan_item(plan: Any) -> QueueItem:
    title = {
        "waiting": _("Kesepakatan angsuran %(number)s menunggu pejabat kedua"),
        "late": _("Kesepakatan angsuran %(number)s terlambat"),
        "broken": _("Kesepakatan angsuran %(number)s dilanggar"),
    }[plan.state] % {"number": plan.number}
    return QueueItem(
        title, 1, reverse("compliance:company", args=[plan.payer_id]), None,
        "danger" if plan.state == "broken" else "soon", words.rupiah(plan.amount - plan.paid),
    )  # fmt: skip


class Findings(Requires, TableView):
    """All findings, those that harm workers soonest first."""

    permission = "compliance.view"
    title = gettext_lazy("Temuan")
    lead = gettext_lazy("Angka yang tidak cocok antara laporan perusahaan dan sumber lain. Temuan bukan tuduhan.")
    search_hint = gettext_lazy("Nama perusahaan atau NIB")
    columns: ClassVar = [
        Column("company", gettext_lazy("Perusahaan"), kind="link", sortable=True),
        Column("kind", gettext_lazy("Temuan"), value=lambda row: KIND_BADGES[row.kind].label),
        Column("state", gettext_lazy("Keadaan"), kind="badge", badges=FINDING_STATES),
        Column("people", gettext_lazy("Pekerja"), kind="number", sortable=True),
        Column("days_left", gettext_lazy("Hari sampai perlindungan putus"), kind="number"),
        Column("place", gettext_lazy("Tempat"), priority=2),
        Column("source", gettext_lazy("Sumber"), priority=4, width="tight"),
        Column("source_date", gettext_lazy("Data per"), kind="date", sortable=True, priority=2),
        Column("found_on", gettext_lazy("Ditemukan"), kind="date", sortable=True, priority=4),
    ]
    filters: ClassVar = [
        Filter("state", gettext_lazy("Keadaan"), [(code, badge.label) for code, badge in FINDING_STATES.items()]),
        Filter("klass", gettext_lazy("Golongan"), [(klass, klass) for klass in ("PWBD", "PDS", "Laporan", "APBD")]),
        Filter("kind", gettext_lazy("Temuan"), [(code, badge.label) for code, badge in KIND_BADGES.items()]),
    ]
    source = SOURCE
    filename = "temuan"
    above_template = "compliance/tabs.html"
    empty_title = gettext_lazy("Belum ada temuan")
    empty_text = gettext_lazy("Unggah daftar WLKP atau NIB, lalu jalankan pencocokan.")

    def rows(self, query: ListQuery) -> Page:
        return reads.finding_rows(query)

    def row_url(self, row: reads.FindingRow) -> str:
        return reverse("compliance:finding", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"tabs": tabs("findings")}


@require_safe
@requires("compliance.view")
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One finding: both figures, their sources, the people, what was said and decided."""
    found, actor = reads.finding(finding_id), actor_of(request)
    people = reads.people_behind(found)
    if people and not actor.may("people.view"):
        people = []
    if people:
        record_access(actor, f"finding:{finding_id}", "compliance")
    kind = KINDS[found.kind]
    standing = found.state in ("open", "confirmed")
    context = {
        "found": found, "kind": kind, "state": FINDING_STATES[found.state], "people": people, "as_of": today(),
        "ours": written(found.ours, kind.ours_figure or kind.figure), "theirs": written(found.theirs, kind.figure),
        "detail": found.latest.detail, "timeline": [_event(event, kind) for event in reversed(found.events)],
        "answers": [event for event in reversed(found.events) if event.what in ("objection", "accepted")],
        "may_judge": standing and actor.may("compliance.judge"),
        "may_confirm": found.state == "open" and actor.may("compliance.judge"),
        "may_object": standing and actor.may("compliance.object"),
    }  # fmt: skip
    return render(request, "compliance/finding.html", context)


def _event(event: reads.EventRow, kind: Any) -> TimelineItem:
    figures = _("%(ours)s dibanding %(theirs)s (%(source)s)") % {
        "ours": written(event.ours, kind.ours_figure or kind.figure), "theirs": written(event.theirs, kind.figure),
        "source": event.source,
    }  # fmt: skip
    return TimelineItem(
        event.dated, EVENTS[event.what], event.reason or figures, event.recorded_by, _TONES.get(event.what, "neutral")
    )


@require_POST
@requires("compliance.judge")
def judge(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Confirm, refute or resolve."""
    actions.judge_finding(
        actor_of(request), finding_id, request.POST.get("outcome", ""), request.POST.get("reason", "")
    )
    messages.success(request, _("Keputusan tercatat bersama alasannya."))
    return redirect("compliance:finding", finding_id)


@require_POST
@requires("compliance.object")
def object_to(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Write down what the company answers."""
    actions.object_to(actor_of(request), finding_id, request.POST.get("reason", ""))
    messages.success(request, _("Jawaban perusahaan tercatat. Petugas membacanya sebelum memutuskan."))
    return redirect("compliance:finding", finding_id)


@require_safe
@requires("compliance.judge")
def letter(request: HttpRequest, finding_id: int) -> HttpResponse:
    """The question to the company, as a PDF."""
    found, actor = reads.finding(finding_id), actor_of(request)
    made = finding_letter(actor, found)
    record(actor, "compliance.finding_letter", f"finding:{finding_id}", after={"number": made.number})
    return pdf_answer(f"{made.number}.pdf", company_letter_pdf(made, issuer()))


@require_safe
@requires("compliance.view")
def answer_file(request: HttpRequest, event_id: int) -> HttpResponse:
    """The paper that came with a company's answer; never shown inside the site, whatever it holds."""
    stored, content = read_file(reads.answer_file(actor_of(request), event_id))
    return document_answer(stored, content, f"jawaban-{event_id}")


@require_POST
@requires("compliance.judge")
def find(request: HttpRequest) -> HttpResponse:
    """Compare now, in the background."""
    from lindung.compliance.tasks import find_task

    job = enqueue(actor_of(request), find_task, "compliance_find", _("Pencocokan laporan dan daftar"))
    return redirect("job", job.id)


@require_safe
@requires("compliance.summary")
def summary(request: HttpRequest) -> HttpResponse:
    """Counts for the regent, each with source and date."""
    on = today()
    counts, run = reads.counts(), reads.last_run()
    owed = ladder.arrears_by_class(on)
    context = {
        "tabs": tabs("summary") if actor_of(request).may("compliance.view") else [],
        "pwbd": next(row for row in counts if row.kind == "pwbd"),
        "pds": [row for row in counts if KINDS[row.kind].klass == "PDS"],
        "counts": [(KINDS[row.kind], row) for row in counts], "owed": owed, "run": run, "as_of": on,
        "total": sum(row.amount for row in owed), "payers": sum(row.payers for row in owed),
        "people": sum(row.people for row in owed), "rules": [rule for rule in rules(on) if rule.unverified],
        "classes": bars(
            _("Tunggakan per klas"),
            [Bar(str(CLASSES[name].label), row.payers) for name, row in zip(ARREARS_CLASSES, owed, strict=True)],
            unit=_("perusahaan"), as_of=on, source=_("buku iuran"),
        ),
    }  # fmt: skip
    return render(request, "compliance/summary.html", context)
