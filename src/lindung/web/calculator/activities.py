"""Which risk group a workplace is in: found by the words for its business in the law's own list of 191 activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung import law
from lindung.core.ui.parts import Text

MOST_SHOWN = 12
GROUPS: tuple[tuple[str, Text], ...] = (
    ("1", gettext_lazy("Sangat rendah: kantor, toko, kesehatan")),
    ("2", gettext_lazy("Rendah: perkebunan, rumah makan, hotel")),
    ("3", gettext_lazy("Sedang: pabrik makanan, kayu, bengkel kendaraan")),
    ("4", gettext_lazy("Tinggi: bengkel mesin, angkutan jalan, pergudangan")),
    ("5", gettext_lazy("Sangat tinggi: bangunan, pertambangan, angkutan laut")),
)


@dataclass(frozen=True)
class Activity:
    """A row of the list: `number` as the annex counts (II.5), `group` 1 to 5."""

    number: str
    name: str
    group: int
    article: str


@dataclass(frozen=True)
class Found:
    """Rows that fit the words; `loosely` when no row has all of them, `more` how many are not shown."""

    words: str
    rows: Sequence[Activity]
    more: int
    loosely: bool


@cache
def _by_number() -> dict[str, Activity]:
    return {activity.number: activity for activity in map(_activity, law.risk_groups())}


def _activity(row: dict[str, Any]) -> Activity:
    return Activity(row["number"], row["name"], row["group"], row["article"])


def find(words: str) -> Found:
    """The rows that fit every word, else those that fit any; none for no words."""
    asked = words.split()
    rows = [_activity(row) for row in law.risk_groups(words)] if asked else []
    loosely = not rows and len(asked) > 1
    if loosely:
        rows = list(dict.fromkeys(_activity(row) for word in asked if len(word) > 2 for row in law.risk_groups(word)))
    return Found(words, rows[:MOST_SHOWN], max(0, len(rows) - MOST_SHOWN), loosely)


def read(text: str) -> str:
    """The number of a row, or of a group that was picked without a search; raises ValueError."""
    if text not in _by_number() and text not in dict(GROUPS):
        raise ValueError(_("Pilih salah satu."))
    return text


def group_of(answer: str) -> int:
    """The risk group of an answer, 1 to 5."""
    return _by_number()[answer].group if answer in _by_number() else int(answer)


def said(answer: str) -> str:
    """The answer as people read it."""
    if answer not in _by_number():
        return str(dict(GROUPS)[answer])
    activity = _by_number()[answer]
    return _("%(name)s (kelompok risiko %(group)s)") % {"name": activity.name, "group": activity.group}
