"""The addresses that banks call (SNAP). No session, no cookie, no CSRF: every message carries its own signature."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from lindung.banking import booking
from lindung.banking.access import REFUSED, TOKEN_SECONDS, Caller, Headers, caller_of, issue_token
from lindung.banking.codes import Case, Service, SnapError
from lindung.banking.messages import (
    JSON,
    MOST_BODY_BYTES,
    answer_error,
    answer_inquiry,
    answer_payment,
    answer_status,
    read_inquiry,
    read_object,
    read_payment,
    read_status,
    write_time,
)
from lindung.core.access import PUBLIC, requires
from lindung.core.limits import Window, address_of

logger = logging.getLogger("lindung.banking")
ASKED = Window(5_000, 1)  # messages of one bank a second, in one process

Answer = Callable[[HttpRequest, Headers], JSON]
View = Callable[[HttpRequest], HttpResponse]


def snap(service: Service) -> Callable[[Answer], View]:
    """Makes a view of a function that answers one service: POST only, bounded, limited, every refusal as JSON with
    the standard's code."""

    def decorate(answer: Answer) -> View:
        @csrf_exempt
        @requires(PUBLIC)
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                found = answer(request, _checked(request))
            except SnapError as error:
                _note(request, service, error)
                found = answer_error(service, error)
            except Exception:
                logger.exception("a bank's message failed", extra={"service": int(service)})
                found = answer_error(service, SnapError(Case.GENERAL_ERROR))
            return _sent(found)

        return view

    return decorate


@snap(Service.TOKEN)
def token(request: HttpRequest, headers: Headers) -> JSON:
    """An access token for a quarter of an hour."""
    if read_object(request.body).get("grantType") != "client_credentials":
        raise SnapError(Case.FIELD_FORMAT, "grantType")
    return {
        "responseCode": Case.SUCCESS.code(Service.TOKEN),
        "responseMessage": Case.SUCCESS.message,
        "accessToken": issue_token(headers),
        "tokenType": "Bearer",
        "expiresIn": str(TOKEN_SECONDS),
    }


@snap(Service.INQUIRY)
def inquiry(request: HttpRequest, headers: Headers) -> JSON:
    """What an account owes."""
    caller = _caller(request, headers)
    asked = read_inquiry(read_object(request.body))
    return answer_inquiry(asked, booking.inquire(caller, asked), caller.partner.open_amount)


@snap(Service.PAYMENT)
def payment(request: HttpRequest, headers: Headers) -> JSON:
    """Money arrived on an account."""
    caller = _caller(request, headers)
    paid = read_payment(read_object(request.body))
    return answer_payment(paid, booking.book(caller, paid))


@snap(Service.STATUS)
def status(request: HttpRequest, headers: Headers) -> JSON:
    """How a payment was booked."""
    caller = _caller(request, headers)
    asked = read_status(read_object(request.body))
    return answer_status(asked, booking.status(caller, asked))


def _checked(request: HttpRequest) -> Headers:
    """The request's headers, once its form is bearable. Raises SnapError."""
    if request.method != "POST":
        raise SnapError(Case.NOT_SUPPORTED)
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdigit() or int(declared) > MOST_BODY_BYTES:
        raise SnapError(Case.BAD_REQUEST)
    if request.content_type != "application/json":
        raise SnapError(Case.FIELD_FORMAT, "Content-Type")
    given = request.META.get
    return Headers(
        authorization=given("HTTP_AUTHORIZATION", ""),
        client_key=given("HTTP_X_CLIENT_KEY", ""),
        timestamp=given("HTTP_X_TIMESTAMP", ""),
        signature=given("HTTP_X_SIGNATURE", ""),
        partner=given("HTTP_X_PARTNER_ID", ""),
        external=given("HTTP_X_EXTERNAL_ID", ""),
        channel=given("HTTP_CHANNEL_ID", ""),
        address=address_of(request),
    )


def _caller(request: HttpRequest, headers: Headers) -> Caller:
    caller = caller_of(headers, "POST", request.get_full_path(), request.body)
    if not ASKED.take(caller.partner.client_id):
        raise SnapError(Case.TOO_MANY)
    return caller


def _note(request: HttpRequest, service: Service, error: SnapError) -> None:
    """A line in the log, and a count against the address of whoever proved nothing. Never the message itself."""
    if error.case.status == 401:
        REFUSED.note(address_of(request))
    logger.warning("bank refused", extra={"code": error.case.code(service), "reason": error.detail})


def _sent(found: JSON) -> HttpResponse:
    answer = HttpResponse(
        json.dumps(found, ensure_ascii=False, separators=(",", ":")),
        status=int(found["responseCode"][:3]),
        content_type="application/json",
    )
    answer["X-TIMESTAMP"] = write_time(timezone.now())
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
