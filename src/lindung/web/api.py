"""The root of the JSON API. Programs sign in with a token: `Authorization: Bearer …`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from lindung import law as rules
from lindung.assistance.api import router as assistance
from lindung.banking.api import router as banking
from lindung.claims.reads_api import router as claims
from lindung.compliance.api import router as compliance
from lindung.contributions.api import router as contributions
from lindung.core.access import actor_of, note_refusal
from lindung.core.actors import Actor
from lindung.core.errors import DomainError
from lindung.coverage.api import router as coverage
from lindung.ledger.api import router as ledger
from lindung.membership.api import router as membership
from lindung.payers.api import router as payers
from lindung.people.api import router as people
from lindung.places.api import router as places
from lindung.reconciliation.api import router as reconciliation
from lindung.selfpay.api import router as selfpay
from lindung.wages.api import router as wages
from lindung.web.api_errors import document_refusals, standing_refusal
from lindung.web.law_api import router as law
from lindung.web.ops_api import router as operation


class TokenAuth(HttpBearer):
    """The middleware has already found the token's actor, and made PostgreSQL know it."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of(request) if getattr(request, "by_token", False) else None


class Api(NinjaAPI):
    """The API whose description also holds the refusals that every operation shares."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Made once, since that takes half a second; the address of the API has no part that could change it."""
        return self._description

    @cached_property
    def _description(self) -> OpenAPISchema:
        document = super().get_openapi_schema()
        document_refusals(document)
        return document


api = Api(
    title="Lindung", version="1",
    description="Jaminan sosial ketenagakerjaan: data dan tindakan yang sama dengan situs. Jumlah dalam rupiah utuh;"
    " bulan YYYY-MM, tanggal YYYY-MM-DD; NIK tersamar. Token: «lindung user token».",
    auth=TokenAuth(), urls_namespace="api", docs_url=None,
)  # fmt: skip


@api.exception_handler(DomainError)
def _domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    note_refusal(request, error)
    return api.create_response(request, {"error": error.as_dict()}, status=error.status)


@api.exception_handler(ValidationError)
def _validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which field, and what pydantic expected there; never what was sent, which may be a person's."""
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    field = ".".join(str(part) for part in first.get("loc", ()) if str(part).isidentifier() or isinstance(part, int))
    body = {
        "code": "invalid_input", "field": field,
        "message": _("Isian «%(field)s» tidak dapat dipakai.") % {"field": field},
        "way_out": _("Bentuk yang benar ada di /api/v1/openapi.json (%(type)s).") % {"type": first.get("type", "")},
    }  # fmt: skip
    return api.create_response(request, {"error": body}, status=422)


@api.exception_handler(rules.LawError)
def _law_error(request: HttpRequest, error: rules.LawError) -> HttpResponse:
    body = {"code": error.code, "message": error.message, "field": error.field}
    return api.create_response(request, {"error": body}, status=404 if error.code == "unknown_parameter" else 422)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = standing_refusal(401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return standing_refusal(error.status_code)


ROUTERS = (
    ("", operation), ("/places", places), ("/people", people), ("/payers", payers), ("/membership", membership),
    ("/ledger", ledger), ("/contributions", contributions), ("/wages", wages), ("/banking", banking),
    ("/reconciliation", reconciliation), ("/selfpay", selfpay), ("/assistance", assistance),
    ("/claims", claims), ("/compliance", compliance), ("/coverage", coverage), ("/law", law),
)  # fmt: skip
for prefix, router in ROUTERS:
    api.add_router(prefix, router)
