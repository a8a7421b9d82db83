"""Pages of the JHT accounts: the list, a member's statement (also on paper), the yearly return."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.errors import DomainError
from lindung.core.log import record_access
from lindung.core.ui.tables import Column, ListQuery, Page, TableView
from lindung.ledger import actions, queries, statements
from lindung.ledger.crediting import crediting_years, request_crediting
from lindung.ledger.forms import RateForm
from lindung.ledger.jht import jht_statement
from lindung.ledger.pages import SOURCE, room_tabs
from lindung.ledger.withdrawing import FILE


class JhtAccounts(Requires, TableView):
    """The JHT accounts in the reader's area."""

    permission = "ledger.view_member"
    title = _("Rekening JHT")
    lead = _("Jaminan Hari Tua: tabungan tiap peserta, dengan hasil pengembangannya.")
    search_hint = _("KPJ atau awal nama")
    columns = (
        Column("name", _("Nama"), kind="link"),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("kpj", "KPJ", priority=2),
        Column("last_moved", _("Mutasi terakhir"), kind="date", priority=2),
        Column("balance", _("Saldo"), kind="rupiah"),
    )
    source = SOURCE
    above_template = "ledger/above.html"
    filename = "rekening-jht"
    empty_title = _("Belum ada rekening JHT")
    empty_text = _("Rekening mulai terisi ketika tagihan yang memuat JHT lunas.")

    def rows(self, query: ListQuery) -> Page:
        return queries.jht_accounts(query)

    def row_url(self, row: queries.JhtAccountRow) -> str:
        return reverse("ledger:jht_account", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs(self.request, "jht_accounts")}


@require_safe
@requires("ledger.view_member")
def jht_account(request: HttpRequest, membership_id: int) -> HttpResponse:
    """A member's statement: every movement, every year's return and how it came about."""
    statement = jht_statement(membership_id)
    record_access(actor_of(request), f"person:{statement.person_id}", "jht statement")
    movements = [(row, statements.MOVEMENTS[row.kind]) for row in statement.movements]
    context = {"statement": statement, "movements": movements, "may_file": actor_of(request).may(FILE)}
    return render(request, "ledger/jht_account.html", context)


@require_safe
@requires("ledger.view_member")
def jht_account_pdf(request: HttpRequest, membership_id: int) -> HttpResponse:
    """The same on paper."""
    statement = jht_statement(membership_id)
    record_access(actor_of(request), f"person:{statement.person_id}", "jht statement")
    headers = {
        "Content-Disposition": f'attachment; filename="rekening-jht-{statement.kpj}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(statements.statement_pdf(statement), content_type="application/pdf", headers=headers)


@require_safe
@requires("ledger.view")
def jht_years(request: HttpRequest) -> HttpResponse:
    """The years that have been credited, and those that can be."""
    actor = actor_of(request)
    context = {
        "room_tabs": room_tabs(request, "jht_years"),
        "years": crediting_years(),
        "may_credit": actor.may("ledger.credit"),
        "may_propose": actor.may("ledger.propose"),
    }
    return render(request, "ledger/jht_years.html", context)


@require_POST
@requires("ledger.credit")
def credit(request: HttpRequest, year: int) -> HttpResponse:
    """Credit a year, in the background: millions of accounts take a while."""
    job = request_crediting(actor_of(request), year)
    return redirect("job", job.id)


@requires("ledger.propose")
def propose_rate(request: HttpRequest, year: int) -> HttpResponse:
    """Enter a year's return as the board decided it; a second officer confirms."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_rate(actor_of(request), year, **form.cleaned_data)
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            messages.success(request, gettext("Usul dicatat. Sekarang menunggu petugas kedua."))
            return redirect("ledger:proposal", made.pk)
    return render(request, "ledger/propose_rate.html", {"form": form, "year": year})
