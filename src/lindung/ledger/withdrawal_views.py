"""Pages on which JHT is taken out: filed by one officer, paid once another has approved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed, NotFound
from lindung.core.log import record_access
from lindung.ledger import actions
from lindung.ledger.entitlement import entitlement
from lindung.ledger.forms import PayJhtForm, TakeJhtForm
from lindung.ledger.jht import jht_statement
from lindung.ledger.withdrawing import FILE, PAY


@require_http_methods(["GET", "HEAD", "POST"])
@requires(FILE)
def take_jht(request: HttpRequest, membership_id: int) -> HttpResponse:
    """File a withdrawal: first what the law gives, then the proposal itself."""
    actor, account = actor_of(request), jht_statement(membership_id)
    record_access(actor, f"person:{account.person_id}", "jht withdrawal")
    form, due = TakeJhtForm(request.POST or None, initial={"name": account.name, "npwp": True}), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        payee = actions.Payee(said["name"], said["bank"], said["account"])
        try:
            due = entitlement(membership_id, said["reason"], said["amount"], said["npwp"])
            if "confirmed" in request.POST:
                actions.propose_withdrawal(
                    actor, membership_id, said["reason"], payee, said["note"], said["amount"], said["npwp"]
                )
                messages.success(request, _("Pengambilan diajukan. Sekarang menunggu petugas kedua."))
                return redirect("ledger:jht_account", membership_id)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            note_refusal(request, error)
            field = error.field if error.field in form.fields else None
            form.add_error(field, f"{error.message} {error.way_out} {error.article}".strip())
            due = None
    context = {"form": form, "account": account, "due": due}
    return render(request, "ledger/take_jht.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PAY)
def pay_jht(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Note that the bank has paid."""
    form = PayJhtForm(request.POST or None, initial={"paid_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_jht_payment(actor_of(request), proposal_id, **form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            note_refusal(request, error)
            field = error.field if error.field in form.fields else None
            form.add_error(field, f"{error.message} {error.way_out}".strip())
        else:
            messages.success(request, _("Pembayaran tercatat."))
            return redirect("ledger:proposal", proposal_id)
    context = {"form": form, "proposal_id": proposal_id}
    return render(request, "ledger/pay_jht.html", context, status=422 if form.errors else 200)
