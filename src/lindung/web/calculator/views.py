"""Pages of the public calculator."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lindung.core.access import PUBLIC, requires
from lindung.core.clock import today
from lindung.law import LawError
from lindung.web.calculator.subjects import CALCULATORS
from lindung.web.calculator.wizard import stand
from lindung.web.limits import LAW_CALLS, address_of


@require_safe
@requires(PUBLIC)
def index(request: HttpRequest) -> HttpResponse:
    """What can be worked out."""
    return render(request, "calculator/index.html", {"calculators": CALCULATORS})


@require_safe
@requires(PUBLIC)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The next question, or the answer with every step."""
    calculator = next((item for item in CALCULATORS if item.slug == slug), None)
    if calculator is None:
        raise Http404
    standing = stand(calculator, request.GET.dict())
    context = {"calculator": calculator, "standing": standing, "day": today()}
    if standing.current is not None:
        return render(request, "calculator/question.html", context)
    if not LAW_CALLS.take(address_of(request)):
        return render(request, "429.html", status=429)
    try:
        context["parts"] = calculator.work(standing.answers, today())
    except LawError as error:
        context["refused"] = str(error)
    return render(request, "calculator/answer.html", context)
