"""The code written beside each row of an answer, by which a mended row finds the one it corrects: `U12-000345-7Q`.

Proposal, row number, and two check characters by ISO 7064 MOD 1271-36, which find every single slip and every pair of
neighbouring characters changed round."""

from __future__ import annotations

from collections.abc import Iterable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RADIX, _MODULUS = 36, 1271


def row_codes(proposal_id: int, rows: Iterable[int]) -> list[str]:
    """The codes of some rows of a proposal."""
    head = _fold(0, f"U{proposal_id}")
    return [f"U{proposal_id}-{text}-{_check(head, text)}" for text in (f"{row:06d}" for row in rows)]


def _fold(value: int, text: str) -> int:
    for character in text:
        value = (value + _ALPHABET.index(character)) * _RADIX % _MODULUS
    return value


def _check(head: int, digits: str) -> str:
    value = (1 - _fold(head, digits) * _RADIX) % _MODULUS
    return _ALPHABET[value // _RADIX] + _ALPHABET[value % _RADIX]
