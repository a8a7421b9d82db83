"""Pages: a payer's account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lindung.contributions import statements
from lindung.core.access import Requires
from lindung.core.ui.tables import Badge, Column, ListQuery, Page, TableView
from lindung.payers.queries import payer as find_payer

KINDS = {
    "bill": Badge(_("Tagihan"), "neutral"),
    "credit": Badge(_("Nota kredit"), "ok"),
    "penalty": Badge(_("Denda"), "soon"),
    "payment": Badge(_("Pembayaran"), "ok"),
    "reversal": Badge(_("Pembayaran dibatalkan"), "danger"),
}
CLASSES = {
    "current": _("Lancar, 1–3 bulan"),
    "slow": _("Kurang lancar, 4–6 bulan"),
    "doubtful": _("Diragukan, 7–12 bulan"),
    "lost": _("Macet, lebih dari 12 bulan"),
}


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

    def row_url(self, row: statements.StatementLine) -> str | None:
        return reverse("contributions:bill", args=[row.bill_id]) if row.bill_id else None

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        (standing,) = statements.standings([self.payer.id])
        overdue = [(CLASSES[name], amount) for name, amount in standing.overdue.items() if amount]
        return {"payer": self.payer, "standing": standing, "overdue": overdue}
