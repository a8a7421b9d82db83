"""Permissions on pages: each view names the permission it needs, and the walk over all URLs in the tests reads it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from lindung.core.actors import Actor
from lindung.core.errors import DomainError
from lindung.core.log import record_refusal

PUBLIC = "public"  # no sign-in
SIGNED_IN = "signed_in"  # any role


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the middleware found for this request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _refuse_or_none(request: HttpRequest, permission: str) -> HttpResponse | None:
    if permission == PUBLIC:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if permission != SIGNED_IN:
        actor_of(request).require(permission)
    return None


def note_refusal(request: HttpRequest, error: DomainError) -> None:
    """Leave a trace of an act that was refused, also by a view that shows the error at its form; mere reading leaves
    none."""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        found = request.resolver_match
        # One address of the API has one name for all its methods.
        named = f"{request.method} {found.route}" if found and found.namespace == "api" else found and found.view_name
        record_refusal(actor_of(request), named or "-", error)


def requires(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorator of function views."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _refuse_or_none(request, permission) or view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


class Requires(AccessMixin):
    """Mixin of class-based views: set `permission`."""

    permission: str = SIGNED_IN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = _refuse_or_none(request, self.permission)
        if refusal is not None:
            return refusal
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def api_actor(request: HttpRequest, permission: str) -> Actor:
    """The actor of an API call, which must have the permission. Raises NotAllowed."""
    actor = actor_of(request)
    actor.require(permission)
    return actor
