"""What every endpoint of the JSON API may answer when it refuses."""

from __future__ import annotations

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
