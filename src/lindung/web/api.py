"""The root of the JSON API. Programs sign in with a token: `Authorization: Bearer …`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import HttpBearer

from lindung.assistance.api import router as assistance
from lindung.claims.api import router as claims
from lindung.contributions.api import router as contributions
from lindung.core.access import actor_of
from lindung.core.actors import Actor
from lindung.core.errors import DomainError
from lindung.coverage.api import router as coverage
from lindung.membership.api import router as membership
from lindung.people.api import router as people
from lindung.places.api import router as places
from lindung.web.law_api import router as law


class TokenAuth(HttpBearer):
    """The middleware has already found the token's actor, and made PostgreSQL know it."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of(request) if getattr(request, "by_token", False) else None


api = NinjaAPI(
    title="Lindung", version="1", description="Jaminan sosial ketenagakerjaan: data dan tindakan yang sama dengan situs.",
    auth=TokenAuth(), urls_namespace="api", docs_url=None,
)


@api.exception_handler(DomainError)
def _domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    return api.create_response(request, {"error": error.as_dict()}, status=error.status)


@api.exception_handler(ValidationError)
def _validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    field = ".".join(str(part) for part in first.get("loc", ()))
    body = {"code": "invalid_input", "message": f"Isian «{field}» tidak dapat dipakai: {first.get('msg', '')}", "field": field}
    return api.create_response(request, {"error": body}, status=422)


for prefix, router in (
    ("/places", places), ("/people", people), ("/membership", membership), ("/contributions", contributions),
    ("/assistance", assistance), ("/claims", claims), ("/coverage", coverage), ("/law", law),
):
    api.add_router(prefix, router)
