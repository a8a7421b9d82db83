"""The law over HTTP: no sign-in, no database."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Query, Router, Schema
from pydantic import Field, WithJsonSchema

from lindung import law
from lindung.core.api_schemas import ErrorOut
from lindung.web.api_errors import standing_refusal
from lindung.web.limits import LAW_CALLS, address_of

router = Router(tags=["law"])
MOST_QUESTIONS = 1_000


QUESTION = {
    "title": "Question",
    "description": "A rule, the month or day it is judged on, and the facts; `id` comes back with the answer.",
    "type": "object",
    "required": ["rule", "on"],
    "properties": {
        "id": {},
        "rule": {"type": "string"},
        "on": {"type": "string", "description": "YYYY-MM or YYYY-MM-DD"},
        "facts": {"type": "object"},
    },
}


class Answer(Schema):
    """Either `result` with every step (rule, inputs, value, article), or `error` (code, message, field)."""

    id: Any
    result: dict[str, Any] | None = None
    steps: list[dict[str, Any]] | None = None
    error: dict[str, Any] | None = None


# Whatever a question holds, it is the law that answers what is wrong with it.
Question = Annotated[dict[str, Any], WithJsonSchema(QUESTION)]
Questions = Annotated[list[Annotated[Any, WithJsonSchema(QUESTION)]], Field(max_length=MOST_QUESTIONS)]


@router.post(
    "/evaluate", auth=None, response={200: Answer | list[Answer]}, exclude_none=False, exclude_unset=True,
    summary="Judge one case, or a list of up to 1,000, by the law, with every step",
)  # fmt: skip
def evaluate(request: HttpRequest, asked: Body[Question | Questions]) -> Any:
    """A question in, an answer out; a list in, a list out in the same order. A faulty question gets its `error` in
    its place and does not disturb the others."""
    if not LAW_CALLS.take(address_of(request)):
        return standing_refusal(429)
    return [law.evaluate(question) for question in asked] if isinstance(asked, list) else law.evaluate(asked)


@router.get("/parameters", auth=None, response={200: list[dict[str, Any]]}, summary="The law's figures on a day")
def parameters(request: HttpRequest, on: date) -> Any:
    """Each with its unit, citation and confidence (T, S, M, C)."""
    return law.parameters_on(on) if LAW_CALLS.take(address_of(request)) else standing_refusal(429)


@router.get(
    "/parameters/{name}", auth=None, response={200: list[dict[str, Any]], 404: ErrorOut},
    summary="How one of the law's figures changed",
)  # fmt: skip
def history(request: HttpRequest, name: str) -> Any:
    """From the first day on record."""
    return law.history(name) if LAW_CALLS.take(address_of(request)) else standing_refusal(429)


@router.get(
    "/unverified", auth=None, response={200: list[dict[str, Any]]},
    summary="What has not yet been read in the regulation itself, and what would settle it",
)  # fmt: skip
def unverified(request: HttpRequest) -> Any:
    """Figures, rules, dates and tables of confidence S (secondary source) or M (memory)."""
    return law.unverified() if LAW_CALLS.take(address_of(request)) else standing_refusal(429)


class RiskGroupOut(Schema):
    """A business activity and its JKK risk group (1 very low to 5 very high), as in Lampiran I."""

    group: int
    number: str
    name: str
    keywords: list[str]
    article: str
    confidence: str
    note: str


class InjuryOut(Schema):
    """A row of the disability table: its share of 80 monthly wages, a range where `percent_most` is larger."""

    code: str
    name: str
    name_en: str
    percent: int | float
    percent_most: int | float
    per: str | None
    left_handed_as: str | None
    article: str
    confidence: str
    note: str


Words = Annotated[str, Query("", max_length=200, description="Words, all of which must be found; all rows for none")]


@router.get("/risk-groups", auth=None, response={200: list[RiskGroupOut]}, summary="The JKK risk group of a business")
def risk_groups(request: HttpRequest, q: Words) -> Any:
    """Business activities that fit every word, best first; case and accents do not matter."""
    return law.risk_groups(q) if LAW_CALLS.take(address_of(request)) else standing_refusal(429)


@router.get("/injuries", auth=None, response={200: list[InjuryOut]}, summary="The JKK disability table")
def injuries(request: HttpRequest, q: Words) -> Any:
    """Injuries that fit every word in Indonesian, English or by code, best first; `code` goes into a question."""
    return law.injuries(q) if LAW_CALLS.take(address_of(request)) else standing_refusal(429)
