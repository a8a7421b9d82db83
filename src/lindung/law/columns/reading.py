"""From Arrow columns to columns of numbers: as they are where they fit, word by word once for every word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..form.errors import LawError
from ..form.facts import MONEY, impossible, read_date, read_month
from ..form.rounding import SEN
from .inputs import Column
from .tables import UNIX

NO_DAY = -(2**31)
"""Stands for a date that is not given."""

WRONG_DAY = NO_DAY + 1
"""Stands for a date that cannot be read."""

MOST_DAY = date.max.toordinal()


def numbers(column: Column, array: pa.Array) -> tuple[NDArray[Any], int]:
    """A column as the engine takes it, and for money how many sen one unit is. Raises LawError for a type not taken."""
    kind = array.type
    if column.day and not pa.types.is_null(kind):
        return _day_numbers(column.name, array), 1
    if pa.types.is_null(kind):
        return np.full(len(array), column.null, column.dtype), SEN
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return (_money_text(array), 1) if column.money else (_words(column, array), 1)
    if pa.types.is_boolean(kind):
        array = array.cast(pa.int8())
        kind = array.type
    if column.money and pa.types.is_decimal128(kind) and 0 <= kind.scale <= 2:
        return _decimals(array, column.null), 10 ** (2 - kind.scale)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _sets(column, array), 1
    if not pa.types.is_integer(kind):
        wanted = "bilangan bulat atau desimal dengan dua angka di belakang koma" if column.money else "bilangan bulat"
        raise impossible(column.name, f"Kolom {column.name} bertipe {kind}; pakai {wanted}.")
    return _whole(array, column), SEN


def _whole(array: pa.Array, column: Column) -> NDArray[Any]:
    """Whole numbers in the column's own type; what lies beyond it is brought to its ends, which are never valid.

    The number that stands for "not given" comes only from the validity bits, never from a value.
    """
    dtype = np.dtype(column.dtype)
    least, most = column.null + 1, -(column.null + 1)
    if pa.types.is_uint64(array.type):
        array = pc.min_element_wise(array, pa.scalar(2**62, pa.uint64()), skip_nulls=False).cast(pa.int64())
    given: NDArray[Any] = np.frombuffer(
        array.buffers()[1], array.type.to_pandas_dtype(), count=array.offset + len(array)
    )[array.offset :]
    as_is = given.dtype == dtype and given.flags.aligned and not array.null_count
    if as_is and not (given == column.null).any():
        return given
    values: NDArray[Any] = np.clip(given.astype(np.int64), least, most).astype(dtype)
    if array.null_count:
        values[array.is_null().to_numpy(zero_copy_only=False)] = column.null
    return values


def _decimals(array: pa.Array, null: int) -> NDArray[np.int64]:
    """Decimals in units of their last digit; what does not fit 64 bits becomes -1, which is never valid."""
    buffer = array.buffers()[1]
    halves = np.frombuffer(buffer, np.int64, count=2 * (array.offset + len(array))).reshape(-1, 2)[array.offset :]
    values = np.where(halves[:, 1] == halves[:, 0] >> 63, halves[:, 0], -1)
    if array.null_count:
        values[array.is_null().to_numpy(zero_copy_only=False)] = null
    return values


def _money_text(array: pa.Array) -> NDArray[np.int64]:
    """Rupiah as text, in sen."""
    if pa.types.is_dictionary(array.type):
        array = array.cast(pa.string())
    good = pc.match_substring_regex(array, f"^{MONEY.pattern}$")
    money = pc.if_else(good, array, None).cast(pa.decimal128(18, 2))
    values = _decimals(money, -1)
    values[array.is_null().to_numpy(zero_copy_only=False)] = -(2**63)
    return values


def _by_word(array: pa.Array, dtype: str, null: int, read: Callable[[str], int]) -> NDArray[Any]:
    """A column of words, each different word read once."""
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    table: NDArray[Any] = np.array([*(null if word is None else read(word) for word in words), null], dtype)
    places: NDArray[np.int32] = encoded.indices.cast(pa.int32()).fill_null(len(words)).to_numpy(zero_copy_only=False)
    return table[places]


def _words(column: Column, array: pa.Array) -> NDArray[Any]:
    def read(word: Any) -> int:
        for fact in column.facts.values():
            try:
                return int(fact.read(word, column.name))
            except LawError:
                continue
        return column.null + 1

    return _by_word(array, column.dtype, column.null, read)


def _sets(column: Column, array: pa.Array) -> NDArray[Any]:
    """Lists of words as sets of bits; an empty list and a list with an unknown word are no set."""

    def read(word: Any) -> int:
        for fact in column.facts.values():
            try:
                return int(fact.read([word], column.name))
            except LawError:
                continue
        return 1 << 14

    bits = _by_word(array.flatten(), "int16", 1 << 14, read)
    lengths = array.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    joined = np.zeros(len(array), np.int16)
    starts = np.cumsum(lengths) - lengths
    filled = lengths > 0
    if filled.any():
        joined[filled] = np.bitwise_or.reduceat(bits, starts[filled])
    sets: NDArray[Any] = np.where(joined < 1 << 14, joined, column.null + 1).astype(column.dtype)
    sets[array.is_null().to_numpy(zero_copy_only=False)] = column.null
    return sets


def days(array: pa.Array, field: str = "on", day_of: Callable[[int], int | None] | None = None) -> NDArray[np.int32]:
    """A column of dates, or of text YYYY-MM-DD, as days since 1970; YYYY-MM too where `day_of` tells a month's day.

    Raises LawError for another type.
    """
    kind = array.type
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _by_word(array, "int32", NO_DAY, lambda text: _day(text, field, day_of))
    if not pa.types.is_date(kind) and not pa.types.is_timestamp(kind):
        raise impossible(field, f"Kolom {field} bertipe {kind}; pakai tanggal, atau teks YYYY-MM-DD.")
    array = array.cast(pa.date32(), safe=False)
    since: NDArray[np.int32] = array.view(pa.int32()).fill_null(NO_DAY).to_numpy(zero_copy_only=False)
    return since


def _day(text: Any, field: str, day_of: Callable[[int], int | None] | None) -> int:
    try:
        if day_of is not None and isinstance(text, str) and len(text) == 7:
            day = day_of(read_month(text, field))
            return WRONG_DAY if day is None else day - UNIX
        return read_date(text, field).toordinal() - UNIX
    except LawError:
        return WRONG_DAY


def _day_numbers(name: str, array: pa.Array) -> NDArray[np.int32]:
    """A fact that is a date, as day numbers from the year 1."""
    since = days(array, name)
    shifted: NDArray[np.int32] = np.minimum(since, MOST_DAY - UNIX + 1) + np.int32(UNIX)
    return np.where(since <= WRONG_DAY, since, shifted)
