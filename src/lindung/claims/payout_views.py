"""Pages of the payouts: which claims can be paid, the batches, their release and confirmation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.claims import actions, papers, queries
from lindung.claims.forms import ConfirmPayoutForm
from lindung.claims.pages import room_tabs
from lindung.core.access import Requires, actor_of, requires
from lindung.core.errors import InvalidInput
from lindung.core.ui.tables import Badge, Column, ListQuery, Page, TableView

BATCH_STATES = {
    "to_release": Badge(gettext_lazy("Menunggu pelepasan"), "soon"),
    "at_bank": Badge(gettext_lazy("Di bank"), "info"),
    "paid": Badge(gettext_lazy("Semua dibayar"), "ok"),
}


class PayoutsList(Requires, TableView):
    """The payout batches, newest first."""

    permission = "claims.view"
    title = gettext_lazy("Pembayaran santunan")
    search_hint = None
    columns: ClassVar = [
        Column("number", gettext_lazy("Daftar bayar"), kind="link"),
        Column("state", gettext_lazy("Keadaan"), kind="badge", badges=BATCH_STATES),
        Column("people", gettext_lazy("Penerima"), kind="number"),
        Column("amount", gettext_lazy("Jumlah"), kind="rupiah"),
        Column("confirmed", gettext_lazy("Sudah masuk rekening"), kind="number"),
        Column("made_on", gettext_lazy("Dibuat"), kind="date", priority=2),
        Column("made_by", gettext_lazy("Oleh"), priority=2),
    ]
    empty_title = gettext_lazy("Belum ada daftar bayar")
    empty_text = gettext_lazy("Daftar bayar dibuat dari klaim yang sudah disetujui.")
    source = gettext_lazy("buku pembayaran")
    filename = "pembayaran"
    above_template = "claims/above.html"

    def rows(self, query: ListQuery) -> Page:
        return queries.batches_page(query)

    def row_url(self, row: Any) -> str:
        return reverse("claims:batch", args=[row.id])

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        if not actor_of(self.request).may("claims.make_payout"):
            return []
        return [(_("Buat daftar bayar"), reverse("claims:make_batch"), "btn-primary")]

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs("payouts")}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("claims.make_payout")
def make_batch(request: HttpRequest) -> HttpResponse:
    """Choose approved claims and put them into one file."""
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("selected") if value.isascii() and value.isdigit()]
        batch = actions.make_payout_batch(actor_of(request), chosen)
        messages.success(
            request, _("Daftar bayar %(number)s dibuat. Sekarang menunggu pelepasan.") % {"number": batch.number}
        )
        return redirect("claims:batch", batch.id)
    claims = queries.payable_claims()
    total = sum(claim.amount or 0 for claim in claims)
    return render(request, "claims/make_batch.html", {"claims": claims, "total": total})


@require_safe
@requires("claims.view")
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its totals, release, and each payout."""
    actor, detail = actor_of(request), queries.batch_detail(batch_id)
    confirmed = sum(hasattr(payout, "confirmation") for payout in detail.payouts)
    state = "to_release" if detail.released is None else "at_bank" if confirmed < len(detail.payouts) else "paid"
    may_confirm = actor.may("claims.confirm_payout") and detail.released is not None
    context = {
        "detail": detail,
        "batch": detail.batch,
        "badge": BATCH_STATES[state],
        "confirmed": confirmed,
        "payouts": [
            (
                payout,
                ConfirmPayoutForm(payout_id=payout.id) if may_confirm and not hasattr(payout, "confirmation") else None,
            )
            for payout in detail.payouts
        ],
        "may_release": actor.may("claims.release_payout")
        and detail.released is None
        and detail.batch.made_by_id != actor.user_id,
        "may_see_bank": actor.may("claims.view_bank"),
    }
    return render(request, "claims/batch.html", context)


@require_POST
@requires("claims.release_payout")
def release(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The second officer lets the file go."""
    actions.release_batch(actor_of(request), batch_id)
    messages.success(request, _("Daftar bayar dilepas. Kirim berkasnya ke bank."))
    return redirect("claims:batch", batch_id)


@require_safe
@requires("claims.view_bank")
def batch_file(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The bank's file, with whole account numbers; each download is an act in the log."""
    return papers.batch_file(actor_of(request), batch_id)


@require_POST
@requires("claims.confirm_payout")
def confirm(request: HttpRequest, batch_id: int, payout_id: int) -> HttpResponse:
    """The bank says that the money has arrived."""
    form = ConfirmPayoutForm(request.POST, payout_id=payout_id)
    if not form.is_valid():
        raise InvalidInput("confirmation_incomplete", _("Isi tanggal masuk rekening dan nomor referensi bank."))
    actions.confirm_payout(actor_of(request), payout_id, **form.cleaned_data)
    messages.success(request, _("Pembayaran dicatat. Tanda terima siap dicetak."))
    return redirect("claims:batch", batch_id)


@require_safe
@requires("claims.view_bank")
def payment_receipt(request: HttpRequest, payout_id: int) -> HttpResponse:
    """The receipt that the heir signs."""
    return papers.payment_receipt(actor_of(request), payout_id)
