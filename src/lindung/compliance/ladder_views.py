"""Pages of the ladder: payers in arrears, one company's compliance, its letters and payment plans."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.compliance import actions
from lindung.compliance.arrears import overdue_bills
from lindung.compliance.following import Plan, plans
from lindung.compliance.forms import PlanForm, SendingForm
from lindung.compliance.kinds import KINDS
from lindung.compliance.models import LadderStep
from lindung.compliance.pages import (
    BILLS,
    CLASSES,
    FINDING_STATES,
    INSTALMENTS,
    PLAN_STATES,
    STAGES,
    STEP_BADGES,
    document_answer,
    pdf_answer,
    tabs,
)
from lindung.compliance.plans import split
from lindung.compliance.queries import findings
from lindung.compliance.queries import ladder as reads
from lindung.compliance.steps import BY_CODE, STEPS
from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed, NotFound
from lindung.core.files import read_file
from lindung.core.ui import words
from lindung.core.ui.parts import Step
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView
from lindung.payers.queries import payer as find_payer


def _last_letter(row: reads.ArrearsRow) -> Any:
    return STEP_BADGES[row.last_kind].label


class ArrearsList(Requires, TableView):
    """Payers in arrears, those first whose workers lose cover soonest."""

    permission = "compliance.view"
    title = gettext_lazy("Tunggakan iuran")
    lead = gettext_lazy("Siapa menunggak, berapa lama, dan sampai di mana penagihannya.")
    search_hint = gettext_lazy("Nama perusahaan atau NPP")
    columns: ClassVar = [
        Column("payer", gettext_lazy("Perusahaan"), kind="link", sortable=True),
        Column("klass", gettext_lazy("Klas"), kind="badge", badges=CLASSES),
        Column("months", gettext_lazy("Bulan"), kind="number", sortable=True),
        Column("amount", gettext_lazy("Tunggakan"), kind="rupiah", sortable=True),
        Column("people", gettext_lazy("Pekerja terlindungi"), kind="number", sortable=True),
        Column("days_left", gettext_lazy("Hari sampai perlindungan putus"), kind="number"),
        Column("last_kind", gettext_lazy("Surat terakhir"), value=_last_letter, priority=2),
        Column("stage", gettext_lazy("Keadaan"), kind="badge", badges=STAGES, priority=2),
        Column("deadline_on", gettext_lazy("Jawaban ditunggu"), kind="date", sortable=True, priority=2),
        Column("plan", gettext_lazy("Angsuran"), kind="badge", badges=PLAN_STATES, priority=4),
    ]
    filters: ClassVar = [
        Filter("klass", gettext_lazy("Klas"), [(code, badge.label) for code, badge in CLASSES.items()]),
        Filter("stage", gettext_lazy("Keadaan"), [(code, STAGES[code].label) for code in STAGES if code != "sent"]),
    ]
    source = BILLS
    filename = "tunggakan"
    above_template = "compliance/tabs.html"
    empty_title = gettext_lazy("Tidak ada tunggakan")
    empty_text = gettext_lazy("Semua tagihan yang jatuh tempo sudah dibayar.")

    def rows(self, query: ListQuery) -> Page:
        return reads.arrears_rows(query, today())

    def row_url(self, row: reads.ArrearsRow) -> str:
        return reverse("compliance:company", args=[row.payer_id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"tabs": tabs("arrears")}


@require_safe
@requires("compliance.view")
def company(request: HttpRequest, payer_id: int) -> HttpResponse:
    """One company: what it owes, where its ladder stands, letters, payment plans, findings."""
    payer, on, actor = find_payer(payer_id), today(), actor_of(request)
    owed, cases = reads.owed_by(payer_id), reads.cases_of(payer_id)
    current = next((case for case in cases if case.closed_on is None), None)
    waiting = (
        next((step for step in current.steps if step.stage in ("to_decide", "to_send")), None) if current else None
    )
    last = current.steps[-1] if current and current.steps else None
    running = bool(last and last.deadline_on and last.deadline_on >= on)
    agreed = plans(on, payer_id)
    kept = any(plan.state in ("kept", "late") for plan in agreed)
    ended = bool(last and last.kind == STEPS[-1].code and last.stage == "sent")
    may_step = actor.may("compliance.step")
    context = {
        "payer": payer, "owed": owed, "klass": CLASSES[owed.klass] if owed else None, "as_of": on, "source": BILLS,
        "bills": overdue_bills(payer_id, on), "cases": [_shown(case) for case in cases], "current": current,
        "steps": _steps(current), "waiting": waiting, "waiting_title": BY_CODE[waiting.kind].title if waiting else "",
        "own_step": waiting is not None and waiting.proposed_by_id == actor.user_id,
        "may_decide": waiting is not None and waiting.stage == "to_decide" and actor.may("compliance.decide")
        and waiting.proposed_by_id != actor.user_id,
        "may_send": waiting is not None and waiting.stage == "to_send" and may_step,
        "may_propose": owed is not None and waiting is None and may_step and not running and not kept and not ended,
        "next_step": _next(last), "running": last if running else None,
        "may_close": current is not None and actor.may("compliance.decide"),
        "plans": [_plan(plan, actor.user_id, actor.may("compliance.decide")) for plan in agreed],
        "may_plan": owed is not None and actor.may("compliance.plan")
        and not any(plan.state in ("waiting", "kept", "late") for plan in agreed),
        "findings": [
            (row, KINDS[row.kind], FINDING_STATES[row.state])
            for row in findings.finding_rows(ListQuery(size=100), payer_id).rows
        ],
    }  # fmt: skip
    return render(request, "compliance/company.html", context)


def _shown(case: reads.CaseRow) -> tuple[reads.CaseRow, list[tuple[reads.StepRow, Any, Any]]]:
    return case, [(step, BY_CODE[step.kind].title, STAGES[step.stage]) for step in case.steps]


def _steps(case: reads.CaseRow | None) -> list[Step]:
    """The whole ladder with where the case stands."""
    reached = {step.kind: step for step in case.steps} if case else {}
    found = []
    for kind in STEPS:
        step = reached.get(str(kind.code))
        if step is None or step.stage == "returned":
            time = kind.time(today())
            note = _("%(days)s hari untuk menjawab") % {"days": words.number(time.value)}
            if time.unverified:
                note = _("%(note)s (belum terverifikasi)") % {"note": note}
            found.append(Step(kind.title, "todo", note))
        elif step.deadline_on is not None:
            note = _("terkirim %(sent)s, dijawab paling lambat %(deadline)s") % {
                "sent": words.long_date(step.sent_on or step.dated), "deadline": words.long_date(step.deadline_on)
            }  # fmt: skip
            found.append(Step(kind.title, "done", note))
        else:
            found.append(Step(kind.title, "current", str(STAGES[step.stage].label)))
    return found


def _next(last: reads.StepRow | None) -> Any:
    """What the next step is called."""
    if last is None:
        return STEPS[0].title
    rank = BY_CODE[last.kind].rank
    return STEPS[rank - 1 if last.stage == "returned" else min(rank, len(STEPS) - 1)].title


def _plan(plan: Plan, user_id: int | None, may_decide: bool) -> dict[str, Any]:
    return {
        "plan": plan, "state": PLAN_STATES[plan.state],
        "instalments": [(part, INSTALMENTS[part.state]) for part in plan.instalments],
        "may_decide": plan.state == "waiting" and may_decide and plan.proposed_by_id != user_id,
    }  # fmt: skip


@require_POST
@requires("compliance.step")
def propose(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Propose the next step with its letter."""
    step = actions.propose_step(actor_of(request), payer_id, request.POST.get("reason", ""))
    said = _("%(step)s nomor %(number)s dibuat.") % {"step": BY_CODE[step.kind].title, "number": step.number}
    rest = _("Menunggu pejabat kedua.") if BY_CODE[step.kind].second_officer else _("Siap dikirim.")
    messages.success(request, f"{said} {rest}")
    return redirect("compliance:company", payer_id)


