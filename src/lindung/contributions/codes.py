"""The code under which a payer pays everything he owes at once: twelve digits that begin with 9, the last a check."""

from __future__ import annotations

from lindung.membership.kpj import check_digit

_FIRST = "9"


def payer_code(payer_id: int) -> str:
    """What a payer types at the bank to pay all his open bills, the oldest first."""
    body = f"{_FIRST}{payer_id:010d}"
    return f"{body}{check_digit(body)}"


def payer_of_code(code: str) -> int | None:
    """The payer a code stands for; None when it is a bill's code, or no code at all."""
    right = len(code) == 12 and code.isascii() and code.isdigit() and not check_digit(code)
    return int(code[1:-1]) if right and code.startswith(_FIRST) else None
