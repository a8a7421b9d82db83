"""Pages: what lateness costs, read first and then asked, by an officer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lindung.contributions import penalties
from lindung.core.access import Requires, actor_of, requires
from lindung.core.clock import today
from lindung.core.errors import InvalidInput
from lindung.core.ui import words
from lindung.core.ui.tables import Column, ListQuery, Page, TableView


class PenaltiesDue(Requires, TableView):
    """Per payer, what the months begun late would be asked today."""

    permission = penalties.ASSESS
    template_name = "contributions/penalties.html"
    title = _("Denda keterlambatan")
    lead = _("Denda untuk tiap bulan terlambat yang belum ditagih. Baca dahulu; ditagih baru sesudah tombol ditekan.")
    search_hint = None
    columns = (
        Column("payer", _("Pembayar"), kind="link"),
        Column("bills", _("Tagihan terlambat"), kind="number"),
        Column("lines", _("Bulan terlambat"), kind="number", priority=2),
        Column("base", _("Tertunggak"), kind="rupiah", priority=2),
        Column("amount", _("Denda"), kind="rupiah"),
    )
    source = _("buku iuran")
    filename = "denda"
    empty_title = _("Tidak ada denda yang belum ditagih")
    empty_text = _("Denda timbul bila iuran pekerja penerima upah lewat jatuh temponya.")
    back = _("Daftar tagihan")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.due = penalties.penalties_due(actor_of(request), today())
        self.back_url = reverse("contributions:bills")
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return Page.of(self.due[query.offset : query.offset + query.limit], query)

    def row_url(self, row: penalties.PenaltyDue) -> str:
        return reverse("contributions:statement", args=[row.payer_id])

    def row_key(self, row: penalties.PenaltyDue) -> str:
        return str(row.payer_id)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {
            "payers": len(self.due),
            "late_bills": sum(row.bills for row in self.due),
            "amount": sum(row.amount for row in self.due),
        }


@require_POST
@requires(penalties.ASSESS)
def assess(request: HttpRequest) -> HttpResponse:
    """Ask the penalties that were read: when their sum is another by now, nothing is asked."""
    seen = request.POST.get("amount", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        raise InvalidInput("amount_unread", gettext("Jumlah denda yang dibaca tidak disertakan."), field="amount")
    done = penalties.assess_penalties(actor_of(request), today(), expected=int(seen))
    messages.success(
        request,
        ngettext(
            "%(bills)s tagihan denda terbit, seluruhnya %(amount)s.",
            "%(bills)s tagihan denda terbit, seluruhnya %(amount)s.",
            done.bills,
        )
        % {"bills": words.number(done.bills), "amount": words.rupiah(done.amount)},
    )
    return redirect("contributions:penalties")
