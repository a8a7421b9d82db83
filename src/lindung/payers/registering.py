"""The pages that register an employer: one question a screen, then a look at the whole before anything is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed
from lindung.core.months import month_of
from lindung.core.ui.parts import Step
from lindung.payers import legal
from lindung.payers.drafts import (
    EmployerDraft,
    Read,
    check_day,
    read_activity,
    read_draft,
    read_identity,
    read_programmes,
    read_scale,
)
from lindung.payers.employers import register_employer
from lindung.payers.forms import ActivityForm, NewIdentityForm, PlaceField, ScaleForm, StartForm, show_error
from lindung.payers.kbli import division_of
from lindung.payers.minimum_wages import minimum_wage

QUESTIONS: tuple[type[forms.Form], ...] = (NewIdentityForm, ActivityForm, ScaleForm, StartForm)
LAST = len(QUESTIONS)  # the preview
_BUTTONS = frozenset({"csrfmiddlewaretoken", "step", "back", "search", "confirmed"})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.register")
def register(request: HttpRequest) -> HttpResponse:
    """Register an employer, question by question. What was answered travels along in the form itself."""
    if request.method != "POST":
        return _show(request, 0, _offered(NewIdentityForm(), request))
    step = _step(request)
    if "back" in request.POST and step > 0:
        return _show(request, step - 1, _again(request, step - 1))
    if "search" in request.POST:
        return _show(request, 1, _again(request, 1))
    answers = [_offered(question(request.POST), request) for question in QUESTIONS]
    for index in range(min(step, LAST - 1) + 1):
        if not _is_right(actor_of(request), answers, index):
            return _show(request, index, answers[index])
    if step < LAST - 1:
        return _show(request, step + 1, _again(request, step + 1))
    return _finish(request, answers, confirmed=step == LAST and "confirmed" in request.POST)


def _finish(request: HttpRequest, answers: list[Any], confirmed: bool) -> HttpResponse:
    """The preview, or the registration itself; a conflict goes back to the question it concerns."""
    actor, wanted = actor_of(request), _draft(answers)
    try:
        if confirmed:
            payer = register_employer(actor, wanted)
            messages.success(request, _("%(name)s terdaftar.") % {"name": payer.name})
            return redirect("payers:employer", payer.pk)
        return _preview(request, wanted, read_draft(actor, wanted), answers[3].cleaned_data["wage"])
    except NotAllowed:
        raise
    except DomainError as error:
        note_refusal(request, error)
        index = next((i for i, form in enumerate(answers) if error.field in form.fields), 0)
        show_error(answers[index], error)
        return _show(request, index, answers[index])


def _draft(answers: list[Any]) -> EmployerDraft:
    who, what, size, start = answers
    return EmployerDraft(
        identity=who.part(), activity=what.part(), scale=size.part(), kind=who.cleaned_data["kind"],
        joined_on=start.cleaned_data["joined_on"], source=start.cleaned_data["source"],
        programmes=size.programmes_chosen(),
    )  # fmt: skip


def _is_right(actor: Actor, answers: list[Any], index: int) -> bool:
    """Whether an answer holds; what the rules say against it is put at its fields."""
    form = answers[index]
    if not form.is_valid():
        return False
    kind, day = answers[0].cleaned_data["kind"], today()
    try:
        if index == 0:
            read_identity(form.part(), kind)
        elif index == 1:
            read_activity(actor, form.part())
        elif index == 2:
            read_programmes(form.programmes_chosen(), read_scale(form.part(), kind, day)["firm_size"], day)
        else:
            check_day(form.cleaned_data["joined_on"], "joined_on")
    except DomainError as error:
        show_error(form, error)
        return False
    return True


def _preview(request: HttpRequest, wanted: EmployerDraft, facts: Read, wage: int | None) -> HttpResponse:
    month = month_of(max(wanted.joined_on, today()))
    size = facts.scale["firm_size"]
    required = legal.required_programmes(size, month) or ()
    floor = minimum_wage(wanted.identity.place_id, month)
    example = wage or (int(floor.amount) if floor else None)
    context = {
        "facts": facts, "draft": wanted, "required": required, "size": size,
        "taken": facts.programmes or required,
        "missing": [name for name in required if facts.programmes is not None and name not in facts.programmes],
        "kbli": [(code, division_of(code)) for code in facts.activity["kbli"]],
        "floor": floor,
        "example": legal.example_month(month, example, facts.activity["risk_group"], size, facts.programmes)
        if example
        else None,
    }  # fmt: skip
    return _render(request, LAST, None, context, 200)


def _step(request: HttpRequest) -> int:
    text = request.POST.get("step", "0")
    return min(int(text), LAST) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _offered(form: forms.Form, request: HttpRequest) -> forms.Form:
    for field in form.fields.values():
        if isinstance(field, PlaceField):
            field.offer(request)
    return form


def _again(request: HttpRequest, index: int) -> forms.Form:
    """A question with what was answered before, without remarks."""
    question = QUESTIONS[index]
    known: dict[str, Any] = {}
    for name, field in question.base_fields.items():
        many = isinstance(field, forms.MultipleChoiceField)
        if name in request.POST:
            known[name] = request.POST.getlist(name) if many else request.POST[name]
    return _offered(question(initial=known) if known else question(), request)


def _show(request: HttpRequest, index: int, form: forms.Form) -> HttpResponse:
    return _render(request, index, form, {}, 422 if form.errors else 200)


def _render(
    request: HttpRequest, index: int, form: forms.Form | None, context: dict[str, Any], status: int
) -> HttpResponse:
    shown = set(form.fields) if form else set()
    carried = [
        (name, value)
        for name in request.POST
        if name not in _BUTTONS and name not in shown
        for value in request.POST.getlist(name)
    ]
    titles = [_("Identitas"), _("Kegiatan"), _("Skala dan program"), _("Mulai"), _("Periksa")]
    states = ["done" if i < index else "current" if i == index else "todo" for i in range(len(titles))]
    steps = [Step(title, state) for title, state in zip(titles, states, strict=True)]  # type: ignore[arg-type]
    return render(
        request, "payers/register.html",
        {"form": form, "index": index, "steps": steps, "carried": carried} | context, status=status,
    )  # fmt: skip
