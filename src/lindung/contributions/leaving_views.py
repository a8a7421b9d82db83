"""The pages on which a membership ends, and comes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lindung.contributions.forms import LeavingForm
from lindung.contributions.leaving import END, come_back, effect_of_leaving
from lindung.contributions.leaving import leave as leave_membership
from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed
from lindung.core.months import add_months, month_of
from lindung.core.ui import words
from lindung.membership.queries import membership
from lindung.people.queries import person


@require_http_methods(["GET", "HEAD", "POST"])
@requires(END)
def leave(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a membership: first what that does to the contributions, then the end itself."""
    actor, member = actor_of(request), membership(membership_id)
    who = person(actor, member.person_id, "end of membership")
    form = LeavingForm(request.POST or None, initial={"effective_on": add_months(month_of(today()), 1)})
    effect = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            effect = effect_of_leaving(member, given["effective_on"])
            if "confirmed" in request.POST:
                done = leave_membership(actor, membership_id, given["effective_on"], given["reason"])
                messages.success(request, _ended(member.kpj, done.months))
                return redirect("person", member.person_id)
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
    return render(
        request, "contributions/leave.html",
        {"form": form, "member": member, "person": who, "effect": None if form.errors else effect, "as_of": today()},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _ended(kpj: str, months: int) -> str:
    return ngettext(
        "Kepesertaan %(kpj)s diakhiri. %(months)s bulan iuran sesudahnya dibatalkan atau dikembalikan.",
        "Kepesertaan %(kpj)s diakhiri. %(months)s bulan iuran sesudahnya dibatalkan atau dikembalikan.",
        months,
    ) % {"kpj": kpj, "months": words.number(months)}


@require_POST
@requires(END)
def reopen(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Undo an end that should not have been."""
    done = come_back(actor_of(request), membership_id, request.POST.get("reason", ""))
    messages.success(
        request,
        ngettext(
            "Kepesertaan %(kpj)s berjalan lagi. %(months)s bulan iuran ditagihkan kembali.",
            "Kepesertaan %(kpj)s berjalan lagi. %(months)s bulan iuran ditagihkan kembali.",
            done.months,
        )
        % {"kpj": done.membership.kpj, "months": words.number(done.months)},
    )
    return redirect("person", done.membership.person_id)
