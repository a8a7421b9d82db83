"""Pages of the public calculator. Nothing is stored and no cookie is set; the answers are in the address only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from lindung.core.access import PUBLIC, requires
from lindung.core.clock import today
from lindung.law import LawError
from lindung.web.calculator import activities
from lindung.web.calculator.subjects import CALCULATORS
from lindung.web.calculator.wizard import SEARCH, stand
from lindung.web.limits import LAW_CALLS, address_of

KEPT_SECONDS = 300
"""How long a browser may show the page again without asking: Back is instant, a new day's figures soon appear."""


def _for_the_reader_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only the reader's own browser keeps the page, and search engines keep none that holds answers."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, private=True, max_age=KEPT_SECONDS)
        if request.GET:
            response["X-Robots-Tag"] = "noindex"
        return response

    return answered


@require_safe
@requires(PUBLIC)
@_for_the_reader_only
def index(request: HttpRequest) -> HttpResponse:
    """What can be worked out."""
    return render(request, "calculator/index.html", {"calculators": CALCULATORS})


@require_safe
@requires(PUBLIC)
@_for_the_reader_only
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The next question, or the answer with every step."""
    calculator = next((item for item in CALCULATORS if item.slug == slug), None)
    if calculator is None:
        raise Http404
    standing = stand(calculator, request.GET.dict())
    context = {"calculator": calculator, "standing": standing, "day": today()}
    if standing.current is not None and standing.current.kind != "activity":
        return render(request, "calculator/question.html", context)
    if not LAW_CALLS.take(address_of(request)):
        return _too_often(request)
    if standing.current is not None:
        context |= {"found": activities.find(request.GET.get(SEARCH, "")), "risk_groups": activities.GROUPS}
        return render(request, "calculator/question.html", context)
    try:
        context["outcome"] = calculator.work(standing.answers, today())
    except LawError as error:
        context["refused"] = error
    context["address"] = request.build_absolute_uri(f"{request.path}{standing.address}")
    return render(request, "calculator/answer.html", context)


def _too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "calculator/too_often.html", {"again": request.get_full_path()}, status=429)
    response["Retry-After"] = str(int(LAW_CALLS.seconds))
    return response
