"""Sign-in, the home page, jobs, the audit log, and what operators watch."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.views import LoginView, LogoutView
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from lindung.core.access import PUBLIC, SIGNED_IN, Requires, actor_of, requires
from lindung.core.actors import NOBODY, SYSTEM, acting_as
from lindung.core.clock import is_demonstration, today
from lindung.core.jobs import job_for
from lindung.core.log import entries, verify_chain
from lindung.core.ui.gallery import StyleGuide
from lindung.core.ui.tables import Column, ListQuery, Page, TableView
from lindung.web.demo.cast import PASSWORD, described
from lindung.web.desk import figures_of, queue_of, starts_of
from lindung.web.metrics import exposition
from lindung.web.roles import role_title


class SignIn(LoginView):
    """Sign in with user name and password."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True
    permission = PUBLIC

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if is_demonstration():
            context |= {"demo_users": described(), "demo_password": PASSWORD}
        return context


class SignOut(LogoutView):
    """Sign out, as nobody: an employer's staff may not touch the count of wrong passwords, which is cleared here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting_as(NOBODY):
            return super().dispatch(request, *args, **kwargs)


class AuditTable(Requires, TableView):
    """The action log: who did what, when, why."""

    permission = "audit.view"
    title = _("Jejak audit")
    lead = _("Setiap tindakan, pelakunya, waktunya, dan alasannya. Rantai sidik menunjukkan bila ada yang diubah.")
    search_hint = _("Tindakan, pelaku, atau pokok")
    columns = (
        Column("at", _("Waktu"), kind="datetime"),
        Column("actor_name", _("Pelaku")),
        Column("role", _("Peran"), priority=2, value=lambda entry: role_title(entry.role), width="tight"),
        Column("action", _("Tindakan")),
        Column("subject", _("Pokok")),
        Column("reason", _("Alasan"), priority=2, width="tight"),
    )
    source = _("log tindakan")

    actions = ((_("Periksa rantai sidik"), "/audit/periksa", ""),)

    def rows(self, query: ListQuery) -> Page:
        return Page.of(entries(query.search, query.limit, query.offset), query)


@require_safe
@requires("audit.view")
def audit_check(request: HttpRequest) -> HttpResponse:
    """Recompute the hash chain now."""
    return render(request, "audit_check.html", {"chain": verify_chain()})


@require_safe
@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, sorted by what harms someone first."""
    actor = actor_of(request)
    return render(
        request,
        "home.html",
        {
            "today": today(),
            "queue": queue_of(actor),
            "figures": figures_of(actor),
            "starts": starts_of(actor),
        },
    )


@require_safe
@requires(SIGNED_IN)
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """A background job's progress, for whoever started it; auditors and administrators see all."""
    found = job_for(actor_of(request), job_id)
    template = "components/job_progress.html" if request.headers.get("HX-Request") else "job.html"
    return render(request, template, {"job": found})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of all server processes, for callers on this machine only, never through a proxy."""
    if request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"} or "X-Forwarded-For" in request.headers:
        return HttpResponseForbidden()
    with acting_as(SYSTEM):  # the figures are the same whoever is signed in
        return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def styleguide(request: HttpRequest) -> HttpResponseBase:
    """Every component on one page, in development."""
    return StyleGuide.as_view()(request)


def _problem(status: int) -> HttpResponse:
    """Without the request's context, which asks the database: these pages show also when it is down."""
    return HttpResponse(_problem_page(status, get_language()), status=status)


@cache
def _problem_page(status: int, language: str | None) -> str:
    """Always the same in a language: refusing must cost less than asking."""
    return render_to_string(f"{status}.html")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(403)


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: sent from another site, or from a page opened before the last sign-in."""
    return HttpResponseForbidden(render_to_string("page_too_old.html"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _problem(500)
