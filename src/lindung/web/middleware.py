"""Observes every request, and lets PostgreSQL know who acts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lindung.core.access import actor_of
from lindung.core.actors import NOBODY, Actor, acting_as
from lindung.core.errors import DomainError
from lindung.core.log import record
from lindung.web import metrics
from lindung.web.roles import actor_for
from lindung.web.tokens import actor_of_token

logger = logging.getLogger("lindung.requests")
Handler = Callable[[HttpRequest], HttpResponse]


class Observe:
    """Counts and times each request under its route's name, so that neither log nor metrics hold a person's data."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        route = request.resolver_match.route if request.resolver_match else "-"
        metrics.observe(request.method or "-", route, response.status_code, seconds)
        response["Server-Timing"] = f"app;dur={seconds * 1000:.1f}"
        if not route.startswith(("healthz", "metrics")):
            logger.info(
                "request",
                extra={"method": request.method, "route": route, "status": response.status_code,
                       "ms": round(seconds * 1000, 1), "user": getattr(request, "user_id_for_log", None)},
            )
        return response


class ActAsUser:
    """Runs the view as whoever asks, the signed-in user or a token's: one transaction with that actor's role and
    scope set in PostgreSQL. A response of 500 or above rolls everything back.

    A business rule that says no becomes a plain page, and, when something was to be changed, an entry in the log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = self._actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        request.user_id_for_log = actor.user_id  # type: ignore[attr-defined]
        with acting_as(actor):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _actor(self, request: HttpRequest) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and request.path.startswith("/api/"):
            actor = actor_of_token(token.strip())
            request.by_token = actor is not None  # type: ignore[attr-defined]
            return actor or NOBODY
        return actor_for(request.user) if not request.path.startswith("/api/") else NOBODY

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        log_refusal(request, error)
        return render(request, "error.html", {"error": error, "status": error.status}, status=error.status)


def log_refusal(request: HttpRequest, error: DomainError) -> None:
    """Leave a trace of an act that was refused; mere reading leaves none."""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        route = request.resolver_match.view_name if request.resolver_match else "-"
        record(actor_of(request), "refused", route, error.message, after={"code": error.code})
