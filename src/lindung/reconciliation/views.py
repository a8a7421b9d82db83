"""Pages: statements and their lines, what nobody knows yet, proposals, receipts, SP2D, the agreement day by day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotFound
from lindung.core.ui import words
from lindung.core.ui.listing import Choices
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.payers.models import Payer
from lindung.reconciliation import actions as acts
from lindung.reconciliation import queries
from lindung.reconciliation.forms import AccountForm, IdentifyForm, ReceiptForm, ReleaseForm, Sp2dForm, StatementForm

VIEW = "reconciliation.view"
SOURCE = _("rekening koran")
STATES = {
    "known": Badge(_("Dikenali"), "ok"),
    "open": Badge(_("Belum dikenali"), "danger"),
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
    "missing": Badge(_("Belum terlihat"), "danger"),
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
        Column("proposed_by", _("Diusulkan oleh"), priority=3),
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


def _add(request: HttpRequest, form: forms.Form, error: DomainError) -> None:
    """What a rule refused, beside the field it names, and in the log."""
    form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
    note_refusal(request, error)


@requires("reconciliation.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Upload a bank's statement; rows that cannot be read come back in place."""
    form = StatementForm(request.POST or None, request.FILES or None)
    errors: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        file, account = form.cleaned_data["file"], form.cleaned_data["account"]
        try:
            done = acts.import_statement(actor_of(request), file.name, file.read(), account.number if account else "")
        except DomainError as error:
            errors = error.details.get("rows") or []
            _add(request, form, error)
        else:
            for imported in done:
                messages.success(request, _said(imported))
            return redirect("reconciliation:statement", done[-1].statement.pk)
    return render(
        request, "reconciliation/upload.html", {"form": form, "errors": errors, "accounts": queries.accounts()}
    )


def _said(imported: acts.Imported) -> str:
    if imported.repeated:
        return gettext("Berkas ini sudah pernah diunggah. Tidak ada yang berubah.")
    known = sum(imported.matched.values())
    return gettext("%(new)s baris baru dari %(read)s: %(known)s uang masuk dikenali, %(left)s belum.") % {
        "new": words.number(imported.statement.lines_new),
        "read": words.number(imported.statement.lines_read),
        "known": words.number(known),
        "left": words.number(imported.left),
    }


@requires("reconciliation.import")
def upload_sp2d(request: HttpRequest) -> HttpResponse:
    """Upload the treasury's list."""
    form = Sp2dForm(request.POST or None, request.FILES or None)
    errors: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            listed, new = acts.import_sp2d(actor_of(request), form.cleaned_data["file"].read())
        except DomainError as error:
            errors = error.details.get("rows") or []
            _add(request, form, error)
        else:
            messages.success(
                request,
                ngettext("%(listed)s SP2D dibaca, %(new)s baru.", "%(listed)s SP2D dibaca, %(new)s baru.", listed)
                % {"listed": words.number(listed), "new": words.number(new)},
            )
            return redirect("reconciliation:sp2d")
    return render(request, "reconciliation/upload_sp2d.html", {"form": form, "errors": errors})


@requires("reconciliation.add_account")
def add_account(request: HttpRequest) -> HttpResponse:
    """Name a bank account of ours."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = acts.add_account(actor_of(request), **form.cleaned_data)
        except DomainError as error:
            _add(request, form, error)
        else:
            messages.success(request, gettext("Rekening %(number)s didaftarkan.") % {"number": account.number})
            return redirect("reconciliation:statements")
    return render(request, "reconciliation/account.html", {"form": form, "accounts": queries.accounts()})


@requires("reconciliation.import")
@require_POST
def match_again(request: HttpRequest) -> HttpResponse:
    """Look at the open lines again."""
    found = sum(acts.match_again(actor_of(request)).values())
    messages.success(request, gettext("%(found)s baris dikenali.") % {"found": words.number(found)})
    return redirect(f"{reverse('reconciliation:lines')}?state=open")


@requires(VIEW)
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line: what it stands for, or what it may be."""
    return render(request, "reconciliation/line.html", _line_context(request, line_id))


def _line_context(
    request: HttpRequest, line_id: int, identify: IdentifyForm | None = None, release: ReleaseForm | None = None
) -> dict[str, Any]:
    row = queries.line(line_id)
    waiting = queries.proposal_of_line(line_id)
    may = actor_of(request).may("reconciliation.propose") and waiting is None
    return {
        "line": row,
        "state": STATES[row.state],
        "how": HOW.get(row.how, row.how),
        "waiting": waiting,
        "candidates": queries.candidates(line_id) if row.state != "known" else [],
        "may_identify": may and row.state != "known" and row.amount != 0,
        "may_release": may and row.state == "known" and row.amount != 0,
        "identify": identify or IdentifyForm(),
        "release": release or ReleaseForm(),
    }


