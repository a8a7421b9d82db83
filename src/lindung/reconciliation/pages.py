"""Lists: statements and their lines, proposals, SP2D."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lindung.core.access import Requires, actor_of
from lindung.core.ui import words
from lindung.core.ui.listing import Choices
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.reconciliation import queries

VIEW = "reconciliation.view"
SOURCE = _("rekening koran")
STATES = {
    "known": Badge(_("Dikenali"), "ok"),
    "open": Badge(_("Belum dikenali"), "soon"),
    "out": Badge(_("Uang keluar, belum dicocokkan"), "soon"),
}
HOW = {
    "code": _("kode bayar"),
    "known": _("sudah tercatat"),
    "payer": _("pembayar dan jumlah"),
    "manual": _("dua pejabat"),
    "": "",
}
OUTCOMES = {
    "waiting": Badge(_("Menunggu pejabat kedua"), "soon"),
    "approved": Badge(_("Disetujui"), "ok"),
    "returned": Badge(_("Dikembalikan"), "neutral"),
}
KINDS = {
    "identify": _("Kenali baris"),
    "release": _("Lepas baris"),
    "receipt": _("Penerimaan manual"),
}
SP2D_STATES = {
    "paid": Badge(_("Tercatat sebagai pembayaran"), "ok"),
    "seen": Badge(_("Terlihat di bank, belum tercatat"), "soon"),
    "missing": Badge(_("Belum terlihat"), "soon"),
}


def _accounts(_request: HttpRequest) -> Choices:
    return [(account.number, f"{account.bank} {account.number}") for account in queries.accounts()]


class Statements(Requires, TableView):
    """All statements, the latest first."""

    permission = VIEW
    title = _("Rekening koran")
    lead = _("Yang dilaporkan bank, dan berapa barisnya yang belum diketahui pembayarnya.")
    search_hint = None
    columns = (
        Column("closed_on", _("Sampai"), kind="link", value=lambda row: words.long_date(row.closed_on)),
        Column("account", _("Rekening"), value=lambda row: f"{row.bank} {row.account}"),
        Column("opening", _("Saldo awal"), kind="rupiah", priority=2),
        Column("closing", _("Saldo akhir"), kind="rupiah"),
        Column("lines_read", _("Baris"), kind="number"),
        Column("lines_new", _("Baru"), kind="number", priority=2),
        Column("open_lines", _("Belum dikenali"), kind="number"),
        Column("imported_by", _("Diunggah oleh"), priority=3),
    )
    filters = (Filter("account", _("Rekening"), _accounts),)
    source = SOURCE
    filename = "rekening-koran"
    empty_title = _("Belum ada rekening koran")
    empty_text = _("Unggah berkas MT940 atau CSV dari bank; setiap baris dicocokkan dengan tagihan.")

    def rows(self, query: ListQuery) -> Page:
        return queries.statements(query)

    def row_url(self, row: queries.StatementRow) -> str:
        return reverse("reconciliation:statement", args=[row.id])

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What the reader may start from here."""
        return (
            [(gettext("Unggah rekening koran"), reverse("reconciliation:upload"), "btn-primary")]
            if actor_of(self.request).may("reconciliation.import")
            else []
        )


_LINE_COLUMNS = (
    Column("booked_on", _("Tanggal"), kind="date"),
    Column("text", _("Uraian bank"), kind="link", value=lambda row: row.text or row.reference or "–"),
    Column("reference", _("Referensi"), priority=3),
    Column("amount", _("Jumlah"), kind="rupiah"),
    Column("state", _("Keadaan"), kind="badge", badges=STATES),
    Column("payer", _("Pembayar"), priority=2),
    Column("how", _("Dikenali lewat"), priority=3, value=lambda row: HOW.get(row.how, row.how)),
)


class Lines(Requires, TableView):
    """Lines of all statements; by default those nobody knows."""

    permission = VIEW
    title = _("Baris rekening koran")
    lead = _("Uang masuk yang belum diketahui pembayarnya menunggu di sini, bukan hilang.")
    search_hint = _("Uraian, referensi, atau jumlah")
    columns = _LINE_COLUMNS
    filters = (Filter("state", _("Keadaan"), [(code, badge.label) for code, badge in STATES.items()]),)
    source = SOURCE
    filename = "baris-rekening-koran"
    empty_title = _("Tidak ada baris")
    empty_text = _("Semua uang masuk sudah diketahui pembayarnya.")

    def rows(self, query: ListQuery) -> Page:
        return queries.lines(query)

    def row_url(self, row: queries.LineRow) -> str:
        return reverse("reconciliation:line", args=[row.id])


