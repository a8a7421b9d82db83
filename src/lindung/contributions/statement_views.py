"""Pages: a payer's account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lindung.contributions import papers, statements
from lindung.core.access import Requires, requires
from lindung.core.files import PDF
from lindung.core.ui.parts import Tone
from lindung.core.ui.tables import Badge, Column, ListQuery, Page, TableView
from lindung.payers.queries import payer as find_payer

TONES: dict[str, Tone] = {"credit": "ok", "penalty": "soon", "payment": "ok", "reversal": "danger"}
KINDS = {kind: Badge(word, TONES.get(kind, "neutral")) for kind, word in papers.EVENTS.items()}


class StatementPage(Requires, TableView):
    """What a payer was asked, what came in, and the balance after each; Excel of exactly that."""

    permission = "contributions.view"
    template_name = "contributions/statement.html"
    search_hint = None
    columns = (
        Column("dated", _("Tanggal"), kind="date"),
        Column("kind", _("Jenis"), kind="badge", badges=KINDS),
        Column("reference", _("Nomor"), kind="link"),
        Column("month", _("Bulan"), kind="month", priority=3),
        Column("asked", _("Ditagih"), kind="rupiah"),
        Column("received", _("Diterima"), kind="rupiah"),
        Column("balance", _("Saldo"), kind="rupiah"),
    )
    source = _("buku iuran")
    back = _("Pembayar")
    empty_title = _("Belum ada tagihan atau pembayaran")
    empty_text = _("Baris pertama muncul ketika tagihan diterbitkan atau uang diterima.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.payer = find_payer(kwargs["payer_id"])
        self.title = gettext("Rekening iuran – %(payer)s") % {"payer": self.payer.name}
        self.lead = _("Saldo di atas nol masih harus dibayar; di bawah nol adalah kelebihan yang dipakai berikutnya.")
        self.back_url = reverse("contributions:payer", args=[self.payer.id])
        self.filename = f"rekening-{self.payer.npp}"
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return statements.statement(self.payer.id, query)

    def row_url(self, row: statements.StatementLine) -> str:
        if row.bill_id:
            return reverse("contributions:bill", args=[row.bill_id])
        return reverse("contributions:payment", args=[row.payment_id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        (standing,) = statements.standings([self.payer.id])
        overdue = [(papers.CLASSES[name], amount) for name, amount in standing.overdue.items() if amount]
        return {"payer": self.payer, "standing": standing, "overdue": overdue}


@require_safe
@requires("contributions.view")
def statement_pdf(request: HttpRequest, payer_id: int) -> HttpResponse:
    """The whole account as a paper."""
    payer = find_payer(payer_id)
    return HttpResponse(
        papers.account_paper(payer),
        content_type=PDF,
        headers={
            "Content-Disposition": f'attachment; filename="rekening-{slugify(payer.npp)}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
