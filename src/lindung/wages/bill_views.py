"""The pages of an employer's own bills, and the papers it may print itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lindung.contributions.views import BILL_STATES
from lindung.core.access import Requires, actor_of, requires
from lindung.core.downloads import download
from lindung.core.files import PDF
from lindung.core.ui.tables import Column, ListQuery, Page, TableView
from lindung.core.ui.words import long_month
from lindung.wages.queries import bills
from lindung.wages.views import VIEW


class OwnBill(Requires, TableView):
    """One bill of an employer: what it asks and how to pay, what came in, and the workers on it; those as Excel."""

    permission = VIEW
    template_name = "wages/bill.html"
    search_hint = None
    columns = (
        Column("name", _("Nama")),
        Column("kpj", "KPJ"),
        Column("nik", "NIK", kind="nik", priority=3),
        Column("jkk", "JKK", kind="rupiah", priority=2),
        Column("jkm", "JKM", kind="rupiah", priority=2),
        Column("jht", "JHT", kind="rupiah", priority=2),
        Column("jp", "JP", kind="rupiah", priority=2),
        Column("amount", _("Iuran"), kind="rupiah"),
        Column("worker_share", _("Dipotong dari upah"), kind="rupiah"),
    )
    source = _("buku iuran")
    back = _("Bulan laporan")
    empty_title = _("Tidak ada pekerja pada tagihan ini")
    empty_text = _("Tagihan denda tidak memuat pekerja.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.found = bills.own_bill(actor_of(request), kwargs["payer_id"], kwargs["bill_id"])
        bill = self.found.bill
        self.title = gettext("Tagihan %(month)s – %(payer)s") % {"month": long_month(bill.month), "payer": bill.payer}
        self.lead = gettext("Nomor %(number)s") % {"number": bill.number}
        self.back_url = f"{reverse('wages:month', args=[bill.payer_id])}?bulan={bill.month:%Y-%m}"
        self.filename = f"tagihan-{bill.number}"
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return bills.own_bill_workers(actor_of(self.request), self.kwargs["payer_id"], self.kwargs["bill_id"], query)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"found": self.found, "bill": self.found.bill, "state": BILL_STATES[self.found.bill.state]}


@require_safe
@requires(VIEW)
def proof(request: HttpRequest, payer_id: int, bill_id: int) -> HttpResponse:
    """That a bill was paid, as PDF."""
    return download(*bills.own_bill_proof(actor_of(request), payer_id, bill_id), PDF)


@require_safe
@requires(VIEW)
def certificate(request: HttpRequest, payer_id: int) -> HttpResponse:
    """The certificate of membership, as PDF."""
    return download(*bills.own_certificate(actor_of(request), payer_id), PDF)
