"""The law's answer as people read it: the amount first, then what it is made of, then every step with its article."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from lindung.core.ui import words
from lindung.core.ui.parts import Receipt, ReceiptLine, Text
from lindung.law import Judgement, Step, judge
from lindung.law.explanation import Language, Said, said
from lindung.law.form.figures import Figure, figures_on
from lindung.law.form.rules import RULES
from lindung.law.questions import plan_for


@dataclass(frozen=True)
class Headline:
    """What it comes to, in rupiah: `unit` after the amount, `note` below it."""

    label: Text
    amount: int
    unit: Text = ""
    note: Text = ""


@dataclass(frozen=True)
class Refused:
    """Why nothing, or nothing yet, is paid, and the way out."""

    reason: str
    way_out: str
    article: str


@dataclass(frozen=True)
class Part:
    """One answer of the law: its receipt, a note for the reader, and the steps behind it."""

    receipt: Receipt
    steps: Sequence[Said]
    result: Mapping[str, Any]
    note: Text = ""
    refused: Refused | None = None


@dataclass(frozen=True)
class Item:
    """A line of a list: what, a word of explanation, and the article where there is one."""

    text: Text
    hint: Text = ""
    article: str = ""


@dataclass(frozen=True)
class Listing:
    """What to do, who receives, what to bring; `folded` shows its title until it is opened."""

    title: Text
    items: Sequence[Item]
    numbered: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of the law in which the reader's own row is marked."""

    title: Text
    columns: Sequence[Text]
    rows: Sequence[tuple[Sequence[str], bool]]
    article: str


@dataclass(frozen=True)
class Notice:
    """What nobody should miss."""

    title: Text
    text: Text


@dataclass(frozen=True)
class Outcome:
    """Everything that the page of an answer shows, in its order."""

    headlines: Sequence[Headline]
    parts: Sequence[Part]
    next_steps: Listing
    about: Sequence[Listing] = ()
    assumed: Sequence[Text] = ()
    notice: Notice | None = None
    table: Table | None = None


def language() -> Language:
    """The language of the screen as the law names it."""
    return "en" if words.is_english() else "id"


def ask(
    title: Text,
    rule: str,
    on: date,
    facts: Mapping[str, Any],
    lines: Mapping[str, Text],
    total: str = "",
    total_label: Text = "",
    times: int = 1,
    note: Text = "",
    without: Collection[str] = (),
) -> Part:
    """Judge a question and show it. `lines`: result name → what the amount is called; `total` the result that sums
    them; `times` for so many equal cases; `without` the rules whose steps say nothing here. Amounts of 0 are left
    out. Raises LawError."""
    judgement = judge(rule, on, facts)
    steps = {step.rule: step for step in judgement.steps}
    made_by = plan_for(rule, facts).question.answers
    receipt = Receipt(
        title=title,
        lines=[
            _line(label, judgement.result[name] * times, steps.get(made_by.get(name, "")))
            for name, label in lines.items()
            if judgement.result.get(name)
        ],
        total=judgement.result[total] * times if total else None,
        total_label=total_label,
    )
    spoken = zip(judgement.steps, said(judgement, language()), strict=True)
    shown = [words_of for step, words_of in spoken if step.rule not in without]
    return Part(receipt, shown, judgement.result, note, _refused(judgement))


def _line(label: Text, amount: int, step: Step | None) -> ReceiptLine:
    if step is None:
        return ReceiptLine(label, amount)
    return ReceiptLine(label, amount, step.article, cast(Literal["T", "S", "M", "C"], step.confidence))


def _refused(judgement: Judgement) -> Refused | None:
    refusal = judgement.result.get("refusal")
    if not refusal:
        return None
    tongue = language()
    return Refused(refusal[f"reason_{tongue}"], refusal[f"way_out_{tongue}"], refusal["article"])


def rule_item(rule: str, hint: Text = "") -> Item:
    """A rule of the law in its own sentence, with its article."""
    found = RULES[rule]
    return Item(found.says_en if words.is_english() else found.says_id, hint, found.cites)


def article_of(judgement: Judgement, rule: str) -> str:
    """The article of a step that was taken."""
    return next(step.article for step in judgement.steps if step.rule == rule)


def figure(name: str, on: date) -> Figure:
    """A figure of the law as it stands on a day. Raises LawError outside the known law."""
    return figures_on((name,), on)[name]
