"""One person's page: who, protected by whom and since when, every month, every claim; composed from the rooms."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lindung.claims import queries as claims
from lindung.contributions import queries as contributions
from lindung.core.access import actor_of, requires
from lindung.core.clock import today
from lindung.core.files import PDF
from lindung.core.months import add_months, month_of
from lindung.core.ui.ribbon import RibbonEvent
from lindung.formats.documents import participant_sheet_pdf
from lindung.membership import queries as memberships
from lindung.people import queries as people

YEARS_BACK, MONTHS_AHEAD = 2, 10


@requires("people.view")
def page(request: HttpRequest, person_id: int) -> HttpResponse:
    """Everything known of one person, inside the reader's scope; the look is logged."""
    actor, day = actor_of(request), _asked_day(request)
    person = people.person(actor, person_id)
    first = add_months(month_of(day).replace(month=1), -12 * (YEARS_BACK - 1))
    events = claims.events_of(person_id)
    context = {
        "person": person,
        "day": day,
        "cover": contributions.cover_of(person_id, day),
        "ribbon": contributions.ribbon_of(person_id, first, add_months(month_of(day), MONTHS_AHEAD)),
        "ribbon_events": [RibbonEvent(event.occurred_on, event.label) for event in events],
        "memberships": memberships.memberships_of(person_id),
        "heirs": people.heirs_of(person_id),
        "claims": claims.claims_of(person_id) if actor.may("claims.view") else [],
        "may_report": actor.may("claims.report"),
    }
    return render(request, "person.html", context)


@requires("people.view")
def sheet(request: HttpRequest, person_id: int) -> HttpResponse:
    """The participant's one-page sheet, to print and keep."""
    person = people.person(actor_of(request), person_id)
    cover = contributions.cover_of(person_id, today())
    content = participant_sheet_pdf(_sheet_of(person, cover))
    response = HttpResponse(content, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="lembar-peserta-{person_id}.pdf"'
    return response


def _asked_day(request: HttpRequest) -> date:
    """`?pada=YYYY-MM-DD` asks about another day; anything else means today."""
    try:
        return date.fromisoformat(request.GET.get("pada", ""))
    except ValueError:
        return today()
