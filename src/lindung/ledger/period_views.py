"""Pages of the periods and of what waits for a second officer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.errors import DomainError
from lindung.core.months import parse_month
from lindung.core.ui.listing import Badge
from lindung.core.ui.words import long_date, long_month, rupiah
from lindung.ledger import actions, queries
from lindung.ledger.forms import WHY, ReasonForm
from lindung.ledger.jht import jht_statement
from lindung.ledger.models import Proposal
from lindung.ledger.pages import month_in_address, room_tabs
from lindung.ledger.withdrawing import PAY

PERIOD_STATES = {
    "closed": Badge(gettext_lazy("Ditutup"), "ok"),
    "asked": Badge(gettext_lazy("Menunggu petugas kedua"), "soon"),
    "next": Badge(gettext_lazy("Dapat ditutup"), "info"),
    "open": Badge(gettext_lazy("Terbuka"), "neutral"),
}
OUTCOMES = {
    "approved": Badge(gettext_lazy("Disetujui"), "ok"),
    "returned": Badge(gettext_lazy("Dikembalikan"), "danger"),
}
WAITING = Badge(gettext_lazy("Menunggu petugas kedua"), "soon")


def proposal_title(proposal: Proposal) -> str:
    """What is asked, in words."""
    if proposal.kind == Proposal.Kind.CLOSE:
        return _("Tutup %(month)s") % {"month": long_month(parse_month(proposal.subject))}
    if proposal.kind == Proposal.Kind.RATE:
        return _("Hasil pengembangan JHT tahun %(year)s") % {"year": proposal.subject}
    if proposal.kind == Proposal.Kind.JHT_OUT:
        return _("Pengambilan JHT %(amount)s") % {"amount": rupiah(proposal.content["amount"])}
    return _("Jurnal %(day)s") % {"day": long_date(_day(proposal))}


def _day(proposal: Proposal) -> Any:
    return parse_month(proposal.subject[:7]).replace(day=int(proposal.subject[8:]))


@require_safe
@requires("ledger.view")
def periods(request: HttpRequest) -> HttpResponse:
    """The months of the books, and what waits."""
    context = {
        "room_tabs": room_tabs(request, "periods"),
        "periods": [(period, PERIOD_STATES[period.state]) for period in queries.periods()],
        "waiting": [(proposal, proposal_title(proposal)) for proposal in queries.proposals_waiting()],
        "may_propose": actor_of(request).may("ledger.propose"),
    }
    return render(request, "ledger/periods.html", context)


@requires("ledger.propose")
def close(request: HttpRequest, month: str) -> HttpResponse:
    """What closing a month fixes; asking for it."""
    wanted = month_in_address(month)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_close(actor_of(request), wanted, form.cleaned_data["reason"])
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(None, f"{error.message} {error.way_out}")
        else:
            messages.success(request, _("Usul penutupan dicatat. Sekarang menunggu petugas kedua."))
            return redirect("ledger:proposal", made.pk)
    return render(request, "ledger/close.html", {"form": form, "preview": queries.close_preview(wanted)})


@require_safe
@requires("ledger.view")
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """What was asked, with all it will do, and the second officer's answer."""
    found, actor = queries.proposal(proposal_id), actor_of(request)
    verdict = getattr(found, "verdict", None)
    names = dict(queries.account_choices())
    context = {
        "proposal": found,
        "title": proposal_title(found),
        "badge": OUTCOMES[verdict.outcome] if verdict else WAITING,
        "verdict": verdict,
        "preview": queries.close_preview(parse_month(found.subject)) if found.kind == Proposal.Kind.CLOSE else None,
        "percent": found.content.get("per_100000", 0) / 100_000,
        "lines": [(names[code], max(amount, 0), max(-amount, 0)) for code, amount in found.content.get("lines", [])],
        "jht": _withdrawal(found),
        "may_pay": verdict is not None and verdict.outcome == "approved" and actor.may(PAY),
        "may_decide": verdict is None and actor.may("ledger.decide") and actor.user_id != found.proposed_by_id,
    }
    return render(request, "ledger/proposal.html", context)


def _withdrawal(proposal: Proposal) -> dict[str, Any] | None:
    """A payment of JHT as the pages show it: whose, why, how much, to whom."""
    if proposal.kind != Proposal.Kind.JHT_OUT:
        return None
    account = jht_statement(int(proposal.subject))
    shown = {name: proposal.content[name] for name in ("amount", "tax", "net", "balance", "payee", "bank")}
    payment = getattr(getattr(proposal, "verdict", None), "payment", None)
    return shown | {
        "reason": WHY[proposal.content["reason"]], "account_end": proposal.content["account_end"],
        "membership_id": account.membership_id, "name": account.name, "kpj": account.kpj, "payment": payment,
    }  # fmt: skip


@require_POST
@requires("ledger.decide")
def decide(request: HttpRequest, proposal_id: int, outcome: str) -> HttpResponse:
    """The second officer's answer."""
    verdict = actions.decide(actor_of(request), proposal_id, outcome, request.POST.get("reason", ""))
    done = _("Usul disetujui dan berlaku.") if verdict.outcome == "approved" else _("Usul dikembalikan.")
    messages.success(request, done)
    return redirect("ledger:proposal", proposal_id)
