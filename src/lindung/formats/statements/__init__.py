"""Bank statements (MT940, CSV, Excel) and lists of SP2D, to exact lines whose sums have been checked."""

from lindung.formats.statements.listing import read_listing
from lindung.formats.statements.model import RowError, Statement, StatementError, StatementLine, rupiah_and_sen
from lindung.formats.statements.mt940 import looks_like_mt940, read_mt940
from lindung.formats.statements.sp2d import Sp2d, read_sp2d

__all__ = [
    "RowError",
    "Sp2d",
    "Statement",
    "StatementError",
    "StatementLine",
    "read_listing",
    "read_mt940",
    "read_sp2d",
    "read_statements",
    "rupiah_and_sen",
]


def read_statements(content: bytes) -> tuple[Statement, ...]:
    """The statements of a file, whichever of the forms it has. Raises FormatError or StatementError.

    Every statement that comes back adds up: opening balance and lines make the closing balance.
    """
    return read_mt940(content) if looks_like_mt940(content) else (read_listing(content),)
