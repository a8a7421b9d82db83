"""The one error a question about the law can end with."""

from __future__ import annotations


class LawError(ValueError):
    """A question that cannot be answered: `code` for programs, `message` in Indonesian, `field` to mend.

    Codes: unknown_rule, unknown_fact, missing_fact, impossible_value, before_law, beyond_known, unknown_parameter.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field

    def __reduce__(self) -> tuple[type[LawError], tuple[str, str, str | None]]:
        """How it comes back from another process."""
        return LawError, (self.code, self.message, self.field)


class LawFileError(ValueError):
    """A parameter file that breaks the schema: names the file, the parameter and what to mend."""
