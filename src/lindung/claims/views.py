"""Pages of the claims: the work queue, and one claim from its papers to its decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lindung.claims import actions, papers, queries
from lindung.claims.judging import next_step, review_notes
from lindung.claims.pages import room_tabs
from lindung.claims.queries import ClaimDetail
from lindung.claims.receipts import screen_receipt
from lindung.claims.states import STATES
from lindung.core.access import Requires, actor_of, requires
from lindung.core.files import document_type, store_file
from lindung.core.ui import words
from lindung.core.ui.parts import TimelineItem, Tone
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView


class ClaimsList(Requires, TableView):
    """The work queue: first the claim whose legal clock runs out soonest."""

    permission = "claims.view"
    title = gettext_lazy("Klaim")
    lead = gettext_lazy("Urut dari yang paling mendesak bagi keluarga.")
    search_hint = gettext_lazy("Nama peserta, ahli waris, atau nomor klaim")
    columns: ClassVar = [
        Column("person_name", gettext_lazy("Peserta"), kind="link", sortable=True),
        Column("number", gettext_lazy("Nomor"), width="nowrap"),
        Column("village", gettext_lazy("Desa"), sortable=True, priority=2, width="tight"),
        Column("state", gettext_lazy("Keadaan"), kind="badge", badges=STATES),
        Column(
            "days_left",
            gettext_lazy("Sisa waktu"),
            value=lambda row: None if row.days_left is None else words.days_left(row.days_left),
        ),
        Column("pay_by", gettext_lazy("Bayar paling lambat"), kind="date", sortable=True, priority=2),
        Column("amount", gettext_lazy("Jumlah"), kind="rupiah", sortable=True),
        Column("claimant_name", gettext_lazy("Ahli waris"), priority=3),
        Column("received_on", gettext_lazy("Diterima"), kind="date", sortable=True, priority=3),
    ]
    filters: ClassVar = [
        Filter("state", gettext_lazy("Keadaan"), [(code, badge.label) for code, badge in STATES.items()]),
        Filter("programme", gettext_lazy("Program"), [("JKM", "JKM"), ("JKK", "JKK")]),
    ]
    empty_title = gettext_lazy("Belum ada klaim")
    empty_text = gettext_lazy("Klaim diajukan dari halaman laporan kematian.")
    source = gettext_lazy("buku klaim")
    filename = "klaim"
    above_template = "claims/above.html"

    def rows(self, query: ListQuery) -> Page:
        return queries.claims_page(query)

    def row_url(self, row: Any) -> str:
        return reverse("claims:claim", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs("claims")}


@require_safe
@requires("claims.view")
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim: state, clock, papers, the decision as a receipt, and what this reader may do next."""
    actor = actor_of(request)
    detail = queries.claim_detail(actor, claim_id)
    decision = detail.decision
    waiting = detail.state == "to_approve"
    context = {
        "detail": detail,
        "claim": detail.claim,
        "person": detail.claim.event.person,
        "badge": STATES[detail.state],
        "decision": decision,
        "receipt": _receipt(detail),
        "timeline": _timeline(detail),
        "review": review_notes(decision.judgement) if decision else [],
        "next_step": next_step(decision.judgement, decision.after_arrears) if decision else "",
        "relation": queries.relation_title(detail.claim.claimant_relation),
        "may_see_files": actor.may("claims.view_bank"),
        "may_receive": actor.may("claims.file") and detail.complete_on is None and detail.state != "withdrawn",
        "may_judge": actor.may("claims.judge") and detail.state in {"documents", "to_judge", "arrears", "refused"},
        "may_answer": actor.may("claims.approve")
        and waiting
        and decision is not None
        and decision.proposed_by_id != actor.user_id,
    }
    return render(request, "claims/claim.html", context)


def _receipt(detail: ClaimDetail) -> Any:
    decision = detail.decision
    if decision is None:
        return None
    return screen_receipt(
        f"{detail.claim.number}-{decision.id}",
        decision.judgement,
        decision.refusal,
        decision.amount,
        decision.judgement.get("already_paid", 0),
    )


def _timeline(detail: ClaimDetail) -> list[TimelineItem]:
    claim = detail.claim
    items = [
        TimelineItem(claim.event.occurred_on, _("Peserta meninggal")),
        TimelineItem(claim.event.reported_on, _("Kematian dilaporkan"), actor=claim.event.reported_by),
        TimelineItem(claim.received_on, _("Klaim diajukan"), actor=claim.received_by),
    ]
    if detail.complete_on:
        text = _("Bayar paling lambat %(day)s.") % {"day": words.long_date(detail.pay_by)} if detail.pay_by else ""
        items.append(TimelineItem(detail.complete_on, _("Dokumen lengkap, waktu bayar berjalan"), text))
    for decision in detail.decisions:
        items.append(TimelineItem(decision.proposed_at, _("Dinilai"), actor=decision.proposed_by.display_name))
        approval = getattr(decision, "approval", None)
        if approval is not None:
            approved = approval.outcome == "approved"
            title = _("Disetujui penyetuju") if approved else _("Dikembalikan penyetuju")
            tone: Tone = "ok" if approved else "soon"
            items.append(
                TimelineItem(approval.decided_at, title, approval.reason, approval.decided_by.display_name, tone)
            )
    for payout in detail.payouts:
        items.append(
            TimelineItem(payout.batch.made_on, _("Masuk daftar bayar %(number)s") % {"number": payout.batch.number})
        )
        confirmation = getattr(payout, "confirmation", None)
        if confirmation is not None:
            items.append(
                TimelineItem(
                    confirmation.paid_on, _("Dibayar ke rekening ahli waris"), words.rupiah(payout.amount), tone="ok"
                )
            )
    return items


@require_POST
@requires("claims.file")
def receive(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take in one document, with or without its scan."""
    actor = actor_of(request)
    upload = request.FILES.get("file")
    stored = None
    if upload is not None:
        content = upload.read()
        stored = store_file(actor, upload.name or "dokumen", content, document_type(content))
    received = actions.receive_document(actor, claim_id, request.POST.get("kind", ""), stored)
    messages.success(request, _("Dokumen diterima. Nomor tanda terima: %(number)s.") % {"number": received.id})
    return redirect("claims:claim", claim_id)


@require_POST
@requires("claims.judge")
def judge(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Let the law judge and send the answer to the second officer."""
    actions.judge_claim(actor_of(request), claim_id)
    messages.success(request, _("Klaim sudah dinilai. Sekarang menunggu penyetuju."))
    return redirect("claims:claim", claim_id)


@require_POST
@requires("claims.approve")
def answer(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The second officer's answer."""
    outcome = request.POST.get("outcome", "")
    approval = actions.decide_approval(actor_of(request), decision_id, outcome, request.POST.get("reason", ""))
    approved = approval.outcome == "approved"
    messages.success(
        request, _("Keputusan disetujui.") if approved else _("Keputusan dikembalikan kepada verifikator.")
    )
    return redirect("claims:claim", approval.decision.claim_id)


@require_safe
@requires("claims.view")
def decision_letter(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The decision on paper, once the second officer has approved it."""
    return papers.decision_letter(actor_of(request), decision_id)


@require_safe
@requires("claims.view_bank")
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """The scan of a document handed in (bank books among them), for the officers who judge and approve."""
    return papers.document(actor_of(request), document_id)
