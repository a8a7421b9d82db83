"""Facts that only JKK questions have: injuries, by code of the table or by a percentage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..form.errors import LawError
from ..form.facts import impossible, read_count, read_rows
from ..form.rounding import PERCENT
from ..form.units import show_percent
from ..tables.injuries import Injury, by_code, hundredths
from .disability import FULL, Injuries

MOST_INJURIES = 50
MOST_STEPS = 10
KEYS = {"code", "percent", "function_loss_percent", "times"}


def read_percent(value: Any, field: str) -> int:
    """A percentage from 0 to 100 with at most two decimals (number or text), in hundredths."""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        whole, _, decimals = str(value).partition(".")
        digits = whole + decimals
        if whole and digits.isascii() and digits.isdigit() and len(whole) <= 3 and len(decimals) <= 2:
            parts = hundredths(str(value))
            if parts <= FULL:
                return parts
    raise impossible(field, f"{field} harus persentase 0 sampai 100 dengan paling banyak dua desimal, contoh 4.5.")


def read_injuries(value: Any, field: str) -> Injuries:
    """Injuries {"code" or "percent", "function_loss_percent"?, "times"?}; where the table leaves a range to the
    doctor, both code and percent. A key that is null is one left out."""
    rows = [
        {key: entry for key, entry in row.items() if entry is not None}
        for row in read_rows(value, field, required=set(), allowed=KEYS)
    ]
    if not 1 <= len(rows) <= MOST_INJURIES:
        raise impossible(field, f"{field} harus berisi 1 sampai {MOST_INJURIES} cacat.")
    return tuple(_read_injury(row, field) for row in rows)


def _read_injury(row: Mapping[str, Any], field: str) -> tuple[int, int, int, int]:
    loss = read_percent(row.get("function_loss_percent", PERCENT), f"{field}.function_loss_percent")
    times = read_count(1, MOST_STEPS)(row.get("times", 1), f"{field}.times")
    injury = _read_code(row["code"], f"{field}.code") if "code" in row else None
    if times > 1 and (injury is None or not injury.per):
        raise impossible(f"{field}.times", f"{field}.times hanya untuk baris tabel yang dihitung per langkah.")
    if injury is not None and injury.least == injury.most:
        if "percent" in row:
            raise impossible(f"{field}.percent", f"Isi {field} dengan code saja atau percent saja, bukan keduanya.")
        other = by_code()[injury.other_side] if injury.other_side else injury
        return injury.least, other.least, times, loss
    if "percent" not in row:
        name = f"{field}.percent" if injury else field
        raise LawError("missing_fact", f"{field}: isi percent" + ("." if injury else " atau code."), name)
    percent = read_percent(row["percent"], f"{field}.percent")
    if injury is not None and not injury.least <= percent <= injury.most:
        least, most = show_percent(injury.least, PERCENT), show_percent(injury.most, PERCENT)
        raise impossible(f"{field}.percent", f"{field}.percent untuk {injury.code} harus {least} sampai {most}.")
    return percent, percent, times, loss


def _read_code(value: Any, field: str) -> Injury:
    if not isinstance(value, str) or value not in by_code():
        raise impossible(
            field, f"{field} tidak ada dalam tabel cacat, contoh THUMB_R; cari dengan `lindung law injury`."
        )
    return by_code()[value]
