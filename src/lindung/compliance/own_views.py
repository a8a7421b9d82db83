"""A company's own pages: what was found about it, the letters it got, and its answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.compliance import actions
from lindung.compliance.forms import ObjectionForm
from lindung.compliance.kinds import KINDS
from lindung.compliance.letters import written
from lindung.compliance.models.findings import Kind
from lindung.compliance.pages import EVENTS, FINDING_STATES, pdf_answer
from lindung.compliance.queries import own
from lindung.compliance.queries.findings import FindingDetail, people_behind
from lindung.compliance.steps import BY_CODE
from lindung.core.access import actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed, NotFound
from lindung.core.log import record_access
from lindung.payers.queries import payer as find_payer

OWN = "compliance.own"
# Where a company mends what was found: a page of its own, with the month the finding is about.
_MENDED_ON = {Kind.LEAVERS: "wages:workers", Kind.NOT_REPORTED: "wages:month"}


def mended_on(found: FindingDetail) -> str:
    """The page on which the company puts right what a finding is about."""
    month = found.latest.detail.get("month", "")
    address = reverse(_MENDED_ON.get(Kind(found.kind), "wages:upload"), args=[found.payer_id])
    return f"{address}?bulan={month}" if month else address


@require_safe
@requires(OWN)
def start(request: HttpRequest) -> HttpResponse:
    """To the company's own page."""
    actor = actor_of(request)
    if not actor.payers:
        raise NotFound("no_employer", _("Akun ini belum dihubungkan dengan perusahaan."))
    return redirect("compliance:own", actor.payers[0])


@require_safe
@requires(OWN)
def company(request: HttpRequest, payer_id: int) -> HttpResponse:
    """What was found about the company, and the letters that were sent to it."""
    actor = actor_of(request)
    found = own.own_findings(actor, payer_id)
    context = {
        "payer": find_payer(payer_id), "as_of": today(),
        "findings": [(row, KINDS[row.kind], FINDING_STATES[row.state]) for row in found],
        "letters": [(line, BY_CODE[line.kind].title) for line in own.own_letters(actor, payer_id)],
    }  # fmt: skip
    return render(request, "compliance/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OWN)
def finding(request: HttpRequest, payer_id: int, finding_id: int) -> HttpResponse:
    """One finding, with the way to object to it."""
    actor = actor_of(request)
    found = own.own_finding(actor, payer_id, finding_id)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.object_to(
                actor, finding_id, form.cleaned_data["reason"], (file.name, file.read()) if file else None
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            messages.success(request, _("Jawaban tersimpan. Petugas membacanya sebelum memutuskan."))
            return redirect("compliance:own_finding", payer_id, finding_id)
    return render(
        request, "compliance/own_finding.html", _shown(request, found, form), status=422 if form.errors else 200
    )


def _shown(request: HttpRequest, found: FindingDetail, form: ObjectionForm) -> dict[str, Any]:
    kind = KINDS[found.kind]
    people = people_behind(found)
    if people:
        record_access(actor_of(request), f"finding:{found.id}", "employer")
    return {
        "found": found, "kind": kind, "state": FINDING_STATES[found.state], "people": people, "form": form,
        "ours": written(found.ours, kind.ours_figure or kind.figure), "theirs": written(found.theirs, kind.figure),
        "events": [(event, EVENTS[event.what]) for event in reversed(found.events)], "mended_on": mended_on(found),
        "standing": found.state in ("open", "confirmed"), "as_of": today(),
    }  # fmt: skip


@require_POST
@requires(OWN)
def accept(request: HttpRequest, payer_id: int, finding_id: int) -> HttpResponse:
    """The company agrees, and goes on to mend it."""
    actor = actor_of(request)
    found = own.own_finding(actor, payer_id, finding_id)
    actions.accept_finding(actor, finding_id, request.POST.get("reason", ""))
    messages.success(
        request, _("Jawaban tersimpan. Perbaiki di halaman ini; temuannya selesai pada pencocokan berikut.")
    )
    return redirect(mended_on(found))


@require_safe
@requires(OWN)
def letter(request: HttpRequest, payer_id: int, step_id: int) -> HttpResponse:
    """A letter that was sent to the company."""
    return pdf_answer(*own.own_letter(actor_of(request), payer_id, step_id))
