"""A judgement of the law as people read it: the amounts with their articles, then every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lindung import law
from lindung.core.ui import words
from lindung.core.ui.parts import Receipt, ReceiptLine, Text
from lindung.law import Judgement, Step
from lindung.law.form.rules import RULES
from lindung.law.questions import plan_for


@dataclass(frozen=True)
class Said:
    """One step: the rule in a sentence, its value, and where it stands in the law."""

    sentence: str
    value: str
    article: str
    choice: str
    unverified: bool


@dataclass(frozen=True)
class Part:
    """One answer of the law: its receipt, a note for the reader, and the steps behind it."""

    receipt: Receipt
    steps: Sequence[Said]
    note: Text = ""


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
) -> Part:
    """Judge a question and show it. `lines`: result name → what the amount is called; `total` the result that sums
    them; `times` for so many equal cases. Amounts of 0 are left out. Raises LawError."""
    judgement = law.judge(rule, on, facts)
    steps = {step.rule: step for step in judgement.steps}
    made_by = plan_for(rule, facts).question.answers
    receipt = Receipt(
        title=str(title),
        lines=[
            _line(label, judgement.result[name] * times, steps.get(made_by.get(name, "")))
            for name, label in lines.items()
            if judgement.result.get(name)
        ],
        total=judgement.result[total] * times if total else None,
        total_label=str(total_label),
    )
    return Part(receipt, said(judgement), note)


def _line(label: Text, amount: int, step: Step | None) -> ReceiptLine:
    return ReceiptLine(str(label), amount, step.article if step else "", step.confidence if step else "")


def said(judgement: Judgement) -> list[Said]:
    """Every step of a judgement in the language of the screen."""
    english = words.is_english()
    return [
        Said(
            step.says_en if english else step.says_id,
            value_in_words(step.value, RULES[step.rule].unit),
            step.article,
            step.choice or "",
            step.confidence in "SM",
        )
        for step in judgement.steps
    ]


def value_in_words(value: Any, unit: str) -> str:
    """A step's value with its unit."""
    if value is None:
        return words.NOTHING
    match unit:
        case "rupiah":
            return words.rupiah(value)
        case "sen":
            whole = Decimal(str(value))
            return words.rupiah(int(whole)) if whole == int(whole) else f"Rp{words.decimal(whole, 2)}"
        case "percent":
            return words.percent(Decimal(value) / 100, 0)
        case "per_100000" if isinstance(value, int):
            return words.percent(Decimal(value) / 100_000, 2)
        case "flag":
            return _("ya") if value else _("tidak")
        case "months":
            return _("%(count)s bulan") % {"count": words.number(value)}
        case "years":
            return _("%(count)s tahun") % {"count": words.number(value)}
        case "day" if isinstance(value, str):
            return words.long_date(date.fromisoformat(value))
        case "month" if isinstance(value, str):
            return words.long_month(date.fromisoformat(f"{value}-01"))
        case _ if isinstance(value, int):
            return words.number(value)
        case _:
            return str(value)
