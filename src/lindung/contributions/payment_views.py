"""Pages: money that came in, and the undoing of what was none, by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.contributions import actions, payment_queries
from lindung.contributions.forms import ReversalForm
from lindung.contributions.payments import CONFIRM, REVERSE
from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.errors import DomainError, NotAllowed
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView

VIEW = "contributions.view"
KINDS = {
    "sp2d": Badge(_("SP2D (kas daerah)"), "neutral"),
    "transfer": Badge(_("Transfer bank"), "neutral"),
    "va": Badge(_("Virtual account"), "neutral"),
    "statement": Badge(_("Rekening koran"), "neutral"),
    "manual": Badge(_("Dicatat petugas"), "neutral"),
}
STATES = {
    "standing": Badge(_("Berlaku"), "ok"),
    "waiting": Badge(_("Pembatalan menunggu"), "soon"),
    "reversed": Badge(_("Dibatalkan"), "danger"),
}
OUTCOMES = {"approved": True, "returned": False}


class Payments(Requires, TableView):
    """All payments, the last recorded first."""

    permission = VIEW
    title = _("Pembayaran")
    lead = _("Uang iuran yang masuk, tagihan yang dibayarnya, dan kelebihannya.")
    search_hint = _("Nomor bukti atau nama pembayar")
    columns = (
        Column("paid_on", _("Tanggal"), kind="date", sortable=True),
        Column("reference", _("Nomor bukti"), kind="link", sortable=True),
        Column("payer", _("Pembayar"), sortable=True),
        Column("kind", _("Cara bayar"), kind="badge", badges=KINDS, priority=2),
        Column("channel", _("Lewat"), priority=3),
        Column("amount", _("Jumlah"), kind="rupiah", sortable=True),
        Column("left", _("Kelebihan"), kind="rupiah", priority=2),
        Column("state", _("Keadaan"), kind="badge", badges=STATES),
    )
    filters = (
        Filter("kind", _("Cara bayar"), [(code, badge.label) for code, badge in KINDS.items()]),
        Filter(
            "state",
            _("Keadaan"),
            [*((code, badge.label) for code, badge in STATES.items()), ("unapplied", _("Ada kelebihan"))],
        ),
    )
    source = _("buku iuran")
    filename = "pembayaran"
    empty_title = _("Belum ada pembayaran")
    empty_text = _("Pembayaran dicatat pada tagihan, atau datang dari bank.")

    def rows(self, query: ListQuery) -> Page:
        return payment_queries.payments(query)

    def row_url(self, row: payment_queries.PaymentRow) -> str:
        return reverse("contributions:payment", args=[row.id])


@require_safe
@requires(VIEW)
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment: what it pays, what of it is left, and whether somebody says it was none."""
    row, actor = payment_queries.payment(payment_id), actor_of(request)
    reversals = payment_queries.reversals_of(payment_id)
    waiting = reversals[0] if row.state == "waiting" else None
    may_decide = waiting is not None and actor.may(CONFIRM)
    context: dict[str, Any] = {
        "payment": row,
        "kind": KINDS[row.kind],
        "state": STATES[row.state],
        "parts": payment_queries.parts_of(payment_id),
        "reversals": reversals,
        "waiting": waiting,
        "own_proposal": waiting is not None and waiting.proposed_by_id == actor.user_id,
        "may_reverse": row.state == "standing" and actor.may(REVERSE),
        "may_decide": may_decide and waiting is not None and waiting.proposed_by_id != actor.user_id,
        "effect": payment_queries.effect_of_reversal(row) if waiting else None,
    }
    return render(request, "contributions/payment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REVERSE)
def reverse_payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Propose that a payment was none: what that would undo, then the reason."""
    row = payment_queries.payment(payment_id)
    form = ReversalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reverse_payment(actor_of(request), payment_id, form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            messages.success(request, gettext("Usulan dicatat. Belum ada yang berubah sampai pejabat lain memutuskan."))
            return redirect("contributions:payment", payment_id)
    context = {
        "payment": row,
        "state": STATES[row.state],
        "effect": payment_queries.effect_of_reversal(row),
        "form": form,
    }
    return render(request, "contributions/reverse.html", context, status=422 if form.errors else 200)


@require_POST
@requires(CONFIRM)
def decide_reversal(request: HttpRequest, reversal_id: int, outcome: str) -> HttpResponse:
    """The second person's word."""
    if outcome not in OUTCOMES:
        raise Http404
    decision = actions.confirm_reversal(
        actor_of(request), reversal_id, approve=OUTCOMES[outcome], reason=request.POST.get("reason", "")
    )
    messages.success(
        request,
        gettext("Pembayaran dibatalkan. Tagihan yang dibayarnya terbuka lagi.")
        if OUTCOMES[outcome]
        else gettext("Usulan pembatalan ditolak. Pembayaran tetap berlaku."),
    )
    return redirect("contributions:payment", decision.payment_id)
