"""The page on which a scheme is opened."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lindung.assistance.actions import open_scheme
from lindung.assistance.forms import SchemeForm
from lindung.assistance.opening import preview_scheme
from lindung.assistance.schemes import OPEN
from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed

_FORM_FIELDS = {"npp": "office_npp", "kind": "payer"}  # where the form calls a field of the payer differently


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPEN)
def new_scheme(request: HttpRequest) -> HttpResponse:
    """Open a scheme: first what the law prices and whom the ceiling carries, then the scheme itself."""
    form = SchemeForm(request.POST or None, initial=SchemeForm.starting(today().year))
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            preview = preview_scheme(form.draft())
            if "confirmed" in request.POST:
                scheme = open_scheme(actor_of(request), form.draft(), form.office())
                messages.success(
                    request, _("Program «%(name)s» dibuka. Daftar usulan dapat diunggah.") % {"name": scheme.name}
                )
                return redirect("assistance:overview")
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            field = _FORM_FIELDS.get(error.field or "", error.field)
            form.add_error(field if field in form.fields else None, f"{error.message} {error.way_out}")
    return render(
        request, "assistance/new_scheme.html",
        {"form": form, "preview": None if form.errors else preview, "as_of": today()},
        status=422 if form.errors else 200,
    )  # fmt: skip
