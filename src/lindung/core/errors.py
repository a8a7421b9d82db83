"""Errors that a person can act on: what is wrong, where, and the way out."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A business rule says no.

    `code` is for programs and never changes its meaning; `message` is plain Indonesian; `way_out` says what to do;
    `article` names the law where one decides; `field` names the faulty input."""

    status = 422

    def __init__(
        self, code: str, message: str, *, field: str = "", way_out: str = "", article: str = "", **details: Any
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field
        self.way_out, self.article, self.details = way_out, article, details

    def as_dict(self) -> dict[str, Any]:
        """For the API and the log: only what was given."""
        parts = {
            "code": self.code,
            "message": str(self.message),
            "field": self.field,
            "way_out": str(self.way_out),
            "article": self.article,
            **self.details,
        }
        return {name: value for name, value in parts.items() if value not in ("", None)}


class InvalidInput(DomainError):
    """What was given cannot be right."""


class NotFound(DomainError):
    """There is no such thing, or it lies outside the actor's scope: the two are not told apart."""

    status = 404


class NotAllowed(DomainError):
    """The actor's role does not include this act."""

    status = 403


class Conflict(DomainError):
    """The act clashes with what has already been decided."""

    status = 409
