"""Pages on which something is done: uploads, one line, proposals and receipts; and the agreement day by day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotFound
from lindung.core.ui import words
from lindung.payers.models import Payer
from lindung.reconciliation import actions as acts
from lindung.reconciliation import queries
from lindung.reconciliation.forms import AccountForm, IdentifyForm, ReceiptForm, ReleaseForm, Sp2dForm, StatementForm
from lindung.reconciliation.pages import HOW, KINDS, OUTCOMES, SOURCE, STATES, VIEW


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