class StatementPage(Requires, TableView):
    """One statement: the lines of its days."""

    permission = VIEW
    search_hint = _("Uraian, referensi, atau jumlah")
    columns = _LINE_COLUMNS
    filters = Lines.filters
    source = SOURCE
    filename = "rekening-koran"
    empty_title = _("Tidak ada baris")
    empty_text = _("Tidak ada mutasi pada hari-hari ini.")
    back = _("Semua rekening koran")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.statement = queries.statement(kwargs["statement_id"])
        self.back_url = reverse("reconciliation:statements")
        self.title = gettext("%(bank)s %(account)s, sampai %(day)s") % {
            "bank": self.statement.bank,
            "account": self.statement.account,
            "day": words.long_date(self.statement.closed_on),
        }
        self.lead = gettext("Saldo awal %(opening)s, saldo akhir %(closing)s.") % {
            "opening": words.rupiah(self.statement.opening),
            "closing": words.rupiah(self.statement.closing),
        }
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return queries.lines(query, self.statement.id)

    def row_url(self, row: queries.LineRow) -> str:
        return reverse("reconciliation:line", args=[row.id])


class Proposals(Requires, TableView):
    """What waits for a second person, and what was decided."""

    permission = VIEW
    title = _("Usulan rekonsiliasi")
    lead = _("Yang dicatat dengan tangan berlaku setelah pejabat kedua menyetujuinya.")
    search_hint = None
    columns = (
        Column("kind", _("Usulan"), kind="link", value=lambda row: KINDS[row.kind]),
        Column("payer", _("Pembayar")),
        Column("amount", _("Jumlah"), kind="rupiah"),
        Column("day", _("Tanggal"), kind="date", priority=2),
        Column("what", _("Bukti"), priority=2),
        Column("reason", _("Alasan"), width="wide", priority=3),
        Column("proposed_by", _("Diusulkan oleh"), priority=4),
        Column("outcome", _("Keadaan"), kind="badge", badges=OUTCOMES),
    )
    filters = (Filter("state", _("Keadaan"), [(code, badge.label) for code, badge in OUTCOMES.items()]),)
    source = SOURCE
    filename = "usulan-rekonsiliasi"
    empty_title = _("Tidak ada usulan")
    empty_text = _("Tidak ada yang menunggu keputusan.")

    def rows(self, query: ListQuery) -> Page:
        return queries.proposals(query)

    def row_url(self, row: queries.ProposalRow) -> str:
        return reverse("reconciliation:proposal", args=[row.id])

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What the reader may start from here."""
        return (
            [(gettext("Catat penerimaan manual"), reverse("reconciliation:receipt"), "btn-primary")]
            if actor_of(self.request).may("reconciliation.propose")
            else []
        )


class Sp2dList(Requires, TableView):
    """The treasury's orders."""

    permission = VIEW
    title = _("Daftar SP2D")
    lead = _("Perintah bayar dari kas daerah, dan apakah uangnya sudah tercatat.")
    search_hint = None
    columns = (
        Column("number", _("Nomor")),
        Column("dated", _("Tanggal"), kind="date"),
        Column("payee", _("Penerima"), priority=2),
        Column("account_code", _("Kode rekening"), priority=3),
        Column("amount", _("Nilai"), kind="rupiah"),
        Column("state", _("Keadaan"), kind="badge", badges=SP2D_STATES),
    )
    filters = (Filter("state", _("Keadaan"), [(code, badge.label) for code, badge in SP2D_STATES.items()]),)
    source = _("daftar SP2D")
    filename = "sp2d"
    empty_title = _("Belum ada SP2D")
    empty_text = _("Unggah daftar SP2D dari BKAD (Excel atau CSV).")

    def rows(self, query: ListQuery) -> Page:
        return queries.sp2d(query)

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What the reader may start from here."""
        return (
            [(gettext("Unggah daftar SP2D"), reverse("reconciliation:upload_sp2d"), "btn-primary")]
            if actor_of(self.request).may("reconciliation.import")
            else []
        )
