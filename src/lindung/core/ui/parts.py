"""Plain values that the page components draw. Templates accept dicts with the same keys as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.utils.functional import Promise

Tone = Literal["ok", "info", "soon", "danger", "neutral"]
Text = str | Promise

ENDED = frozenset({"done", "failed"})


@dataclass(frozen=True)
class QueueItem:
    """A line of somebody's work queue; the caller sorts by what harms someone first."""

    title: Text
    count: int
    url: str
    days_left: int | None = None
    tone: Tone = "info"
    note: Text = ""


@dataclass(frozen=True)
class TimelineItem:
    """Something that happened, when, and by whom."""

    when: date | datetime
    title: Text
    text: Text = ""
    actor: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Step:
    """One step of an errand."""

    title: Text
    state: Literal["done", "current", "todo"] = "todo"
    note: Text = ""


@dataclass(frozen=True)
class Tab:
    """A part of a page that has its own address."""

    title: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class ProgressState:
    """How far long work has come; `url` answers with the same partial while it runs."""

    title: Text
    url: str
    done: int = 0
    total: int | None = None
    state: Literal["running", "done", "failed"] = "running"
    seconds_left: int | None = None
    summary: Text = ""
    result_url: str = ""
    result_label: Text = ""


@dataclass(frozen=True)
class ReceiptLine:
    """One legal step: its amount in rupiah, its article, and how sure we are of the figure.

    `confidence` T is read in the law itself; S and M are marked as not yet verified; C is our own choice.
    `stop` marks the line where a refusal happened, `passed` a condition that is fulfilled."""

    label: Text
    amount: int | None = None
    article: str = ""
    confidence: Literal["T", "S", "M", "C", ""] = ""
    note: Text = ""
    stop: bool = False
    passed: bool = False


@dataclass(frozen=True)
class Receipt:
    """A decision as a till receipt; a refusal says why and shows the way out."""

    title: Text
    lines: Sequence[ReceiptLine] = field(default_factory=tuple)
    total: int | None = None
    total_label: Text = ""
    refused: bool = False
    reason: Text = ""
    way_out: Text = ""
