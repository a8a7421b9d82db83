"""What the pages of this room share: their tabs, forms on a page of their own, papers as answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lindung.core.access import actor_of, note_refusal
from lindung.core.actors import Actor
from lindung.core.errors import DomainError, NotAllowed
from lindung.core.files import PDF
from lindung.core.ui.parts import Tab, Text
from lindung.payers.forms import show_error

VIEW_COLLECTIVES = "payers.view_collectives"  # not for a company's staff, who have no rights on agents


def room_tabs(actor: Actor, current: str) -> list[Tab]:
    """Employers, projects, collectives, agents, minimum wages: those the reader may see."""
    titles = [
        ("employers", _("Perusahaan"), "payers.view"), ("projects", _("Proyek konstruksi"), "payers.view"),
        ("collectives", _("Wadah"), VIEW_COLLECTIVES), ("agents", _("Agen Perisai"), VIEW_COLLECTIVES),
        ("wages", _("Upah minimum"), "payers.view"),
    ]  # fmt: skip
    return [
        Tab(title, reverse(f"payers:{name}"), name == current)
        for name, title, permission in titles
        if actor.may(permission)
    ]


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[Actor, dict[str, Any]], HttpResponse],
    title: Text,
    back: str,
    button: Text,
    lead: Text = "",
    **more: Any,
) -> HttpResponse:
    """A form and what happens with it; what a rule says against it comes back beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            return act(actor_of(request), form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            show_error(form, error)
    context = {"form": form, "title": title, "lead": lead, "back_url": back, "button": button} | more
    return render(request, "payers/form.html", context, status=422 if form.errors else 200)


def paper(content: bytes, name: str) -> HttpResponse:
    """A PDF to keep."""
    plain = "".join(mark if mark.isascii() and (mark.isalnum() or mark in "._-") else "-" for mark in name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=PDF, headers=headers)