def _payer_of(step_id: int) -> int:
    payer_id = LadderStep.objects.filter(pk=step_id).values_list("case__payer_id", flat=True).first()
    if payer_id is None:
        raise NotFound("step_not_found", _("Surat penagihan tidak ditemukan."))
    return payer_id


@require_POST
@requires("compliance.decide")
def decide(request: HttpRequest, step_id: int) -> HttpResponse:
    """Approve or return a step."""
    payer_id = _payer_of(step_id)
    decision = actions.decide_step(
        actor_of(request), step_id, request.POST.get("outcome", ""), request.POST.get("reason", "")
    )
    approved = decision.outcome == "approved"
    messages.success(request, _("Surat disetujui dan siap dikirim.") if approved else _("Surat dikembalikan."))
    return redirect("compliance:company", payer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("compliance.step")
def send(request: HttpRequest, step_id: int) -> HttpResponse:
    """Record that a letter was sent."""
    payer_id = _payer_of(step_id)
    step = next(step for case in reads.cases_of(payer_id) for step in case.steps if step.id == step_id)
    form = SendingForm(request.POST or None, request.FILES or None, initial={"sent_on": today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given.pop("file")
        try:
            sent = actions.send_step(
                actor_of(request), step_id, **given, proof_file=(file.name, file.read()) if file else None
            )
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            said = _("Pengiriman tercatat. Jawaban ditunggu sampai %(day)s.")
            messages.success(request, said % {"day": words.long_date(sent.deadline_on)})
            return redirect("compliance:company", payer_id)
    context = {"form": form, "step": step, "title": BY_CODE[step.kind].title, "payer": find_payer(payer_id)}
    return render(request, "compliance/send.html", context, status=422 if form.errors else 200)


@require_safe
@requires("compliance.view")
def letter(request: HttpRequest, step_id: int) -> HttpResponse:
    """The letter of a step."""
    return pdf_answer(*reads.letter(step_id))


@require_safe
@requires("compliance.view")
def proof(request: HttpRequest, step_id: int) -> HttpResponse:
    """The paper that shows that a letter was sent; never shown inside the site, whatever it holds."""
    stored, content = read_file(reads.proof_file(step_id))
    return document_answer(stored, content, f"bukti-kirim-{step_id}")


@require_POST
@requires("compliance.decide")
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    """Close a case that was mistaken."""
    closed = actions.close_mistaken(actor_of(request), case_id, request.POST.get("reason", ""))
    messages.success(request, _("Perkara ditutup."))
    return redirect("compliance:company", closed.case.payer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("compliance.plan")
def plan(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Agree on a payment plan: equal instalments, a month apart."""
    payer, on = find_payer(payer_id), today()
    bills = overdue_bills(payer_id, on)
    amount = sum(bill.left for bill in bills)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.propose_plan(
                actor_of(request), payer_id, split(amount, given["first_due"], given["count"]), given["signer"],
                given["title"], given["reason"],
            )  # fmt: skip
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            messages.success(request, _("Kesepakatan angsuran tersimpan dan menunggu pejabat kedua."))
            return redirect("compliance:company", payer_id)
    context = {"form": form, "payer": payer, "amount": amount, "bills": len(bills), "as_of": on, "source": BILLS}
    return render(request, "compliance/plan.html", context, status=422 if form.errors else 200)


@require_POST
@requires("compliance.decide")
def decide_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Approve or return a payment plan."""
    decision = actions.decide_plan(
        actor_of(request), plan_id, request.POST.get("outcome", ""), request.POST.get("reason", "")
    )
    approved = decision.outcome == "approved"
    messages.success(request, _("Kesepakatan disetujui.") if approved else _("Kesepakatan dikembalikan."))
    return redirect("compliance:company", decision.plan.payer_id)
