"""Observes every request, and lets PostgreSQL know who acts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lindung.core.access import note_refusal
from lindung.core.actors import NOBODY, Actor, acting_as
from lindung.core.clock import read_once
from lindung.core.errors import DomainError
from lindung.web import metrics
from lindung.web.api_errors import API, in_json, is_api, standing_refusal
from lindung.web.limits import WRONG_TOKENS, address_of
from lindung.web.roles import actor_for
from lindung.web.tokens import actor_of_token

logger = logging.getLogger("lindung.requests")
Handler = Callable[[HttpRequest], HttpResponse]
# They answer also when the database does not.
WITHOUT_DATABASE = (f"{API}v1/law/", f"{API}v1/openapi.json", "/healthz")


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
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "ms": round(seconds * 1000, 1),
                    "user": getattr(request, "user_id_for_log", None),
                },
            )
        return response


class ApiDoor:
    """What holds for every address of the API: a body of bounded size, an address that has not guessed tokens too
    often, and every refusal as JSON in plain words, also those of Django itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        if _declared_size(request) > _most_bytes(request):
            return standing_refusal(413)
        if "Authorization" in request.headers and WRONG_TOKENS.full(address_of(request)):
            return standing_refusal(429)
        response = self.get_response(request)
        return in_json(response) if response.status_code >= 400 else response


def _declared_size(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _most_bytes(request: HttpRequest) -> int:
    """Files may weigh what a workbook may; everything else, what Django reads into memory."""
    if request.content_type == "multipart/form-data":
        return settings.MAX_WORKBOOK_BYTES + 2**20
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class ActAsUser:
    """Runs the view as whoever asks, the signed-in user or a token's: one transaction with that actor's role and
    scope set in PostgreSQL. A response of 500 or above rolls everything back.

    A business rule that says no becomes a plain page, and, when something was to be changed, an entry in the log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_DATABASE):
            request.actor = NOBODY  # type: ignore[attr-defined]
            return self.get_response(request)
        actor = self._actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        request.user_id_for_log = actor.user_id  # type: ignore[attr-defined]
        with acting_as(actor), read_once():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _actor(self, request: HttpRequest) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and is_api(request):
            actor = actor_of_token(token.strip())
            if actor is None:
                WRONG_TOKENS.note(address_of(request))
            request.by_token = actor is not None  # type: ignore[attr-defined]
            return actor or NOBODY
        return NOBODY if is_api(request) else actor_for(request.user)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        note_refusal(request, error)
        return render(request, "error.html", {"error": error, "status": error.status}, status=error.status)
