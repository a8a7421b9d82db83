"""The law over HTTP: no sign-in, no database."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Query, Router, Schema
from pydantic import BaseModel, Field

from lindung import law
from lindung.core.api_schemas import ErrorOut
from lindung.web.api_errors import standing_refusal
from lindung.web.limits import LAW_CALLS, address_of

router = Router(tags=["law"])
MOST_QUESTIONS = 1_000


class Question(BaseModel):
    """A rule, the day it is judged on (YYYY-MM or YYYY-MM-DD), the facts, and an `id` of your own that comes back.

    What is wrong or missing is said by the law in the answer's `error`, not by refusing the whole list.
    """

    id: str | int | None = None
    rule: Any = Field(None, examples=["contributions"])
    on: Any = Field(None, examples=["2026-02"])
    facts: Any = Field({}, examples=[{"segment": "BPU", "income": 1_500_000, "payer": "self"}])


class Answer(Schema):
    """Either `result` with every step (rule, inputs, value, article), or `error` (code, message, field)."""

    id: str | int | None
    result: dict[str, Any] | None = None
    steps: list[dict[str, Any]] | None = None
    error: dict[str, Any] | None = None


Questions = Annotated[list[Question], Field(max_length=MOST_QUESTIONS)]


@router.post(
    "/evaluate", auth=None, response={200: Answer | list[Answer]}, exclude_none=False, exclude_unset=True,
    summary="Judge one case, or a list of up to 1,000, by the law, with every step",
)  # fmt: skip
def evaluate(request: HttpRequest, asked: Body[Question | Questions]) -> Any:
    """A question in, an answer out; a list in, a list out in the same order. A faulty question gets its `error` in
    its place and does not disturb the others."""
    if not LAW_CALLS.take(address_of(request)):
        return standing_refusal(429)
    if isinstance(asked, list):
        return [law.evaluate(question.model_dump(exclude_unset=True)) for question in asked]
    return law.evaluate(asked.model_dump(exclude_unset=True))


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
    summary="Figures not yet read in the regulation itself, and what would settle them",
)  # fmt: skip
def unverified(request: HttpRequest) -> Any:
    """Confidence M (media) or S (summary)."""
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
