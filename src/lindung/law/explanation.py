"""A judgement as people read it: sentence, value, article, in Indonesian or English, as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, Literal

from .form.rules import RULES
from .judgement import Judgement, Step

Language = Literal["id", "en"]

_MONTHS: dict[Language, str] = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}
_WORDS: dict[str, tuple[str, str]] = {
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
    "months": ("bulan", "months"),
    "years": ("tahun", "years"),
    "working_days": ("hari kerja", "working days"),
    "wages": ("kali upah", "wages"),
    "unverified": ("belum terverifikasi", "not verified"),
    "choice": ("pilihan kami", "our choice"),
    "on": ("pada", "on"),
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Said:
    """One step in words. `article` is empty of nothing: a step always stands somewhere."""

    sentence: str
    value: str
    article: str
    choice: str
    unverified: bool


def said(judgement: Judgement, language: Language = "id") -> list[Said]:
    """Every step in words, in the order they were taken."""
    return [_said(step, language) for step in judgement.steps]


def as_text(judgement: Judgement, language: Language = "id") -> str:
    """The steps as numbered lines, then the results."""
    lines = [f"{judgement.rule} {_word('on', language)} {_day(judgement.on, language)}"]
    for number, step in enumerate(said(judgement, language), start=1):
        marks = f" [{_word('unverified', language)}]" if step.unverified else ""
        lines.append(f"{number:3}. {step.sentence}\n     = {step.value}   ({step.article}){marks}")
        if step.choice:
            lines.append(f"     {_word('choice', language)}: {step.choice}")
    lines += [f"{name}: {value}" for name, value in judgement.result.items()]
    return "\n".join(lines)


def as_html(judgement: Judgement, language: Language = "id") -> str:
    """The steps as an ordered list; every text is escaped, classes are those of the site."""
    items = "".join(_item(step, language) for step in said(judgement, language))
    return f'<ol class="law-steps" lang="{language}">{items}</ol>'


def value_words(value: Any, unit: str, language: Language = "id") -> str:
    """A value as a step gives it, with its unit."""
    if value is None:
        return NOTHING
    if unit == "flag":
        return _word("yes" if value else "no", language)
    if unit in {"rupiah", "sen"} and isinstance(value, int | str):
        return _rupiah(value, language)
    if unit == "percent" and isinstance(value, int):
        return f"{value}%"
    if unit == "per_100000" and isinstance(value, int):
        text = f"{Decimal(value) / 1000:f}"
        return (text if language == "en" else text.replace(".", ",")) + "%"
    if unit in {"months", "years", "working_days", "wages"} and isinstance(value, int):
        return f"{_grouped(value, language)} {_word(unit, language)}"
    if unit == "day" and isinstance(value, str):
        return _day(date.fromisoformat(value), language)
    if unit == "month" and isinstance(value, str):
        year, month = value.split("-")
        return f"{_MONTHS[language].split()[int(month) - 1]} {year}"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if unit == "year" else _grouped(value, language)
    if isinstance(value, Mapping):
        each = unit.removesuffix("_by_year")
        return ", ".join(f"{key}: {value_words(part, each, language)}" for key, part in value.items()) or NOTHING
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value_words(part, unit, language) for part in value) or NOTHING
    return str(value)


def _said(step: Step, language: Language) -> Said:
    return Said(
        step.says_id if language == "id" else step.says_en,
        value_words(step.value, RULES[step.rule].unit, language),
        step.article,
        step.choice or "",
        step.confidence in "SM",
    )


def _item(step: Said, language: Language) -> str:
    law = escape(step.article)
    if step.unverified:
        law += f" {_mark('unverified', language)}"
    if step.choice:
        law += f'<br>{_mark("choice", language)} <span lang="id">{escape(step.choice)}</span>'
    return (
        f'<li><p class="receipt-line"><span>{escape(step.sentence)}</span>'
        f'<span class="num">{escape(step.value)}</span></p><p class="receipt-law">{law}</p></li>'
    )


def _mark(key: str, language: Language) -> str:
    return f'<span class="mark-unverified">{_word(key, language)}</span>'


def _word(key: str, language: Language) -> str:
    return _WORDS[key][0 if language == "id" else 1]


def _grouped(value: int, language: Language) -> str:
    text = f"{value:,}"
    return text if language == "en" else text.replace(",", ".")


def _rupiah(value: int | str, language: Language) -> str:
    whole, _, sen = str(value).partition(".")
    mark = "." if language == "en" else ","
    number = int(whole)
    return f"{'-' if number < 0 else ''}Rp{_grouped(abs(number), language)}{mark + sen if sen else ''}"


def _day(day: date, language: Language) -> str:
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"
