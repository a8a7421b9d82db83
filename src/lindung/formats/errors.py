"""The one error this room raises: a file that cannot be read or written as asked."""


class FormatError(Exception):
    """A file is not what it should be.

    `code` is stable and for programs; `message` says what is wrong and where; `way_out` says how to
    mend it, with an example. Both sentences are plain Indonesian, fit to be shown as they are.
    """

    def __init__(self, code: str, message: str, way_out: str) -> None:
        super().__init__(f"{message} {way_out}")
        self.code = code
        self.message = message
        self.way_out = way_out
