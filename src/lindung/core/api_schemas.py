"""What every endpoint of the JSON API may answer when it refuses."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class ErrorDetail(Schema):
    """What is wrong (`message`, plain Indonesian; `code`, for programs), where (`field`), the way out and the law."""

    code: str
    message: str
    field: str | None = None
    way_out: str | None = None
    article: str | None = None


class ErrorOut(Schema):
    """The body of every 4xx answer."""

    error: ErrorDetail


def file_answer_of(*media_types: str) -> dict[str, Any]:
    """For `openapi_extra`: the operation answers with a file."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {"responses": {200: {"description": "The file", "content": content}}}
