"""The digest of each bill's lines, as the database's function `contributions_bill_totals` works it out, for many bills
at once: the text of all lines is written by a compiled loop, bill after bill."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lindung.nation.assessing import Charges

LONGEST = 6 * 20
"""Bytes of a line at most: six numbers with their commas."""


@njit(cache=True, nogil=True)
def _write_number(text: NDArray[np.uint8], end: int, number: int) -> int:
    """Write a number that is not negative so that it ends here; gives where it begins."""
    while True:
        end -= 1
        rest = number // 10
        text[end] = 48 + number - rest * 10
        if not rest:
            return end
        number = rest


@njit(cache=True, nogil=True)
def _write_lines(
    text: NDArray[np.uint8],
    begins: NDArray[np.int64],
    person: NDArray[np.int64],
    job: NDArray[np.int64],
    jkk: NDArray[np.int64],
    jkm: NDArray[np.int64],
    jht: NDArray[np.int64],
    jp: NDArray[np.int64],
) -> None:
    """«person,job,jkk,jkm» and, where there is either, «,jht,jp»; a semicolon after each. `begins`: where each begins.

    From the last line to the first, as the digits of a number are found from the last to the first."""
    at = len(text)
    for row in range(len(person) - 1, -1, -1):
        at -= 1
        text[at] = 59
        if jht[row] or jp[row]:
            for column in (jp, jht):
                at = _write_number(text, at, column[row]) - 1
                text[at] = 44
        for column in (jkm, jkk, job):
            at = _write_number(text, at, column[row]) - 1
            text[at] = 44
        at = _write_number(text, at, person[row])
        begins[row] = at


def digests(charges: Charges) -> NDArray[np.bytes_]:
    """The digest of each payer's bill: SHA-256 of its lines, which stand in the order of person and job."""
    text, begins = np.empty(charges.rows * LONGEST, np.uint8), np.empty(charges.rows, np.int64)
    _write_lines(text, begins, *(charges.columns[name] for name in ("person_id", "job", "jkk", "jkm", "jht", "jp")))
    whole, starts = text.data, begins[charges.first]
    ends = np.append(starts[1:], len(text))
    found = [sha256(whole[start : end - 1]).hexdigest() for start, end in zip(starts, ends, strict=True)]
    return np.array(found, "S64")
