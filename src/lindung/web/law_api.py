"""The law over HTTP: no sign-in, no database."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from lindung import law

router = Router(tags=["law"])


class Question(Schema):
    """A rule, the day it is judged on (YYYY-MM or YYYY-MM-DD), and the facts."""

    id: str = ""
    rule: str
    on: str
    facts: dict[str, Any]


@router.post("/evaluate", auth=None, response=dict[str, Any], summary="Judge one case by the law, with every step")
def evaluate(request: HttpRequest, question: Question) -> dict[str, Any]:
    return law.evaluate(question.dict())
