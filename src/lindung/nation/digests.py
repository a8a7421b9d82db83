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
def _write_number(text: NDArray[np.uint8], at: int, number: int) -> int:
    """Write a number that is not negative; gives where the next byte goes."""
    digits = 1
    rest = number // 10
    while rest:
        digits += 1
        rest //= 10
    for place in range(digits - 1, -1, -1):
        text[at + place] = 48 + number % 10
        number //= 10
    return at + digits


@njit(cache=True, nogil=True)
def _write_lines(
    text: NDArray[np.uint8],
    ends: NDArray[np.int64],
    person: NDArray[np.int64],
    job: NDArray[np.int64],
    jkk: NDArray[np.int64],
    jkm: NDArray[np.int64],
    jht: NDArray[np.int64],
    jp: NDArray[np.int64],
) -> None:
    """«person,job,jkk,jkm» and, where there is either, «,jht,jp»; a semicolon after each. `ends`: where each ends."""
    at = 0
    for row in range(len(person)):
        at = _write_number(text, at, person[row])
        for column in (job, jkk, jkm):
            text[at] = 44
            at = _write_number(text, at + 1, column[row])
        if jht[row] or jp[row]:
            for column in (jht, jp):
                text[at] = 44
                at = _write_number(text, at + 1, column[row])
        text[at] = 59
        at += 1
        ends[row] = at


def digests(charges: Charges) -> NDArray[np.bytes_]:
    """The digest of each payer's bill: SHA-256 of its lines, which stand in the order of person and job."""
    text, ends = np.empty(charges.rows * LONGEST, np.uint8), np.empty(charges.rows, np.int64)
    _write_lines(text, ends, *(charges.columns[name] for name in ("person_id", "job", "jkk", "jkm", "jht", "jp")))
    last = np.append(ends[charges.first[1:] - 1], ends[-1])
    whole = text.data
    starts = np.append(0, last[:-1])
    found = [sha256(whole[start : end - 1]).hexdigest() for start, end in zip(starts, last, strict=True)]
    return np.array(found, "S64")
