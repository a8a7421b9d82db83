"""Pages of the books: trial balance, funds, an account's postings, entries, a journal by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError
from lindung.core.months import add_months, month_of, parse_month
from lindung.core.ui import words
from lindung.core.ui.parts import Text
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView
from lindung.ledger import actions, queries
from lindung.ledger.forms import JournalForm, JournalLines
from lindung.ledger.pages import KINDS, SOURCE, kind_title, month_choices, room_tabs

ACCOUNT_KINDS = {
    "asset": _("Aset"),
    "liability": _("Kewajiban"),
    "fund": _("Dana"),
    "income": _("Pendapatan"),
    "expense": _("Beban"),
}
MONTH = Filter("month", _("Bulan"), month_choices, unchosen=_("Bulan ini"))


class OfAMonth(Requires, TableView):
    """A list about one month: the one chosen, else the present one."""

    permission = "ledger.view"
    search_hint: Text | None = None
    source = SOURCE
    above_template = "ledger/above.html"
    filters: ClassVar[Sequence[Filter]] = (MONTH,)
    tab: ClassVar[str] = "trial_balance"

    def month_of(self, query: ListQuery) -> date:
        chosen = query.filters.get("month")
        return parse_month(chosen) if chosen else month_of(today())

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs(self.request, self.tab), "month": self.month_of(query)}


class TrialBalance(OfAMonth):
    """Every account: what it opened with, what moved, what it closed with."""

    title = _("Neraca saldo")
    lead = _("Semua akun dalam satu bulan. Jumlah debit selalu sama dengan jumlah kredit.")
    columns = (
        Column("code", _("Akun"), kind="link"),
        Column("name", _("Nama")),
        Column("kind", _("Jenis"), value=lambda row: ACCOUNT_KINDS[row.kind], priority=4),
        Column("opening", _("Saldo awal"), kind="rupiah", priority=2),
        Column("debit", _("Debit"), kind="rupiah"),
        Column("credit", _("Kredit"), kind="rupiah"),
        Column("closing", _("Saldo akhir"), kind="rupiah"),
    )
    filename = "neraca-saldo"
    above_template = "ledger/trial_balance_above.html"

    def rows(self, query: ListQuery) -> Page:
        self.found = queries.trial_balance(self.month_of(query))
        return Page(self.found, len(self.found), False)

    def row_url(self, row: queries.AccountRow) -> str:
        chosen = self.request.GET.get("month", "")
        return reverse("ledger:account", args=[row.code]) + (f"?month={chosen}" if len(chosen) == 7 else "")

    def row_key(self, row: queries.AccountRow) -> str:
        return row.code

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return super().extra_context(query) | {
            "debit": sum(row.debit for row in self.found),
            "credit": sum(row.credit for row in self.found),
        }


class AccountPage(OfAMonth):
    """One account's postings in a month."""

    lead = _("Setiap baris membuka ayat jurnalnya. Debit menambah aset dan beban; kredit menambah yang lain.")
    columns = (
        Column("dated", _("Tanggal"), kind="date"),
        Column("source", _("Sumber"), kind="link"),
        Column("kind", _("Jenis"), value=lambda row: kind_title(row.kind)),
        Column("payer", _("Pembayar"), priority=2, width="tight"),
        Column("note", _("Keterangan"), priority=3, width="wide"),
        Column("debit", _("Debit"), kind="rupiah"),
        Column("credit", _("Kredit"), kind="rupiah"),
    )
    back = _("Neraca saldo")
    empty_title = _("Tidak ada mutasi bulan ini")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.account = queries.account(kwargs["code"])
        self.title = f"{self.account.code} {self.account.name}"
        self.filename = f"akun-{self.account.code}"
        self.back_url = reverse("ledger:trial_balance")
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return queries.account_postings(self.account.code, self.month_of(query), query)

    def row_url(self, row: queries.PostingRow) -> str:
        return reverse("ledger:entry", args=[row.entry_id])


class Entries(OfAMonth):
    """The journal of a month."""

    title = _("Jurnal")
    lead = _("Setiap ayat seimbang, tidak pernah diubah, dan dibukukan satu kali. Perbaikan adalah ayat baru.")
    search_hint = _("Sumber, contoh: bill:12")
    tab = "entries"
    columns = (
        Column("dated", _("Tanggal"), kind="date"),
        Column("source", _("Sumber"), kind="link"),
        Column("kind", _("Jenis"), value=lambda row: kind_title(row.kind)),
        Column("note", _("Keterangan"), priority=2, width="wide"),
        Column("posted_by", _("Oleh"), priority=3),
        Column("amount", _("Jumlah"), kind="rupiah"),
    )
    filters = (MONTH, Filter("kind", _("Jenis"), list(KINDS.items())))
    filename = "jurnal"
    empty_title = _("Belum ada ayat")
    empty_text = _("Ayat dibukukan sendiri ketika tagihan terbit, uang masuk, atau manfaat disetujui.")

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        if not actor_of(self.request).may("ledger.propose"):
            return []
        return [(_("Jurnal baru"), reverse("ledger:new_journal"), "btn-primary")]

    def rows(self, query: ListQuery) -> Page:
        return queries.entries(self.month_of(query), query)

    def row_url(self, row: queries.EntryRow) -> str:
        return reverse("ledger:entry", args=[row.id])


@require_safe
@requires("ledger.view")
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with its lines."""
    detail = queries.entry_detail(entry_id)
    return render(request, "ledger/entry.html", {"detail": detail, "kind": kind_title(detail.entry.kind)})


@require_safe
@requires("ledger.view")
def funds(request: HttpRequest) -> HttpResponse:
    """What each programme's fund was, took in, gave out and is, in a year up to a month."""
    months = queries.months()
    years = sorted({month.year for month in months}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(year) for year in years} else today().year
    first = date(year, 1, 1)
    last = min(add_months(first, 11), max(months[0], first))
    context = {
        "room_tabs": room_tabs(request, "funds"),
        "funds": queries.fund_statements(first, last),
        "year": year,
        "years": years,
        "last": last,
    }
    return render(request, "ledger/funds.html", context)


@requires("ledger.propose")
def new_journal(request: HttpRequest) -> HttpResponse:
    """Ask for an entry by hand; a second officer lets it be posted."""
    form = JournalForm(request.POST or None, initial={"dated": today()})
    lines = JournalLines(request.POST or None, prefix="lines")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        chosen = [(line["account"], line["amount"]) for line in lines.cleaned_data if line.get("amount")]
        try:
            made = actions.propose_journal(
                actor_of(request), form.cleaned_data["dated"], chosen, form.cleaned_data["reason"]
            )
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            total = sum(amount for _code, amount in chosen if amount > 0)
            messages.success(
                request,
                gettext("Usul jurnal %(amount)s dicatat. Sekarang menunggu petugas kedua.")
                % {"amount": words.rupiah(total)},
            )
            return redirect("ledger:proposal", made.pk)
    return render(request, "ledger/new_journal.html", {"form": form, "lines": lines})
