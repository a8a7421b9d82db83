"""Sign-in, the home page, jobs, the audit log, and what operators watch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.views import LoginView
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import render
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from lindung.core.access import PUBLIC, SIGNED_IN, actor_of, requires
from lindung.core.errors import NotFound
from lindung.core.models import Job


class SignIn(LoginView):
    """Sign in with user name and password."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True
    permission = PUBLIC


@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, sorted by what harms someone first."""
    return render(request, "home.html", {})


@requires(SIGNED_IN)
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """A background job's progress, for whoever started it; auditors and administrators see all."""
    actor = actor_of(request)
    found = Job.objects.filter(pk=job_id).first()
    if found is None or (found.actor_id != actor.user_id and not actor.may("audit.view")):
        raise NotFound("job_not_found", "Pekerjaan tidak ditemukan.")
    template = "components/job_progress.html" if request.headers.get("HX-Request") else "job.html"
    return render(request, template, {"job": found})


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for callers on this machine only."""
    if request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1", ""}:
        return HttpResponseForbidden()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, in development."""
    return render(request, "styleguide.html", {})


def _problem(request: HttpRequest, status: int) -> HttpResponse:
    context: dict[str, Any] = {"status": status}
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _problem(request, 500)