@requires("reconciliation.propose")
@require_POST
def identify(request: HttpRequest, line_id: int) -> HttpResponse:
    """Propose whose money a line is."""
    form = IdentifyForm(request.POST)
    if form.is_valid():
        try:
            acts.propose_identification(
                actor_of(request), line_id, form.cleaned_data["reason"], **_chosen(form.cleaned_data)
            )
        except DomainError as error:
            _add(request, form, error)
        else:
            messages.success(request, gettext("Usulan dicatat. Berlaku setelah pejabat kedua menyetujuinya."))
            return redirect("reconciliation:line", line_id)
    return render(request, "reconciliation/line.html", _line_context(request, line_id, identify=form))


def _chosen(data: dict[str, Any]) -> dict[str, int]:
    """«bill:12:7» (of payer 7), «payment:3», «entry:9», or a payer by number. Raises NotFound."""
    kind, *numbers = data["choice"].split(":")
    if all(part.isascii() and part.isdigit() and len(part) < 18 for part in numbers):
        if kind == "bill" and len(numbers) == 2:
            return {"bill_id": int(numbers[0]), "payer_id": int(numbers[1])}
        if kind in ("payment", "entry") and len(numbers) == 1:
            return {f"{kind}_id": int(numbers[0])}
    return {"payer_id": _payer_of(data["npp"])}


def _payer_of(npp: str) -> int:
    found = Payer.objects.filter(npp__iexact=npp.strip()).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(
            "payer_not_found",
            gettext("Pembayar dengan NPP itu tidak ditemukan."),
            field="npp",
            way_out=gettext("Pilih dari daftar, atau periksa nomornya. Contoh: KB000123."),
        )
    return found


@requires("reconciliation.propose")
@require_POST
def release(request: HttpRequest, line_id: int) -> HttpResponse:
    """Propose that a line is not what it was taken for."""
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            acts.propose_release(actor_of(request), line_id, form.cleaned_data["reason"])
        except DomainError as error:
            _add(request, form, error)
        else:
            messages.success(request, gettext("Usulan dicatat. Berlaku setelah pejabat kedua menyetujuinya."))
            return redirect("reconciliation:line", line_id)
    return render(request, "reconciliation/line.html", _line_context(request, line_id, release=form))


@requires("reconciliation.propose")
def receipt(request: HttpRequest) -> HttpResponse:
    """Propose a receipt by hand."""
    form = ReceiptForm(request.POST or None, initial={"paid_on": today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            proposal = acts.propose_receipt(
                actor_of(request), _payer_of(data["npp"]), data["amount"], data["paid_on"], data["reference"],
                data["reason"],
            )  # fmt: skip
        except DomainError as error:
            _add(request, form, error)
        else:
            messages.success(request, gettext("Usulan dicatat. Berlaku setelah pejabat kedua menyetujuinya."))
            return redirect("reconciliation:proposal", proposal.pk)
    return render(request, "reconciliation/receipt.html", {"form": form})


@require_safe
@requires(VIEW)
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One proposal, and for the second person its decision."""
    row = queries.proposal(proposal_id)
    actor = actor_of(request)
    return render(
        request,
        "reconciliation/proposal.html",
        {
            "proposal": row,
            "kind": KINDS[row.kind],
            "state": OUTCOMES[row.outcome],
            "own": row.proposed_by_id == actor.user_id,
            "may_decide": row.outcome == "waiting"
            and actor.may("reconciliation.decide")
            and row.proposed_by_id != actor.user_id,
        },
    )


@requires("reconciliation.decide")
@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The second person's word."""
    approve = request.POST.get("answer") == "approve"
    try:
        acts.decide(actor_of(request), proposal_id, approve=approve)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        messages.error(request, f"{error.message} {error.way_out}".strip())
        note_refusal(request, error)
    else:
        said = gettext("Usulan disetujui dan sudah berlaku.") if approve else gettext("Usulan dikembalikan.")
        messages.success(request, said)
    return redirect("reconciliation:proposal", proposal_id)


@require_safe
@requires(VIEW)
def agreement(request: HttpRequest) -> HttpResponse:
    """Bank and books, day by day."""
    day = today()
    return render(
        request,
        "reconciliation/agreement.html",
        {
            "days": queries.days(day),
            "gaps": queries.gaps(),
            "unseen": queries.unseen_payments(day),
            "day": day,
            "source": SOURCE,
            "may_import": actor_of(request).may("reconciliation.import"),
        },
    )
